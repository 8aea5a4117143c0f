/* The search for cases that break a law, in its worker: all laws in turns, those longest that still find
 * something new. */
#include "ifc/base/clock.h"
#include "spec/failure.h"
#include "spec/mixed.h"
#include "spec/search_feedback.h"
#include "spec/worker_internal.h"

enum {
  AT_ONCE = 16,            /* laws */
  MIXED_MAX = AT_ONCE / 2, /* of the specifications that they are of, laws mixed */
  SEARCHES = AT_ONCE + MIXED_MAX,
  TURN_MS = 20,
  SEEN_MS = 200,   /* of a call of an example */
  SKIPPED_MAX = 7, /* turns, of a law that finds nothing */
  MIXED_PART = 4,  /* so many are as much work as one, in a count of cases */
  ALONE_PART =
      16, /* so many where there is one law alone: what it needs is seldom a certain order of cases */
  GROWTH_PART = 8, /* of the time, on top of it, for looking at what grows */
  EARLY_PART = 4,  /* of the time, after which that is done first */
  ALONE_TURNS = 4, /* so many turns of the law for one of its cases in order */
};

/* A law under search, or all laws of a specification, mixed. */
typedef struct Searched {
  const Spec *spec;
  const Test *mixed;     /* NULL: it is one law */
  uint32_t test;         /* of its specification; of mixed ones, the last */
  uint32_t number;       /* of all */
  Arena *arena, *memory; /* the attempt's, which it resets; the search's */
  Attempt attempt;
  Search *search;
  LawResult result;
  uint64_t nanoseconds;   /* in the turns so far that were its own */
  uint32_t idle, skipped; /* turns in which it found nothing; turns that it was left out since */
  bool ended;
} Searched;

typedef struct Searching {
  Worker *worker;
  SearchTarget target;
  SearchSeen seen;
  Subject cover, traced;
  size_t left;          /* laws that are still to be searched */
  uint64_t turn_ns;     /* when the law's turn began */
  uint64_t deadline_ns; /* of those that are being searched */
  uint64_t growth_ns;   /* that are left for looking at what grows */
  bool *failed;         /* by test, counted through all specifications: it needs no more search */
} Searching;

/* --- messages */

static void send_kept(Searching *self, const Searched *law)
{
  Worker *worker = self->worker;
  size_t bytes = 0;
  ChoiceList list;
  for (size_t i = 0; i < KEEP_MAX && bytes < KEEP_BYTES && search_kept(law->search, i, &list); i++) {
    Replay replay = {.kind = REPLAY_CHOICES, .test = law->test, .repeats = 1, .choices = list};
    bytes += worker_send_keep(worker, law->spec, &replay);
  }
}

/* --- laws */

static void try_kept(Searching *self, Searched *law)
{
  const WorkerJob *job = self->worker->job;
  for (size_t i = 0; i < job->kept_count; i++) {
    const KeptCase *kept = &job->kept[i];
    bool is_mixed = kept->replay.kind == REPLAY_MIXED;
    if (job->specs[kept->spec] != law->spec || is_mixed != (law->mixed != NULL)) continue;
    if (!is_mixed && (kept->replay.kind != REPLAY_CHOICES || kept->replay.test != law->test)) continue;
    search_try(law->search, &kept->replay.choices);
  }
}

static void begin_law(Searching *self, Searched *law)
{
  Worker *worker = self->worker;
  law->arena = arena_new();
  law->result = (LawResult){.verdict = VERDICT_PASSED};
  attempt_init(&law->attempt, law->arena, law->mixed ? law->mixed : &law->spec->tests.at[law->test]);
  law->attempt.draws.harvest = &worker->harvest;
  law->memory = arena_new();
  law->search =
      search_new(law->memory, &law->attempt, &self->target, &self->seen,
                 ~worker_seed(worker->job->options->seed, law->spec, law->test) + (law->mixed != NULL));
  try_kept(self, law);
}

