#include "spec/worker_internal.h"

#include "ifc/base/clock.h"
#include "spec/failure.h"
#include "spec/mixed.h"
#include "spec/words.h"

Json *worker_event(Worker *self, const char *name)
{
  Json *message = jv_object(self->messages);
  jv_set_string(message, STR("event"), str_from_z(name));
  if (self->member) jv_set_integer(message, STR("implementation"), (int64_t)*self->member);
  return message;
}

void worker_send(Worker *self, const Json *message)
{
  Buf text = buf_in(self->messages);
  jv_print_canonical(message, &text);
  sandbox_send(self->port, buf_text(&text));
}

void worker_send_broken(Worker *self, Str why, bool its_fault)
{
  Json *message = worker_event(self, its_fault ? "broken" : "unusable");
  jv_set_string(message, STR("text"), why);
  worker_send(self, message);
}

void worker_send_begin(Worker *self)
{
  ArenaMark mark = arena_mark(self->messages);
  Json *message = worker_event(self, "begin");
  jv_set_integer(message, STR("test"), self->test);
  worker_send(self, message);
  arena_reset(self->messages, mark);
}

void worker_send_cases(void *context, uint64_t cases)
{
  Worker *self = context;
  ArenaMark mark = arena_mark(self->messages);
  Json *message = worker_event(self, "cases");
  jv_set_integer(message, STR("test"), self->test);
  jv_set_integer(message, STR("cases"), (int64_t)cases);
  worker_send(self, message);
  arena_reset(self->messages, mark);
}

static Json *moves_json(Arena *arena, const Failure *failure)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < failure->move_count; i++) {
    const Move *move = &failure->moves[i];
    Json *entry = jv_array(arena);
    jv_push(entry, jv_integer(arena, move->operation));
    for (size_t k = 0; k < move->arg_count; k++) jv_push(entry, jv_string(arena, move->args[k]));
    jv_push(out, entry);
  }
  return out;
}

static Json *told_json(Arena *arena, const Told *told)
{
  Json *out = jv_object(arena);
  jv_set_bool(out, STR("traps"), told->traps);
  jv_set_integer(out, STR("statement"), told->statement);
  jv_set_string(out, STR("value"), told->value);
  return out;
}

static Json *failure_json(Worker *self, const Failure *failure)
{
  Arena *arena = self->messages;
  Json *out = jv_object(arena), *inputs = jv_array(arena), *steps = jv_array(arena);
  for (size_t i = 0; i < failure->input_count; i++) {
    Json *entry = jv_array(arena);
    jv_push(entry, jv_string(arena, failure->inputs[i].name));
    jv_push(entry, jv_string(arena, failure->inputs[i].value));
    jv_push(inputs, entry);
  }
  jv_set_string(out, STR("message"), failure->message);
  for (size_t i = 0; i < failure->step_count; i++) jv_push(steps, jv_string(arena, failure->steps[i]));
  jv_set(out, STR("inputs"), inputs);
  jv_set(out, STR("steps"), steps);
  jv_set_string(out, STR("actual"), failure->actual);
  jv_set_string(out, STR("expected"), failure->expected);
  jv_set_string(out, STR("replay"), failure->replay);
  jv_set_integer(out, STR("at"), failure->span.at);
  jv_set_integer(out, STR("len"), failure->span.len);
  jv_set_integer(out, STR("shrinks"), failure->shrinks);
  jv_set(out, STR("moves"), moves_json(arena, failure));
  if (failure->told.known) jv_set(out, STR("told"), told_json(arena, &failure->told));
  return out;
}

void worker_send_end(Worker *self, const Outcome *outcome)
{
  self->stops = self->stops || (self->job->options->fail_fast && outcome->verdict == VERDICT_FAILED);
  static const char *const verdicts[] = {"passed", "failed", "undecided"};
  Json *message = worker_event(self, "end");
  jv_set_integer(message, STR("test"), self->test);
  jv_set_string(message, STR("verdict"), str_from_z(verdicts[outcome->verdict]));
  jv_set_integer(message, STR("cases"), (int64_t)outcome->cases);
  jv_set_integer(message, STR("discarded"), (int64_t)outcome->discarded);
  jv_set_integer(message, STR("nanoseconds"), (int64_t)outcome->nanoseconds);
  jv_set_integer(message, STR("handles-left"), outcome->handles_left);
  jv_set_string(message, STR("reason"), outcome->reason);
  if (outcome->verdict == VERDICT_FAILED)
    jv_set(message, STR("failure"), failure_json(self, &outcome->failure));
  worker_send(self, message);
}

