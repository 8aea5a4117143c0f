/* Resources between a guest and its caller: component-model, design/mvp/CanonicalABI.md, lift_own, lower_own
 * and lower_borrow. A guest lends nothing, because no function of ours takes a handle from it. */
#include <inttypes.h>

#include "runtime/guest_internal.h"

/* --- what the caller holds */

/* The caller's place of a handle, or a fault of the caller's. */
static bool held_find(const Guest *self, const TypeDef *resource, Value handle, uint32_t *index, Fault *fault)
{
  *index = handles_find(&self->held, handle.bits);
  if (*index && self->held.places[*index].resource == resource) return true;
  return fault_set(fault, FAULT_STALE_HANDLE, "%.*s number %" PRIu64 "%s", STR_ARG(resource->name),
                   handle.bits, *index ? " is of another resource" : "");
}

/* Lending and giving away the same one in one call is the caller's mistake too. */
static bool held_fault(const TypeDef *resource, const Fault *cause, Fault *fault)
{
  if (cause->kind != FAULT_HANDLE_LENT) return fault_set(fault, cause->kind, "%s", cause->detail);
  return fault_set(fault, FAULT_STALE_HANDLE, "a %.*s that is lent in the same call",
                   STR_ARG(resource->name));
}

static bool held_take(Guest *self, const TypeDef *resource, Value handle, uint32_t *rep, Fault *fault)
{
  uint32_t index;
  Fault cause = {0};
  if (!held_find(self, resource, handle, &index, fault)) return false;
  return handles_take(&self->held, resource, index, rep, &cause) || held_fault(resource, &cause, fault);
}

static bool held_lend(Guest *self, const TypeDef *resource, Value handle, uint32_t *rep, Fault *fault)
{
  uint32_t index;
  return held_find(self, resource, handle, &index, fault) &&
         handles_lend(&self->held, resource, index, rep, fault);
}

static bool held_add(Guest *self, const TypeDef *resource, uint32_t rep, Value *out, Fault *fault)
{
  uint32_t index;
  if (!handles_add(&self->held, resource, rep, true, &index, fault)) return false;
  *out = value_u64(handles_key(&self->held, index));
  return true;
}

/* --- hooks */

/* Who implements a resource gets what it knows it by for a borrowed handle, and a handle for an owned one;
 * others get handles for both. */
bool guest_lower_handle(AbiMemory *view, const Type *type, Value value, uint32_t *index, Fault *fault)
{
  Guest *self = view->context;
  const TypeDef *resource = type->named;
  uint32_t rep;
  if (type->kind == TYPE_OWN)
    return held_take(self, resource, value, &rep, fault) &&
           handles_add(&self->handles, resource, rep, true, index, fault);
  if (type->kind != TYPE_BORROW)
    return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(type_kind_name(type->kind)));
  if (!held_lend(self, resource, value, &rep, fault)) return false;
  *index = rep;
  if (fit_implements(self->program->fit, resource)) return true;
  if (!handles_add(&self->handles, resource, rep, false, index, fault)) return false;
  self->borrowed++;
  return true;
}

bool guest_lift_handle(AbiMemory *view, const Type *type, uint32_t index, Value *out, Fault *fault)
{
  Guest *self = view->context;
  uint32_t rep;
  if (type->kind != TYPE_OWN)
    return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(type_kind_name(type->kind)));
  return handles_take(&self->handles, type->named, index, &rep, fault) &&
         held_add(self, type->named, rep, out, fault);
}

bool guest_end_loans(Guest *self, Fault *fault)
{
  handles_end_call(&self->held);
  if (!self->borrowed) return true;
  return fault_set(fault, FAULT_BORROW_KEPT, "%" PRIu32 " of them", self->borrowed);
}

/* --- dropping */

static AssayCall *destructor_of(const Program *program, const TypeDef *resource)
{
  int32_t export = fit_destructor(program->fit, resource);
  return export >= 0 && (uint32_t) export < program->module->export_count ? program->module->calls[export]
                                                                          : NULL;
}

AssayCall *guest_destructor(const Guest *self, const Handle *dropped)
{
  return dropped->owns ? destructor_of(self->program, dropped->resource) : NULL;
}

bool guest_drop(Guest *self, const TypeDef *resource, Value handle, Fault *fault)
{
  uint32_t rep;
  if (self->broken) return fault_set(fault, self->broken, "in an earlier call; the instance was not reset");
  if (!held_take(self, resource, handle, &rep, fault)) return false;
  AssayCall *destructor = destructor_of(self->program, resource);
  uint64_t args[1] = {rep}, none[1];
  return !destructor || guest_run_core(self, destructor, args, none, fault);
}

/* --- for callers */

bool guest_foreign(Guest *self, const TypeDef *resource, uint32_t rep, Value *out, Fault *fault)
{
  if (!fit_implements(self->program->fit, resource)) return held_add(self, resource, rep, out, fault);
  return fault_set(fault, FAULT_STALE_HANDLE, "only the module itself makes a %.*s", STR_ARG(resource->name));
}

bool guest_handle_rep(const Guest *self, const TypeDef *resource, Value handle, uint32_t *rep, Fault *fault)
{
  uint32_t index;
  return held_find(self, resource, handle, &index, fault) &&
         handles_rep(&self->held, resource, index, rep, fault);
}

uint32_t guest_handle_count(const Guest *self)
{
  return self->handles.count;
}

uint32_t guest_held_count(const Guest *self)
{
  return self->held.count;
}
