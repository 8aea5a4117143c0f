/* The other side of bind_c_source.c: for each imported function one that turns C values into core values,
 * calls the import, and turns its result into C values. Parameters that do not fit and results that are
 * returned in memory are C structs as they are. */
#include "ifc/bind_c.h"

void c_print_import(Str module, Str name, Buf *out)
{
  buf_printf(out, "\n__attribute__((__import_module__(\"%.*s\"), __import_name__(\"%.*s\")))\n",
             STR_ARG(module), STR_ARG(name));
}

const char *c_place(const CBinding *self, const char *base, Str member)
{
  return str_to_z(self->arena, str_format(self->arena, "%s%.*s", base, STR_ARG(member)));
}

/* --- lower functions: static void lower_TYPE(const TYPE *in, pointers to core values…) */

/* Cases share slots: a case's core value, in `value`, as the slot has it. */
static Str join(Arena *arena, Str value, CoreType have, CoreType want)
{
  if (have == want) return value;
  if (have == CORE_I32) return str_format(arena, "(int64_t)(uint32_t)%.*s", STR_ARG(value));
  if (have == CORE_F64)
    return str_format(arena, "((union { double number; int64_t bits; }){.number = %.*s}).bits",
                      STR_ARG(value));
  const char *widen = want == CORE_I64 ? "(int64_t)(uint32_t)" : "";
  return str_format(arena, "%s((union { float number; int32_t bits; }){.number = %.*s}).bits", widen,
                    STR_ARG(value));
}

/* Prints what sets the slots at `from`, which must be of the type's own flat types, to what is at `place`;
 * returns how many slots that took. */
static size_t lower_from(const CType *made, const char *place, const CSlots *slots, size_t from,
                         const char *indent, Buf *out)
{
  CoreType flat[FLAT_PARAMS_MAX];
  Str first = slots->text[from];
  const Type *type = c_structure(made)->type;
  if (c_is_block(type)) {
    buf_printf(out, "%s%.*s = (int32_t)(uintptr_t)%s.ptr;\n", indent, STR_ARG(first), place);
    buf_printf(out, "%s%.*s = (int32_t)%s.len;\n", indent, STR_ARG(slots->text[from + 1]), place);
    return 2;
  }
  size_t count = type_flatten(type, flat, FLAT_PARAMS_MAX);
  if (!c_is_compound(type)) {
    const char *member = type_is_handle(type) ? ".__handle" : "";
    buf_printf(out, "%s%.*s = (%.*s)%s%s;\n", indent, STR_ARG(first), STR_ARG(c_core_type(flat[0])), place,
               member);
    return 1;
  }
  Str stem = c_type_stem(c_structure(made));
  buf_printf(out, "%slower_%.*s(&%s", indent, STR_ARG(stem), place);
  for (size_t i = 0; i < count; i++) buf_printf(out, ", &%.*s", STR_ARG(slots->text[from + i]));
  buf_z(out, ");\n");
  return count;
}

/* One case's payload, into the slots after the discriminant. */
static void lower_payload(CBinding *self, const CType *outer, const Type *part, const char *member,
                          const CSlots *slots, Buf *out)
{
  if (!part) return;
  CSlots payload = {0};
  size_t count = type_flatten(part, payload.type, FLAT_PARAMS_MAX);
  for (size_t i = 0; i < count; i++) {
    payload.text[i] = str_format(self->arena, "t%zu", i);
    buf_printf(out, "    %.*s t%zu;\n", STR_ARG(c_core_type(payload.type[i])), i);
  }
  const char *place = c_place(self, "in->val", str_from_z(member));
  (void)lower_from(c_type(self, outer->scope, part), place, &payload, 0, "    ", out);
  for (size_t i = 0; i < count; i++) {
    Str joined = join(self->arena, payload.text[i], payload.type[i], slots->type[i + 1]);
    buf_printf(out, "    %.*s = %.*s;\n", STR_ARG(slots->text[i + 1]), STR_ARG(joined));
  }
}

static void lower_cases(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  const Type *type = made->type;
  buf_z(out, "  *s0 = in->tag;\n  switch (in->tag) {\n");
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    Str name = name_to_c(self->arena, type->fields[i].name);
    buf_printf(out, "  case %u: {\n", i);
    lower_payload(self, made, type->fields[i].type, c_place(self, ".", name), slots, out);
    buf_z(out, "    break;\n  }\n");
  }
  buf_z(out, "  default: break;\n  }\n");
}

