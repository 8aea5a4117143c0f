/* Changing cases at random. */
#include <math.h>

#include "spec/search_change_internal.h"

typedef struct Chance {
  Rng *rng;
  const Base *base;
  const ChoiceList *other;
  const Known *known;
  Trial *out;
} Chance;

static uint32_t below(Chance *self, uint32_t bound)
{
  return bound ? (uint32_t)rng_below(self->rng, bound) : 0;
}

/* --- single numbers */

/* An operand of late, or a constant of the module. */
static bool known_number(Chance *self, uint64_t *value)
{
  const Known *known = self->known;
  const Harvest *harvest = known->harvest;
  uint32_t harvested = harvest ? harvest->integer_count : 0;
  if (known->learned_count && (below(self, 3) || !harvested))
    *value = known->learned[below(self, known->learned_count)];
  else if (harvested)
    *value = harvest->integers[below(self, harvested)];
  else
    return false;
  return true;
}

/* The value of another number of the case. */
static bool other_number(Chance *self, Role role, uint64_t *value)
{
  for (int tries = 0; tries < 4; tries++) {
    const Origin *origin = &self->base->origins[below(self, self->base->count)];
    if (!change_is_number(origin) || (origin->role == ROLE_REAL) != (role == ROLE_REAL)) continue;
    *value = origin->bits;
    return true;
  }
  return false;
}

static uint64_t changed_integer(Chance *self, uint64_t value)
{
  static const uint8_t factors[] = {3, 3, 3, 5, 5, 7, 10, 10, 11, 13, 16, 31};
  uint64_t found;
  switch (below(self, 12)) {
  case 0: return value + 1;
  case 1: return value - 1;
  case 2: return value + below(self, 35) - 17;
  case 3: return value ^ UINT64_C(1) << below(self, 64);
  case 4: return value * 2;
  case 5: return value / 2;
  case 6: return 0 - value;
  case 7: return other_number(self, ROLE_NUMBER, &found) ? found : value + 1;
  case 8: return value * factors[below(self, sizeof factors)];
  case 9: return other_number(self, ROLE_NUMBER, &found) ? value * found : value * value;
  default: return known_number(self, &found) ? found + below(self, 3) - 1 : value - 1;
  }
}

static uint64_t changed_real(Chance *self, const Origin *origin)
{
  unsigned width = origin->kind == TYPE_F32 ? 32 : 64;
  uint64_t bits = origin->bits, found;
  double number = trial_real(bits, width);
  const Harvest *harvest = self->known->harvest;
  switch (below(self, 10)) {
  case 0: return bits + 1;
  case 1: return bits - 1;
  case 2: return trial_bits(-number, width);
  case 3: return trial_bits(number * 2, width);
  case 4: return trial_bits(number / 2, width);
  case 5: return trial_bits(number + (double)below(self, 9) - 4, width);
  case 6: return trial_bits(nearbyint(number), width);
  case 7: return other_number(self, ROLE_REAL, &found) ? found : bits;
  case 8:
    if (harvest && harvest->real_count)
      return trial_bits(trial_real(harvest->reals[below(self, harvest->real_count)], 64), width);
    return bits;
  default:
    if (!known_number(self, &found)) return bits ^ UINT64_C(1) << below(self, width);
    return below(self, 2) ? found : trial_bits((double)(int64_t)found, width);
  }
}

static uint64_t changed_char(Chance *self, uint64_t point)
{
  uint64_t found;
  switch (below(self, 4)) {
  case 0: return point + 1;
  case 1: return point - (point > 0);
  case 2: return known_number(self, &found) ? found & 0x1fffff : point + 1;
  default: return other_number(self, ROLE_TEXT, &found) ? found : point ^ 0x20;
  }
}

/* One choice of the base, anew, in `changed`. */
static void change_choice(Chance *self, uint32_t at)
{
  const Origin *origin = &self->base->origins[at];
  Choice *choice = &self->base->changed[at];
  if (origin->role == ROLE_GOES || (origin->role == ROLE_TEXT && origin->bits == UINT32_MAX)) return;
  if (origin->role == ROLE_OTHER || below(self, 8) == 0)
    *choice = (Choice){0, CHOICE_FRESH};
  else if (origin->role == ROLE_REAL)
    *choice = trial_choice(origin, changed_real(self, origin));
  else if (origin->role == ROLE_NUMBER)
    *choice = trial_choice(origin, changed_integer(self, origin->bits));
  else
    *choice = trial_choice(origin, changed_char(self, origin->bits));
}

