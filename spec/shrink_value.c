/* Making values as simple as they can be: many at once, then each on its own. */
#include <math.h>

#include "ifc/base/utf8.h"
#include "spec/plan.h"
#include "spec/shrink_internal.h"

/* --- many at once */

/* How far a piece is made simpler: all in it; all but the cases of variants and enums, on which depends what
 * follows; or, beyond that, chars of several bytes to as many letters, as the text's size may matter. */
typedef enum Simplest { SIMPLEST_ALL, SIMPLEST_VALUES, SIMPLEST_LETTERS, SIMPLEST_COUNT } Simplest;

/* What is simplest where the choice stands. */
static uint64_t simplest(const Shrinker *self, uint32_t at, Simplest how)
{
  const Choice *choice = &self->best->at[at];
  switch ((Role)self->origins[at].role) {
  case ROLE_GOES: return choice->value;
  case ROLE_TEXT: return choice->value != 0; /* a char that does not end it */
  case ROLE_OTHER: return how == SIMPLEST_ALL && choice->kind != CHOICE_STEP ? 0 : choice->value;
  case ROLE_NUMBER:
  case ROLE_CHAR:
  case ROLE_REAL: break;
  }
  return 0;
}

/* The bytes of the char that stands there; 1 where none does. */
static uint32_t char_size(const Shrinker *self, uint32_t at)
{
  const Origin *origin = &self->origins[at];
  char bytes[4];
  bool is_char = origin->role == ROLE_TEXT && origin->bits != UINT32_MAX;
  return is_char ? (uint32_t)utf8_encode((uint32_t)origin->bits, bytes) : 1;
}

/* The choices from `start` up to `end` in the room, which has place for four times as many; how many they
 * become. 0 when all are as simple as can be. */
static uint32_t make_simplest(const Shrinker *self, uint32_t start, uint32_t end, Simplest how, Choice *room)
{
  bool differ = false;
  uint32_t count = 0;
  for (uint32_t at = start; at < end; at++) {
    const Choice *choice = &self->best->at[at];
    uint32_t times = how == SIMPLEST_LETTERS ? char_size(self, at) : 1;
    uint64_t value = simplest(self, at, how);
    differ = differ || value != choice->value;
    for (uint32_t i = 0; i < times; i++) room[count++] = (Choice){value, choice->kind};
  }
  return differ ? count : 0;
}

/* In pieces of so many choices. */
static bool pieces_simplest(Shrinker *self, uint32_t size, Choice *room)
{
  bool better = false;
  for (uint32_t at = self->focus.start; shrink_in_focus(self, at); at += size)
    for (Simplest how = 0; how < SIMPLEST_COUNT && shrink_in_focus(self, at); how++) {
      uint32_t end = self->focus.end - at < size ? self->focus.end : at + size;
      uint32_t count = make_simplest(self, at, end, how, room);
      better = (count && shrink_try(self, &(Edit){at, end, room, count}, 1)) || better;
    }
  return better;
}

/* In pieces of at most so many choices, down to so few. */
static bool halves_simplest(Shrinker *self, uint32_t most, uint32_t least)
{
  ArenaMark mark = arena_mark(self->arena);
  Choice *room = arena_alloc_raw(self->arena, 4 * sizeof *room * CHOICES_MAX);
  bool better = false;
  for (uint32_t size = most; size >= least && size > 0 && !self->over; size /= 2)
    better = pieces_simplest(self, size, room) || better;
  arena_reset(self->arena, mark);
  return better;
}

static uint32_t length(const Shrinker *self)
{
  return self->focus.end - self->focus.start;
}

bool shrink_all_values(Shrinker *self)
{
  return halves_simplest(self, length(self), length(self));
}

bool shrink_many_values(Shrinker *self)
{
  uint32_t count = length(self), least = count / SHRINK_LARGE_PIECES;
  return least > 1 && halves_simplest(self, count / 2, least);
}

bool shrink_few_values(Shrinker *self)
{
  return halves_simplest(self, length(self) / 2, 2);
}

/* --- a number */

