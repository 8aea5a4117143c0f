#include "spec/law_internal.h"

#include "ifc/base/clock.h"

/* An instance is used for so many cases, in whole blocks, then reset: some faults show only on a fresh one,
 * others only after many calls. */
static const uint32_t PERIODS[] = {64, 512, 64, 4096, 512, 65536, 64, 4096, 1 << 20};
enum {
  PERIOD_COUNT = sizeof PERIODS / sizeof *PERIODS,
  COMPARE_FIRST = 4,
  DISCARDED_MAX = 200, /* for each case that was run: more is too many */
  DISCARDED_MIN = 20000,
  PROGRESS_MS = 100,
};

void law_begin_period(LawRun *self)
{
  self->first = self->cases.block;
  self->since = 0;
  self->has_gap = false;
  self->used->broken = true;
}

static bool gives_the_same(LawRun *self, const ChoiceList *list, uint64_t digest)
{
  Attempt *attempt = self->attempt;
  attempt->digests = true;
  draws_begin_replay(&attempt->draws, list->at, list->count);
  attempt_run(attempt, self->fresh, NULL);
  attempt->digests = false;
  return attempt->end == CASE_PASSED && attempt->digest == digest;
}

/* The case that just passed, on a fresh instance: it must give the same. */
bool law_differs_on_fresh(LawRun *self)
{
  Attempt *attempt = self->attempt;
  uint64_t digest = attempt->digest;
  ChoiceList list = law_keep_choices(attempt);
  bool moved = law_begin_moved(self, list.count);
  if (gives_the_same(self, &list, digest)) return false;
  /* To move blocks, the instance was asked for one that no call needs. It may refuse that by a trap. */
  if (moved && !attempt->faulted) self->is_about_place = true;
  if (!moved || !attempt->faulted) return true;
  self->fresh->broken = true;
  return !gives_the_same(self, &list, digest);
}

static bool is_compared(uint64_t number)
{
  return number < COMPARE_FIRST || number % COMPARE_EVERY == COMPARE_EVERY / 2;
}

bool law_discards_too_many(const LawResult *out)
{
  return out->discarded >= DISCARDED_MIN && out->discarded / DISCARDED_MAX > out->cases;
}

static bool too_few_answers(const LawRun *self)
{
  uint64_t count = self->unanswered.count;
  return count >= DISCARDED_MIN && count / DISCARDED_MAX > self->out->cases;
}

/* Looks at the clock: tells progress, and says whether the time is over. */
static bool time_is_over(LawRun *self)
{
  const LawOptions *options = self->options;
  uint64_t now = clock_coarse_ns();
  if (options->progress && now - self->told_ns > PROGRESS_MS * UINT64_C(1000000)) {
    self->told_ns = now;
    options->progress(options->context, self->out->cases);
  }
  return options->deadline_ns && now >= options->deadline_ns;
}

static bool is_over(LawRun *self)
{
  if (self->limit && cases_number(&self->cases) >= self->limit) return true;
  if (law_discards_too_many(self->out) || too_few_answers(self)) return true;
  return self->runs > 0 && time_is_over(self);
}

/* Goes on to the next case: now and then, with another instance. */
static void go_on(LawRun *self, bool discarded)
{
  self->runs++;
  self->since += !discarded;
  if (!cases_next(&self->cases, discarded)) return;
  if (self->since < PERIODS[self->period % PERIOD_COUNT]) return;
  self->period++;
  law_begin_period(self);
}

/* A case is undecided, and with it the law, unless another one fails. False when no other is tried. */
static bool give_up(LawRun *self)
{
  Attempt *attempt = self->attempt;
  if (!attempt->unanswered) return !law_leave_undecided(self->out, law_own_text(attempt));
  self->has_gap = true;
  return unanswered_add(&self->unanswered, attempt);
}

