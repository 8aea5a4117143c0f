/* What the passes of shrinking share. A pass tries simpler sequences and keeps those that fail; it returns
 * whether there was one. All run in turns until none helps. Passes say what to change in a part of the case,
 * the focus, and the same change is made in all copies of that part: so they serve the whole case as well as
 * parts that must stay equal. */
#ifndef SPEC_SHRINK_INTERNAL_H
#define SPEC_SHRINK_INTERNAL_H

#include "spec/shrink.h"

/* The choices of the best from `start` up to `end`, which stand again at each of `copies`. */
typedef struct Focus {
  uint32_t start, end;
  bool is_whole;    /* the whole case, however long it becomes */
  uint32_t *copies; /* in order, after the focus; none is inside another */
  uint32_t copy_count;
} Focus;

/* A case with all that is known about it. */
typedef struct Made {
  Choice *choices;
  Origin *origins;
  ChoiceSpan *spans;
  uint32_t count, span_count;
} Made;

typedef struct Shrinker {
  Arena *arena;
  Attempt *attempt;
  Subject *subject;
  const ShrinkOptions *options;
  ChoiceList *best;
  ChoiceSpan *spans; /* of the best */
  uint32_t span_count;
  Origin *origins; /* of the best */
  uint64_t size;   /* of the best */
  Focus focus;
  Choice *trial;       /* the sequence that is tried next */
  Made made;           /* what came of the one before */
  uint64_t *known;     /* hashes of sequences that were tried and did not help */
  CaseFailure failure; /* how the first case failed */
  ChoiceList *cases;   /* room for it among others */
  uint32_t fewer;      /* by so many choices, the last trial was shorter than the best, though it passed */
  uint64_t tries;
  uint32_t improvements;
  bool over; /* time or tries are used up */
} Shrinker;

/* The choices from `start` up to `end`, which are in the focus, become `count` others. */
typedef struct Edit {
  uint32_t start, end;
  const Choice *with;
  uint32_t count;
} Edit;

/* shrink.c: is the best with these edits, which are in order, a simpler case that fails in the same way? Then
 * it is the best, and the focus has its new end; or is empty, where its copies no longer are. Edits may give
 * numbers by their value, as CHOICE_WANTED. */
bool shrink_try(Shrinker *self, const Edit *edits, uint32_t count);
/* The same, with so many zeros at the end. */
bool shrink_try_padded(Shrinker *self, const Edit *edits, uint32_t count, uint32_t zeros);
/* One choice with another value of its kind. */
bool shrink_try_value(Shrinker *self, uint32_t at, uint64_t value);
bool shrink_without(Shrinker *self, uint32_t start, uint32_t end);
void shrink_set_whole(Shrinker *self);
static inline bool shrink_in_focus(const Shrinker *self, uint32_t at)
{
  return at < self->focus.end && !self->over;
}
/* Equal in kind and value? */
bool shrink_runs_equal(const Shrinker *self, uint32_t a, uint32_t b, uint32_t count);
static inline bool shrink_is_float(ChoiceKind kind)
{
  return kind == CHOICE_F32 || kind == CHOICE_F64;
}
double shrink_float(const Choice *choice);
uint64_t shrink_float_bits(ChoiceKind kind, double number);

/* What is larger than so many choices is first worked on in large pieces, of which there are at most so many:
 * not to spend the time on small ones where large ones will do. */
enum { SHRINK_LARGE_CASE = 128, SHRINK_LARGE_PIECES = 32 };

/* shrink_delete.c: elements of lists, chars and steps, in big pieces first; then any few choices. */
bool shrink_many_elements_away(Shrinker *self);
bool shrink_elements_away(Shrinker *self);
/* Of large sequences: many steps of one operation, wherever they are. */
bool shrink_operations_away(Shrinker *self);
bool shrink_runs_away(Shrinker *self);
/* An element goes, and numbers above its index, which may say where others are, follow. */
bool shrink_indexed_away(Shrinker *self);

/* shrink_value.c: values as simple as can be: all, many at once, few at once, then each on its own. */
bool shrink_all_values(Shrinker *self);
bool shrink_many_values(Shrinker *self);
bool shrink_few_values(Shrinker *self);
bool shrink_each_value(Shrinker *self);
/* Chars of several bytes become as many letters. */
bool shrink_chars(Shrinker *self);

/* shrink_relation.c: numbers whose sum, or difference, has to stay; and all small ones, one after the other.
 */
bool shrink_relations(Shrinker *self);
bool shrink_small_numbers(Shrinker *self);

/* shrink_span.c: whole values and steps: those of one kind in order, and as copies of simpler ones; two made
 * one. */
bool shrink_order(Shrinker *self);
bool shrink_merges(Shrinker *self);

/* shrink_equal.c: passes for the parts of a case that are equal: shorter; as simple as can be. */
bool shrink_equal_parts_shorter(Shrinker *self);
bool shrink_equal_parts(Shrinker *self);
bool shrink_equal_runs(Shrinker *self);

#endif
