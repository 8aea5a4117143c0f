/* bindings.ts: the types, which an implementation imports. */
#include "ifc/bind_assemblyscript.h"

/* Paths are relative to the folder of the Makefile, where every compiler runs. */
__asm__(".section .rodata\n"
        ".hidden assay_script_types, assay_script_types_end\n"
        ".global assay_script_types, assay_script_types_end\n"
        "assay_script_types:\n"
        ".incbin \"ifc/bind_assemblyscript_types.ts\"\n"
        "assay_script_types_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char assay_script_types[], assay_script_types_end[];

void script_print_docs(Str docs, const char *indent, Buf *out)
{
  docs = str_trim(docs);
  while (docs.len) {
    size_t end = str_find(docs, STR("\n"));
    Str line = str_trim(str_slice(docs, 0, end));
    buf_printf(out, "%s//%s", indent, line.len ? " " : "");
    buf_str(out, line);
    buf_byte(out, '\n');
    docs = end == SIZE_MAX ? STR("") : str_slice(docs, end + 1, docs.len);
  }
}

static void print_record(ScriptBinding *self, Str name, const Type *type, Buf *out)
{
  Str *fields = script_field_names(self->arena, type);
  buf_printf(out, "export class %.*s {\n  constructor(\n", STR_ARG(name));
  for (uint32_t i = 0; i < type->count; i++) {
    Str part = script_text(self, type->fields[i].type);
    script_print_docs(type->fields[i].docs, "    ", out);
    buf_printf(out, "    public %.*s: %.*s,\n", STR_ARG(fields[i]), STR_ARG(part));
  }
  buf_z(out, "  ) {}\n}\n");
}

/* An enum's cases by number, flags by bit, a variant's tags. */
static void print_constants(ScriptBinding *self, Str name, const Type *type, Buf *out)
{
  Type as_enum = *type;
  as_enum.kind = TYPE_ENUM;
  Str *cases = script_field_names(self->arena, &as_enum);
  buf_printf(out, "export enum %.*s {\n", STR_ARG(name));
  for (uint32_t i = 0; i < type->count; i++) {
    script_print_docs(type->fields[i].docs, "  ", out);
    const char *form = type->kind == TYPE_FLAGS ? "  %.*s = 1 << %u,\n" : "  %.*s = %u,\n";
    buf_printf(out, form, STR_ARG(cases[i]), i);
  }
  buf_z(out, "}\n");
}

static void print_variant(ScriptBinding *self, Str name, const Type *type, Buf *out)
{
  Str *fields = script_field_names(self->arena, type);
  Type as_enum = *type;
  as_enum.kind = TYPE_ENUM;
  Str *cases = script_field_names(self->arena, &as_enum);
  print_constants(self, str_format(self->arena, "%.*sTag", STR_ARG(name)), type, out);
  buf_printf(out,
             "// `tag` says which case it is; only that case's field means anything.\nexport class %.*s {\n",
             STR_ARG(name));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    Str part = script_text(self, type->fields[i].type);
    buf_printf(out, "  %.*s: %.*s = absent<%.*s>();\n", STR_ARG(fields[i]), STR_ARG(part), STR_ARG(part));
  }
  buf_printf(out, "  constructor(public tag: %.*sTag) {}\n", STR_ARG(name));
  for (uint32_t i = 0; i < type->count; i++) {
    Str part = type->fields[i].type ? script_text(self, type->fields[i].type) : STR("");
    buf_printf(out, "  static new%.*s(%s%.*s): %.*s {\n", STR_ARG(cases[i]), part.len ? "value: " : "",
               STR_ARG(part), STR_ARG(name));
    buf_printf(out, "    const made = new %.*s(%.*sTag.%.*s);\n", STR_ARG(name), STR_ARG(name),
               STR_ARG(cases[i]));
    if (part.len) buf_printf(out, "    made.%.*s = value;\n", STR_ARG(fields[i]));
    buf_z(out, "    return made;\n  }\n");
  }
  buf_z(out, "}\n");
}

/* What an imported function is called with, by its names. */
static void print_body(const ScriptFunction *it, const char *before, Str self, const char *after, Buf *out)
{
  const Function *function = it->function;
  buf_printf(out, "%svalues.call%zu(%.*s", before, it->number, STR_ARG(self));
  for (uint32_t i = self.len ? 1 : 0; i < function->param_count; i++)
    buf_printf(out, "%sp%u", i ? ", " : "", i);
  buf_printf(out, ")%s;\n", after);
}

