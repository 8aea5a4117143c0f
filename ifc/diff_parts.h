/* What the files of diff.h share. Internal to them.
 *   diff.c            which interfaces and worlds of two packages are compared
 *   diff_entries.c    comparing them, and what follows for those that depend on others
 *   diff_world.c      imports and exports
 *   diff_functions.c  resources and functions of an interface or a world
 *   diff_types.c      types in parallel
 *   diff_match.c      which thing of one side is which of the other; renames
 *   diff_shape.c      which types are the same
 *   diff_place.c      where a change is, in words
 *   diff_report.c, diff_json.c */
#ifndef IFC_DIFF_PARTS_H
#define IFC_DIFF_PARTS_H

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/diff.h"

typedef struct Entry Entry;
typedef struct Node Node;

/* A change in the making. */
typedef struct Finding {
  Change change;
  Entry *because;   /* the interface that changed, from which class and breaks follow; or
                       NULL */
  bool is_exported; /* … by a world: what breaks callers of `because` breaks hosts, not guests */
  const Node *node; /* knows the functions that it reaches, once all are compared; or NULL */
} Finding;

/* An entry that breaks where another one does. */
typedef struct Dependent {
  Entry *entry;
  bool is_exported;
} Dependent;

/* Two interfaces or worlds that are compared; one of them is missing where it was added or removed. */
struct Entry {
  InterfaceDiff out;
  size_t number;                  /* in the order made */
  const Interface *interfaces[2]; /* before, after */
  const World *worlds[2];
  Str content;       /* of one that was added or removed: by what a renamed one is recognised; or empty */
  bool is_inline;    /* written within a world, and told there */
  bool only_foreign; /* nothing changed but interfaces whose resources it uses */
  VEC(Finding) findings;
  VEC(Dependent) dependents;
};

typedef struct Differ {
  Arena *arena;
  Arena *scratch; /* of one comparison */
  Canon *canon;
  VEC(Entry *) entries; /* in the order made; grows while they are compared */
  Map *by_pair;         /* both Interface pointers -> Entry */
} Differ;

Differ *differ_new(Arena *arena);
/* Compares all entries, and those that are added on the way. */
Diff differ_run(Differ *self);
/* A new entry, at the end of the list. */
Entry *differ_add(Differ *self);
Entry *differ_add_interfaces(Differ *self, const Interface *before, const Interface *after);
/* The entry that compares the two; made, as that of a dependency, where there is none. */
Entry *differ_entry_of(Differ *self, const Interface *before, const Interface *after);
/* Both hashes; where they are equal, the class is SAME and nothing is compared. */
void entry_set_hashes(Entry *self, Hash before, Hash after);
/* What an import means for a world's hosts and guests, an export means for guests and hosts. */
DiffClass diff_class_swapped(DiffClass self);
DiffBreaks diff_breaks_swapped(DiffBreaks self);

/* A type as far as it counts: all types of one structure, on either side, have one shape. */
typedef struct Shape {
  uint32_t number;
  uint32_t partners; /* how many others it was compared with */
} Shape;

/* One side of a comparison. */
typedef struct Side {
  const Interface *interface; /* whose own resources go by name; NULL: a world's */
  Map *resource_names;        /* of a world: TypeDef pointer -> Str, its name there; else NULL */
  Map *shapes;                /* Type pointer -> Shape */
} Side;

/* Two sets of resources and functions: of two interfaces, of two worlds' imports, or of their exports. */
typedef struct Comparison {
  Differ *differ;
  Arena *arena; /* what is in it goes when the entry is compared; texts of findings are copied */
  Entry *entry;
  const char *prefix; /* of a world's functions: "import " or "export "; else "" */
  bool is_exported;
  Side sides[2];
  Map *bodies;                  /* text of a shape -> Shape */
  Map *nodes;                   /* NodeKey -> Node */
  const Function *functions[2]; /* those that are being compared */
  Str function;                 /* as texts call them: "blob.read" */
  uint32_t function_number;     /* counted from 1 */
} Comparison;

Comparison comparison_new(Differ *differ, Entry *entry);
/* Whether the next finding is kept; of others only the class counts, and their text need not be made. */
bool comparison_has_room(const Comparison *self);
void comparison_tell(Comparison *self, Finding finding);

