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

/* Of one type, different values give different bytes. */
static void put(Buf *out, const Type *type, Value value)
{
  switch (type->kind) {
  case TYPE_STRING:
    put_u64(out, value.count);
    buf_str(out, value_as_string(value));
    break;
  case TYPE_LIST: put_list(out, type, value); break;
  case TYPE_RECORD:
  case TYPE_TUPLE: put_items(out, type, value); break;
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT:
  case TYPE_ENUM:
    put_u64(out, value.tag);
    if (value_payload_type(type, value)) put(out, value_payload_type(type, value), value.items[0]);
    break;
  default: put_u64(out, value.bits);
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

static uint64_t size_of(const Type *type, Value value)
{
  const Type *payload;
  uint64_t size = 0;
  switch (type->kind) {
  case TYPE_STRING: return value.count;
  case TYPE_LIST:
    if (value_is_packed(type)) return (uint64_t)value.count * type_primitive_size(type->element);
    size = value.count * type_size(type->element);
    for (uint32_t i = 0; i < value.count; i++) size += size_of(type->element, value.items[i]);
    return size;
  case TYPE_RECORD:
  case TYPE_TUPLE:
    for (uint32_t i = 0; i < type->count; i++) size += size_of(type->fields[i].type, value.items[i]);
    return size;
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT:
    payload = value_payload_type(type, value);
    return payload ? size_of(payload, value.items[0]) : 0;
  default: return 0;
  }
}

uint64_t args_size(const Call *call)
{
  uint64_t size = 0;
  for (uint32_t i = 0; i < call->function->param_count; i++)
    size += size_of(call->function->params[i].type, call->args[i]);
  return size;
}
