/* Evaluating what concerns resources. The machine knows the handles that the specification owns, so that they
 * can be dropped when nobody needs them any more. */
#include "ifc/base/vec.h"
#include "spec/ast.h"

static void forget(Machine *machine, Value handle)
{
  for (size_t i = machine->held.len; i-- > 0;) {
    if (machine->held.at[i].handle.bits != handle.bits) continue;
    memmove(&machine->held.at[i], &machine->held.at[i + 1],
            (machine->held.len - i - 1) * sizeof *machine->held.at);
    machine->held.len--;
    return;
  }
}

typedef struct Walk {
  Machine *machine;
  const Expr *call;
  bool gives; /* they go to the implementation; false: they come from it */
} Walk;

static void walk(const Walk *self, const Type *type, Value value)
{
  if (!type) return;
  switch (value_shape(type)) {
  case VALUE_HANDLE:
    if (type->kind != TYPE_OWN) return;
    machine_step(self->machine, self->call, 1 + (self->gives ? self->machine->held.len : 0));
    if (self->gives)
      forget(self->machine, value);
    else
      vec_push(self->machine->arena, &self->machine->held, (Held){type->named, value, self->call->span});
    return;
  case VALUE_LIST:
    for (uint32_t i = 0; !value_is_packed(type) && i < value.count; i++)
      walk(self, type->element, value.items[i]);
    return;
  case VALUE_MAP:
    for (uint32_t i = 0; i < value.count; i++) walk(self, type->element, value.items[i]);
    return;
  case VALUE_FIELDS:
    for (uint32_t i = 0; i < value.count; i++) walk(self, type->fields[i].type, value.items[i]);
    return;
  case VALUE_CASE:
    if (value_payload_type(type, value)) walk(self, value_payload_type(type, value), value.items[0]);
    return;
  default: return;
  }
}

Value evaluate_resource_call(Machine *machine, const Expr *self, Value *slots)
{
  const Function *function = self->function;
  Value *args = arena_alloc_raw(machine->arena, (self->count + 1) * sizeof *args), result = {0};
  for (uint32_t i = 0; i < self->count; i++) args[i] = evaluate(machine, self->args[i], slots);
  machine_call(machine, self, args, &result);
  for (uint32_t i = 0; i < self->count; i++)
    walk(&(Walk){machine, self, true}, function->params[i].type, args[i]);
  walk(&(Walk){machine, self, false}, function->result, result);
  return result;
}

Value evaluate_drop(Machine *machine, const Expr *self, Value *slots)
{
  Value handle = evaluate(machine, self->args[0], slots);
  forget(machine, handle);
  machine_drop(machine, self->args[0]->type->named, handle, self->span);
  return (Value){0};
}
