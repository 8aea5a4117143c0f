/* Evaluation: control flow, names, calls, and the making and taking apart of values. Operators are in
 * arithmetic.c, library functions in library.c. */
#include <setjmp.h>
#include <stdarg.h>

#include "ifc/base/vec.h"
#include "ifc/wave.h"
#include "spec/ast.h"

enum {
  STACK_MAX = 1 << 20, /* bytes that recursing fns may use of the C stack */
  SLOTS_ON_STACK = 12,
  ARGS_ON_STACK = 8,
};

typedef struct EvalState {
  jmp_buf exit;
  const char *stack; /* where it stood when the evaluation began */
} EvalState;

static _Noreturn void leave(Machine *self)
{
  EvalState *state = self->state;
  longjmp(state->exit, 1);
}

/* Wherever the memory was wanted: also in the middle of a call, whose instance is to be reset then. */
static void out_of_memory(void *context)
{
  Machine *self = context;
  snprintf(self->failure.text, sizeof self->failure.text,
           "the values of this case take more than the %llu MiB of memory that the check itself may have",
           (unsigned long long)(self->memory >> 20));
  self->failure.kind = FAILURE_MEMORY;
  leave(self);
}

static void set_state(Machine *self, EvalState *state)
{
  self->state = state;
  if (self->memory) arena_limit(self->arena, state ? self->memory : 0, state ? out_of_memory : NULL, self);
}

bool machine_protect(Machine *self, void (*body)(Machine *self, void *context), void *context)
{
  EvalState state;
  EvalState *const outer = self->state;
  state.stack = (const char *)&state;
  set_state(self, &state);
  if (setjmp(state.exit)) {
    set_state(self, outer);
    return false;
  }
  body(self, context);
  set_state(self, outer);
  return true;
}

void machine_fail(Machine *self, FailureKind kind, Span span, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vsnprintf(self->failure.text, sizeof self->failure.text, format, args);
  va_end(args);
  self->failure.kind = kind;
  self->failure.span = span;
  leave(self);
}

static _Noreturn void out_of_fuel(Machine *self, const Expr *at)
{
  machine_fail(self, FAILURE_FUEL, at->span, "the specification's own computation takes too many steps");
}

void machine_step(Machine *self, const Expr *at, uint64_t steps)
{
  if (self->fuel < steps) out_of_fuel(self, at);
  self->fuel -= steps;
}

/* --- values */

Value evaluate_constant(Machine *machine, const Expr *self, Value *slots)
{
  (void)machine, (void)slots;
  return self->constant;
}

Value evaluate_name(Machine *machine, const Expr *self, Value *slots)
{
  (void)machine;
  return slots[self->slot];
}

static Value *evaluate_args(Machine *machine, const Expr *self, Value *slots)
{
  Value *items = arena_alloc_raw(machine->arena, self->count * sizeof *items);
  for (uint32_t i = 0; i < self->count; i++) items[i] = evaluate(machine, self->args[i], slots);
  return items;
}

Value evaluate_list(Machine *machine, const Expr *self, Value *slots)
{
  return value_list(machine->arena, self->type, evaluate_args(machine, self, slots), self->count);
}

Value evaluate_fields(Machine *machine, const Expr *self, Value *slots)
{
  return (Value){.items = evaluate_args(machine, self, slots), .count = self->count};
}

Value evaluate_case(Machine *machine, const Expr *self, Value *slots)
{
  return (Value){.items = evaluate_args(machine, self, slots), .tag = self->slot};
}

Value evaluate_field(Machine *machine, const Expr *self, Value *slots)
{
  return evaluate(machine, self->args[0], slots).items[self->slot];
}

/* x.f, which is what most fields are. */
Value evaluate_name_field(Machine *machine, const Expr *self, Value *slots)
{
  (void)machine;
  return slots[self->args[0]->slot].items[self->slot];
}

Value evaluate_flag(Machine *machine, const Expr *self, Value *slots)
{
  return value_bool(evaluate(machine, self->args[0], slots).bits >> self->slot & 1);
}

Value evaluate_index(Machine *machine, const Expr *self, Value *slots)
{
  Value list = evaluate(machine, self->args[0], slots);
  uint64_t index = evaluate(machine, self->args[1], slots).bits;
  if (index < list.count) return value_list_at(self->list, list, index);
  bool is_signed = type_is_signed(self->args[1]->type);
  machine_fail(machine, FAILURE_SCRIPT, self->span,
               is_signed ? "there is no element %lld in a list of %u"
                         : "there is no element %llu in a list of %u",
               (long long)index, list.count);
}

