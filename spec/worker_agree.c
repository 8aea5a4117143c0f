/* The worker in which all implementations run side by side, for the `agree`s. */
#include "ifc/base/clock.h"
#include "ifc/base/map.h"
#include "spec/agree.h"
#include "spec/failure.h"
#include "spec/words.h"
#include "spec/worker_internal.h"

static Worker worker_of(const AgreeJob *job, SandboxPort *port)
{
  return (Worker){.job = &job->jobs[job->of[0]], .port = port, .messages = job->arena};
}

static Program *open_object(const AgreeJob *job, Worker *worker, size_t index, Str object)
{
  const WorkerJob *its = &job->jobs[job->of[index]];
  GuestLimits limits = {.call_ms = its->options->call_ms, .memory_pages = INSTANCE_PAGES};
  Diags diags = diags_in(job->arena);
  worker->member = &job->of[index];
  Program *program = program_open(job->arena, object, &its->implementation->fit, &limits, &diags);
  if (!program)
    worker_send_broken(
        worker, diags.first ? diags.first->message : STR("the compiled module cannot be loaded"), false);
  return program;
}

bool agree_prepare(void *context, SandboxPort *port)
{
  AgreeJob *job = context;
  Worker self = worker_of(job, port);
  job->programs = arena_array_of(job->arena, Program *, job->count);
  job->covers = arena_array_of(job->arena, Program *, job->count);
  job->traced = arena_array_of(job->arena, Program *, job->count);
  for (size_t i = 0; i < job->count; i++) {
    const WorkerJob *its = &job->jobs[job->of[i]];
    job->programs[i] = open_object(job, &self, i, its->object);
    if (job->search && job->programs[i] && its->cover_object.len)
      job->covers[i] = open_object(job, &self, i, its->cover_object);
    if (job->covers[i] && its->traced_object.len)
      job->traced[i] = open_object(job, &self, i, its->traced_object);
  }
  return true;
}

typedef struct Gathered {
  Worker worker;
  const AgreeJob *job;
  Member *members;
  const size_t **numbers; /* by member: of the implementation */
  size_t count;
  size_t tests, tests_left;
} Gathered;

/* The instances that tell what a member does. */
static void open_targets(Gathered *self, size_t index, Member *member)
{
  const AgreeJob *job = self->job;
  if (!job->covers[index]) return;
  bool tells = worker_target(&self->worker, job->covers[index], job->jobs[job->of[index]].cover,
                             &member->cover, &member->target, &member->seen);
  if (!tells || !job->traced[index] || !worker_subject(&self->worker, job->traced[index], &member->traced))
    return;
  member->target.traced = &member->traced;
  member->target.trace = program_trace(job->traced[index]);
}

static void gather(Gathered *self)
{
  const AgreeJob *job = self->job;
  self->members = arena_array_of(job->arena, Member, job->count);
  self->numbers = arena_array_of(job->arena, const size_t *, job->count);
  for (size_t i = 0; i < job->count; i++) {
    const Implementation *implementation = job->jobs[job->of[i]].implementation;
    Member *member = &self->members[self->count];
    *member = (Member){.label = implementation->label, .hash = implementation->hash};
    self->worker.member = &job->of[i];
    if (!job->programs[i] || !worker_subject(&self->worker, job->programs[i], &member->used) ||
        !worker_subject(&self->worker, job->programs[i], &member->fresh))
      continue;
    open_targets(self, i, member);
    self->numbers[self->count++] = &job->of[i];
  }
}

static bool is_wanted(const WorkerJob *job, size_t spec, uint32_t test, size_t number)
{
  bool wanted =
      job->replay ? job->replay_spec == spec && job->replay->test == test : job->same_as[number] == number;
  return wanted && job->specs[spec]->tests.at[test].kind == TEST_AGREE;
}

/* What earlier runs have kept of any of them. */
static void add_kept(Gathered *self, const Spec *spec, uint32_t test, LawOptions *options)
{
  Arena *arena = self->worker.messages;
  Map *known = map_new(arena);
  size_t most = 0;
  for (size_t i = 0; i < self->count; i++) most += self->job->jobs[*self->numbers[i]].kept_count;
  const KeptCase **kept = arena_array_of(arena, const KeptCase *, most + 1);
  for (size_t i = 0; i < self->count; i++) {
    const WorkerJob *job = &self->job->jobs[*self->numbers[i]];
    for (size_t k = 0; k < job->kept_count; k++) {
      const KeptCase *one = &job->kept[k];
      bool fits = job->specs[one->spec] == spec && one->replay.test == test &&
                  one->replay.kind == REPLAY_CHOICES && !map_put(known, one->token, self);
      if (fits) kept[options->kept_count++] = one;
    }
  }
  options->kept = kept;
}

static LawOptions law_options(Gathered *self, const Spec *spec, uint32_t test)
{
  Worker *worker = &self->worker;
  const VerifyOptions *options = worker->job->options;
  LawOptions out = {.cases = options->budget_cases, .shrink_ns = SHRINK_MS * UINT64_C(1000000)};
  out.shard = options->shard;
  out.shard_count = options->shard_count;
  out.seed = worker_seed(options->seed, spec, test);
  out.progress = worker_send_cases;
  out.context = worker;
  add_kept(self, spec, test, &out);
  if (options->budget_cases) return out;
  uint64_t now = clock_ns(), left = now < worker->deadline_ns ? worker->deadline_ns - now : 0;
  out.deadline_ns = now + left / (self->tests_left ? self->tests_left : 1);
  return out;
}

