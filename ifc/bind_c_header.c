#include "ifc/bind_c.h"
#include "ifc/value.h"

void c_print_docs(Str docs, const char *indent, Buf *out)
{
  docs = str_trim(docs);
  while (docs.len) {
    size_t end = str_find(docs, STR("\n"));
    Str line = str_trim(str_slice(docs, 0, end));
    /* A backslash at the end would continue the comment on the next line. */
    const char *stop = str_ends_with(line, STR("\\")) ? " ." : "";
    buf_printf(out, "%s//%s%.*s%s\n", indent, line.len ? " " : "", STR_ARG(line), stop);
    docs = end == SIZE_MAX ? STR("") : str_slice(docs, end + 1, docs.len);
  }
}

static void member(CBinding *self, const CType *outer, const Type *part, const char *indent, Str name,
                   Buf *out)
{
  const CType *inner = c_type(self, outer->scope, part);
  buf_printf(out, "%s%.*s %.*s;\n", indent, STR_ARG(inner->name), STR_ARG(name));
}

static void print_fields(CBinding *self, const CType *outer, Buf *out)
{
  for (uint32_t i = 0; i < outer->type->count; i++) {
    const Field *field = &outer->type->fields[i];
    c_print_docs(field->docs, "  ", out);
    Str name = outer->type->kind == TYPE_TUPLE ? str_format(self->arena, "f%u", i)
                                               : name_to_c(self->arena, field->name);
    member(self, outer, field->type, "  ", name, out);
  }
}

static void print_cases(CBinding *self, const CType *outer, Buf *out)
{
  const Type *type = outer->type;
  Str tag = c_unsigned(type_discriminant_size(type));
  buf_printf(out, "  %.*s tag;\n", STR_ARG(tag));
  uint32_t with_payload = 0;
  for (uint32_t i = 0; i < type->count; i++) with_payload += type->fields[i].type != NULL;
  if (!with_payload) return;
  buf_z(out, "  union {\n");
  for (uint32_t i = 0; i < type->count; i++)
    if (type->fields[i].type)
      member(self, outer, type->fields[i].type, "    ", name_to_c(self->arena, type->fields[i].name), out);
  buf_z(out, "  } val;\n");
}

static void print_result_members(CBinding *self, const CType *outer, Buf *out)
{
  const Type *type = outer->type;
  buf_z(out, "  bool is_err;\n");
  if (!type->element && !type->error) return;
  buf_z(out, "  union {\n");
  if (type->element) member(self, outer, type->element, "    ", STR("ok"), out);
  if (type->error) member(self, outer, type->error, "    ", STR("err"), out);
  buf_z(out, "  } val;\n");
}

static void print_members(CBinding *self, const CType *outer, Buf *out)
{
  const Type *type = outer->type;
  switch (value_shape(type)) {
  case VALUE_FIELDS: print_fields(self, outer, out); break;
  case VALUE_CASE:
    if (type->kind == TYPE_VARIANT) print_cases(self, outer, out);
    if (type->kind == TYPE_RESULT) print_result_members(self, outer, out);
    if (type->kind == TYPE_OPTION) buf_z(out, "  bool is_some;\n");
    if (type->kind == TYPE_OPTION) member(self, outer, type->element, "  ", STR("val"), out);
    break;
  case VALUE_LIST: {
    bool is_fixed = type->kind == TYPE_FIXED_LIST;
    Str name = is_fixed ? str_format(self->arena, "items[%u]", type->count) : STR("*ptr");
    member(self, outer, type->element, "  ", name, out);
    if (!is_fixed) buf_z(out, "  size_t len;\n");
    break;
  }
  case VALUE_MAP: buf_printf(out, "  %.*s *ptr;\n  size_t len;\n", STR_ARG(outer->entry)); break;
  case VALUE_NUMBER:
  case VALUE_STRING:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: break; /* are no structures */
  }
}

/* `#define EXPORTS_GEOMETRY_SHAPES_CIRCLE_COLOR_RED 0`: an enum's and a variant's cases by number, flags by
 * bit. */
