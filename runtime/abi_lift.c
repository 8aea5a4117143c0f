#include <inttypes.h>

#include "runtime/abi_internal.h"

/* What all lifting functions share. */
typedef struct Lifter {
  AbiMemory *memory;
  Arena *arena;
  Fault *fault;
} Lifter;

/* --- numbers */

static bool check_char(uint32_t point, Fault *fault)
{
  if (point < 0xd800 || (point > 0xdfff && point <= 0x10ffff)) return true;
  return fault_set(fault, FAULT_BAD_CHAR, "0x%" PRIx32, point);
}

/* A primitive from a slot or from memory: what is above its width is ignored, as the standard wants it. */
static bool lift_primitive(const Lifter *self, TypeKind kind, uint64_t raw, Value *out)
{
  switch (kind) {
  case TYPE_BOOL: *out = value_bool((uint32_t)raw != 0); return true;
  case TYPE_S8: *out = value_s64((int8_t)raw); return true;
  case TYPE_U8: *out = value_u64((uint8_t)raw); return true;
  case TYPE_S16: *out = value_s64((int16_t)raw); return true;
  case TYPE_U16: *out = value_u64((uint16_t)raw); return true;
  case TYPE_S32: *out = value_s64((int32_t)raw); return true;
  case TYPE_U32: *out = value_u64((uint32_t)raw); return true;
  case TYPE_F32: *out = value_u64(abi_f32((uint32_t)raw)); return true;
  case TYPE_F64: *out = value_u64(abi_f64(raw)); return true;
  case TYPE_CHAR: *out = value_u64((uint32_t)raw); return check_char((uint32_t)raw, self->fault);
  default: *out = value_u64(raw); return true;
  }
}

/* Bits past the last flag are ignored. */
static Value lift_flags(const Type *type, uint64_t bits)
{
  return value_u64(type->count < 64 ? bits & ((UINT64_C(1) << type->count) - 1) : bits);
}

static bool check_case(const Lifter *self, const Type *type, uint32_t tag)
{
  uint32_t count = abi_case_count(type);
  if (tag < count) return true;
  return fault_set(self->fault, FAULT_BAD_DISCRIMINANT, "%" PRIu32 " for %.*s, which has %" PRIu32 " cases",
                   tag, STR_ARG(abi_type_name(type)), count);
}

/* --- strings and lists */

bool abi_check_block(AbiMemory *self, const char *what, Str name, Layout element, uint32_t pointer,
                     uint32_t count, Fault *fault)
{
  uint64_t size;
  if (__builtin_mul_overflow(count, element.size, &size) || size > ABI_BYTES_MAX)
    return fault_set(fault, FAULT_TOO_LONG, "%s %" PRIu32 " %.*s", what, count, STR_ARG(name));
  if (pointer % element.align != 0)
    return fault_set(fault, FAULT_MISALIGNED,
                     "%s %" PRIu32 " %.*s at 0x%" PRIx32 ", which is not a multiple of %" PRIu32, what, count,
                     STR_ARG(name), pointer, element.align);
  if (pointer > self->size || size > self->size - pointer)
    return fault_set(fault, FAULT_BAD_POINTER,
                     "%s %" PRIu32 " %.*s at 0x%" PRIx32 " in a memory of %" PRIu64 " bytes", what, count,
                     STR_ARG(name), pointer, self->size);
  self->lifted += element.size ? size : count;
  if (self->lifted > ABI_BYTES_MAX)
    return fault_set(fault, FAULT_TOO_LONG, "all lists and strings of the result together");
  return true;
}

/* One copy, and one pass more for the types whose elements are not all values. */
static bool lift_packed(const Lifter *self, const Type *element, size_t size, uint64_t at, uint32_t count,
                        Value *out)
{
  uint8_t *packed = arena_alloc_raw(self->arena, count * size);
  memcpy(packed, self->memory->bytes + at, count * size);
  abi_canonicalise(element->kind, packed, count);
  if (element->kind == TYPE_BOOL)
    for (uint32_t i = 0; i < count; i++) packed[i] = packed[i] != 0;
  if (element->kind == TYPE_CHAR)
    for (uint32_t i = 0; i < count; i++)
      if (!check_char((uint32_t)abi_read(packed + i * size, 4), self->fault)) return false;
  *out = (Value){.packed = packed, .count = count};
  return true;
}

