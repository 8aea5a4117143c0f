/* Values and steps as wholes: in order, as copies of simpler ones, and two made one. */
#include "spec/shrink_internal.h"

enum {
  STEP_LABELS = 1 << 16, /* where labels of steps begin, by operation */
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

static uint32_t end_of_step(const Shrinker *self, uint32_t at)
{
  for (at++; at < self->focus.end && self->best->at[at].kind != CHOICE_STEP;) at++;
  return at;
}

/* Those in the focus: outer ones after what is in them, and steps last. */
static void find_pieces(const Shrinker *self, Pieces *out)
{
  const ChoiceList *best = self->best;
  const Focus *focus = &self->focus;
  out->count = 0;
  for (uint32_t i = 0; i < self->span_count; i++) {
    const ChoiceSpan *span = &self->spans[i];
    if (span->end == span->start || span->start < focus->start || span->end > focus->end) continue;
    bool may_go = span->start > focus->start && self->origins[span->start - 1].role == ROLE_GOES &&
                  best->at[span->start - 1].value;
    out->at[out->count++] = (Piece){span->start - may_go, span->end, span->label, may_go};
  }
  for (uint32_t i = focus->start; i < focus->end; i++)
    if (best->at[i].kind == CHOICE_STEP)
      out->at[out->count++] =
          (Piece){i, end_of_step(self, i), STEP_LABELS + (uint32_t)best->at[i].value, true};
}

static Pieces pieces_new(const Shrinker *self)
{
  Pieces out = {.at = arena_alloc_raw(self->arena, (SPANS_MAX + CHOICES_MAX) * sizeof *out.at)};
  find_pieces(self, &out);
  return out;
}

/* --- two made one */

/* The piece goes, and what follows, if that is as long and of its kind, takes its numbers over. Where the
 * least number is not zero, what goes is one more than its choice. */
static bool merge(Shrinker *self, const Piece *piece, uint64_t correction)
{
  enum { LEN_MAX = 64 };
  uint32_t len = piece->end - piece->start;
  const Choice *here = &self->best->at[piece->start], *next = &self->best->at[piece->end];
  Choice both[LEN_MAX];
  if (len > LEN_MAX || piece->end + len > self->focus.end) return false;
  for (uint32_t i = 0; i < len; i++) {
    bool is_number = here[i].kind == CHOICE_NUMBER;
    if (here[i].kind != next[i].kind || (!is_number && here[i].value != next[i].value)) return false;
    both[i] = next[i];
    if (is_number) both[i].value += here[i].value + correction;
  }
  return shrink_try(self, &(Edit){piece->start, piece->end + len, both, len}, 1);
}

bool shrink_merges(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  Pieces pieces = pieces_new(self);
  bool better = false;
  for (uint32_t i = pieces.count; i > 0 && !self->over;) {
    const Piece *piece = &pieces.at[i - 1];
    if (i <= pieces.count && piece->may_go && (merge(self, piece, 0) || merge(self, piece, 1))) {
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

/* `first` and `second`, which comes after it, replaced by the one or the other. */
static bool try_with(Shrinker *self, const Piece *first, const Piece *second, const Piece *as_first,
                     const Piece *as_second)
{
  const Choice *list = self->best->at;
  Edit edits[] = {{first->start, first->end, &list[as_first->start], as_first->end - as_first->start},
                  {second->start, second->end, &list[as_second->start], as_second->end - as_second->start}};
  return shrink_try(self, edits, 2);
}

/* Steps of different operations may change places, too. */
static bool are_alike(const Piece *a, const Piece *b)
{
  return a->label == b->label || (a->label >= STEP_LABELS && b->label >= STEP_LABELS);
}

static bool change_places(Shrinker *self, const Piece *a, const Piece *b)
{
  const Piece *first = a->start < b->start ? a : b, *second = first == a ? b : a;
  if (first->end > second->start || a->may_go != b->may_go) return false;
  return try_with(self, first, second, second, first) || try_with(self, first, second, first, first) ||
         try_with(self, first, second, second, second);
}

static bool order_pieces(Shrinker *self)
{
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
  return better;
}

static bool order_at(Shrinker *self, uint32_t distance)
{
  bool better = false;
  for (uint32_t at = self->focus.start; shrink_in_focus(self, at + distance); at++) {
    Piece left = {at, at + 1, 0, false}, right = {at + distance, at + distance + 1, 0, false};
    if (choice_simpler(&self->best->at[at + distance], &self->best->at[at]))
      better = try_with(self, &left, &right, &right, &left) || better;
  }
  return better;
}

/* Values without parts have no span. What has far to go takes large steps first. */
static bool order_choices(Shrinker *self)
{
  bool better = false;
  uint32_t distance = 4;
  while (distance < (self->focus.end - self->focus.start) / 2) distance *= 2;
  for (; distance > 4; distance /= 2) better = order_at(self, distance) || better;
  for (distance = 1; distance <= 4; distance++) better = order_at(self, distance) || better;
  return better;
}

bool shrink_order(Shrinker *self)
{
  ArenaMark mark = arena_mark(self->arena);
  bool better = order_pieces(self);
  better = order_choices(self) || better;
  arena_reset(self->arena, mark);
  return better;
}
