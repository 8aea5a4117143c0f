#include "ifc/value.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "packed lists are little-endian, as linear memory is");
_Static_assert(sizeof(Value) == 16, "lists of values are copied and scanned all day: keep them small");

#define F32_INFINITY UINT64_C(0x7f800000)
#define F32_SIGN UINT64_C(0x80000000)
#define F64_INFINITY UINT64_C(0x7ff0000000000000)
#define F64_SIGN UINT64_C(0x8000000000000000)

/* Bytes of each primitive kind, 0 for the others: beside type_primitive_size because this is the inner loop
 * of every comparison. */
static const uint8_t primitive_size[TYPE_KIND_COUNT] = {
#define PRIMITIVE(kind, name, bytes) [TYPE_##kind] = bytes,
#define TYPE(kind, name) [TYPE_##kind] = 0,
#include "ifc/types.def"
};

Value value_bool(bool value)
{
  return (Value){.bits = value};
}

Value value_u64(uint64_t value)
{
  return (Value){.bits = value};
}

Value value_s64(int64_t value)
{
  return (Value){.bits = (uint64_t)value};
}

Value value_f64(double value)
{
  Value self = {.bits = 0};
  memcpy(&self.bits, &value, sizeof value);
  return self;
}

Value value_f32(float value)
{
  Value self = {.bits = 0};
  memcpy(&self.bits, &value, sizeof value);
  return self;
}

Value value_string(Str text)
{
  return (Value){.text = text.at, .count = (uint32_t)text.len};
}

double value_as_f64(Value self)
{
  double number;
  memcpy(&number, &self.bits, sizeof number);
  return number;
}

float value_as_f32(Value self)
{
  float number;
  memcpy(&number, &self.bits, sizeof number);
  return number;
}

Str value_as_string(Value self)
{
  return (Str){self.text, self.count};
}

const Type *value_payload_type(const Type *type, Value self)
{
  if (type->kind == TYPE_VARIANT) return type->fields[self.tag].type;
  if (type->kind == TYPE_OPTION) return self.tag ? type->element : NULL;
  if (type->kind == TYPE_RESULT) return self.tag ? type->error : type->element;
  return NULL;
}

bool value_is_packed(const Type *list)
{
  return primitive_size[list->element->kind] != 0;
}

/* The bits of element `index`; the copies become single loads. */
static uint64_t packed_bits(TypeKind kind, const void *packed, size_t index)
{
  const char *at = (const char *)packed + index * primitive_size[kind];
  uint8_t byte;
  uint16_t half;
  uint32_t word;
  uint64_t whole;
  switch (kind) {
  case TYPE_S8: memcpy(&byte, at, sizeof byte); return (uint64_t)(int8_t)byte;
  case TYPE_S16: memcpy(&half, at, sizeof half); return (uint64_t)(int16_t)half;
  case TYPE_S32: memcpy(&word, at, sizeof word); return (uint64_t)(int32_t)word;
  case TYPE_BOOL:
  case TYPE_U8: memcpy(&byte, at, sizeof byte); return byte;
  case TYPE_U16: memcpy(&half, at, sizeof half); return half;
  case TYPE_U32:
  case TYPE_F32:
  case TYPE_CHAR: memcpy(&word, at, sizeof word); return word;
  default: memcpy(&whole, at, sizeof whole); return whole; /* all others of 8 bytes */
  }
}

Value value_list_at(const Type *list, Value self, size_t index)
{
  TypeKind kind = list->element->kind;
  return primitive_size[kind] ? value_u64(packed_bits(kind, self.packed, index)) : self.items[index];
}

static void pack(char *packed, size_t size, const Value *elements, size_t count)
{
  switch (size) {
  case 1:
    for (size_t i = 0; i < count; i++) memcpy(packed + i, &elements[i].bits, 1);
    break;
  case 2:
    for (size_t i = 0; i < count; i++) memcpy(packed + i * 2, &elements[i].bits, 2);
    break;
  case 4:
    for (size_t i = 0; i < count; i++) memcpy(packed + i * 4, &elements[i].bits, 4);
    break;
  default:
    for (size_t i = 0; i < count; i++) memcpy(packed + i * 8, &elements[i].bits, 8);
  }
}

