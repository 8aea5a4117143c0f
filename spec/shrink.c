#include "ifc/base/clock.h"
#include "ifc/base/utf8.h"
#include "spec/growth.h"
#include "spec/shrink_internal.h"

enum { KNOWN_COUNT = 1 << 16 }; /* hashes of trials; a power of two */

bool replay_choices(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                    uint32_t *at)
{
  return replay_choices_until(attempt, subject, choices, repeats, 0, at);
}

bool replay_choices_until(Attempt *attempt, Subject *subject, const ChoiceList *choices, uint32_t repeats,
                          uint64_t deadline_ns, uint32_t *at)
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
    if (deadline_ns && clock_coarse_ns() >= deadline_ns) *at = repeats;
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

/* --- what was made */

static void copy_made(Made *self, const Draws *draws)
{
  self->count = draws->count;
  self->span_count = draws->span_count;
  memcpy(self->choices, draws->choices, draws->count * sizeof *self->choices);
  memcpy(self->origins, draws->origins, draws->count * sizeof *self->origins);
  memcpy(self->spans, draws->spans, draws->span_count * sizeof *self->spans);
}

/* How long a case is: a choice counts one, a char of a text as many as it has bytes. */
static uint64_t size_of(const Origin *origins, uint32_t count)
{
  uint64_t size = count;
  char bytes[4];
  for (uint32_t i = 0; i < count; i++)
    if (origins[i].role == ROLE_TEXT && origins[i].bits >= 0x80 && origins[i].bits != UINT32_MAX)
      size += utf8_encode((uint32_t)origins[i].bits, bytes) - 1;
  return size;
}

/* Is what was made simpler than the best: shorter, or as long and smaller from the front? */
static bool is_simpler(const Shrinker *self)
{
  const Made *made = &self->made;
  uint64_t size = size_of(made->origins, made->count);
  if (size != self->size) return size < self->size;
  for (uint32_t i = 0; i < made->count && i < self->best->count; i++) {
    if (choice_simpler(&made->choices[i], &self->best->at[i])) return true;
    if (choice_simpler(&self->best->at[i], &made->choices[i])) return false;
  }
  return false;
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
  copy_made(&self->made, &attempt->draws);
  if (!is_simpler(self)) return false;
  cases[options->position] = (ChoiceList){self->made.choices, self->made.count};
  return replay_cases(attempt, self->subject, cases, options->around_count, &self->failure);
}

static bool fails_alone(Shrinker *self, const ChoiceList *trial)
{
  Attempt *attempt = self->attempt;
  const Draws *draws = &attempt->draws;
  const CaseFailure *failure = &self->failure;
  uint32_t at;
  bool fails = replay_choices(attempt, self->subject, trial, self->options->repeats, &at);
  self->made = (Made){draws->choices, draws->origins, draws->spans, draws->count, draws->span_count};
  if (!fails) {
    self->fewer = draws->stopped || draws->count > self->best->count ? 0 : self->best->count - draws->count;
    return false;
  }
  bool same = failure->differs
                  ? attempt->end == CASE_PASSED
                  : attempt_same_failure(attempt, failure->statement, failure->faulted, failure->fault);
  return same && is_simpler(self);
}

/* --- trials */

/* Could it be simpler than the best? Numbers that are given by their value may turn out to be. */
static bool may_be_simpler(const Shrinker *self, uint32_t count)
{
  if (count != self->best->count) return count <= self->size;
  for (uint32_t i = 0; i < count; i++) {
    const Choice *new = &self->trial[i], *old = &self->best->at[i];
    if (new->kind == CHOICE_WANTED || choice_simpler(new, old)) return true;
    if (choice_simpler(old, new)) return self->size > count; /* it may have fewer bytes */
  }
  return false;
}

/* Is it among those that did not help? If not, it is from now on. */
static bool is_known(Shrinker *self, uint32_t count)
{
  uint64_t hash = count + UINT64_C(0x9e3779b97f4a7c15);
  for (uint32_t i = 0; i < count; i++) {
    hash = (hash ^ self->trial[i].value) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ (hash >> 32) ^ self->trial[i].kind) * UINT64_C(0xc4ceb9fe1a85ec53);
  }
  uint64_t *slot = &self->known[(hash >> 40) % KNOWN_COUNT];
  bool known = *slot == hash;
  *slot = hash;
  return known;
}

