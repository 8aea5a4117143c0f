/* Cases that a token says. */
#include "spec/law_internal.h"

/* All cases of the period up to the one that failed, made as they were made then. */
static void replay_history(LawRun *self, const Replay *replay)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  cases_begin(&self->cases, &attempt->draws, replay->seed, replay->first, replay->stride);
  law_begin_period(self);
  attempt->digests = true;
  while (out->cases < replay->cases && !law_discards_too_many(out)) {
    cases_make(&self->cases);
    attempt->explains = out->cases + 1 == replay->cases;
    CaseEnd end = attempt_run(attempt, self->used, NULL);
    if (end == CASE_FAILED || end == CASE_UNDECIDED) break;
    cases_next(&self->cases, end == CASE_DISCARDED);
    *(end == CASE_DISCARDED ? &out->discarded : &out->cases) += 1;
  }
  attempt->digests = attempt->explains = false;
  if (attempt->end == CASE_FAILED) {
    out->cases++;
    out->verdict = VERDICT_FAILED;
  } else if (attempt->end == CASE_PASSED && law_differs_on_fresh(self)) {
    out->verdict = VERDICT_FAILED;
  }
  out->on_used_instances = out->verdict == VERDICT_FAILED;
}

static void replay_several(Attempt *attempt, Subject *fresh, const Replay *replay, LawResult *out)
{
  CaseFailure failure;
  out->cases = replay->case_count;
  if (!replay_cases_first(attempt, fresh, replay->cases_made, replay->case_count, &failure)) return;
  out->verdict = VERDICT_FAILED;
  out->on_used_instances = replay->case_count > 1;
  law_explain_cases(attempt, fresh, replay);
}

/* Whether the case fails that was replayed, and is in the attempt. What may be a matter of patience, or of
 * how long growth is watched, is looked at again. */
static void judge_replay(LawRun *self, const ChoiceList *list, uint32_t at)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  LawResult *out = self->out;
  uint32_t runs = at;
  GrowthEnd end = law_is_leak(attempt) ? law_follow(attempt, fresh, list, &runs) : GROWTH_LEAKS;
  if (end == GROWTH_RESTS) return;
  if (end == GROWTH_GOES_ON) {
    law_leave_undecided(out, law_own_text(attempt));
    return;
  }
  if (!law_is_slow(attempt)) {
    law_explain(attempt, fresh, list, end == GROWTH_FAILS ? runs : at);
  } else if (!law_hangs(self, list, at)) {
    law_leave_undecided(out, law_slow_text());
    return;
  }
  out->verdict = VERDICT_FAILED;
  out->on_used_instances = at > 1;
}

void law_replay(Attempt *attempt, Subject *fresh, const Replay *replay, LawResult *out)
{
  LawOptions options = {.seed = replay->seed};
  LawRun self = {.attempt = attempt, .used = fresh, .fresh = fresh, .options = &options, .out = out};
  uint32_t at;
  *out = (LawResult){.verdict = VERDICT_PASSED, .replay = *replay};
  if (replay->kind == REPLAY_HISTORY) {
    replay_history(&self, replay);
    return;
  }
  if (replay->kind == REPLAY_CASES) {
    replay_several(attempt, fresh, replay, out);
    return;
  }
  bool failed = replay_choices(attempt, fresh, &replay->choices, replay->repeats, &at);
  out->cases = failed ? at : replay->repeats;
  if (failed) {
    judge_replay(&self, &replay->choices, at);
  } else if (attempt->end == CASE_DISCARDED) {
    out->cases = 0;
    out->discarded = 1;
    law_leave_undecided(out, STR("the replayed input does not meet the conditions after `where`"));
  } else if (attempt->end == CASE_UNDECIDED) {
    law_leave_undecided(out, law_own_text(attempt));
  }
}