size_t worker_send_keep(Worker *self, const Spec *spec, const Replay *kept)
{
  ArenaMark mark = arena_mark(self->messages);
  Json *message = worker_event(self, "keep");
  Str token = replay_encode(self->messages, spec, kept);
  jv_set_integer(message, STR("test"), self->test);
  jv_set_string(message, STR("replay"), token);
  worker_send(self, message);
  arena_reset(self->messages, mark);
  return token.len;
}

static Str digits(Arena *arena, const uint8_t *flags, uint32_t count)
{
  Buf out = buf_in(arena);
  for (uint32_t i = 0; i < count; i++) buf_byte(&out, "0123456789abcdef"[flags[i] & 15]);
  return buf_text(&out);
}

void worker_send_seen(Worker *self, const Instrumented *cover, const SearchSeen *seen)
{
  Json *message = worker_event(self, "seen");
  jv_set_string(message, STR("blocks"), digits(self->messages, seen->blocks, cover->block_count));
  jv_set_string(message, STR("results"), digits(self->messages, seen->results, cover->compare_count));
  worker_send(self, message);
}

/* --- tests */

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

/* Scripts and rows take turns over the shards. */
static bool is_of_shard(const Worker *self, uint32_t row)
{
  const VerifyOptions *options = self->job->options;
  return !options->shard || (self->test + row) % options->shard_count == options->shard - 1;
}

static void run_examples(Worker *self, Attempt *attempt, const Spec *spec, Replay replay, Outcome *out)
{
  if (self->job->replay || attempt->test->kind == TEST_IT) {
    if (self->job->replay || is_of_shard(self, 0)) run_once(self, attempt, spec, &replay, out);
    return;
  }
  for (replay.row = 0; replay.row < attempt->test->rows.len; replay.row++)
    if (is_of_shard(self, replay.row) && !run_once(self, attempt, spec, &replay, out)) return;
}

uint64_t worker_seed(uint64_t seed, const Spec *spec, uint32_t test)
{
  uint64_t of_spec = 0;
  for (size_t i = 0; i < sizeof of_spec; i++) of_spec |= (uint64_t)spec->hash.bytes[i] << 8 * i;
  return rng_from_seed_and_label(seed, of_spec ^ test).state[0];
}

static void add_kept(Worker *self, const Spec *spec, uint32_t test, LawOptions *options)
{
  const WorkerJob *job = self->job;
  if (!job->kept_count) return;
  const KeptCase **kept = arena_array_of(self->messages, const KeptCase *, job->kept_count);
  for (size_t i = 0; i < job->kept_count; i++)
    if (job->specs[job->kept[i].spec] == spec && job->kept[i].replay.test == test &&
        job->kept[i].replay.kind != REPLAY_MIXED)
      kept[options->kept_count++] = &job->kept[i];
  options->kept = kept;
}

uint64_t worker_shrink_ns(const Worker *self)
{
  uint64_t most = SHRINK_MS * UINT64_C(1000000), all = SHRINK_ALL_MS * UINT64_C(1000000);
  uint64_t left = self->shrink_ns < all ? all - self->shrink_ns : 0;
  return left / 2 < most ? left / 2 : most;
}

void worker_learn(Worker *self, const LawResult *result)
{
  self->shrink_ns += result->shrink_ns;
  self->hang_known |= result->hangs;
}

