#include "spec/shrink.h"

#include <math.h>

#include "ifc/base/clock.h"
#include "spec/growth.h"

/* Sequences longer than this are not searched for equal runs, which takes the square of their length. */
enum { EQUAL_RUNS_MAX = 512 };

typedef struct Shrinker {
  Attempt *attempt;
  Subject *subject;
  const ShrinkOptions *options;
  ChoiceList *best;
  Choice *trial;       /* the sequence that is tried next */
  ChoiceList made;     /* what came of it, where it fails among others */
  CaseFailure failure; /* how the first case failed */
  ChoiceList *cases;   /* room for it among others */
  uint64_t tries;
  uint32_t improvements;
  bool over; /* time or tries are used up */
} Shrinker;

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
  const CaseFailure *failure = &self->failure;
  return failure->differs
             ? attempt->end == CASE_PASSED
             : attempt_same_failure(attempt, failure->statement, failure->faulted, failure->fault);
}

/* Is the sequence of `count` choices in `trial` a simpler case that fails in the same way? Then it is the
 * best. What counts is what was made of it, which may differ from what was given. */
static bool try_it(Shrinker *self, uint32_t count)
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
  self->improvements++;
  return true;
}

static uint32_t load(Shrinker *self)
{
  memcpy(self->trial, self->best->at, self->best->count * sizeof *self->trial);
  return self->best->count;
}

/* --- passes: each returns whether it made the case simpler */

/* Leaves out `count` choices from `at` on. */
static bool try_without(Shrinker *self, uint32_t at, uint32_t count)
{
  uint32_t total = load(self);
  memmove(&self->trial[at], &self->trial[at + count], (total - at - count) * sizeof *self->trial);
  return try_it(self, total - count);
}

/* Leaves out runs of `size` choices, from the back, where what is left out moves nothing. */
static bool delete_runs(Shrinker *self, uint32_t size)
{
  bool better = false;
  for (uint32_t at = self->best->count; at > 0 && !self->over;) {
    at--;
    if (at + size > self->best->count) continue;
    while (at + size <= self->best->count && try_without(self, at, size)) better = true;
  }
  return better;
}

/* Long sequences first in big pieces that do not overlap: halves, quarters, … */
static bool delete_pieces(Shrinker *self)
{
  bool better = false;
  for (uint32_t size = self->best->count / 2; size > 8 && !self->over; size /= 2)
    for (uint32_t at = 0; at + size <= self->best->count && !self->over;) {
      if (try_without(self, at, size))
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
  return left_out > 1 && try_it(self, kept);
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
      uint32_t total = load(self);
      for (uint32_t i = at; i < at + size && i < total; i++) self->trial[i].value = 0;
      better = try_it(self, total) || better;
    }
  return better;
}

/* Zeroes all but what says how long lists are. */
static bool zero_values(Shrinker *self)
{
  uint32_t total = load(self);
  for (uint32_t i = 0; i < total; i++)
    if (self->trial[i].kind != CHOICE_BOOL && self->trial[i].kind != CHOICE_STEP) self->trial[i].value = 0;
  return try_it(self, total);
}

/* Replaces choice `at`. */
static bool try_value(Shrinker *self, uint32_t at, uint64_t value)
{
  if (at >= self->best->count || self->best->at[at].value == value) return false;
  uint32_t total = load(self);
  self->trial[at].value = value;
  return try_it(self, total);
}

/* The smallest value, in steps of `stride`, that still fails, as if all above it did. */
static bool lower_number(Shrinker *self, uint32_t at, uint64_t stride)
{
  uint64_t high = self->best->at[at].value / stride, low = 0, rest = self->best->at[at].value % stride;
  bool better = false;
  while (low < high && !self->over) {
    uint64_t middle = low + (high - low) / 2;
    if (try_value(self, at, middle * stride + rest)) {
      better = true;
      if (at >= self->best->count || self->best->at[at].value > middle * stride + rest) break;
      high = self->best->at[at].value / stride;
    } else {
      low = middle + 1;
    }
  }
  return better;
}

static bool is_float(ChoiceKind kind)
{
  return kind == CHOICE_F32 || kind == CHOICE_F64;
}

static uint64_t float_bits(ChoiceKind kind, double number)
{
  return kind == CHOICE_F32 ? value_f32((float)number).bits : value_f64(number).bits;
}

static double float_number(const Choice *choice)
{
  Value value = value_u64(choice->value);
  return choice->kind == CHOICE_F32 ? (double)value_as_f32(value) : value_as_f64(value);
}

static bool try_float(Shrinker *self, uint32_t at, double number)
{
  return at < self->best->count && try_value(self, at, float_bits(self->best->at[at].kind, number));
}

