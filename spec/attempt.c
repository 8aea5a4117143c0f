#include "spec/attempt.h"

#include "spec/sequence.h"

enum { FUEL = 20 * 1000 * 1000, MEMORY = 512 << 20, MEMORY_KEPT = 64 << 20 };

/* One step of the digest of a case's results. */
static uint64_t mix(uint64_t digest, uint64_t word)
{
  digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
  return digest ^ (digest >> 32);
}

static bool drop_of_subject(Machine *machine, const TypeDef *resource, Value handle)
{
  Attempt *self = machine->context;
  Subject *subject = self->subject;
  self->fault.kind = FAULT_NONE;
  machine->failure.text[0] = '\0';
  if (subject->broken || !subject->drop) return true; /* it went with the instance */
  if (subject->drop(subject->context, resource, handle, &self->fault)) return true;
  subject->broken = true;
  return false;
}

static bool call_subject(Machine *machine, const Function *function, const Value *args, Value *result)
{
  Attempt *self = machine->context;
  Subject *subject = self->subject;
  subject->calls++;
  self->fault.kind = FAULT_NONE;
  machine->failure.text[0] = '\0';
  if (subject->broken) { /* an earlier statement expected a trap */
    subject->broken = false;
    machine->held.len = 0;
    if (!subject->reset(subject->context, &self->fault)) return false;
  }
  if (!subject->call(subject->context, function, args, machine->arena, result, &self->fault)) {
    subject->broken = true;
    if (self->fault.kind == FAULT_NONE && subject->complaint)
      snprintf(machine->failure.text, sizeof machine->failure.text, "%s", subject->complaint);
    return false;
  }
  /* The numbers of handles depend on how many there were before. */
  if (self->digests && !self->test->has_state && !type_has_handles(machine->arena, function->result))
    self->digest = mix(self->digest, function->result ? value_hash(function->result, *result) : 0);
  return true;
}

void attempt_init(Attempt *self, Arena *arena, const Test *test)
{
  *self = (Attempt){.test = test, .fuel = FUEL};
  uint32_t slots = test->slot_count > test->row_slot_count ? test->slot_count : test->row_slot_count;
  self->slots = arena_array_of(arena, Value, slots + 1U);
  draws_init(&self->draws, arena);
  self->kept = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->kept);
  self->tried = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->tried);
  self->draws.machine = &self->machine;
  self->draws.slots = self->slots;
  self->part = test;
  if (test_has_steps(test)) sequence_init(self, arena);
  self->machine = (Machine){
      .arena = arena, .memory = MEMORY, .call = call_subject, .drop = drop_of_subject, .context = self};
  self->mark = arena_mark(arena);
}

/* --- explaining: the parts of a condition that was false */

/* The comparison with both operands evaluated once, and kept. */
static bool explain_comparison(Attempt *self, const Expr *expr)
{
  Machine *machine = &self->machine;
  Expr left = {.evaluate = evaluate_constant, .type = expr->list, .span = expr->span}, right = left;
  Expr *args[3] = {&left, &right, expr->count > 2 ? expr->args[2] : NULL};
  Expr comparison = *expr;
  left.constant = self->actual = evaluate(machine, expr->args[0], self->values);
  right.constant = self->expected = evaluate(machine, expr->args[1], self->values);
  comparison.args = args;
  self->compared_type = expr->list;
  self->compared = true;
  return evaluate_bool(machine, &comparison, self->values);
}

/* As evaluating it, but leaves behind what the innermost false part compared. */
static bool explain(Attempt *self, const Expr *expr)
{
  bool is_order = expr->kind == EXPR_BINARY && operator_class((Operator)expr->op) == OP_ORDER;
  if (is_order || expr->kind == EXPR_NEAR) return explain_comparison(self, expr);
  if (expr->kind == EXPR_BINARY && expr->op == OP_AND)
    return explain(self, expr->args[0]) && explain(self, expr->args[1]);
  bool holds = evaluate_bool(&self->machine, expr, self->values);
  if (holds || expr->kind != EXPR_FOR_ALL || self->loop_count == 4) return holds;
  self->loops[self->loop_count++] = expr; /* its variable has stayed where it was false */
  explain(self, expr->args[0]);
  return false;
}

/* --- statements */

static void run_call(Machine *machine, void *context)
{
  Attempt *self = context;
  evaluate(machine, attempt_statement(self)->expr, self->values);
}

/* expect f(x) traps; holds for traps, which modules do to themselves; faults of other classes are failures.
 */