/* The smallest value above `least`, in steps of `stride`, that still fails, as if all above it did. */
static bool lower_number(Shrinker *self, uint32_t at, uint64_t least, uint64_t stride)
{
  uint64_t rest = self->best->at[at].value % stride;
  uint64_t high = self->best->at[at].value / stride, low = (least + stride - rest) / stride;
  bool better = false;
  while (low < high && !self->over) {
    uint64_t middle = low + (high - low) / 2;
    if (shrink_try_value(self, at, middle * stride + rest)) {
      better = true;
      if (at >= self->focus.end || self->best->at[at].value > middle * stride + rest) break;
      high = self->best->at[at].value / stride;
    } else {
      low = middle + 1;
    }
  }
  return better;
}

/* A number that says how many others follow: it falls, and some of them go. `each` of them for each step. */
static bool lower_count(Shrinker *self, uint32_t at, uint32_t each)
{
  bool better = false;
  for (uint64_t by = self->best->at[at].value; by > 0 && !self->over; by /= 2)
    for (uint32_t from = at + 1; shrink_in_focus(self, at) && self->best->at[at].value >= by;) {
      Choice lower = {self->best->at[at].value - by, self->best->at[at].kind};
      uint64_t end = from + by * each;
      if (end > self->focus.end) break;
      Edit edits[] = {{at, at + 1, &lower, 1}, {from, (uint32_t)end, NULL, 0}};
      if (shrink_try(self, edits, 2))
        better = true;
      else
        from = (uint32_t)end;
    }
  return better;
}

static bool lower_integer(Shrinker *self, uint32_t at)
{
  uint64_t value = self->best->at[at].value, least = self->origins[at].role == ROLE_TEXT; /* 0 ends it */
  if (value <= least) return false;
  if (shrink_try_value(self, at, least)) return true;
  uint32_t fewer = self->fewer;
  if (fewer && fewer % value == 0 && lower_count(self, at, fewer / (uint32_t)value)) return true;
  bool better = lower_number(self, at, least, 1);
  /* Signs alternate, so steps of two keep it. */
  if (at < self->focus.end) better = lower_number(self, at, least, 2) || better;
  return better;
}

/* --- a float */

static bool try_float(Shrinker *self, uint32_t at, double number)
{
  return at < self->focus.end && shrink_is_float(self->best->at[at].kind) &&
         shrink_try_value(self, at, shrink_float_bits(self->best->at[at].kind, number));
}

/* Whole numbers fall like integers, from either side. */
static bool lower_whole(Shrinker *self, uint32_t at, double number)
{
  double sign = number < 0 ? -1 : 1, high = fabs(number), low = 0;
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

/* Those that are too large to be counted: the least power of two. */
static bool lower_exponent(Shrinker *self, uint32_t at, double number)
{
  int low = 53, high;
  frexp(number, &high);
  bool better = false;
  for (high--; low < high && !self->over;) {
    int middle = low + (high - low) / 2;
    if (try_float(self, at, copysign(ldexp(1, middle), number))) {
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
      try_float(self, at, ceil(number)) || try_float(self, at, -0.0))
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
  double number = shrink_float(&self->best->at[at]);
  if (self->best->at[at].value == 0) return false;
  if (try_float(self, at, 0) || try_float(self, at, 1)) return true;
  if (isnan(number)) return false;
  bool better = try_float(self, at, fabs(number));
  if (isinf(number)) return try_float(self, at, 0x1.fffffffffffffp1023) || better;
  if (fabs(number) > 0x1p53)
    return try_float(self, at, copysign(0x1p53, number)) || lower_exponent(self, at, number) || better;
  if (better) number = fabs(number);
  if (number != trunc(number)) return lower_fraction(self, at, number) || better;
  return lower_whole(self, at, number) || better;
}

bool shrink_each_value(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = self->focus.start; shrink_in_focus(self, at); at++) {
    bool is_float = shrink_is_float(self->best->at[at].kind);
    better = (is_float ? lower_float(self, at) : lower_integer(self, at)) || better;
  }
  return better;
}

/* --- chars */

/* What has to be so many bytes long can be so with letters alone. */
bool shrink_chars(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = self->focus.start; shrink_in_focus(self, at); at++) {
    Choice letters[4];
    uint32_t size = char_size(self, at);
    if (size == 1) continue;
    for (uint32_t i = 0; i < size; i++) letters[i] = (Choice){1, CHOICE_NUMBER};
    better = shrink_try(self, &(Edit){at, at + 1, letters, size}, 1) || better;
  }
  return better;
}
