/* The parent's side of a verification: compiles, starts the workers, and turns what they say into a report.
 * A worker has run untrusted code, so nothing it says is believed without a look. */
#include "spec/verify_internal.h"

#include <signal.h>
#include <unistd.h>

#include "ifc/base/clock.h"
#include "ifc/base/map.h"
#include "runtime/aot.h"
#include "spec/compile_ahead.h"
#include "spec/failure.h"
#include "spec/tests.h"

/* --- messages */

enum { TEXT_MAX = 4096, INPUTS_MAX = 256 };

static bool take_text(const Json *object, Str key, Str *out)
{
  const Json *text = jv_get(object, key);
  if (jv_kind(text) != JV_STRING) return false;
  *out = jv_as_string(text);
  return out->len <= (size_t)TEXT_MAX * 4;
}

static bool take_integer(const Json *object, Str key, uint64_t limit, uint64_t *out)
{
  const Json *number = jv_get(object, key);
  int64_t value = jv_as_integer(number);
  if (jv_kind(number) != JV_INTEGER || value < 0 || (uint64_t)value > limit) return false;
  *out = (uint64_t)value;
  return true;
}

static bool take_inputs(Arena *arena, const Json *array, Failure *out)
{
  size_t count = jv_count(array);
  if (jv_kind(array) != JV_ARRAY || count > INPUTS_MAX) return false;
  CounterexampleEntry *inputs = arena_array_of(arena, CounterexampleEntry, count);
  for (size_t i = 0; i < count; i++) {
    const Json *pair = jv_at(array, i);
    if (jv_kind(pair) != JV_ARRAY || jv_count(pair) != 2) return false;
    inputs[i] = (CounterexampleEntry){jv_as_string(jv_at(pair, 0)), jv_as_string(jv_at(pair, 1))};
  }
  out->inputs = inputs;
  out->input_count = count;
  return true;
}

static bool take_steps(Arena *arena, const Json *array, Failure *out)
{
  size_t count = jv_count(array);
  if (jv_kind(array) != JV_ARRAY || count > STEPS_SHOWN_MAX + 1) return false;
  Str *steps = arena_array_of(arena, Str, count);
  for (size_t i = 0; i < count; i++) steps[i] = jv_as_string(jv_at(array, i));
  out->steps = steps;
  out->step_count = count;
  return true;
}

/* What they mean is for emit.c to find out, from texts that may be anything. */
static bool take_moves(Arena *arena, const Json *array, Failure *out)
{
  size_t count = jv_count(array);
  if (jv_kind(array) != JV_ARRAY || count > MOVES_MAX + 1) return false;
  Move *moves = arena_array_of(arena, Move, count + 1);
  for (size_t i = 0; i < count; i++) {
    const Json *entry = jv_at(array, i), *operation = jv_at(entry, 0);
    int64_t number = jv_as_integer(operation);
    if (jv_kind(operation) != JV_INTEGER || number < 0 || number > MOVE_BEGIN) return false;
    Str *args = arena_array_of(arena, Str, jv_count(entry));
    for (size_t k = 1; k < jv_count(entry); k++) args[k - 1] = jv_as_string(jv_at(entry, k));
    moves[i] = (Move){(uint32_t)number, args, jv_count(entry) - 1};
  }
  out->moves = moves;
  out->move_count = count;
  return true;
}

static bool take_told(const Json *object, Told *out)
{
  const Json *told = jv_get(object, STR("told"));
  uint64_t statement;
  if (!told) return true;
  if (!take_integer(told, STR("statement"), UINT32_MAX, &statement)) return false;
  *out = (Told){.known = true,
                .traps = jv_as_bool(jv_get(told, STR("traps"))),
                .statement = (uint32_t)statement,
                .value = jv_as_string(jv_get(told, STR("value")))};
  return true;
}

/* The token must be one of this specification and test. */
bool verify_is_replay_of(Progressing *self, const TestReport *test, Str token)
{
  Diags ignored = diags_in(self->arena);
  Replay replay;
  size_t spec;
  if (!replay_decode(self->arena, token, self->specs, self->spec_count, &spec, &replay, &ignored))
    return false;
  size_t number = replay.test;
  for (size_t i = 0; i < spec; i++) number += self->specs[i]->tests.len;
  return &self->tests[number] == test;
}

