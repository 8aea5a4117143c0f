#include "spec/law.h"

#include "ifc/base/clock.h"
#include "spec/cases.h"
#include "spec/growth.h"
#include "spec/history.h"

/* An instance is used for so many cases, in whole blocks, then reset: some faults show only on a fresh one,
 * others only after many calls. */
static const uint32_t PERIODS[] = {64, 512, 64, 4096, 512, 65536, 64, 4096, 1 << 20};
enum {
  PERIOD_COUNT = sizeof PERIODS / sizeof *PERIODS,
  COMPARE_EVERY = 1024, /* cases: of these, one is run on a fresh instance too */
  COMPARE_FIRST = 4,
  DISCARDED_MAX = 200, /* for each case that was run: more is too many */
  DISCARDED_MIN = 20000,
  PROGRESS_MS = 100,
  SHRINK_TRIES = 100000,
  SLOW_MS = 20, /* of a call, while a case that takes too long is made smaller in so many tries */
  SLOW_TRIES = 100,
  PATIENCE = 2, /* times the limit of a call: what ends within that is slow, or the machine is, but no hang */
  FOLLOW_MS = 3000, /* to see where a growth ends */
  AGAIN_MS = 3000,  /* to see whether a case fails when it runs again and again */
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
  uint32_t costly;        /* cases that were given up … */
  bool has_gap;           /* … and one of this period */
  bool is_about_place;    /* what the used instance gave differs only from what one with moved blocks gives */
} LawRun;

static void begin_period(LawRun *self)
{
  self->first = self->cases.block;
  self->since = 0;
  self->has_gap = false;
  self->used->broken = true;
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
  Growth growth = growth_begin(fresh, repeats);
  for (uint32_t i = 1; i <= repeats; i++) {
    draws_begin_replay(&attempt->draws, list->at, list->count);
    attempt->explains = i == repeats;
    attempt_run(attempt, fresh, NULL);
    growth_after(&growth, i, attempt);
  }
  attempt->explains = false;
}

static bool is_slow(const Attempt *attempt)
{
  return attempt->faulted && attempt->fault.kind == FAULT_TIME_LIMIT;
}

static bool is_leak(const Attempt *attempt)
{
  return attempt->faulted && attempt->fault.kind == FAULT_LEAK;
}

/* With a lower limit of time for a call. What only takes longer than that stays as it was. */
static void shrink_slow(LawRun *self, ShrinkOptions *options, ChoiceList *list)
{
  options->tries = SLOW_TRIES;
  options->deadline_ns += self->options->shrink_ns; /* others may want the processor, too */
  self->fresh->limit(self->fresh->context, SLOW_MS);
  self->out->shrinks = shrink(self->attempt, self->fresh, options, list);
  self->fresh->limit(self->fresh->context, 0);
}

/* Begins with the failing case in the attempt. */
static void shrink_case(LawRun *self, ChoiceList *list, uint32_t repeats)
{
  uint64_t began_ns = clock_ns();
  ShrinkOptions options = {.repeats = repeats, .tries = SHRINK_TRIES / repeats + 10};
  options.deadline_ns = began_ns + self->options->shrink_ns;
  if (is_slow(self->attempt) && self->fresh->limit)
    shrink_slow(self, &options, list);
  else
    self->out->shrinks = shrink(self->attempt, self->fresh, &options, list);
  self->out->shrink_ns += clock_ns() - began_ns;
}

static GrowthEnd follow(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t *runs)
{
  return growth_follow(attempt, fresh, list, clock_ns() + FOLLOW_MS * UINT64_C(1000000), runs);
}

/* The case, explained, when it takes too long even with more time. */
static bool hangs(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  uint32_t patience = self->options->hang_known ? 1 : PATIENCE;
  if (fresh->limit) fresh->limit(fresh->context, patience * fresh->call_ms);
  explain_choices(attempt, fresh, list, repeats);
  if (fresh->limit) fresh->limit(fresh->context, 0);
  return is_slow(attempt);
}

