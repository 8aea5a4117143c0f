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
  draws_note(draws, ROLE_OTHER, TYPE_ENUM, index);
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

/* What is as long as it may be has its end as a choice, too, which can only be 0: once it is made shorter, it
 * does not take in what comes after it. */
static void put_last(Draws *draws, ChoiceKind kind)
{
  uint64_t ignored;
  if (draws->stopped) return;
  draws_given(draws, kind, &ignored);
  draws_put(draws, kind, 0);
}

/* What the elements of a new list of numbers have in common; only of lists in no other pattern. */
static void begin_pattern(const Plan *self, Draws *draws, uint64_t length, uint64_t least)
{
  static const PatternKind kinds[12] = {PATTERN_ALPHABET, PATTERN_ALPHABET, PATTERN_UP, PATTERN_DOWN,
                                        PATTERN_MIRROR};
  Pattern *pattern = &draws->pattern;
  if (!type_is_integer(self->type->element)) return;
  *pattern = (Pattern){.kind = kinds[draws_below(draws, 12)]};
  pattern->count = 1 + draws_below(draws, 4);
  if (pattern->kind != PATTERN_MIRROR) return;
  pattern->count = (uint32_t)length;
  pattern->start = draws->count + 1;
  if (least > 0) pattern->kind = PATTERN_NONE;
}

typedef VEC(Value) Values;

/* The rest of a list of which so many elements are to be new. */
static void generate_more(const Plan *self, Draws *draws, const Limits *limits, uint64_t more, Values *out)
{
  const Choice *given = draws->given;
  draws->given = NULL;
  for (; out->len < limits->high && !draws->stopped; more -= more > 0) {
    if (out->len >= limits->low) {
      draws_put(draws, CHOICE_BOOL, more > 0);
      draws_note(draws, ROLE_GOES, self->type->kind, more > 0);
      if (more == 0) break;
    }
    draws->depth++;
    vec_push(arena_of(draws), out, generate_part(self, 0, draws));
    draws->depth--;
  }
  draws->given = given;
}

static void put_list_end(const Plan *self, Draws *draws)
{
  put_last(draws, CHOICE_BOOL);
  draws_note(draws, ROLE_GOES, self->type->kind, false);
}