/* The time that is left, split evenly over the laws that are left. */
static LawOptions law_options(Worker *self, const Spec *spec, uint32_t test)
{
  const VerifyOptions *options = self->job->options;
  LawOptions out = {.cases = options->budget_cases, .shrink_ns = worker_shrink_ns(self)};
  out.hang_known = self->hang_known;
  out.arena = self->messages;
  out.shard = options->shard;
  out.shard_count = options->shard_count;
  out.seed = worker_seed(options->seed, spec, test);
  out.progress = worker_send_cases;
  out.context = self;
  add_kept(self, spec, test, &out);
  if (options->budget_cases) return out;
  uint64_t now = clock_ns(), left = now < self->deadline_ns ? self->deadline_ns - now : 0;
  out.deadline_ns = now + left / (self->laws_left ? self->laws_left : 1);
  return out;
}

void worker_outcome(Worker *self, Attempt *attempt, const Spec *spec, uint32_t test, LawResult *result,
                    Outcome *out)
{
  *out = (Outcome){.verdict = result->verdict, .cases = result->cases, .discarded = result->discarded};
  out->reason = str_copy(self->messages, result->reason);
  if (result->verdict != VERDICT_FAILED) return;
  result->replay.test = test;
  uint32_t repeats = result->replay.kind == REPLAY_HISTORY ? 0 : result->replay.repeats;
  failure_describe(self->messages, attempt, result->on_used_instances, repeats, &out->failure);
  if (result->by_place) failure_describe_place(self->messages, attempt, &out->failure);
  if (result->replay.kind == REPLAY_MIXED) {
    bool is_alone = attempt->test->operations.len == 1;
    failure_describe_mixed(self->messages, is_alone, &out->failure);
  }
  if (result->replay.kind == REPLAY_CASES)
    failure_describe_history(self->messages, attempt, result->replay.cases_made, result->replay.case_count,
                             &out->failure);
  out->failure.replay = replay_encode(self->messages, spec, &result->replay);
  out->failure.shrinks = result->shrinks;
}

/* What a failure takes beyond the law's time is not taken from the others'. */
static void add_time(Worker *self, const LawOptions *options, const LawResult *result)
{
  uint64_t now = clock_ns();
  if (result->verdict == VERDICT_PASSED || !options->deadline_ns || now <= options->deadline_ns) return;
  self->deadline_ns += now - options->deadline_ns;
}

static void run_law(Worker *self, Attempt *attempt, const Spec *spec, uint32_t test, Outcome *out)
{
  LawResult result;
  if (self->job->replay) {
    law_replay(attempt, &self->fresh, self->job->replay, &result);
  } else {
    LawOptions options = law_options(self, spec, test);
    law_run(attempt, &self->used, &self->fresh, &options, &result);
    worker_learn(self, &result);
    add_time(self, &options, &result);
    self->laws_left--;
  }
  worker_outcome(self, attempt, spec, test, &result, out);
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
  uint64_t began_ns = clock_ns();
  worker_send_begin(self);
  const Test *mixed = replay.kind == REPLAY_MIXED ? mixed_test(arena, spec) : NULL;
  attempt_init(&attempt, arena, mixed ? mixed : test);
  attempt.draws.harvest = &self->harvest;
  if (test_is_generated(test->kind))
    run_law(self, &attempt, spec, index, &outcome);
  else
    run_examples(self, &attempt, spec, replay, &outcome);
  outcome.handles_left = attempt.handles_left;
  outcome.nanoseconds = clock_ns() - began_ns;
  worker_send_end(self, &outcome);
  arena_reset(self->messages, mark);
  arena_free(arena);
}

static void leave_out(Worker *self)
{
  ArenaMark mark = arena_mark(self->messages);
  Outcome outcome = {.verdict = VERDICT_UNDECIDED, .reason = STR("not tried, as another test has failed")};
  worker_send_begin(self);
  worker_send_end(self, &outcome);
  arena_reset(self->messages, mark);
}

/* Scripts and tables of all specifications first, then the laws: what is cheap and clear comes first. */
static void run_tests(Worker *self, bool laws)
{
  const WorkerJob *job = self->job;
  self->test = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (uint32_t j = 0; j < job->specs[i]->tests.len; j++, self->test++) {
      bool wanted = job->replay ? job->replay_spec == i && job->replay->test == j
                                : job->same_as[self->test] == self->test;
      TestKind kind = job->specs[i]->tests.at[j].kind;
      if (!wanted || kind == TEST_AGREE || test_is_generated(kind) != laws) continue;
      if (self->stops)
        leave_out(self);
      else
        run_test(self, job->specs[i], j);
    }
}

