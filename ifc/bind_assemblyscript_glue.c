/* values.ts, which makes values cross, and exports.ts, the compiler's entry. The exports' names are e0, e1,
 * …, p0, p1, … after the return, and d0, d1, … of resources that end: the language has no words for those
 * that they get. */
#include "ifc/bind_assemblyscript.h"

__asm__(".section .rodata\n"
        ".hidden assay_script_glue, assay_script_glue_end\n"
        ".global assay_script_glue, assay_script_glue_end\n"
        "assay_script_glue:\n"
        ".incbin \"ifc/bind_assemblyscript_glue.ts\"\n"
        "assay_script_glue_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char assay_script_glue[], assay_script_glue_end[];

static bool is_implemented(const ScriptDeclaration *it)
{
  return script_is_resource(it) && it->scope->is_export;
}

static void print_names(ScriptBinding *self, Buf *out)
{
  buf_printf(out,
             "import * as implementation from \"./%.*s\";\nimport {\n  Unit, Option, some, none, Result, ok, "
             "err, char, absent,\n",
             STR_ARG(self->implementation));
  for (size_t i = 0; i < self->arities.len; i++) buf_printf(out, "  Tuple%u,\n", self->arities.at[i]);
  for (size_t i = 0; i < self->declared.len; i++) {
    const ScriptDeclaration *it = self->declared.at[i];
    bool is_variant = !it->def->alias && it->def->type->kind == TYPE_VARIANT;
    if (is_implemented(it)) continue;
    buf_printf(out, "  %.*s,\n", STR_ARG(it->name));
    if (is_variant) buf_printf(out, "  %.*sTag,\n", STR_ARG(it->name));
  }
  buf_z(out, "} from \"./bindings\";\n");
  for (size_t i = 0; i < self->resources.len; i++)
    if (is_implemented(self->resources.at[i]))
      buf_printf(out, "import { %.*s } from \"./%.*s\";\n", STR_ARG(self->resources.at[i]->name),
                 STR_ARG(self->implementation));
}

static bool needs_realloc(const ScriptBinding *self)
{
  for (size_t i = 0; i < self->exports.len; i++)
    if (function_needs_realloc(self->exports.at[i]->function)) return true;
  for (size_t i = 0; i < self->imports.len; i++) {
    const Type *result = self->imports.at[i]->function->result;
    if (result && type_layout(result).has_pointers) return true;
  }
  return false;
}

static void mark_arguments(ScriptBinding *self, const ScriptFunction *it)
{
  CoreSignature core = function_import_signature(it->function);
  self->scope = it->scope;
  for (uint32_t i = 0; i < it->function->param_count && !core.spilled_params; i++)
    script_mark_flat(self, it->function->params[i].type);
}

Str script_values(ScriptBinding *self)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n", STR_ARG(self->from->id));
  print_names(self, &out);
  buf_str(&out, (Str){assay_script_glue, (size_t)(assay_script_glue_end - assay_script_glue)});
  for (size_t i = 0; i < self->imports.len; i++) mark_arguments(self, self->imports.at[i]);
  for (size_t i = 0; i < self->resources.len; i++) script_print_resource(self, self->resources.at[i], &out);
  for (size_t i = 0; i < self->types.len; i++) script_print_type(self, self->types.at[i], &out);
  for (size_t i = 0; i < self->imports.len; i++) script_print_import(self, self->imports.at[i], &out);
  for (size_t i = 0; i < self->exports.len; i++) script_print_export(self, self->exports.at[i], &out);
  if (needs_realloc(self))
    buf_z(&out,
          "\nexport function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {\n"
          "  if (size == 0) return align;\n"
          "  return oldSize ? heap.realloc(old, size) : heap.alloc(size);\n}\n");
  return buf_text(&out);
}

Str script_entry(ScriptBinding *self)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\nexport {\n",
             STR_ARG(self->from->id));
  for (size_t i = 0; i < self->exports.len; i++) {
    const Type *result = self->exports.at[i]->function->result;
    buf_printf(&out, "  e%zu,\n", i);
    if (result && type_layout(result).has_pointers) buf_printf(&out, "  p%zu,\n", i);
  }
  for (size_t i = 0; i < self->resources.len; i++)
    if (is_implemented(self->resources.at[i])) buf_printf(&out, "  d%zu,\n", i);
  if (needs_realloc(self)) buf_z(&out, "  cabi_realloc,\n");
  buf_z(&out, "} from \"./values\";\n\n// A failed assertion traps without words.\n"
              "function trap(message: string | null, file: string | null, line: u32, column: u32): void {\n"
              "  unreachable();\n}\n");
  return buf_text(&out);
}