static const Failure *take_failure(Progressing *self, const TestReport *test, const Json *object)
{
  Failure *out = arena_new_of(self->arena, Failure);
  const Source *source = self->specs[test->spec]->unit.source;
  uint64_t at, len, shrinks;
  bool fits = take_text(object, STR("message"), &out->message) &&
              take_text(object, STR("actual"), &out->actual) &&
              take_text(object, STR("expected"), &out->expected) &&
              take_inputs(self->arena, jv_get(object, STR("inputs")), out) &&
              take_steps(self->arena, jv_get(object, STR("steps")), out) &&
              take_moves(self->arena, jv_get(object, STR("moves")), out) && take_told(object, &out->told) &&
              take_integer(object, STR("at"), source->text.len, &at) &&
              take_integer(object, STR("len"), source->text.len - at, &len) &&
              take_integer(object, STR("shrinks"), UINT32_MAX, &shrinks);
  if (!fits) return NULL;
  out->replay = jv_as_string(jv_get(object, STR("replay")));
  if (!verify_is_replay_of(self, test, out->replay)) return NULL;
  out->span = (Span){source, (uint32_t)at, (uint32_t)len};
  out->shrinks = (uint32_t)shrinks;
  return out;
}

static bool take_verdict(const Json *message, Verdict *out)
{
  Str text = jv_as_string(jv_get(message, STR("verdict")));
  *out = VERDICT_PASSED;
  if (str_equal(text, STR("failed"))) *out = VERDICT_FAILED;
  if (str_equal(text, STR("undecided"))) *out = VERDICT_UNDECIDED;
  return *out != VERDICT_PASSED || str_equal(text, STR("passed"));
}

static bool take_end(Progressing *self, size_t number, const Json *message)
{
  TestReport *test = &self->tests[number], end = *test;
  uint64_t handles = 0;
  bool fits = self->running == number && take_verdict(message, &end.verdict) &&
              take_integer(message, STR("cases"), INT64_MAX, &end.cases) &&
              take_integer(message, STR("discarded"), INT64_MAX, &end.discarded) &&
              take_integer(message, STR("nanoseconds"), INT64_MAX / 2, &end.nanoseconds) &&
              take_integer(message, STR("handles-left"), UINT32_MAX, &handles) &&
              take_text(message, STR("reason"), &end.reason);
  if (!fits) return false;
  if (end.verdict == VERDICT_FAILED) {
    end.failure = take_failure(self, test, jv_get(message, STR("failure")));
    if (!end.failure) return false;
  }
  if (handles > end.handles_left) end.handles_left = (uint32_t)handles;
  if (self->searches) { /* it had cases before */
    end.cases += test->cases;
    end.discarded += test->discarded;
    end.nanoseconds += test->nanoseconds;
  }
  *test = end;
  self->ended[number] = true;
  self->running = SIZE_MAX;
  self->cases = 0;
  return true;
}

/* By time where the budget is time, else by cases: laws are what takes long. */
static void show_progress(Progressing *self)
{
  const VerifyOptions *options = self->options;
  Str what = str_format(self->arena, "verifying %.*s", STR_ARG(self->report->implementation->label));
  uint64_t done = (self->report->nanoseconds + clock_ns() - self->began_ns) / 1000000,
           total = options->budget_ms;
  if (options->budget_cases) {
    done = self->cases;
    total = 0;
    for (size_t i = 0; i < self->test_count; i++) {
      if (!test_is_generated(self->tests[i].kind)) continue;
      total += options->budget_cases;
      if (self->ended[i]) done += options->budget_cases;
    }
  }
  progress_update(options->progress, what, done < total ? done : total, total);
}

/* SandboxReceive. False, which stops the worker, for a message that ours would not send. */
bool verify_receive(void *context, Str text)
{
  Progressing *self = context;
  Diags ignored = diags_in(self->arena);
  Source *source = arena_new_of(self->arena, Source);
  uint64_t number;
  *source = (Source){STR("message"), str_copy(self->arena, text)};
  const Json *message = jv_parse(self->arena, source, &ignored);
  if (!self->began_ns) self->began_ns = clock_ns();
  Str event = jv_as_string(jv_get(message, STR("event")));
  bool is_unusable = str_equal(event, STR("unusable"));
  if (is_unusable || str_equal(event, STR("broken"))) {
    if (!self->broken.len) self->is_not_to_blame = is_unusable;
    return !self->broken.len && take_text(message, STR("text"), &self->broken);
  }
  if (self->cover && str_equal(event, STR("seen"))) return verify_take_seen(self, message);
  if (!take_integer(message, STR("test"), self->test_count - 1, &number) || self->ended[number]) return false;
  if (self->cover && str_equal(event, STR("keep")))
    return verify_take_kept(self, &self->tests[number], message);
  if (str_equal(event, STR("begin"))) {
    if (self->running != SIZE_MAX && !self->searches) return false;
    self->running = number;
    self->cases = 0;
    return true;
  }
  if (str_equal(event, STR("cases"))) {
    if (self->running != number || !take_integer(message, STR("cases"), INT64_MAX, &self->cases))
      return false;
    show_progress(self);
    return true;
  }
  bool good = str_equal(event, STR("end")) && take_end(self, number, message);
  show_progress(self);
  return good;
}