/* The same for a case that grows. */
static bool leaks(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  uint32_t at, runs = repeats;
  bool does = replay_choices(attempt, fresh, list, repeats, &at) && is_leak(attempt) &&
              follow(attempt, fresh, list, &runs) == GROWTH_LEAKS;
  if (does) explain_choices(attempt, fresh, list, repeats);
  return does;
}

static ChoiceList copy_list(Arena *arena, const ChoiceList *list)
{
  ChoiceList copy = {arena_alloc_raw(arena, (list->count + 1) * sizeof *list->at), list->count};
  memcpy(copy.at, list->at, list->count * sizeof *list->at);
  return copy;
}

/* Makes the case small that the attempt holds. Whether it hangs, or leaks, is asked again of what is left; if
 * that does neither, the case stays as it was. False when that does neither, too. */
static bool settle_limit(LawRun *self, ChoiceList *list, uint32_t repeats)
{
  bool is_growth = is_leak(self->attempt);
  bool (*is_so)(LawRun *, const ChoiceList *, uint32_t) = is_growth ? leaks : hangs;
  Arena *arena = arena_new();
  ChoiceList original = copy_list(arena, list);
  shrink_case(self, list, repeats);
  bool holds = is_so(self, list, repeats);
  if (!holds) {
    memcpy(list->at, original.at, original.count * sizeof *list->at);
    list->count = original.count;
    self->out->shrinks = 0;
    holds = is_so(self, list, repeats);
  }
  self->out->hangs = holds && !is_growth;
  arena_free(arena);
  return holds;
}

static bool leave_undecided(LawResult *out, Str reason)
{
  out->verdict = VERDICT_UNDECIDED;
  out->reason = reason;
  return true;
}

static Str own_text(const Attempt *attempt)
{
  return str_from_z(attempt->machine.failure.text);
}

static const char slow_text[] =
    "a call took longer than its limit, but came to an end: the implementation is "
    "slow for this input, or the machine is";

/* The case again and again on one instance; in a budget of time, for some of it. */
static bool fails_again(LawRun *self, const ChoiceList *list, uint32_t again, uint32_t *runs)
{
  uint64_t until = self->options->deadline_ns ? clock_ns() + AGAIN_MS * UINT64_C(1000000) : 0;
  return again > 1 && replay_choices_until(self->attempt, self->fresh, list, again, until, runs);
}

/* Does the case fail, alone or when it is run so often, and not for want of patience? Then the attempt holds
 * the failure, `*runs` is how many runs it takes, and the verdict is open. */
static bool fails_for_sure(LawRun *self, const ChoiceList *list, uint32_t again, uint32_t *runs)
{
  Attempt *attempt = self->attempt;
  uint32_t at;
  *runs = 1;
  if (replay_choices(attempt, self->fresh, list, 1, &at)) return true;
  if (attempt->end == CASE_UNDECIDED) {
    leave_undecided(self->out, own_text(attempt));
    return false;
  }
  if (!fails_again(self, list, again, runs)) return false;
  if (!is_leak(attempt)) return true;
  uint32_t first = *runs;
  switch (follow(attempt, self->fresh, list, runs)) {
  case GROWTH_FAILS: return replay_choices(attempt, self->fresh, list, *runs, runs);
  case GROWTH_GOES_ON: leave_undecided(self->out, own_text(attempt)); return false;
  case GROWTH_RESTS: return false;
  case GROWTH_LEAKS: break;
  }
  *runs = first;
  return replay_choices(attempt, self->fresh, list, first, &at);
}

/* Does the case hang on a fresh instance? Only what is left of it when it is small is waited for: that it
 * seems to hang by a lower limit is enough to make it so. */
