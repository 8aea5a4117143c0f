#include "spec/law.h"

#include "ifc/base/clock.h"

/* An instance is used for so many cases, then reset: some faults show only on a fresh one, others only after
 * many calls. */
static const uint32_t PERIODS[] = {64, 512, 64, 4096, 512, 65536, 64, 4096, 1 << 20};
enum {
  PERIOD_COUNT = sizeof PERIODS / sizeof *PERIODS,
  COMPARE_EVERY = 1024, /* cases: of these, one is run on a fresh instance too */
  COMPARE_FIRST = 4,
  DISCARDED_MAX = 200, /* for each case that was run: more is too many */
  DISCARDED_MIN = 20000,
  CLOCK_EVERY = 16,
  PROGRESS_MS = 100,
  SHRINK_TRIES = 100000,
};

typedef struct LawRun {
  Attempt *attempt;
  Subject *used, *fresh;
  const LawOptions *options;
  LawResult *out;
  uint64_t period, first; /* the period's number and its first case */
  uint64_t number;        /* of the case, discarded ones too */
  uint64_t told_ns;       /* when progress was told last */
} LawRun;

static void begin_period(LawRun *self)
{
  self->first = self->number;
  self->used->broken = true;
  self->attempt->draws.rng = rng_from_seed_and_label(self->options->seed, self->period);
}

/* The attempt's choices, where the next cases do not overwrite them. */
static ChoiceList keep_choices(Attempt *attempt)
{
  ChoiceList list = {attempt->kept, attempt->draws.count};
  memcpy(list.at, attempt->draws.choices, list.count * sizeof *list.at);
  return list;
}

/* The case once more, on a fresh instance and so often, to say what was compared in the last run. */
static void explain_choices(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t repeats)
{
  fresh->broken = true;
  for (uint32_t i = 1; i <= repeats; i++) {
    draws_begin_replay(&attempt->draws, list->at, list->count);
    attempt->explains = i == repeats;
    attempt_run(attempt, fresh, NULL);
  }
  attempt->explains = false;
}

static void shrink_case(LawRun *self, ChoiceList *list, uint32_t repeats)
{
  ShrinkOptions options = {.repeats = repeats, .tries = SHRINK_TRIES / repeats + 10};
  options.deadline_ns = clock_ns() + self->options->shrink_ns;
  self->out->shrinks = shrink(self->attempt, self->fresh, &options, list);
}

/* A case failed on the used instance, or gave something else than on a fresh one. */
static void found(LawRun *self)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  ChoiceList list = keep_choices(attempt);
  uint64_t cases = self->number - self->first + 1;
  uint32_t at, again = cases < UINT32_MAX / 4 ? 2 * (uint32_t)cases + 16 : UINT32_MAX / 2;
  out->verdict = VERDICT_FAILED;
  out->replay = (Replay){.kind = REPLAY_CHOICES, .repeats = 1};
  if (replay_choices(attempt, self->fresh, &list, 1, &at)) {
    shrink_case(self, &list, 1);
  } else if (replay_choices(attempt, self->fresh, &list, again, &at)) {
    out->on_used_instances = true;
    shrink_case(self, &list, at);
    replay_choices(attempt, self->fresh, &list, at, &at);
    out->replay.repeats = at;
  } else {
    out->on_used_instances = true;
    out->replay = (Replay){.kind = REPLAY_HISTORY,
                           .seed = self->options->seed,
                           .period = self->period,
                           .first = self->first,
                           .cases = cases};
  }
  out->replay.choices = list;
  explain_choices(attempt, self->fresh, &list, out->replay.repeats ? out->replay.repeats : 1);
}

/* The case that just passed, on a fresh instance: it must give the same. */
static bool differs_on_fresh(LawRun *self)
{
  Attempt *attempt = self->attempt;
  uint64_t digest = attempt->digest;
  ChoiceList list = keep_choices(attempt);
  self->fresh->broken = true;
  attempt->digests = true;
  draws_begin_replay(&attempt->draws, list.at, list.count);
  attempt_run(attempt, self->fresh, NULL);
  attempt->digests = false;
  return attempt->end != CASE_PASSED || attempt->digest != digest;
}

static bool is_compared(uint64_t number)
{
  return number < COMPARE_FIRST || number % COMPARE_EVERY == COMPARE_EVERY / 2;
}

static bool too_many_discarded(const LawResult *out)
{
  return out->discarded >= DISCARDED_MIN && out->discarded / DISCARDED_MAX > out->cases;
}