/* --- one implementation's report */

static void report_all(Progressing *self, Verdict verdict, Str reason)
{
  for (size_t i = 0; i < self->test_count; i++) {
    if (self->ended[i]) continue;
    self->tests[i].verdict = verdict;
    self->tests[i].reason = reason;
  }
}

bool verify_is_about_module(const SandboxOutcome *self)
{
  switch (self->end) {
  case SANDBOX_ABORTED:
  case SANDBOX_TIMED_OUT:
  case SANDBOX_FLOODED: return false;
  case SANDBOX_CRASHED: return self->signal != SIGKILL && self->signal != SIGTERM;
  case SANDBOX_DONE:
  case SANDBOX_FORBIDDEN:
  case SANDBOX_STOPPED: return true;
  }
  return true;
}

static void leave_running_undecided(Progressing *self, Str what)
{
  TestReport *test = &self->tests[self->running];
  test->verdict = VERDICT_UNDECIDED;
  test->reason = str_format(self->arena, "the worker %.*s", STR_ARG(what));
  test->cases += self->cases;
  self->ended[self->running] = true;
}

/* The test that ran when the worker died is to blame. */
static void blame_running(Progressing *self, Str what)
{
  TestReport *test = &self->tests[self->running];
  Failure *failure = arena_new_of(self->arena, Failure);
  failure->message = str_format(self->arena, "crashed: the worker %.*s", STR_ARG(what));
  failure->span = self->by_number[self->running]->name.span;
  test->verdict = VERDICT_FAILED;
  test->failure = failure;
  test->cases = self->cases;
  self->ended[self->running] = true;
}

void verify_judge(ImplementationReport *self)
{
  self->cases = 0;
  self->verdict = VERDICT_PASSED;
  for (size_t i = 0; i < self->test_count; i++) {
    const TestReport *test = &self->tests[i];
    self->cases += test->cases;
    if (test->verdict == VERDICT_FAILED) self->verdict = VERDICT_FAILED;
    if (test->verdict == VERDICT_UNDECIDED && self->verdict == VERDICT_PASSED)
      self->verdict = VERDICT_UNDECIDED;
  }
}

static void conclude(Progressing *self, const SandboxOutcome *outcome)
{
  ImplementationReport *report = self->report;
  report->nanoseconds += outcome->nanoseconds;
  if (self->broken.len && self->searches) { /* it has passed: there is no room for so many instances */
    report->search_problem = self->broken;
  } else if (self->broken.len) {
    report->reason = self->broken;
    report_all(self, self->is_not_to_blame ? VERDICT_UNDECIDED : VERDICT_FAILED, self->broken);
  } else if (self->searches && !verify_is_about_module(outcome)) {
    report->search_problem = str_format(self->arena, "the search did not come to its end: its worker %.*s",
                                        STR_ARG(sandbox_outcome_text(self->arena, outcome)));
  } else if (outcome->end != SANDBOX_DONE) {
    Str what = outcome->end == SANDBOX_STOPPED ? STR("sent something that is no report")
                                               : sandbox_outcome_text(self->arena, outcome);
    if (self->running < self->test_count && verify_is_about_module(outcome))
      blame_running(self, what);
    else if (self->running < self->test_count)
      leave_running_undecided(self, what);
    report->reason = str_format(self->arena, "the worker %.*s", STR_ARG(what));
    report_all(self, VERDICT_UNDECIDED, str_format(self->arena, "not run: the worker %.*s", STR_ARG(what)));
  } else {
    report_all(self, VERDICT_UNDECIDED, STR("not run"));
  }
  verify_judge(report);
}

/* --- the whole run */