static LawOptions law_options(const Searching *self)
{
  const Worker *worker = self->worker;
  return (LawOptions){.shrink_ns = worker_shrink_ns(worker), .hang_known = worker->hang_known};
}

/* For a part of the law's time for that; in a count of cases always. */
static void look_for_growth(Searching *self, Searched *law, uint32_t part)
{
  LawOptions options = law_options(self);
  uint64_t began_ns = clock_ns(), share = self->growth_ns / part / (self->left ? self->left : 1);
  if (law->result.verdict != VERDICT_PASSED || self->worker->stops) return;
  if (!self->worker->job->options->budget_cases) options.deadline_ns = began_ns + share;
  law_grows(law->search, &law->attempt, &self->worker->fresh, &options, &law->result);
  worker_learn(self->worker, &law->result);
  uint64_t used = clock_ns() - began_ns;
  self->growth_ns -= used < share ? used : share;
  self->worker->deadline_ns += used;
}

/* What the law came to, as the attempt holds it. */
static void send_outcome(Searching *self, Searched *law, LawResult *result, Attempt *attempt)
{
  Worker *worker = self->worker;
  ArenaMark mark = arena_mark(worker->messages);
  Outcome outcome;
  worker_outcome(worker, attempt, law->spec, law->test, result, &outcome);
  outcome.nanoseconds = law->nanoseconds + clock_ns() - self->turn_ns;
  worker_send_end(worker, &outcome);
  arena_reset(worker->messages, mark);
  self->failed[law->number] = result->verdict != VERDICT_PASSED;
  self->left--;
  law->ended = true;
}

static void begin_turn(Searching *self, const Searched *law)
{
  self->turn_ns = clock_ns();
  self->worker->test = law->number;
  worker_send_begin(self->worker);
}

static void end_turn(const Searching *self, Searched *law)
{
  law->nanoseconds += clock_ns() - self->turn_ns;
}

static void end_law(Searching *self, Searched *law)
{
  begin_turn(self, law);
  send_kept(self, law);
  look_for_growth(self, law, 1);
  law_end_search(law->search, &law->attempt, &law->result);
  send_outcome(self, law, &law->result, &law->attempt);
}

/* --- mixed laws */

/* Those of a specification that have not failed. */
static const Test *mixed_of(const Searching *self, const Spec *spec)
{
  const WorkerJob *job = self->worker->job;
  bool *failed = arena_array_of(job->arena, bool, spec->tests.len + 1);
  size_t first = 0;
  for (size_t i = 0; job->specs[i] != spec; i++) first += job->specs[i]->tests.len;
  for (size_t i = 0; i < spec->tests.len; i++) failed[i] = self->failed[job->same_as[first + i]];
  return mixed_test_without(job->arena, spec, failed);
}

/* What failed, as the law that it failed in. */
static Searched *law_that_failed(const Searched *mixed, Searched *laws, size_t count)
{
  uint32_t test = mixed_law(mixed->spec, mixed->attempt.part);
  for (size_t i = 0; i < count; i++)
    if (!laws[i].mixed && laws[i].spec == mixed->spec && laws[i].test == test && !laws[i].ended)
      return &laws[i];
  return NULL;
}

/* A case of one law alone is that law's own: its choices follow the step's. */
static bool fails_alone(Searching *self, const Searched *mixed, Searched *law)
{
  const ChoiceList *list = &mixed->result.replay.choices;
  uint32_t steps = 0;
  for (uint32_t i = 0; i < list->count; i++) steps += list->at[i].kind == CHOICE_STEP;
  if (steps != 1) return false;
  Replay replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = {list->at + 1, list->count - 1}};
  LawResult before = law->result;
  law_replay(&law->attempt, &self->worker->fresh, &replay, &law->result);
  law->result.cases += before.cases;
  law->result.discarded += before.discarded;
  return law->result.verdict == VERDICT_FAILED;
}

