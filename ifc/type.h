/* Resolved interfaces: what every other part of the program knows of WIT. Made by wit.h,
 * immutable afterwards, in the arena they were parsed into. Aliases are gone from types;
 * the names that were declared are kept beside, for bindings and for messages. */
#ifndef IFC_TYPE_H
#define IFC_TYPE_H

#include "ifc/base/arena.h"
#include "ifc/base/diag.h"
#include "ifc/base/str.h"

typedef enum TypeKind {
#define TYPE(kind, name) TYPE_##kind,
#include "ifc/types.def"
} TypeKind;

/* Beside the enumeration, so that the compiler tells of a switch that leaves a kind out. */
enum {
#define TYPE(kind, name) TYPE_COUNTED_##kind,
#include "ifc/types.def"
  TYPE_COUNTED
};
#define TYPE_KIND_COUNT ((TypeKind)TYPE_COUNTED)

/* No resolved type is nested deeper than this, so that recursion over types is safe everywhere. */
enum { TYPE_DEPTH_MAX = 2000 };

typedef struct Type Type;
typedef struct TypeDef TypeDef;
typedef struct Interface Interface;
typedef struct World World;
typedef struct Package Package;
typedef struct Resolve Resolve;

/* A record's field, a tuple's element (no name), a variant's or enum's case, or a flag. */
typedef struct Field {
  Str name;         /* kebab-case, without '%' */
  const Type *type; /* NULL: a case without payload, or a flag */
  Str docs;
} Field;

/* How values of a type lie in linear memory and in core values: layout.h. */
typedef struct Layout {
  uint64_t size;           /* bytes; UINT64_MAX where it does not fit */
  uint32_t align;          /* bytes; 0: not known yet */
  uint32_t payload_offset; /* bytes; of types with cases */
  uint32_t flat_count;     /* core values; UINT32_MAX where it does not fit */
  bool has_pointers;       /* strings or lists are in it */
} Layout;

struct Type {
  TypeKind kind;
  uint32_t count;       /* of `fields`; of a list of fixed length: its length */
  const Field *fields;  /* record, tuple, variant, enum, flags; in the order written */
  const Type *element;  /* list, option; of a map: the tuple of a key and a value; of a result: its ok, of a
                           stream or future: what it carries, NULL where absent */
  const Type *error;    /* of a result: its err, NULL where absent */
  const TypeDef *named; /* the declaration of a record, variant, enum or flags, or of a handle's resource
                           (never that of an alias); NULL for the rest */
  const TypeDef *alias; /* the name that it was written by; NULL where it was spelled out */
  Layout layout;        /* what type_layout says, kept by whoever made the type; may be left zero */
};

/* A named declaration: `record`, `variant`, `enum`, `flags`, `resource`, `type x = y`, or a name brought in
 * by `use`. */
struct TypeDef {
  Str name;
  const Type *type;     /* aliases followed to their end; of a resource: the handle that owns one */
  const TypeDef *alias; /* what `type x = y` or `use` refers to, when that has a name; else NULL */
  const TypeDef
      *resource;          /* the declaration of the resource that this names, maybe itself; NULL for values */
  const Interface *owner; /* the interface whose scope the name is in; NULL: `world` */
  const World *world;     /* the world whose scope the name is in; NULL: `owner` */
  bool is_use;            /* brought in by `use` */
  Str docs;
  Span span;
};

typedef enum FunctionKind {
  FUNCTION_FREE,
  FUNCTION_CONSTRUCTOR,
  FUNCTION_METHOD,
  FUNCTION_STATIC
} FunctionKind;

typedef struct Param {
  Str name;
  const Type *type;
} Param;

/* Parameters and results are as the component model has them: a method's first parameter is `self`, which
 * borrows; a constructor's result owns, or is a result<> of what owns. */
typedef struct Function {
  Str name;  /* as exports have it: "area", "[constructor]blob", "[method]blob.read", "[static]blob.merge" */
  Str plain; /* as WIT writes it: "area", "constructor", "read", "merge" */
  FunctionKind kind : 8;
  bool is_async;
  uint32_t index; /* among the interface's functions, in the order written */
  uint32_t param_count;
  const Param *params;
  const Type *result;      /* NULL: none */
  const TypeDef *resource; /* what it is a function of; NULL: free */
  Str docs;
  Span span;
} Function;

