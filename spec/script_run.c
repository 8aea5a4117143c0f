/* Running scripts: a worker evaluates and says, statement by statement, what came of it:
 *   {"event": "value", "statement", "text"}               of an expression that has a value
 *   {"event": "failed", "statement", "kind", "text", "at", "len"}
 *   {"event": "kept", "statement", "count"}               handles, at the end
 * What comes after the last statement has the number behind it.
 * The parent believes nothing of that without a look. */
#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "ifc/wave.h"
#include "runtime/aot.h"
#include "runtime/guest.h"
#include "runtime/sandbox.h"
#include "spec/script_ast.h"

enum {
  FUEL = 20 * 1000 * 1000,
  GUEST_PAGES = 8192, /* 512 MiB */
  CALL_MS = 2000,
  CALL_MS_MAX = 3600 * 1000,
  FAILURE_MAX = 4096,
};

typedef struct ScriptJob {
  Arena *arena;
  const Script *script;
  const Implementation *implementation;
  Str object;
  uint32_t call_ms;
  Program *program;
  Guest *guest;
  Fault fault;
} ScriptJob;

/* --- in the worker */

static void send_message(const ScriptJob *self, SandboxPort *port, const Json *message)
{
  Buf text = buf_in(self->arena);
  jv_print_canonical(message, &text);
  sandbox_send(port, buf_text(&text));
}

static void send_failure(const ScriptJob *self, SandboxPort *port, size_t statement, const char *kind,
                         Span span, Str text)
{
  Json *message = jv_object(self->arena);
  jv_set_string(message, STR("event"), STR("failed"));
  jv_set_integer(message, STR("statement"), (int64_t)statement);
  jv_set_string(message, STR("kind"), str_from_z(kind));
  jv_set_string(message, STR("text"), text);
  jv_set_integer(message, STR("at"), span.at);
  jv_set_integer(message, STR("len"), span.len);
  send_message(self, port, message);
}

static void send_value(const ScriptJob *self, SandboxPort *port, size_t statement, const Type *type,
                       Value value)
{
  Json *message = jv_object(self->arena);
  Buf text = buf_in(self->arena);
  wave_print(type, value, &text);
  jv_set_string(message, STR("event"), STR("value"));
  jv_set_integer(message, STR("statement"), (int64_t)statement);
  jv_set_string(message, STR("text"), buf_text(&text));
  send_message(self, port, message);
}

static bool prepare(void *context, SandboxPort *port)
{
  ScriptJob *self = context;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {.call_ms = self->call_ms, .memory_pages = GUEST_PAGES};
  self->program = program_open(self->arena, self->object, &self->implementation->fit, &limits, &diags);
  if (self->program) return true;
  send_failure(self, port, 0, "crash", SPAN_NONE,
               diags.first ? diags.first->message : STR("the compiled module cannot be loaded"));
  return false;
}

static bool call_guest(Machine *machine, const Function *function, const Value *args, Value *result)
{
  ScriptJob *self = machine->context;
  self->fault.kind = FAULT_NONE;
  machine->failure.text[0] = '\0';
  return guest_call(self->guest, function, args, machine->arena, result, &self->fault);
}

static bool drop_guest(Machine *machine, const TypeDef *resource, Value handle)
{
  ScriptJob *self = machine->context;
  self->fault.kind = FAULT_NONE;
  machine->failure.text[0] = '\0';
  return guest_drop(self->guest, resource, handle, &self->fault);
}

static const char *fault_kind_text(FaultKind kind)
{
  switch (fault_class(kind)) {
  case FAULT_CLASS_NONE:
  case FAULT_CLASS_TRAP: return "trap";
  case FAULT_CLASS_ABI: return "abi";
  case FAULT_CLASS_LIMIT: return "limit";
  case FAULT_CLASS_HOST: return "host";
  case FAULT_CLASS_CALLER: return "script";
  }
  return "trap";
}