/* Runs one case. False when it decides the law. */
static bool run_case(LawRun *self)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  bool compares = is_compared(cases_number(&self->cases));
  attempt->digests = compares;
  cases_make(&self->cases);
  CaseEnd end = attempt_run(attempt, self->used, NULL);
  attempt->digests = false;
  switch (end) {
  case CASE_DISCARDED:
    out->discarded++;
    go_on(self, true);
    return true;
  case CASE_UNDECIDED:
    if (!give_up(self)) return false;
    go_on(self, true);
    return true;
  case CASE_FAILED: out->cases++; break;
  case CASE_PASSED:
    out->cases++;
    if (compares && law_differs_on_fresh(self)) break;
    go_on(self, false);
    return true;
  }
  law_found(self);
  if (out->verdict == VERDICT_FAILED) out->reason = (Str){0};
  return false;
}

/* Undecided, when hardly any input met the conditions. */
static void judge(LawResult *out)
{
  if (!law_discards_too_many(out) && (out->cases > 0 || out->discarded == 0)) return;
  out->verdict = VERDICT_UNDECIDED;
  out->reason = STR("hardly any generated input meets the conditions after `where`");
}

/* Whoever wrote a kept case, or changed it, may have asked for any number of runs. */
static bool may_be_repeated(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  enum { KEPT_MS = 3000 };
  uint64_t deadline_ns = clock_ns() + KEPT_MS * UINT64_C(1000000);
  return repeats == 1 || law_is_in_time(self, list, repeats, deadline_ns);
}

static bool kept_case_fails(LawRun *self, const Replay *kept)
{
  Attempt *attempt = self->attempt;
  ChoiceList list = {attempt->kept, kept->choices.count};
  if (list.count) memcpy(list.at, kept->choices.at, list.count * sizeof *list.at);
  if (!may_be_repeated(self, &list, kept->repeats)) return false;
  if (!law_fails_fresh(self, &list, kept->repeats)) return false;
  self->out->cases++;
  return true;
}

/* Several cases on one instance, which are small already. */
static bool kept_history_fails(LawRun *self, const Replay *kept)
{
  LawResult again;
  law_replay(self->attempt, self->fresh, kept, &again);
  if (again.verdict != VERDICT_FAILED) return false;
  *self->out = again;
  return true;
}

/* One of the cases that were kept, as far as the time goes: those that failed are the first. */
static bool kept_fails(LawRun *self)
{
  for (size_t i = 0; i < self->options->kept_count && (i == 0 || !time_is_over(self)); i++) {
    const Replay *kept = &self->options->kept[i]->replay;
    if (kept->kind == REPLAY_CASES ? kept_history_fails(self, kept) : kept_case_fails(self, kept))
      return true;
  }
  return false;
}

/* Without parameters all cases are one. */
static uint64_t limit_of(const Test *test, const LawOptions *options)
{
  bool is_one = !test_has_steps(test) && test->params.len == 0;
  return is_one && (!options->cases || options->cases > COMPARE_FIRST) ? COMPARE_FIRST : options->cases;
}

void law_run(Attempt *attempt, Subject *used, Subject *fresh, const LawOptions *options, LawResult *out)
{
  LawRun self = {.attempt = attempt, .used = used, .fresh = fresh, .options = options, .out = out};
  *out = (LawResult){.verdict = VERDICT_PASSED};
  if (!plans_fit(attempt->test)) {
    out->verdict = VERDICT_UNDECIDED;
    out->reason = STR("its inputs are too large to be generated");
    return;
  }
  if (kept_fails(&self)) return;
  self.limit = limit_of(attempt->test, options);
  cases_begin(&self.cases, &attempt->draws, options->seed, options->shard ? options->shard - 1 : 0,
              options->shard ? options->shard_count : 1);
  law_begin_period(&self);
  bool is_open = true;
  while (is_open && !is_over(&self)) is_open = run_case(&self);
  if (out->verdict != VERDICT_PASSED) return;
  if (self.unanswered.count)
    law_leave_undecided(out, unanswered_text(&self.unanswered, attempt, out->cases));
  else if (is_open)
    judge(out);
}
