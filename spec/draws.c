#include "spec/draws.h"

#include <math.h>

void draws_init(Draws *self, Arena *arena)
{
  *self = (Draws){0};
  self->choices = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->choices);
  self->spans = arena_alloc_raw(arena, SPANS_MAX * sizeof *self->spans);
}

static void begin(Draws *self)
{
  self->count = 0;
  self->span_count = 0;
  self->copy_at = self->copy_end = 0;
  self->stopped = self->goes_on = false;
  self->new_steps = 0;
  self->depth = 0;
  self->pattern.kind = PATTERN_NONE;
  self->recent_count = 0;
  self->elements_left = CHOICES_MAX;
}

/* Most lists are short, so that cases are cheap; now and then one is longer than any limit that an
 * implementation is likely to have. */
static uint32_t size_cap(Draws *self, uint64_t number)
{
  uint32_t pick = draws_below(self, 1000);
  if (number < 50 || pick < 600) return 8;
  if (number < 100 || pick < 850) return 32;
  if (pick < 970) return 130;
  return pick < 995 ? 1100 : 4200;
}

static void choose_drift(Draws *self, uint64_t number)
{
  static const int8_t steps[8] = {0, 0, 1, 1, 1, -1, -1, -1};
  enum { TIMES = 12, EARLY = 100 };
  self->drift.is_on = number >= EARLY && draws_below(self, TIMES) == 0;
  if (!self->drift.is_on) return;
  uint32_t dice = draws_below(self, 32);
  self->drift.by = steps[dice % 8];
  self->drift.back = (uint8_t)(1 + (dice / 8 == 3 ? draws_below(self, 3) : 0));
  self->drift.spread = self->drift.by && dice / 8 == 2 ? 4 : 0;
}

/* What all new choices of the case have in common. */
static void choose_profile(Draws *self, uint64_t number)
{
  static const Profile profiles[16] = {
      PROFILE_TINY,  PROFILE_TINY,  PROFILE_TINY,  PROFILE_SMALL, PROFILE_SMALL, PROFILE_SMALL,
      PROFILE_MIXED, PROFILE_MIXED, PROFILE_MIXED, PROFILE_MIXED, PROFILE_MIXED, PROFILE_MIXED,
      PROFILE_EDGES, PROFILE_EDGES, PROFILE_WILD,  PROFILE_WILD,
  };
  self->profile = profiles[draws_below(self, 16)];
  self->size_cap = size_cap(self, number);
  self->elements_left = 2 * (uint64_t)self->size_cap;
  choose_drift(self, number);
}

void draws_begin(Draws *self, uint64_t number)
{
  begin(self);
  self->given = NULL;
  choose_profile(self, number);
}

void draws_begin_replay(Draws *self, const Choice *choices, uint32_t count)
{
  begin(self);
  self->given = choices;
  self->given_count = count;
  self->given_at = 0;
}

void draws_begin_changed(Draws *self, const Choice *choices, uint32_t count)
{
  enum { NOT_EARLY = 1000 };
  draws_begin_replay(self, choices, count);
  choose_profile(self, NOT_EARLY);
  self->goes_on = true;
}

static bool is_step(const Choice *choice)
{
  return choice->kind == CHOICE_STEP || choice->kind == CHOICE_STEPS;
}

bool draws_take(Draws *self, ChoiceKind kind, uint64_t *value)
{
  *value = 0;
  if (self->given_at >= self->given_count) {
    if (!self->goes_on) self->stopped = true;
    return self->stopped;
  }
  const Choice *choice = &self->given[self->given_at];
  /* What a step lacks is not taken from the next one. */
  if (is_step(choice) && kind != CHOICE_STEP) return !self->goes_on;
  self->given_at++;
  if (choice->kind > CHOICE_WANTED) return false;
  if (choice->kind == kind) *value = choice->value;
  return true;
}

bool draws_step_given(Draws *self, uint64_t *value)
{
  *value = 0;
  if (!self->given) return false;
  while (self->given_at < self->given_count && !is_step(&self->given[self->given_at])) self->given_at++;
  if (self->given_at == self->given_count) return true;
  const Choice *choice = &self->given[self->given_at++];
  if (choice->kind == CHOICE_STEPS) {
    self->new_steps = (uint32_t)choice->value;
    self->given = NULL;
    return false;
  }
  *value = choice->value;
  return true;
}