static bool run_traps(Attempt *self)
{
  Machine *machine = &self->machine;
  if (machine_protect(machine, run_call, self)) return false;
  if (machine->failure.kind == FAILURE_CALL) {
    if (fault_class(self->fault.kind) == FAULT_CLASS_TRAP) {
      self->fault.kind = FAULT_NONE;
      return true;
    }
    if (!self->fault.elsewhere) return false;
  }
  machine_fail(machine, machine->failure.kind, machine->failure.span, "%s",
               str_to_z(machine->arena, str_from_z(machine->failure.text)));
}

static bool run_statement(Attempt *self, const Statement *statement)
{
  Machine *machine = &self->machine;
  switch (statement->kind) {
  case STATEMENT_LET:
  case STATEMENT_VAR:
  case STATEMENT_SET:
    self->values[statement->slot] = evaluate(machine, statement->expr, self->values);
    return true;
  case STATEMENT_EXPECT:
    if (self->explains) return explain(self, statement->expr);
    return evaluate_bool(machine, statement->expr, self->values);
  case STATEMENT_TRAPS: return run_traps(self);
  case STATEMENT_CALL: evaluate(machine, statement->expr, self->values); return true;
  }
  return true;
}

bool attempt_meets(Attempt *self, const Test *part, Value *values)
{
  for (size_t i = 0; i < part->conditions.len; i++) {
    const Condition *condition = &part->conditions.at[i];
    if (!condition->generated && !evaluate_bool(&self->machine, condition->expr, values)) return false;
  }
  return true;
}

static bool statement_binds(StatementKind kind)
{
  return kind == STATEMENT_LET || kind == STATEMENT_VAR || kind == STATEMENT_SET;
}

bool attempt_run_part(Attempt *self, const Test *part, Value *values)
{
  self->part = part;
  self->values = values;
  self->running = true;
  for (size_t i = 0; i < part->statements.len; i++) {
    const Statement *statement = &part->statements.at[i];
    Scratch scratch = machine_scratch(&self->machine);
    self->statement = part->first_statement + (uint32_t)i;
    self->end = CASE_FAILED;
    self->compared = false;
    if (!run_statement(self, statement)) return false;
    if (!statement_binds(statement->kind)) machine_give_back(&self->machine, &scratch);
  }
  return true;
}

const Statement *attempt_statement(const Attempt *self)
{
  uint32_t index = self->statement - self->part->first_statement;
  return self->running && index < self->part->statements.len ? &self->part->statements.at[index] : NULL;
}

/* The cells of a row have slots of their own, which are the parameters' only when all are known. */
static void fill_row(Attempt *self, const Row *row)
{
  Value *values = arena_alloc_raw(self->machine.arena, row->count * sizeof *values);
  for (uint32_t i = 0; i < row->count; i++) values[i] = evaluate(&self->machine, row->cells[i], self->slots);
  memcpy(self->slots, values, row->count * sizeof *values);
}

/* At the end of a case nobody needs its handles any more: the last one goes first. */
static void drop_all(Attempt *self)
{
  Machine *machine = &self->machine;
  self->end = CASE_FAILED;
  self->dropping = true;
  self->compared = false;
  while (machine->held.len) {
    const Held *held = &machine->held.at[--machine->held.len];
    machine_drop(machine, held->resource, held->handle, held->span);
  }
  self->dropping = false;
}

static uint32_t count_handles(const Subject *subject)
{
  return subject->handles ? subject->handles(subject->context) : 0;
}

typedef struct CaseContext {
  Attempt *attempt;
  const Row *row;
  uint32_t handles; /* that the subject had before */
} CaseContext;

static void run_case(Machine *machine, void *context)
{
  CaseContext *its = context;
  Attempt *self = its->attempt;
  const Test *test = self->test;
  (void)machine;
  if (its->row) fill_row(self, its->row);
  self->end = CASE_DISCARDED;
  if (test_is_generated(test->kind)) {
    if (!plans_generate(test, &self->draws)) return;
    self->has_inputs = true;
    if (!attempt_meets(self, test, self->slots)) return;
  }
  if (!attempt_run_part(self, test, self->slots)) return;
  if (test_has_steps(test) && !sequence_run(self)) return;
  if (self->machine.held.len) drop_all(self);
  uint32_t handles = count_handles(self->subject);
  if (handles > its->handles && handles - its->handles > self->handles_left)
    self->handles_left = handles - its->handles;
  self->end = CASE_PASSED;
}

/* Before the first call of the case, unless it goes on with the state that the last one left. */
static bool mend(Attempt *self)
{
  if (!self->subject->broken) return true;
  self->subject->broken = false;
  return self->subject->reset(self->subject->context, &self->fault);
}

/* Inputs for which the specification's own computation takes too many steps may be too large for any
 * implementation: that one needs more memory than it may have for another input says nothing then. */
