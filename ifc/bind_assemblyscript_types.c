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

static void print_declaration(ScriptBinding *self, const TypeDef *def, Buf *out)
{
  Str name = script_declared_name(self, def);
  const Type *type = def->type;
  buf_byte(out, '\n');
  script_print_docs(def->docs, "", out);
  if (def->alias)
    buf_printf(out, "export type %.*s = %.*s;\n", STR_ARG(name),
               STR_ARG(script_declared_name(self, def->alias)));
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

/* What is to be written, as a reader needs it who writes it. */
static void print_functions(ScriptBinding *self, Buf *out)
{
  const Interface *interface = self->interface;
  buf_printf(out, "\n// Exported functions of `%.*s`: yours to define.\n//\n", STR_ARG(interface->id));
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    Str why = script_function_left_out(self->arena, function);
    if (why.len) {
      buf_printf(out, "// `%.*s` is left out: %.*s\n", STR_ARG(function->name), STR_ARG(why));
      continue;
    }
    buf_printf(out, "// export function %.*s(", STR_ARG(script_lower(self->arena, function->name)));
    for (uint32_t p = 0; p < function->param_count; p++) {
      Str name = script_lower(self->arena, function->params[p].name);
      buf_printf(out, "%s%.*s: %.*s", p ? ", " : "", STR_ARG(name),
                 STR_ARG(script_text(self, function->params[p].type)));
    }
    buf_printf(out, "): %.*s\n",
               STR_ARG(function->result ? script_text(self, function->result) : STR("void")));
    script_print_docs(function->docs, "//   ", out);
  }
}

Str script_types(ScriptBinding *self)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n",
             STR_ARG(self->interface->id));
  print_functions(self, &out);
  buf_str(&out, (Str){assay_script_types, (size_t)(assay_script_types_end - assay_script_types)});
  for (size_t i = 0; i < self->arities.len; i++) print_tuple(self->arities.at[i], &out);
  for (size_t i = 0; i < self->declared.len; i++) print_declaration(self, self->declared.at[i], &out);
  return buf_text(&out);
}
