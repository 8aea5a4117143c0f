/* Making values and steps simpler as wholes: leaving them out, putting them in order, copying simpler ones,
 * and changing all that are equal in the same way. */
#include "spec/shrink_internal.h"

enum {
  STEP_LABELS = 1 << 16, /* where labels of steps begin, by operation */
  EQUAL_SPANS_MAX = 512, /* more are not compared with each other, which takes the square of their number */
  NEAR = 8,              /* so many of one kind are put in order, or copied from */
};

/* A value or a step, with what says that it comes. */
typedef struct Piece {
  uint32_t start, end, label;
  bool may_go; /* an element of a list, or a step */
} Piece;

typedef struct Pieces {
  Piece *at;
  uint32_t count;
} Pieces;

static uint32_t end_of_step(const ChoiceList *list, uint32_t at)
{
  for (at++; at < list->count && list->at[at].kind != CHOICE_STEP;) at++;
  return at;
}

/* Outer ones come after what is in them, and steps last. In self->arena, which is not given back before the
 * end: so they are found once in a pass, and again only when that has helped. */
static void find_pieces(const Shrinker *self, Pieces *out)
{
  const ChoiceList *best = self->best;
  out->count = 0;
  for (uint32_t i = 0; i < self->span_count; i++) {
    const ChoiceSpan *span = &self->spans[i];
    if (span->end == span->start) continue;
    bool may_go =
        span->start > 0 && best->at[span->start - 1].kind == CHOICE_BOOL && best->at[span->start - 1].value;
    out->at[out->count++] = (Piece){span->start - may_go, span->end, span->label, may_go};
  }
  for (uint32_t i = 0; i < best->count; i++)
    if (best->at[i].kind == CHOICE_STEP)
      out->at[out->count++] =
          (Piece){i, end_of_step(best, i), STEP_LABELS + (uint32_t)best->at[i].value, true};
}

static Pieces pieces_new(const Shrinker *self)
{
  Pieces out = {.at = arena_alloc_raw(self->arena, (SPANS_MAX + CHOICES_MAX) * sizeof *out.at)};
  find_pieces(self, &out);
  return out;
}

/* The piece goes, and what follows, if that is as long and of its kind, takes its numbers over. Where the
 * least number is not zero, what goes is one more than its choice. */
static bool merge(Shrinker *self, const Piece *piece, uint64_t correction)
{
  uint32_t total = shrink_load(self), len = piece->end - piece->start;
  const Choice *here = &self->best->at[piece->start], *next = &self->best->at[piece->end];
  if (piece->end + len > total) return false;
  for (uint32_t i = 0; i < len; i++) {
    if (here[i].kind != next[i].kind) return false;
    bool is_number = here[i].kind == CHOICE_NUMBER;
    if (!is_number && here[i].value != next[i].value) return false;
    if (is_number) self->trial[piece->end + i].value += here[i].value + correction;
  }
  memmove(&self->trial[piece->start], &self->trial[piece->end], (total - piece->end) * sizeof *self->trial);
  return shrink_try(self, total - len);
}

static bool without_piece(Shrinker *self, const Piece *piece)
{
  if (!piece->may_go) return false;
  return shrink_without(self, piece->start, piece->end - piece->start) || merge(self, piece, 0) ||
         merge(self, piece, 1);
}

bool shrink_spans_away(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  Pieces pieces = pieces_new(self);
  bool better = false;
  for (uint32_t i = pieces.count; i > 0 && !self->over;) {
    if (i <= pieces.count && without_piece(self, &pieces.at[i - 1])) {
      better = true;
      find_pieces(self, &pieces);
    } else {
      i--;
    }
  }
  arena_reset(self->arena, mark);
  return better;
}

/* --- two of one kind */

static uint32_t put_run(Shrinker *self, uint32_t count, uint32_t start, uint32_t end)
{
  memcpy(&self->trial[count], &self->best->at[start], (end - start) * sizeof *self->trial);
  return count + end - start;
}

/* The best with `first` and `second`, which comes after it, replaced by the one or the other. */
static bool try_with(Shrinker *self, const Piece *first, const Piece *second, const Piece *as_first,
                     const Piece *as_second)
{
  uint64_t whole =
      (uint64_t)self->best->count + (as_first->end - as_first->start) + (as_second->end - as_second->start);
  if (whole > CHOICES_MAX) return false;
  uint32_t count = put_run(self, 0, 0, first->start);
  count = put_run(self, count, as_first->start, as_first->end);
  count = put_run(self, count, first->end, second->start);
  count = put_run(self, count, as_second->start, as_second->end);
  count = put_run(self, count, second->end, self->best->count);
  return shrink_try(self, count);
}

/* Steps of different operations may change places, too. */
static bool are_alike(const Piece *a, const Piece *b)
{
  return a->label == b->label || (a->label >= STEP_LABELS && b->label >= STEP_LABELS);
}

static bool change_places(Shrinker *self, const Piece *a, const Piece *b)
{
  const Piece *first = a->start < b->start ? a : b, *second = first == a ? b : a;
  if (first->end > second->start || !are_alike(a, b) || a->may_go != b->may_go) return false;
  return try_with(self, first, second, second, first) || try_with(self, first, second, first, first) ||
         try_with(self, first, second, second, second);
}

