/* Inside the C bindings: which C type stands for which WIT type, and in which order they are defined. The
 * rules for names are those of wit-bindgen's C generator (crates/c). Not for use outside bind_c*.c. */
#ifndef IFC_BIND_C_H
#define IFC_BIND_C_H

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/layout.h"

/* Where names belong: an interface as the world imports it or as it exports it, or the world itself. What is
 * both imported and exported has its types twice. */
typedef struct CScope {
  const Interface *interface; /* NULL: the world itself */
  bool is_export;
  const struct CScope *first; /* the scope whose types these are second names for; NULL: they are its own */
  Str namespace; /* "exports_geometry_shapes_circle", "geometry_shapes_circle"; of the world: "circle" */
  Str module;    /* as core modules name it: "geometry:shapes/circle@1.0.0"; of the world: "$root" */
} CScope;

typedef struct CFunction {
  const Function *function;
  const CScope *scope;
  bool is_import;
  Str name;     /* "exports_geometry_shapes_circle_intersects" */
  Str left_out; /* why there are no bindings for it: an obstacle of callable.h; empty: there are */
} CFunction;

typedef struct CType CType;
struct CType {
  const Type *type;
  const CScope *scope; /* in which its parts are named */
  const CType *target; /* what this is only a second name for; NULL: it is made of parts of its own */
  Str name;            /* "uint8_t", "circle_list_u8_t", "exports_geometry_shapes_circle_circle_t" */
  Str word;            /* what it is called within the names of others: "u8", "list_u8", "circle" */
  Str docs;
  bool is_plain;     /* made of primitives, strings, lists, options, tuples, maps: named after the world */
  bool was_plain;    /* the same when the names of such types do not count: see `older` */
  bool has_free;     /* there is a `…_free` for it */
  bool holds_memory; /* contains a string or a list */
  bool is_lifted;    /* bind_c_source.c: there is a lift function for it */
  bool is_lowered;   /* bind_c_import.c: and a lower function */
  Str entry;         /* of a map: its element, "circle_map_string_u32_entry_t" */
  Str older;         /* what wit-bindgen called it before it told aliases apart (0.57); empty: the same */
};

typedef struct CBinding {
  Arena *arena;
  const World *from;
  Str world;          /* its name in C: "circle" */
  const CScope *root; /* the world itself */
  VEC(const CScope *) scopes;
  VEC(CType *) order;       /* the types to define, each after those it is made of */
  VEC(CFunction) functions; /* in the order of the scopes */
  Map *imports, *exports;   /* Interface to CScope */
  Map *named;               /* imports that have a name of the world's own: it, to CScope */
  Map *known;               /* (type or TypeDef, scope) to CType */
  Map *names;               /* C name to CType */
  bool has_string;
} CBinding;

/* Everything that the world imports and exports. */
CBinding c_binding_new(Arena *arena, const World *world);
/* The C type of a type as it is written in `scope`; every type that the world reaches has one. */
const CType *c_type(CBinding *self, const CScope *scope, const Type *type);
/* The C type of a part of `made`, named where what has the parts is declared. */
const CType *c_part(CBinding *self, const CType *made, const Type *part);
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
/* Why there is no C type for it; empty: there is. */
Str c_type_left_out(const CBinding *self, const TypeDef *def);
/* Passed by pointer as a parameter, returned through one. */
bool c_is_compound(const Type *type);

Str c_header(CBinding *self);
Str c_source(CBinding *self);
/* Resources (bind_c_resource.c): handles as C types, and the functions for them, which only modules have. */
void c_print_handle(CBinding *self, const CType *made, Buf *out);
void c_print_resource_declarations(CBinding *self, Buf *out);
void c_print_resource_definitions(CBinding *self, Buf *out);
/* The line before the definition of an export: prefix + "ns:pkg/iface@version#" + name; of the world itself,
 * without what is between the two. */
void c_print_export(const CScope *scope, const char *prefix, Str name, Buf *out);
/* The line before the declaration of an import. */
void c_print_import(Str module, Str name, Buf *out);
/* The declaration and the definition of every `…_free`, and of the string helpers. */
void c_print_free_declarations(CBinding *self, Buf *out);
void c_print_free_definitions(CBinding *self, Buf *out);
/* The function as it looks in C, without ';': "bool exports_…_intersects(…)". Parameters are numbered, "p0",
 * or have the names that WIT gives them. */
void c_print_prototype(CBinding *self, const CFunction *function, bool is_numbered, Buf *out);

/* Core values by their C text, with their types. */
typedef struct CSlots {
  Str text[FLAT_PARAMS_MAX];
  CoreType type[FLAT_PARAMS_MAX];
} CSlots;

/* A pointer and a length: strings, lists, maps. */
bool c_is_block(const Type *type);
/* "out->val.x", of a variant's case "->val" with ".x". */
const char *c_place(const CBinding *self, const char *base, Str member);
/* Prints what sets `place` from the slots at `from`, which must be of the type's own flat types; returns how
 * many slots that took. */
size_t c_lift_into(CBinding *self, const CType *made, const char *place, const CSlots *slots, size_t from,
                   const char *indent, Buf *out);
/* Makes sure that the type can be lifted from core values. */
void c_mark_lifted(CBinding *self, const CScope *scope, const Type *type);
/* bind_c_import.c: the functions through which imports are called. */
void c_mark_imports(CBinding *self);
void c_print_lowers(CBinding *self, Buf *out);
void c_print_imported(CBinding *self, const CFunction *function, Buf *out);
/* Docs as `//` lines. */
void c_print_docs(Str docs, const char *indent, Buf *out);

#endif
