#include "bench/calls.h"

#include "bench/script.h"
#include "ifc/base/vec.h"

typedef struct Run {
  const Workload *workload;
  Arena *arena;
  Machine machine;
  Value *slots;
  Answerer *answerer;
  CallList *out;
  Diags *diags;
  ScriptEnd end;
} Run;

static bool run_failed(Run *self)
{
  const EvalFailure *failure = &self->machine.failure;
  if (self->end != SCRIPT_DONE) return false;
  self->end = SCRIPT_FAILED;
  Diag *diag = diag_error(self->diags, DIAG_INPUT, failure->span, "workload \"%.*s\": %s",
                          STR_ARG(self->workload->name.text), failure->text);
  if (failure->kind == FAILURE_FUEL)
    diag_note(self->diags, diag, SPAN_NONE, "a workload's script may take %d steps; let it make less",
              SCRIPT_STEPS_MAX);
  return false;
}

static bool run_too_long(Run *self, Span span)
{
  self->end = SCRIPT_FAILED;
  Diag *diag = diag_error(self->diags, DIAG_INPUT, span, "workload \"%.*s\" makes more than %d calls",
                          STR_ARG(self->workload->name.text), CALLS_MAX);
  diag_note(self->diags, diag, SPAN_NONE,
            "loop over fewer values: a measurement repeats the calls as often as it needs");
  return false;
}

static bool evaluate_expr(Run *self, const Expr *expr, Value *out)
{
  return expr_evaluate(&self->machine, expr, self->slots, out) || run_failed(self);
}

static bool run_measure(Run *self, const Statement *statement)
{
  if (self->out->measured.len == CALLS_MAX) return run_too_long(self, expr_span(statement->expr));
  Expr *const *args;
  const Function *function = expr_call(statement->expr, &args);
  Value *values = arena_array_of(self->arena, Value, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++)
    if (!evaluate_expr(self, args[i], &values[i])) return false;
  vec_push(self->arena, &self->out->measured, (Call){function, values});
  return true;
}

static bool run_statements(Run *self, const Statement *first);

static bool run_loops(Run *self, const Statement *statement, size_t depth)
{
  if (depth == statement->loop_count) return run_statements(self, statement->body);
  const Loop *loop = &statement->loops[depth];
  Value list;
  if (!domain_evaluate(&self->machine, &loop->domain, self->slots, &list)) return run_failed(self);
  for (uint32_t i = 0; i < list.count; i++) {
    if (!self->machine.fuel) {
      self->machine.failure = (EvalFailure){FAILURE_FUEL, loop->name.span, "the loop takes too long"};
      return run_failed(self);
    }
    self->machine.fuel--;
    self->slots[loop->slot] = value_list_at(loop->domain.list_type, list, i);
    if (!run_loops(self, statement, depth + 1)) return false;
  }
  return true;
}

static bool run_statements(Run *self, const Statement *first)
{
  for (const Statement *statement = first; statement; statement = statement->next) {
    bool ok = false;
    switch (statement->kind) {
    case STATEMENT_LET: ok = evaluate_expr(self, statement->expr, &self->slots[statement->slot]); break;
    case STATEMENT_MEASURE: ok = run_measure(self, statement); break;
    case STATEMENT_FOR: ok = run_loops(self, statement, 0); break;
    }
    if (!ok) return false;
  }
  return true;
}

/* A call outside `measure`. */
static bool answer_call(Machine *machine, const Function *function, const Value *args, Value *result)
{
  Run *self = machine->context;
  if (self->out->prepared.len == CALLS_MAX) return run_too_long(self, self->workload->name.span);
  if (!self->answerer || !self->answerer->answer(self->answerer, function, args, self->arena, result)) {
    self->end = SCRIPT_NO_ANSWER;
    return false;
  }
  Value *kept = arena_array_of(self->arena, Value, function->param_count);
  if (function->param_count) memcpy(kept, args, function->param_count * sizeof *kept);
  vec_push(self->arena, &self->out->prepared, (Call){function, kept});
  return true;
}

ScriptEnd suite_run_script(const Suite *self, size_t workload, Arena *arena, Answerer *answerer,
                           CallList *out, Diags *diags)
{
  const Workload *script = &self->workloads[workload];
  *out = (CallList){0};
  Run run = {.workload = script,
             .arena = arena,
             .machine = {.arena = arena, .fuel = SCRIPT_STEPS_MAX, .call = answer_call},
             .slots = arena_array_of(arena, Value, script->slot_count),
             .answerer = answerer,
             .out = out,
             .diags = diags,
             .end = SCRIPT_DONE};
  run.machine.context = &run;
  if (!run_statements(&run, script->body)) return run.end;
  if (out->measured.len) return SCRIPT_DONE;
  diag_error(diags, DIAG_INPUT, script->name.span, "workload \"%.*s\" makes no call: its loops are empty",
             STR_ARG(script->name.text));
  return SCRIPT_FAILED;
}