Value value_list(Arena *arena, const Type *list, const Value *elements, size_t count)
{
  Value self = {.items = elements, .count = (uint32_t)count};
  size_t size = primitive_size[list->element->kind];
  if (!size) return self;
  char *packed = arena_alloc_raw(arena, count * size);
  pack(packed, size, elements, count);
  self.packed = packed;
  return self;
}

static bool is_nan(TypeKind kind, uint64_t bits)
{
  if (kind == TYPE_F64) return (bits & ~F64_SIGN) > F64_INFINITY;
  return kind == TYPE_F32 && (bits & ~F32_SIGN) > F32_INFINITY;
}

static bool scalar_equal(TypeKind kind, uint64_t a, uint64_t b)
{
  return a == b || (is_nan(kind, a) && is_nan(kind, b));
}

static bool packed_equal(TypeKind kind, Value a, Value b)
{
  if (a.count != b.count) return false;
  if (a.count == 0 || a.packed == b.packed) return true;
  if (memcmp(a.packed, b.packed, (size_t)a.count * primitive_size[kind]) == 0) return true;
  if (kind != TYPE_F32 && kind != TYPE_F64) return false;
  for (size_t i = 0; i < a.count; i++)
    if (!scalar_equal(kind, packed_bits(kind, a.packed, i), packed_bits(kind, b.packed, i))) return false;
  return true;
}

static bool items_equal(const Type *element, Value a, Value b)
{
  if (a.count != b.count) return false;
  for (size_t i = 0; i < a.count; i++)
    if (!value_equal(element, a.items[i], b.items[i])) return false;
  return true;
}

static bool fields_equal(const Type *type, Value a, Value b)
{
  for (size_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    if (primitive_size[field->kind] ? !scalar_equal(field->kind, a.items[i].bits, b.items[i].bits)
                                    : !value_equal(field, a.items[i], b.items[i]))
      return false;
  }
  return true;
}

static bool cases_equal(const Type *type, Value a, Value b)
{
  if (a.tag != b.tag) return false;
  const Type *payload = value_payload_type(type, a);
  return !payload || value_equal(payload, a.items[0], b.items[0]);
}

/* value_map_sorted in an arena that is made when it is needed; most maps come sorted. */
static Value sorted_in(Arena **arena, const Type *type, Value map)
{
  if (value_map_is_sorted(type, map)) return map;
  if (!*arena) *arena = arena_new();
  return value_map_sorted(*arena, type, map);
}

/* Mostly they came in the same order; else both are sorted. */
static bool maps_equal(const Type *type, Value a, Value b)
{
  if (items_equal(type->element, a, b)) return true;
  Arena *arena = arena_new();
  bool equal = items_equal(type->element, value_map_sorted(arena, type, a), value_map_sorted(arena, type, b));
  arena_free(arena);
  return equal;
}

bool value_equal(const Type *type, Value a, Value b)
{
  switch (value_shape(type)) {
  case VALUE_NUMBER: return scalar_equal(type->kind, a.bits, b.bits);
  case VALUE_STRING: return a.count == b.count && (a.count == 0 || memcmp(a.text, b.text, a.count) == 0);
  case VALUE_LIST:
    return value_is_packed(type) ? packed_equal(type->element->kind, a, b) : items_equal(type->element, a, b);
  case VALUE_MAP: return maps_equal(type, a, b);
  case VALUE_FIELDS: return fields_equal(type, a, b);
  case VALUE_CASE: return cases_equal(type, a, b);
  case VALUE_ENUM: return a.tag == b.tag;
  case VALUE_FLAGS:
  case VALUE_HANDLE: return a.bits == b.bits;
  }
  return false;
}

/* A number whose unsigned order is the order of the scalars: totalOrder of IEEE 754 section 5.10 for floats,
 * with all NaNs last. */
static uint64_t scalar_rank(TypeKind kind, uint64_t bits)
{
  if (is_nan(kind, bits)) return UINT64_MAX;
  switch (kind) {
  case TYPE_S8:
  case TYPE_S16:
  case TYPE_S32:
  case TYPE_S64: return bits ^ F64_SIGN;
  case TYPE_F32: return bits & F32_SIGN ? ~bits & UINT32_MAX : bits | F32_SIGN;
  case TYPE_F64: return bits & F64_SIGN ? ~bits : bits | F64_SIGN;
  default: return bits;
  }
}