static bool load(const Lifter *self, const Type *type, uint64_t at, Value *out);

/* A list's elements, which lie at `at` and are inside memory. */
static bool load_elements(const Lifter *self, const Type *type, uint64_t at, uint32_t count, Value *out)
{
  const Type *element = type->element;
  uint64_t size = abi_layout(element).size;
  *out = (Value){0};
  if (count == 0) return true;
  if (value_is_packed(type)) return lift_packed(self, element, size, at, count, out);
  Value *items = arena_alloc_raw(self->arena, count * sizeof *items);
  for (uint32_t i = 0; i < count; i++)
    if (!load(self, element, at + i * size, &items[i])) return false;
  *out = (Value){.items = items, .count = count};
  return true;
}

static bool lift_list(const Lifter *self, const Type *type, uint32_t pointer, uint32_t count, Value *out)
{
  const Type *element = type->element;
  return abi_check_block(self->memory, "list of", abi_type_name(element), abi_layout(element), pointer, count,
                         self->fault) &&
         load_elements(self, type, pointer, count, out);
}

static bool lift_block(const Lifter *self, const Type *type, uint32_t pointer, uint32_t count, Value *out)
{
  return type->kind == TYPE_STRING
             ? abi_lift_string(self->memory, self->arena, pointer, count, out, self->fault)
             : lift_list(self, type, pointer, count, out);
}

/* --- from memory */

static bool load_primitive(const Lifter *self, TypeKind kind, uint64_t at, Value *out)
{
  return lift_primitive(self, kind, abi_read(self->memory->bytes + at, abi_primitive_size[kind]), out);
}

static bool load_fields(const Lifter *self, const Type *type, uint64_t at, Value *out)
{
  Value *items = arena_alloc_raw(self->arena, type->count * sizeof *items);
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    Layout layout = abi_layout(field);
    at = abi_align(at, layout.align);
    bool loaded = abi_primitive_size[field->kind] ? load_primitive(self, field->kind, at, &items[i])
                                                  : load(self, field, at, &items[i]);
    if (!loaded) return false;
    at += layout.size;
  }
  *out = (Value){.items = items, .count = type->count};
  return true;
}

static bool load_case(const Lifter *self, const Type *type, uint64_t at, Value *out)
{
  uint32_t tag = (uint32_t)abi_read(self->memory->bytes + at, type_discriminant_size(type));
  if (!check_case(self, type, tag)) return false;
  *out = (Value){.tag = tag};
  const Type *payload = value_payload_type(type, *out);
  if (!payload) return true;
  Value *items = arena_alloc_raw(self->arena, sizeof *items);
  out->items = items;
  return load(self, payload, at + abi_layout(type).payload_offset, items);
}

static Value load_flags(const Lifter *self, const Type *type, uint64_t at)
{
  uint64_t size = abi_layout(type).size;
  return lift_flags(type, size == 0 ? 0 : abi_read(self->memory->bytes + at, size < 8 ? size : 8));
}

static bool load(const Lifter *self, const Type *type, uint64_t at, Value *out)
{
  const uint8_t *bytes = self->memory->bytes + at;
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
  case TYPE_CHAR: return load_primitive(self, type->kind, at, out);
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP:
    return lift_block(self, type, (uint32_t)abi_read(bytes, 4), (uint32_t)abi_read(bytes + 4, 4), out);
  case TYPE_FIXED_LIST: return load_elements(self, type, at, type->count, out);
  case TYPE_TUPLE:
  case TYPE_RECORD: return load_fields(self, type, at, out);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT:
  case TYPE_ENUM: return load_case(self, type, at, out);
  case TYPE_FLAGS: *out = load_flags(self, type, at); return true;
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT:
    return abi_lift_handle(self->memory, type, (uint32_t)abi_read(bytes, 4), out, self->fault);
  }
  return false;
}

