/* Inside the Rust bindings: which Rust type stands for which WIT type, and in which module it is. Names are
 * those of wit-bindgen's Rust generator (crates/rust), of an exported interface. Not for use outside
 * bind_rust*.c. */
#ifndef IFC_BIND_RUST_H
#define IFC_BIND_RUST_H

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/layout.h"

enum { RUST_PATH_MAX = 4, RUST_DEBUG_TUPLE_MAX = 12 };

typedef struct RustType RustType;

/* A module: what an interface declares. */
typedef struct RustScope {
  const Interface *interface;
  Str path[RUST_PATH_MAX]; /* from the root: "exports", "geometry", "shapes", "circle" */
  size_t depth;
  VEC(RustType *) types;
  Map *names; /* Rust name to RustType */
} RustScope;

/* A declaration. */
struct RustType {
  const TypeDef *def;
  RustScope *scope;
  Str name;      /* "Circle" */
  bool no_debug; /* has a tuple in it that Rust cannot print */
  bool is_error; /* of some result */
};

typedef struct RustBinding {
  Arena *arena;
  const Interface *interface;
  RustScope *own;                  /* of `interface` */
  VEC(RustScope *) scopes;         /* `own` too */
  VEC(const Function *) functions; /* those that there are bindings for */
  VEC(uint32_t) arities;           /* of the tuples that they need, each once */
  Map *types;                      /* TypeDef to RustType */
} RustBinding;

/* Everything that the interface reaches. */
RustBinding rust_binding_new(Arena *arena, const Interface *interface);
/* Why there are no bindings for a type (NULL: there is none to need any) or function; empty: there are. */
Str rust_type_left_out(Arena *arena, const Type *type);
Str rust_function_left_out(Arena *arena, const Function *function);
/* snake_case and UpperCamelCase; Rust's keywords get an underscore at their end. */
Str rust_snake(Arena *arena, Str kebab);
Str rust_camel(Arena *arena, Str kebab);
/* The names of a type's cases or flags, all different. */
Str *rust_case_names(Arena *arena, const Type *type);
/* The declaration of a resolved one. */
const RustType *rust_declaration(const RustBinding *self, const TypeDef *def);
/* The declaration that a type is written by; NULL where it is spelled out. */
const TypeDef *rust_name_of(const Type *type);
/* The type as it is written in `scope`, and one spelled out whatever its name; NULL: "()". */
void rust_print_type(const RustBinding *self, const RustScope *scope, const Type *type, Buf *out);
void rust_print_structure(const RustBinding *self, const RustScope *scope, const Type *type, Buf *out);
/* bind_rust_types.c: the declaration, and what makes its values cross. */
void rust_print_declaration(const RustBinding *self, const RustType *type, Buf *out);
/* "///" lines. */
void rust_print_docs(Str docs, const char *indent, Buf *out);
/* bind_rust_glue.c: the trait `Guest`, and what stands between it and the exports. */
void rust_print_guest(const RustBinding *self, Buf *out);
void rust_print_glue(const RustBinding *self, Buf *out);
/* The macro that exports an implementation. */
void rust_print_export(const RustBinding *self, Buf *out);

#endif