/* Whole numbers fall like integers, from either side. */
static bool lower_whole(Shrinker *self, uint32_t at)
{
  double number = float_number(&self->best->at[at]), sign = number < 0 ? -1 : 1, high = fabs(number), low = 0;
  bool better = false;
  while (low < high && !self->over) {
    double middle = floor(low + (high - low) / 2);
    if (try_float(self, at, sign * middle)) {
      better = true;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return better;
}

static bool lower_float(Shrinker *self, uint32_t at)
{
  double number = float_number(&self->best->at[at]);
  if (try_float(self, at, 0) || try_float(self, at, 1)) return true;
  if (isnan(number)) return false;
  bool better = try_float(self, at, fabs(number));
  if (isinf(number)) return try_float(self, at, 0x1.fffffffffffffp1023) || better;
  if (fabs(number) > 0x1p53) return try_float(self, at, copysign(0x1p53, number)) || better;
  if (better) number = fabs(number);
  if (number != trunc(number)) {
    if (try_float(self, at, trunc(number)) || try_float(self, at, floor(number)) ||
        try_float(self, at, ceil(number)))
      return true;
    for (int bits = 1; bits < 52 && !self->over; bits++) { /* as few fraction bits as will do */
      double scaled = ldexp(number, bits);
      if (try_float(self, at, ldexp(trunc(scaled), -bits)) ||
          try_float(self, at, ldexp(nearbyint(scaled), -bits)))
        return true;
    }
    return better;
  }
  return lower_whole(self, at) || better;
}

static bool lower_each(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++) {
    if (self->best->at[at].value == 0) continue;
    if (is_float(self->best->at[at].kind)) {
      better = lower_float(self, at) || better;
      continue;
    }
    if (try_value(self, at, 0)) {
      better = true;
      continue;
    }
    better = lower_number(self, at, 1) || better;
    /* Signs alternate, so steps of two keep it. */
    if (at < self->best->count) better = lower_number(self, at, 2) || better;
  }
  return better;
}

/* Sets all choices that equal choice `at` to `value`. */
static bool try_all_equal(Shrinker *self, uint32_t at, uint64_t value)
{
  uint32_t total = load(self);
  Choice old = self->trial[at];
  for (uint32_t i = 0; i < total; i++)
    if (self->trial[i].kind == old.kind && self->trial[i].value == old.value) self->trial[i].value = value;
  return try_it(self, total);
}

/* Equal values that must stay equal can only fall together. */
static bool lower_together(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++) {
    Choice choice = self->best->at[at];
    bool again = false;
    if (choice.value == 0 || choice.kind == CHOICE_BOOL || choice.kind == CHOICE_STEP) continue;
    for (uint32_t i = at + 1; i < self->best->count && !again; i++)
      again = self->best->at[i].kind == choice.kind && self->best->at[i].value == choice.value;
    if (!again) continue;
    if (choice.kind != CHOICE_NUMBER) {
      better = try_all_equal(self, at, 0) || try_all_equal(self, at, float_bits(choice.kind, 1)) || better;
      continue;
    }
    for (uint64_t low = 0, high = choice.value; low < high && !self->over;) {
      uint64_t middle = low + (high - low) / 2;
      if (try_all_equal(self, at, middle)) {
        better = true;
        high = middle;
        if (at >= self->best->count) break;
      } else {
        low = middle + 1;
      }
    }
  }
  return better;
}

/* Smaller values to the front, among neighbours. */
static bool swap_neighbours(Shrinker *self)
{
  bool better = false;
  for (uint32_t distance = 1; distance <= 4; distance++)
    for (uint32_t at = 0; at + distance < self->best->count && !self->over; at++) {
      const Choice *left = &self->best->at[at], *right = &self->best->at[at + distance];
      if (left->kind != right->kind || !choice_simpler(right, left)) continue;
      uint32_t total = load(self);
      Choice moved = self->trial[at];
      self->trial[at] = self->trial[at + distance];
      self->trial[at + distance] = moved;
      better = try_it(self, total) || better;
    }
  return better;
}

/* What the value is together with `added`, which it takes over. */
static uint64_t sum_of(const Choice *value, const Choice *added, uint64_t correction)
{
  if (value->kind == CHOICE_NUMBER) return value->value + added->value + correction;
  return float_bits(value->kind, float_number(value) + float_number(added));
}

/* Moves all of a value into a later one: of two numbers that must have a sum, one may go. */
static bool move_on(Shrinker *self)
{
  bool better = false;
  for (uint32_t at = 0; at < self->best->count && !self->over; at++)
    for (uint32_t to = at + 1; to < self->best->count && to <= at + 4 && !self->over; to++)
      for (uint64_t correction = 0; correction < 2; correction++) {
        if (at >= self->best->count || to >= self->best->count) break;
        const Choice *from = &self->best->at[at], *target = &self->best->at[to];
        if (from->kind != target->kind || from->kind == CHOICE_BOOL) continue;
        if (from->value == 0 || target->value == 0) continue;
        uint32_t total = load(self);
        self->trial[to].value = sum_of(target, from, correction);
        self->trial[at].value = 0;
        if (try_it(self, total)) {
          better = true;
          break;
        }
      }
  return better;
}

uint32_t shrink(Attempt *attempt, Subject *subject, const ShrinkOptions *options, ChoiceList *best)
{
  Shrinker self = {.attempt = attempt, .subject = subject, .options = options, .best = best};
  ChoiceList cases[SHRINK_AROUND_MAX];
  self.trial = attempt->tried;
  if (options->around) {
    self.failure = *options->failure;
    self.made.at = attempt->kept;
    self.cases = cases;
  } else {
    self.failure = failure_of(attempt);
    memcpy(best->at, attempt->draws.choices, attempt->draws.count * sizeof *best->at);
    best->count = attempt->draws.count;
  }
  for (bool better = true; better && !self.over;) {
    better = zero_values(&self);
    better = delete_pieces(&self) || better;
    better = zero_pieces(&self) || better;
    better = delete_equal_runs(&self) || better;
    better = lower_each(&self) || better;
    better = lower_together(&self) || better;
    better = swap_neighbours(&self) || better;
    better = move_on(&self) || better;
  }
  return self.improvements;
}
