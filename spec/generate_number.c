/* Generating numbers and chars. A choice is an index into the values that are allowed, simplest first; new
 * ones come from a mixture of what implementations get wrong: small numbers that meet each other, both ends,
 * powers of two and their neighbours, values seen before, and anything at all. */
#include <inttypes.h>
#include <math.h>

#include "spec/plan.h"

enum { HARVEST_TIMES = 12, LENGTH_TIMES = 48 };

static void remember(Draws *self, TypeKind kind, uint64_t bits)
{
  uint32_t at = self->recent_count++ % RECENT_COUNT;
  self->recent[at].bits = bits;
  self->recent[at].kind = kind;
}

/* A number of this kind that the case has already. */
static bool recall(Draws *self, TypeKind kind, uint64_t *bits)
{
  uint32_t known = self->recent_count < RECENT_COUNT ? self->recent_count : RECENT_COUNT;
  if (!known) return false;
  uint32_t at = draws_below(self, known);
  if (self->recent[at].kind != kind) return false;
  *bits = self->recent[at].bits;
  return true;
}

/* The number that follows those that the case has, where they drift; false: any may come. */
static bool drifts(Draws *self, TypeKind kind, uint64_t *before, int64_t *by)
{
  const Drift *drift = &self->drift;
  uint32_t known = self->recent_count < RECENT_COUNT ? self->recent_count : RECENT_COUNT, back = drift->back;
  if (!drift->is_on) return false;
  for (uint32_t i = 1; i <= known; i++) {
    uint32_t at = (self->recent_count - i) % RECENT_COUNT;
    if (self->recent[at].kind != kind || --back > 0) continue;
    *before = self->recent[at].bits;
    *by = drift->by * (int64_t)(1 + (drift->spread ? draws_below(self, drift->spread) : 0));
    return true;
  }
  return false;
}

Value generate_bool(const Plan *self, Draws *draws)
{
  (void)self;
  bool value = draws_bool(draws, draws_below(draws, 2));
  draws_note(draws, ROLE_OTHER, TYPE_BOOL, value);
  return value_bool(value);
}

/* --- integers: 0, 1, −1, 2, … around the target, which is the allowed number next to 0 */

typedef struct Range {
  uint64_t target;
  uint64_t below, above; /* how many numbers there are on each side of it */
} Range;

static Range range_of(const Limits *limits, bool is_signed)
{
  uint64_t target = limits->low;
  if (is_signed && (int64_t)limits->low < 0) target = (int64_t)limits->high < 0 ? limits->high : 0;
  return (Range){target, target - limits->low, limits->high - target};
}

static uint64_t range_value(const Range *self, uint64_t index)
{
  uint64_t both = self->below < self->above ? self->below : self->above;
  if (index <= 2 * both) return index & 1 ? self->target + (index + 1) / 2 : self->target - index / 2;
  return self->below < self->above ? self->target + (index - both) : self->target - (index - both);
}

static uint64_t range_index(const Range *self, uint64_t value)
{
  uint64_t both = self->below < self->above ? self->below : self->above;
  uint64_t up = value - self->target, down = self->target - value;
  if (up <= self->above) return up == 0 ? 0 : up <= both ? 2 * up - 1 : both + up;
  return down <= both ? 2 * down : both + down;
}

/* Into the range, whatever it was: numbers inside stay, others wrap around. */
static uint64_t range_fit(const Range *self, uint64_t value)
{
  uint64_t low = self->target - self->below, span = self->below + self->above, offset = value - low;
  if (span == UINT64_MAX || offset <= span) return value;
  return low + offset % (span + 1);
}

static uint64_t small_number(Draws *draws, const Range *range, uint32_t size)
{
  uint64_t number = draws_below(draws, size);
  return range->below && draws_below(draws, 2) ? range->target - number : range->target + number;
}

static uint64_t edge_number(Draws *draws, const Range *range)
{
  uint64_t near = draws_below(draws, 3);
  switch (draws_below(draws, 4)) {
  case 0: return range->target + range->above - near;
  case 1: return range->target - range->below + near;
  default: {
    uint64_t power = UINT64_C(1) << draws_below(draws, 64);
    uint64_t number = power + near - 1;
    return draws_below(draws, 4) == 0 ? 0 - number : number;
  }
  }
}