static size_t count_laws(const WorkerJob *job)
{
  size_t laws = 0;
  for (size_t i = 0; i < job->spec_count; i++)
    for (size_t j = 0; j < job->specs[i]->tests.len; j++) {
      TestKind kind = job->specs[i]->tests.at[j].kind;
      laws += test_is_generated(kind) && kind != TEST_AGREE;
    }
  return laws;
}

/* --- the job */

/* Nothing, where there is no object. */
static bool open_program(Worker *self, Str object, Program **out)
{
  const WorkerJob *job = self->job;
  GuestLimits limits = {.call_ms = job->options->call_ms, .memory_pages = INSTANCE_PAGES};
  Diags diags = diags_in(job->arena);
  if (!object.len) return true;
  *out = program_open(job->arena, object, &job->implementation->fit, &limits, &diags);
  if (*out) return true;
  worker_send_broken(self, diags.first ? diags.first->message : STR("the compiled module cannot be loaded"),
                     false);
  return false;
}

bool worker_prepare(void *context, SandboxPort *port)
{
  WorkerJob *job = context;
  Worker self = {.job = job, .port = port, .messages = job->arena};
  return open_program(&self, job->object, &job->program) &&
         open_program(&self, job->cover_object, &job->cover_program) &&
         open_program(&self, job->traced_object, &job->traced_program);
}

static bool call_guest(void *context, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  return guest_call(context, function, args, arena, result, fault);
}

static bool drop_guest(void *context, const TypeDef *resource, Value handle, Fault *fault)
{
  return guest_drop(context, resource, handle, fault);
}

static bool reset_guest(void *context, Fault *fault)
{
  return guest_reset(context, fault);
}

static uint64_t guest_memory(void *context)
{
  return guest_memory_size(context);
}

static uint64_t reach_of_guest(void *context)
{
  return guest_memory_reach(context);
}

static void move_guest(void *context, uint32_t bytes)
{
  guest_take_block(context, bytes);
}

static Refusal refusal_of_guest(void *context)
{
  return guest_refusal(context);
}

static uint32_t handles_of_guest(void *context)
{
  return guest_handle_count(context);
}

static void limit_guest(void *context, uint32_t call_ms)
{
  guest_limit_calls(context, call_ms);
}

bool worker_subject(Worker *self, Program *program, Subject *out)
{
  Fault fault = {0};
  Guest *guest = guest_new(program, &fault);
  *out = (Subject){.context = guest,
                   .call = call_guest,
                   .reset = reset_guest,
                   .drop = drop_guest,
                   .memory = guest_memory,
                   .reach = reach_of_guest,
                   .move = move_guest,
                   .refusal = refusal_of_guest,
                   .handles = handles_of_guest,
                   .limit = limit_guest,
                   .call_ms = program_call_ms(program)};
  if (guest) return true;
  Str why =
      str_format(self->job->arena, "a new instance %.*s", STR_ARG(fault_text(self->job->arena, &fault)));
  worker_send_broken(self, why, !fault.elsewhere && fault.kind != FAULT_MEMORY_LIMIT);
  return false;
}

void worker_run(void *context, SandboxPort *port)
{
  const WorkerJob *job = context;
  Worker self = {.job = job, .port = port, .messages = job->arena, .laws_left = count_laws(job)};
  if (!worker_subject(&self, job->program, &self.used) || !worker_subject(&self, job->program, &self.fresh))
    return;
  Harvest harvest = wasm_harvest(job->arena, &job->implementation->module);
  self.harvest = words_added(job->arena, &harvest, job->specs, job->spec_count);
  if (job->searches) {
    worker_search(&self);
    return;
  }
  run_tests(&self, false);
  self.deadline_ns = clock_ns() + job->options->budget_ms * UINT64_C(1000000);
  run_tests(&self, true);
}
