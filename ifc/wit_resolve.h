/* From syntax (ast.h) to packages (type.h): what the parts of the resolver share. Internal to it.
 * A package has names for interfaces and worlds, each file some of its own, and an interface or world a scope
 * of names for types and functions. Packages are resolved each after those that it names, and so are
 * interfaces, types and worlds, all by walks with a stack of their own: nothing recurses over declarations.
 */
#ifndef IFC_WIT_RESOLVE_H
#define IFC_WIT_RESOLVE_H

#include "ifc/ast.h"
#include "ifc/base/attributes.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"
#include "ifc/wit.h"

/* How far a depth-first walk has come with a node. */
typedef enum Visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE } Visit;

typedef struct Resolver Resolver;
typedef struct Unit Unit;
typedef struct Scope Scope;
typedef struct WorldScope WorldScope;

/* A type, as others are built from it. */
typedef struct Built {
  const Type *type;
  uint32_t depth;   /* of nesting: 0 for primitives and strings */
  bool has_borrow;  /* a borrowed handle is in it */
  bool is_broken;   /* reported already: `type` only stands in for it */
  bool is_too_deep; /* and so is all that is built from it */
} Built;

/* A name in an interface or a world. */
typedef struct Symbol {
  AstItem *item;           /* the type, function or `use` that declares it, while its scope is resolved */
  const AstRename *rename; /* of a `use` */
  TypeDef *def;            /* NULL: a function */
  const Type *borrowed;    /* of a resource: the handle that borrows one, once it was needed */
  union {
    Built built; /* of a type */
    Span place;  /* of a function: its name's */
  };
  bool left_out;
  uint32_t order; /* among a world's types */
  Visit visit;
} Symbol;

static inline AstName symbol_name(const Symbol *self)
{
  if (self->def) return (AstName){self->def->name, self->def->span};
  return self->rename ? self->rename->as : self->item->name;
}

/* What the `use` items of a scope name. */
typedef struct UseTarget {
  AstItem *item;
  Scope *scope; /* NULL: reported, or left out with the item */
} UseTarget;

/* An interface, or the types of a world, while it is resolved. */
struct Scope {
  Unit *unit;
  Map *file_uses; /* the file's "use … as …": TopNames */
  AstName name;
  AstInterface *ast; /* NULL: of a world, or within one */
  AstItem **items;
  uint32_t item_count;
  Interface *out; /* NULL: of a world */
  World *world;   /* that it is of, or stands in; NULL: an interface on its own */
  bool left_out;
  bool is_broken;  /* something in it did not parse, so that names may be missing */
  Map *names;      /* Symbols */
  Symbol *symbols; /* room for all of them */
  Map *unknown;    /* names of types that it does not have, told already; NULL: none */
  TypeDef *typedefs;
  uint32_t typedef_count; /* of those that are not left out */
  VEC(UseTarget) targets;
  const Scope *last_user; /* the scope that was last seen to use this one */
  const AstItem *current; /* the item that is being resolved */
  Span place;             /* what is said of it as a whole is said there */
  uint32_t function_count;
  Visit visit;
};

/* What a world imports or exports: named items by name, others by their interface. */
typedef struct ItemList {
  Arena *arena;
  VEC(WorldItem) items;
  Map *by_name, *by_interface; /* indices in `items`, from 1 */
} ItemList;

/* A world while it is resolved. */
struct WorldScope {
  Scope types;
  AstWorld *ast;
  World *out;
  bool left_out;
  bool is_broken;             /* something in it was reported, so that items may be missing */
  VEC(WorldScope *) includes; /* one for each `include` item in turn; NULL: reported, or left out */
  ItemList imports, exports;
  Visit visit;
};

/* A name in a package: one of the two. */
typedef struct TopName {
  Scope *scope;
  WorldScope *world;
  AstName name;
  bool is_use; /* "use … as name;" */
} TopName;

/* What a package names in another one. */
typedef struct Foreign {
  const AstPath *path;
  bool is_world;
  bool is_reported;
} Foreign;

/* A package that another one names. */
typedef struct Need {
  const AstPath *path; /* where it does so first */
  Str key;
  Unit *unit; /* NULL: not found */
} Need;

/* A package while it is resolved. */
struct Unit {
  Resolver *resolver;
  Str key; /* "ns:name@version" */
  AstPackage *written;
  Package *package;
  Map *names;          /* TopNames */
  Map **file_uses;     /* one for each file */
  Map *foreign;        /* Foreign, by "ns:name@version/item" */
  VEC(Need) needs;     /* in the order of the text */
  Map *needed;         /* the keys of `needs` */
  VEC(Scope *) scopes; /* the interfaces on their own */
  VEC(WorldScope *) worlds;
  Map *unknown[2]; /* names of interfaces, and of worlds, that it does not have, told already; NULL: none */
  bool reported_unversioned;
  bool is_resolved;
  Visit visit;
};

/* A declaration that the walk over types is in. */
typedef struct TypeFrame {
  Symbol *symbol;
  size_t first, next, end; /* the names in it, among those of the walk; those before `next` are done */
} TypeFrame;

/* The walk over the types of an interface; its memory serves one interface after the other. */
typedef struct TypeWalk {
  VEC(TypeFrame) frames;
  VEC(AstType *) names;
} TypeWalk;