/* Any number of bits, so that all sizes are as likely. */
static uint64_t wild_number(Draws *draws)
{
  uint64_t bits = rng_next(&draws->rng);
  bits >>= draws_below(draws, 64);
  return draws_below(draws, 2) ? bits : 0 - bits;
}

/* One time in so many that there is something to choose from. */
static bool now_and_then(Draws *draws, uint32_t count, uint32_t times)
{
  return count && draws_below(draws, times) == 0;
}

/* A number that the module has in its code or data, or one next to it. */
static bool harvested_integer(Draws *draws, uint64_t *value)
{
  const Harvest *harvest = draws->harvest;
  if (!harvest || !now_and_then(draws, harvest->integer_count, HARVEST_TIMES)) return false;
  uint32_t dice = draws_below(draws, 8);
  *value = harvest->integers[draws_below(draws, harvest->integer_count)];
  if (dice < 2) *value += dice ? 1 : UINT64_MAX;
  if (dice == 2) *value = 0 - *value;
  /* Around a multiple: of a chunk's length, a unit's size, a modulus. */
  if (dice == 3) *value = draws_nearly(draws, *value * (2 + draws_below(draws, 15)));
  return true;
}

Str harvested_words(Draws *draws)
{
  const Harvest *harvest = draws->harvest;
  if (!harvest || !harvest->text_count) return (Str){0};
  return harvest->texts[draws_below(draws, harvest->text_count)];
}

bool harvested_text(Draws *draws, Str *text)
{
  const Harvest *harvest = draws->harvest;
  if (!harvest || !now_and_then(draws, harvest->text_count + harvest->integer_count, HARVEST_TIMES))
    return false;
  bool is_numeral = !harvest->text_count || (harvest->integer_count && draws_below(draws, 4) == 0);
  if (!is_numeral) {
    *text = harvested_words(draws);
    return true;
  }
  bool is_decimal = draws_below(draws, 4) > 0;
  int64_t number = (int64_t)harvest->integers[draws_below(draws, harvest->integer_count)];
  *text = str_format(draws->machine->arena, is_decimal ? "%" PRId64 : "%" PRIx64, number);
  return true;
}

static uint64_t fresh_integer(Draws *draws, const Range *range, TypeKind kind)
{
  uint64_t bits;
  int64_t by;
  if (drifts(draws, kind, &bits, &by)) return bits + (uint64_t)by;
  if (harvested_integer(draws, &bits)) return bits;
  uint32_t dice = draws_below(draws, 16);
  if (dice < 2 && recall(draws, kind, &bits)) return dice ? bits : bits + draws_below(draws, 3) - 1;
  switch (draws->profile) {
  case PROFILE_TINY: return small_number(draws, range, 3);
  case PROFILE_SMALL: return small_number(draws, range, 20);
  case PROFILE_EDGES: return dice < 12 ? edge_number(draws, range) : small_number(draws, range, 3);
  case PROFILE_WILD: return rng_next(&draws->rng);
  case PROFILE_MIXED: break;
  }
  if (dice < 6) return small_number(draws, range, 16);
  if (dice < 9) return edge_number(draws, range);
  if (dice < 12) return small_number(draws, range, 300);
  return wild_number(draws);
}