static void print_constants(CBinding *self, const CType *outer, Buf *out)
{
  const Type *type = outer->type;
  Str stem = name_to_c_upper(self->arena, c_type_stem(outer));
  for (uint32_t i = 0; i < type->count; i++) {
    Str name = name_to_c_upper(self->arena, type->fields[i].name);
    c_print_docs(type->fields[i].docs, "", out);
    const char *form = type->kind != TYPE_FLAGS ? "#define %.*s_%.*s %u\n"
                       : i == 31                ? "#define %.*s_%.*s (1u << %u)\n"
                                                : "#define %.*s_%.*s (1 << %u)\n";
    buf_printf(out, form, STR_ARG(stem), STR_ARG(name), i);
  }
}

/* A map's element is a structure too, and stands before it. */
static void print_entry(CBinding *self, const CType *map, Buf *out)
{
  const Field *pair = map->type->element->fields;
  buf_printf(out, "typedef struct %.*s {\n", STR_ARG(map->entry));
  member(self, map, pair[0].type, "  ", STR("key"), out);
  member(self, map, pair[1].type, "  ", STR("value"), out);
  buf_printf(out, "} %.*s;\n\n", STR_ARG(map->entry));
}

static void print_structure(CBinding *self, const CType *made, Buf *out)
{
  const Type *type = made->type;
  bool is_number = type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS;
  if (type_is_handle(type)) {
    c_print_handle(self, made, out);
    return;
  }
  if (type->kind == TYPE_MAP) print_entry(self, made, out);
  c_print_docs(made->docs, "", out);
  if (is_number) {
    Str number = c_unsigned((uint32_t)type_size(type));
    buf_printf(out, "typedef %.*s %.*s;\n", STR_ARG(number), STR_ARG(made->name));
  } else {
    buf_printf(out, "typedef struct %.*s {\n", STR_ARG(made->name));
    print_members(self, made, out);
    buf_printf(out, "} %.*s;\n", STR_ARG(made->name));
  }
  if (is_number || type->kind == TYPE_VARIANT) print_constants(self, made, out);
}

static void print_second_name(Str docs, Str name, Str of, Buf *out)
{
  c_print_docs(docs, "", out);
  buf_printf(out, "typedef %.*s %.*s;\n", STR_ARG(of), STR_ARG(name));
}

static void print_definition(CBinding *self, const CType *made, Buf *out)
{
  buf_byte(out, '\n');
  if (made->target)
    print_second_name(made->docs, made->name, made->target->name, out);
  else
    print_structure(self, made, out);
  if (made->older.len) print_second_name(STR(""), made->older, made->name, out);
}

static void print_left_out(const CBinding *self, const TypeDef *def, Buf *out)
{
  Str why = c_type_left_out(self, def);
  if (why.len) buf_printf(out, "\n// `%.*s` is left out: %.*s\n", STR_ARG(def->name), STR_ARG(why));
}

static void print_types_left_out(const CBinding *self, Buf *out)
{
  const World *world = self->from;
  for (size_t i = 0; i < self->scopes.len; i++) {
    const Interface *interface = self->scopes.at[i]->interface;
    for (uint32_t k = 0; k < interface->typedef_count; k++)
      print_left_out(self, &interface->typedefs[k], out);
  }
  for (uint32_t i = 0; i < world->import_count; i++)
    if (world->imports[i].kind == WORLD_TYPE) print_left_out(self, world->imports[i].type, out);
}

static void print_types(CBinding *self, Buf *out)
{
  if (self->has_string)
    buf_printf(out, "\ntypedef struct %.*s_string_t {\n  uint8_t *ptr;\n  size_t len;\n} %.*s_string_t;\n",
               STR_ARG(self->world), STR_ARG(self->world));
  for (size_t i = 0; i < self->order.len; i++) print_definition(self, self->order.at[i], out);
  print_types_left_out(self, out);
}

/* The names are only for the reader, so those that would hide a type's name are changed too. */
static Str param_name(CBinding *self, const Param *param)
{
  Str name = name_to_c(self->arena, param->name);
  if (str_ends_with(name, STR("_t"))) name = str_format(self->arena, "%.*s_", STR_ARG(name));
  if (c_is_nullable(param->type)) return str_format(self->arena, "maybe_%.*s", STR_ARG(name));
  /* Another parameter may be called so. */
  return str_starts_with(name, STR("maybe_")) ? str_format(self->arena, "%.*s_", STR_ARG(name)) : name;
}