struct Resolver {
  Arena *arena;
  Diags *diags;
  const WitOptions *options;
  VEC(Unit *) units;    /* the main one first */
  VEC(AstFile *) files; /* of all of them */
  Map *by_key, *missing;
  size_t world_items; /* of the worlds done so far */
  bool is_full;       /* no more of them are made */
  bool reported_full;
  size_t looked_up; /* units whose needs resolver_next_missing has gone through */
  size_t looked_at; /* needs of the unit behind those */
  TypeWalk walk;
};

/* Begins with nothing. */
void resolver_init(Resolver *self, Arena *arena, const WitOptions *options, Diags *diags);
/* Adds the package that these files are, at least one, and those nested in them. */
void resolver_add(Resolver *self, AstFile *const *files, size_t file_count, PackageOrigin origin);
/* The next package that is named and not there, each once for each package that names it; NULL when there is
 * no more. Packages may be added between calls. */
const Need *resolver_next_missing(Resolver *self);
/* Reports a package that was not found, once. `nearby` says what was found instead, or is empty. */
void resolver_report_missing(Resolver *self, const Need *need, Str nearby);
/* Resolves all that was added. What comes back is whole only when no error was reported. */
const Package *resolver_finish(Resolver *self);

/* "ns:name" or "ns:name@version". */
Str package_key(Arena *arena, Str namespace, Str name, Str version);

/* wit_needs.c: the packages, and what of them, that a package names. */
void unit_collect_needs(Unit *self);
/* The unit that a path with a namespace leads to; NULL, reported elsewhere, where there is none. */
Unit *unit_of_path(const Unit *self, const AstPath *path);
/* True when what the path names was said to be the wrong kind of thing already. */
bool unit_foreign_is_reported(const Unit *self, const AstPath *path);

/* wit_package.c: resolves a package, once those that it names are. */
void unit_resolve(Unit *self);

/* wit_gate.c */
/* The order of valid versions (semver.org §11), the empty one first; negative, zero or positive. */
int version_compare(Str a, Str b);
/* Whether an item with this gate is selected. Reports, at the item's name, gates that contradict the
 * package. */
bool gate_selects(Unit *unit, const AstGate *gate, Span name);

/* wit_scope.c */
/* A name that is not there is told once. Whether that was done; then this place is added to what was told. */
bool unknown_is_told(Resolver *self, const Map *unknown, Str name, Span at);
/* It is told by `diag`. */
void unknown_told(Resolver *self, Map **unknown, Str name, Diag *diag);
/* Reports that `name` is declared twice. */
void report_duplicate(Resolver *self, AstName name, AstName first);
/* Declares what stands in the scope, and makes room for its typedefs. `name` and `items` are set. */
void scope_declare(Scope *self);
/* Finds what its `use`s name. */
void scope_link(Scope *self);
Symbol *scope_find(const Scope *self, Str name);
/* The type of that name, as `viewer` sees it; NULL, reported, when there is none that can be used. */
Symbol *scope_find_type(Scope *self, const Scope *viewer, Str name, Span at);

/* wit_path.c: what a path means to `from`, or NULL, reported. What is left out is found, but for interfaces
 * of other packages: who may name it depends on where that stands. */
Scope *interface_of_path(const Scope *from, const AstPath *path);
WorldScope *world_of_path(const Scope *from, const AstPath *path);
void report_path_left_out(const Unit *where, const AstPath *path, AstName declared, bool wants_world);

/* wit_types.c: the types of a scope, once the interfaces that it uses are resolved. */
void scope_resolve_types(Scope *self);
Built build_type(Scope *scope, AstType *ast);
const Type *type_borrowed(Scope *scope, Symbol *resource);

/* wit_functions.c */
/* The functions of an interface, once its types are resolved. */
void scope_resolve_functions(Scope *self);
/* One function; `resource` is what it is a function of, or NULL. */
Function function_resolve(Scope *scope, const AstItem *item, Symbol *resource);
/* Reports functions of a resource that share a name. */
void resource_check(Scope *scope, const AstItem *resource);

/* wit_valid.c: what components reject, asked for with WIT_VALID. */
void valid_fields(Resolver *self, const AstItem *item);
void valid_params(Resolver *self, const AstItem *item);
void valid_type(Resolver *self, const AstType *ast, const Type *type);
/* Names that differ only in case. */
void valid_names(Resolver *self, const AstName *names, size_t count);
/* Whether some of these names, the keys of a map, can differ only in case from others, and whether anybody
 * asks: else valid_names has nothing to say. */
bool valid_names_matter(const Resolver *self, const Map *names);

/* wit_world.c */
/* Declares the types of a world, and finds what it includes. */
void world_declare(WorldScope *self);
/* Its own items, once the package's interfaces are resolved. */
void world_resolve(WorldScope *self);

/* wit_items.c */
void items_init(ItemList *self, Arena *arena);
/* The item of this name or, where that is empty, of this interface; NULL where there is none. */
WorldItem *items_find(const ItemList *self, Str name, const Interface *interface);
/* Adds an item that is not there yet. False when there are too many in all worlds; world_elaborate reports
 * it. */
MUST_CHECK bool items_add(Resolver *resolver, ItemList *self, WorldItem item);

/* wit_include.c: adds what the world includes to its own items; the included worlds are elaborated. */
void world_include(WorldScope *self);

/* wit_elaborate.c: adds all that its items need, and puts them in order: the world is done. */
void world_elaborate(WorldScope *self);

#endif