/* The next element of a list whose elements have something in common; false: it has nothing. */
static bool pattern_number(Draws *draws, const Range *range, TypeKind kind, uint64_t *value)
{
  Pattern *pattern = &draws->pattern;
  uint32_t drawn = pattern->drawn++;
  switch (pattern->kind) {
  case PATTERN_ALPHABET: {
    uint32_t letter = draws_below(draws, pattern->count);
    if (drawn == 0)
      for (uint32_t i = 0; i < pattern->count; i++)
        pattern->letters[i] = range_fit(range, fresh_integer(draws, range, kind));
    *value = pattern->letters[letter];
    return true;
  }
  case PATTERN_UP:
  case PATTERN_DOWN:
    *value = drawn ? pattern->letters[0] : fresh_integer(draws, range, kind);
    pattern->letters[0] =
        pattern->kind == PATTERN_UP ? *value + draws_below(draws, 4) : *value - draws_below(draws, 4);
    return true;
  case PATTERN_MIRROR:
    /* Elements alternate with the list's own choices. */
    if (2 * drawn < pattern->count) return false;
    *value = range_value(range, draws->choices[pattern->start + 2 * (pattern->count - 1 - drawn)].value);
    return true;
  case PATTERN_NONE: break;
  }
  return false;
}

static Limits limits_now(const Plan *self, Draws *draws)
{
  if (!self->bounds.len) return self->limits;
  return plan_limits(self, draws);
}

Value generate_integer(const Plan *self, Draws *draws)
{
  Limits limits = limits_now(self, draws);
  bool is_signed = type_is_signed(self->type);
  TypeKind kind = self->type->kind;
  uint64_t index, value;
  if (limits.is_empty) draws->stopped = true;
  if (draws->stopped) return value_u64(limits.low);
  Range range = range_of(&limits, is_signed);
  if (draws_marked(draws, CHOICE_WANTED, &value)) {
    index = range_index(&range, range_fit(&range, value));
  } else if (!draws_given(draws, CHOICE_NUMBER, &index)) {
    if (!draws->pattern.kind || !pattern_number(draws, &range, kind, &value))
      value = fresh_integer(draws, &range, kind);
    index = range_index(&range, range_fit(&range, value));
  }
  if (index > range.below + range.above) index = 0;
  draws_put(draws, CHOICE_NUMBER, index);
  value = range_value(&range, index);
  draws_note(draws, ROLE_NUMBER, kind, value);
  remember(draws, kind, value);
  return value_u64(value);
}

/* --- floats */

static double special_double(Draws *draws)
{
  static const double specials[] = {
      0.0,
      -0.0,
      INFINITY,
      -INFINITY,
      NAN,
      0x1p-1074,
      0x1p-1022,
      0x1p-52,
      0x1p53,
      0x1p53 + 2,
      0x1.fffffffffffffp1023,
      -0x1.fffffffffffffp1023,
      0.1,
      1e-9,
      1e9,
      0x1p31,
      -0x1p31,
      0x1p63,
      0x1p64,
      0x1.fffffffffffffp-1,
      1 + 0x1p-52,
  };
  return specials[draws_below(draws, sizeof specials / sizeof *specials)];
}

static float special_float(Draws *draws)
{
  static const float specials[] = {
      0.0f,    -0.0f,           INFINITY,         -INFINITY, NAN,     0x1p-149f, 0x1p-126f,      0x1p-23f,
      0x1p24f, 0x1.fffffep127f, -0x1.fffffep127f, 0.1f,      0x1p31f, 0x1p63f,   0x1.fffffep-1f,
  };
  return specials[draws_below(draws, sizeof specials / sizeof *specials)];
}

static uint64_t bits_of(TypeKind kind, double number)
{
  return kind == TYPE_F32 ? value_f32((float)number).bits : value_f64(number).bits;
}

static double number_of(TypeKind kind, uint64_t bits)
{
  Value value = value_u64(bits);
  return kind == TYPE_F32 ? (double)value_as_f32(value) : value_as_f64(value);
}

/* Small whole numbers: those on which things meet exactly. */
static double small_real(Draws *draws, uint32_t size, bool negative_too)
{
  double number = (double)draws_below(draws, size);
  return negative_too && draws_below(draws, 2) ? -number : number;
}

/* A number seen before, or its neighbour. */
static bool recall_real(Draws *draws, TypeKind kind, uint32_t dice, uint64_t *bits)
{
  if (!recall(draws, kind, bits)) return false;
  double number = number_of(kind, *bits);
  if (dice == 0 && !isnan(number))
    *bits += draws_below(draws, 2) ? 1 : UINT64_MAX; /* one unit in the last place */
  if (kind == TYPE_F32) *bits &= UINT32_MAX;
  if (dice == 1) *bits = bits_of(kind, -number);
  return true;
}

