#include "bench/trial.h"

static void put(Buf *out, const Type *type, Value value);

static void put_u64(Buf *out, uint64_t number)
{
  buf_str(out, (Str){(const char *)&number, sizeof number});
}

static void put_items(Buf *out, const Type *type, Value value)
{
  for (uint32_t i = 0; i < type->count; i++) put(out, type->fields[i].type, value.items[i]);
}

static void put_list(Buf *out, const Type *type, Value value)
{
  put_u64(out, value.count);
  if (value_is_packed(type)) {
    buf_str(out, (Str){value.packed, value.count * type_primitive_size(type->element)});
    return;
  }
  for (uint32_t i = 0; i < value.count; i++) put(out, type->element, value.items[i]);
}

/* Of one type, different values give different bytes; equal maps the same, in whichever order they came. */
static void put(Buf *out, const Type *type, Value value)
{
  switch (value_shape(type)) {
  case VALUE_STRING:
    put_u64(out, value.count);
    buf_str(out, value_as_string(value));
    break;
  case VALUE_LIST: put_list(out, type, value); break;
  case VALUE_MAP: put_list(out, type, value_map_sorted(out->arena, type, value)); break;
  case VALUE_FIELDS: put_items(out, type, value); break;
  case VALUE_CASE:
  case VALUE_ENUM:
    put_u64(out, value.tag);
    if (value_payload_type(type, value)) put(out, value_payload_type(type, value), value.items[0]);
    break;
  case VALUE_NUMBER:
  case VALUE_FLAGS:
  case VALUE_HANDLE: put_u64(out, value.bits); break;
  }
}

uint64_t value_digest(Arena *scratch, const Type *type, Value value)
{
  if (!type) return 0;
  ArenaMark mark = arena_mark(scratch);
  Buf bytes = buf_in(scratch);
  put(&bytes, type, value);
  Hash hash = hash_of(buf_text(&bytes));
  arena_reset(scratch, mark);
  uint64_t digest;
  memcpy(&digest, hash.bytes, sizeof digest);
  return digest;
}

static uint64_t size_of(const Type *type, Value value);

static uint64_t elements_size(const Type *type, Value list)
{
  uint64_t size = 0;
  if (value_is_packed(type)) return 0;
  for (uint32_t i = 0; i < list.count; i++) size += size_of(type->element, list.items[i]);
  return size;
}

static uint64_t fields_size(const Type *type, Value value)
{
  uint64_t size = 0;
  for (uint32_t i = 0; i < type->count; i++) size += size_of(type->fields[i].type, value.items[i]);
  return size;
}

/* The bytes that the value's strings and lists point to. */
static uint64_t size_of(const Type *type, Value value)
{
  const Type *payload = value_payload_type(type, value);
  switch (value_shape(type)) {
  case VALUE_STRING: return value.count;
  case VALUE_LIST:
  case VALUE_MAP: {
    uint64_t own = type->kind == TYPE_FIXED_LIST ? 0 : value.count * type_size(type->element);
    return own + elements_size(type, value);
  }
  case VALUE_FIELDS: return fields_size(type, value);
  case VALUE_CASE: return payload ? size_of(payload, value.items[0]) : 0;
  case VALUE_NUMBER:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: return 0;
  }
  return 0;
}

uint64_t args_size(const Call *call)
{
  uint64_t size = 0;
  for (uint32_t i = 0; i < call->function->param_count; i++)
    size += size_of(call->function->params[i].type, call->args[i]);
  return size;
}