static void lower_option(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  buf_z(out, "  *s0 = in->is_some;\n  if (in->is_some) {\n");
  lower_payload(self, made, made->type->element, "", slots, out);
  buf_z(out, "  }\n");
}

static void lower_result(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  buf_z(out, "  *s0 = in->is_err;\n  if (!in->is_err) {\n");
  lower_payload(self, made, made->type->element, ".ok", slots, out);
  buf_z(out, "  } else {\n");
  lower_payload(self, made, made->type->error, ".err", slots, out);
  buf_z(out, "  }\n");
}

static void lower_parts(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  const Type *type = made->type;
  size_t used = 0;
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *part = type->kind == TYPE_FIXED_LIST ? type->element : type->fields[i].type;
    Str name = type->kind == TYPE_FIXED_LIST ? str_format(self->arena, "items[%u]", i)
               : type->kind == TYPE_TUPLE    ? str_format(self->arena, "f%u", i)
                                             : name_to_c(self->arena, type->fields[i].name);
    const char *place = c_place(self, "in->", name);
    used += lower_from(c_type(self, made->scope, part), place, slots, used, "  ", out);
  }
}

static void print_lower(CBinding *self, const CType *made, Buf *out)
{
  CSlots slots = {0};
  size_t count = type_flatten(made->type, slots.type, FLAT_PARAMS_MAX);
  Str name = made->name;
  buf_printf(out, "\nstatic void lower_%.*s(const %.*s *in", STR_ARG(c_type_stem(made)), STR_ARG(name));
  for (size_t i = 0; i < count; i++) {
    slots.text[i] = str_format(self->arena, "*s%zu", i);
    buf_printf(out, ", %.*s *s%zu", STR_ARG(c_core_type(slots.type[i])), i);
  }
  buf_z(out, ")\n{\n");
  bool has_cases =
      made->type->kind == TYPE_VARIANT || made->type->kind == TYPE_OPTION || made->type->kind == TYPE_RESULT;
  /* What a case leaves unused is zero. */
  for (size_t i = 1; has_cases && i < count; i++) buf_printf(out, "  *s%zu = 0;\n", i);
  switch (made->type->kind) {
  case TYPE_VARIANT: lower_cases(self, made, &slots, out); break;
  case TYPE_OPTION: lower_option(self, made, &slots, out); break;
  case TYPE_RESULT: lower_result(self, made, &slots, out); break;
  default: lower_parts(self, made, &slots, out); break; /* nothing else is_lowered */
  }
  buf_z(out, "}\n");
}

static void mark_lowered(CBinding *self, const CScope *scope, const Type *type)
{
  if (!type || !c_is_compound(type) || c_is_block(type)) return;
  CType *made = map_get(self->names, c_structure(c_type(self, scope, type))->name);
  if (made->is_lowered) return;
  made->is_lowered = true;
  for (uint32_t i = 0; type->fields && i < type->count; i++)
    mark_lowered(self, made->scope, type->fields[i].type);
  mark_lowered(self, made->scope, type->element);
  mark_lowered(self, made->scope, type->error);
}

void c_mark_imports(CBinding *self)
{
  for (size_t i = 0; i < self->functions.len; i++) {
    const CFunction *it = &self->functions.at[i];
    if (!it->is_import || it->left_out.len) continue;
    CoreSignature core = function_export_signature(it->function);
    if (it->function->result && !core.spilled_results) c_mark_lifted(self, it->scope, it->function->result);
    for (uint32_t p = 0; p < it->function->param_count && !core.spilled_params; p++)
      mark_lowered(self, it->scope, it->function->params[p].type);
  }
}

void c_print_lowers(CBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->order.len; i++)
    if (self->order.at[i]->is_lowered) print_lower(self, self->order.at[i], out);
}

/* --- calls */

static void declare_import(const CFunction *self, const CoreSignature *core, Buf *out)
{
  Str returned = core->result_count && !core->spilled_results ? c_core_type(core->results[0]) : STR("void");
  uint32_t printed = 0;
  c_print_import(self->scope->module, self->function->name, out);
  buf_printf(out, "extern %.*s __wasm_import_%.*s(", STR_ARG(returned), STR_ARG(self->name));
  for (uint32_t i = 0; i < core->param_count; i++)
    buf_printf(out, "%s%.*s", printed++ ? ", " : "", STR_ARG(c_core_type(core->params[i])));
  if (core->spilled_results) buf_printf(out, "%sint32_t", printed++ ? ", " : "");
  buf_z(out, printed ? ");\n" : "void);\n");
}