static CaseEnd too_large(Attempt *self)
{
  snprintf(self->machine.failure.text, sizeof self->machine.failure.text,
           "the implementation needs more memory than an instance may have");
  self->faulted = false;
  self->unanswered = self->subject->broken = true;
  return self->end = CASE_UNDECIDED;
}

/* What an instance does after it was refused memory that is allowed is not its fault, nor that it cannot even
 * be made. */
static CaseEnd judge(Attempt *self, CaseEnd end)
{
  Subject *subject = self->subject;
  bool has_none = self->faulted && self->fault.kind == FAULT_MEMORY_LIMIT;
  self->end = end;
  if (end == CASE_FAILED && self->saves_fuel && attempt_refusal(self) == REFUSED_BY_LIMIT)
    return too_large(self);
  if (end != CASE_FAILED || (attempt_refusal(self) != REFUSED_BY_SYSTEM && !has_none)) return end;
  snprintf(self->machine.failure.text, sizeof self->machine.failure.text,
           "the system has no more memory for the implementation");
  subject->broken = true;
  return self->end = CASE_UNDECIDED;
}

static void begin(Attempt *self, Subject *subject)
{
  arena_reset(self->machine.arena, self->mark);
  arena_trim(self->machine.arena, MEMORY_KEPT);
  self->subject = subject;
  self->machine.fuel = self->fuel;
  self->machine.failure.text[0] = '\0';
  self->machine.failure.span.source = NULL;
  self->fault.kind = FAULT_NONE;
  self->faulted = self->running = self->compared = self->dropping = false;
  self->unanswered = self->has_inputs = false;
  self->machine.held.at = NULL;
  self->machine.held.len = self->machine.held.cap = 0;
  self->statement = self->loop_count = 0;
  self->part = self->test;
  self->values = self->slots;
  self->steps.at = NULL;
  self->steps.len = self->steps.cap = 0;
  self->draws.slots = self->slots;
  /* Each begins on a fresh instance. */
  if (self->test->kind == TEST_SEQUENCE || self->test->kind == TEST_AGREE) subject->broken = true;
  self->digest = 0;
}

CaseEnd attempt_run(Attempt *self, Subject *subject, const Row *row)
{
  CaseContext context = {.attempt = self, .row = row};
  begin(self, subject);
  if (!mend(self)) {
    self->faulted = true;
    return judge(self, CASE_FAILED);
  }
  context.handles = count_handles(subject);
  if (machine_protect(&self->machine, run_case, &context)) {
    uint64_t used = self->fuel - self->machine.fuel;
    if (used > self->fuel_used) self->fuel_used = used;
    self->faulted = self->fault.kind != FAULT_NONE; /* a trap of the wrong kind */
    return judge(self, self->end);
  }
  self->faulted = self->machine.failure.kind == FAILURE_CALL;
  /* Where all trap, all agree. */
  if (self->test->kind == TEST_AGREE && self->faulted && fault_class(self->fault.kind) == FAULT_CLASS_TRAP)
    return self->end = CASE_PASSED;
  bool its_own = !self->running || self->machine.failure.kind == FAILURE_FUEL;
  if (self->machine.failure.kind == FAILURE_MEMORY) its_own = subject->broken = true;
  /* A handle that is gone, or a module that the implementation uses. */
  if (self->faulted && (fault_class(self->fault.kind) == FAULT_CLASS_CALLER || self->fault.elsewhere)) {
    Str text = fault_text(self->machine.arena, &self->fault);
    snprintf(self->machine.failure.text, sizeof self->machine.failure.text, "a call %.*s", STR_ARG(text));
    its_own = true;
  }
  self->unanswered = its_own && !self->faulted && self->machine.failure.kind != FAILURE_MEMORY;
  return judge(self, its_own ? CASE_UNDECIDED : CASE_FAILED);
}

void attempt_save_fuel(Attempt *self)
{
  enum { FUEL_MIN = 1000 * 1000, TIMES = 4 };
  uint64_t least = TIMES * self->fuel_used;
  if (least < FUEL_MIN) least = FUEL_MIN;
  if (self->fuel / 2 >= least) self->fuel /= 2;
  self->saves_fuel = self->saves_fuel || self->machine.failure.kind == FAILURE_FUEL;
}

Refusal attempt_refusal(const Attempt *self)
{
  const Subject *subject = self->subject;
  return subject->refusal ? subject->refusal(subject->context) : REFUSED_NOTHING;
}

bool attempt_same_failure(const Attempt *self, uint32_t statement, bool faulted, FaultKind fault)
{
  if (self->end != CASE_FAILED || self->statement != statement || self->faulted != faulted) return false;
  return !faulted || self->fault.kind == fault;
}

void attempt_explain(Attempt *self, Subject *subject, const Row *row)
{
  self->explains = true;
  attempt_run(self, subject, row);
  self->explains = false;
}