/* A failure of mixed laws is one of the law that it came up in. */
static void blame_law(Searching *self, Searched *mixed, Searched *laws, size_t count)
{
  LawResult *result = &mixed->result;
  Searched *law = law_that_failed(mixed, laws, count);
  if (result->verdict != VERDICT_FAILED || !law) return;
  begin_turn(self, law);
  if (fails_alone(self, mixed, law)) {
    send_outcome(self, law, &law->result, &law->attempt);
    return;
  }
  result->replay.kind = REPLAY_MIXED;
  result->cases = law->result.cases;
  result->discarded = law->result.discarded;
  send_outcome(self, law, result, &mixed->attempt);
}

/* --- turns */

/* One law, whose cases are tried one after the other on one instance. */
static bool is_alone(const Searched *law)
{
  return law->mixed && law->mixed->operations.len == 1;
}

/* True while all is well. */
static bool search_on(Searching *self, Searched *law)
{
  Worker *worker = self->worker;
  uint64_t budget = worker->job->options->budget_cases;
  LawOptions options = law_options(self);
  uint64_t turn = clock_ns() + TURN_MS * UINT64_C(1000000), found = search_count(law->search).found;
  uint32_t part = !law->mixed ? 1 : is_alone(law) ? ALONE_PART : MIXED_PART;
  options.cases = (budget + part - 1) / part;
  if (!budget) options.deadline_ns = turn < self->deadline_ns ? turn : self->deadline_ns;
  bool holds = law_search(law->search, &law->attempt, &worker->fresh, &options, &law->result);
  if (!holds) worker_learn(worker, &law->result);
  law->idle = search_count(law->search).found > found ? 0 : law->idle + 1;
  law->skipped = 0;
  return holds;
}

/* A failure since `began_ns` has ended one of so many laws: the others keep their parts of the time that was
 * left, from which the time for making it smaller is not taken. */
static void leave_share(Searching *self, uint64_t began_ns, size_t active)
{
  uint64_t now = clock_ns(), before = self->deadline_ns;
  if (!before) return;
  uint64_t left = before > began_ns ? before - began_ns : 0;
  self->deadline_ns = now + left / active * (active - 1);
  self->worker->deadline_ns += self->deadline_ns - before;
}

static size_t count_active(const Searched *laws, size_t count)
{
  size_t active = 0;
  for (size_t i = 0; i < count; i++) active += !laws[i].ended && !laws[i].mixed;
  return active;
}

static void free_law(Searched *law)
{
  arena_free(law->arena);
  arena_free(law->memory);
}

/* The laws that hold so far of the failed one's specification, mixed anew: with it, all would fail. */
static void mix_again(Searching *self, const Searched *failed, Searched *laws, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    Searched *mixed = &laws[i];
    if (!mixed->mixed || mixed->spec != failed->spec || (mixed->ended && mixed != failed)) continue;
    const Test *rest = mixed_of(self, mixed->spec);
    mixed->ended = rest == NULL;
    if (mixed->ended) continue;
    Searched anew = {.spec = mixed->spec, .mixed = rest, .test = mixed->test, .number = mixed->number};
    free_law(mixed);
    *mixed = anew;
    begin_law(self, mixed);
  }
}

static void take_turn(Searching *self, Searched *law, Searched *laws, size_t count)
{
  uint64_t began_ns = clock_ns();
  size_t active = count_active(laws, count);
  bool holds;
  if (law->mixed) {
    holds = search_on(self, law);
    law->ended = !holds || self->worker->job->options->budget_cases;
    if (!holds) blame_law(self, law, laws, count);
  } else {
    begin_turn(self, law);
    holds = search_on(self, law);
    worker_send_cases(self->worker, law->result.cases);
    end_turn(self, law);
    if (!holds || self->worker->job->options->budget_cases) end_law(self, law);
  }
  if (holds || count_active(laws, count) == active) return;
  leave_share(self, began_ns, active);
  mix_again(self, law, laws, count);
}

