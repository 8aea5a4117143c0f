/* What the passes of shrinking share. A pass tries simpler sequences and keeps those that fail; it returns
 * whether there was one. All run in turns until none helps. */
#ifndef SPEC_SHRINK_INTERNAL_H
#define SPEC_SHRINK_INTERNAL_H

#include "spec/shrink.h"

typedef struct Shrinker {
  Arena *arena;
  Attempt *attempt;
  Subject *subject;
  const ShrinkOptions *options;
  ChoiceList *best;
  ChoiceSpan *spans; /* of the best */
  uint32_t span_count;
  Choice *trial;   /* the sequence that is tried next */
  ChoiceList made; /* what came of it */
  ChoiceSpan *made_spans;
  uint32_t made_span_count;
  /* Choices of the best that take each new value together with the one that is being lowered. */
  uint32_t *partners;
  uint32_t partner_count;
  CaseFailure failure; /* how the first case failed */
  ChoiceList *cases;   /* room for it among others */
  uint64_t tries;
  uint32_t improvements;
  bool over; /* time or tries are used up */
} Shrinker;

/* shrink.c: is the sequence of `count` choices in `trial` a simpler case that fails in the same way? Then it
 * is the best. */
bool shrink_try(Shrinker *self, uint32_t count);
/* The best into `trial`; how many choices it has. */
uint32_t shrink_load(Shrinker *self);
/* Leaves out `count` choices from `at` on. */
bool shrink_without(Shrinker *self, uint32_t at, uint32_t count);

/* shrink_value.c: each choice on its own; all that are equal together. */
bool shrink_each_value(Shrinker *self);
bool shrink_equal_values(Shrinker *self);
/* Choice `at`, with its partners. */
bool shrink_value(Shrinker *self, uint32_t at);
/* Two numbers whose sum, or whose difference, has to stay. Choice `at` with some before `end`; its partners
 * stand for others that are as far from each other. */
bool shrink_relations(Shrinker *self);
bool shrink_relation(Shrinker *self, uint32_t at, uint32_t end);

/* shrink_span.c: whole values and steps: without them; those that are equal alike; those of one kind in
 * order, and as copies of simpler ones. */
bool shrink_spans_away(Shrinker *self);
bool shrink_equal_spans(Shrinker *self);
bool shrink_order(Shrinker *self);

#endif