static bool hangs_alone(LawRun *self, ChoiceList *list)
{
  Subject *fresh = self->fresh;
  uint32_t at;
  if (!is_slow(self->attempt) || !fresh->limit) return false;
  fresh->limit(fresh->context, SLOW_MS);
  bool seems = replay_choices(self->attempt, fresh, list, 1, &at) && is_slow(self->attempt);
  fresh->limit(fresh->context, 0);
  return seems && settle_limit(self, list, 1);
}

static bool leave_failed(LawResult *out, const ChoiceList *list, uint32_t repeats)
{
  out->verdict = VERDICT_FAILED;
  out->on_used_instances = repeats > 1;
  out->replay = (Replay){.kind = REPLAY_CHOICES, .repeats = repeats, .choices = *list};
  return true;
}

/* Does the case fail on a fresh instance, of itself or when it is run up to `again` times? Then it is made
 * small, and is the law's counterexample. True also when it cannot be decided, and with it the law. */
static bool fails_fresh(LawRun *self, ChoiceList *list, uint32_t again)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  uint32_t runs, repeats = 1;
  bool was_slow = is_slow(attempt);
  if (hangs_alone(self, list)) return leave_failed(out, list, 1);
  if (!fails_for_sure(self, list, again, &runs)) return out->verdict == VERDICT_UNDECIDED;
  if (is_slow(attempt) || is_leak(attempt)) {
    bool is_known = was_slow && runs == 1 && self->fresh->limit; /* not to hang, but to come to an end */
    repeats = runs;
    if (is_known || !settle_limit(self, list, runs)) return leave_undecided(out, str_from_z(slow_text));
  } else {
    shrink_case(self, list, runs);
    if (runs > 1) replay_choices(attempt, self->fresh, list, runs, &repeats);
    explain_choices(attempt, self->fresh, list, repeats);
  }
  return leave_failed(out, list, repeats);
}

/* The cases one after the other, to say what was compared in the last one. */
static void explain_cases(Attempt *attempt, Subject *fresh, const Replay *replay)
{
  fresh->broken = true;
  for (uint32_t i = 0; i < replay->case_count; i++) {
    draws_begin_replay(&attempt->draws, replay->cases_made[i].at, replay->cases_made[i].count);
    attempt->explains = i + 1 == replay->case_count;
    attempt_run(attempt, fresh, NULL);
  }
  attempt->explains = false;
}

/* Which of the cases before it does the failing one need? */
static bool fails_among_others(LawRun *self)
{
  LawResult *out = self->out;
  uint64_t began_ns = clock_ns(), deadline_ns = began_ns + self->options->shrink_ns;
  if (!self->options->arena) return false;
  HistoryEnd end = history_shrink(self->options->arena, self->attempt, self->fresh, deadline_ns, &out->replay,
                                  &out->shrinks);
  out->shrink_ns += clock_ns() - began_ns;
  if (end == HISTORY_SHRUNK) explain_cases(self->attempt, self->fresh, &out->replay);
  out->flaky = end == HISTORY_NOT_AGAIN;
  return end == HISTORY_SHRUNK;
}

/* Every other time, what the fresh instance allocates lies elsewhere. */
static bool begin_moved(LawRun *self, uint32_t choices)
{
  enum { MOVED_MAX = 2048, FEW_CHOICES = 256 };
  Subject *fresh = self->fresh;
  uint64_t turn = cases_number(&self->cases) / COMPARE_EVERY;
  bool moves = fresh->move && turn % 2 && choices < FEW_CHOICES;
  fresh->broken = !moves || !fresh->reset(fresh->context, &self->attempt->fault);
  if (fresh->broken) return false;
  fresh->move(fresh->context, 8 + (uint32_t)(turn * 1187 % MOVED_MAX));
  return true;
}

/* What is different there. */
static void explain_moved(LawRun *self, const ChoiceList *list)
{
  Attempt *attempt = self->attempt;
  self->out->by_place = true;
  begin_moved(self, list->count);
  draws_begin_replay(&attempt->draws, list->at, list->count);
  attempt->explains = true;
  attempt_run(attempt, self->fresh, NULL);
  attempt->explains = false;
}