bool abi_load(AbiMemory *self, Arena *arena, const Type *type, uint32_t pointer, Value *out, Fault *fault)
{
  Value value;
  Lifter lifter = {self, arena, fault};
  if (!abi_check_place(self, type, abi_layout(type), pointer, fault)) return false;
  if (!load(&lifter, type, pointer, &value)) return false;
  *out = value;
  return true;
}

/* --- from flat slots */

static bool lift_flat(const Lifter *self, const Type *type, const uint64_t *flat, size_t *used, Value *out);

static bool lift_fields(const Lifter *self, const Type *type, const uint64_t *flat, size_t *used, Value *out)
{
  Value *items = arena_alloc_raw(self->arena, type->count * sizeof *items);
  for (uint32_t i = 0; i < type->count; i++)
    if (!lift_flat(self, type->fields[i].type, flat, used, &items[i])) return false;
  *out = (Value){.items = items, .count = type->count};
  return true;
}

/* Joined slots need no conversion: every lift takes only its own width. */
static bool lift_case(const Lifter *self, const Type *type, const uint64_t *flat, size_t *used, Value *out)
{
  size_t end = *used + abi_layout(type).flat_count;
  uint32_t tag = (uint32_t)flat[(*used)++];
  if (!check_case(self, type, tag)) return false;
  *out = (Value){.tag = tag};
  const Type *payload = value_payload_type(type, *out);
  if (payload) {
    Value *items = arena_alloc_raw(self->arena, sizeof *items);
    out->items = items;
    if (!lift_flat(self, payload, flat, used, items)) return false;
  }
  *used = end;
  return true;
}

static bool lift_elements(const Lifter *self, const Type *type, const uint64_t *flat, size_t *used,
                          Value *out)
{
  Value *items = arena_alloc_raw(self->arena, type->count * sizeof *items);
  for (uint32_t i = 0; i < type->count; i++)
    if (!lift_flat(self, type->element, flat, used, &items[i])) return false;
  *out = value_list(self->arena, type, items, type->count);
  return true;
}

static Value lift_flat_flags(const Type *type, const uint64_t *flat, size_t *used)
{
  uint64_t bits = 0;
  for (uint32_t i = 0; i < type->count; i += 32, ++*used)
    if (i < 64) bits |= (uint64_t)(uint32_t)flat[*used] << i;
  return lift_flags(type, bits);
}

static bool lift_flat(const Lifter *self, const Type *type, const uint64_t *flat, size_t *used, Value *out)
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
  case TYPE_CHAR: return lift_primitive(self, type->kind, flat[(*used)++], out);
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP:
    *used += 2;
    return lift_block(self, type, (uint32_t)flat[*used - 2], (uint32_t)flat[*used - 1], out);
  case TYPE_FIXED_LIST: return lift_elements(self, type, flat, used, out);
  case TYPE_TUPLE:
  case TYPE_RECORD: return lift_fields(self, type, flat, used, out);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return lift_case(self, type, flat, used, out);
  case TYPE_ENUM: *out = (Value){.tag = (uint32_t)flat[(*used)++]}; return check_case(self, type, out->tag);
  case TYPE_FLAGS: *out = lift_flat_flags(type, flat, used); return true;
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT:
    return abi_lift_handle(self->memory, type, (uint32_t)flat[(*used)++], out, self->fault);
  }
  return false;
}

bool abi_lift_flat(AbiMemory *self, Arena *arena, const Type *type, const uint64_t *flat, size_t *used,
                   Value *out, Fault *fault)
{
  Value value;
  Lifter lifter = {self, arena, fault};
  if (!lift_flat(&lifter, type, flat, used, &value)) return false;
  *out = value;
  return true;
}
