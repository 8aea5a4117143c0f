/* Leaving things out: elements of lists, chars of texts and steps, many at once; then any few choices. */
#include "spec/shrink_internal.h"

/* What may be left out, with what says that it comes. */
typedef struct Element {
  uint32_t start, end;
  uint32_t index; /* in its list, text or sequence */
} Element;

/* How deep inside they are: steps are outermost, then lists, lists in lists, …; chars are innermost. */
enum { LEVEL_STEPS, LEVEL_LISTS, LEVEL_TEXTS = LEVEL_LISTS + 8 };

enum { ANY_PIECES = 0 };

typedef struct Elements {
  Element *at;
  uint32_t count;
  uint32_t *span_ends; /* by choice: where the longest span that begins there ends; 0: none does */
} Elements;

static void find_span_ends(const Shrinker *self, uint32_t *ends)
{
  memset(ends, 0, (self->best->count + 1) * sizeof *ends);
  for (uint32_t i = 0; i < self->span_count; i++)
    if (self->spans[i].end > ends[self->spans[i].start]) ends[self->spans[i].start] = self->spans[i].end;
}

static uint32_t end_of_step(const Shrinker *self, uint32_t at)
{
  for (at++; at < self->focus.end && self->best->at[at].kind != CHOICE_STEP;) at++;
  return at;
}

/* Only flags are of several choices and no span. */
static uint32_t end_of_element(const Shrinker *self, uint32_t at, const uint32_t *span_ends)
{
  uint32_t end = at + 2;
  if (span_ends[at + 1]) return span_ends[at + 1];
  for (; end < self->best->count && self->best->at[end].kind == CHOICE_BOOL; end++)
    if (self->origins[end].role == ROLE_GOES) break;
  return end;
}

/* The end of the element of this level that begins here; 0: none does. */
static uint32_t element_end(const Shrinker *self, uint32_t at, uint32_t level, const uint32_t *span_ends)
{
  const Origin *origin = &self->origins[at];
  const Choice *choice = &self->best->at[at];
  if (level == LEVEL_STEPS) return choice->kind == CHOICE_STEP ? end_of_step(self, at) : 0;
  if (level == LEVEL_TEXTS) return origin->role == ROLE_TEXT && choice->value ? at + 1 : 0;
  if (origin->role != ROLE_GOES || !choice->value || origin->depth + (uint32_t)LEVEL_LISTS != level) return 0;
  return end_of_element(self, at, span_ends);
}

static void find_elements(const Shrinker *self, uint32_t level, Elements *out)
{
  out->count = 0;
  if (level != LEVEL_STEPS && level != LEVEL_TEXTS) find_span_ends(self, out->span_ends);
  for (uint32_t at = self->focus.start; at < self->focus.end;) {
    uint32_t end = element_end(self, at, level, out->span_ends);
    const Element *last = out->count ? &out->at[out->count - 1] : NULL;
    if (end) out->at[out->count++] = (Element){at, end, last && last->end == at ? last->index + 1 : 0};
    at = end ? end : at + 1;
  }
}

static Elements elements_new(const Shrinker *self)
{
  return (Elements){.at = arena_alloc_raw(self->arena, (CHOICES_MAX + 1) * sizeof(Element)),
                    .span_ends = arena_alloc_raw(self->arena, (CHOICES_MAX + 2) * sizeof(uint32_t))};
}

/* Is what stands here what comes next, too? Then leaving out the one or the other is the same. */
static bool is_repeated(const Shrinker *self, uint32_t start, uint32_t end)
{
  uint32_t len = end - start;
  return end + len <= self->focus.end && shrink_runs_equal(self, start, end, len);
}

/* The elements of one list, the last of which is number `last`: all, halves, quarters, … from the back, in at
 * most so many pieces; of fewer elements none. */
static bool list_shorter(Shrinker *self, uint32_t level, uint32_t pieces, Elements *elements, uint32_t last)
{
  uint32_t first = last - elements->at[last].index, count = last - first + 1;
  uint32_t least = pieces == ANY_PIECES ? 1 : count / pieces;
  bool better = false;
  for (uint32_t size = count; least > 0 && size >= least && !self->over; size /= 2)
    for (uint32_t end = count; end >= size && end <= count && !self->over; end -= size) {
      const Element *from = &elements->at[first + end - size], *to = &elements->at[first + end - 1];
      if (end + size <= count && is_repeated(self, from->start, to->end)) continue;
      if (!shrink_without(self, from->start, to->end)) continue;
      better = true;
      count -= size;
      find_elements(self, level, elements);
      if (first + count > elements->count) return true; /* it came out as another case */
    }
  return better;
}

static bool level_shorter(Shrinker *self, uint32_t level, uint32_t pieces, Elements *elements)
{
  bool better = false;
  find_elements(self, level, elements);
  for (uint32_t last = elements->count; last-- > 0 && !self->over;) {
    if (last >= elements->count) continue;
    uint32_t first = last - elements->at[last].index;
    better = list_shorter(self, level, pieces, elements, last) || better;
    last = first;
  }
  return better;
}

static bool lists_shorter(Shrinker *self, uint32_t pieces)
{
  ArenaMark mark = arena_mark(self->arena);
  Elements elements = elements_new(self);
  bool better = false;
  for (uint32_t level = LEVEL_STEPS; level <= LEVEL_TEXTS; level++)
    better = level_shorter(self, level, pieces, &elements) || better;
  arena_reset(self->arena, mark);
  return better;
}

bool shrink_many_elements_away(Shrinker *self)
{
  return self->best->count > SHRINK_LARGE_CASE && lists_shorter(self, SHRINK_LARGE_PIECES);
}

