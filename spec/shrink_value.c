/* Making numbers smaller: one, several that are equal, two of which one gives what the other takes. */
#include <math.h>

#include "spec/shrink_internal.h"

/* Replaces choice `at`, and its partners. */
static bool try_value(Shrinker *self, uint32_t at, uint64_t value)
{
  if (at >= self->best->count || self->best->at[at].value == value) return false;
  uint32_t total = shrink_load(self);
  self->trial[at].value = value;
  for (uint32_t i = 0; i < self->partner_count; i++)
    if (self->partners[i] < total) self->trial[self->partners[i]].value = value;
  return shrink_try(self, total);
}

/* The smallest value, in steps of `stride`, that still fails, as if all above it did. */
static bool lower_number(Shrinker *self, uint32_t at, uint64_t stride)
{
  uint64_t high = self->best->at[at].value / stride, low = 0, rest = self->best->at[at].value % stride;
  bool better = false;
  while (low < high && !self->over) {
    uint64_t middle = low + (high - low) / 2;
    if (try_value(self, at, middle * stride + rest)) {
      better = true;
      if (at >= self->best->count || self->best->at[at].value > middle * stride + rest) break;
      high = self->best->at[at].value / stride;
    } else {
      low = middle + 1;
    }
  }
  return better;
}

static bool is_float(ChoiceKind kind)
{
  return kind == CHOICE_F32 || kind == CHOICE_F64;
}

static uint64_t float_bits(ChoiceKind kind, double number)
{
  return kind == CHOICE_F32 ? value_f32((float)number).bits : value_f64(number).bits;
}

static double float_number(const Choice *choice)
{
  Value value = value_u64(choice->value);
  return choice->kind == CHOICE_F32 ? (double)value_as_f32(value) : value_as_f64(value);
}

static bool try_float(Shrinker *self, uint32_t at, double number)
{
  return at < self->best->count && try_value(self, at, float_bits(self->best->at[at].kind, number));
}

/* Whole numbers fall like integers, from either side. */
static bool lower_whole(Shrinker *self, uint32_t at)
{
  double number = float_number(&self->best->at[at]), sign = number < 0 ? -1 : 1, high = fabs(number), low = 0;
  bool better = false;
  while (low < high && !self->over) {
    double middle = floor(low + (high - low) / 2);
    if (try_float(self, at, sign * middle)) {
      better = true;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return better;
}

static bool lower_fraction(Shrinker *self, uint32_t at, double number)
{
  if (try_float(self, at, trunc(number)) || try_float(self, at, floor(number)) ||
      try_float(self, at, ceil(number)))
    return true;
  for (int bits = 1; bits < 52 && !self->over; bits++) { /* as few fraction bits as will do */
    double scaled = ldexp(number, bits);
    if (try_float(self, at, ldexp(trunc(scaled), -bits)) ||
        try_float(self, at, ldexp(nearbyint(scaled), -bits)))
      return true;
  }
  return false;
}

static bool lower_float(Shrinker *self, uint32_t at)
{
  double number = float_number(&self->best->at[at]);
  if (try_float(self, at, 0) || try_float(self, at, 1)) return true;
  if (isnan(number)) return false;
  bool better = try_float(self, at, fabs(number));
  if (isinf(number)) return try_float(self, at, 0x1.fffffffffffffp1023) || better;
  if (fabs(number) > 0x1p53) return try_float(self, at, copysign(0x1p53, number)) || better;
  if (better) number = fabs(number);
  if (number != trunc(number)) return lower_fraction(self, at, number) || better;
  return lower_whole(self, at) || better;
}

bool shrink_value(Shrinker *self, uint32_t at)
{
  if (self->best->at[at].value == 0) return false;
  if (is_float(self->best->at[at].kind)) return lower_float(self, at);
  if (try_value(self, at, 0)) return true;
  bool better = lower_number(self, at, 1);
  /* Signs alternate, so steps of two keep it. */
  if (at < self->best->count) better = lower_number(self, at, 2) || better;
  return better;
}

bool shrink_each_value(Shrinker *self)
{
  bool better = false;
  self->partner_count = 0;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++)
    better = shrink_value(self, at) || better;
  return better;
}

static bool is_number(const Choice *choice)
{
  return choice->kind == CHOICE_NUMBER || is_float(choice->kind);
}

/* Equal values that must stay equal can only fall together. */
bool shrink_equal_values(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++) {
    Choice choice = self->best->at[at];
    self->partner_count = 0;
    if (choice.value == 0 || !is_number(&choice)) continue;
    for (uint32_t i = at + 1; i < self->best->count; i++)
      if (self->best->at[i].kind == choice.kind && self->best->at[i].value == choice.value)
        self->partners[self->partner_count++] = i;
    if (self->partner_count) better = shrink_value(self, at) || better;
  }
  self->partner_count = 0;
  return better;
}

