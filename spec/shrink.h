/* Inside spec/: making a failing case small, by making its choice sequence simpler: shorter first, then
 * smaller from the front (Hypothesis: MacIver & Donaldson 2020, "Test-Case Reduction via Test-Case
 * Generation"). */
#ifndef SPEC_SHRINK_H
#define SPEC_SHRINK_H

#include "spec/attempt.h"

typedef struct ChoiceList {
  Choice *at;
  uint32_t count;
} ChoiceList;

typedef struct ShrinkOptions {
  uint32_t repeats; /* a case fails if one of so many runs on one instance does; 1: only the first counts */
  uint64_t deadline_ns; /* clock_ns when to stop; 0: never */
  uint64_t tries;       /* at most so many cases */
} ShrinkOptions;

/* Begins with the failing case in `attempt` (its draws, statement and fault) and replaces `best` by the
 * simplest found that fails in the same way. `best` has room for CHOICES_MAX choices; attempt->tried is used.
 * Returns how many steps made it simpler. */
uint32_t shrink(Attempt *attempt, Subject *subject, const ShrinkOptions *options, ChoiceList *best);

/* Runs the given choices on a fresh instance, `repeats` times. True when one run fails, or, with more than
 * one, when their results differ; the attempt holds the run that did. Counts the runs into `*at`. */
bool replay_choices(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                    uint32_t *at);

#endif
