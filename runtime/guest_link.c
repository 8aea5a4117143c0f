/* Calls from one guest to another: values are lifted out of the memory of the one and lowered into that of
 * the other, so that neither sees more of the other than that. */
#include "runtime/guest_internal.h"

/* Lifting and lowering go down as deep as types do, on the guest's stack. */
enum { PASSING_STACK = 4 * 1024 * 1024 };

static Arena *values_of(const Guest *self)
{
  Guest *root = self->root;
  if (!root->passing) root->passing = arena_new();
  return root->passing;
}

/* A fault of the other one, told by who called it. */
static bool fault_of_other(const FitNeed *need, const Fault *cause, Fault *fault)
{
  Str label = need->provider->label;
  const char *function = cause->function;
  return fault_set(fault, cause->kind, "in %.*s%s%s%s%s", label.len > 40 ? 40 : (int)label.len, label.at,
                   *function ? ", " : "", function, *cause->detail ? ": " : "", cause->detail);
}

static bool pass(Guest *self, const FitImport *import, const uint64_t *args, uint64_t *results, Fault *fault)
{
  const FitNeed *need = &self->program->fit->needs[import->need];
  const Program *answer = self->program->answers[import->need];
  const Function *function = import->linked;
  if (!answer) return fault_set(fault, FAULT_IMPORT_DENIED, "%.*s", STR_ARG(import->name));
  Guest *other = self->root->others[answer->slot];
  if (other->is_called) return fault_set(fault, FAULT_REENTERED, "%.*s", STR_ARG(import->name));
  Arena *arena = values_of(self);
  ArenaMark mark = arena_mark(arena);
  Value *values = arena_array_of(arena, Value, function->param_count), result = {0};
  Fault cause = {0};
  AbiMemory view;
  guest_open_memory(self, &view);
  if (!abi_lift_params(&view, arena, function, args, values, fault)) return false;
  other->is_called = true;
  bool returned = guest_call(other, function, values, arena, &result, &cause);
  other->is_called = false;
  if (!returned) return fault_of_other(need, &cause, fault);
  guest_open_memory(self, &view);
  bool fine = abi_lower_result(&view, function, args, result, results, fault);
  arena_reset(arena, mark);
  return fine;
}

LEAVES_GUEST void guest_call_other(Guest *self, const FitImport *import, const uint64_t *args,
                                   uint64_t *results)
{
  Fault fault = {0};
  if (!trap_stack_has(PASSING_STACK)) trap_raise(FAULT_STACK_EXHAUSTED, NULL);
  if (!pass(self, import, args, results, &fault)) trap_raise(fault.kind, "%s", fault.detail);
}
