/* The resolved form as the reference parser (wit-parser's Resolve) has it: arenas of worlds, interfaces,
 * types and packages that refer to each other by index. It tells apart what type.h does not: each name of a
 * type is a type of its own, unnamed types are shared within a package, a resource and the handle that owns
 * it are two, and `include` copies. So it is made from the syntax; what a world has, and in which order,
 * comes from type.h. Internal to show_json.c. */
#ifndef IFC_SHOW_GRAPH_H
#define IFC_SHOW_GRAPH_H

#include "ifc/ast.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

typedef struct Node Node;
typedef struct GraphInterface GraphInterface;
typedef struct GraphWorld GraphWorld;
typedef struct GraphPackage GraphPackage;

enum { NO_ID = -1 };

/* Where a type is used. */
typedef struct Reference {
  Node *node;    /* NULL: `kind`, unless absent */
  TypeKind kind; /* a primitive, string or error-context */
  bool absent;   /* "_" of a result, a case without payload */
} Reference;

typedef enum NodeForm {
  NODE_ALIAS,    /* a name for another type, its only part */
  NODE_RESOURCE, /* a resource, as opposed to handles of it */
  NODE_KIND,     /* of `kind` */
} NodeForm;

/* A type of the arena, or one that may become one: what is left out, or what nothing refers to, has no id. */
struct Node {
  NodeForm form;
  TypeKind kind;
  uint32_t length; /* of a list of fixed length */
  Reference *parts;
  uint32_t part_count;
  const AstItem *item;       /* of a record, variant, enum or flags: names and docs of its fields */
  Str name;                  /* empty: unnamed */
  GraphInterface *interface; /* that the name is in the scope of, or */
  GraphWorld *world;         /* this world; both NULL: unnamed */
  AstDocs docs;
  const AstGate *gate; /* NULL: none */
  bool left_out;
  bool is_resource; /* a resource, or a name for one */
  int64_t id;
  Node *own; /* the handle that owns it, in `own_package` */
  const GraphPackage *own_package;
};

typedef struct GraphFunction {
  Str name; /* as exports have it */
  const AstItem *item;
  Node *resource;    /* NULL: free */
  Reference *params; /* with `self` */
  uint32_t param_count;
  Reference result; /* absent: none */
  AstDocs docs;
  const AstGate *gate;
  bool left_out;
} GraphFunction;

struct GraphInterface {
  Str name;   /* empty: written in a world */
  Map *names; /* of types: Nodes */
  VEC(Node *) types;
  VEC(GraphFunction *) functions;
  GraphPackage *package;
  AstDocs docs;
  const AstGate *gate;
  bool left_out;
  int64_t id;
};

typedef enum GraphItemKind { GRAPH_INTERFACE, GRAPH_FUNCTION, GRAPH_TYPE } GraphItemKind;

typedef struct GraphItem {
  GraphItemKind kind;
  Str name; /* empty: an interface that is known by its id */
  GraphInterface *interface;
  GraphFunction *function;
  Node *type;
  bool is_inline;      /* an interface that is written in the world */
  const AstGate *gate; /* of an interface */
  const AstGate *own;  /* likewise: whose external id counts; NULL: none */
  AstDocs docs;        /* likewise, where it is not inline */
} GraphItem;

typedef VEC(GraphItem) GraphItems;

struct GraphWorld {
  const World *world; /* NULL: left out */
  const AstWorld *written;
  const AstFile *file;
  Map *names; /* of types: Nodes */
  VEC(Node *) types;
  VEC(GraphFunction *) functions; /* in the order written */
  GraphItems own[2];              /* what it declares by name: imports and exports */
  GraphItems elaborated[2];       /* imports and exports */
  GraphPackage *package;
  int64_t id;
};

/* What a name means in a package: one of the two. */
typedef struct GraphTop {
  GraphInterface *interface;
  GraphWorld *world;
  const AstInterface *written; /* of the interface */
  const AstFile *file;
  uint32_t number; /* in the order written */
} GraphTop;

struct GraphPackage {
  const Package *package;
  Str name;                         /* "ns:name@version" */
  Map *tops;                        /* GraphTops, by name */
  VEC(GraphTop *) ordered;          /* each after those that it uses or includes */
  VEC(Node *) nodes;                /* all types, in the reference's order */
  VEC(GraphInterface *) interfaces; /* all, likewise */
  Map *unnamed;                     /* types that need no name, by what they are: Nodes */
  int64_t id;
};

typedef struct Graph {
  Arena *arena;
  Map *packages_by_name;
  Map *by_syntax; /* GraphInterfaces and GraphWorlds, by the address of the AstInterface or AstWorld */
  Map *file_uses; /* of files: Maps of AstPaths by the name that "use path as name" gives */
  VEC(GraphPackage *) packages;
  VEC(GraphWorld *) worlds;
  VEC(GraphInterface *) interfaces;
  VEC(Node *) types;
} Graph;

Graph *graph_of(Arena *arena, const Resolve *resolve);

/* show_graph_types.c */

/* What stands in an interface or a world, with what it stands under. */
typedef struct GraphEntry {
  const AstItem *item;
  AstDocs docs;
  const AstGate *gate;
  bool left_out;
} GraphEntry;

typedef VEC(GraphEntry) GraphEntries;

/* A scope of names for types. */
typedef struct GraphScope {
  Graph *graph;
  GraphPackage *package;
  const AstFile *file;
  GraphInterface *interface;
  GraphWorld *world;
  Map *names;
} GraphScope;

/* The types of a scope: `use`d ones, then each after those that it is made of. */
void graph_types(GraphScope *self, const GraphEntries *entries);
GraphFunction *graph_function(GraphScope *self, const GraphEntry *entry, const AstItem *resource);

/* show_graph.c: what a path means that is written in this file; NULL where that is left out. */
const GraphTop *graph_find(const Graph *self, const GraphPackage *package, const AstFile *file,
                           const AstPath *path);

/* show_graph_number.c: gives ids to what of the package is selected, and elaborates its worlds. */
void graph_number(Graph *self, GraphPackage *package);

/* A map's key that is the address itself. */
Str graph_key(Arena *arena, const void *address);

#endif
