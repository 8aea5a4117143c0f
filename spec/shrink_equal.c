/* Parts of a case that are equal, and may have to stay so: what is done to one is done to all. */
#include "spec/shrink_internal.h"

enum {
  GROUPS_MAX = 64, /* the largest; small ones are many */
  /* Longer cases are not searched for equal runs and numbers, which takes the square of their length. */
  EQUAL_RUNS_MAX = 512,
  EQUAL_NUMBERS_MAX = 4096,
};

/* A span, so that equal ones stand together and long ones first. */
typedef struct Part {
  uint32_t start, len, label;
  uint64_t hash; /* of its choices */
} Part;

static bool comes_before(const Part *a, const Part *b)
{
  if (a->len != b->len) return a->len > b->len;
  if (a->label != b->label) return a->label < b->label;
  if (a->hash != b->hash) return a->hash < b->hash;
  return a->start < b->start;
}

/* Shell's way: in a worker, qsort may not do what it does. */
static void sort_parts(Part *parts, uint32_t count)
{
  static const uint32_t gaps[] = {3548, 1577, 701, 301, 132, 57, 23, 10, 4, 1};
  for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
    for (uint32_t i = gaps[g]; i < count; i++) {
      Part part = parts[i];
      uint32_t at = i;
      for (; at >= gaps[g] && comes_before(&part, &parts[at - gaps[g]]); at -= gaps[g])
        parts[at] = parts[at - gaps[g]];
      parts[at] = part;
    }
}

static uint64_t hash_of_run(const Shrinker *self, uint32_t start, uint32_t end)
{
  uint64_t hash = 0;
  for (uint32_t i = start; i < end; i++)
    hash = (hash ^ (hash >> 32) ^ self->best->at[i].value) * UINT64_C(0x9e3779b97f4a7c15);
  return hash;
}

static uint32_t find_parts(const Shrinker *self, Part *out)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < self->span_count; i++) {
    const ChoiceSpan *span = &self->spans[i];
    if (span->end - span->start < 2) continue;
    out[count++] =
        (Part){span->start, span->end - span->start, span->label, hash_of_run(self, span->start, span->end)};
  }
  sort_parts(out, count);
  return count;
}

/* The focus becomes the first of these parts, and the next ones that are equal to it its copies. How many
 * there are in all. */
static uint32_t set_focus(Shrinker *self, const Part *parts, uint32_t count)
{
  Focus *focus = &self->focus;
  uint32_t i = 1;
  focus->start = parts->start;
  focus->end = parts->start + parts->len;
  focus->is_whole = false;
  focus->copy_count = 0;
  for (; i < count && parts[i].len == parts->len && parts[i].label == parts->label; i++) {
    if (!shrink_runs_equal(self, parts->start, parts[i].start, parts->len)) break;
    focus->copies[focus->copy_count++] = parts[i].start;
  }
  return i;
}

typedef bool Pass(Shrinker *self);

/* Those that make up one of so many parts of the case, or more. */
static bool in_equal_parts(Shrinker *self, uint32_t share, Pass *const *passes, size_t pass_count)
{
  ArenaMark mark = arena_mark(self->arena);
  Part *parts = arena_alloc_raw(self->arena, SPANS_MAX * sizeof *parts);
  uint32_t count = find_parts(self, parts), groups = 0;
  bool better = false;
  for (uint32_t at = 0; at < count && groups < GROUPS_MAX && !self->over;) {
    uint32_t len = parts[at].len, equal = set_focus(self, &parts[at], count - at);
    at += equal;
    if (equal == 1 || (uint64_t)len * equal * share < self->best->count) continue;
    bool helped = false;
    groups++;
    for (size_t i = 0; i < pass_count; i++) helped = passes[i](self) || helped;
    if (!helped) continue;
    better = true;
    at = 0;
    count = find_parts(self, parts);
  }
  shrink_set_whole(self);
  arena_reset(self->arena, mark);
  return better;
}

bool shrink_equal_parts_shorter(Shrinker *self)
{
  enum { LARGE = 8 };
  static Pass *const passes[] = {shrink_elements_away};
  return in_equal_parts(self, LARGE, passes, 1);
}

/* Equal numbers, wherever they are: those of equal parts, too. */
static bool shrink_equal_numbers(Shrinker *self)
{
  enum { FEW = 64 };
  Focus *focus = &self->focus;
  bool better = false;
  if (self->best->count > EQUAL_NUMBERS_MAX) return false;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++) {
    Choice choice = self->best->at[at];
    if (choice.value == 0 || (choice.kind != CHOICE_NUMBER && !shrink_is_float(choice.kind))) continue;
    *focus = (Focus){at, at + 1, false, focus->copies, 0};
    for (uint32_t i = at + 1; i < self->best->count; i++)
      if (shrink_runs_equal(self, at, i, 1)) focus->copies[focus->copy_count++] = i;
    if (focus->copy_count == 0) continue;
    better = shrink_each_value(self) || better;
    if (self->best->count <= FEW) better = shrink_small_numbers(self) || better;
  }
  shrink_set_whole(self);
  return better;
}

bool shrink_equal_parts(Shrinker *self)
{
  static Pass *const passes[] = {shrink_all_values, shrink_few_values, shrink_each_value, shrink_chars,
                                 shrink_runs_away,  shrink_order,      shrink_relations};
  bool better = in_equal_parts(self, CHOICES_MAX, passes, sizeof passes / sizeof *passes);
  return shrink_equal_numbers(self) || better;
}

/* Leaves out `size` choices, and all equal runs after them. False also when there are none. */
static bool without_equal_runs(Shrinker *self, uint32_t at, uint32_t size)
{
  Focus *focus = &self->focus;
  *focus = (Focus){at, at + size, false, focus->copies, 0};
  for (uint32_t i = at + size; i + size <= self->best->count;) {
    bool equal = shrink_runs_equal(self, at, i, size);
    if (equal) focus->copies[focus->copy_count++] = i;
    i += equal ? size : 1;
  }
  return focus->copy_count && shrink_without(self, at, at + size);
}

/* What stands in one value, and again as a part of another one, can only get shorter in both. */
bool shrink_equal_runs(Shrinker *self)
{
  bool better = false;
  if (self->best->count > EQUAL_RUNS_MAX) return false;
  for (uint32_t size = 1; size <= 4; size++)
    for (uint32_t at = 0; at + size <= self->best->count && !self->over; at++)
      while (at + size <= self->best->count && without_equal_runs(self, at, size)) better = true;
  shrink_set_whole(self);
  return better;
}
