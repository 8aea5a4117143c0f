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
  TYPE_KIND_COUNT
} TypeKind;

/* No resolved type is nested deeper than this, so that recursion over types is safe everywhere. */
enum { TYPE_DEPTH_MAX = 2000 };

typedef struct Type Type;
typedef struct TypeDef TypeDef;
typedef struct Interface Interface;
typedef struct Package Package;

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
  uint32_t count;       /* of `fields` */
  const Field *fields;  /* record, tuple, variant, enum, flags; in the order written */
  const Type *element;  /* list, option; of a result: its ok, NULL where absent */
  const Type *error;    /* of a result: its err, NULL where absent */
  const TypeDef *named; /* the declaration of a record, variant, enum or flags; NULL for the rest */
  Layout layout;        /* what type_layout says, kept by whoever made the type; may be left zero */
};

/* A named declaration: `record`, `variant`, `enum`, `flags`, `type x = y`, or a name brought in by `use`. */
struct TypeDef {
  Str name;
  const Type *type;       /* aliases followed to their end */
  const TypeDef *alias;   /* what `type x = y` or `use` refers to, when that has a name; else NULL */
  const Interface *owner; /* the interface whose scope the name is in */
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

typedef struct Function {
  Str name;
  FunctionKind kind;
  bool is_async;
  const Param *params;
  uint32_t param_count;
  const Type *result; /* NULL: none */
  uint32_t index;     /* among the interface's functions, in the order written */
  Str docs;
  Span span;
} Function;

struct Interface {
  Str name; /* "circle" */
  Str id;   /* "geometry:shapes/circle", never with a version */
  const Package *package;
  const Function *functions; /* in the order written */
  uint32_t function_count;
  const TypeDef *typedefs; /* in the order written, `use`d names too */
  uint32_t typedef_count;
  Str docs;
  Span span;
};

struct Package {
  Str namespace, name;         /* "geometry", "shapes" */
  Str version;                 /* "0.2.0", or empty */
  const Interface *interfaces; /* in the order read */
  uint32_t interface_count;
  Str docs;
  const struct AstPackage *written; /* the syntax it was resolved from (ast.h), for show.h */
};

/* The keyword or the name of a kind: "u8", "record". */
Str type_kind_name(TypeKind kind);
/* True for bool, the integers, the floats and char: one number of type_primitive_size bytes. */
bool type_is_primitive(const Type *self);
/* 1, 2, 4 or 8; 0 for other kinds. */
size_t type_primitive_size(const Type *self);
bool type_is_integer(const Type *self);
bool type_is_signed(const Type *self);
/* The shared type of a primitive kind or of string. */
const Type *type_of_kind(TypeKind kind);
/* Same structure: names of fields and cases count, names of types do not. Shared subtypes are compared once.
 */
bool type_equal(const Type *a, const Type *b);
/* The type as WIT writes it where it is used: "list<circle>", "tuple<f64, f64>". Past some thousand bytes,
 * which only nested aliases of tuples reach, the rest is "…". */
Str type_text(Arena *arena, const Type *self);
/* The function of this name (kebab-case), or NULL. */
const Function *interface_function(const Interface *self, Str name);
const TypeDef *interface_typedef(const Interface *self, Str name);
/* A function's signature as WIT writes it: "func(a: circle, b: circle) -> bool". */
Str function_signature(Arena *arena, const Function *self);

#endif
