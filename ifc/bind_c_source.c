/* The source of the bindings: for each exported function a wrapper that turns core values into C values,
 * calls the implementer's function, and turns its result into core values. A C struct on wasm32 lies in
 * memory as the Canonical ABI has it, so that only flat values need work: lists, strings and everything
 * spilled are taken where they are. */
#include "ifc/bind_c.h"

static void print_pointer(Str type, Str number, Buf *out)
{
  buf_printf(out, "(%.*s *)(uintptr_t)(uint32_t)%.*s", STR_ARG(type), STR_ARG(number));
}

/* A variant's cases share slots: the value of a case as it was before it was joined with the others. */
static Str coerce(Arena *arena, Str value, CoreType have, CoreType want)
{
  if (have == want) return value;
  if (want == CORE_I32) return str_format(arena, "(int32_t)%.*s", STR_ARG(value));
  if (want == CORE_F64)
    return str_format(arena, "((union { int64_t bits; double number; }){.bits = %.*s}).number",
                      STR_ARG(value));
  return str_format(arena, "((union { int32_t bits; float number; }){.bits = (int32_t)%.*s}).number",
                    STR_ARG(value));
}

/* --- lift functions: static void lift_TYPE(TYPE *out, core values…) ------------------------------------- */

static void lift_call(const CType *made, const char *place, const CSlots *slots, size_t from, size_t count,
                      Buf *out)
{
  buf_printf(out, "lift_%.*s(&%s", STR_ARG(c_type_stem(made)), place);
  for (size_t i = 0; i < count; i++) buf_printf(out, ", %.*s", STR_ARG(slots->text[from + i]));
  buf_z(out, ");\n");
}

bool c_is_block(const Type *type)
{
  return type->kind == TYPE_STRING || type->kind == TYPE_LIST || type->kind == TYPE_MAP;
}

/* What the elements of a block are in C. */
static Str element_name(CBinding *self, const CType *made)
{
  if (made->type->kind == TYPE_STRING) return STR("uint8_t");
  return made->type->kind == TYPE_MAP ? made->entry : c_type(self, made->scope, made->type->element)->name;
}

size_t c_lift_into(CBinding *self, const CType *made, const char *place, const CSlots *slots, size_t from,
                   const char *indent, Buf *out)
{
  CoreType flat[FLAT_PARAMS_MAX];
  Str first = slots->text[from];
  made = c_structure(made);
  TypeKind kind = made->type->kind;
  buf_z(out, indent);
  if (c_is_block(made->type)) {
    buf_printf(out, "%s.ptr = ", place);
    print_pointer(element_name(self, made), first, out);
    buf_printf(out, ";\n%s%s.len = (size_t)(uint32_t)%.*s;\n", indent, place, STR_ARG(slots->text[from + 1]));
    return 2;
  }
  if (type_is_handle(made->type)) {
    bool is_pointer = kind == TYPE_BORROW && made->scope->is_export;
    buf_printf(out, is_pointer ? "%s = (%.*s)(uintptr_t)(uint32_t)%.*s;\n" : "%s = (%.*s){%.*s};\n", place,
               STR_ARG(made->name), STR_ARG(first));
    return 1;
  }
  if (!c_is_compound(made->type)) {
    buf_printf(out, "%s = ", place);
    if (kind != TYPE_BOOL && kind != TYPE_F32 && kind != TYPE_F64)
      buf_printf(out, "(%.*s)", STR_ARG(made->name));
    buf_printf(out, "%.*s%s;\n", STR_ARG(first), kind == TYPE_BOOL ? " != 0" : "");
    return 1;
  }
  size_t count = type_flatten(made->type, flat, FLAT_PARAMS_MAX);
  lift_call(made, place, slots, from, count, out);
  return count;
}

/* One case's payload, from the slots after the discriminant. */
static void lift_payload(CBinding *self, const CType *outer, const Type *part, const char *member,
                         const CSlots *slots, const char *indent, Buf *out)
{
  if (!part) return;
  CSlots payload = {0};
  size_t count = type_flatten(part, payload.type, FLAT_PARAMS_MAX);
  for (size_t i = 0; i < count; i++)
    payload.text[i] = coerce(self->arena, slots->text[i + 1], slots->type[i + 1], payload.type[i]);
  const char *place = c_place(self, "out->val", str_from_z(member));
  (void)c_lift_into(self, c_type(self, outer->scope, part), place, &payload, 0, indent, out);
}

static void lift_cases(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  const Type *type = made->type;
  Str tag = c_unsigned(type_discriminant_size(type));
  buf_printf(out, "  out->tag = (%.*s)%.*s;\n  switch (out->tag) {\n", STR_ARG(tag), STR_ARG(slots->text[0]));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    Str name = name_to_c(self->arena, type->fields[i].name);
    const char *member = c_place(self, ".", name);
    buf_printf(out, "  case %u:\n", i);
    lift_payload(self, made, type->fields[i].type, member, slots, "    ", out);
    buf_z(out, "    break;\n");
  }
  buf_z(out, "  default: break;\n  }\n");
}