void draws_back(Draws *self, uint32_t count, uint32_t span_count)
{
  self->count = count;
  self->span_count = span_count;
}

bool draws_bool(Draws *self, bool fresh)
{
  uint64_t value;
  if (!draws_given(self, CHOICE_BOOL, &value)) value = fresh;
  value = value == 1 && !self->stopped;
  draws_put(self, CHOICE_BOOL, value);
  return value;
}

/* An earlier value with this label, among the latest few. */
static const ChoiceSpan *earlier(Draws *self, uint32_t label)
{
  uint32_t first = self->span_count > 16 ? self->span_count - 16 : 0;
  const ChoiceSpan *found = NULL;
  uint32_t seen = 0;
  for (uint32_t i = first; i < self->span_count; i++) {
    const ChoiceSpan *span = &self->spans[i];
    if (span->label == label && span->end > span->start && draws_below(self, ++seen) == 0) found = span;
  }
  return found;
}

DrawsMark draws_enter(Draws *self, uint32_t label)
{
  DrawsMark mark = {.start = self->count};
  uint64_t ignored;
  if (draws_marked(self, CHOICE_FRESH, &ignored)) {
    mark.given = self->given;
    self->given = NULL;
    return mark;
  }
  if (self->given || self->copy_at < self->copy_end || self->span_count == 0) return mark;
  uint32_t dice = draws_below(self, 16);
  if (dice > 1) return mark;
  const ChoiceSpan *span = earlier(self, label);
  if (!span) return mark;
  mark.copies = true;
  self->copy_at = span->start;
  self->copy_end = span->end;
  self->copy_change = dice == 0 ? UINT32_MAX : span->start + draws_below(self, span->end - span->start);
  return mark;
}

void draws_leave(Draws *self, DrawsMark mark, uint32_t label)
{
  if (mark.copies) self->copy_at = self->copy_end = 0;
  if (mark.given) self->given = mark.given;
  if (self->span_count < SPANS_MAX)
    self->spans[self->span_count++] = (ChoiceSpan){mark.start, self->count, label};
}

/* --- order */

static double number_of(ChoiceKind kind, uint64_t bits)
{
  Value value = value_u64(bits);
  return kind == CHOICE_F32 ? (double)value_as_f32(value) : value_as_f64(value);
}

/* Bits of the fraction that are needed to write the number. */
static int fraction_bits(double number)
{
  int exponent, bits = 0;
  double mantissa = frexp(fabs(number), &exponent);
  for (; mantissa != floor(mantissa) && bits < 60; bits++) mantissa *= 2;
  return bits;
}

/* 0 whole numbers that are exact, 1 other finite ones, first of them −0, 2 infinities, 3 NaN. */
static int float_class(double number)
{
  if (isnan(number)) return 3;
  if (isinf(number)) return 2;
  bool is_whole = number == trunc(number) && fabs(number) <= 0x1p53;
  return is_whole && (number != 0 || !signbit(number)) ? 0 : 1;
}

bool float_simpler(ChoiceKind kind, uint64_t a, uint64_t b)
{
  double x = number_of(kind, a), y = number_of(kind, b);
  int x_class = float_class(x), y_class = float_class(y);
  if (x_class != y_class) return x_class < y_class;
  if (x_class == 3) return a < b;
  if (x_class == 1 && fraction_bits(x) != fraction_bits(y)) return fraction_bits(x) < fraction_bits(y);
  if (fabs(x) != fabs(y)) return fabs(x) < fabs(y);
  return !signbit(x) && signbit(y);
}

bool choice_simpler(const Choice *a, const Choice *b)
{
  if (a->kind != b->kind) return a->kind < b->kind;
  if (a->value == b->value) return false;
  bool is_float = a->kind == CHOICE_F32 || a->kind == CHOICE_F64;
  return is_float ? float_simpler(a->kind, a->value, b->value) : a->value < b->value;
}

bool choices_simpler(const Choice *a, uint32_t a_count, const Choice *b, uint32_t b_count)
{
  if (a_count != b_count) return a_count < b_count;
  for (uint32_t i = 0; i < a_count; i++) {
    if (choice_simpler(&a[i], &b[i])) return true;
    if (choice_simpler(&b[i], &a[i])) return false;
  }
  return false;
}
