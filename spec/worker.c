#include "spec/worker.h"

#include "ifc/base/clock.h"
#include "ifc/base/json.h"
#include "spec/failure.h"
#include "spec/law.h"

/* A worker at work. */
typedef struct Worker {
  const WorkerJob *job;
  SandboxPort *port;
  Arena *messages; /* reset after each message */
  Subject used, fresh;
  uint32_t test; /* of those of all specifications */
  size_t laws_left;
  uint64_t deadline_ns; /* for all laws */
} Worker;

static Json *event(Worker *self, const char *name)
{
  Json *message = jv_object(self->messages);
  jv_set_string(message, STR("event"), str_from_z(name));
  return message;
}

static void send_message(Worker *self, const Json *message)
{
  Buf text = buf_in(self->messages);
  jv_print_canonical(message, &text);
  sandbox_send(self->port, buf_text(&text));
}

static void send_broken(Worker *self, Str why)
{
  Json *message = event(self, "broken");
  jv_set_string(message, STR("text"), why);
  send_message(self, message);
}

static void send_begin(Worker *self)
{
  ArenaMark mark = arena_mark(self->messages);
  Json *message = event(self, "begin");
  jv_set_integer(message, STR("test"), self->test);
  send_message(self, message);
  arena_reset(self->messages, mark);
}

static void send_cases(void *context, uint64_t cases)
{
  Worker *self = context;
  ArenaMark mark = arena_mark(self->messages);
  Json *message = event(self, "cases");
  jv_set_integer(message, STR("test"), self->test);
  jv_set_integer(message, STR("cases"), (int64_t)cases);
  send_message(self, message);
  arena_reset(self->messages, mark);
}

static Json *failure_json(Worker *self, const Failure *failure)
{
  Arena *arena = self->messages;
  Json *out = jv_object(arena), *inputs = jv_array(arena);
  for (size_t i = 0; i < failure->input_count; i++) {
    Json *entry = jv_array(arena);
    jv_push(entry, jv_string(arena, failure->inputs[i].name));
    jv_push(entry, jv_string(arena, failure->inputs[i].value));
    jv_push(inputs, entry);
  }
  jv_set_string(out, STR("message"), failure->message);
  jv_set(out, STR("inputs"), inputs);
  jv_set_string(out, STR("actual"), failure->actual);
  jv_set_string(out, STR("expected"), failure->expected);
  jv_set_string(out, STR("replay"), failure->replay);
  jv_set_integer(out, STR("at"), failure->span.at);
  jv_set_integer(out, STR("len"), failure->span.len);
  jv_set_integer(out, STR("shrinks"), failure->shrinks);
  return out;
}

/* What a test came to. `failure` is set when it failed. */
typedef struct Outcome {
  Verdict verdict;
  uint64_t cases, discarded;
  Str reason;
  Failure failure;
} Outcome;

static void send_end(Worker *self, const Outcome *outcome)
{
  static const char *const verdicts[] = {"passed", "failed", "undecided"};
  Json *message = event(self, "end");
  jv_set_integer(message, STR("test"), self->test);
  jv_set_string(message, STR("verdict"), str_from_z(verdicts[outcome->verdict]));
  jv_set_integer(message, STR("cases"), (int64_t)outcome->cases);
  jv_set_integer(message, STR("discarded"), (int64_t)outcome->discarded);
  jv_set_string(message, STR("reason"), outcome->reason);
  if (outcome->verdict == VERDICT_FAILED)
    jv_set(message, STR("failure"), failure_json(self, &outcome->failure));
  send_message(self, message);
}

/* --- tests */

static bool call_guest(void *context, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  return guest_call(context, function, args, arena, result, fault);
}

static bool reset_guest(void *context, Fault *fault)
{
  return guest_reset(context, fault);
}

/* One script or row, on a fresh instance. False when that decides the test. */
static bool run_once(Worker *self, Attempt *attempt, const Spec *spec, const Replay *replay, Outcome *out)
{
  const Row *row = replay->kind == REPLAY_ROW ? &attempt->test->rows.at[replay->row] : NULL;
  self->fresh.broken = true;
  out->cases++;
  CaseEnd end = attempt_run(attempt, &self->fresh, row);
  if (end == CASE_PASSED) return true;
  if (end == CASE_UNDECIDED) {
    out->verdict = VERDICT_UNDECIDED;
    out->reason = str_copy(self->messages, str_from_z(attempt->machine.failure.text));
    return false;
  }
  self->fresh.broken = true;
  attempt_explain(attempt, &self->fresh, row);
  out->verdict = VERDICT_FAILED;
  failure_describe(self->messages, attempt, false, 0, &out->failure);
  out->failure.replay = replay_encode(self->messages, spec, replay);
  return false;
}

static void run_examples(Worker *self, Attempt *attempt, const Spec *spec, Replay replay, Outcome *out)
{
  if (self->job->replay || attempt->test->kind == TEST_IT) {
    run_once(self, attempt, spec, &replay, out);
    return;
  }
  for (replay.row = 0; replay.row < attempt->test->rows.len; replay.row++)
    if (!run_once(self, attempt, spec, &replay, out)) return;
}