static void keep(Shrinker *self)
{
  const Made *made = &self->made;
  memcpy(self->best->at, made->choices, made->count * sizeof *self->best->at);
  memcpy(self->origins, made->origins, made->count * sizeof *self->origins);
  memcpy(self->spans, made->spans, made->span_count * sizeof *self->spans);
  self->best->count = made->count;
  self->span_count = made->span_count;
  self->size = size_of(made->origins, made->count);
}

/* What counts is what was made of it, which may differ from what was given. */
static bool try_trial(Shrinker *self, uint32_t count)
{
  ChoiceList trial = {self->trial, count};
  self->fewer = 0;
  if (self->over || !may_be_simpler(self, count) || is_known(self, count)) return false;
  self->over = ++self->tries >= self->options->tries ||
               (self->options->deadline_ns && clock_ns() > self->options->deadline_ns);
  if (!(self->options->around ? fails_around(self, &trial) : fails_alone(self, &trial))) return false;
  keep(self);
  self->improvements++;
  return true;
}

/* The best from `*at` up to `start`, then what the edit puts there. */
static uint32_t put_edit(Shrinker *self, uint32_t count, uint32_t *at, const Edit *edit, uint32_t offset)
{
  uint32_t before = edit->start + offset - *at;
  memcpy(&self->trial[count], &self->best->at[*at], before * sizeof *self->trial);
  if (edit->count) memcpy(&self->trial[count + before], edit->with, edit->count * sizeof *self->trial);
  *at = edit->end + offset;
  return count + before + edit->count;
}

/* How long the focus becomes. */
static int64_t length_with(const Shrinker *self, const Edit *edits, uint32_t count)
{
  int64_t length = (int64_t)self->focus.end - self->focus.start;
  for (uint32_t i = 0; i < count; i++) length += (int64_t)edits[i].count - (edits[i].end - edits[i].start);
  return length;
}

/* After edits that made it so long: its copies have moved, and must still be equal. */
static void move_focus(Shrinker *self, uint32_t length)
{
  Focus *focus = &self->focus;
  int64_t moved = 0, by = (int64_t)length - (focus->end - focus->start);
  focus->end = focus->start + length;
  for (uint32_t i = 0; i < focus->copy_count; i++) {
    moved += by;
    focus->copies[i] = (uint32_t)(focus->copies[i] + moved);
    if (focus->copies[i] + length > self->best->count ||
        !shrink_runs_equal(self, focus->start, focus->copies[i], length))
      focus->end = focus->start;
  }
}

bool shrink_try_padded(Shrinker *self, const Edit *edits, uint32_t edit_count, uint32_t zeros)
{
  const Focus *focus = &self->focus;
  uint32_t count = 0, at = 0, before = self->best->count;
  int64_t length = length_with(self, edits, edit_count), focus_length = focus->end - focus->start;
  int64_t whole = before + (length - focus_length) * (1 + (int64_t)focus->copy_count) + zeros;
  if (length < 0 || whole < 0 || whole > CHOICES_MAX) return false;
  for (uint32_t i = 0; i <= focus->copy_count; i++)
    for (uint32_t k = 0; k < edit_count; k++)
      count = put_edit(self, count, &at, &edits[k], i ? focus->copies[i - 1] - focus->start : 0);
  memcpy(&self->trial[count], &self->best->at[at], (before - at) * sizeof *self->trial);
  count += before - at;
  memset(&self->trial[count], 0, zeros * sizeof *self->trial);
  if (!try_trial(self, count + zeros)) return false;
  if (focus->is_whole)
    shrink_set_whole(self);
  else if ((int64_t)self->best->count == whole - zeros)
    move_focus(self, (uint32_t)length);
  else
    self->focus.end = focus->start;
  return true;
}

bool shrink_try(Shrinker *self, const Edit *edits, uint32_t count)
{
  return shrink_try_padded(self, edits, count, 0);
}

bool shrink_try_value(Shrinker *self, uint32_t at, uint64_t value)
{
  if (at >= self->focus.end || self->best->at[at].value == value) return false;
  Choice choice = {value, self->best->at[at].kind};
  return shrink_try(self, &(Edit){at, at + 1, &choice, 1}, 1);
}