/* What stands for a parameter's value: an option that came as a pointer becomes a local. */
static const char *param_place(CBinding *self, const CFunction *function, uint32_t i, Buf *out)
{
  const Type *type = function->function->params[i].type;
  if (!c_is_nullable(type))
    return c_place(self, "", str_format(self->arena, c_is_compound(type) ? "(*p%u)" : "p%u", i));
  Str name = c_type(self, function->scope, type)->name;
  buf_printf(out, "  %.*s o%u;\n  memset(&o%u, 0, sizeof o%u);\n", STR_ARG(name), i, i, i);
  buf_printf(out, "  o%u.is_some = p%u != NULL;\n  if (p%u) o%u.val = *p%u;\n", i, i, i, i, i);
  return c_place(self, "", str_format(self->arena, "o%u", i));
}

static void print_spilled(CBinding *self, const CFunction *function, Buf *out)
{
  uint32_t count = function->function->param_count;
  Buf copies = buf_in(self->arena);
  for (uint32_t i = 0; i < count; i++)
    buf_printf(&copies, "  params.p%u = %s;\n", i, param_place(self, function, i, out));
  buf_z(out, "  struct {\n");
  for (uint32_t i = 0; i < count; i++)
    buf_printf(out, "    %.*s p%u;\n",
               STR_ARG(c_type(self, function->scope, function->function->params[i].type)->name), i);
  buf_z(out, "  } params;\n");
  buf_str(out, buf_text(&copies));
}

static void print_flat(CBinding *self, const CFunction *function, const CoreSignature *core, Buf *out)
{
  CSlots slots = {0};
  size_t used = 0;
  for (uint32_t i = 0; i < core->param_count; i++) {
    slots.text[i] = str_format(self->arena, "a%u", i);
    buf_printf(out, "  %.*s a%u;\n", STR_ARG(c_core_type(core->params[i])), i);
  }
  for (uint32_t i = 0; i < function->function->param_count; i++) {
    const CType *made = c_type(self, function->scope, function->function->params[i].type);
    used += lower_from(made, param_place(self, function, i, out), &slots, used, "  ", out);
  }
}

static void print_core_call(const CFunction *function, const CoreSignature *core, Buf *out)
{
  uint32_t printed = 0;
  buf_printf(out, "__wasm_import_%.*s(", STR_ARG(function->name));
  if (core->spilled_params) {
    buf_printf(out, "%s(int32_t)(uintptr_t)&params", printed++ ? ", " : "");
  } else {
    for (uint32_t i = 0; i < core->param_count; i++) buf_printf(out, "%sa%u", printed++ ? ", " : "", i);
  }
  if (core->spilled_results) buf_printf(out, "%s(int32_t)(uintptr_t)&result", printed++ ? ", " : "");
  buf_z(out, ");\n");
}

/* From `result` to what the caller of the function gets. */
static void print_return(const Type *result, Buf *out)
{
  switch (result->kind) {
  case TYPE_OPTION: buf_z(out, "  if (result.is_some) *ret = result.val;\n  return result.is_some;\n"); break;
  case TYPE_RESULT:
    if (result->error) buf_z(out, "  if (result.is_err) *err = result.val.err;\n");
    if (result->element) buf_z(out, "  if (!result.is_err) *ret = result.val.ok;\n");
    buf_z(out, "  return !result.is_err;\n");
    break;
  default: buf_z(out, c_is_compound(result) ? "  *ret = result;\n" : "  return result;\n"); break;
  }
}

void c_print_imported(CBinding *self, const CFunction *function, Buf *out)
{
  const Type *result = function->function->result;
  CoreSignature core = function_export_signature(function->function);
  declare_import(function, &core, out);
  buf_byte(out, '\n');
  c_print_prototype(self, function, true, out);
  buf_z(out, "\n{\n");
  if (core.spilled_params)
    print_spilled(self, function, out);
  else
    print_flat(self, function, &core, out);
  if (result) buf_printf(out, "  %.*s result;\n", STR_ARG(c_type(self, function->scope, result)->name));
  buf_z(out, "  ");
  if (result && !core.spilled_results)
    buf_printf(out, "%.*s returned = ", STR_ARG(c_core_type(core.results[0])));
  print_core_call(function, &core, out);
  if (result && !core.spilled_results) {
    CSlots slots = {.text = {STR("returned")}, .type = {core.results[0]}};
    (void)c_lift_into(self, c_type(self, function->scope, result), "result", &slots, 0, "  ", out);
  }
  if (result) print_return(result, out);
  buf_z(out, "}\n");
}
