/* Random types and values of them, for tests of laws: small, and biased to edges so that equal ones are
 * common. */
#ifndef TESTS_UNIT_IFC_RANDOM_VALUES_H
#define TESTS_UNIT_IFC_RANDOM_VALUES_H

#include "ifc/base/rng.h"
#include "ifc/value.h"

static inline bool random_chance(Rng *rng, uint64_t of)
{
  return rng_below(rng, of) == 0;
}

static inline const Type *random_type(Arena *arena, Rng *rng, uint32_t depth);

/* The pair that a map's element is. */
static inline const Type *random_pair(Arena *arena, Rng *rng, uint32_t depth)
{
  static const TypeKind keys[] = {TYPE_BOOL, TYPE_S8, TYPE_U8, TYPE_S64, TYPE_U64, TYPE_CHAR, TYPE_STRING};
  Field *fields = arena_array_of(arena, Field, 2);
  fields[0].type = type_of_kind(keys[rng_below(rng, sizeof keys / sizeof *keys)]);
  fields[1].type = random_type(arena, rng, depth - 1);
  Type *pair = arena_new_of(arena, Type);
  *pair = (Type){.kind = TYPE_TUPLE, .count = 2, .fields = fields};
  return pair;
}

/* Fields or cases; cases and flags (`payloads` false) may lack a type. */
static inline const Field *random_fields(Arena *arena, Rng *rng, uint32_t depth, const Type *type)
{
  Field *fields = arena_array_of(arena, Field, type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    if (type->kind != TYPE_TUPLE) fields[i].name = str_format(arena, "n%u", i);
    bool has_type = type->kind == TYPE_TUPLE || type->kind == TYPE_RECORD ||
                    (type->kind == TYPE_VARIANT && random_chance(rng, 2));
    if (has_type) fields[i].type = random_type(arena, rng, depth - 1);
  }
  return fields;
}

static inline const Type *random_type(Arena *arena, Rng *rng, uint32_t depth)
{
  static const TypeKind leaves[] = {TYPE_BOOL, TYPE_S8,  TYPE_U8,  TYPE_S16, TYPE_U16,  TYPE_S32,   TYPE_U32,
                                    TYPE_S64,  TYPE_U64, TYPE_F32, TYPE_F64, TYPE_CHAR, TYPE_STRING};
  static const TypeKind parents[] = {TYPE_LIST,    TYPE_OPTION, TYPE_RESULT, TYPE_TUPLE,      TYPE_RECORD,
                                     TYPE_VARIANT, TYPE_ENUM,   TYPE_FLAGS,  TYPE_FIXED_LIST, TYPE_MAP};
  uint64_t leaf_count = sizeof leaves / sizeof *leaves;
  if (depth == 0 || random_chance(rng, 3)) return type_of_kind(leaves[rng_below(rng, leaf_count)]);
  Type *type = arena_new_of(arena, Type);
  type->kind = parents[rng_below(rng, sizeof parents / sizeof *parents)];
  switch (type->kind) {
  case TYPE_FIXED_LIST: type->count = 1 + (uint32_t)rng_below(rng, 4); /* fall through */
  case TYPE_LIST:
  case TYPE_OPTION: type->element = random_type(arena, rng, depth - 1); break;
  case TYPE_MAP: type->element = random_pair(arena, rng, depth); break;
  case TYPE_RESULT:
    if (random_chance(rng, 2)) type->element = random_type(arena, rng, depth - 1);
    if (random_chance(rng, 2)) type->error = random_type(arena, rng, depth - 1);
    break;
  default:
    type->count = 1 + (uint32_t)rng_below(rng, type->kind == TYPE_FLAGS ? 32 : 4);
    if (type->kind == TYPE_ENUM && random_chance(rng, 4)) type->count = 300;
    type->fields = random_fields(arena, rng, depth, type);
  }
  return type;
}

