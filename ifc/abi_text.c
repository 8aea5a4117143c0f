/* `ifc abi` for people. */
#include "ifc/abi_internal.h"
#include "ifc/base/utf8.h"

enum { FLAT_SHOWN = 12 };

static void put_padded(Buf *out, Str text, size_t width)
{
  size_t columns = utf8_columns(text);
  buf_str(out, text);
  if (columns < width) buf_repeat(out, ' ', width - columns);
}

/* "f64 f64 i32", "i32 i32 … (40 or more)", "nothing". */
static void put_flat(const Type *type, Buf *out)
{
  AbiFlat flat = abi_flat(type);
  for (size_t i = 0; i < flat.count && i < FLAT_SHOWN; i++) {
    if (i) buf_byte(out, ' ');
    buf_str(out, core_type_name(flat.types[i]));
  }
  if (!flat.count) buf_z(out, "nothing");
  if (flat.count > FLAT_SHOWN || flat.is_cut)
    buf_printf(out, " … (%zu%s)", flat.count, flat.is_cut ? " or more" : "");
}

static size_t widest_param(const Function *function)
{
  size_t width = STR("result").len;
  for (uint32_t i = 0; i < function->param_count; i++)
    if (function->params[i].name.len > width) width = function->params[i].name.len;
  return width;
}

static void put_params(Arena *arena, const AbiFunction *self, Buf *out)
{
  const Function *function = self->function;
  size_t width = widest_param(function);
  if (self->export.spilled_params)
    buf_printf(out, "  parameters: one pointer to %llu bytes, aligned to %u\n",
               (unsigned long long)self->params.size, self->params.align);
  for (uint32_t i = 0; i < function->param_count; i++) {
    buf_z(out, "    ");
    if (self->export.spilled_params) buf_printf(out, "%4u  ", self->offsets[i]);
    put_padded(out, function->params[i].name, width + 2);
    buf_printf(out, "%.*s", STR_ARG(type_text(arena, function->params[i].type)));
    buf_z(out, self->export.spilled_params ? "" : ": ");
    if (!self->export.spilled_params) put_flat(function->params[i].type, out);
    buf_byte(out, '\n');
  }
  if (!function->result) return;
  buf_z(out, "    ");
  put_padded(out, STR("result"), width + 2);
  buf_printf(out, "%.*s: ", STR_ARG(type_text(arena, function->result)));
  if (self->export.spilled_results)
    buf_printf(out, "a pointer to %llu bytes, aligned to %u", (unsigned long long)type_size(function->result),
               type_align(function->result));
  else
    put_flat(function->result, out);
  buf_byte(out, '\n');
}

static void put_function(Arena *arena, const AbiScope *scope, const Function *function, Buf *out)
{
  AbiFunction self = abi_function(arena, scope, function);
  buf_printf(out, "\n%.*s: %.*s\n", STR_ARG(function->name), STR_ARG(function_signature(arena, function)));
  if (function->is_async)
    buf_z(out, "  async: below are the signatures for those who call and answer synchronously\n");
  buf_printf(out, "  export %.*s\n    %.*s\n", STR_ARG(self.export_name),
             STR_ARG(core_signature_text(arena, &self.export)));
  if (function->result && function_needs_memory(function)) {
    Str result = core_type_name(self.export.results[0]);
    buf_printf(out, "  export cabi_post_%.*s, may be missing\n    (%.*s) -> ()\n", STR_ARG(self.export_name),
               STR_ARG(self.export.result_count ? result : STR("")));
  }
  buf_printf(out, "  import %.*s %.*s\n    %.*s\n", STR_ARG(scope->imports), STR_ARG(function->name),
             STR_ARG(core_signature_text(arena, &self.import)));
  put_params(arena, &self, out);
}

/* --- types */

static void put_fields(Arena *arena, const Type *type, Buf *out)
{
  uint32_t *offsets = arena_array_of(arena, uint32_t, type->count + 1U);
  type_field_offsets(type, offsets);
  for (uint32_t i = 0; i < type->count; i++) {
    Str name = type->kind == TYPE_TUPLE ? str_format(arena, "%u", i) : type->fields[i].name;
    buf_printf(out, "    %4u  %.*s: %.*s\n", offsets[i], STR_ARG(name),
               STR_ARG(type_text(arena, type->fields[i].type)));
  }
}

static void put_case(Arena *arena, uint32_t tag, Str name, const Type *payload, Buf *out)
{
  buf_printf(out, "    case %u  %.*s", tag, STR_ARG(name));
  if (payload) buf_printf(out, ": %.*s", STR_ARG(type_text(arena, payload)));
  buf_byte(out, '\n');
}

static void put_cases(Arena *arena, const Type *type, Buf *out)
{
  buf_printf(out, "       0  the case, in %u byte%s\n", type_discriminant_size(type),
             type_discriminant_size(type) == 1 ? "" : "s");
  if (type->kind != TYPE_ENUM) buf_printf(out, "    %4u  its payload\n", type_payload_offset(type));
  if (type->kind == TYPE_OPTION) {
    put_case(arena, 0, STR("none"), NULL, out);
    put_case(arena, 1, STR("some"), type->element, out);
  } else if (type->kind == TYPE_RESULT) {
    put_case(arena, 0, STR("ok"), type->element, out);
    put_case(arena, 1, STR("err"), type->error, out);
  } else {
    for (uint32_t i = 0; i < type->count; i++)
      put_case(arena, i, type->fields[i].name, type->fields[i].type, out);
  }
}

static void put_parts(Arena *arena, const Type *type, Buf *out)
{
  if (type->kind == TYPE_RECORD || type->kind == TYPE_TUPLE) put_fields(arena, type, out);
  if (abi_has_cases(type)) put_cases(arena, type, out);
  if (type->kind == TYPE_STRING || type->kind == TYPE_LIST || type->kind == TYPE_MAP)
    buf_z(out, "       0  pointer\n       4  length\n");
  for (uint32_t i = 0; type->kind == TYPE_FLAGS && i < type->count; i++)
    buf_printf(out, "    bit %u  %.*s\n", i, STR_ARG(type->fields[i].name));
}

static void put_type(Arena *arena, const TypeDef *def, Buf *out)
{
  const Type *type = def->type;
  Layout layout = type_layout(type);
  buf_printf(out, "\n%.*s: ", STR_ARG(def->name));
  if (def->resource)
    buf_z(out, "resource, its handles");
  else
    buf_str(out, type->named ? type_kind_name(type->kind) : type_text(arena, type));
  if (layout.size > UINT32_MAX) {
    buf_z(out, "\n  too large for memory\n");
    return;
  }
  buf_printf(out, "\n  size %llu, aligned to %u, flat ", (unsigned long long)layout.size, layout.align);
  put_flat(type, out);
  buf_byte(out, '\n');
  put_parts(arena, type, out);
}

Str abi_show(Arena *arena, const AbiScope *self)
{
  Buf out = buf_in(arena);
  buf_printf(&out, "%.*s\n", STR_ARG(self->id));
  for (uint32_t i = 0; i < self->function_count; i++) put_function(arena, self, self->functions[i], &out);
  for (uint32_t i = 0; i < self->type_count; i++) put_type(arena, self->types[i], &out);
  return buf_text(&out);
}