static void print_imported(ScriptBinding *self, const ScriptFunction *it, const char *indent,
                           const char *before, Str name, Buf *out)
{
  script_print_docs(it->function->docs, indent, out);
  buf_printf(out, "%s%s%.*s", indent, before, STR_ARG(name));
  script_print_signature(self, it, out);
  buf_printf(out, " {\n%s  ", indent);
  print_body(it, it->function->result ? "return " : "",
             it->function->kind == FUNCTION_METHOD ? STR("this") : STR(""), "", out);
  buf_printf(out, "%s}\n", indent);
}

static void print_constructor(ScriptBinding *self, const ScriptDeclaration *resource,
                              const ScriptFunction *it, Buf *out)
{
  const Function *function = it->function;
  if (function->result->kind == TYPE_RESULT) {
    print_imported(self, it, "  ", "static ", script_factory_name(resource), out);
    return;
  }
  script_print_docs(function->docs, "  ", out);
  buf_z(out, "  constructor");
  script_print_signature(self, it, out);
  buf_printf(out, " {\n    this.__handle = values.passResource%zu(", resource->number);
  print_body(it, "", STR(""), ")", out);
  buf_z(out, "  }\n");
}

/* A class whose objects are handles; what is exported is the implementer's class. */
static void print_resource(ScriptBinding *self, const ScriptDeclaration *it, Buf *out)
{
  if (it->scope->is_export) return;
  buf_byte(out, '\n');
  script_print_docs(it->def->docs, "", out);
  buf_printf(out, "export class %.*s {\n  /** 0: given away, or dropped. */\n  __handle: i32 = 0;\n",
             STR_ARG(it->name));
  for (size_t i = 0; i < it->functions.len; i++) {
    const ScriptFunction *function = it->functions.at[i];
    self->scope = function->scope;
    if (function->function->kind == FUNCTION_CONSTRUCTOR)
      print_constructor(self, it, function, out);
    else
      print_imported(self, function, "  ", function->function->kind == FUNCTION_STATIC ? "static " : "",
                     function->name, out);
  }
  buf_printf(out,
             "  /** Ends the resource. One that is not given away is held until then. */\n"
             "  %.*s(): void {\n    values.endResource%zu(this);\n  }\n}\n",
             STR_ARG(script_destructor_name(it)), it->number);
}

static void print_declaration(ScriptBinding *self, const ScriptDeclaration *it, Buf *out)
{
  const TypeDef *def = it->def, *target = script_target(def);
  const Type *type = def->type;
  Str name = it->name;
  self->scope = it->scope;
  if (script_is_resource(it)) {
    print_resource(self, it, out);
    return;
  }
  buf_byte(out, '\n');
  script_print_docs(def->docs, "", out);
  if (target)
    buf_printf(out, "export type %.*s = %.*s;\n", STR_ARG(name),
               STR_ARG(script_declaration(self, target)->name));
  else if (type->kind == TYPE_RECORD)
    print_record(self, name, type, out);
  else if (type->kind == TYPE_VARIANT)
    print_variant(self, name, type, out);
  else if (type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS)
    print_constants(self, name, type, out);
  else
    buf_printf(out, "export type %.*s = %.*s;\n", STR_ARG(name), STR_ARG(script_structure(self, type)));
}

static void print_tuple(uint32_t arity, Buf *out)
{
  buf_printf(out, "\nexport class Tuple%u<", arity);
  for (uint32_t i = 0; i < arity; i++) buf_printf(out, "%sT%u", i ? ", " : "", i);
  buf_z(out, "> {\n  constructor(");
  for (uint32_t i = 0; i < arity; i++) buf_printf(out, "%spublic f%u: T%u", i ? ", " : "", i, i);
  buf_z(out, ") {}\n}\n");
}

void script_print_signature(ScriptBinding *self, const ScriptFunction *it, Buf *out)
{
  const Function *function = it->function;
  bool is_constructor = function->kind == FUNCTION_CONSTRUCTOR && function->result->kind == TYPE_OWN;
  uint32_t first = function->kind == FUNCTION_METHOD ? 1 : 0;
  buf_byte(out, '(');
  for (uint32_t p = first; p < function->param_count; p++) {
    Str name = script_lower(self->arena, function->params[p].name);
    if (it->is_import) name = str_format(self->arena, "p%u", p);
    buf_printf(out, "%s%.*s: %.*s", p > first ? ", " : "", STR_ARG(name),
               STR_ARG(script_text(self, function->params[p].type)));
  }
  buf_byte(out, ')');
  if (!is_constructor)
    buf_printf(out, ": %.*s", STR_ARG(function->result ? script_text(self, function->result) : STR("void")));
}

