/* `ifc abi` for programs: docs/schemas/abi.json. */
#include "ifc/abi_internal.h"

static Json *core_types(Arena *arena, const CoreType *types, size_t count)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < count; i++) jv_push(out, jv_string(arena, core_type_name(types[i])));
  return out;
}

static Json *signature(Arena *arena, Str module, Str name, const CoreSignature *self)
{
  Json *out = jv_object(arena);
  if (module.len) jv_set_string(out, STR("module"), module);
  jv_set_string(out, STR("name"), name);
  jv_set(out, STR("params"), core_types(arena, self->params, self->param_count));
  jv_set(out, STR("results"), core_types(arena, self->results, self->result_count));
  return out;
}

static void set_size(Json *out, const Type *type)
{
  Layout layout = type_layout(type);
  if (layout.size <= UINT32_MAX) jv_set_integer(out, STR("size"), (int64_t)layout.size);
  jv_set_integer(out, STR("align"), layout.align);
}

static void set_flat(Arena *arena, Json *out, const Type *type)
{
  AbiFlat flat = abi_flat(type);
  jv_set(out, STR("flat"), core_types(arena, flat.types, flat.count));
  if (flat.is_cut) jv_set_bool(out, STR("flat-cut"), true);
}

/* {"name", "type", "size", "align", "flat"} */
static Json *typed(Arena *arena, Str name, const Type *type)
{
  Json *out = jv_object(arena);
  jv_set_string(out, STR("name"), name);
  if (!type) return out;
  jv_set_string(out, STR("type"), type_text(arena, type));
  set_size(out, type);
  set_flat(arena, out, type);
  return out;
}

static Json *function_to_json(Arena *arena, const AbiScope *scope, const Function *function)
{
  AbiFunction self = abi_function(arena, scope, function);
  Json *out = jv_object(arena), *params = jv_array(arena);
  jv_set_string(out, STR("name"), function->name);
  jv_set_string(out, STR("signature"), function_signature(arena, function));
  jv_set_bool(out, STR("async"), function->is_async);
  jv_set(out, STR("export"), signature(arena, STR(""), self.export_name, &self.export));
  jv_set(out, STR("import"), signature(arena, scope->imports, function->name, &self.import));
  for (uint32_t i = 0; i < function->param_count; i++) {
    Json *param = typed(arena, function->params[i].name, function->params[i].type);
    if (self.export.spilled_params) jv_set_integer(param, STR("offset"), self.offsets[i]);
    jv_push(params, param);
  }
  jv_set(out, STR("params"), params);
  if (function->result) jv_set(out, STR("result"), typed(arena, STR("result"), function->result));
  jv_set_bool(out, STR("spilled-params"), self.export.spilled_params);
  jv_set_bool(out, STR("spilled-result"), self.export.spilled_results);
  return out;
}

static void set_fields(Arena *arena, Json *out, const Type *type)
{
  Json *fields = jv_array(arena);
  uint32_t *offsets = arena_array_of(arena, uint32_t, type->count + 1U);
  type_field_offsets(type, offsets);
  for (uint32_t i = 0; i < type->count; i++) {
    Str name = type->kind == TYPE_TUPLE ? str_format(arena, "%u", i) : type->fields[i].name;
    Json *field = jv_object(arena);
    jv_set_string(field, STR("name"), name);
    jv_set_string(field, STR("type"), type_text(arena, type->fields[i].type));
    jv_set_integer(field, STR("offset"), offsets[i]);
    jv_push(fields, field);
  }
  jv_set(out, STR("fields"), fields);
}

static void push_case(Arena *arena, Json *cases, Str name, const Type *payload)
{
  Json *entry = jv_object(arena);
  jv_set_string(entry, STR("name"), name);
  if (payload) jv_set_string(entry, STR("type"), type_text(arena, payload));
  jv_push(cases, entry);
}

static void set_cases(Arena *arena, Json *out, const Type *type)
{
  Json *cases = jv_array(arena);
  if (type->kind == TYPE_OPTION) {
    push_case(arena, cases, STR("none"), NULL);
    push_case(arena, cases, STR("some"), type->element);
  } else if (type->kind == TYPE_RESULT) {
    push_case(arena, cases, STR("ok"), type->element);
    push_case(arena, cases, STR("err"), type->error);
  } else {
    for (uint32_t i = 0; i < type->count; i++)
      push_case(arena, cases, type->fields[i].name, type->fields[i].type);
  }
  jv_set_integer(out, STR("discriminant-size"), type_discriminant_size(type));
  if (type->kind != TYPE_ENUM) jv_set_integer(out, STR("payload-offset"), type_payload_offset(type));
  jv_set(out, STR("cases"), cases);
}

static void set_flags(Arena *arena, Json *out, const Type *type)
{
  Json *flags = jv_array(arena);
  for (uint32_t i = 0; i < type->count; i++) jv_push(flags, jv_string(arena, type->fields[i].name));
  jv_set(out, STR("flags"), flags);
}

static Json *typedef_to_json(Arena *arena, const TypeDef *def)
{
  const Type *type = def->type;
  Json *out = jv_object(arena);
  jv_set_string(out, STR("name"), def->name);
  jv_set_string(out, STR("kind"), def->resource ? STR("resource") : type_kind_name(type->kind));
  set_size(out, type);
  set_flat(arena, out, type);
  if (type_size(type) > UINT32_MAX) return out;
  if (type->kind == TYPE_RECORD || type->kind == TYPE_TUPLE) set_fields(arena, out, type);
  if (abi_has_cases(type)) set_cases(arena, out, type);
  if (type->kind == TYPE_FLAGS) set_flags(arena, out, type);
  return out;
}

Json *abi_to_json(Arena *arena, const AbiScope *self)
{
  Json *out = jv_object(arena), *functions = jv_array(arena), *types = jv_array(arena);
  jv_set_string(out, STR("id"), self->id);
  for (uint32_t i = 0; i < self->function_count; i++)
    jv_push(functions, function_to_json(arena, self, self->functions[i]));
  for (uint32_t i = 0; i < self->type_count; i++) jv_push(types, typedef_to_json(arena, self->types[i]));
  jv_set(out, STR("functions"), functions);
  jv_set(out, STR("types"), types);
  return out;
}
