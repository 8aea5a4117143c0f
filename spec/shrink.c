#include "ifc/base/clock.h"
#include "spec/growth.h"
#include "spec/shrink_internal.h"

/* Sequences longer than this are not searched for equal runs, which takes the square of their length. */
enum { EQUAL_RUNS_MAX = 512 };

bool replay_choices(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                    uint32_t *at)
{
  uint64_t first = 0;
  subject->broken = true; /* so that it is reset */
  attempt->digests = repeats > 1;
  Growth growth = growth_begin(subject, repeats);
  for (*at = 1; *at <= repeats; ++*at) {
    draws_begin_replay(&attempt->draws, choices->at, choices->count);
    attempt_run(attempt, subject, NULL);
    if (attempt->end == CASE_FAILED) break;
    if (attempt->end != CASE_PASSED) *at = repeats;
    if (*at == 1) first = attempt->digest;
    if (attempt->digest != first || growth_after(&growth, *at, attempt)) break;
  }
  attempt->digests = false;
  return *at <= repeats;
}

/* --- several cases on one instance */

static CaseFailure failure_of(const Attempt *attempt)
{
  return (CaseFailure){.known = true,
                       .differs = attempt->end == CASE_PASSED,
                       .faulted = attempt->faulted,
                       .fault = attempt->fault.kind,
                       .statement = attempt->statement};
}

static CaseEnd run_list(Attempt *attempt, Subject *subject, const ChoiceList *list)
{
  draws_begin_replay(&attempt->draws, list->at, list->count);
  return attempt_run(attempt, subject, NULL);
}

/* All but the last of the cases, which must pass. */
static bool run_before(Attempt *attempt, Subject *subject, const ChoiceList *cases, uint32_t count)
{
  subject->broken = true;
  for (uint32_t i = 0; i + 1 < count; i++)
    if (run_list(attempt, subject, &cases[i]) != CASE_PASSED) return false;
  return true;
}

/* The last case alone, on a fresh instance: what it gives there. */
static bool digest_alone(Attempt *attempt, Subject *subject, const ChoiceList *last, uint64_t *digest)
{
  subject->broken = true;
  attempt->digests = true;
  CaseEnd end = run_list(attempt, subject, last);
  attempt->digests = false;
  *digest = attempt->digest;
  return end == CASE_PASSED;
}

bool replay_cases_first(Attempt *attempt, Subject *subject, const ChoiceList *cases, uint32_t count,
                        CaseFailure *failure)
{
  uint64_t alone;
  bool passes_alone = digest_alone(attempt, subject, &cases[count - 1], &alone);
  if (!run_before(attempt, subject, cases, count)) return false;
  attempt->digests = true;
  CaseEnd end = run_list(attempt, subject, &cases[count - 1]);
  attempt->digests = false;
  *failure = failure_of(attempt);
  return end == CASE_FAILED || (end == CASE_PASSED && passes_alone && attempt->digest != alone);
}

bool replay_cases(Attempt *attempt, Subject *subject, const ChoiceList *cases, uint32_t count,
                  const CaseFailure *failure)
{
  CaseFailure own;
  if (failure->differs) return replay_cases_first(attempt, subject, cases, count, &own) && own.differs;
  return run_before(attempt, subject, cases, count) &&
         run_list(attempt, subject, &cases[count - 1]) == CASE_FAILED &&
         attempt_same_failure(attempt, failure->statement, failure->faulted, failure->fault);
}

/* Does the trial, in its place among the others, make the last of them fail in the same way? What was made of
 * it is kept: what the others made is as it was. */
