/* Inside the C bindings: which C type stands for which WIT type, and in which order they are defined. The
 * rules for names are those of wit-bindgen's C generator (crates/c), of an exported interface in a world of
 * the same name. Not for use outside bind_c*.c. */
#ifndef IFC_BIND_C_H
#define IFC_BIND_C_H

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/layout.h"

typedef struct CType CType;
struct CType {
  const Type *type;
  const Interface *scope; /* in which its parts are named */
  const CType *target;    /* what this is only a second name for; NULL: it is made of parts of its own */
  Str name;               /* "uint8_t", "circle_list_u8_t", "exports_geometry_shapes_circle_circle_t" */
  Str word;               /* what it is called within the names of others: "u8", "list_u8", "circle" */
  Str docs;
  bool is_plain;     /* made of primitives, strings, lists, options, tuples, maps: named after the world */
  bool was_plain;    /* the same when the names of such types do not count: see `older` */
  bool has_free;     /* there is a `…_free` for it */
  bool holds_memory; /* contains a string or a list */
  bool is_lifted;    /* bind_c_source: its lift function is printed */
  Str entry;         /* of a map: its element, "circle_map_string_u32_entry_t" */
  Str older;         /* what wit-bindgen called it before it told aliases apart (0.57); empty: the same */
};

typedef struct CBinding {
  Arena *arena;
  const Interface *interface;
  Str world;                       /* "circle" */
  VEC(CType *) order;              /* the types to define, each after those it is made of */
  VEC(const Function *) functions; /* those that there are bindings for */
  Map *known;                      /* (type, scope) or (TypeDef, NULL) to CType */
  Map *names;                      /* C name to CType */
  bool has_string;
} CBinding;

/* Fills in `order` from the interface. */
CBinding c_binding_new(Arena *arena, const Interface *interface);
/* The C type of a type as it is written in `scope`; every type that an interface reaches has one. */
const CType *c_type(CBinding *self, const Interface *scope, const Type *type);
/* "exports_geometry_shapes_circle"; without "exports_" for an interface that types are used from. */
Str c_namespace(const CBinding *self, const Interface *scope);
/* "exports_geometry_shapes_circle_intersects". */
Str c_function_name(const CBinding *self, const Function *function);
/* The name without its "_t". */
Str c_type_stem(const CType *self);
/* "int32_t", "double". */
Str c_core_type(CoreType type);
/* "uint8_t", "uint16_t" or "uint32_t". */
Str c_unsigned(uint32_t bytes);
/* The type that has the parts: itself, or what it is another name for. */
const CType *c_structure(const CType *self);
/* An option that is passed as a pointer that may be NULL: spelled out, or `type x = option<…>`, but no second
 * name of one. */
bool c_is_nullable(const Type *type);
/* Why there are no bindings for a function or type: an obstacle of callable.h; empty: there are. */
Str c_function_left_out(const CBinding *self, const Function *function);
Str c_type_left_out(const CBinding *self, const TypeDef *def);
/* Passed by pointer as a parameter, returned through one. */
bool c_is_compound(const Type *type);

Str c_header(CBinding *self);
Str c_source(CBinding *self);
/* The declaration and the definition of every `…_free`, and of the string helpers. */
void c_print_free_declarations(CBinding *self, Buf *out);
void c_print_free_definitions(CBinding *self, Buf *out);
/* The function as an implementer defines it, without ';': "bool exports_…_intersects(…)". */
void c_print_prototype(CBinding *self, const Function *function, Buf *out);
/* Docs as `//` lines. */
void c_print_docs(Str docs, const char *indent, Buf *out);

#endif