static bool is_due(Searched *law)
{
  if (law->ended) return false;
  uint32_t most = law->mixed && !is_alone(law) ? 1 : SKIPPED_MAX;
  uint32_t rest = law->idle < most ? law->idle : most;
  if (is_alone(law)) rest = ALONE_TURNS * (rest + 1) - 1;
  return law->skipped++ >= rest;
}

/* What leaks does so from the start, and it takes long to be sure of it: so it is looked for at the end, but
 * once before, too. What cannot be decided yet may be then. */
static void look_early(Searching *self, Searched *laws, size_t count)
{
  for (size_t i = 0; i < count && !self->worker->stops; i++) {
    Searched *law = &laws[i];
    uint64_t began_ns = clock_ns();
    size_t active = count_active(laws, count);
    if (law->ended || law->mixed) continue;
    LawResult before = law->result;
    begin_turn(self, law);
    look_for_growth(self, law, 2);
    end_turn(self, law);
    if (law->result.verdict == VERDICT_FAILED) {
      end_law(self, law);
      leave_share(self, began_ns, active);
      mix_again(self, law, laws, count);
    } else {
      law->result = before;
      self->deadline_ns += clock_ns() - began_ns;
    }
  }
}

/* Some laws, until the deadline or until all have ended. */
static void search_laws(Searching *self, Searched *laws, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    begin_turn(self, &laws[i]);
    begin_law(self, &laws[i]);
    end_turn(self, &laws[i]);
  }
  uint64_t now = clock_ns(), left = self->deadline_ns > now ? self->deadline_ns - now : 0;
  uint64_t early_ns = left ? now + left / EARLY_PART : 0;
  for (size_t active = count; active > 0;) {
    active = 0;
    if (early_ns && clock_ns() >= early_ns) {
      early_ns = 0;
      look_early(self, laws, count);
    }
    for (size_t i = 0; i < count; i++) {
      if (self->worker->stops || (self->deadline_ns && clock_ns() >= self->deadline_ns)) break;
      active += !laws[i].ended;
      if (is_due(&laws[i])) take_turn(self, &laws[i], laws, count);
    }
  }
  for (size_t i = 0; i < count; i++)
    if (!laws[i].ended && !laws[i].mixed) end_law(self, &laws[i]);
  for (size_t i = 0; i < count; i++) free_law(&laws[i]);
}

static uint64_t share_of_time(const Searching *self, size_t laws)
{
  const Worker *worker = self->worker;
  if (worker->job->options->budget_cases) return 0;
  uint64_t now = clock_ns(), left = now < worker->deadline_ns ? worker->deadline_ns - now : 0;
  return now + left * laws / (self->left ? self->left : 1);
}

bool worker_target(Worker *self, Program *program, const Instrumented *cover, Subject *subject,
                   SearchTarget *target, SearchSeen *seen)
{
  Arena *arena = self->job->arena;
  if (!worker_subject(self, program, subject)) return false;
  *target = (SearchTarget){.cover = subject, .compares = cover->compares};
  target->counters = guest_counters(subject->context);
  bool fits = target->counters.block_count >= cover->block_count &&
              target->counters.operand_count / 2 > cover->compare_count;
  if (!fits) target->compares = NULL;
  seen->blocks = arena_array_of(arena, uint8_t, target->counters.block_count + cover->block_count);
  seen->results = arena_array_of(arena, uint8_t, target->counters.operand_count + cover->compare_count);
  return true;
}

static bool open_target(Searching *self)
{
  Worker *worker = self->worker;
  const WorkerJob *job = worker->job;
  if (!worker_target(worker, job->cover_program, job->cover, &self->cover, &self->target, &self->seen))
    return false;
  if (job->traced_program && worker_subject(worker, job->traced_program, &self->traced)) {
    self->target.traced = &self->traced;
    self->target.trace = program_trace(job->traced_program);
  }
  return true;
}

/* The laws of one specification, from the last ones on, also mixed: those first, as any of the others may end
 * by what they find. Of all of them, `tests` are laws. */