/* The time that is left, split evenly over the laws that are left. */
static LawOptions law_options(Worker *self, const Spec *spec, uint32_t test)
{
  const VerifyOptions *options = self->job->options;
  uint64_t of_spec;
  memcpy(&of_spec, spec->hash.bytes, sizeof of_spec);
  LawOptions out = {.cases = options->budget_cases, .shrink_ns = SHRINK_MS * UINT64_C(1000000)};
  out.seed = rng_from_seed_and_label(options->seed, of_spec ^ test).state[0];
  out.progress = send_cases;
  out.context = self;
  if (options->budget_cases) return out;
  uint64_t now = clock_ns(), left = now < self->deadline_ns ? self->deadline_ns - now : 0;
  out.deadline_ns = now + left / (self->laws_left ? self->laws_left : 1);
  return out;
}

static void run_law(Worker *self, Attempt *attempt, const Spec *spec, uint32_t test, Outcome *out)
{
  LawResult result;
  if (self->job->replay) {
    law_replay(attempt, &self->fresh, self->job->replay, &result);
  } else {
    LawOptions options = law_options(self, spec, test);
    law_run(attempt, &self->used, &self->fresh, &options, &result);
    self->laws_left--;
  }
  *out = (Outcome){.verdict = result.verdict, .cases = result.cases, .discarded = result.discarded};
  out->reason = str_copy(self->messages, result.reason);
  if (result.verdict != VERDICT_FAILED) return;
  result.replay.test = test;
  failure_describe(self->messages, attempt, result.on_used_instances, result.replay.repeats, &out->failure);
  out->failure.replay = replay_encode(self->messages, spec, &result.replay);
  out->failure.shrinks = result.shrinks;
}

static void run_test(Worker *self, const Spec *spec, uint32_t index)
{
  const Test *test = &spec->tests.at[index];
  Arena *arena = arena_new();
  ArenaMark mark = arena_mark(self->messages);
  Attempt attempt;
  Outcome outcome = {.verdict = VERDICT_PASSED};
  Replay replay = {.kind = test->kind == TEST_IT ? REPLAY_SCRIPT : REPLAY_ROW, .test = index};
  if (self->job->replay) replay = *self->job->replay;
  send_begin(self);
  attempt_init(&attempt, arena, test);
  if (test->kind == TEST_LAW)
    run_law(self, &attempt, spec, index, &outcome);
  else
    run_examples(self, &attempt, spec, replay, &outcome);
  send_end(self, &outcome);
  arena_reset(self->messages, mark);
  arena_free(arena);
}

/* Scripts and tables of all specifications first, then the laws: what is cheap and clear comes first. */
static void run_tests(Worker *self, bool laws)
{
  const WorkerJob *job = self->job;
  self->test = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (uint32_t j = 0; j < job->specs[i]->tests.len; j++, self->test++) {
      bool wanted = !job->replay || (job->replay_spec == i && job->replay->test == j);
      if (wanted && (job->specs[i]->tests.at[j].kind == TEST_LAW) == laws) run_test(self, job->specs[i], j);
    }
}

static size_t count_laws(const WorkerJob *job)
{
  size_t laws = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (size_t j = 0; j < job->specs[i]->tests.len; j++) laws += job->specs[i]->tests.at[j].kind == TEST_LAW;
  return laws;
}

/* --- the job */

enum { GUEST_PAGES = 8192 }; /* two instances of 512 MiB at most */

bool worker_prepare(void *context, SandboxPort *port)
{
  WorkerJob *job = context;
  Worker self = {.job = job, .port = port, .messages = job->arena};
  GuestLimits limits = {.call_ms = job->options->call_ms, .memory_pages = GUEST_PAGES};
  Diags diags = diags_in(job->arena);
  job->program = program_open(job->arena, job->object, &job->implementation->fit, &limits, &diags);
  if (job->program) return true;
  send_broken(&self, diags.first ? diags.first->message : STR("the compiled module cannot be loaded"));
  return false;
}

void worker_run(void *context, SandboxPort *port)
{
  const WorkerJob *job = context;
  Worker self = {.job = job, .port = port, .messages = job->arena, .laws_left = count_laws(job)};
  Fault fault = {0};
  Guest *used = guest_new(job->program, &fault), *fresh = used ? guest_new(job->program, &fault) : NULL;
  if (!fresh) {
    send_broken(&self,
                str_format(job->arena, "a new instance %.*s", STR_ARG(fault_text(job->arena, &fault))));
    return;
  }
  self.used = (Subject){.context = used, .call = call_guest, .reset = reset_guest};
  self.fresh = (Subject){.context = fresh, .call = call_guest, .reset = reset_guest};
  run_tests(&self, false);
  self.deadline_ns = clock_ns() + job->options->budget_ms * UINT64_C(1000000);
  run_tests(&self, true);
}