static inline uint64_t random_float(Rng *rng, bool wide)
{
  static const double edges[] = {0.0, -0.0, 1.0, -1.5, 1e300, -1e300, 5e-324, 0.1, 3.0};
  static const uint64_t nans[] = {0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000001,
                                  0x7ff0000000000000, 0xfff0000000000000};
  static const uint64_t narrow_nans[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0x7f800000, 0xff800000};
  if (random_chance(rng, 3)) return wide ? nans[rng_below(rng, 5)] : narrow_nans[rng_below(rng, 5)];
  if (random_chance(rng, 3)) return wide ? rng_next(rng) : rng_next(rng) >> 32;
  double number = edges[rng_below(rng, 9)];
  return wide ? value_f64(number).bits : value_f32((float)number).bits;
}

static inline uint64_t random_char(Rng *rng)
{
  static const uint32_t edges[] = {'a',    0,      '\'',   '"',      '\\',   '\n',  0x7f,
                                   0xd7ff, 0xe000, 0xffff, 0x10ffff, 0x202e, 0x2603};
  if (random_chance(rng, 2)) return edges[rng_below(rng, sizeof edges / sizeof *edges)];
  uint64_t point = rng_below(rng, 0x110000 - 0x800);
  return point < 0xd800 ? point : point + 0x800;
}

static inline uint64_t random_integer(Rng *rng, const Type *type)
{
  static const uint64_t edges[] = {0, 1, UINT64_MAX, 0x8080808080808080, 0x7f7f7f7f7f7f7f7f, 5};
  uint64_t bits = random_chance(rng, 2) ? rng_next(rng) : edges[rng_below(rng, 6)];
  unsigned unused = 64 - 8 * (unsigned)type_primitive_size(type);
  return type_is_signed(type) ? (uint64_t)((int64_t)(bits << unused) >> unused) : bits << unused >> unused;
}

static inline Value random_value(Arena *arena, Rng *rng, const Type *type);

static inline Value random_items(Arena *arena, Rng *rng, const Type *type)
{
  Value *items = arena_array_of(arena, Value, type->count);
  for (uint32_t i = 0; i < type->count; i++) items[i] = random_value(arena, rng, type->fields[i].type);
  return (Value){.items = items, .count = type->count};
}

static inline Value random_case(Arena *arena, Rng *rng, const Type *type)
{
  uint64_t cases = type->kind == TYPE_VARIANT ? type->count : 2;
  Value self = {.tag = (uint32_t)rng_below(rng, cases)};
  const Type *payload = value_payload_type(type, self);
  if (!payload) return self;
  Value *items = arena_new_of(arena, Value);
  *items = random_value(arena, rng, payload);
  self.items = items;
  return self;
}

static inline Value random_text(Arena *arena, Rng *rng)
{
  Buf text = buf_in(arena);
  for (uint64_t left = rng_below(rng, 4); left; left--) buf_code_point(&text, (uint32_t)random_char(rng));
  return value_string(buf_text(&text));
}

static inline Value random_list(Arena *arena, Rng *rng, const Type *type)
{
  bool is_fixed = type->kind == TYPE_FIXED_LIST;
  size_t limit = random_chance(rng, 8) && value_is_packed(type) ? 300 : 4;
  size_t count = is_fixed ? type->count : rng_below(rng, limit);
  Value *elements = arena_array_of(arena, Value, count);
  for (size_t i = 0; i < count; i++) elements[i] = random_value(arena, rng, type->element);
  return value_list(arena, type, elements, count);
}

static inline Value random_value(Arena *arena, Rng *rng, const Type *type)
{
  switch (type->kind) {
  case TYPE_BOOL: return value_bool(random_chance(rng, 2));
  case TYPE_F32:
  case TYPE_F64: return value_u64(random_float(rng, type->kind == TYPE_F64));
  case TYPE_CHAR: return value_u64(random_char(rng));
  case TYPE_STRING: return random_text(arena, rng);
  case TYPE_LIST:
  case TYPE_FIXED_LIST:
  case TYPE_MAP: return random_list(arena, rng, type);
  case TYPE_TUPLE:
  case TYPE_RECORD: return random_items(arena, rng, type);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return random_case(arena, rng, type);
  case TYPE_ENUM: return (Value){.tag = (uint32_t)rng_below(rng, type->count)};
  case TYPE_FLAGS: return value_u64(rng_next(rng) & (UINT64_MAX >> (64 - type->count)));
  default: return value_u64(random_integer(rng, type));
  }
}

#endif