static void add_mixed(Searching *self, Searched *laws, size_t *count, size_t tests)
{
  const Spec *spec = laws[*count - 1].spec;
  size_t first = *count - 1;
  while (first > 0 && laws[first - 1].spec == spec && !laws[first - 1].mixed) first--;
  if (*count - tests == MIXED_MAX) return;
  Searched mixed = laws[*count - 1];
  mixed.mixed = mixed_of(self, spec);
  if (!mixed.mixed) return;
  memmove(laws + first + 1, laws + first, (*count - first) * sizeof *laws);
  laws[first] = mixed;
  ++*count;
}

/* The tests that are to be searched, as many at once as there is room for. */
static void search_all(Searching *self)
{
  const WorkerJob *job = self->worker->job;
  Searched laws[SEARCHES];
  size_t count = 0, tests = 0;
  uint32_t number = 0;
  for (size_t i = 0; i < job->spec_count; i++) {
    const bool *wanted = job->searches + number;
    uint32_t end = (uint32_t)job->specs[i]->tests.len, last = end;
    while (last > 0 && !wanted[last - 1]) last--;
    for (uint32_t j = 0; j < last; j++) {
      if (!wanted[j]) continue;
      laws[count++] = (Searched){.spec = job->specs[i], .test = j, .number = number + j};
      tests++;
      if (j + 1 == last || tests == AT_ONCE) add_mixed(self, laws, &count, tests);
      if (tests < AT_ONCE && tests < self->left) continue;
      self->deadline_ns = share_of_time(self, tests);
      search_laws(self, laws, count);
      count = tests = 0;
    }
    number += end;
  }
}

/* What they reach is reached. What they come to is known of the plain build, and does not matter here; but
 * what hung there is not waited for again. */
static void see_examples_of(Searching *self, Feedback *feedback, const Test *test)
{
  Arena *arena = arena_new();
  Attempt attempt;
  StateNews state;
  CaseEnd end = CASE_PASSED;
  attempt_init(&attempt, arena, test);
  self->cover.limit(self->cover.context, SEEN_MS);
  for (size_t row = 0; end == CASE_PASSED && (row == 0 || row < test->rows.len); row++) {
    feedback_clear(feedback);
    self->cover.broken = true;
    end = attempt_run(&attempt, &self->cover, test->kind == TEST_TABLE ? &test->rows.at[row] : NULL);
    feedback_take(feedback, false, &state);
  }
  self->cover.limit(self->cover.context, 0);
  self->cover.broken = true;
  arena_free(arena);
}

/* Scripts, tables, and laws about nothing in particular: what is not searched, as it never varies. */
static bool is_example(const Test *test)
{
  return !test_is_generated(test->kind) || (test->kind == TEST_LAW && !test->params.len);
}

static void see_examples(Searching *self)
{
  const WorkerJob *job = self->worker->job;
  Feedback feedback = feedback_new(job->arena, &self->target, &self->seen);
  uint32_t number = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (size_t j = 0; j < job->specs[i]->tests.len; j++, number++) {
      const Test *test = &job->specs[i]->tests.at[j];
      if (is_example(test) && job->same_as[number] == number) see_examples_of(self, &feedback, test);
    }
}

void worker_search(Worker *worker)
{
  const WorkerJob *job = worker->job;
  Searching self = {.worker = worker};
  size_t tests = 0;
  uint64_t budget_ns = job->options->budget_ms * UINT64_C(1000000);
  if (!open_target(&self)) return;
  see_examples(&self);
  self.growth_ns = budget_ns / GROWTH_PART;
  worker->deadline_ns = clock_ns() + budget_ns;
  for (size_t i = 0; i < job->spec_count; i++) tests += job->specs[i]->tests.len;
  self.failed = arena_array_of(job->arena, bool, tests + 1);
  for (size_t i = 0; i < tests; i++) {
    self.left += job->searches[i];
    self.failed[i] = !job->searches[i];
  }
  search_all(&self);
  worker_send_seen(worker, worker->job->cover, &self.seen);
}