/* --- two numbers */

/* One number that falls by `by` steps, and another one further on that rises or falls by as much. */
typedef struct Relation {
  uint32_t at, to;
  Choice from, target; /* as they were */
  bool rises;          /* their sum stays; false: their difference */
  uint64_t stride;     /* of a step, for integers: those of one sign are two apart */
  uint64_t correction; /* added to the target, where one of two signs goes with it */
} Relation;

static bool shift_number(const Relation *self, uint64_t by, uint64_t *from, uint64_t *target)
{
  uint64_t delta;
  if (__builtin_mul_overflow(by, self->stride, &delta)) return false;
  if (__builtin_sub_overflow(self->from.value, delta, from)) return false;
  delta += self->correction;
  return self->rises ? !__builtin_add_overflow(self->target.value, delta, target)
                     : !__builtin_sub_overflow(self->target.value, delta, target);
}

static void shift_float(const Relation *self, uint64_t by, uint64_t *from, uint64_t *target)
{
  double number = float_number(&self->from), other = float_number(&self->target);
  double delta = copysign((double)by, number);
  *from = float_bits(self->from.kind, number - delta);
  *target = float_bits(self->target.kind, self->rises ? other + delta : other - delta);
}

static bool try_shift(Shrinker *self, const Relation *relation, uint64_t by)
{
  uint64_t from, target;
  uint32_t total = shrink_load(self);
  if (relation->to >= total) return false;
  if (is_float(relation->from.kind))
    shift_float(relation, by, &from, &target);
  else if (!shift_number(relation, by, &from, &target))
    return false;
  self->trial[relation->at].value = from;
  self->trial[relation->to].value = target;
  for (uint32_t i = 0; i < self->partner_count; i++) {
    uint32_t partner = self->partners[i], other = partner + (relation->to - relation->at);
    if (other >= total) continue;
    self->trial[partner].value = from;
    self->trial[other].value = target;
  }
  return shrink_try(self, total);
}

static uint64_t most_steps(const Relation *self)
{
  if (!is_float(self->from.kind)) return self->from.value / self->stride;
  double number = fabs(float_number(&self->from));
  return number <= 0x1p53 ? (uint64_t)number : 0;
}

/* As many steps as will do, as if all fewer did. */
static bool shift(Shrinker *self, Relation relation)
{
  uint64_t low = 0, high = most_steps(&relation);
  if (!high) return false;
  if (try_shift(self, &relation, high)) return true;
  for (high--; low < high && !self->over;) {
    uint64_t middle = low + (high - low + 1) / 2;
    if (try_shift(self, &relation, middle))
      low = middle;
    else
      high = middle - 1;
  }
  return low > 0;
}

static bool shift_all_ways(Shrinker *self, uint32_t at, uint32_t to)
{
  bool better = false;
  Relation relation = {.at = at, .to = to};
  for (int way = 0; way < 5 && to < self->best->count && !self->over; way++) {
    relation.from = self->best->at[at];
    relation.target = self->best->at[to];
    if (is_float(relation.from.kind) && way >= 2) break;
    relation.rises = way % 2 == 0;
    relation.stride = way == 2 || way == 3 ? 2 : 1;
    relation.correction = way == 4;
    better = shift(self, relation) || better;
  }
  return better;
}

bool shrink_relation(Shrinker *self, uint32_t at, uint32_t end)
{
  enum { FURTHER = 4, FARTHEST = 32 };
  bool better = false;
  uint32_t tried = 0;
  for (uint32_t to = at + 1; to < self->best->count && to < end && to <= at + FARTHEST; to++) {
    const Choice *from = &self->best->at[at], *target = &self->best->at[to];
    if (!is_number(from) || from->value == 0 || tried == FURTHER) break;
    if (from->kind != target->kind || target->value == 0) continue;
    better = shift_all_ways(self, at, to) || better;
    tried++;
  }
  return better;
}

bool shrink_relations(Shrinker *self)
{
  bool better = false;
  self->partner_count = 0;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++)
    better = shrink_relation(self, at, self->best->count) || better;
  return better;
}