struct Interface {
  Str name; /* "circle" */
  Str id; /* "geometry:shapes/circle", never with a version; of one written within a world: its name there */
  const Package *package;
  const World *world;        /* that it is written in; NULL: on its own */
  const Function *functions; /* in the order written, a resource's where the resource stands */
  uint32_t function_count;
  const TypeDef *typedefs; /* in the order written, `use`d names too */
  uint32_t typedef_count;
  const Interface *const *uses; /* the interfaces that its `use`s name, each once, in the order written */
  uint32_t use_count;
  Str docs;
  Span span;
  const struct AstInterface *written;
};

typedef enum WorldItemKind { WORLD_INTERFACE, WORLD_FUNCTION, WORLD_TYPE } WorldItemKind;

/* What a world imports or exports. */
typedef struct WorldItem {
  WorldItemKind kind;
  Str name; /* a function's, a type's, "import NAME: …"; empty: known by the interface's id */
  const Interface *interface; /* of WORLD_INTERFACE */
  const Function *function;   /* of WORLD_FUNCTION; a resource's functions are items of their own */
  const TypeDef *type;        /* of WORLD_TYPE; always an import */
  bool implied;               /* not written, but needed by a `use` in what is */
  Str docs;
  Span span;
  const struct AstWorldItem *written; /* in this world or an included one; NULL where implied */
  const struct AstWorldItem *gated;   /* whose gate goes for it, as the reference has it; NULL: none */
} WorldItem;

/* Elaborated: what is included stands in it, and every interface that another one uses is imported, unless
 * the world exports it. */
struct World {
  Str name; /* "proxy" */
  Str id;   /* "wasi:http/proxy", never with a version */
  const Package *package;
  const WorldItem *imports, *exports;
  uint32_t import_count, export_count;
  Str docs;
  Span span;
  const struct AstWorld *written;
};

/* Where a package was found. */
typedef enum PackageOrigin {
  PACKAGE_MAIN,       /* what was asked for */
  PACKAGE_NESTED,     /* "package x { … }" in the same files */
  PACKAGE_DEPENDENCY, /* in `deps/`, beside it, or in a folder of WitOptions */
} PackageOrigin;

struct Package {
  Str namespace, name;         /* "geometry", "shapes" */
  Str version;                 /* "0.2.0", or empty */
  const Interface *interfaces; /* in the order read */
  uint32_t interface_count;
  const World *worlds; /* in the order read */
  uint32_t world_count;
  PackageOrigin origin;
  const Resolve *resolve; /* the packages that it was resolved with */
  Str docs;
  const struct AstPackage *written; /* the syntax it was resolved from (ast.h) */
};

/* A package with all that it needs. */
struct Resolve {
  const Package *main;
  const Package *const *packages; /* `main` too; each after those that it depends on */
  uint32_t package_count;
};

/* The keyword or the name of a kind: "u8", "record". */
Str type_kind_name(TypeKind kind);
/* True for bool, the integers, the floats and char: one number of type_primitive_size bytes. */
bool type_is_primitive(const Type *self);
/* 1, 2, 4 or 8; 0 for other kinds. */
size_t type_primitive_size(const Type *self);
bool type_is_integer(const Type *self);
bool type_is_signed(const Type *self);
/* True for own, borrow, stream, future and error-context: an index into a table of the instance. */
bool type_is_handle(const Type *self);
/* The shared type of a primitive kind or of string. */
const Type *type_of_kind(TypeKind kind);
/* Same structure: names of fields and cases count, names of types do not. Shared subtypes are compared once.
 */
bool type_equal(const Type *a, const Type *b);
/* The type as WIT writes it where it is used: "list<circle>", "tuple<f64, f64>". Past some thousand bytes,
 * which only nested aliases of tuples reach, the rest is "…". */
Str type_text(Arena *arena, const Type *self);
/* The function of this name (Function.name), or NULL. */
const Function *interface_function(const Interface *self, Str name);
const TypeDef *interface_typedef(const Interface *self, Str name);
/* Whether the package was resolved together with another version of itself. */
bool package_has_other_versions(const Package *self);
/* A function's signature as WIT writes it: "func(a: circle, b: circle) -> bool". */
Str function_signature(Arena *arena, const Function *self);

#endif