static int order(uint64_t a, uint64_t b)
{
  return (a > b) - (a < b);
}

static int scalar_compare(TypeKind kind, uint64_t a, uint64_t b)
{
  return a == b ? 0 : order(scalar_rank(kind, a), scalar_rank(kind, b));
}

static int bytes_compare(const void *a, size_t a_len, const void *b, size_t b_len)
{
  size_t shorter = a_len < b_len ? a_len : b_len;
  int difference = shorter ? memcmp(a, b, shorter) : 0;
  return difference ? (difference > 0) - (difference < 0) : order(a_len, b_len);
}

static int packed_compare(TypeKind kind, Value a, Value b)
{
  size_t size = primitive_size[kind];
  if (size == 1 && kind != TYPE_S8) return bytes_compare(a.packed, a.count, b.packed, b.count);
  enum { BLOCK = 64 };
  size_t shorter = a.count < b.count ? a.count : b.count, i = 0;
  const char *left = a.packed, *right = b.packed;
  while (i + BLOCK <= shorter && memcmp(left + i * size, right + i * size, BLOCK * size) == 0) i += BLOCK;
  for (; i < shorter; i++) {
    int difference = scalar_compare(kind, packed_bits(kind, left, i), packed_bits(kind, right, i));
    if (difference) return difference;
  }
  return order(a.count, b.count);
}

static int items_compare(const Type *element, Value a, Value b)
{
  size_t shorter = a.count < b.count ? a.count : b.count;
  for (size_t i = 0; i < shorter; i++) {
    int difference = value_compare(element, a.items[i], b.items[i]);
    if (difference) return difference;
  }
  return order(a.count, b.count);
}

static int fields_compare(const Type *type, Value a, Value b)
{
  for (size_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    int difference = primitive_size[field->kind]
                         ? scalar_compare(field->kind, a.items[i].bits, b.items[i].bits)
                         : value_compare(field, a.items[i], b.items[i]);
    if (difference) return difference;
  }
  return 0;
}

static int cases_compare(const Type *type, Value a, Value b)
{
  if (a.tag != b.tag) return order(a.tag, b.tag);
  const Type *payload = value_payload_type(type, a);
  return payload ? value_compare(payload, a.items[0], b.items[0]) : 0;
}

static int maps_compare(const Type *type, Value a, Value b)
{
  Arena *arena = NULL;
  int difference = items_compare(type->element, sorted_in(&arena, type, a), sorted_in(&arena, type, b));
  arena_free(arena);
  return difference;
}

int value_compare(const Type *type, Value a, Value b)
{
  switch (value_shape(type)) {
  case VALUE_NUMBER: return scalar_compare(type->kind, a.bits, b.bits);
  case VALUE_STRING: return bytes_compare(a.text, a.count, b.text, b.count);
  case VALUE_LIST:
    return value_is_packed(type) ? packed_compare(type->element->kind, a, b)
                                 : items_compare(type->element, a, b);
  case VALUE_MAP: return maps_compare(type, a, b);
  case VALUE_FIELDS: return fields_compare(type, a, b);
  case VALUE_CASE: return cases_compare(type, a, b);
  case VALUE_ENUM: return order(a.tag, b.tag);
  case VALUE_FLAGS:
  case VALUE_HANDLE: return order(a.bits, b.bits);
  }
  return 0;
}

