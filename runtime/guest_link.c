/* Calls from one guest to another: values are lifted out of the memory of the one and lowered into that of
 * the other, so that neither sees more of the other than that. */
#include <stdio.h>

#include "runtime/guest_internal.h"

/* Lifting and lowering go down as deep as types do, on the guest's stack. */
enum { PASSING_STACK = 4 * 1024 * 1024, LABEL_SHOWN = 40 };

/* How much of a call's time and fuel was used up when it went over to another guest. */
typedef struct Crossing {
  Guest *from, *to;
  uint32_t ticks;
  uint64_t cost;
} Crossing;

/* One budget of fuel is for all: it goes along. */
static Crossing cross(Guest *from, Guest *to)
{
  Crossing self = {.from = from, .to = to, .ticks = trap_ticks()};
  to->is_called = true;
  if (!from->fuel) return self;
  self.cost = (uint64_t)from->root->fuel_given - (uint64_t)*from->fuel;
  *to->fuel = *from->fuel;
  return self;
}

static void come_back(const Crossing *self)
{
  self->to->is_called = false;
  if (self->from->fuel) *self->from->fuel = *self->to->fuel;
}

/* What is used up by all together is the fault of the one that was called only if most was left for it. */
static bool is_to_blame(const Crossing *self, FaultKind kind)
{
  const Guest *root = self->from->root;
  if (kind == FAULT_TIME_LIMIT) return self->ticks <= root->scope.limit_ticks / 2;
  return kind != FAULT_OUT_OF_FUEL || self->cost <= (uint64_t)root->fuel_given / 2;
}

bool guest_fault_of_other(const Guest *other, const Fault *cause, Fault *fault)
{
  Str label = other->program->label;
  const char *function = cause->function;
  if (label.len > LABEL_SHOWN) label.len = LABEL_SHOWN;
  if (cause->elsewhere) /* it has its name already */
    fault_set(fault, cause->kind, "%s", cause->detail);
  else
    fault_set(fault, cause->kind, "in %.*s%s%s%s%s", STR_ARG(label), *function ? ", " : "", function,
              *cause->detail ? ": " : "", cause->detail);
  fault->elsewhere = true;
  return false;
}

/* Where the function that trapped is not known, as when the compiler has made one of it and its callers, the
 * called one is told. */
static bool failed_there(const Crossing *self, const char *kind, Str called, Fault *cause, Fault *fault)
{
  if (!*cause->function) snprintf(cause->function, sizeof cause->function, "%s%.*s", kind, STR_ARG(called));
  guest_fault_of_other(self->to, cause, fault);
  fault->elsewhere = cause->elsewhere || is_to_blame(self, cause->kind);
  return false;
}

/* The guest that is to be called; NULL with a fault when it is not done with a call. */
static Guest *enter(const Guest *self, const Program *program, Str what, Fault *fault)
{
  Guest *root = self->root, *other = program == root->program ? root : root->others[program->slot];
  if (other != root && !other->is_called) return other;
  fault_set(fault, FAULT_REENTERED, "%.*s", STR_ARG(what));
  return NULL;
}

static Arena *values_of(const Guest *self)
{
  Guest *root = self->root;
  if (!root->passing) root->passing = arena_new();
  return root->passing;
}

static bool pass(Guest *self, const FitImport *import, const uint64_t *args, uint64_t *results, Fault *fault)
{
  Program *answer = self->program->answers[import->need];
  const Function *function = import->linked;
  if (!answer) return fault_set(fault, FAULT_IMPORT_DENIED, "%.*s", STR_ARG(import->name));
  Guest *other = enter(self, answer, import->name, fault);
  if (!other) return false;
  Arena *arena = values_of(self);
  ArenaMark mark = arena_mark(arena);
  Value *values = arena_array_of(arena, Value, function->param_count), result = {0};
  Fault cause = {0};
  AbiMemory view;
  guest_open_memory(self, answer, &view);
  if (!abi_lift_params(&view, arena, function, args, values, fault)) return false;
  Crossing crossing = cross(self, other);
  bool returned = guest_call(other, function, values, arena, &result, &cause);
  come_back(&crossing);
  if (!returned) return failed_there(&crossing, "", function->name, &cause, fault);
  guest_open_memory(self, answer, &view);
  bool fine = abi_lower_result(&view, function, args, result, results, fault);
  handles_end_call(&self->handles);
  arena_reset(arena, mark);
  return fine;
}

LEAVES_GUEST void guest_call_other(Guest *self, const FitImport *import, const uint64_t *args,
                                   uint64_t *results)
{
  Fault fault = {0};
  if (!trap_stack_has(PASSING_STACK)) trap_raise(FAULT_STACK_EXHAUSTED, NULL);
  if (!pass(self, import, args, results, &fault)) trap_raise_fault(&fault);
}

static bool destroy(Guest *self, const ResourceType *resource, uint32_t rep, Fault *fault)
{
  Guest *other = enter(self, resource->implementer, resource->name, fault);
  uint64_t args[1] = {rep}, none[1];
  Fault cause = {0};
  if (!other) return false;
  if (!resource->destructor) return true;
  Crossing crossing = cross(self, other);
  bool returned = guest_run_core(other, resource->destructor, args, none, &cause);
  come_back(&crossing);
  return returned || failed_there(&crossing, "[dtor]", resource->name, &cause, fault);
}

LEAVES_GUEST void guest_destroy_other(Guest *self, const ResourceType *resource, uint32_t rep)
{
  Fault fault = {0};
  if (!trap_stack_has(PASSING_STACK)) trap_raise(FAULT_STACK_EXHAUSTED, NULL);
  if (!destroy(self, resource, rep, &fault)) trap_raise_fault(&fault);
}
