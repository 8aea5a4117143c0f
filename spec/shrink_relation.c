/* Numbers that depend on each other: those whose sum or difference has to stay; and where there are few, all
 * small ones, which needs to know nothing of how they depend. */
#include <math.h>

#include "spec/shrink_internal.h"

static bool is_number(const Shrinker *self, uint32_t at)
{
  const Choice *choice = &self->best->at[at];
  return choice->kind == CHOICE_NUMBER || shrink_is_float(choice->kind);
}

/* One number comes nearer to zero by some steps, and another one further on goes as far: the same way, so
 * that their difference stays, or the other way. */
typedef struct Relation {
  uint32_t at, to;
  Choice from, target; /* as they were */
  bool by_value;       /* integers; what counts of others is their index */
  bool is_negative;    /* it comes up */
  bool same_way;
  uint64_t steps; /* that there are */
} Relation;

static Choice shifted(const Relation *self, const Choice *choice, bool down, uint64_t by)
{
  if (!shrink_is_float(choice->kind)) {
    uint64_t value = down ? choice->value - by : choice->value + by;
    return (Choice){value, self->by_value ? CHOICE_WANTED : CHOICE_NUMBER};
  }
  double number = shrink_float(choice) + (down ? -(double)by : (double)by);
  return (Choice){shrink_float_bits(choice->kind, number), choice->kind};
}

/* How far from zero a number is that wraps at its own width, as `kind` has it. */
static uint64_t magnitude(TypeKind kind, uint64_t value)
{
  const Type *type = type_of_kind(kind);
  unsigned unused = 64 - 8 * (unsigned)type_primitive_size(type);
  value <<= unused;
  if (type_is_signed(type) && (int64_t)value < 0) value = 0 - value;
  return value >> unused;
}

/* Does the second number stay at most as large as both were together, though it may wrap? */
static bool stays_small(const Shrinker *self, const Relation *relation, uint64_t target)
{
  const Origin *origins = self->origins, *to = &origins[relation->to];
  uint64_t from = relation->steps, before = magnitude((TypeKind)to->kind, to->bits), both;
  if (__builtin_add_overflow(from, before, &both)) return true;
  return magnitude((TypeKind)to->kind, target) <= both;
}

static bool try_shift(Shrinker *self, const Relation *relation, uint64_t by)
{
  Choice from = shifted(relation, &relation->from, !relation->is_negative, by);
  Choice target = shifted(relation, &relation->target, relation->is_negative != relation->same_way, by);
  Edit edits[] = {{relation->at, relation->at + 1, &from, 1}, {relation->to, relation->to + 1, &target, 1}};
  if (relation->by_value && !stays_small(self, relation, target.value)) return false;
  return relation->to < self->focus.end && shrink_try(self, edits, 2);
}

/* As many steps as will do, as if all fewer did; or else nearly all. */
static bool shift(Shrinker *self, const Relation *relation)
{
  uint64_t low = 0, high = relation->steps;
  if (try_shift(self, relation, high)) return true;
  for (high--; low < high && !self->over;) {
    uint64_t middle = low + (high - low + 1) / 2;
    if (try_shift(self, relation, middle))
      low = middle;
    else
      high = middle - 1;
  }
  for (uint64_t left = 1; low == 0 && left < relation->steps / 2 && !self->over; left *= 2)
    if (try_shift(self, relation, relation->steps - left)) return true;
  return low > 0;
}

/* Of two choices as they are now; false when there is nothing to shift. */
static bool relation_begin(const Shrinker *self, uint32_t at, uint32_t to, bool same_way, Relation *out)
{
  const Choice *from = &self->best->at[at], *target = &self->best->at[to];
  const Origin *origin = &self->origins[at], *other = &self->origins[to];
  *out = (Relation){.at = at, .to = to, .from = *from, .target = *target, .same_way = same_way};
  if (from->kind != target->kind || from->value == 0) return false;
  if (shrink_is_float(from->kind)) {
    double number = shrink_float(from);
    out->is_negative = number < 0;
    out->steps = fabs(number) <= 0x1p53 ? (uint64_t)fabs(number) : 0;
  } else if (origin->role == ROLE_NUMBER && other->role == ROLE_NUMBER) {
    out->by_value = true;
    out->is_negative = (int64_t)origin->bits < 0 && type_is_signed(type_of_kind((TypeKind)origin->kind));
    out->from.value = origin->bits;
    out->target.value = other->bits;
    out->steps = out->is_negative ? 0 - origin->bits : origin->bits;
  } else {
    uint64_t least = origin->role == ROLE_TEXT; /* 0 ends it */
    out->steps = origin->role == other->role && target->value > least ? from->value - least : 0;
  }
  return out->steps > 0;
}