/* All types of this structure, seen from one side (0: before), have this shape. NULL of NULL. */
Shape *shape_of(Comparison *self, int side, const Type *type);
/* A resource as this side knows it: "blob", or "geometry:shapes/circle.blob" of another interface. */
Str resource_name(Comparison *self, int side, const TypeDef *resource);
/* Whether the resource belongs to the interface or world that is compared. */
bool resource_is_own(const Comparison *self, int side, const TypeDef *resource);

/* A step on the way to a change: {"record field", "radius"}; without a name {"list element"}. */
typedef struct Step {
  const char *what; /* NULL: none */
  Str name;
} Step;

/* Where a change is: a node, and maybe a step from there; or the current function, and maybe a first step. */
typedef struct Place {
  Node *node;
  Step step;
} Place;

enum { REACH_MAX = DIFF_ALSO_MAX + 1 };

/* Two different types that are compared, or two foreign interfaces whose resources they are. */
struct Node {
  const Node *parent; /* from where it was met first; NULL: a parameter or result */
  Step step;          /* from there */
  const Type *types[2];
  VEC(Node *) parts;
  Str reach[REACH_MAX]; /* Function.name of those that lead to it, by name; the first is the one that met it
                         */
  uint32_t reach_count, last_reach;
  bool reaches_more;
};

typedef struct NodeKey {
  const void *before, *after;
} NodeKey;

/* Compares two types, either of which may be NULL, and tells what changed. */
void types_compare(Comparison *self, Place place, const Type *before, const Type *after);

/* A thing of one side that may be on the other side too. */
typedef struct Item {
  Str key;     /* same key: the same thing */
  Hash hash;   /* of those with one key, equal ones first … */
  Str version; /* … and then in this order */
  const void *thing;
} Item;
typedef VEC(Item) Items;

typedef struct Match {
  const Item *item;    /* of `side` */
  const Item *partner; /* of the side after; NULL: it is on `side` alone */
  int side;            /* 0: before, also where there is a partner; 1: after */
} Match;
typedef VEC(Match) Matches;

/* Sorts both, and pairs them; in the order of keys. */
Matches items_match(Arena *arena, Items *before, Items *after);

/* A canonical text without its first two lines: all but the format and the name. */
Str canonical_content(Str text);

/* What was removed and what was added with one content. */
typedef struct Rename {
  size_t removed, added;
  Str removed_name, added_name;
} Rename;

/* Counts one in a map from contents to Renames. */
Rename *rename_add(Arena *arena, Map *renames, Str content, Str name, bool is_added);
/* The name of the only counterpart, or empty. `self` may be NULL. */
Str rename_guess(const Rename *self, bool is_added);

/* A parameter, field, case or flag. */
typedef struct Part {
  Str name;
  const Type *type; /* NULL: none */
  const Shape *shape;
  uint32_t partner; /* its index on the other side, or NO_PARTNER */
} Part;
#define NO_PARTNER UINT32_MAX

typedef struct Parts {
  Part *at;
  uint32_t count;
} Parts;

/* Finds each part's partner: that of the same name, or else, maybe renamed, one of the same type that comes
 * next where the one before has its partner. */
void parts_match(Arena *arena, Parts before, Parts after);

/* What parts are called, one and several. */
typedef struct Noun {
  const char *one, *many;
} Noun;

/* Tell a breaking change: what happened there; that a type became another; that parts were added, removed,
 * renamed or reordered. */
void place_tell(Comparison *self, Place place, Str what);
void place_tell_became(Comparison *self, Place place, const Type *before, const Type *after);
void place_tell_names(Comparison *self, Place place, Noun noun, Parts before, Parts after);
/* Tells that the foreign interface at this node changed; `because` compares it. */
void place_tell_foreign(Comparison *self, Node *node, Entry *because);

/* Names for messages: not longer than is read. */
Str diff_name(Arena *arena, Str name);

typedef struct FunctionSet {
  VEC(const Function *) functions;
  VEC(const TypeDef *) resources;
} FunctionSet;

void functions_compare(Comparison *self, FunctionSet *before, FunctionSet *after);
void world_compare(Differ *self, Entry *entry);

#endif