/* One step of hashing: the finaliser of SplitMix64 (Steele, Lea & Flood 2014) over what came before. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
  hash = (hash + UINT64_C(0x9e3779b97f4a7c15)) ^ word;
  hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
  return hash ^ (hash >> 31);
}

static uint64_t scalar_mix(uint64_t hash, TypeKind kind, uint64_t bits)
{
  return mix(hash, is_nan(kind, bits) ? UINT64_MAX : bits);
}

static uint64_t bytes_mix(uint64_t hash, const char *at, size_t len)
{
  uint64_t word;
  for (; len >= sizeof word; at += sizeof word, len -= sizeof word) {
    memcpy(&word, at, sizeof word);
    hash = mix(hash, word);
  }
  word = 0;
  if (len) memcpy(&word, at, len);
  return len ? mix(hash, word) : hash;
}

static uint64_t value_mix(uint64_t hash, const Type *type, Value self);

static uint64_t list_mix(uint64_t hash, const Type *type, Value self)
{
  TypeKind kind = type->element->kind;
  hash = mix(hash, self.count);
  if (primitive_size[kind] && kind != TYPE_F32 && kind != TYPE_F64)
    return bytes_mix(hash, self.packed, (size_t)self.count * primitive_size[kind]);
  for (size_t i = 0; i < self.count; i++) hash = value_mix(hash, type->element, value_list_at(type, self, i));
  return hash;
}

static uint64_t map_mix(uint64_t hash, const Type *type, Value self)
{
  Arena *arena = NULL;
  Value sorted = sorted_in(&arena, type, self);
  hash = mix(hash, sorted.count);
  for (size_t i = 0; i < sorted.count; i++) hash = value_mix(hash, type->element, sorted.items[i]);
  arena_free(arena);
  return hash;
}

static uint64_t fields_mix(uint64_t hash, const Type *type, Value self)
{
  for (size_t i = 0; i < type->count; i++) hash = value_mix(hash, type->fields[i].type, self.items[i]);
  return hash;
}

static uint64_t case_mix(uint64_t hash, const Type *type, Value self)
{
  const Type *payload = value_payload_type(type, self);
  hash = mix(hash, self.tag);
  return payload ? value_mix(hash, payload, self.items[0]) : hash;
}

static uint64_t value_mix(uint64_t hash, const Type *type, Value self)
{
  switch (value_shape(type)) {
  case VALUE_NUMBER: return scalar_mix(hash, type->kind, self.bits);
  case VALUE_STRING: return bytes_mix(mix(hash, self.count), self.text, self.count);
  case VALUE_LIST: return list_mix(hash, type, self);
  case VALUE_MAP: return map_mix(hash, type, self);
  case VALUE_FIELDS: return fields_mix(hash, type, self);
  case VALUE_CASE: return case_mix(hash, type, self);
  case VALUE_ENUM: return mix(hash, self.tag);
  case VALUE_FLAGS:
  case VALUE_HANDLE: return mix(hash, self.bits);
  }
  return hash;
}

uint64_t value_hash(const Type *type, Value self)
{
  return value_mix(0, type, self);
}

static const void *bytes_copy(Arena *arena, const void *bytes, size_t len)
{
  if (len == 0) return NULL;
  return memcpy(arena_alloc_raw(arena, len), bytes, len);
}

static Value list_copy(Arena *arena, const Type *type, Value self)
{
  if (value_is_packed(type)) {
    self.packed = bytes_copy(arena, self.packed, (size_t)self.count * primitive_size[type->element->kind]);
    return self;
  }
  Value *items = self.count ? arena_array_of(arena, Value, self.count) : NULL;
  for (size_t i = 0; i < self.count; i++) items[i] = value_copy(arena, type->element, self.items[i]);
  self.items = items;
  return self;
}

static Value fields_copy(Arena *arena, const Type *type, Value self)
{
  Value *items = type->count ? arena_array_of(arena, Value, type->count) : NULL;
  for (size_t i = 0; i < type->count; i++) items[i] = value_copy(arena, type->fields[i].type, self.items[i]);
  self.items = items;
  return self;
}

static Value case_copy(Arena *arena, const Type *type, Value self)
{
  const Type *payload = value_payload_type(type, self);
  if (!payload) return self;
  Value *item = arena_new_of(arena, Value);
  *item = value_copy(arena, payload, self.items[0]);
  self.items = item;
  return self;
}

Value value_copy(Arena *arena, const Type *type, Value self)
{
  switch (value_shape(type)) {
  case VALUE_STRING: self.text = bytes_copy(arena, self.text, self.count); return self;
  case VALUE_LIST:
  case VALUE_MAP: return list_copy(arena, type, self);
  case VALUE_FIELDS: return fields_copy(arena, type, self);
  case VALUE_CASE: return case_copy(arena, type, self);
  case VALUE_NUMBER:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: return self;
  }
  return self;
}
