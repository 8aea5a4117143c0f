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

/* Where names belong: an interface as the world imports it or as it exports it, or the world itself. What is
 * both imported and exported has its types twice. */
typedef struct ScriptScope {
  const Interface *interface; /* NULL: the world itself */
  bool is_export;
  Str module;        /* as core modules name it: "geometry:shapes/circle@1.0.0"; of the world: "$root" */
  Str name;          /* of an import: its namespace in bindings.ts, "circle" */
  VEC(Str) left_out; /* comments */
} ScriptScope;

typedef struct ScriptFunction {
  const Function *function;
  ScriptScope *scope;
  bool is_import;
  Str name;      /* "deepBlue"; of a resource's, within its class */
  size_t number; /* among imports or exports */
} ScriptFunction;

/* What has a class, an enum or an alias of its own; of an exported resource the class is the implementer's.
 */
typedef struct ScriptDeclaration {
  const TypeDef *def;
  ScriptScope *scope;
  Str name;
  VEC(const ScriptFunction *) functions; /* of a resource */
  size_t number;                         /* of a resource: among all */
  bool comes_lent; /* an imported resource that exported functions borrow: handles are dropped after the call
                    */
} ScriptDeclaration;

/* A type that has functions of its own in the glue: load3, store3, … */
typedef struct ScriptType {
  const Type *type;
  ScriptScope *scope; /* in which its parts are named */
  Str text;           /* "Array<Circle>" */
  size_t number;
  bool is_flattened; /* there is a flat function for it */
  bool comes_lent;   /* as ScriptDeclaration has it */
} ScriptType;

typedef struct ScriptBinding {
  Arena *arena;
  const World *from;
  Str implementation; /* the module that is implemented in: "sort" */
  ScriptScope *root;  /* the world itself */
  ScriptScope *scope; /* in which types are read at the moment */
  VEC(ScriptScope *) scopes;
  VEC(const ScriptFunction *) imports, exports;
  VEC(ScriptDeclaration *) declared;
  VEC(ScriptDeclaration *) resources; /* they are `declared` too */
  VEC(ScriptType *) types;
  VEC(uint32_t) arities;
  Map *by_text;             /* to ScriptType */
  Map *names, *functions;   /* what is taken: classes, and functions and namespaces; to anything */
  Map *imported, *exported; /* Interface to ScriptScope */
  Map *defs;                /* (TypeDef, ScriptScope) to ScriptDeclaration */
} ScriptBinding;

ScriptBinding script_binding_new(Arena *arena, const World *world, Str implementation);
/* "deepBlue" and "DeepBlue"; reserved words get an underscore at their end. */
Str script_lower(Arena *arena, Str kebab);
Str script_upper(Arena *arena, Str kebab);
/* The names of cases, flags or fields, all different. */
Str *script_field_names(Arena *arena, const Type *type);
/* What a name in self->scope stands for; of a second name that is spelled alike, what has it first. */
ScriptDeclaration *script_declaration(ScriptBinding *self, const TypeDef *def);
/* What a declaration is another name for; NULL: nothing. */
const TypeDef *script_target(const TypeDef *def);
/* The resource of a handle. */
ScriptDeclaration *script_resource(ScriptBinding *self, const Type *handle);
bool script_is_resource(const ScriptDeclaration *self);
/* The function of a resource that makes one and may fail, and the method that is called when a handle ends.
 */
Str script_factory_name(const ScriptDeclaration *self);
Str script_destructor_name(const ScriptDeclaration *self);
/* The type as it is written; NULL: "Unit". And spelled out, as `new` wants it. */
Str script_text(ScriptBinding *self, const Type *type);
Str script_structure(ScriptBinding *self, const Type *type);
/* One number, bool and char too, an enum or flags: they have no functions of their own. */
bool script_is_scalar(const Type *type);
ScriptType *script_type(ScriptBinding *self, const Type *type);
/* "  // " or " * " lines. */
void script_print_docs(Str docs, const char *indent, Buf *out);
/* "(a: Circle, b: Circle): bool", of a method without what it is called on. */
void script_print_signature(ScriptBinding *self, const ScriptFunction *function, Buf *out);

/* The files, by their names in ScriptFiles. */
Str script_types(ScriptBinding *self);
Str script_values(ScriptBinding *self);
Str script_entry(ScriptBinding *self);
/* bind_assemblyscript_values.c: what makes the values of each type cross. The text that reads a value of the
 * type from `offset` after `at`, from a slot or from memory; statements that write one there, and that give
 * back what it points to. */
typedef enum ScriptWay { SCRIPT_LIFT, SCRIPT_LOAD } ScriptWay;
Str script_reading(ScriptBinding *self, ScriptWay way, const Type *type, size_t offset);
void script_print_writing(ScriptBinding *self, const Type *type, Str value, size_t offset, const char *indent,
                          Buf *out);
void script_print_freeing(ScriptBinding *self, const Type *type, size_t offset, const char *indent, Buf *out);
void script_print_type(ScriptBinding *self, ScriptType *made, Buf *out);
/* bind_assemblyscript_flat.c: from memory to slots, for arguments of imports. */
void script_print_flat(ScriptBinding *self, ScriptType *made, Buf *out);
void script_print_flattening(ScriptBinding *self, const Type *type, size_t offset, size_t slot, Buf *out);
void script_mark_flat(ScriptBinding *self, const Type *type);
/* Offsets of a record's or tuple's fields, in slots or in memory. */
size_t *script_offsets(ScriptBinding *self, ScriptWay way, const Type *type);
size_t script_flat_count(const Type *type);
/* bind_assemblyscript_call.c: functions on both sides of the boundary, and resources. */
void script_print_resource(ScriptBinding *self, const ScriptDeclaration *resource, Buf *out);
void script_print_export(ScriptBinding *self, const ScriptFunction *function, Buf *out);
void script_print_import(ScriptBinding *self, const ScriptFunction *function, Buf *out);

#endif