/* A number that the module has, or one next to it: as it is, or an integer as a real. */
static bool harvested_real(Draws *draws, TypeKind kind, uint64_t *bits)
{
  const Harvest *harvest = draws->harvest;
  if (!harvest || !now_and_then(draws, harvest->real_count + harvest->integer_count, HARVEST_TIMES))
    return false;
  uint32_t at = draws_below(draws, harvest->real_count + harvest->integer_count);
  double number = at < harvest->real_count ? number_of(TYPE_F64, harvest->reals[at])
                                           : (double)(int64_t)harvest->integers[at - harvest->real_count];
  *bits = bits_of(kind, number);
  uint32_t dice = draws_below(draws, 16);
  if (dice < 2 && isfinite(number)) *bits += dice ? 1 : UINT64_MAX;
  if (dice == 2) *bits = bits_of(kind, -number);
  if (kind == TYPE_F32) *bits &= UINT32_MAX;
  return true;
}

static uint64_t fresh_real(Draws *draws, TypeKind kind, bool negative_too)
{
  uint64_t bits;
  int64_t by;
  if (drifts(draws, kind, &bits, &by)) return by ? bits_of(kind, number_of(kind, bits) + (double)by) : bits;
  if (harvested_real(draws, kind, &bits)) return bits;
  uint32_t dice = draws_below(draws, 32);
  if (dice < 4 && recall_real(draws, kind, dice, &bits)) return bits;
  switch (draws->profile) {
  case PROFILE_TINY: return bits_of(kind, small_real(draws, 4, negative_too));
  case PROFILE_SMALL: return bits_of(kind, small_real(draws, 16, negative_too));
  case PROFILE_EDGES:
    if (dice >= 20) return bits_of(kind, small_real(draws, 3, negative_too));
    return kind == TYPE_F32 ? value_f32(special_float(draws)).bits : value_f64(special_double(draws)).bits;
  case PROFILE_WILD: return kind == TYPE_F32 ? rng_next(&draws->rng) >> 32 : rng_next(&draws->rng);
  case PROFILE_MIXED: break;
  }
  if (dice < 14) return bits_of(kind, small_real(draws, 32, negative_too));
  if (dice < 18) return bits_of(kind, small_real(draws, 64, negative_too) / 4);
  if (dice < 22) return bits_of(kind, small_real(draws, 4000, negative_too));
  if (dice < 23)
    return kind == TYPE_F32 ? value_f32(special_float(draws)).bits : value_f64(special_double(draws)).bits;
  double unit = rng_unit(&draws->rng) - (negative_too ? 0.5 : 0);
  return bits_of(kind, unit * (double)(1U << draws_below(draws, 16)));
}

static bool real_fits(const Limits *limits, double number)
{
  return !limits->is_real_bounded || (number >= limits->real_low && number <= limits->real_high);
}

/* The simplest number within the limits. */
static double simplest_real(const Limits *limits)
{
  if (real_fits(limits, 0)) return 0;
  double low = limits->real_low, high = limits->real_high;
  double whole = low > 0 ? ceil(low) : floor(high);
  return real_fits(limits, whole) ? whole : low > 0 ? low : high;
}

/* A new number within the limits: one that happens to fit, or one made to fit: an end, or somewhere between.
 */
static uint64_t fresh_real_within(Draws *draws, TypeKind kind, const Limits *limits)
{
  bool negative_too = !limits->is_real_bounded || limits->real_low < 0;
  uint64_t bits = fresh_real(draws, kind, negative_too);
  if (real_fits(limits, number_of(kind, bits))) return bits;
  double low = limits->real_low, high = limits->real_high, between;
  switch (draws_below(draws, 6)) {
  case 0: return bits_of(kind, isinf(low) ? simplest_real(limits) : low);
  case 1: return bits_of(kind, isinf(high) ? simplest_real(limits) : high);
  case 2: between = simplest_real(limits) + small_real(draws, 16, false); break;
  default:
    if (isinf(low)) low = high < 0 ? high * 2 - 1000 : -1000;
    if (isinf(high)) high = low > 0 ? low * 2 + 1000 : 1000;
    between = low + rng_unit(&draws->rng) * (high - low);
    if (draws_below(draws, 2)) between = trunc(between);
  }
  bits = bits_of(kind, between);
  return real_fits(limits, number_of(kind, bits)) ? bits : bits_of(kind, simplest_real(limits));
}