/* --- lists and strings, whole values */

static uint64_t nearly(Chance *self, uint64_t value)
{
  return value + below(self, 3) - 1;
}

static uint64_t other_length(Chance *self, uint32_t count)
{
  uint64_t found;
  const Harvest *harvest = self->known->harvest;
  switch (below(self, 8)) {
  case 0: return 0;
  case 1: return count + 1;
  case 2: return count ? count - 1 : 1;
  case 3: return 2 * (uint64_t)count + below(self, 2);
  case 4: return count / 2;
  case 5: return below(self, 40);
  case 6:
    if (harvest && harvest->length_count)
      return nearly(self, harvest->lengths[below(self, harvest->length_count)]);
    return count + below(self, 9);
  default: return known_number(self, &found) && found < 4096 ? found : count + below(self, 33);
  }
}

/* The sequence with its numbers the other way round, or in order. */
static void rearrange(Chance *self, const Base *base, const Sequence *one)
{
  Trial *out = self->out;
  uint32_t stride = one->is_text ? 1 : 2, first = one->start + (one->is_text ? 0 : 1);
  bool turns = below(self, 2);
  trial_copy(base, out);
  for (uint32_t i = 0; turns && i < one->count / 2; i++) {
    Choice *left = &out->choices[first + i * stride];
    Choice *right = &out->choices[first + (one->count - 1 - i) * stride], kept = *left;
    *left = *right;
    *right = kept;
  }
  /* Each next number a little further than the one before. */
  const Origin *origin = &base->origins[first];
  uint64_t value = origin->bits, step = below(self, 2) ? 1 : UINT64_MAX;
  for (uint32_t i = 0; !turns && i < one->count; i++, value += step)
    out->choices[first + i * stride] = trial_choice(origin, value);
}

/* The choices from `from` up to `to` once more at `at`, at times with their numbers a little further. */
static void copy_to(Chance *self, const Base *base, uint32_t from, uint32_t to, uint32_t at)
{
  static const int8_t steps[8] = {0, 0, 0, 0, 1, 1, -1, -1};
  Trial *out = self->out;
  int8_t by = steps[below(self, 8)];
  trial_splice(base, at, at, base->choices + from, to - from, out);
  for (uint32_t i = from; by && i < to && at + i - from < out->count; i++) {
    const Origin *origin = &base->origins[i];
    unsigned width = origin->kind == TYPE_F32 ? 32 : 64;
    if (origin->role == ROLE_NUMBER)
      out->choices[at + i - from] = trial_choice(origin, origin->bits + (uint64_t)(int64_t)by);
    else if (origin->role == ROLE_REAL)
      out->choices[at + i - from] =
          trial_choice(origin, trial_bits(trial_real(origin->bits, width) + by, width));
  }
}

/* A run of elements once more somewhere, or gone, or over others. */
static void move_elements(Chance *self, const Base *base, const Sequence *one)
{
  uint32_t first = below(self, one->count),
           count = 1 + below(self, one->count - first < 4 ? one->count - first : 4);
  uint32_t from = sequence_at(base, one, first), to = sequence_at(base, one, first + count);
  uint32_t place = below(self, one->count + 1), at = sequence_at(base, one, place);
  uint32_t last = sequence_at(base, one, one->count - 1);
  switch (below(self, 4)) {
  case 0: trial_splice(base, from, to, NULL, 0, self->out); return;
  case 1: copy_to(self, base, from, to, at); return;
  case 2: copy_to(self, base, last, one->end, one->end); return;
  default: break;
  }
  uint32_t end = sequence_at(base, one, place + count < one->count ? place + count : one->count);
  trial_splice(base, at, end, base->choices + from, to - from, self->out);
}

static bool change_sequence(Chance *self, const Base *base)
{
  const Sequence *one = &base->sequences[below(self, base->sequence_count)];
  if (!base->sequence_count || one->end == UINT32_MAX) return false;
  uint32_t dice = below(self, 4);
  if (dice == 0 && one->count > 1 && (one->is_text || one->element)) {
    rearrange(self, base, one);
    return true;
  }
  if (dice < 2 && one->count) {
    move_elements(self, base, one);
    return true;
  }
  return trial_set_length(base, one, other_length(self, one->count), below(self, 2), self->out);
}

