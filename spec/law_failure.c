/* A case has failed: does it for sure, what does it take, and how small can it be? */
#include "ifc/base/clock.h"
#include "spec/history.h"
#include "spec/law_internal.h"

enum {
  SHRINK_TRIES = 100000,
  SLOW_MS = 20, /* of a call, while a case that takes too long is made smaller in so many tries */
  SLOW_TRIES = 100,
  PATIENCE = 2, /* times the limit of a call: what ends within that is slow, or the machine is, but no hang */
  FOLLOW_MS = 3000, /* of work, to see where a growth ends */
};

/* The attempt's choices, where the next cases do not overwrite them. */
ChoiceList law_keep_choices(Attempt *attempt)
{
  ChoiceList list = {attempt->kept, attempt->draws.count};
  memcpy(list.at, attempt->draws.choices, list.count * sizeof *list.at);
  return list;
}

/* The case once more, on a fresh instance and so often, to say what was compared in the last run. */
void law_explain(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t repeats)
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

bool law_is_slow(const Attempt *attempt)
{
  return attempt->faulted && attempt->fault.kind == FAULT_TIME_LIMIT;
}

bool law_is_leak(const Attempt *attempt)
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
  if (law_is_slow(self->attempt) && self->fresh->limit)
    shrink_slow(self, &options, list);
  else
    self->out->shrinks = shrink(self->attempt, self->fresh, &options, list);
  self->out->shrink_ns += clock_ns() - began_ns;
}

GrowthEnd law_follow(Attempt *attempt, Subject *fresh, const ChoiceList *list, uint32_t *runs)
{
  return growth_follow(attempt, fresh, list, FOLLOW_MS * UINT64_C(1000000), runs);
}

/* The case, explained, when it takes too long even with more time. */
bool law_hangs(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  uint32_t patience = self->options->hang_known ? 1 : PATIENCE;
  if (fresh->limit) fresh->limit(fresh->context, patience * fresh->call_ms);
  law_explain(attempt, fresh, list, repeats);
  if (fresh->limit) fresh->limit(fresh->context, 0);
  return law_is_slow(attempt);
}

/* The same for a case that grows. */
static bool leaks(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  Attempt *attempt = self->attempt;
  Subject *fresh = self->fresh;
  uint32_t at, runs = repeats;
  bool does = replay_choices(attempt, fresh, list, repeats, &at) && law_is_leak(attempt) &&
              law_follow(attempt, fresh, list, &runs) == GROWTH_LEAKS;
  if (does) law_explain(attempt, fresh, list, repeats);
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
  bool is_growth = law_is_leak(self->attempt);
  bool (*is_so)(LawRun *, const ChoiceList *, uint32_t) = is_growth ? leaks : law_hangs;
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

bool law_leave_undecided(LawResult *out, Str reason)
{
  out->verdict = VERDICT_UNDECIDED;
  out->reason = reason;
  return true;
}

Str law_own_text(const Attempt *attempt)
{
  return str_from_z(attempt->machine.failure.text);
}

Str law_slow_text(void)
{
  return STR("a call took longer than its limit, but came to an end: the implementation is slow for this "
             "input, or the machine is");
}

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
    law_leave_undecided(self->out, law_own_text(attempt));
    return false;
  }
  if (!fails_again(self, list, again, runs)) return false;
  if (!law_is_leak(attempt)) return true;
  uint32_t first = *runs;
  switch (law_follow(attempt, self->fresh, list, runs)) {
  case GROWTH_FAILS: return replay_choices(attempt, self->fresh, list, *runs, runs);
  case GROWTH_GOES_ON: law_leave_undecided(self->out, law_own_text(attempt)); return false;
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
  if (!law_is_slow(self->attempt) || !fresh->limit) return false;
  fresh->limit(fresh->context, SLOW_MS);
  bool seems = replay_choices(self->attempt, fresh, list, 1, &at) && law_is_slow(self->attempt);
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
bool law_fails_fresh(LawRun *self, ChoiceList *list, uint32_t again)
{
  Attempt *attempt = self->attempt;
  LawResult *out = self->out;
  uint32_t runs, repeats = 1;
  bool was_slow = law_is_slow(attempt);
  if (hangs_alone(self, list)) return leave_failed(out, list, 1);
  if (!fails_for_sure(self, list, again, &runs)) return out->verdict == VERDICT_UNDECIDED;
  if (law_is_slow(attempt) || law_is_leak(attempt)) {
    bool is_known = was_slow && runs == 1 && self->fresh->limit; /* not to hang, but to come to an end */
    repeats = runs;
    if (is_known || !settle_limit(self, list, runs)) return law_leave_undecided(out, law_slow_text());
  } else {
    shrink_case(self, list, runs);
    if (runs > 1) replay_choices(attempt, self->fresh, list, runs, &repeats);
    law_explain(attempt, self->fresh, list, repeats);
  }
  return leave_failed(out, list, repeats);
}

/* The cases one after the other, to say what was compared in the last one. */
void law_explain_cases(Attempt *attempt, Subject *fresh, const Replay *replay)
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
  if (end == HISTORY_SHRUNK) law_explain_cases(self->attempt, self->fresh, &out->replay);
  out->flaky = end == HISTORY_NOT_AGAIN;
  return end == HISTORY_SHRUNK;
}

/* Every other time, what the fresh instance allocates lies elsewhere. */
bool law_begin_moved(LawRun *self, uint32_t choices)
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
  law_begin_moved(self, list->count);
  draws_begin_replay(&attempt->draws, list->at, list->count);
  attempt->explains = true;
  attempt_run(attempt, self->fresh, NULL);
  attempt->explains = false;
}

/* A case failed on the used instance, or gave something else than on a fresh one. */
void law_found(LawRun *self)
{
  LawResult *out = self->out;
  bool was_slow = law_is_slow(self->attempt);
  ChoiceList list = law_keep_choices(self->attempt);
  uint64_t cases = self->since + 1;
  uint32_t again = cases < UINT32_MAX / 4 ? 2 * (uint32_t)cases + 16 : UINT32_MAX / 2;
  if (law_fails_fresh(self, &list, again)) return;
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
    law_explain(self->attempt, self->fresh, &list, 1);
    return;
  }
  law_leave_undecided(out, was_slow ? STR("a call took too long once, but not again (flaky)")
                                    : STR("a case failed once, but not again with the same calls (flaky)"));
}

/* How long a case takes so many times on one instance, that instance's making included. */
static uint64_t time_of(LawRun *self, const ChoiceList *list, uint32_t repeats)
{
  uint64_t began_ns = clock_ns();
  uint32_t at;
  replay_choices(self->attempt, self->fresh, list, repeats, &at);
  return clock_ns() - began_ns;
}

/* Is there time to run the case so often, as far as a few runs tell? */
bool law_is_in_time(LawRun *self, const ChoiceList *list, uint32_t repeats, uint64_t deadline_ns)
{
  enum { SAMPLE = 64 };
  uint64_t once = time_of(self, list, 1);
  if (repeats <= SAMPLE || clock_ns() + SAMPLE * once > deadline_ns)
    return clock_ns() + repeats * once < deadline_ns;
  uint64_t sample = time_of(self, list, 1 + SAMPLE);
  uint64_t each = sample > once ? (sample - once) / SAMPLE : 0;
  return clock_ns() + once + each * repeats < deadline_ns;
}