static bool fails_around(Shrinker *self, const ChoiceList *trial)
{
  const ShrinkOptions *options = self->options;
  Attempt *attempt = self->attempt;
  ChoiceList *cases = self->cases;
  memcpy(cases, options->around, options->around_count * sizeof *cases);
  cases[options->position] = *trial;
  self->subject->broken = true;
  for (uint32_t i = 0; i < options->position; i++)
    if (run_list(attempt, self->subject, &cases[i]) != CASE_PASSED) return false;
  CaseEnd end = run_list(attempt, self->subject, trial);
  if (end != CASE_PASSED && end != CASE_FAILED) return false;
  self->made.count = attempt->draws.count;
  memcpy(self->made.at, attempt->draws.choices, self->made.count * sizeof *self->made.at);
  self->made_span_count = attempt->draws.span_count;
  memcpy(self->made_spans, attempt->draws.spans, self->made_span_count * sizeof *self->made_spans);
  if (!choices_simpler(self->made.at, self->made.count, self->best->at, self->best->count)) return false;
  cases[options->position] = self->made;
  return replay_cases(attempt, self->subject, cases, options->around_count, &self->failure);
}

static bool fails_alone(Shrinker *self, const ChoiceList *trial)
{
  Attempt *attempt = self->attempt;
  uint32_t at;
  if (!replay_choices(attempt, self->subject, trial, self->options->repeats, &at)) return false;
  self->made = (ChoiceList){attempt->draws.choices, attempt->draws.count};
  self->made_spans = attempt->draws.spans;
  self->made_span_count = attempt->draws.span_count;
  const CaseFailure *failure = &self->failure;
  return failure->differs
             ? attempt->end == CASE_PASSED
             : attempt_same_failure(attempt, failure->statement, failure->faulted, failure->fault);
}

/* What counts is what was made of it, which may differ from what was given. */
bool shrink_try(Shrinker *self, uint32_t count)
{
  if (self->over) return false;
  self->over = ++self->tries >= self->options->tries ||
               (self->options->deadline_ns && clock_ns() > self->options->deadline_ns);
  ChoiceList trial = {self->trial, count};
  if (!choices_simpler(trial.at, count, self->best->at, self->best->count)) return false;
  bool fails = self->options->around ? fails_around(self, &trial) : fails_alone(self, &trial);
  if (!fails || !choices_simpler(self->made.at, self->made.count, self->best->at, self->best->count))
    return false;
  memcpy(self->best->at, self->made.at, self->made.count * sizeof *self->made.at);
  self->best->count = self->made.count;
  memcpy(self->spans, self->made_spans, self->made_span_count * sizeof *self->spans);
  self->span_count = self->made_span_count;
  self->improvements++;
  return true;
}

uint32_t shrink_load(Shrinker *self)
{
  memcpy(self->trial, self->best->at, self->best->count * sizeof *self->trial);
  return self->best->count;
}

/* --- passes: each returns whether it made the case simpler */

bool shrink_without(Shrinker *self, uint32_t at, uint32_t count)
{
  uint32_t total = shrink_load(self);
  memmove(&self->trial[at], &self->trial[at + count], (total - at - count) * sizeof *self->trial);
  return shrink_try(self, total - count);
}

/* Leaves out runs of `size` choices, from the back, where what is left out moves nothing. */
static bool delete_runs(Shrinker *self, uint32_t size)
{
  bool better = false;
  for (uint32_t at = self->best->count; at > 0 && !self->over;) {
    at--;
    if (at + size > self->best->count) continue;
    while (at + size <= self->best->count && shrink_without(self, at, size)) better = true;
  }
  return better;
}

/* Long sequences first in big pieces that do not overlap: halves, quarters, … */
static bool delete_pieces(Shrinker *self)
{
  bool better = false;
  for (uint32_t size = self->best->count / 2; size > 8 && !self->over; size /= 2)
    for (uint32_t at = 0; at + size <= self->best->count && !self->over;) {
      if (shrink_without(self, at, size))
        better = true;
      else
        at += size;
    }
  for (uint32_t size = 8; size > 0; size--) better = delete_runs(self, size) || better;
  return better;
}

static bool runs_equal(const Choice *a, const Choice *b, uint32_t size)
{
  for (uint32_t i = 0; i < size; i++)
    if (a[i].kind != b[i].kind || a[i].value != b[i].value) return false;
  return true;
}

/* Leaves out the run of `size` choices at `at`, and every other that equals it. False also when it is the
 * only one. */