static void generate_elements(const Plan *self, Draws *draws, const Limits *limits, Values *out)
{
  const Plan *element = self->parts[0];
  bool is_new = !draws->given;
  uint64_t length = is_new ? fresh_length(draws, limits, element->weight) : 0, more;
  Pattern outer = draws->pattern;
  if (is_new && !outer.kind) begin_pattern(self, draws, length, limits->low);
  for (uint64_t i = 0; i < limits->high && !draws->stopped; i++) {
    if (i >= limits->low) {
      if (draws_marked(draws, CHOICE_MORE, &more)) {
        generate_more(self, draws, limits, more, out);
        break;
      }
      bool goes = draws_bool(draws, i < length);
      draws_note(draws, ROLE_GOES, self->type->kind, goes);
      if (!goes) break;
    }
    draws->depth++;
    vec_push(arena_of(draws), out, element->generate(element, draws));
    draws->depth--;
  }
  if (out->len == limits->high && limits->high > limits->low) put_list_end(self, draws);
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

/* A string's chars are one choice each: 0 ends it where it may end. How many are still to be made anew, and
 * what they are made of. */
typedef struct NewChars {
  uint64_t left;
  Str text;    /* these, one after the other, */
  Str letters; /* or any of these; neither: any */
} NewChars;

/* A place between two chars, or at an end. */
static size_t place_in(Draws *draws, Str text)
{
  size_t at = draws_below(draws, (uint32_t)text.len + 1);
  while (at < text.len && ((uint8_t)text.at[at] & 0xc0) == 0x80) at++;
  return at;
}

/* The char that begins there; nothing at the end. */
static Str char_in(Str text, size_t at)
{
  size_t end = at;
  if (at < text.len) utf8_next(text, &end);
  return str_slice(text, at, end);
}

/* What stands in texts where it should not: a new char, a blank or sign, a char of the text, another text. */
static void put_intruder(Draws *draws, Str text, Buf *out)
{
  static const char signs[] = " \t\n+-._0";
  enum { TIMES_LOG = 6 };
  char bytes[4];
  Str intruder;
  switch (draws_below(draws, 4)) {
  case 0: intruder = (Str){bytes, utf8_encode(char_at(fresh_char(draws)), bytes)}; break;
  case 1: intruder = (Str){signs + draws_below(draws, sizeof signs - 1), 1}; break;
  case 2: intruder = char_in(text, place_in(draws, text)); break;
  default: buf_str(out, harvested_words(draws)); return;
  }
  /* Now and then again and again: leading zeros, for one. */
  uint32_t times = draws_below(draws, 4) ? 1 : 1 + draws_below(draws, 2u << draws_below(draws, TIMES_LOG));
  while (times-- > 0) buf_str(out, intruder);
}

/* The same letters, small ones as capitals and capitals as small ones. */
static Str in_other_case(Arena *arena, Str text)
{
  static const char small[] = "abcdefghijklmnopqrstuvwxyz", capital[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  Buf out = buf_in(arena);
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    const char *from_small = byte ? strchr(small, byte) : NULL,
               *from_capital = byte ? strchr(capital, byte) : NULL;
    if (from_small) byte = capital[from_small - small];
    if (from_capital) byte = small[from_capital - capital];
    buf_byte(&out, byte);
  }
  return buf_text(&out);
}

/* The text with something put in, left out, or changed at one place. */
static Str changed_text(Draws *draws, Str text)
{
  uint32_t dice = draws_below(draws, 8);
  if (dice == 0) return in_other_case(arena_of(draws), text);
  Buf out = buf_in(arena_of(draws));
  size_t from = place_in(draws, text), to = from;
  if (dice < 4) to += char_in(text, from).len;
  buf_str(&out, str_slice(text, 0, from));
  if (dice > 1) put_intruder(draws, text, &out);
  buf_str(&out, str_slice(text, to, text.len));
  return buf_text(&out);
}

/* A few letters, which a text that is made of them has many times. */
static Str few_letters(Draws *draws)
{
  Buf out = buf_in(arena_of(draws));
  char bytes[4];
  for (uint32_t left = 1 + draws_below(draws, 4); left > 0; left--)
    buf_str(&out, (Str){bytes, utf8_encode(char_at(fresh_char(draws)), bytes)});
  return buf_text(&out);
}

/* A new char as a choice, less 1. */
static uint64_t next_char(NewChars *self, Draws *draws)
{
  size_t at = 0;
  if (self->left) self->left--;
  if (self->letters.len) {
    Str letter = char_in(self->letters, place_in(draws, self->letters));
    if (!letter.len) letter = char_in(self->letters, 0);
    return char_index(utf8_next(letter, &at));
  }
  if (!self->text.len) return fresh_char(draws);
  uint32_t point = utf8_next(self->text, &at);
  self->text = str_slice(self->text, at, self->text.len);
  return char_index(point);
}

static NewChars new_chars(Draws *draws, const Limits *limits)
{
  NewChars self = {.left = fresh_length(draws, limits, 1)};
  uint32_t dice = draws_below(draws, 16);
  if (!harvested_text(draws, &self.text)) {
    if (dice == 0) self.letters = few_letters(draws);
    return self;
  }
  if (dice < 4) {
    self.letters = self.text;
    return self;
  }
  if (dice < 12) self.text = changed_text(draws, self.text);
  self.left = 0;
  for (size_t at = 0; at < self.text.len; self.left++) utf8_next(self.text, &at);
  return self;
}

static void put_char(Draws *draws, const Limits *limits, uint64_t choice, Buf *out)
{
  /* A char of several bytes may be more than there is room for. */
  char bytes[4];
  size_t size = choice ? utf8_encode(char_at(choice - 1), bytes) : 0;
  if (out->len + size > limits->high) choice = size = 1, bytes[0] = 'a';
  draws_put(draws, CHOICE_NUMBER, choice);
  draws_note(draws, ROLE_TEXT, TYPE_STRING, choice ? char_at(choice - 1) : UINT32_MAX);
  buf_str(out, (Str){bytes, size});
}

static void put_text_end(Draws *draws)
{
  put_last(draws, CHOICE_NUMBER);
  draws_note(draws, ROLE_TEXT, TYPE_STRING, UINT32_MAX);
}

static Value generate_string(const Plan *self, Draws *draws)
{
  Limits limits = plan_limits(self, draws);
  Buf out = buf_in(arena_of(draws));
  if (limits.is_empty) draws->stopped = true;
  DrawsMark mark = draws_enter(draws, self->label);
  const Choice *given = draws->given;
  NewChars chars = {0};
  uint64_t choice = 1;
  if (!given) chars = new_chars(draws, &limits);
  while (out.len < limits.high && choice != 0 && !draws->stopped) {
    bool may_end = out.len >= limits.low;
    if (draws_marked(draws, CHOICE_MORE, &chars.left)) draws->given = NULL;
    if (!draws_given(draws, CHOICE_NUMBER, &choice))
      choice = chars.left == 0 && may_end ? 0 : next_char(&chars, draws) + 1;
    if (choice > CHAR_COUNT || (choice == 0 && !may_end)) choice = 1;
    put_char(draws, &limits, choice, &out);
  }
  if (out.len == limits.high && choice != 0 && limits.high > limits.low) put_text_end(draws);
  draws->given = given;
  draws_leave(draws, mark, self->label);
  return value_string(buf_text(&out));
}

static Generate *number_generator(TypeKind kind)
{
  return kind == TYPE_BOOL   ? generate_bool
         : kind == TYPE_F32  ? generate_f32
         : kind == TYPE_F64  ? generate_f64
         : kind == TYPE_CHAR ? generate_char
                             : generate_integer;
}

/* No case has handles in it: what takes some cannot be called. */
static Value generate_none(const Plan *self, Draws *draws)
{
  (void)self;
  draws->stopped = true;
  return (Value){0};
}

Generate *plan_generator(const Type *type)
{
  switch (value_shape(type)) {
  case VALUE_NUMBER: return number_generator(type->kind);
  case VALUE_STRING: return generate_string;
  case VALUE_LIST:
  case VALUE_MAP: return generate_list;
  case VALUE_FIELDS: return generate_fields;
  case VALUE_CASE: return generate_case;
  case VALUE_ENUM: return generate_enum;
  case VALUE_FLAGS: return generate_flags;
  case VALUE_HANDLE: return generate_none;
  }
  return generate_none;
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

static Value make_fixed_list(Maker *self, const Type *type, uint64_t size)
{
  Value *elements = arena_array_of(self->arena, Value, type->count);
  for (uint32_t i = 0; i < type->count; i++) elements[i] = make(self, type->element, size);
  return value_list(self->arena, type, elements, type->count);
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

static Value make_number(Maker *self, const Type *type)
{
  if (type->kind == TYPE_BOOL) return value_bool(rng_below(&self->rng, 2));
  if (type->kind == TYPE_F32) return value_f32((float)(rng_unit(&self->rng) * 1000));
  if (type->kind == TYPE_F64) return value_f64(rng_unit(&self->rng) * 1000);
  if (type->kind == TYPE_CHAR) return value_u64('a' + rng_below(&self->rng, 26));
  return make_integer(self, type);
}

static Value make_flags(Maker *self, const Type *type)
{
  uint64_t all = type->count < 64 ? (UINT64_C(1) << type->count) - 1 : UINT64_MAX;
  return value_u64(rng_next(&self->rng) & all);
}

static Value make(Maker *self, const Type *type, uint64_t size)
{
  if (self->left) self->left--;
  switch (value_shape(type)) {
  case VALUE_NUMBER: return make_number(self, type);
  case VALUE_STRING: return make_string(self, size);
  case VALUE_LIST:
    return type->kind == TYPE_FIXED_LIST ? make_fixed_list(self, type, size) : make_list(self, type, size);
  case VALUE_MAP: return make_list(self, type, size);
  case VALUE_FIELDS: return make_fields(self, type, size);
  case VALUE_CASE: return make_case(self, type, size);
  case VALUE_ENUM: return (Value){.tag = (uint32_t)rng_below(&self->rng, type->count)};
  case VALUE_FLAGS: return make_flags(self, type);
  case VALUE_HANDLE: return (Value){0}; /* is never asked for: check_generate */
  }
  return (Value){0};
}

Value value_generate(Arena *arena, const Type *type, uint64_t size, uint64_t seed)
{
  Maker maker = {.arena = arena, .rng = rng_from_seed(seed), .left = VALUES_MAX};
  return make(&maker, type, size);
}