bool shrink_without(Shrinker *self, uint32_t start, uint32_t end)
{
  return shrink_try(self, &(Edit){start, end, NULL, 0}, 1);
}

void shrink_set_whole(Shrinker *self)
{
  self->focus.start = self->focus.copy_count = 0;
  self->focus.end = self->best->count;
  self->focus.is_whole = true;
}

bool shrink_runs_equal(const Shrinker *self, uint32_t a, uint32_t b, uint32_t count)
{
  const Choice *list = self->best->at;
  for (uint32_t i = 0; i < count; i++)
    if (list[a + i].kind != list[b + i].kind || list[a + i].value != list[b + i].value) return false;
  return true;
}

double shrink_float(const Choice *choice)
{
  Value value = value_u64(choice->value);
  return choice->kind == CHOICE_F32 ? (double)value_as_f32(value) : value_as_f64(value);
}

uint64_t shrink_float_bits(ChoiceKind kind, double number)
{
  return kind == CHOICE_F32 ? value_f32((float)number).bits : value_f64(number).bits;
}

/* --- all of it */

/* Runs the best, of which only the choices are known, to know what they stand for. */
static bool begin(Shrinker *self)
{
  Attempt *attempt = self->attempt;
  uint32_t at;
  self->trial = attempt->tried;
  if (self->options->around) {
    self->failure = *self->options->failure;
    self->made = (Made){attempt->kept, arena_alloc_raw(self->arena, CHOICES_MAX * sizeof *self->origins),
                        arena_alloc_raw(self->arena, SPANS_MAX * sizeof *self->spans), 0, 0};
    self->cases = arena_array_of(self->arena, ChoiceList, SHRINK_AROUND_MAX);
    self->subject->broken = true;
    run_list(attempt, self->subject, self->best);
    copy_made(&self->made, &attempt->draws);
  } else {
    self->failure = failure_of(attempt);
    memcpy(self->best->at, attempt->draws.choices, attempt->draws.count * sizeof *self->best->at);
    self->best->count = attempt->draws.count;
    if (!replay_choices(attempt, self->subject, self->best, self->options->repeats, &at)) return false;
    const Draws *draws = &attempt->draws;
    self->made = (Made){draws->choices, draws->origins, draws->spans, draws->count, draws->span_count};
  }
  keep(self);
  shrink_set_whole(self);
  return true;
}

typedef bool Pass(Shrinker *self);

/* What makes much of little work comes first. */
static Pass *const PASSES[] = {
    shrink_all_values,
    shrink_operations_away,
    shrink_many_elements_away,
    shrink_equal_parts_shorter,
    shrink_many_values,
    shrink_elements_away,
    shrink_few_values,
    shrink_each_value,
    shrink_chars,
    shrink_equal_parts,
    shrink_runs_away,
    shrink_equal_runs,
    shrink_merges,
    shrink_indexed_away,
    shrink_order,
    shrink_relations,
    shrink_small_numbers,
};

uint32_t shrink(Attempt *attempt, Subject *subject, const ShrinkOptions *options, ChoiceList *best)
{
  enum { PASS_COUNT = sizeof PASSES / sizeof *PASSES };
  Shrinker self = {.attempt = attempt, .subject = subject, .options = options, .best = best};
  Origin *origins = attempt->draws.origins;
  self.arena = arena_new();
  self.spans = arena_alloc_raw(self.arena, SPANS_MAX * sizeof *self.spans);
  self.origins = arena_alloc_raw(self.arena, CHOICES_MAX * sizeof *self.origins);
  self.focus.copies = arena_alloc_raw(self.arena, CHOICES_MAX * sizeof *self.focus.copies);
  self.known = arena_array_of(self.arena, uint64_t, KNOWN_COUNT);
  attempt->draws.origins = arena_alloc_raw(self.arena, CHOICES_MAX * sizeof *origins);
  if (begin(&self)) /* until a whole round of passes did not help */
    for (size_t at = 0, idle = 0; idle < PASS_COUNT && !self.over; at++)
      idle = PASSES[at % PASS_COUNT](&self) ? 0 : idle + 1;
  attempt->draws.origins = origins;
  arena_free(self.arena);
  return self.improvements;
}
