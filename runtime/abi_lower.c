#include "runtime/abi_internal.h"

/* The slot that a primitive lowers to; its low bytes are what memory holds. */
static uint64_t lower_primitive(TypeKind kind, uint64_t bits)
{
  switch (kind) {
  case TYPE_F32: return abi_f32((uint32_t)bits);
  case TYPE_F64: return abi_f64(bits);
  case TYPE_S64:
  case TYPE_U64: return bits;
  default: return (uint32_t)bits;
  }
}

static void store_primitive(uint8_t *at, TypeKind kind, uint64_t bits)
{
  abi_write(at, abi_primitive_size[kind], lower_primitive(kind, bits));
}

/* --- strings and lists: their bytes in a block of the module's */

/* A list's elements, one after the other from `at` on. */
static bool store_elements(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  const Type *element = type->element;
  uint64_t size = abi_layout(element).size;
  if (value.count == 0) return true;
  if (value_is_packed(type)) {
    memcpy(self->bytes + at, value.packed, value.count * size);
    abi_canonicalise(element->kind, self->bytes + at, value.count);
    return true;
  }
  for (uint32_t i = 0; i < value.count; i++)
    if (!abi_store_inside(self, element, value.items[i], at + i * size, fault)) return false;
  return true;
}

static bool lower_list(AbiMemory *self, const Type *type, Value value, uint32_t *pointer, Fault *fault)
{
  Layout layout = abi_layout(type->element);
  uint64_t size;
  if (__builtin_mul_overflow(value.count, layout.size, &size)) size = UINT64_MAX;
  return abi_allocate(self, layout.align, size, pointer, fault) &&
         store_elements(self, type, value, *pointer, fault);
}

/* The pointer and length that stand for a string or list. */
static bool lower_block(AbiMemory *self, const Type *type, Value value, uint32_t *pointer, uint32_t *length,
                        Fault *fault)
{
  *length = value.count;
  return type->kind == TYPE_STRING ? abi_lower_string(self, value, pointer, length, fault)
                                   : lower_list(self, type, value, pointer, fault);
}

/* --- to memory */

static bool store_fields(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    Layout layout = abi_layout(field);
    at = abi_align(at, layout.align);
    if (abi_primitive_size[field->kind])
      store_primitive(self->bytes + at, field->kind, value.items[i].bits);
    else if (!abi_store_inside(self, field, value.items[i], at, fault))
      return false;
    at += layout.size;
  }
  return true;
}

static bool store_case(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  abi_write(self->bytes + at, type_discriminant_size(type), value.tag);
  const Type *payload = value_payload_type(type, value);
  return !payload ||
         abi_store_inside(self, payload, value.items[0], at + abi_layout(type).payload_offset, fault);
}

static void store_flags(AbiMemory *self, const Type *type, Value value, uint64_t at)
{
  uint64_t size = abi_layout(type).size;
  for (uint64_t i = 0; i < size; i += 4)
    abi_write(self->bytes + at + i, size < 4 ? size : 4, i < 8 ? value.bits >> (8 * i) : 0);
}

/* A list's or string's bytes in a block, and where they are. */
static bool store_block(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  uint32_t pointer, length;
  if (!lower_block(self, type, value, &pointer, &length, fault)) return false;
  abi_write(self->bytes + at, 4, pointer);
  abi_write(self->bytes + at + 4, 4, length);
  return true;
}

static bool store_handle(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  uint32_t index;
  if (!abi_lower_handle(self, type, value, &index, fault)) return false;
  abi_write(self->bytes + at, 4, index);
  return true;
}

bool abi_store_inside(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault)
{
  switch (type->kind) {
  case TYPE_BOOL:
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_S64:
  case TYPE_U64:
  case TYPE_F32:
  case TYPE_F64:
  case TYPE_CHAR: store_primitive(self->bytes + at, type->kind, value.bits); return true;
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP: return store_block(self, type, value, at, fault);
  case TYPE_FIXED_LIST: return store_elements(self, type, value, at, fault);
  case TYPE_TUPLE:
  case TYPE_RECORD: return store_fields(self, type, value, at, fault);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT:
  case TYPE_ENUM: return store_case(self, type, value, at, fault);
  case TYPE_FLAGS: store_flags(self, type, value, at); return true;
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return store_handle(self, type, value, at, fault);
  }
  return false;
}

bool abi_store(AbiMemory *self, const Type *type, Value value, uint32_t pointer, Fault *fault)
{
  return abi_check_place(self, type, abi_layout(type), pointer, fault) &&
         abi_store_inside(self, type, value, pointer, fault);
}

/* --- to flat slots */

static bool lower_fields(AbiMemory *self, const Type *type, Value value, uint64_t *flat, size_t *used,
                         Fault *fault)
{
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    if (abi_primitive_size[field->kind])
      flat[(*used)++] = lower_primitive(field->kind, value.items[i].bits);
    else if (!abi_lower_flat(self, field, value.items[i], flat, used, fault))
      return false;
  }
  return true;
}

/* Slots that this case does not use are zero. Joined slots need no more: an i32 or f32 in a wider slot is
 * zero-extended, as it is here already. */
static bool lower_case(AbiMemory *self, const Type *type, Value value, uint64_t *flat, size_t *used,
                       Fault *fault)
{
  size_t end = *used + abi_layout(type).flat_count;
  const Type *payload = value_payload_type(type, value);
  flat[(*used)++] = value.tag;
  if (payload && !abi_lower_flat(self, payload, value.items[0], flat, used, fault)) return false;
  while (*used < end) flat[(*used)++] = 0;
  return true;
}

static bool lower_elements(AbiMemory *self, const Type *type, Value value, uint64_t *flat, size_t *used,
                           Fault *fault)
{
  for (uint32_t i = 0; i < value.count; i++)
    if (!abi_lower_flat(self, type->element, value_list_at(type, value, i), flat, used, fault)) return false;
  return true;
}

static void lower_flags(const Type *type, Value value, uint64_t *flat, size_t *used)
{
  for (uint32_t i = 0; i < type->count; i += 32) flat[(*used)++] = i < 64 ? (uint32_t)(value.bits >> i) : 0;
}

bool abi_lower_flat(AbiMemory *self, const Type *type, Value value, uint64_t *flat, size_t *used,
                    Fault *fault)
{
  uint32_t number, length;
  switch (type->kind) {
  case TYPE_BOOL:
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_S64:
  case TYPE_U64:
  case TYPE_F32:
  case TYPE_F64:
  case TYPE_CHAR: flat[(*used)++] = lower_primitive(type->kind, value.bits); return true;
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP:
    if (!lower_block(self, type, value, &number, &length, fault)) return false;
    flat[(*used)++] = number;
    flat[(*used)++] = length;
    return true;
  case TYPE_FIXED_LIST: return lower_elements(self, type, value, flat, used, fault);
  case TYPE_TUPLE:
  case TYPE_RECORD: return lower_fields(self, type, value, flat, used, fault);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return lower_case(self, type, value, flat, used, fault);
  case TYPE_ENUM: flat[(*used)++] = value.tag; return true;
  case TYPE_FLAGS: lower_flags(type, value, flat, used); return true;
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT:
    if (!abi_lower_handle(self, type, value, &number, fault)) return false;
    flat[(*used)++] = number;
    return true;
  }
  return false;
}