static void number_tests(Verification *self)
{
  for (size_t i = 0; i < self->spec_count; i++) self->test_count += self->specs[i]->tests.len;
  self->by_number = arena_array_of(self->arena, Test *, self->test_count);
  for (size_t i = 0, number = 0; i < self->spec_count; i++)
    for (size_t j = 0; j < self->specs[i]->tests.len; j++)
      self->by_number[number++] = &self->specs[i]->tests.at[j];
}

/* Two files may have the same test. */
static void find_same(Verification *self)
{
  Map *known = map_new(self->arena);
  self->same_as = arena_array_of(self->arena, size_t, self->test_count + 1);
  for (size_t i = 0; i < self->test_count; i++) {
    Hash *hash = &self->by_number[i]->identity;
    Str key = {(const char *)hash->bytes, sizeof hash->bytes};
    size_t *first = map_get(known, key);
    self->same_as[i] = first ? *first : i;
    if (!first) map_put(known, key, &self->same_as[i]);
  }
}

void verify_share(Verification *self)
{
  if (self->options->replay.len) return;
  for (size_t k = 0; k < self->count; k++) {
    TestReport *tests = self->progressing[k].tests;
    for (size_t i = 0; i < self->test_count; i++) {
      const TestReport *first = &tests[self->same_as[i]];
      if (first == &tests[i]) continue;
      tests[i].verdict = first->verdict;
      tests[i].reason = str_format(self->arena, "the same test as in %.*s, which ran for both",
                                   STR_ARG(spec_path(self->specs[first->spec])));
    }
    verify_judge(&self->reports[k]);
  }
}

static void begin_report(Verification *self, size_t index, const Implementation *implementation)
{
  Progressing *progressing = &self->progressing[index];
  *progressing = (Progressing){.arena = self->arena,
                               .options = self->options,
                               .specs = self->specs,
                               .spec_count = self->spec_count,
                               .by_number = self->by_number,
                               .test_count = self->test_count,
                               .running = SIZE_MAX};
  progressing->tests = arena_array_of(self->arena, TestReport, self->test_count);
  progressing->ended = arena_array_of(self->arena, bool, self->test_count);
  progressing->report = &self->reports[index];
  size_t number = 0;
  for (size_t i = 0; i < self->spec_count; i++)
    for (size_t j = 0; j < self->specs[i]->tests.len; j++) {
      const Test *test = &self->specs[i]->tests.at[j];
      progressing->tests[number++] = (TestReport){
          .spec = (uint32_t)i, .group = test->group, .name = test->name.text, .kind = test->kind};
    }
  self->reports[index] = (ImplementationReport){
      .implementation = implementation, .tests = progressing->tests, .test_count = self->test_count};
  verify_read_corpus(self, index);
  self->jobs[index] = (WorkerJob){.arena = self->arena,
                                  .implementation = implementation,
                                  .specs = self->specs,
                                  .spec_count = self->spec_count,
                                  .options = &self->first,
                                  .same_as = self->same_as,
                                  .replay = self->options->replay.len ? &self->replay : NULL,
                                  .replay_spec = self->replay_spec,
                                  .kept = progressing->corpus.at,
                                  .kept_count = progressing->corpus.len};
}

/* The message, and what to do, in one line. */
static Str reason_of(Arena *arena, const Diag *diag)
{
  if (!diag) return STR("it could not be compiled");
  Str text = diag->message;
  for (const DiagNote *note = diag->notes; note; note = note->next)
    text = str_format(arena, "%.*s; %.*s", STR_ARG(text), STR_ARG(note->message));
  return text;
}

/* Compiles the module; what goes wrong is a verdict about it, or about the machine. */
static bool compile(Verification *self, size_t index)
{
  ImplementationReport *report = &self->reports[index];
  const Implementation *implementation = report->implementation;
  if (implementation->problem.len) {
    report->reason = implementation->problem;
    report_all(&self->progressing[index], VERDICT_UNDECIDED, report->reason);
    verify_judge(report);
    return false;
  }
  AotOptions options = {0};
  Diags diags = diags_in(self->arena);
  progress_update(self->options->progress,
                  str_format(self->arena, "compiling %.*s", STR_ARG(implementation->label)), index,
                  self->count);
  if (aot_compile(self->arena, &implementation->module, implementation->path, &options,
                  &self->jobs[index].object, &diags))
    return true;
  bool its_fault = diags.first && diags.first->code == DIAG_MODULE;
  report->reason = reason_of(self->arena, diags.first);
  report_all(&self->progressing[index], its_fault ? VERDICT_FAILED : VERDICT_UNDECIDED, report->reason);
  verify_judge(report);
  return false;
}

