/* Inside the Rust bindings: which Rust type stands for which WIT type, and in which module it is. Names are
 * those of wit-bindgen's Rust generator (crates/rust). Not for use outside bind_rust*.c. */
#ifndef IFC_BIND_RUST_H
#define IFC_BIND_RUST_H

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/layout.h"

enum { RUST_PATH_MAX = 4, RUST_DEBUG_TUPLE_MAX = 12 };

typedef struct RustType RustType;
typedef struct RustFunction RustFunction;

/* A module: an interface as the world imports it or as it exports it, or the world itself. What is both
 * imported and exported has its types twice. */
typedef struct RustScope {
  const Interface *interface; /* NULL: the world itself */
  bool is_export;
  Str module; /* as core modules name it: "geometry:shapes/circle@1.0.0"; of the world: "$root" */
  Str path[RUST_PATH_MAX]; /* from the root: "exports", "geometry", "shapes", "circle" */
  size_t depth;
  VEC(RustType *) types;
  VEC(const RustFunction *) functions; /* without those of resources */
  VEC(const RustFunction *) exports;   /* with them */
  VEC(Str) left_out;                   /* comments */
  Map *names;                          /* Rust name to RustType */
} RustScope;

struct RustFunction {
  const Function *function;
  RustScope *scope;
  bool is_import;
  size_t number; /* of an export: among all of the world */
};

/* What follows from a type's parts. */
typedef struct RustTraits {
  bool no_debug; /* has a tuple in it that Rust cannot print */
  bool has_own, has_borrow;
  bool keeps_borrow; /* of a resource that is imported: handles that are dropped after the call */
} RustTraits;

/* A declaration. */
struct RustType {
  const TypeDef *def;
  RustScope *scope;
  Str name;               /* "Circle" */
  Str borrow_name, guest; /* of a resource that is exported: "StackBorrow", "GuestStack" */
  RustTraits traits;
  bool is_error; /* of some result */
  bool has_constructor;
  size_t number;                       /* of a resource that is exported: among all */
  VEC(const RustFunction *) functions; /* of a resource */
};

typedef struct RustBinding {
  Arena *arena;
  const World *from;
  RustScope *root;                     /* the world itself */
  VEC(RustScope *) scopes;             /* `root` too */
  VEC(const RustFunction *) functions; /* those that there are bindings for */
  VEC(uint32_t) arities;               /* of the tuples that they need, each once */
  Map *imports, *exports;              /* Interface to RustScope */
  Map *types;                          /* (TypeDef, RustScope) to RustType */
  size_t export_count, resource_count;
} RustBinding;

/* Where and how a type is written. */
typedef struct RustPlace {
  const RustScope *scope;
  bool is_declared; /* in another type: lifetimes have a name */
  bool is_lent;     /* as a parameter of an imported function: what is not given away is borrowed */
} RustPlace;

/* Everything that the world reaches. */
RustBinding rust_binding_new(Arena *arena, const World *world);
/* snake_case and UpperCamelCase; Rust's keywords get an underscore at their end. */
Str rust_snake(Arena *arena, Str kebab);
Str rust_camel(Arena *arena, Str kebab);
/* The names of a type's cases or flags, all different. */
Str *rust_case_names(Arena *arena, const Type *type);
/* The declaration that a type is written by; NULL where it is spelled out. Of a handle, that of its resource,
 * unless the handle itself has a name. */
const TypeDef *rust_name_of(const Type *type);
/* What a declaration, as seen from `scope`, is. */
const RustType *rust_declaration(const RustBinding *self, const RustScope *scope, const TypeDef *def);
RustTraits rust_traits(const RustBinding *self, const RustScope *scope, const Type *type);
/* Whether the declaration is that of a resource itself. */
bool rust_is_resource(const RustType *self);
/* What it is another name for, in the end: itself where it is none. */
const RustType *rust_behind(const RustBinding *self, const RustType *type);
/* bind_rust_types.c: the type as it is written; NULL: "()". */
void rust_print_type(const RustBinding *self, RustPlace place, const Type *type, Buf *out);
/* "super::super::exports::geometry::shapes::circle::" from one module to another; nothing to itself. */
void rust_print_path(const RustScope *from, const RustScope *to, Buf *out);
/* The declaration, and what makes its values cross. */
void rust_print_declaration(const RustBinding *self, const RustType *type, Buf *out);
/* "///" lines. */
void rust_print_docs(Str docs, const char *indent, Buf *out);
/* "fn area(c: Circle) -> f64", with its docs before it. */
void rust_print_signature(const RustBinding *self, const RustFunction *function, const char *indent,
                          const char *before, Buf *out);
/* What a function is called in Rust. */
Str rust_function_name(const RustBinding *self, const RustFunction *function);
/* The declaration of the resource that a function is of; NULL: none. */
const RustType *rust_resource_of(const RustBinding *self, const RustFunction *function);
/* bind_rust_glue.c: the traits of a module, and what stands between them and the exports. */
void rust_print_guest(const RustBinding *self, const RustScope *scope, Buf *out);
void rust_print_glue(const RustBinding *self, const RustScope *scope, Buf *out);
/* The macro that exports an implementation. */
void rust_print_export(const RustBinding *self, Buf *out);
/* bind_rust_import.c: a module's functions that are called. */
void rust_print_imports(const RustBinding *self, const RustScope *scope, Buf *out);

#endif