static void send_evaluation_failure(const ScriptJob *self, SandboxPort *port, size_t statement,
                                    const EvalFailure *failure)
{
  bool is_call = failure->kind == FAILURE_CALL && self->fault.kind != FAULT_NONE;
  Str text = is_call ? fault_text(self->arena, &self->fault) : str_from_z(failure->text);
  if (is_call && fault_class(self->fault.kind) == FAULT_CLASS_CALLER)
    text = str_format(self->arena, "the call %.*s", STR_ARG(text));
  send_failure(self, port, statement, is_call ? fault_kind_text(self->fault.kind) : "script", failure->span,
               text);
}

static void drop_left(Machine *machine, void *context)
{
  (void)context;
  while (machine->held.len) {
    const Held *held = &machine->held.at[--machine->held.len];
    machine_drop(machine, held->resource, held->handle, held->span);
  }
}

/* What the script has left is dropped; what the module has then is told. */
static void end(ScriptJob *self, Machine *machine, SandboxPort *port)
{
  size_t statement = self->script->statements.len;
  if (!machine_protect(machine, drop_left, NULL)) {
    send_evaluation_failure(self, port, statement, &machine->failure);
    return;
  }
  Json *message = jv_object(self->arena);
  jv_set_string(message, STR("event"), STR("kept"));
  jv_set_integer(message, STR("statement"), (int64_t)statement);
  jv_set_integer(message, STR("count"), guest_handle_count(self->guest));
  send_message(self, port, message);
}

static void run(void *context, SandboxPort *port)
{
  ScriptJob *self = context;
  const Script *script = self->script;
  self->guest = guest_new(self->program, &self->fault);
  if (!self->guest) {
    Str why = fault_text(self->arena, &self->fault);
    send_failure(self, port, 0, "crash", SPAN_NONE,
                 str_format(self->arena, "a new instance %.*s", STR_ARG(why)));
    return;
  }
  Value *slots = arena_array_of(self->arena, Value, scope_slot_count(script->scope) + 1U), value;
  Machine machine = {
      .arena = self->arena, .fuel = FUEL, .call = call_guest, .drop = drop_guest, .context = self};
  for (size_t i = 0; i < script->statements.len; i++) {
    const ScriptStatement *it = &script->statements.at[i];
    if (!expr_evaluate(&machine, it->expr, slots, &value)) {
      send_evaluation_failure(self, port, i, &machine.failure);
      return;
    }
    if (it->is_let)
      slots[it->slot] = value;
    else if (expr_type(it->expr) != type_nothing())
      send_value(self, port, i, expr_type(it->expr), value);
  }
  end(self, &machine, port);
}

/* --- in the parent */

typedef struct ScriptReceiver {
  Arena *arena;
  const Script *script;
  size_t next; /* no earlier statement may be spoken of any more */
  VEC(ScriptResult) results;
  ScriptReport report;
} ScriptReceiver;

static bool take_count(const Json *message, Str key, uint64_t limit, uint64_t *out)
{
  const Json *number = jv_get(message, key);
  int64_t value = jv_as_integer(number);
  if (jv_kind(number) != JV_INTEGER || value < 0 || (uint64_t)value > limit) return false;
  *out = (uint64_t)value;
  return true;
}

/* Text without what a terminal would obey: WAVE and messages have none. */
static bool is_printable(Str text)
{
  for (size_t at = 0; at < text.len;) {
    uint32_t c = utf8_next(text, &at);
    if (c == UINT32_MAX || c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
  }
  return true;
}

/* `at_end`: a resource that the statement made was dropped when all was done. */
static Str failure_text(Arena *arena, Str kind, Str text, bool at_end)
{
  if (str_equal(kind, STR("script")) || str_equal(kind, STR("crash"))) return text;
  const char *what = at_end ? "dropping at the end what it gave" : "the call";
  const char *how = str_equal(kind, STR("trap"))  ? "trapped: "
                    : str_equal(kind, STR("abi")) ? "broke the Canonical ABI: "
                                                  : "";
  return str_format(arena, "%s %s%.*s", what, how, STR_ARG(text));
}

/* `it`: NULL at the end. */
static bool take_failure(ScriptReceiver *self, const ScriptStatement *it, const Json *message, Str text)
{
  static const char *const kinds[] = {"trap", "abi", "limit", "host", "crash", "script"};
  const Source *source = self->script->unit.source;
  Str kind = jv_as_string(jv_get(message, STR("kind")));
  uint64_t at, len;
  if (!take_count(message, STR("at"), source->text.len, &at)) return false;
  if (!take_count(message, STR("len"), source->text.len - at, &len)) return false;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_equal(kind, str_from_z(kinds[i]))) self->report.failure_kind = str_from_z(kinds[i]);
  if (!self->report.failure_kind.len || !text.len || text.len > FAILURE_MAX) return false;
  self->report.failure = failure_text(self->arena, self->report.failure_kind, text, !it);
  if (len)
    self->report.failure_span = (Span){source, (uint32_t)at, (uint32_t)len};
  else
    self->report.failure_span = it ? it->span : SPAN_NONE;
  return true;
}