bool shrink_elements_away(Shrinker *self)
{
  return lists_shorter(self, ANY_PIECES);
}

/* --- steps of one operation, which need not stand together */

static void find_steps(const Shrinker *self, uint64_t operation, Elements *out)
{
  uint32_t count = 0;
  find_elements(self, LEVEL_STEPS, out);
  for (uint32_t i = 0; i < out->count; i++)
    if (self->best->at[out->at[i].start].value == operation) out->at[count++] = out->at[i];
  out->count = count;
}

/* All, halves, quarters, … from the back. */
static bool operation_rarer(Shrinker *self, uint64_t operation, Elements *steps, Edit *edits)
{
  bool better = false;
  find_steps(self, operation, steps);
  uint32_t least = steps->count / SHRINK_LARGE_PIECES;
  for (uint32_t size = steps->count; size > 0 && size >= least && !self->over; size /= 2)
    for (uint32_t end = steps->count; end >= size && end <= steps->count && !self->over; end -= size) {
      const Element *from = &steps->at[end - size];
      for (uint32_t i = 0; i < size; i++) edits[i] = (Edit){from[i].start, from[i].end, NULL, 0};
      if (!shrink_try(self, edits, size)) continue;
      better = true;
      find_steps(self, operation, steps);
    }
  return better;
}

bool shrink_operations_away(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  Elements steps = elements_new(self);
  Edit *edits = arena_alloc_raw(self->arena, CHOICES_MAX * sizeof *edits);
  size_t operations = self->attempt->test->operations.len;
  bool better = false;
  for (uint64_t i = operations; i > 0 && self->best->count > SHRINK_LARGE_CASE && !self->over; i--)
    better = operation_rarer(self, i, &steps, edits) || better;
  arena_reset(self->arena, mark);
  return better;
}

/* Whatever they stand for; what follows may then stand for something else. Where it needs more than there is,
 * zeros follow. */
static bool delete_runs(Shrinker *self, uint32_t size)
{
  bool better = false;
  for (uint32_t at = self->focus.end; at-- > self->focus.start && !self->over;)
    while (at + size <= self->focus.end &&
           shrink_try_padded(self, &(Edit){at, at + size, NULL, 0}, 1, size - 1))
      better = true;
  return better;
}

bool shrink_runs_away(Shrinker *self)
{
  enum { FEW = 128, MANY = 1024 };
  uint32_t count = self->focus.end - self->focus.start;
  bool better = false;
  for (uint32_t size = count <= FEW ? 8 : count <= MANY ? 3 : 0; size > 0; size--)
    better = delete_runs(self, size) || better;
  return better;
}

/* --- where numbers are indices */

enum { INDEXED_MAX = 256, INDEXED_TRIES_MAX = 1 << 13 };

/* Numbers that are taken for indices: those from `least` to `most` that stand from `from` up to `to`. */
typedef struct Indices {
  uint32_t from, to;
  uint64_t least, most;
} Indices;

/* It goes, and they are one less. */
static bool without_indexed(Shrinker *self, const Element *element, const Indices *indices)
{
  Edit edits[INDEXED_MAX + 1];
  Choice lower[INDEXED_MAX];
  uint32_t count = 0, lowered = 0;
  for (uint32_t at = self->focus.start; at < self->focus.end && lowered < INDEXED_MAX; at++) {
    if (at == element->start) edits[count++] = (Edit){at, element->end, NULL, 0};
    if (at < indices->from || at >= indices->to || (at >= element->start && at < element->end)) continue;
    const Origin *origin = &self->origins[at];
    if (origin->role != ROLE_NUMBER || origin->bits < indices->least || origin->bits > indices->most)
      continue;
    lower[lowered] = (Choice){origin->bits - 1, CHOICE_WANTED};
    edits[count++] = (Edit){at, at + 1, &lower[lowered++], 1};
  }
  return lowered && count > lowered && shrink_try(self, edits, count);
}

/* All numbers above its index; or only some that come later, as others may be no indices: the last ones,
 * equal ones, or a single one. */
static bool is_left_out(Shrinker *self, const Element *element, uint32_t most)
{
  uint32_t end = self->focus.end;
  uint64_t least = element->index + UINT64_C(1);
  if (without_indexed(self, element, &(Indices){self->focus.start, end, least, most})) return true;
  for (uint32_t at = element->end; at < end && !self->over; at++) {
    uint64_t value = self->origins[at].bits;
    if (self->origins[at].role != ROLE_NUMBER || value < least || value > most) continue;
    if (without_indexed(self, element, &(Indices){at, end, least, most}) ||
        without_indexed(self, element, &(Indices){at, end, value, value}) ||
        without_indexed(self, element, &(Indices){at, at + 1, value, value}))
      return true;
  }
  return false;
}

bool shrink_indexed_away(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  Elements elements = elements_new(self);
  bool better = false;
  uint64_t end = self->tries + INDEXED_TRIES_MAX;
  for (uint32_t level = LEVEL_STEPS; level < LEVEL_TEXTS && self->best->count <= INDEXED_MAX; level++) {
    find_elements(self, level, &elements);
    for (uint32_t i = elements.count; i-- > 0 && self->tries < end && !self->over;) {
      if (i >= elements.count) continue;
      Element element = elements.at[i];
      if (level == LEVEL_STEPS) element.index = 0; /* of which of them others count, is not known */
      if (!is_left_out(self, &element, elements.count)) continue;
      better = true;
      find_elements(self, level, &elements);
    }
  }
  arena_reset(self->arena, mark);
  return better;
}