static void separate(Buf *out, uint32_t *printed)
{
  if ((*printed)++) buf_z(out, ", ");
}

static void print_out_param(const CType *type, const char *name, Buf *out, uint32_t *printed)
{
  separate(out, printed);
  buf_printf(out, "%.*s *%s", STR_ARG(type->name), name);
}

static void print_out_params(CBinding *self, const CScope *scope, const Type *result, Buf *out,
                             uint32_t *printed)
{
  if (!result || !c_is_compound(result)) return;
  const CType *made = c_type(self, scope, result);
  if (result->kind == TYPE_RESULT) {
    if (result->element) print_out_param(c_part(self, made, result->element), "ret", out, printed);
    if (result->error) print_out_param(c_part(self, made, result->error), "err", out, printed);
  } else {
    bool is_option = result->kind == TYPE_OPTION;
    print_out_param(is_option ? c_part(self, made, result->element) : made, "ret", out, printed);
  }
}

void c_print_prototype(CBinding *self, const CFunction *wanted, bool is_numbered, Buf *out)
{
  const Function *function = wanted->function;
  const Type *result = function->result;
  bool is_bool = result && (result->kind == TYPE_OPTION || result->kind == TYPE_RESULT);
  Str returned = is_bool                            ? STR("bool")
                 : !result || c_is_compound(result) ? STR("void")
                                                    : c_type(self, wanted->scope, result)->name;
  buf_printf(out, "%.*s %.*s(", STR_ARG(returned), STR_ARG(wanted->name));
  uint32_t printed = 0;
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Param *param = &function->params[i];
    const CType *type = c_type(self, wanted->scope, param->type);
    if (c_is_nullable(param->type)) type = c_part(self, type, param->type->element);
    Str name = is_numbered ? str_format(self->arena, "p%u", i) : param_name(self, param);
    separate(out, &printed);
    buf_printf(out, "%.*s %s%.*s", STR_ARG(type->name), c_is_compound(param->type) ? "*" : "", STR_ARG(name));
  }
  print_out_params(self, wanted->scope, result, out, &printed);
  buf_z(out, printed ? ")" : "void)");
}

static void print_heading(const CBinding *self, const CFunction *function, Buf *out)
{
  const CScope *scope = function->scope;
  Str of = scope->interface ? scope->module : self->from->id;
  const char *text =
      function->is_import
          ? "\n// Imported functions of `%.*s`. Arguments stay yours, results become yours.\n"
          : "\n// Exported functions of `%.*s`: yours to define. Arguments are yours to free.\n";
  buf_printf(out, text, STR_ARG(of));
}

static void print_functions(CBinding *self, Buf *out)
{
  const CFunction *before = NULL;
  for (size_t i = 0; i < self->functions.len; i++) {
    const CFunction *it = &self->functions.at[i];
    if (!before || before->scope != it->scope || before->is_import != it->is_import)
      print_heading(self, it, out);
    before = it;
    if (it->left_out.len) {
      buf_printf(out, "// `%.*s` is left out: %.*s\n", STR_ARG(it->function->name), STR_ARG(it->left_out));
      continue;
    }
    c_print_docs(it->function->docs, "", out);
    c_print_prototype(self, it, false, out);
    buf_z(out, ";\n");
  }
}

Str c_header(CBinding *self)
{
  Buf out = buf_in(self->arena);
  Str guard = name_to_c_upper(self->arena, self->world), id = self->from->id;
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n", STR_ARG(id));
  buf_printf(&out, "#ifndef __BINDINGS_%.*s_H\n#define __BINDINGS_%.*s_H\n", STR_ARG(guard), STR_ARG(guard));
  /* Older wit-bindgen headers included these two, and implementers came to rely on them. */
  buf_z(&out, "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
              "#include <stdlib.h>\n#include <string.h>\n");
  buf_z(&out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
  print_types(self, &out);
  print_functions(self, &out);
  c_print_free_declarations(self, &out);
  c_print_resource_declarations(self, &out);
  buf_z(&out, "\n#ifdef __cplusplus\n}\n#endif\n#endif\n");
  return buf_text(&out);
}