static bool try_without_equals(Shrinker *self, uint32_t at, uint32_t size)
{
  const Choice *run = &self->best->at[at];
  uint32_t total = self->best->count, kept = 0, left_out = 0;
  for (uint32_t i = 0; i < total;) {
    if (i + size <= total && runs_equal(&self->best->at[i], run, size)) {
      i += size;
      left_out++;
    } else {
      self->trial[kept++] = self->best->at[i++];
    }
  }
  return left_out > 1 && shrink_try(self, kept);
}

/* Values that must stay equal, a text and its copy, can only get shorter together. */
static bool delete_equal_runs(Shrinker *self)
{
  bool better = false;
  if (self->best->count > EQUAL_RUNS_MAX) return false;
  for (uint32_t size = 2; size <= 4; size++)
    for (uint32_t at = 0; at + size <= self->best->count && !self->over; at++)
      while (at + size <= self->best->count && try_without_equals(self, at, size)) better = true;
  return better;
}

/* Where lists say whether they go on, cutting the end off is cheaper than anything else. */
static bool zero_pieces(Shrinker *self)
{
  bool better = false;
  for (uint32_t size = self->best->count; size > 1 && !self->over; size /= 2)
    for (uint32_t at = 0; at < self->best->count && !self->over; at += size) {
      uint32_t total = shrink_load(self);
      for (uint32_t i = at; i < at + size && i < total; i++) self->trial[i].value = 0;
      better = shrink_try(self, total) || better;
    }
  return better;
}

/* Zeroes all but what says how long lists are. */
static bool zero_values(Shrinker *self)
{
  uint32_t total = shrink_load(self);
  for (uint32_t i = 0; i < total; i++)
    if (self->trial[i].kind != CHOICE_BOOL && self->trial[i].kind != CHOICE_STEP) self->trial[i].value = 0;
  return shrink_try(self, total);
}

/* What the best case's choices stand for, where only its choices are known. */
static void find_spans(Shrinker *self)
{
  self->subject->broken = true;
  run_list(self->attempt, self->subject, self->best);
  self->span_count = self->attempt->draws.span_count;
  memcpy(self->spans, self->attempt->draws.spans, self->span_count * sizeof *self->spans);
}

static void begin(Shrinker *self)
{
  Attempt *attempt = self->attempt;
  const Draws *draws = &attempt->draws;
  self->trial = attempt->tried;
  if (self->options->around) {
    self->failure = *self->options->failure;
    self->made.at = attempt->kept;
    self->made_spans = arena_alloc_raw(self->arena, SPANS_MAX * sizeof *self->made_spans);
    self->cases = arena_array_of(self->arena, ChoiceList, SHRINK_AROUND_MAX);
    find_spans(self);
    return;
  }
  self->failure = failure_of(attempt);
  memcpy(self->best->at, draws->choices, draws->count * sizeof *self->best->at);
  self->best->count = draws->count;
  memcpy(self->spans, draws->spans, draws->span_count * sizeof *self->spans);
  self->span_count = draws->span_count;
}

uint32_t shrink(Attempt *attempt, Subject *subject, const ShrinkOptions *options, ChoiceList *best)
{
  Shrinker self = {.attempt = attempt, .subject = subject, .options = options, .best = best};
  self.arena = arena_new();
  self.spans = arena_alloc_raw(self.arena, SPANS_MAX * sizeof *self.spans);
  self.partners = arena_alloc_raw(self.arena, CHOICES_MAX * sizeof *self.partners);
  begin(&self);
  for (bool better = true; better && !self.over;) {
    better = zero_values(&self);
    better = delete_pieces(&self) || better;
    better = zero_pieces(&self) || better;
    better = shrink_spans_away(&self) || better;
    better = delete_equal_runs(&self) || better;
    better = shrink_each_value(&self) || better;
    better = shrink_equal_values(&self) || better;
    better = shrink_equal_spans(&self) || better;
    better = shrink_order(&self) || better;
    better = shrink_relations(&self) || better;
  }
  arena_free(self.arena);
  return self.improvements;
}