static void send_kept(Gathered *self, size_t index, const Spec *spec, uint32_t test)
{
  const Member *member = &self->members[index];
  size_t bytes = 0;
  self->worker.member = self->numbers[index];
  for (size_t i = 0; i < member->kept.len && i < KEEP_MAX && bytes < KEEP_BYTES; i++) {
    Replay replay = {.kind = REPLAY_CHOICES, .test = test, .repeats = 1, .choices = member->kept.at[i]};
    bytes += worker_send_keep(&self->worker, spec, &replay);
  }
}

/* What comes after it, likewise. */
static void search(Gathered *self, const Spec *spec, uint32_t index, MemberResult *results)
{
  Worker *worker = &self->worker;
  const VerifyOptions *search = self->job->search;
  LawOptions options = {.cases = search->budget_cases, .shrink_ns = SHRINK_MS * UINT64_C(1000000)};
  options.seed = ~worker_seed(search->seed, spec, index);
  add_kept(self, spec, index, &options);
  if (!search->budget_cases)
    options.deadline_ns = clock_ns() + search->budget_ms * UINT64_C(1000000) / self->tests;
  agree_search(worker->messages, &spec->tests.at[index], self->members, self->count, &worker->harvest,
               &options, results);
  for (size_t i = 0; i < self->count; i++) send_kept(self, i, spec, index);
}

static void send_result(Gathered *self, const Spec *spec, uint32_t test, MemberResult *result,
                        uint64_t nanoseconds)
{
  Outcome out = {.verdict = result->verdict,
                 .cases = result->cases,
                 .discarded = result->discarded,
                 .nanoseconds = nanoseconds,
                 .reason = result->reason,
                 .failure = result->failure};
  if (out.verdict == VERDICT_FAILED) {
    result->replay.test = test;
    out.failure.replay = replay_encode(self->worker.messages, spec, &result->replay);
  }
  worker_send_end(&self->worker, &out);
}

/* What failures take beyond the test's time is not taken from the others'. */
static void add_time(Worker *worker, const LawOptions *options)
{
  uint64_t now = clock_ns();
  if (options->deadline_ns && now > options->deadline_ns) worker->deadline_ns += now - options->deadline_ns;
}

static void run_test(Gathered *self, const Spec *spec, uint32_t index)
{
  Worker *worker = &self->worker;
  const WorkerJob *job = worker->job;
  const Test *test = &spec->tests.at[index];
  ArenaMark mark = arena_mark(worker->messages);
  MemberResult *results = arena_array_of(worker->messages, MemberResult, self->count);
  uint64_t began_ns = clock_ns();
  for (size_t i = self->count; i-- > 0;) { /* the first one last: progress is told in its name */
    worker->member = self->numbers[i];
    worker_send_begin(worker);
  }
  if (job->replay) {
    agree_replay(worker->messages, test, self->members, self->count, job->replay, results);
  } else {
    LawOptions options = law_options(self, spec, index);
    agree_run(worker->messages, test, self->members, self->count, &worker->harvest, &options, results);
    add_time(worker, &options);
    self->tests_left--;
    if (self->job->search) search(self, spec, index, results);
  }
  uint64_t nanoseconds = (clock_ns() - began_ns) / self->count; /* of each */
  for (size_t i = 0; i < self->count; i++) {
    worker->member = self->numbers[i];
    send_result(self, spec, index, &results[i], nanoseconds);
  }
  arena_reset(worker->messages, mark);
}

/* The constants of all: what only one of them looks at is what it may be wrong for. */
static Harvest harvest(const Gathered *self)
{
  const AgreeJob *job = self->job;
  const WasmModule **modules = arena_array_of(job->arena, const WasmModule *, self->count);
  for (size_t i = 0; i < self->count; i++) modules[i] = &job->jobs[*self->numbers[i]].implementation->module;
  Harvest all = wasm_harvest_all(job->arena, modules, self->count);
  return words_added(job->arena, &all, self->worker.job->specs, self->worker.job->spec_count);
}

void agree_work(void *context, SandboxPort *port)
{
  const AgreeJob *job = context;
  Gathered self = {.worker = worker_of(job, port), .job = job};
  const WorkerJob *first = self.worker.job;
  gather(&self);
  if (self.count == 0) return;
  size_t number = 0;
  for (size_t i = 0; i < first->spec_count; i++)
    for (uint32_t j = 0; j < first->specs[i]->tests.len; j++)
      self.tests_left += is_wanted(first, i, j, number++);
  self.tests = self.tests_left;
  self.worker.harvest = harvest(&self);
  self.worker.deadline_ns = clock_ns() + first->options->budget_ms * UINT64_C(1000000);
  for (size_t i = 0; i < first->spec_count; i++)
    for (uint32_t j = 0; j < first->specs[i]->tests.len; j++, self.worker.test++)
      if (is_wanted(first, i, j, self.worker.test)) run_test(&self, first->specs[i], j);
  for (size_t i = 0; i < self.count; i++) {
    self.worker.member = self.numbers[i];
    if (self.members[i].target.cover)
      worker_send_seen(&self.worker, job->jobs[*self.numbers[i]].cover, &self.members[i].seen);
  }
}