uint32_t verify_wall_ms(const Verification *self)
{
  const VerifyOptions *options = self->options;
  uint64_t call = options->call_ms ? options->call_ms : 2000;
  uint64_t each = self->test_count * (SHRINK_MS + 16 * call), most = UINT64_C(86400000);
  if (options->budget_cases)
    each += options->budget_cases < most ? self->test_count * options->budget_cases : most;
  uint64_t all = options->budget_ms + each + 10000;
  return (uint32_t)(all < most ? all : most);
}

size_t verify_jobs_at_once(const Verification *self)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return self->options->jobs ? self->options->jobs : processors > 0 ? (size_t)processors : 1;
}

bool verify_run_jobs(Verification *self, const size_t *of, size_t count, Diags *diags)
{
  SandboxJob *jobs = arena_array_of(self->arena, SandboxJob, count);
  SandboxOutcome *outcomes = arena_array_of(self->arena, SandboxOutcome, count);
  void **contexts = arena_array_of(self->arena, void *, count);
  for (size_t i = 0; i < count; i++) {
    jobs[i] = (SandboxJob){.prepare = worker_prepare, .run = worker_run, .context = &self->jobs[of[i]]};
    contexts[i] = &self->progressing[of[i]];
  }
  SandboxLimits limits = {.wall_ms = verify_wall_ms(self)};
  if (count && !sandbox_run_all(jobs, count, verify_jobs_at_once(self), &limits, verify_receive, contexts,
                                outcomes, diags))
    return false;
  for (size_t i = 0; i < count; i++) conclude(contexts[i], &outcomes[i]);
  verify_share(self);
  return true;
}

static bool run_workers(Verification *self, Diags *diags)
{
  size_t *of = arena_array_of(self->arena, size_t, self->count), count = 0, usable = 0;
  Implementation *implementations = arena_array_of(self->arena, Implementation, self->count);
  for (size_t i = 0; i < self->count; i++)
    if (!self->reports[i].implementation->problem.len)
      implementations[usable++] = *self->reports[i].implementation;
  progress_update(self->options->progress, STR("compiling"), 0, self->count);
  const AotOptions plain = {0};
  compile_ahead(implementations, usable, &plain, 1, verify_jobs_at_once(self));
  for (size_t i = 0; i < self->count; i++)
    if (compile(self, i)) of[count++] = i;
  return verify_run_jobs(self, of, count, diags);
}

/* Only the replayed test stays in the reports. */
static void keep_replayed(Verification *self)
{
  size_t number = self->replay.test;
  for (size_t i = 0; i < self->replay_spec; i++) number += self->specs[i]->tests.len;
  for (size_t i = 0; i < self->count; i++) {
    ImplementationReport *report = &self->reports[i];
    report->tests = &report->tests[number];
    report->test_count = 1;
    report->cases = 0;
    verify_judge(report);
  }
}

bool verify(Arena *arena, const Interface *interface, const Spec *const *specs, size_t spec_count,
            const Implementation *implementations, size_t implementation_count, const VerifyOptions *options,
            VerifyReport *out, Diags *diags)
{
  Verification self = {.arena = arena, .options = options, .specs = specs, .spec_count = spec_count};
  if (options->replay.len &&
      !replay_decode(arena, options->replay, specs, spec_count, &self.replay_spec, &self.replay, diags))
    return false;
  self.count = implementation_count;
  self.reports = arena_array_of(arena, ImplementationReport, self.count);
  self.progressing = arena_array_of(arena, Progressing, self.count);
  self.jobs = arena_array_of(arena, WorkerJob, self.count);
  number_tests(&self);
  find_same(&self);
  verify_split_budget(&self);
  for (size_t i = 0; i < self.count; i++) begin_report(&self, i, &implementations[i]);
  if (!run_workers(&self, diags) || !verify_agree(&self, diags) || !verify_search(&self, diags)) return false;
  if (options->replay.len) keep_replayed(&self);
  *out = (VerifyReport){.interface = interface,
                        .specs = specs,
                        .spec_count = spec_count,
                        .implementations = self.reports,
                        .implementation_count = self.count,
                        .seed = options->seed,
                        .budget_cases = options->budget_cases,
                        .budget_ms = options->budget_ms,
                        .shard = options->shard,
                        .shard_count = options->shard_count};
  return true;
}