Value evaluate_lookup(Machine *machine, const Expr *self, Value *slots)
{
  Value map = evaluate(machine, self->args[0], slots), key = evaluate(machine, self->args[1], slots);
  machine_step(machine, self, map.count);
  const Value *found = value_map_find(self->list, map, key);
  if (found) return *found;
  Buf text = buf_in(machine->arena);
  wave_print_short(self->args[1]->type, key, 60, &text);
  machine_fail(machine, FAILURE_SCRIPT, self->span, "there is no key %.*s in a map of %u",
               STR_ARG(buf_text(&text)), value_map_sorted(machine->arena, self->list, map).count);
}

/* --- calls */

static _Noreturn void call_failed(Machine *self, Span span)
{
  self->failure.kind = FAILURE_CALL;
  self->failure.span = span;
  leave(self);
}

void machine_call(Machine *self, const Expr *call, const Value *args, Value *result)
{
  if (!self->call) machine_fail(self, FAILURE_SCRIPT, call->span, "the interface cannot be called here");
  if (!self->call(self, call->function, args, result)) call_failed(self, call->span);
}

void machine_drop(Machine *self, const TypeDef *resource, Value handle, Span span)
{
  if (!self->drop) machine_fail(self, FAILURE_SCRIPT, span, "nothing can be dropped here");
  if (!self->drop(self, resource, handle)) call_failed(self, span);
}

Value evaluate_function(Machine *machine, const Expr *self, Value *slots)
{
  Value on_stack[ARGS_ON_STACK], result = {0};
  Value *args = on_stack;
  if (self->count > ARGS_ON_STACK) args = arena_alloc_raw(machine->arena, self->count * sizeof *args);
  for (uint32_t i = 0; i < self->count; i++) args[i] = evaluate(machine, self->args[i], slots);
  machine_call(machine, self, args, &result);
  return result;
}

static bool is_memoryless(const Type *type)
{
  ValueShape shape = value_shape(type);
  return shape == VALUE_NUMBER || shape == VALUE_ENUM || shape == VALUE_FLAGS;
}

Value evaluate_fn(Machine *machine, const Expr *self, Value *slots)
{
  Value on_stack[SLOTS_ON_STACK];
  const Fn *fn = self->fn;
  const EvalState *state = machine->state;
  ptrdiff_t used = state->stack - (const char *)on_stack;
  if (used > STACK_MAX || used < -STACK_MAX)
    machine_fail(machine, FAILURE_FUEL, self->span, "`%.*s` recurses too deeply", STR_ARG(fn->name.text));
  machine_step(machine, self, 1);
  Value *inner = on_stack;
  if (fn->slot_count > SLOTS_ON_STACK)
    inner = arena_alloc_raw(machine->arena, fn->slot_count * sizeof *inner);
  for (uint32_t i = 0; i < self->count; i++) inner[i] = evaluate(machine, self->args[i], slots);
  Scratch scratch = machine_scratch(machine);
  Value result = evaluate(machine, fn->body, inner);
  if (is_memoryless(fn->result)) machine_give_back(machine, &scratch);
  return result;
}

/* --- control flow */

Value evaluate_if(Machine *machine, const Expr *self, Value *slots)
{
  return evaluate(machine, self->args[evaluate_bool(machine, self->args[0], slots) ? 1 : 2], slots);
}

Value evaluate_match(Machine *machine, const Expr *self, Value *slots)
{
  Value subject = evaluate(machine, self->args[0], slots);
  bool is_bool = self->args[0]->type->kind == TYPE_BOOL;
  const Arm *arm = self->arm_of[is_bool ? subject.bits : subject.tag];
  if (arm->binding.text.len) slots[arm->slot] = subject.items[0];
  return evaluate(machine, arm->body, slots);
}

Value evaluate_let(Machine *machine, const Expr *self, Value *slots)
{
  slots[self->slot] = evaluate(machine, self->args[0], slots);
  return evaluate(machine, self->args[1], slots);
}

/* --- loops */

typedef struct Loop {
  const Type *list; /* NULL: a range */
  Value value;      /* the list, or the first number */
  uint64_t count;
} Loop;

static bool is_before(const Type *type, uint64_t low, uint64_t high)
{
  return type_is_signed(type) ? (int64_t)low < (int64_t)high : low < high;
}

static Loop loop_begin(Machine *machine, const Domain *domain, Value *slots)
{
  if (domain->list) {
    Value list = evaluate(machine, domain->list, slots);
    if (domain->list_type->kind == TYPE_MAP) {
      machine_step(machine, domain->list, list.count);
      list = value_map_sorted(machine->arena, domain->list_type, list);
    }
    return (Loop){.list = domain->list_type, .value = list, .count = list.count};
  }
  Loop loop = {.value = evaluate(machine, domain->low, slots)};
  uint64_t low = loop.value.bits, high = evaluate(machine, domain->high, slots).bits;
  if (is_before(domain->element, low, high)) loop.count = high - low;
  if (domain->closed && (loop.count || low == high) && loop.count != UINT64_MAX) loop.count++;
  return loop;
}