/* A case failed on the used instance, or gave something else than on a fresh one. */
static void found(LawRun *self)
{
  LawResult *out = self->out;
  bool was_slow = is_slow(self->attempt);
  ChoiceList list = keep_choices(self->attempt);
  uint64_t cases = self->since + 1;
  uint32_t again = cases < UINT32_MAX / 4 ? 2 * (uint32_t)cases + 16 : UINT32_MAX / 2;
  if (fails_fresh(self, &list, again)) return;
  if (self->has_gap) return; /* the cases before it cannot be had again as they were */
  out->verdict = VERDICT_FAILED;
  out->on_used_instances = true;
  out->replay = (Replay){.kind = REPLAY_HISTORY,
                         .seed = self->options->seed,
                         .stride = self->cases.stride,
                         .first = self->first,
                         .cases = cases,
                         .choices = list};
  if (self->is_about_place) {
    explain_moved(self, &list);
    return;
  }
  if (fails_among_others(self)) return;
  if (!out->flaky) {
    explain_choices(self->attempt, self->fresh, &list, 1);
    return;
  }
  leave_undecided(out, was_slow ? STR("a call took too long once, but not again (flaky)")
                                : STR("a case failed once, but not again with the same calls (flaky)"));
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
static bool differs_on_fresh(LawRun *self)
{
  Attempt *attempt = self->attempt;
  uint64_t digest = attempt->digest;
  ChoiceList list = keep_choices(attempt);
  bool moved = begin_moved(self, list.count);
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

static bool too_many_discarded(const LawResult *out)
{
  return out->discarded >= DISCARDED_MIN && out->discarded / DISCARDED_MAX > out->cases;
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
  if (too_many_discarded(self->out)) return true;
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
  begin_period(self);
}

/* A case is undecided, and with it the law, unless another one fails. False when no other is tried. */
static bool give_up(LawRun *self)
{
  enum { COSTLY_MAX = 64 };
  Attempt *attempt = self->attempt;
  bool is_costly = attempt_is_costly(attempt);
  if (self->out->verdict == VERDICT_PASSED) {
    memcpy(attempt->costly_text, attempt->machine.failure.text, sizeof attempt->costly_text);
    leave_undecided(self->out, str_from_z(attempt->costly_text));
  }
  self->has_gap = true;
  attempt_save_fuel(attempt);
  return is_costly && ++self->costly < COSTLY_MAX && !time_is_over(self);
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
    if (compares && differs_on_fresh(self)) break;
    go_on(self, false);
    return true;
  }
  found(self);
  if (out->verdict == VERDICT_FAILED) out->reason = (Str){0};
  return false;
}

/* Undecided, when hardly any input met the conditions. */
static void judge(LawResult *out)
{
  if (!too_many_discarded(out) && (out->cases > 0 || out->discarded == 0)) return;
  out->verdict = VERDICT_UNDECIDED;
  out->reason = STR("hardly any generated input meets the conditions after `where`");
}

static bool kept_case_fails(LawRun *self, const Replay *kept)
{
  Attempt *attempt = self->attempt;
  ChoiceList list = {attempt->kept, kept->choices.count};
  if (list.count) memcpy(list.at, kept->choices.at, list.count * sizeof *list.at);
  if (!fails_fresh(self, &list, kept->repeats)) return false;
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
  begin_period(&self);
  while (!is_over(&self))
    if (!run_case(&self)) return;
  judge(out);
}

bool law_search(Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options, LawResult *out)
{
  LawRun self = {.attempt = attempt, .fresh = fresh, .options = options, .out = out};
  SearchCount before = search_count(search), now = before;
  for (;;) {
    uint64_t done = now.cases - before.cases;
    if (options->cases && done >= options->cases) break;
    SearchEnd end = search_run(search, options->cases ? options->cases - done : 0, options->deadline_ns);
    now = search_count(search);
    if (end == SEARCH_OVER) break;
    if (end == SEARCH_UNDECIDED) {
      leave_undecided(out, own_text(attempt));
      break;
    }
    /* What fails only in the other build, by its time limit, is no failure; what fails only after other cases
     * is for law_run to find, which can say after which. */
    ChoiceList list = keep_choices(attempt);
    if (fails_fresh(&self, &list, now.repeats)) break;
    search_reset_always(search);
  }
  out->cases += now.cases - before.cases;
  out->discarded += now.discarded - before.discarded;
  return out->verdict == VERDICT_PASSED;
}

/* How long a case takes so many times on one instance, that instance's making included. */
static uint64_t time_of(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  uint64_t began_ns = clock_ns();
  uint32_t at;
  replay_choices(self->attempt, self->fresh, list, repeats, &at);
  return clock_ns() - began_ns;
}

/* Is there time to run the case so often that growth shows? Without a deadline, few choices are quick. */
static bool is_quick(LawRun *self, const ChoiceList *list)
{
  enum { SAMPLE = 64, SHORT_CASE = 64, SHORTEST_CASE = 16 };
  uint64_t deadline_ns = self->options->deadline_ns;
  if (!deadline_ns) return list->count < SHORTEST_CASE;
  if (list->count >= SHORT_CASE) return false;
  uint64_t once = time_of(self, list, 1), sample = time_of(self, list, 1 + SAMPLE);
  uint64_t each = sample > once ? (sample - once) / SAMPLE : 0;
  return clock_ns() + once + each * GROWTH_REPEATS < deadline_ns;
}

bool law_grows(const Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options,
               LawResult *out)
{
  enum { CASES = 12 };
  LawRun self = {.attempt = attempt, .fresh = fresh, .options = options, .out = out};
  ChoiceList kept;
  for (size_t i = 0; i < CASES && search_kept(search, i, &kept); i++) {
    if (options->deadline_ns && clock_ns() >= options->deadline_ns) break;
    ChoiceList list = {attempt->kept, kept.count};
    memcpy(list.at, kept.at, kept.count * sizeof *list.at);
    if (is_quick(&self, &list) && fails_fresh(&self, &list, GROWTH_REPEATS)) return true;
  }
  return false;
}

/* All cases of the period up to the one that failed, made as they were made then. */
static void replay_history(LawRun *self, const Replay *replay)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  cases_begin(&self->cases, &attempt->draws, replay->seed, replay->first, replay->stride);
  begin_period(self);
  attempt->digests = true;
  while (out->cases < replay->cases && !too_many_discarded(out)) {
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
  } else if (attempt->end == CASE_PASSED && differs_on_fresh(self)) {
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
  explain_cases(attempt, fresh, replay);
}

/* Whether the case fails that was replayed, and is in the attempt. What may be a matter of patience, or of
 * how long growth is watched, is looked at again. */
static void judge_replay(LawRun *self, const ChoiceList *list, uint32_t at)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  LawResult *out = self->out;
  uint32_t runs = at;
  GrowthEnd end = is_leak(attempt) ? follow(attempt, fresh, list, &runs) : GROWTH_LEAKS;
  if (end == GROWTH_RESTS) return;
  if (end == GROWTH_GOES_ON) {
    leave_undecided(out, own_text(attempt));
    return;
  }
  if (!is_slow(attempt)) {
    explain_choices(attempt, fresh, list, end == GROWTH_FAILS ? runs : at);
  } else if (!hangs(self, list, at)) {
    leave_undecided(out, str_from_z(slow_text));
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
    leave_undecided(out, STR("the replayed input does not meet the conditions after `where`"));
  } else if (attempt->end == CASE_UNDECIDED) {
    leave_undecided(out, own_text(attempt));
  }
}
