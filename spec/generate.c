/* Generating values that have parts, and whole values for benchmarks. */
#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "spec/plan.h"

static Arena *arena_of(Draws *draws)
{
  return draws->machine->arena;
}

static Value generate_part(const Plan *self, uint32_t index, Draws *draws)
{
  return self->parts[index]->generate(self->parts[index], draws);
}

static Value generate_fields(const Plan *self, Draws *draws)
{
  uint32_t count = self->type->count;
  DrawsMark mark = draws_enter(draws, self->label);
  Value *items = arena_alloc_raw(arena_of(draws), count * sizeof *items);
  for (uint32_t i = 0; i < count && !draws->stopped; i++) items[i] = generate_part(self, i, draws);
  draws_leave(draws, mark, self->label);
  return (Value){.items = items, .count = count};
}

/* One of `count`, the first being simplest. */
static uint32_t choose(Draws *draws, uint32_t count)
{
  uint64_t index;
  if (count == 0) draws->stopped = true;
  if (count == 0) return 0;
  if (!draws_given(draws, CHOICE_NUMBER, &index)) index = draws_below(draws, count);
  if (index >= count) index = 0;
  draws_put(draws, CHOICE_NUMBER, index);
  return (uint32_t)index;
}

static uint32_t case_count(const Type *type)
{
  return type->kind == TYPE_OPTION || type->kind == TYPE_RESULT ? 2 : type->count;
}

static Value generate_case(const Plan *self, Draws *draws)
{
  DrawsMark mark = draws_enter(draws, self->label);
  Value value = {.tag = choose(draws, case_count(self->type))};
  uint32_t part = self->type->kind == TYPE_OPTION ? 0 : value.tag;
  bool has_payload = !draws->stopped && value_payload_type(self->type, value);
  if (has_payload) {
    Value *payload = arena_alloc_raw(arena_of(draws), sizeof *payload);
    *payload = generate_part(self, part, draws);
    value.items = payload;
  }
  draws_leave(draws, mark, self->label);
  return value;
}

static Value generate_enum(const Plan *self, Draws *draws)
{
  return (Value){.tag = choose(draws, self->type->count)};
}

static Value generate_flags(const Plan *self, Draws *draws)
{
  uint64_t bits = 0;
  for (uint32_t i = 0; i < self->type->count && !draws->stopped; i++)
    bits |= (uint64_t)draws_bool(draws, draws_below(draws, 2)) << i;
  return value_u64(bits);
}

/* --- lists: before each element that may be left out, a choice says whether it comes */

/* What the elements of a new list of numbers have in common; only of lists in no other pattern. */
static void begin_pattern(const Plan *self, Draws *draws, uint64_t length, uint64_t least)
{
  static const PatternKind kinds[12] = {PATTERN_ALPHABET, PATTERN_ALPHABET, PATTERN_UP, PATTERN_DOWN,
                                        PATTERN_MIRROR};
  Pattern *pattern = &draws->pattern;
  if (!type_is_integer(self->type->element)) return;
  *pattern = (Pattern){.kind = kinds[draws_below(draws, 12)], .count = 1 + draws_below(draws, 4)};
  if (pattern->kind != PATTERN_MIRROR) return;
  pattern->count = (uint32_t)length;
  pattern->start = draws->count + 1;
  if (least > 0) pattern->kind = PATTERN_NONE;
}

typedef VEC(Value) Values;

static void generate_elements(const Plan *self, Draws *draws, const Limits *limits, Values *out)
{
  const Plan *element = self->parts[0];
  bool is_new = !draws->given;
  uint64_t length = is_new ? fresh_length(draws, limits, element->weight) : 0;
  Pattern outer = draws->pattern;
  if (is_new && !outer.kind) begin_pattern(self, draws, length, limits->low);
  for (uint64_t i = 0; i < limits->high && !draws->stopped; i++) {
    if (i >= limits->low && !draws_bool(draws, i < length)) break;
    vec_push(arena_of(draws), out, element->generate(element, draws));
  }
  draws->pattern = outer;
}

static Value generate_list(const Plan *self, Draws *draws)
{
  Limits limits = plan_limits(self, draws);
  Values elements = {0};
  if (limits.is_empty) draws->stopped = true;
  DrawsMark mark = draws_enter(draws, self->label);
  generate_elements(self, draws, &limits, &elements);
  draws_leave(draws, mark, self->label);
  return value_list(arena_of(draws), self->type, elements.at, elements.len);
}