static void lift_fields(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  const Type *type = made->type;
  size_t used = 0;
  for (uint32_t i = 0; i < type->count; i++) {
    Str name = type->kind == TYPE_TUPLE ? str_format(self->arena, "f%u", i)
                                        : name_to_c(self->arena, type->fields[i].name);
    const char *place = c_place(self, "out->", name);
    used += c_lift_into(self, c_type(self, made->scope, type->fields[i].type), place, slots, used, "  ", out);
  }
}

static void lift_elements(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  const CType *element = c_type(self, made->scope, made->type->element);
  size_t used = 0;
  for (uint32_t i = 0; i < made->type->count; i++) {
    const char *place = str_to_z(self->arena, str_format(self->arena, "out->items[%u]", i));
    used += c_lift_into(self, element, place, slots, used, "  ", out);
  }
}

static void lift_option(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  buf_z(out, "  out->is_some = s0 != 0;\n  if (out->is_some) {\n");
  lift_payload(self, made, made->type->element, "", slots, "    ", out);
  buf_z(out, "  }\n");
}

static void lift_result(CBinding *self, const CType *made, const CSlots *slots, Buf *out)
{
  buf_z(out, "  out->is_err = s0 != 0;\n  if (!out->is_err) {\n");
  lift_payload(self, made, made->type->element, ".ok", slots, "    ", out);
  buf_z(out, "  } else {\n");
  lift_payload(self, made, made->type->error, ".err", slots, "    ", out);
  buf_z(out, "  }\n");
}

static void print_lift(CBinding *self, const CType *made, Buf *out)
{
  const Type *type = made->type;
  CSlots slots = {0};
  size_t count = type_flatten(type, slots.type, FLAT_PARAMS_MAX);
  buf_printf(out, "\nstatic void lift_%.*s(%.*s *out", STR_ARG(c_type_stem(made)), STR_ARG(made->name));
  for (size_t i = 0; i < count; i++) {
    slots.text[i] = str_format(self->arena, "s%zu", i);
    buf_printf(out, ", %.*s s%zu", STR_ARG(c_core_type(slots.type[i])), i);
  }
  buf_z(out, ")\n{\n");
  switch (type->kind) {
  case TYPE_VARIANT: lift_cases(self, made, &slots, out); break;
  case TYPE_OPTION: lift_option(self, made, &slots, out); break;
  case TYPE_RESULT: lift_result(self, made, &slots, out); break;
  case TYPE_FIXED_LIST: lift_elements(self, made, &slots, out); break;
  default: lift_fields(self, made, &slots, out); break; /* records and tuples: nothing else is_lifted */
  }
  buf_z(out, "}\n");
}

/* Marks the types that parameters bring as flat values. */
void c_mark_lifted(CBinding *self, const CScope *scope, const Type *type)
{
  if (!type || !c_is_compound(type) || c_is_block(type)) return;
  CType *made = map_get(self->names, c_structure(c_type(self, scope, type))->name);
  if (made->is_lifted) return;
  made->is_lifted = true;
  for (uint32_t i = 0; type->fields && i < type->count; i++)
    c_mark_lifted(self, made->scope, type->fields[i].type);
  c_mark_lifted(self, made->scope, type->element);
  c_mark_lifted(self, made->scope, type->error);
}

static void print_lifts(CBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->functions.len; i++) {
    const CFunction *it = &self->functions.at[i];
    if (it->is_import || it->left_out.len || function_export_signature(it->function).spilled_params) continue;
    for (uint32_t p = 0; p < it->function->param_count; p++)
      c_mark_lifted(self, it->scope, it->function->params[p].type);
  }
  for (size_t i = 0; i < self->order.len; i++)
    if (self->order.at[i]->is_lifted) print_lift(self, self->order.at[i], out);
}

/* --- wrappers ----------------------------------------------------------------------------------------------
 */

void c_print_export(const CScope *scope, const char *prefix, Str name, Buf *out)
{
  Str module = scope->interface ? scope->module : STR("");
  buf_printf(out, "\n__attribute__((__export_name__(\"%s%.*s%s%.*s\")))\n", prefix, STR_ARG(module),
             module.len ? "#" : "", STR_ARG(name));
}