bool shrink_order(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  Pieces pieces = pieces_new(self);
  bool better = false;
  for (uint32_t i = 0; i < pieces.count && !self->over; i++)
    for (uint32_t k = i + 1, tried = 0; k < pieces.count && tried < NEAR && !self->over; k++) {
      if (!are_alike(&pieces.at[i], &pieces.at[k])) continue;
      tried++;
      if (!change_places(self, &pieces.at[i], &pieces.at[k])) continue;
      better = true;
      find_pieces(self, &pieces);
    }
  for (uint32_t distance = 1; distance <= 4; distance++) /* values without parts have no span */
    for (uint32_t at = 0; at + distance < self->best->count && !self->over; at++) {
      Piece left = {at, at + 1, 0, false}, right = {at + distance, at + distance + 1, 0, false};
      if (self->best->at[at].kind == self->best->at[at + distance].kind)
        better = try_with(self, &left, &right, &right, &left) || better;
    }
  arena_reset(self->arena, mark);
  return better;
}

/* --- equal ones */

static bool are_equal(const ChoiceList *list, const ChoiceSpan *a, const ChoiceSpan *b)
{
  if (a->label != b->label || a->end - a->start != b->end - b->start) return false;
  for (uint32_t i = 0; i < a->end - a->start; i++)
    if (list->at[a->start + i].kind != list->at[b->start + i].kind ||
        list->at[a->start + i].value != list->at[b->start + i].value)
      return false;
  return true;
}

/* Where equal ones begin, in order; none of them is inside another. */
typedef struct Equals {
  uint32_t starts[EQUAL_SPANS_MAX];
  uint32_t count, len;
} Equals;

static void find_equals(const Shrinker *self, uint32_t index, Equals *out)
{
  const ChoiceSpan *first = &self->spans[index];
  *out = (Equals){.starts = {first->start}, .count = 1, .len = first->end - first->start};
  for (uint32_t i = index + 1; i < self->span_count; i++) {
    const ChoiceSpan *span = &self->spans[i];
    if (span->start < out->starts[out->count - 1] + out->len || !are_equal(self->best, first, span)) continue;
    out->starts[out->count++] = span->start;
  }
}

/* All of them as the first would be with a run of other choices, from `from` up to `to` of the best, where
 * its own from `start` up to `end` are. Several runs make one. */
typedef struct Edit {
  uint32_t start, end, from, to;
} Edit;

static bool try_in_all(Shrinker *self, const Equals *equals, const Edit *edits, uint32_t edit_count)
{
  uint32_t kept = 0, at = 0, first = equals->starts[0], end = first + equals->len;
  for (uint32_t i = 0; i < equals->count; i++) {
    kept = put_run(self, kept, at, equals->starts[i]);
    at = first;
    for (uint32_t k = 0; k < edit_count; k++) {
      kept = put_run(self, kept, at, edits[k].start);
      kept = put_run(self, kept, edits[k].from, edits[k].to);
      at = edits[k].end;
    }
    kept = put_run(self, kept, at, end);
    at = equals->starts[i] + equals->len;
  }
  return shrink_try(self, put_run(self, kept, at, self->best->count));
}

static bool delete_in_all(Shrinker *self, const Equals *equals)
{
  enum { RUN_MAX = 4 };
  uint32_t end = equals->starts[0] + equals->len;
  for (uint32_t size = 1; size <= RUN_MAX && size <= equals->len; size++)
    for (uint32_t at = equals->starts[0]; at + size <= end && !self->over; at++)
      if (try_in_all(self, equals, &(Edit){at, at + size, at, at}, 1)) return true;
  return false;
}

static bool lower_in_all(Shrinker *self, const Equals *equals)
{
  bool better = false;
  uint32_t total = self->best->count, first = equals->starts[0];
  for (uint32_t at = first; at < first + equals->len && self->best->count == total && !self->over; at++) {
    self->partner_count = 0;
    for (uint32_t i = 1; i < equals->count; i++)
      self->partners[self->partner_count++] = equals->starts[i] + (at - first);
    better = shrink_value(self, at) || better;
    if (self->best->count == total) better = shrink_relation(self, at, first + equals->len) || better;
  }
  self->partner_count = 0;
  return better;
}

/* What is inside of them, in order. */
static bool order_in_all(Shrinker *self, const Equals *equals)
{
  ArenaMark mark = arena_mark(self->arena);
  Pieces pieces = pieces_new(self);
  uint32_t first = equals->starts[0], end = first + equals->len;
  bool better = false;
  for (uint32_t i = 0; i < pieces.count && !better && !self->over; i++)
    for (uint32_t k = i + 1; k < pieces.count && !better && !self->over; k++) {
      const Piece *a = &pieces.at[i], *b = &pieces.at[k];
      bool inside = a->start >= first && a->end <= b->start && b->end <= end && are_alike(a, b);
      const Edit edits[] = {{a->start, a->end, b->start, b->end}, {b->start, b->end, a->start, a->end}};
      better = inside && try_in_all(self, equals, edits, 2);
    }
  arena_reset(self->arena, mark);
  return better;
}

bool shrink_equal_spans(Shrinker *self)
{
  bool better = false;
  if (self->span_count > EQUAL_SPANS_MAX) return false;
  for (uint32_t i = 0; i < self->span_count && !self->over; i++) {
    Equals equals;
    find_equals(self, i, &equals);
    if (equals.count < 2) continue;
    bool helped = delete_in_all(self, &equals) || lower_in_all(self, &equals) || order_in_all(self, &equals);
    better = better || helped;
    if (helped && i < self->span_count) i--;
  }
  return better;
}
