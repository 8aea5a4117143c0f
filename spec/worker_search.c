/* The search for cases that break a law, in its worker: all laws in turns, those longest that still find
 * something new. */
#include "ifc/base/clock.h"
#include "spec/failure.h"
#include "spec/tests.h"
#include "spec/worker_internal.h"

enum {
  AT_ONCE = 16, /* laws */
  TURN_MS = 20,
  SKIPPED_MAX = 7, /* turns, of a law that finds nothing */
  KEEP_MAX = 64,   /* cases of a law, for the next time */
  KEEP_BYTES = 1 << 17,
};

/* A law under search. */
typedef struct Searched {
  const Spec *spec;
  uint32_t test;         /* of its specification */
  uint32_t number;       /* of all */
  Arena *arena, *memory; /* the attempt's, which it resets; the search's */
  Attempt attempt;
  Search *search;
  LawResult result;
  uint32_t idle, skipped; /* turns in which it found nothing; turns that it was left out since */
  bool ended;
} Searched;

typedef struct Searching {
  Worker *worker;
  SearchTarget target;
  SearchSeen seen;
  Subject cover, traced;
  size_t left; /* laws that are still to be searched */
  uint64_t began_ns;
  bool failed; /* a law did: then the others get as much time again, not more */
} Searching;

/* --- messages */

static void send_kept(Searching *self, const Searched *law)
{
  Worker *worker = self->worker;
  size_t bytes = 0;
  ChoiceList list;
  for (size_t i = 0; i < KEEP_MAX && bytes < KEEP_BYTES && search_kept(law->search, i, &list); i++) {
    ArenaMark mark = arena_mark(worker->messages);
    Replay replay = {.kind = REPLAY_CHOICES, .test = law->test, .repeats = 1, .choices = list};
    Json *message = worker_event(worker, "keep");
    Str token = replay_encode(worker->messages, law->spec, &replay);
    bytes += token.len;
    jv_set_integer(message, STR("test"), law->number);
    jv_set_string(message, STR("replay"), token);
    worker_send(worker, message);
    arena_reset(worker->messages, mark);
  }
}

static Str digits(Arena *arena, const uint8_t *flags, uint32_t count)
{
  Buf out = buf_in(arena);
  for (uint32_t i = 0; i < count; i++) buf_byte(&out, "0123456789abcdef"[flags[i] & 15]);
  return buf_text(&out);
}

static void send_seen(Searching *self)
{
  Worker *worker = self->worker;
  const Instrumented *cover = worker->job->cover;
  Json *message = worker_event(worker, "seen");
  jv_set_string(message, STR("blocks"), digits(worker->messages, self->seen.blocks, cover->block_count));
  jv_set_string(message, STR("outcomes"),
                digits(worker->messages, self->seen.outcomes, cover->compare_count));
  worker_send(worker, message);
}

/* --- laws */

static void try_kept(Searching *self, Searched *law)
{
  const WorkerJob *job = self->worker->job;
  for (size_t i = 0; i < job->kept_count; i++) {
    const KeptCase *kept = &job->kept[i];
    if (job->specs[kept->spec] != law->spec || kept->replay.test != law->test) continue;
    search_try(law->search, &kept->replay.choices);
  }
}

static void begin_law(Searching *self, Searched *law)
{
  Worker *worker = self->worker;
  law->arena = arena_new();
  law->result = (LawResult){.verdict = VERDICT_PASSED};
  attempt_init(&law->attempt, law->arena, &law->spec->tests.at[law->test]);
  law->attempt.draws.harvest = &worker->harvest;
  law->memory = arena_new();
  law->search = search_new(law->memory, &law->attempt, &self->target, &self->seen,
                           ~worker_seed(worker, law->spec, law->test));
  worker->test = law->number;
  worker_send_begin(worker);
  try_kept(self, law);
}

/* At the end, for a small part of the time; in a count of cases always. */
static void look_for_growth(Searching *self, Searched *law)
{
  enum { PART = 16 };
  const VerifyOptions *options = self->worker->job->options;
  LawOptions law_options = {.shrink_ns = SHRINK_MS * UINT64_C(1000000)};
  if (self->failed || law->result.verdict != VERDICT_PASSED) return;
  if (!options->budget_cases)
    law_options.deadline_ns = clock_ns() + options->budget_ms * UINT64_C(1000000) / PART;
  if (law_grows(law->search, &law->attempt, &self->worker->fresh, &law_options, &law->result))
    self->failed = true;
}

static void end_law(Searching *self, Searched *law)
{
  Worker *worker = self->worker;
  ArenaMark mark = arena_mark(worker->messages);
  Outcome outcome;
  worker->test = law->number;
  worker_send_begin(worker);
  send_kept(self, law);
  look_for_growth(self, law);
  worker_outcome(worker, &law->attempt, law->spec, law->test, &law->result, &outcome);
  worker_send_end(worker, &outcome);
  arena_reset(worker->messages, mark);
  law->ended = true;
}