static void print_flat_params(CBinding *self, const CFunction *function, Buf *out)
{
  CSlots slots = {0};
  size_t count = 0, used = 0;
  for (uint32_t i = 0; i < function->function->param_count; i++)
    count += type_flatten(function->function->params[i].type, slots.type + count, FLAT_PARAMS_MAX - count);
  for (size_t i = 0; i < count; i++) slots.text[i] = str_format(self->arena, "a%zu", i);
  for (uint32_t i = 0; i < function->function->param_count; i++) {
    const CType *made = c_type(self, function->scope, function->function->params[i].type);
    const char *place = str_to_z(self->arena, str_format(self->arena, "p%u", i));
    buf_printf(out, "  %.*s p%u;\n", STR_ARG(made->name), i);
    used += c_lift_into(self, made, place, &slots, used, "  ", out);
  }
}

/* More than 16 core parameters come as one block, which the host took from cabi_realloc for us. */
static void print_spilled_params(CBinding *self, const CFunction *function, Buf *out)
{
  buf_z(out, "  struct params {\n");
  for (uint32_t i = 0; i < function->function->param_count; i++) {
    const CType *made = c_type(self, function->scope, function->function->params[i].type);
    buf_printf(out, "    %.*s p%u;\n", STR_ARG(made->name), i);
  }
  buf_z(out, "  } params = *");
  print_pointer(STR("struct params"), STR("a0"), out);
  buf_z(out, ";\n  free(");
  print_pointer(STR("void"), STR("a0"), out);
  buf_z(out, ");\n");
}

/* "exports_…_f(&p0, p1, " and then what the caller adds. */
static void print_call(const CFunction *function, bool spilled, const char *out_params, Buf *out)
{
  const char *prefix = spilled ? "params." : "";
  buf_printf(out, "%.*s(", STR_ARG(function->name));
  for (uint32_t i = 0; i < function->function->param_count; i++) {
    const Type *type = function->function->params[i].type;
    if (i) buf_z(out, ", ");
    if (c_is_nullable(type))
      buf_printf(out, "%sp%u.is_some ? &%sp%u.val : NULL", prefix, i, prefix, i);
    else
      buf_printf(out, "%s%sp%u", c_is_compound(type) ? "&" : "", prefix, i);
  }
  buf_printf(out, "%s%s)", function->function->param_count && *out_params ? ", " : "", out_params);
}

/* `bool f(…, ok *ret, err *err)`. The two are separate variables, because an implementer may write to both.
 */
static void print_result_call(CBinding *self, const CFunction *function, bool spilled, Buf *out)
{
  const Type *result = function->function->result;
  const CType *made = c_type(self, function->scope, result);
  if (result->element)
    buf_printf(out, "  %.*s ok;\n  memset(&ok, 0, sizeof ok);\n",
               STR_ARG(c_part(self, made, result->element)->name));
  if (result->error)
    buf_printf(out, "  %.*s err;\n  memset(&err, 0, sizeof err);\n",
               STR_ARG(c_part(self, made, result->error)->name));
  buf_z(out, "  result.is_err = !");
  const char *out_params = result->element && result->error ? "&ok, &err"
                           : result->element                ? "&ok"
                           : result->error                  ? "&err"
                                                            : "";
  print_call(function, spilled, out_params, out);
  buf_z(out, ";\n");
  if (result->element) buf_z(out, "  if (!result.is_err) result.val.ok = ok;\n");
  if (result->error) buf_z(out, "  if (result.is_err) result.val.err = err;\n");
}

/* The one scalar that a compound with a single flat value is made of. */
static void print_only_scalar(CBinding *self, const Type *type, Buf *out)
{
  buf_z(out, "result");
  while (type->kind == TYPE_RECORD || type->kind == TYPE_TUPLE || type->kind == TYPE_FIXED_LIST) {
    Str name = type->kind == TYPE_TUPLE    ? STR("f0")
               : type->kind == TYPE_RECORD ? name_to_c(self->arena, type->fields[0].name)
                                           : STR("items[0]");
    buf_printf(out, ".%.*s", STR_ARG(name));
    type = type->kind == TYPE_FIXED_LIST ? type->element : type->fields[0].type;
  }
  if (type->kind == TYPE_VARIANT) buf_z(out, ".tag");
  if (type->kind == TYPE_RESULT) buf_z(out, ".is_err");
  if (type_is_handle(type)) buf_z(out, ".__handle");
}

static void print_compound_result(CBinding *self, const CFunction *function, const CoreSignature *core,
                                  Buf *out)
{
  const Type *result = function->function->result;
  Str name = c_type(self, function->scope, result)->name;
  /* The host reads a spilled result after the return, until it calls post-return. What the implementer
   * forgets to set is zero, not what an earlier call left there. */
  buf_printf(out, "  %s%.*s result;\n  memset(&result, 0, sizeof result);\n",
             core->spilled_results ? "static " : "", STR_ARG(name));
  if (result->kind == TYPE_RESULT) {
    print_result_call(self, function, core->spilled_params, out);
  } else {
    buf_z(out, result->kind == TYPE_OPTION ? "  result.is_some = " : "  ");
    print_call(function, core->spilled_params, result->kind == TYPE_OPTION ? "&result.val" : "&result", out);
    buf_z(out, ";\n");
  }
  if (core->spilled_results) {
    buf_z(out, "  return (int32_t)(uintptr_t)&result;\n");
  } else {
    buf_printf(out, "  return (%.*s)", STR_ARG(c_core_type(core->results[0])));
    print_only_scalar(self, result, out);
    buf_z(out, ";\n");
  }
}

