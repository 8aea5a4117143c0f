/* Inside the AssemblyScript bindings: which class stands for which WIT type. wit-bindgen has none for this
 * language; names are in camel case, as in its bindings for other languages. Not for use outside
 * bind_assemblyscript*.c. */
#ifndef IFC_BIND_ASSEMBLYSCRIPT_H
#define IFC_BIND_ASSEMBLYSCRIPT_H

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/layout.h"

/* A type that has functions of its own in the glue: load3, store3, … */
typedef struct ScriptType {
  const Type *type;
  Str text; /* "Array<Circle>" */
  size_t number;
} ScriptType;

typedef struct ScriptBinding {
  Arena *arena;
  const Interface *interface;
  VEC(const Function *) functions;
  VEC(const TypeDef *) declared; /* each once, those with a class, an enum or an alias of their own */
  VEC(ScriptType *) types;
  VEC(uint32_t) arities;
  Map *by_text; /* to ScriptType */
  Map *names;   /* what is declared to its TypeDef */
  Map *defs;    /* TypeDef to ScriptName */
} ScriptBinding;

ScriptBinding script_binding_new(Arena *arena, const Interface *interface);
/* "deepBlue" and "DeepBlue"; reserved words get an underscore at their end. */
Str script_lower(Arena *arena, Str kebab);
Str script_upper(Arena *arena, Str kebab);
/* The names of cases, flags or fields, all different. */
Str *script_field_names(Arena *arena, const Type *type);
Str script_declared_name(ScriptBinding *self, const TypeDef *def);
/* The type as it is written; NULL: "Unit". And spelled out, as `new` wants it. */
Str script_text(ScriptBinding *self, const Type *type);
Str script_structure(ScriptBinding *self, const Type *type);
/* One number, bool and char too, an enum or flags: they have no functions of their own. */
bool script_is_scalar(const Type *type);
const ScriptType *script_type(ScriptBinding *self, const Type *type);
Str script_function_left_out(Arena *arena, const Function *function);
Str script_type_left_out(Arena *arena, const Type *type);
/* "  // " or " * " lines. */
void script_print_docs(Str docs, const char *indent, Buf *out);

/* The two files. */
Str script_types(ScriptBinding *self);
Str script_glue(ScriptBinding *self, Str implementation);

#endif