static Value generate_real(const Plan *self, Draws *draws, ChoiceKind choice)
{
  Limits limits = limits_now(self, draws);
  TypeKind kind = self->type->kind;
  uint64_t bits;
  if (limits.is_empty) draws->stopped = true;
  if (draws->stopped) return value_u64(0);
  if (!draws_given(draws, choice, &bits)) bits = fresh_real_within(draws, kind, &limits);
  if (isnan(number_of(kind, bits)))
    bits = bits_of(kind, NAN); /* there is only one, as in the Canonical ABI */
  if (limits.is_real_bounded && !real_fits(&limits, number_of(kind, bits)))
    bits = bits_of(kind, simplest_real(&limits));
  draws_put(draws, choice, bits);
  draws_note(draws, ROLE_REAL, kind, bits);
  remember(draws, kind, bits);
  return value_u64(bits);
}

Value generate_f32(const Plan *self, Draws *draws)
{
  return generate_real(self, draws, CHOICE_F32);
}

Value generate_f64(const Plan *self, Draws *draws)
{
  return generate_real(self, draws, CHOICE_F64);
}

/* --- chars */

/* Letters, digits, capitals, then the rest of ASCII, then everything else: which is simplest. */
static const char SIMPLE[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ "
                             "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n\t\r";
enum { SIMPLE_COUNT = sizeof SIMPLE - 1, ASCII_COUNT = 128 };

static bool is_simple(uint32_t point)
{
  return (point >= 0x20 && point < 0x7f) || point == '\n' || point == '\t' || point == '\r';
}

/* The controls that are not among the simple ones, in order. */
static uint32_t control_at(uint64_t index)
{
  uint32_t point = 0;
  for (;; point++) {
    if (is_simple(point)) continue;
    if (index-- == 0) return point;
  }
}

uint32_t char_at(uint64_t index)
{
  if (index < SIMPLE_COUNT) return (unsigned char)SIMPLE[index];
  if (index < ASCII_COUNT) return control_at(index - SIMPLE_COUNT);
  uint32_t point = index < CHAR_COUNT ? (uint32_t)index : 'a';
  return point < 0xd800 ? point : point + 0x800; /* no surrogates */
}

uint64_t char_index(uint32_t point)
{
  if (point >= ASCII_COUNT) return point < 0xd800 ? point : point - 0x800;
  const char *simple = point ? memchr(SIMPLE, (int)point, SIMPLE_COUNT) : NULL;
  if (simple) return (uint64_t)(simple - SIMPLE);
  uint64_t index = SIMPLE_COUNT;
  for (uint32_t at = 0; at < point; at++) index += !is_simple(at);
  return index;
}

uint64_t fresh_char(Draws *draws)
{
  /* Ends of ranges and of lengths in UTF-8; what combines; what passes for ASCII's blanks, digits, letters.
   */
  static const uint32_t specials[] = {
      0,      0x7f,   0x80,   0x85,   0xa0,   0xdf,   0xe9,    0x130,   0x131,   0x17f,   0x301,  0x3a9,
      0x5d0,  0x663,  0x7ff,  0x800,  0x200d, 0x2028, 0x20ac,  0x212a,  0x2212,  0x3000,  0x4e2d, 0xac00,
      0xd7ff, 0xe000, 0xfeff, 0xff11, 0xfffd, 0xffff, 0x10000, 0x1f1e6, 0x1f600, 0x10ffff};
  uint32_t dice = draws_below(draws, 16);
  switch (draws->profile) {
  case PROFILE_TINY: return draws_below(draws, 3);
  case PROFILE_SMALL: return draws_below(draws, dice < 12 ? 26 : SIMPLE_COUNT);
  case PROFILE_WILD: return draws_below(draws, dice < 8 ? CHAR_COUNT : 0x800);
  default: break;
  }
  if (dice < 3) return char_index(specials[draws_below(draws, sizeof specials / sizeof *specials)]);
  if (dice < 4) return draws_below(draws, CHAR_COUNT);
  return draws_below(draws, dice < 8 ? 26 : dice < 14 ? SIMPLE_COUNT : ASCII_COUNT);
}

/* A char with limits counts from the lower one, past the surrogates. */
static Value limited_char(Draws *draws, const Limits *limits)
{
  uint64_t low = limits->low, high = limits->high, index;
  if (low >= 0xd800 && low < 0xe000) low = 0xe000;
  if (high >= 0xd800 && high < 0xe000) high = 0xd7ff;
  if (low > high) draws->stopped = true;
  if (draws->stopped) return value_u64('a');
  if (draws_marked(draws, CHOICE_WANTED, &index))
    index = index < low ? 0 : index - low;
  else if (!draws_given(draws, CHOICE_NUMBER, &index))
    index = rng_below(&draws->rng, high - low + 1);
  uint64_t point = low + index;
  if (index > high - low) point = low;
  if (point >= 0xd800 && point < 0xe000) point = low;
  draws_put(draws, CHOICE_NUMBER, point - low);
  draws_note(draws, ROLE_CHAR, TYPE_CHAR, point);
  return value_u64(point);
}

Value generate_char(const Plan *self, Draws *draws)
{
  Limits limits = limits_now(self, draws);
  uint64_t index;
  if (limits.is_empty) draws->stopped = true;
  if (limits.low > 0 || limits.high < 0x10ffff) return limited_char(draws, &limits);
  if (draws_marked(draws, CHOICE_WANTED, &index))
    index = index <= 0x10ffff && (index < 0xd800 || index > 0xdfff) ? char_index((uint32_t)index) : 0;
  else if (!draws_given(draws, CHOICE_NUMBER, &index))
    index = fresh_char(draws);
  if (index >= CHAR_COUNT) index = 0;
  draws_put(draws, CHOICE_NUMBER, index);
  draws_note(draws, ROLE_CHAR, TYPE_CHAR, char_at(index));
  return value_u64(char_at(index));
}

/* --- lengths */

/* A length that the module may compare with, where it leaves room for other lists. */
static bool harvested_length(Draws *draws, const Limits *limits, uint32_t weight, uint64_t *length)
{
  const Harvest *harvest = draws->harvest;
  if (!harvest || !now_and_then(draws, harvest->length_count, LENGTH_TIMES)) return false;
  *length = draws_nearly(draws, harvest->lengths[draws_below(draws, harvest->length_count)]);
  if (*length < limits->low || *length > limits->high || *length >= CHOICES_MAX / 4 / weight) return false;
  return *length < 64 || draws_below(draws, (uint32_t)*length / 32) == 0; /* long ones take long */
}

uint64_t fresh_length(Draws *draws, const Limits *limits, uint32_t weight)
{
  uint64_t wanted;
  if (harvested_length(draws, limits, weight, &wanted)) return wanted;
  uint64_t cap = draws->size_cap / weight;
  if (cap > draws->elements_left / weight) cap = draws->elements_left / weight;
  if (cap < 2 && weight < CHOICES_MAX / 4) cap = 2;
  uint64_t length;
  uint32_t dice = draws_below(draws, 16);
  if (dice < 2)
    length = dice;
  else if (dice < 4)
    length = cap;
  else if (dice < 7)
    length = draws_nearly(draws, UINT64_C(1) << draws_below(draws, 12));
  else
    length = draws_below(draws, (uint32_t)cap + 1);
  if (length > cap) length = draws_below(draws, (uint32_t)cap + 1);
  if (limits->low > 0) length += limits->low;
  if (length > limits->high) length = limits->high;
  uint64_t taken = length * weight;
  draws->elements_left -= taken < draws->elements_left ? taken : draws->elements_left;
  return length;
}