/* What is to be written, as a reader needs it who writes it. */
static void print_class(ScriptBinding *self, const ScriptDeclaration *it, Buf *out)
{
  script_print_docs(it->def->docs, "", out);
  buf_printf(out, "// export class %.*s {\n", STR_ARG(it->name));
  for (size_t i = 0; i < it->functions.len; i++) {
    const ScriptFunction *function = it->functions.at[i];
    Str name = function->name;
    self->scope = function->scope;
    if (function->function->kind == FUNCTION_CONSTRUCTOR)
      name = function->function->result->kind == TYPE_OWN ? STR("constructor") : script_factory_name(it);
    bool is_static =
        function->function->kind == FUNCTION_STATIC ||
        (function->function->kind == FUNCTION_CONSTRUCTOR && !str_equal(name, STR("constructor")));
    buf_printf(out, "//   %s%.*s", is_static ? "static " : "", STR_ARG(name));
    script_print_signature(self, function, out);
    buf_byte(out, '\n');
    script_print_docs(function->function->docs, "//     ", out);
  }
  buf_printf(out, "//   %.*s(): void\n//     // When a handle ends; may be left out.\n// }\n",
             STR_ARG(script_destructor_name(it)));
}

static void print_functions(ScriptBinding *self, Buf *out)
{
  buf_printf(out, "\n// Exports of `%.*s`: yours to define.\n//\n", STR_ARG(self->from->id));
  for (size_t i = 0; i < self->scopes.len; i++)
    for (size_t k = 0; k < self->scopes.at[i]->left_out.len; k++)
      buf_printf(out, "// %.*s\n", STR_ARG(self->scopes.at[i]->left_out.at[k]));
  for (size_t i = 0; i < self->resources.len; i++)
    if (self->resources.at[i]->scope->is_export) print_class(self, self->resources.at[i], out);
  for (size_t i = 0; i < self->exports.len; i++) {
    const ScriptFunction *it = self->exports.at[i];
    if (it->function->resource) continue;
    self->scope = it->scope;
    buf_printf(out, "// export function %.*s", STR_ARG(it->name));
    script_print_signature(self, it, out);
    buf_byte(out, '\n');
    script_print_docs(it->function->docs, "//   ", out);
  }
}

/* Imported functions, by their interfaces' names. */
static void print_imports(ScriptBinding *self, Buf *out)
{
  const ScriptScope *open = NULL;
  for (size_t i = 0; i < self->imports.len; i++) {
    const ScriptFunction *it = self->imports.at[i];
    const ScriptScope *scope = it->scope->interface ? it->scope : NULL;
    if (it->function->resource) continue;
    if (open && open != scope) buf_z(out, "}\n");
    if (scope && open != scope) buf_printf(out, "\nexport namespace %.*s {\n", STR_ARG(scope->name));
    open = scope;
    self->scope = it->scope;
    print_imported(self, it, scope ? "  " : "", "export function ", it->name, out);
  }
  if (open) buf_z(out, "}\n");
}

static void print_uses(ScriptBinding *self, Buf *out)
{
  bool uses_values = self->imports.len > 0;
  for (size_t i = 0; i < self->resources.len; i++) {
    const ScriptDeclaration *it = self->resources.at[i];
    uses_values |= !it->scope->is_export;
    if (it->scope->is_export)
      buf_printf(out, "import { %.*s } from \"./%.*s\";\n", STR_ARG(it->name), STR_ARG(self->implementation));
  }
  if (uses_values) buf_z(out, "import * as values from \"./values\";\n");
}

Str script_types(ScriptBinding *self)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n", STR_ARG(self->from->id));
  print_functions(self, &out);
  print_uses(self, &out);
  buf_str(&out, (Str){assay_script_types, (size_t)(assay_script_types_end - assay_script_types)});
  for (size_t i = 0; i < self->arities.len; i++) print_tuple(self->arities.at[i], &out);
  for (size_t i = 0; i < self->declared.len; i++) print_declaration(self, self->declared.at[i], &out);
  print_imports(self, &out);
  return buf_text(&out);
}