static Value loop_at(const Loop *self, uint64_t index)
{
  return self->list ? value_list_at(self->list, self->value, index) : value_u64(self->value.bits + index);
}

Value evaluate_for_all(Machine *machine, const Expr *self, Value *slots)
{
  Loop loop = loop_begin(machine, self->domain, slots);
  for (uint64_t i = 0; i < loop.count; i++) {
    machine_step(machine, self, 1);
    slots[self->slot] = loop_at(&loop, i);
    Scratch scratch = machine_scratch(machine);
    if (!evaluate_bool(machine, self->args[0], slots)) return value_bool(false);
    machine_give_back(machine, &scratch);
  }
  return value_bool(true);
}

Value evaluate_exists(Machine *machine, const Expr *self, Value *slots)
{
  Loop loop = loop_begin(machine, self->domain, slots);
  for (uint64_t i = 0; i < loop.count; i++) {
    machine_step(machine, self, 1);
    slots[self->slot] = loop_at(&loop, i);
    Scratch scratch = machine_scratch(machine);
    if (evaluate_bool(machine, self->args[0], slots)) return value_bool(true);
    machine_give_back(machine, &scratch);
  }
  return value_bool(false);
}

typedef VEC(Value) Values;

/* Appends the element, or, when it is the list that an inner loop made, that list's elements. */
static void add_element(Machine *machine, const Expr *self, Values *out, Value element)
{
  if (!self->op) {
    vec_push(machine->arena, out, element);
    return;
  }
  machine_step(machine, self, element.count);
  for (uint32_t i = 0; i < element.count; i++)
    vec_push(machine->arena, out, value_list_at(self->type, element, i));
}

Value evaluate_each(Machine *machine, const Expr *self, Value *slots)
{
  Values elements = {0};
  Loop loop = loop_begin(machine, self->domain, slots);
  bool is_flat = !self->op && is_memoryless(self->type->element);
  for (uint64_t i = 0; i < loop.count; i++) {
    machine_step(machine, self, 1);
    slots[self->slot] = loop_at(&loop, i);
    Scratch scratch = machine_scratch(machine);
    bool is_in = self->count <= 1 || evaluate_bool(machine, self->args[1], slots);
    Value element = is_in ? evaluate(machine, self->args[0], slots) : (Value){0};
    if (!is_in || is_flat) machine_give_back(machine, &scratch);
    if (is_in) add_element(machine, self, &elements, element);
  }
  if (self->type->kind == TYPE_FIXED_LIST && elements.len != self->type->count)
    machine_fail(machine, FAILURE_SCRIPT, self->span, "the list has %zu elements, and its type %u",
                 elements.len, self->type->count);
  return value_list(machine->arena, self->type, elements.at, elements.len);
}

Value evaluate_generate(Machine *machine, const Expr *self, Value *slots)
{
  uint64_t size = evaluate(machine, self->args[0], slots).bits;
  uint64_t seed = evaluate(machine, self->args[1], slots).bits;
  machine_step(machine, self, size);
  return value_generate(machine->arena, self->type, size, seed);
}

/* --- from outside */

typedef struct Request {
  const Expr *expr;
  const Domain *domain;
  Value *slots;
  Value value;
} Request;

static void run_expr(Machine *machine, void *context)
{
  Request *request = context;
  request->value = evaluate(machine, request->expr, request->slots);
}

bool expr_evaluate(Machine *self, const Expr *expr, Value *slots, Value *out)
{
  Request request = {.expr = expr, .slots = slots};
  if (!machine_protect(self, run_expr, &request)) return false;
  *out = request.value;
  return true;
}

static void run_domain(Machine *machine, void *context)
{
  Request *request = context;
  const Domain *domain = request->domain;
  Loop loop = loop_begin(machine, domain, request->slots);
  request->value = loop.value;
  if (loop.list) return;
  machine_step(machine, domain->high, loop.count);
  Value *numbers = arena_alloc_array(machine->arena, loop.count, sizeof *numbers);
  for (uint64_t i = 0; i < loop.count; i++) numbers[i] = loop_at(&loop, i);
  request->value = value_list(machine->arena, domain->list_type, numbers, loop.count);
}

bool domain_evaluate(Machine *self, const Domain *domain, Value *slots, Value *out)
{
  Request request = {.domain = domain, .slots = slots};
  if (!machine_protect(self, run_domain, &request)) return false;
  *out = request.value;
  return true;
}