/* A string's chars are one choice each: 0 ends it where it may end. */
static Value generate_string(const Plan *self, Draws *draws)
{
  Limits limits = plan_limits(self, draws);
  Buf out = buf_in(arena_of(draws));
  if (limits.is_empty) draws->stopped = true;
  DrawsMark mark = draws_enter(draws, self->label);
  uint64_t length = draws->given ? 0 : fresh_length(draws, &limits, 1);
  while (out.len < limits.high && !draws->stopped) {
    uint64_t choice;
    bool may_end = out.len >= limits.low;
    if (!draws_given(draws, CHOICE_NUMBER, &choice)) {
      bool ends = length == 0;
      choice = ends && may_end ? 0 : fresh_char(draws) + 1;
      if (!ends) length--;
    }
    if (choice > CHAR_COUNT || (choice == 0 && !may_end)) choice = 1;
    /* A char of several bytes may be more than there is room for. */
    char bytes[4];
    size_t size = choice ? utf8_encode(char_at(choice - 1), bytes) : 0;
    if (out.len + size > limits.high) choice = size = 1, bytes[0] = 'a';
    draws_put(draws, CHOICE_NUMBER, choice);
    if (choice == 0) break;
    buf_str(&out, (Str){bytes, size});
  }
  draws_leave(draws, mark, self->label);
  return value_string(buf_text(&out));
}

Generate *plan_generator(const Type *type)
{
  switch (type->kind) {
  case TYPE_BOOL: return generate_bool;
  case TYPE_F32: return generate_f32;
  case TYPE_F64: return generate_f64;
  case TYPE_CHAR: return generate_char;
  case TYPE_STRING: return generate_string;
  case TYPE_LIST: return generate_list;
  case TYPE_TUPLE:
  case TYPE_RECORD: return generate_fields;
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return generate_case;
  case TYPE_ENUM: return generate_enum;
  case TYPE_FLAGS: return generate_flags;
  default: return generate_integer;
  }
}

/* --- generate(type, size: …, seed: …) */

enum { INNER_MAX = 16, VALUES_MAX = 1 << 24 };

typedef struct Maker {
  Arena *arena;
  Rng rng;
  uint64_t left; /* values that may still be made; when none are, lists end */
} Maker;

static Value make(Maker *self, const Type *type, uint64_t size);

static uint64_t inner_size(Maker *self)
{
  return rng_below(&self->rng, INNER_MAX + 1);
}

static Value make_list(Maker *self, const Type *type, uint64_t size)
{
  Values elements = {0};
  for (uint64_t i = 0; i < size && self->left; i++)
    vec_push(self->arena, &elements, make(self, type->element, inner_size(self)));
  return value_list(self->arena, type, elements.at, elements.len);
}

/* Mostly small letters, with digits and spaces between. */
static Value make_string(Maker *self, uint64_t size)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789  ";
  Buf out = buf_in(self->arena);
  for (uint64_t i = 0; i < size; i++) buf_byte(&out, letters[rng_below(&self->rng, sizeof letters - 1)]);
  return value_string(buf_text(&out));
}

static Value make_fields(Maker *self, const Type *type, uint64_t size)
{
  Value *items = arena_array_of(self->arena, Value, type->count);
  for (uint32_t i = 0; i < type->count; i++) items[i] = make(self, type->fields[i].type, size);
  return (Value){.items = items, .count = type->count};
}

static Value make_case(Maker *self, const Type *type, uint64_t size)
{
  Value value = {.tag = (uint32_t)rng_below(&self->rng, case_count(type))};
  const Type *payload = value_payload_type(type, value);
  if (!payload) return value;
  Value *item = arena_new_of(self->arena, Value);
  *item = make(self, payload, size);
  value.items = item;
  return value;
}

static Value make_integer(Maker *self, const Type *type)
{
  unsigned unused = 64 - 8 * (unsigned)type_primitive_size(type);
  uint64_t bits = rng_next(&self->rng);
  return type_is_signed(type) ? value_s64((int64_t)bits >> unused) : value_u64(bits >> unused);
}

static Value make(Maker *self, const Type *type, uint64_t size)
{
  if (self->left) self->left--;
  switch (type->kind) {
  case TYPE_BOOL: return value_bool(rng_below(&self->rng, 2));
  case TYPE_F32: return value_f32((float)(rng_unit(&self->rng) * 1000));
  case TYPE_F64: return value_f64(rng_unit(&self->rng) * 1000);
  case TYPE_CHAR: return value_u64('a' + rng_below(&self->rng, 26));
  case TYPE_STRING: return make_string(self, size);
  case TYPE_LIST: return make_list(self, type, size);
  case TYPE_TUPLE:
  case TYPE_RECORD: return make_fields(self, type, size);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return make_case(self, type, size);
  case TYPE_ENUM: return (Value){.tag = (uint32_t)rng_below(&self->rng, type->count)};
  case TYPE_FLAGS:
    return value_u64(rng_next(&self->rng) &
                     (type->count < 64 ? (UINT64_C(1) << type->count) - 1 : UINT64_MAX));
  default: return make_integer(self, type);
  }
}

Value value_generate(Arena *arena, const Type *type, uint64_t size, uint64_t seed)
{
  Maker maker = {.arena = arena, .rng = rng_from_seed(seed), .left = VALUES_MAX};
  return make(&maker, type, size);
}