/* A whole value anew, or as another one of its type. */
static bool change_span(Chance *self, const Base *base)
{
  const ChoiceSpan *span = &base->spans[below(self, base->span_count)];
  const Choice fresh = {0, CHOICE_FRESH};
  if (!base->span_count || span->end == span->start) return false;
  for (int tries = 0; tries < 4; tries++) {
    const ChoiceSpan *source = &base->spans[below(self, base->span_count)];
    if (source == span || source->label != span->label) continue;
    trial_splice(base, span->start, span->end, base->choices + source->start, source->end - source->start,
                 self->out);
    return true;
  }
  trial_splice(base, span->start, span->end, &fresh, 1, self->out);
  return true;
}

/* New steps at a place, with new arguments. */
static void put_steps(Chance *self, const Base *base, uint32_t place, uint32_t some)
{
  enum { SOME = 4 };
  Choice steps[SOME];
  for (uint32_t i = 0; i < SOME; i++)
    steps[i] = (Choice){1 + below(self, self->known->operations), CHOICE_STEP};
  trial_splice(base, place, place, steps, some < SOME ? some : SOME, self->out);
}

/* A run of a sequence's steps once more somewhere, or behind the last, or gone; or new steps, there or as
 * another end. */
static bool change_steps(Chance *self, const Base *base)
{
  uint32_t count = base->steps;
  if (!self->known->operations) return false;
  Choice more = {1 + below(self, below(self, 4) ? 8 : 64), CHOICE_STEPS};
  uint32_t first = below(self, count), some = 1 + below(self, 3),
           place = step_at(base, below(self, count + 1));
  if (some > count - first) some = count - first;
  uint32_t from = step_at(base, first), to = step_at(base, first + some), last = step_at(base, count - some);
  switch (count ? below(self, 6) : 5) {
  case 0: trial_splice(base, from, to, NULL, 0, self->out); return true;
  case 1: copy_to(self, base, from, to, place); return true;
  case 2: copy_to(self, base, last, base->count, base->count); return true;
  case 3: put_steps(self, base, place, some); return true;
  case 4: trial_splice(base, from, base->count, &more, 1, self->out); return true;
  default: trial_splice(base, base->count, base->count, &more, 1, self->out); return true;
  }
}

/* The end of another case behind the beginning of this one. */
static bool cross(Chance *self, const Base *base)
{
  uint32_t at = below(self, base->count), tail = at < self->other->count ? self->other->count - at : 0;
  if (!tail || at + tail > CHOICES_MAX) return false;
  memcpy(self->out->choices, base->choices, at * sizeof *base->choices);
  memcpy(self->out->choices + at, self->other->at + at, tail * sizeof *base->choices);
  self->out->count = at + tail;
  self->out->repeats = base->repeats;
  return true;
}

bool change_by_more(Rng *rng, const Base *base, const Known *known, Trial *out)
{
  enum { STEPS = 3, ELEMENTS = 3 };
  Chance self = {rng, base, NULL, known, out};
  if (known->operations && base->count < CHOICES_MAX) {
    bool is_one = below(&self, 2);
    trial_copy(base, out);
    out->choices[out->count++] = is_one ? (Choice){1 + below(&self, known->operations), CHOICE_STEP}
                                        : (Choice){1 + below(&self, STEPS), CHOICE_STEPS};
    return true;
  }
  const Sequence *one = &base->sequences[below(&self, base->sequence_count)];
  return base->sequence_count &&
         trial_set_length(base, one, one->count + 1 + below(&self, ELEMENTS), false, out);
}

void change_by_chance(Rng *rng, const Base *base, const ChoiceList *other, const Known *known, Trial *out)
{
  Chance self = {rng, base, other, known, out};
  Base view = *base;
  view.choices = base->changed;
  memcpy(base->changed, base->choices, base->count * sizeof *base->changed);
  uint32_t dice = below(&self, 8), changes = dice < 2 ? 0 : 1 + below(&self, 4);
  if (base->count)
    for (uint32_t i = 0; i < changes; i++) change_choice(&self, below(&self, base->count));
  if (dice < 5 && below(&self, 2) && change_steps(&self, &view)) return;
  if (dice < 4 && change_sequence(&self, &view)) return;
  if (dice == 4 && change_span(&self, &view)) return;
  if (dice == 5 && cross(&self, &view)) return;
  trial_copy(&view, out);
}