static bool take_kept(ScriptReceiver *self, const Json *message)
{
  uint64_t count;
  if (!take_count(message, STR("count"), UINT32_MAX, &count)) return false;
  self->report.kept = (uint32_t)count;
  return true;
}

static bool receive(void *context, Str bytes)
{
  ScriptReceiver *self = context;
  Diags ignored = diags_in(self->arena);
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){.path = STR("worker"), .text = str_copy(self->arena, bytes)};
  const Json *message = jv_parse(self->arena, source, &ignored);
  Str event = jv_as_string(jv_get(message, STR("event"))), text = jv_as_string(jv_get(message, STR("text")));
  uint64_t statement;
  if (self->report.failure.len || !is_printable(text)) return false;
  size_t count = self->script->statements.len;
  if (!take_count(message, STR("statement"), count, &statement)) return false;
  if (statement < self->next) return false;
  const ScriptStatement *it = statement < count ? &self->script->statements.at[statement] : NULL;
  self->next = statement + 1;
  if (str_equal(event, STR("failed"))) return take_failure(self, it, message, text);
  if (!it) return str_equal(event, STR("kept")) && take_kept(self, message);
  if (!str_equal(event, STR("value")) || it->is_let || !text.len) return false;
  vec_push(self->arena, &self->results, (ScriptResult){it->span, expr_type(it->expr), text});
  return true;
}

/* The call that ran when the worker ended is not known: the statement is. */
static void report_crash(ScriptReceiver *self, const SandboxOutcome *outcome)
{
  size_t last = self->script->statements.len - 1;
  const ScriptStatement *it = &self->script->statements.at[self->next < last ? self->next : last];
  Str what = outcome->end == SANDBOX_STOPPED ? STR("sent something that is no result")
                                             : sandbox_outcome_text(self->arena, outcome);
  self->report.failure_kind = STR("crash");
  self->report.failure_span = it->span;
  self->report.failure = str_format(self->arena, "the worker %.*s", STR_ARG(what));
}

bool script_run(Arena *arena, const Script *self, const Implementation *implementation,
                const ScriptOptions *options, ScriptReport *out, Diags *diags)
{
  uint32_t call_ms = options->call_ms ? options->call_ms : CALL_MS;
  if (call_ms > CALL_MS_MAX) call_ms = CALL_MS_MAX;
  ScriptJob job = {.arena = arena, .script = self, .implementation = implementation, .call_ms = call_ms};
  AotOptions aot = {0};
  if (!aot_compile(arena, &implementation->module, implementation->path, &aot, &job.object, diags))
    return false;
  ScriptReceiver receiver = {.arena = arena, .script = self};
  SandboxJob sandboxed = {.prepare = prepare, .run = run, .context = &job};
  uint64_t wall = (uint64_t)call_ms * (self->statements.len + 1) + 10000;
  SandboxLimits limits = {.wall_ms = (uint32_t)(wall < 86400000 ? wall : 86400000)};
  SandboxOutcome outcome;
  if (!sandbox_run(&sandboxed, &limits, receive, &receiver, &outcome, diags)) return false;
  if (outcome.end != SANDBOX_DONE) report_crash(&receiver, &outcome);
  *out = receiver.report;
  out->results = receiver.results.at;
  out->result_count = receiver.results.len;
  return true;
}
