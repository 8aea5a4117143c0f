/* What law.c, law_failure.c, law_search.c and law_replay.c share: a law that is tried. */
#ifndef SPEC_LAW_INTERNAL_H
#define SPEC_LAW_INTERNAL_H

#include "spec/cases.h"
#include "spec/growth.h"
#include "spec/law.h"
#include "spec/unanswered.h"

enum {
  COMPARE_EVERY = 1024, /* cases: of these, one is run on a fresh instance too */
  AGAIN_MS = 3000,      /* to see whether a case fails when it runs again and again */
};

typedef struct LawRun {
  Attempt *attempt;
  Subject *used, *fresh;
  const LawOptions *options;
  LawResult *out;
  Cases cases;
  uint64_t limit;         /* of the cases' numbers; 0: none */
  uint64_t period, first; /* the number of the instance's period, and its first block */
  uint64_t since;         /* cases since then that met the conditions */
  uint64_t runs;          /* cases, discarded ones too */
  uint64_t told_ns;       /* when progress was told last */
  Unanswered unanswered;
  bool has_gap;        /* one of them is of this period */
  bool is_about_place; /* what the used instance gave differs only from what one with moved blocks gives */
} LawRun;

/* law.c: the used instance begins a period. */
void law_begin_period(LawRun *self);
bool law_discards_too_many(const LawResult *out);
/* The case that just passed, on a fresh instance: it must give the same. */
bool law_differs_on_fresh(LawRun *self);

/* law_failure.c: the attempt's choices, where the next cases do not overwrite them. */
ChoiceList law_keep_choices(Attempt *attempt);
/* The case once more, on a fresh instance and so often, to say what was compared in the last run. */
void law_explain(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t repeats);
/* The cases one after the other, to say what was compared in the last one. */
void law_explain_cases(Attempt *attempt, Subject *fresh, const Replay *replay);
/* What the attempt's case failed by. */
bool law_is_slow(const Attempt *attempt);
bool law_is_leak(const Attempt *attempt);
/* growth_follow, for as long as laws do. */
GrowthEnd law_follow(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t *runs);
/* The case, explained, when it takes too long even with more time. */
bool law_hangs(LawRun *self, const ChoiceList *list, uint32_t repeats);
/* Why a law is undecided when one does not. */
Str law_slow_text(void);
/* Sets verdict and reason; true. */
bool law_leave_undecided(LawResult *out, Str reason);
/* What the attempt says itself. */
Str law_own_text(const Attempt *attempt);
/* Does the case fail on a fresh instance, of itself or when it is run up to `again` times? Then it is made
 * small, and is the law's counterexample. True also when it cannot be decided, and with it the law. */
bool law_fails_fresh(LawRun *self, ChoiceList *list, uint32_t again);
/* Every other time, what the fresh instance allocates lies elsewhere: true then. */
bool law_begin_moved(LawRun *self, uint32_t choices);
/* A case failed on the used instance, or gave something else than on a fresh one: sets the result. */
void law_found(LawRun *self);
/* Is there time to run the case so often, as far as a few runs tell? */
bool law_is_in_time(LawRun *self, const ChoiceList *list, uint32_t repeats, uint64_t deadline_ns);

#endif