static bool shrink_relation(Shrinker *self, uint32_t at)
{
  enum { FURTHER = 4, FARTHEST = 32 };
  bool better = false;
  uint32_t tried = 0;
  for (uint32_t to = at + 1; shrink_in_focus(self, to) && to <= at + FARTHEST && tried < FURTHER; to++) {
    Relation relation;
    if (!is_number(self, at) || self->best->at[at].value == 0) break;
    if (!relation_begin(self, at, to, true, &relation)) continue;
    tried++;
    better = shift(self, &relation) || better;
    if (to < self->focus.end && relation_begin(self, at, to, false, &relation))
      better = shift(self, &relation) || better;
  }
  return better;
}

bool shrink_relations(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = self->focus.start; shrink_in_focus(self, at); at++)
    better = shrink_relation(self, at) || better;
  return better;
}

/* --- all small ones */

enum { NUMBERS_MAX = 16, TRIES_ALONE = 256, TRIES_OF_ALL_PAIRS = 1 << 14 };

/* All but chars of texts. */
static uint32_t find_numbers(const Shrinker *self, uint32_t *out)
{
  uint32_t count = 0;
  for (uint32_t at = self->focus.start; at < self->focus.end; at++) {
    if (!is_number(self, at) || self->origins[at].role == ROLE_TEXT) continue;
    if (count == NUMBERS_MAX) return 0;
    out[count++] = at;
  }
  return count;
}

/* The one that comes `index` after the simplest: of floats, 0, 1, −1, 2, … */
static Choice small_number(const Shrinker *self, uint32_t at, uint64_t index)
{
  ChoiceKind kind = self->best->at[at].kind;
  if (!shrink_is_float(kind)) return (Choice){index, kind};
  uint64_t size = (index + 1) / 2;
  double number = (double)size;
  return (Choice){shrink_float_bits(kind, index % 2 || !index ? number : -number), kind};
}

static bool small_alone(Shrinker *self, uint32_t at)
{
  for (uint64_t i = 0; i < TRIES_ALONE && shrink_in_focus(self, at); i++) {
    Choice choice = small_number(self, at, i);
    if (!choice_simpler(&choice, &self->best->at[at])) return false;
    if (shrink_try(self, &(Edit){at, at + 1, &choice, 1}, 1)) return true;
  }
  return false;
}

static bool small_pair(Shrinker *self, uint32_t at, uint32_t to, uint64_t each)
{
  for (uint64_t i = 0; i < each; i++)
    for (uint64_t k = 0; k < each && shrink_in_focus(self, to); k++) {
      Choice first = small_number(self, at, i), second = small_number(self, to, k);
      const Edit edits[] = {{at, at + 1, &first, 1}, {to, to + 1, &second, 1}};
      if (!choice_simpler(&first, &self->best->at[at])) return false;
      if (shrink_try(self, edits, 2)) return true;
    }
  return false;
}

bool shrink_small_numbers(Shrinker *self)
{
  uint32_t numbers[NUMBERS_MAX], count = find_numbers(self, numbers);
  uint64_t pairs = count * (count - 1) / 2, each = 0;
  bool better = false;
  for (uint32_t i = 0; i < count; i++) better = small_alone(self, numbers[i]) || better;
  while (pairs && (each + 1) * (each + 1) * pairs <= TRIES_OF_ALL_PAIRS) each++;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = i + 1; k < count; k++)
      better = small_pair(self, numbers[i], numbers[k], each) || better;
  return better;
}
