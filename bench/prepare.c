#include "bench/trial.h"

#include "ifc/wave.h"
#include "runtime/guest.h"

/* --- answers to a script's calls outside `measure`, made in a worker and read back as WAVE */

typedef VEC(Str) Answers;

/* In the worker: a module answers, and each answer is sent. */
typedef struct Asker {
  Answerer answerer;
  const Trial *trial;
  const TrialWorkload *workload;
  const Candidate *candidate;
  Arena *arena;
  Program *program;
  Guest *guest;
  SandboxPort *port;
} Asker;

static void send_failure(Asker *self, Str text)
{
  sandbox_send(self->port, str_format(self->arena, "!%.*s", STR_ARG(text)));
}

static bool ask_prepare(void *context, SandboxPort *port)
{
  Asker *self = context;
  self->port = port;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {.call_ms = self->trial->call_ms};
  self->program = program_open(self->arena, self->candidate->objects[0],
                               &self->candidate->implementation->fit, &limits, &diags);
  if (!self->program) send_failure(self, diags.first ? diags.first->message : STR("could not be loaded"));
  return self->program;
}

static bool ask_guest(Answerer *answerer, const Function *function, const Value *args, Arena *arena,
                      Value *result)
{
  Asker *self = (Asker *)answerer;
  Fault fault = {0};
  if (!guest_call(self->guest, function, args, arena, result, &fault)) {
    Str call = call_text(arena, &(Call){function, args});
    send_failure(self, str_format(arena, "%.*s %.*s", STR_ARG(call), STR_ARG(fault_text(arena, &fault))));
    return false;
  }
  Buf text = buf_in(arena);
  buf_byte(&text, '=');
  if (function->result) wave_print(function->result, *result, &text);
  sandbox_send(self->port, buf_text(&text));
  return true;
}

static void ask_run(void *context, SandboxPort *port)
{
  Asker *self = context;
  (void)port;
  Fault fault = {0};
  self->guest = guest_new(self->program, &fault);
  if (!self->guest) {
    send_failure(self, fault_text(self->arena, &fault));
    return;
  }
  Diags diags = diags_in(self->arena); /* whatever is wrong with the script, the parent finds it too */
  CallList list;
  ScriptEnd end = suite_run_script(self->trial->suites[self->workload->suite], self->workload->workload,
                                   self->arena, &self->answerer, &list, &diags);
  (void)end;
}

/* --- in the parent */

typedef struct Listener {
  Arena *arena;
  Answers answers;
  Str failure;
} Listener;

static bool listen(void *context, Str message)
{
  Listener *self = context;
  if (!message.len) return false;
  Str text = str_copy(self->arena, str_slice(message, 1, message.len));
  if (message.at[0] == '=')
    vec_push(self->arena, &self->answers, text);
  else
    self->failure = text;
  return true;
}

/* Gives the answers that came, in order. */
typedef struct Reader {
  Answerer answerer;
  const Answers *answers;
  size_t next;
} Reader;

static bool read_answer(Answerer *answerer, const Function *function, const Value *args, Arena *arena,
                        Value *result)
{
  Reader *self = (Reader *)answerer;
  (void)args;
  if (self->next == self->answers->len) return false;
  Str text = self->answers->at[self->next++];
  if (!function->result) return !text.len;
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("a worker's answer"), text};
  Diags diags = diags_in(arena);
  return wave_parse(arena, function->result, source, result, &diags);
}

static ScriptEnd run_with(Trial *self, TrialWorkload *workload, const Answers *answers)
{
  Reader reader = {{read_answer}, answers, 0};
  return suite_run_script(self->suites[workload->suite], workload->workload, self->arena, &reader.answerer,
                          &workload->list, self->diags);
}

static Str ask_failure(Trial *self, const Listener *listener, const SandboxOutcome *outcome)
{
  if (listener->failure.len) return listener->failure;
  if (outcome->end != SANDBOX_DONE) return sandbox_outcome_text(self->arena, outcome);
  return STR("gave results that cannot be read back");
}

/* The script with the answers of the first candidate that has them. */
static bool prepare_with_answers(Trial *self, TrialWorkload *workload)
{
  for (size_t i = 0; i < self->candidate_count; i++) {
    if (self->candidates[i].excluded) continue;
    Listener listener = {.arena = self->arena};
    Asker asker = {.answerer = {ask_guest},
                   .trial = self,
                   .workload = workload,
                   .candidate = &self->candidates[i],
                   .arena = self->arena};
    SandboxJob job = {ask_prepare, ask_run, &asker};
    SandboxLimits limits = {.wall_ms = (uint32_t)(self->budget_ns / 1000000) + self->call_ms};
    SandboxOutcome outcome = {0};
    if (!sandbox_run(&job, &limits, listen, &listener, &outcome, self->diags)) return false;
    ScriptEnd end = run_with(self, workload, &listener.answers);
    workload->answered_by = i;
    if (end != SCRIPT_NO_ANSWER) return end == SCRIPT_DONE;
    trial_exclude(self, i,
                  str_format(self->arena, "in workload \"%.*s\": %.*s", STR_ARG(workload->name),
                             STR_ARG(ask_failure(self, &listener, &outcome))));
  }
  return true;
}

bool trial_prepare(Trial *self)
{
  bool ok = true;
  for (size_t i = 0; i < self->workload_count; i++) {
    TrialWorkload *workload = &self->workloads[i];
    workload->answered_by = SIZE_MAX;
    ScriptEnd end = run_with(self, workload, &(Answers){0});
    if (end == SCRIPT_NO_ANSWER) end = prepare_with_answers(self, workload) ? SCRIPT_DONE : SCRIPT_FAILED;
    if (end == SCRIPT_FAILED) ok = false;
    workload->tour = tour_of(self->arena, workload->list.measured.len);
  }
  return ok;
}