static void take_turn(Searching *self, Searched *law, uint64_t deadline_ns)
{
  Worker *worker = self->worker;
  const VerifyOptions *options = worker->job->options;
  LawOptions law_options = {.cases = options->budget_cases, .shrink_ns = SHRINK_MS * UINT64_C(1000000)};
  uint64_t turn = clock_ns() + TURN_MS * UINT64_C(1000000), found = search_count(law->search).found;
  if (!options->budget_cases) law_options.deadline_ns = turn < deadline_ns ? turn : deadline_ns;
  worker->test = law->number;
  worker_send_begin(worker);
  bool holds = law_search(law->search, &law->attempt, &worker->fresh, &law_options, &law->result);
  worker_send_cases(worker, law->result.cases);
  law->idle = search_count(law->search).found > found ? 0 : law->idle + 1;
  law->skipped = 0;
  if (!holds) self->failed = true;
  if (!holds || options->budget_cases) end_law(self, law);
}

static bool is_due(Searched *law)
{
  if (law->ended) return false;
  uint32_t rest = law->idle < SKIPPED_MAX ? law->idle : SKIPPED_MAX;
  return law->skipped++ >= rest;
}

/* Some laws, until the deadline or until all have ended. */
static bool is_over(Searching *self, uint64_t *deadline_ns)
{
  uint64_t now = clock_ns();
  if (!*deadline_ns) return false;
  if (self->failed && self->began_ns) {
    uint64_t soon = now + (now - self->began_ns);
    self->began_ns = 0;
    if (soon < *deadline_ns) *deadline_ns = self->worker->deadline_ns = soon;
  }
  return now >= *deadline_ns;
}

static void search_laws(Searching *self, Searched *laws, size_t count, uint64_t deadline_ns)
{
  for (size_t i = 0; i < count; i++) begin_law(self, &laws[i]);
  for (size_t active = count; active > 0;) {
    active = 0;
    for (size_t i = 0; i < count; i++) {
      if (is_over(self, &deadline_ns)) break;
      active += !laws[i].ended;
      if (is_due(&laws[i])) take_turn(self, &laws[i], deadline_ns);
    }
  }
  for (size_t i = 0; i < count; i++)
    if (!laws[i].ended) end_law(self, &laws[i]);
  for (size_t i = 0; i < count; i++) {
    arena_free(laws[i].arena);
    arena_free(laws[i].memory);
  }
}

static uint64_t share_of_time(const Searching *self, size_t laws)
{
  const Worker *worker = self->worker;
  if (worker->job->options->budget_cases) return 0;
  uint64_t now = clock_ns(), left = now < worker->deadline_ns ? worker->deadline_ns - now : 0;
  return now + left * laws / (self->left ? self->left : 1);
}

static bool open_target(Searching *self)
{
  Worker *worker = self->worker;
  const WorkerJob *job = worker->job;
  if (!worker_subject(worker, job->cover_program, &self->cover)) return false;
  self->target = (SearchTarget){.cover = &self->cover, .compares = job->cover->compares};
  self->target.counters = guest_counters(self->cover.context);
  bool fits = self->target.counters.block_count >= job->cover->block_count &&
              self->target.counters.operand_count / 2 > job->cover->compare_count;
  if (!fits) self->target.compares = NULL;
  if (job->traced_program && worker_subject(worker, job->traced_program, &self->traced)) {
    self->target.traced = &self->traced;
    self->target.trace = program_trace(job->traced_program);
  }
  self->seen.blocks = arena_array_of(job->arena, uint8_t, self->target.counters.block_count);
  self->seen.outcomes = arena_array_of(job->arena, uint8_t, self->target.counters.operand_count);
  return true;
}

void worker_search(Worker *worker)
{
  const WorkerJob *job = worker->job;
  Searching self = {.worker = worker};
  Searched laws[AT_ONCE];
  size_t count = 0;
  uint32_t number = 0;
  if (!open_target(&self)) return;
  self.began_ns = clock_ns();
  worker->deadline_ns = self.began_ns + job->options->budget_ms * UINT64_C(1000000);
  for (size_t i = 0; i < job->spec_count; i++)
    for (size_t j = 0; j < job->specs[i]->tests.len; j++) self.left += job->searches[number++];
  number = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (uint32_t j = 0; j < job->specs[i]->tests.len; j++, number++) {
      if (!job->searches[number]) continue;
      laws[count++] = (Searched){.spec = job->specs[i], .test = j, .number = number};
      if (count < AT_ONCE && count < self.left) continue;
      search_laws(&self, laws, count, share_of_time(&self, count));
      self.left -= count;
      count = 0;
    }
  send_seen(&self);
}