static void print_wrapper(CBinding *self, const CFunction *function, Buf *out)
{
  CoreSignature core = function_export_signature(function->function);
  c_print_export(function->scope, "", function->function->name, out);
  Str returned = core.result_count ? c_core_type(core.results[0]) : STR("void");
  buf_printf(out, "%.*s __wasm_export_%.*s(", STR_ARG(returned), STR_ARG(function->name));
  for (uint32_t i = 0; i < core.param_count; i++)
    buf_printf(out, "%s%.*s a%u", i ? ", " : "", STR_ARG(c_core_type(core.params[i])), i);
  buf_z(out, core.param_count ? ")\n{\n" : "void)\n{\n");
  if (core.spilled_params)
    print_spilled_params(self, function, out);
  else
    print_flat_params(self, function, out);
  if (function->function->result && c_is_compound(function->function->result)) {
    print_compound_result(self, function, &core, out);
  } else {
    bool is_handle = function->function->result && type_is_handle(function->function->result);
    buf_z(out, "  ");
    if (function->function->result)
      buf_printf(out, is_handle ? "return " : "return (%.*s)", STR_ARG(returned));
    print_call(function, core.spilled_params, "", out);
    buf_z(out, is_handle ? ".__handle;\n" : ";\n");
  }
  buf_z(out, "}\n");
}

static void print_post_return(CBinding *self, const CFunction *function, Buf *out)
{
  if (!function->function->result) return;
  const CType *result = c_type(self, function->scope, function->function->result);
  if (!result->holds_memory) return;
  c_print_export(function->scope, "cabi_post_", function->function->name, out);
  buf_printf(out, "void __wasm_export_%.*s_post_return(int32_t a0)\n{\n", STR_ARG(function->name));
  buf_printf(out, "  %.*s_free(", STR_ARG(c_type_stem(result)));
  print_pointer(result->name, STR("a0"), out);
  buf_z(out, ");\n}\n");
}

/* Implementers may call it too, also where nobody else does. */
static void print_realloc(bool is_exported, Buf *out)
{
  buf_printf(out, "\n__attribute__((__weak__%s))\n",
             is_exported ? ", __export_name__(\"cabi_realloc\")" : "");
  buf_z(out, "void *cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size)\n{\n"
             "  (void)old_size;\n  if (new_size == 0) return (void *)align;\n"
             "  void *block = realloc(old, new_size);\n  if (!block) __builtin_trap();\n"
             "  return block;\n}\n");
}

static bool needs_realloc(const CFunction *it)
{
  const Function *function = it->function;
  if (!it->is_import) return function_needs_realloc(function);
  return function->result && type_layout(function->result).has_pointers;
}

/* wit-bindgen has it in an object of its own, with the world's type for wit-component; older sources refer to
 * it, so that it is linked. */
static void print_link_symbol(const CBinding *self, Buf *out)
{
  buf_printf(out,
             "\nvoid __component_type_object_force_link_%.*s(void);\n"
             "__attribute__((__weak__)) void __component_type_object_force_link_%.*s(void) {}\n",
             STR_ARG(self->world), STR_ARG(self->world));
}

Str c_source(CBinding *self)
{
  Buf out = buf_in(self->arena);
  bool has_realloc = false;
  for (size_t i = 0; i < self->functions.len; i++)
    has_realloc |= !self->functions.at[i].left_out.len && needs_realloc(&self->functions.at[i]);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n", STR_ARG(self->from->id));
  buf_printf(&out, "#include \"%.*s.h\"\n", STR_ARG(self->world));
  buf_z(&out, "#include <stdlib.h>\n#include <string.h>\n");
  c_print_free_definitions(self, &out);
  /* Everything above also serves native builds, in which an implementation can be tried and measured. */
  buf_z(&out, "\n#ifdef __wasm32__\n");
  print_realloc(has_realloc, &out);
  c_print_resource_definitions(self, &out);
  c_mark_imports(self);
  print_lifts(self, &out);
  c_print_lowers(self, &out);
  for (size_t i = 0; i < self->functions.len; i++) {
    const CFunction *it = &self->functions.at[i];
    if (it->left_out.len) continue;
    if (it->is_import) {
      c_print_imported(self, it, &out);
    } else {
      print_wrapper(self, it, &out);
      print_post_return(self, it, &out);
    }
  }
  print_link_symbol(self, &out);
  buf_z(&out, "#endif\n");
  return buf_text(&out);
}