/* Looks at the clock: tells progress, and says whether the time is over. */
static bool time_is_over(LawRun *self)
{
  const LawOptions *options = self->options;
  uint64_t now = clock_ns();
  if (options->progress && now - self->told_ns > PROGRESS_MS * UINT64_C(1000000)) {
    self->told_ns = now;
    options->progress(options->context, self->out->cases);
  }
  return options->deadline_ns && now >= options->deadline_ns;
}

static bool is_over(LawRun *self)
{
  const LawOptions *options = self->options;
  if (options->cases && self->out->cases >= options->cases) return true;
  if (too_many_discarded(self->out)) return true;
  /* Without parameters all cases are one. */
  if (self->attempt->test->params.len == 0 && self->number >= COMPARE_FIRST) return true;
  return self->number % CLOCK_EVERY == 0 && time_is_over(self);
}

/* Runs one case. False when it decides the law. */
static bool run_case(LawRun *self)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  bool compares = is_compared(self->number);
  attempt->digests = compares;
  draws_begin(&attempt->draws, self->number);
  CaseEnd end = attempt_run(attempt, self->used, NULL);
  attempt->digests = false;
  switch (end) {
  case CASE_DISCARDED: out->discarded++; return true;
  case CASE_UNDECIDED:
    out->verdict = VERDICT_UNDECIDED;
    out->reason = str_from_z(attempt->machine.failure.text);
    return false;
  case CASE_FAILED: out->cases++; break;
  case CASE_PASSED:
    out->cases++;
    if (!compares || !differs_on_fresh(self)) return true;
    break;
  }
  found(self);
  return false;
}

/* Undecided, when hardly any input met the conditions. */
static void judge(LawResult *out)
{
  if (!too_many_discarded(out) && (out->cases > 0 || out->discarded == 0)) return;
  out->verdict = VERDICT_UNDECIDED;
  out->reason = STR("hardly any generated input meets the conditions after `where`");
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
  begin_period(&self);
  do {
    if (self.number - self.first >= PERIODS[self.period % PERIOD_COUNT]) {
      self.period++;
      begin_period(&self);
    }
    if (!run_case(&self)) return;
    self.number++;
  } while (!is_over(&self));
  judge(out);
}

/* All cases of the period up to the one that failed, made as they were made then. */
static void replay_history(LawRun *self, const Replay *replay)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  self->number = replay->first;
  begin_period(self);
  attempt->digests = true;
  for (uint64_t i = 0; i < replay->cases; i++, self->number++) {
    draws_begin(&attempt->draws, self->number);
    attempt->explains = i + 1 == replay->cases;
    if (attempt_run(attempt, self->used, NULL) == CASE_FAILED) break;
    out->cases++;
  }
  attempt->digests = attempt->explains = false;
  if (attempt->end == CASE_FAILED) {
    out->cases++;
    out->verdict = VERDICT_FAILED;
  } else if (attempt->end == CASE_PASSED && differs_on_fresh(self)) {
    out->verdict = VERDICT_FAILED;
  }
  out->on_used_instances = out->verdict == VERDICT_FAILED;
}

void law_replay(Attempt *attempt, Subject *fresh, const Replay *replay, LawResult *out)
{
  LawOptions options = {.seed = replay->seed};
  LawRun self = {.attempt = attempt, .used = fresh, .fresh = fresh, .options = &options, .out = out};
  uint32_t at;
  *out = (LawResult){.verdict = VERDICT_PASSED, .replay = *replay};
  if (replay->kind == REPLAY_HISTORY) {
    self.period = replay->period;
    replay_history(&self, replay);
    return;
  }
  bool failed = replay_choices(attempt, fresh, &replay->choices, replay->repeats, &at);
  out->cases = failed ? at : replay->repeats;
  if (failed) {
    out->verdict = VERDICT_FAILED;
    out->on_used_instances = at > 1;
    explain_choices(attempt, fresh, &replay->choices, at);
  } else if (attempt->end == CASE_DISCARDED) {
    out->cases = 0;
    out->discarded = 1;
    out->verdict = VERDICT_UNDECIDED;
    out->reason = STR("the replayed input does not meet the conditions after `where`");
  } else if (attempt->end == CASE_UNDECIDED) {
    out->verdict = VERDICT_UNDECIDED;
    out->reason = str_from_z(attempt->machine.failure.text);
  }
}
