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

enum { SHRINK_AROUND_MAX = 64 }; /* cases on one instance that are made simpler */

typedef struct ShrinkOptions {
  uint32_t repeats; /* a case fails if one of so many runs on one instance does; 1: only the first counts */
  uint64_t deadline_ns; /* clock_ns when to stop; 0: never */
  uint64_t tries;       /* at most so many cases */
  /* Of a case that fails only among others: all of them, in which of them it stands, and how the last one
   * fails. NULL: it fails alone. */
  const ChoiceList *around;
  uint32_t around_count, position;
  const struct CaseFailure *failure;
} ShrinkOptions;

/* How a case failed: another one that fails in the same way can stand for it. */
typedef struct CaseFailure {
  bool known;
  bool differs; /* not at all, but its results were others than on a fresh instance */
  bool faulted;
  FaultKind fault;
  uint32_t statement;
} CaseFailure;

/* Begins with the failing case in `attempt` (its draws, statement and fault) and replaces `best` by the
 * simplest found that fails in the same way. `best` has room for CHOICES_MAX choices; attempt->tried is used.
 * Returns how many steps made it simpler. */
uint32_t shrink(Attempt *attempt, Subject *subject, const ShrinkOptions *options, ChoiceList *best);

/* Runs these cases one after the other on a fresh instance. True when the last one, and none before it, fails
 * as `failure` says, if that is known. */
bool replay_cases(Attempt *attempt, Subject *subject, const ChoiceList *cases, uint32_t count,
                  const CaseFailure *failure);
/* The same for any failure of the last one, which goes to `*failure`. */
bool replay_cases_first(Attempt *attempt, Subject *subject, const ChoiceList *cases, uint32_t count,
                        CaseFailure *failure);

/* Runs the given choices on a fresh instance, `repeats` times. True when one run fails, or, with more than
 * one, when their results differ; the attempt holds the run that did. Counts the runs into `*at`. */
bool replay_choices(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                    uint32_t *at);
/* The same until the time is over (clock_ns; 0: never), when none of so many runs has failed. */
bool replay_choices_until(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                          uint64_t deadline_ns, uint32_t *at);

#endif
