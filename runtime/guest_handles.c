/* Resources between a guest and its caller: component-model, design/mvp/CanonicalABI.md, lift_own,
 * lift_borrow, lower_own and lower_borrow. The caller is another guest, with a table like its own, or
 * outside: then its handles are in the guest's table `held`, and their values are keys of it. */
#include <inttypes.h>

#include "runtime/guest_internal.h"

/* --- what the caller holds */

/* The caller's place of a handle, or a fault of the caller's. */
static bool held_find(const Guest *self, const ResourceType *resource, Value handle, uint32_t *index,
                      Fault *fault)
{
  *index = handles_find(&self->held, handle.bits);
  if (*index && self->held.places[*index].resource == resource) return true;
  return fault_set(fault, FAULT_STALE_HANDLE, "%.*s %" PRIu32 "%s", STR_ARG(resource->name),
                   (uint32_t)handle.bits, *index ? " is of another resource" : "");
}

/* Lending and giving away the same one in one call is the caller's mistake too. */
static bool held_fault(const ResourceType *resource, const Fault *cause, Fault *fault)
{
  if (cause->kind != FAULT_HANDLE_LENT) return fault_set(fault, cause->kind, "%s", cause->detail);
  return fault_set(fault, FAULT_STALE_HANDLE, "a %.*s that is lent in the same call",
                   STR_ARG(resource->name));
}

static bool held_take(Guest *self, const ResourceType *resource, Value handle, uint32_t *rep, Fault *fault)
{
  uint32_t index;
  Fault cause = {0};
  if (!held_find(self, resource, handle, &index, fault)) return false;
  return handles_take(&self->held, resource, index, rep, &cause) || held_fault(resource, &cause, fault);
}

static bool held_lend(Guest *self, const ResourceType *resource, Value handle, uint32_t *rep, Fault *fault)
{
  uint32_t index;
  return held_find(self, resource, handle, &index, fault) &&
         handles_lend(&self->held, resource, index, rep, fault);
}

static bool held_add(Guest *self, const ResourceType *resource, uint32_t rep, Value *out, Fault *fault)
{
  uint32_t index;
  if (!handles_add(&self->held, resource, rep, true, &index, fault)) return false;
  *out = value_u64(handles_key(&self->held, index));
  return true;
}

/* --- hooks */

/* What is passed comes from, or goes to, the caller outside. */
static bool is_outside(const AbiMemory *view)
{
  const Guest *self = view->context;
  return view->naming == self->program && !self->is_called;
}

static const ResourceType *resource_of(const AbiMemory *view, const Type *type)
{
  return program_resource(view->naming, type->named);
}

static bool is_handle(const Type *type, Fault *fault)
{
  if (type->kind == TYPE_OWN || type->kind == TYPE_BORROW) return true;
  return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(type_kind_name(type->kind)));
}

/* Who implements a resource gets what it knows it by for a borrowed handle, and a handle for an owned one;
 * others get handles for both. */
bool guest_lower_handle(AbiMemory *view, const Type *type, Value value, uint32_t *index, Fault *fault)
{
  Guest *self = view->context;
  if (!is_handle(type, fault)) return false;
  const ResourceType *resource = resource_of(view, type);
  bool owns = type->kind == TYPE_OWN;
  uint32_t rep = (uint32_t)value.bits;
  if (is_outside(view) &&
      !(owns ? held_take(self, resource, value, &rep, fault) : held_lend(self, resource, value, &rep, fault)))
    return false;
  *index = rep;
  if (!owns && resource->implementer == self->program) return true;
  if (!handles_add(&self->handles, resource, rep, owns, index, fault)) return false;
  self->borrowed += !owns;
  return true;
}

bool guest_lift_handle(AbiMemory *view, const Type *type, uint32_t index, Value *out, Fault *fault)
{
  Guest *self = view->context;
  if (!is_handle(type, fault)) return false;
  const ResourceType *resource = resource_of(view, type);
  uint32_t rep;
  if (type->kind == TYPE_BORROW) {
    if (!handles_lend(&self->handles, resource, index, &rep, fault)) return false;
  } else if (!handles_take(&self->handles, resource, index, &rep, fault)) {
    return false;
  }
  if (is_outside(view)) return held_add(self, resource, rep, out, fault);
  *out = value_u64(rep);
  return true;
}

bool guest_end_loans(Guest *self, Fault *fault)
{
  handles_end_call(&self->held);
  if (!self->borrowed) return true;
  return fault_set(fault, FAULT_BORROW_KEPT, "%" PRIu32 " of them", self->borrowed);
}

/* --- dropping */

AssayCall *guest_destroy(Guest *self, const Handle *dropped)
{
  const ResourceType *resource = dropped->resource;
  if (!dropped->owns || !resource->implementer) return NULL;
  if (resource->implementer == self->program) return resource->destructor;
  guest_destroy_other(self, resource, dropped->rep);
  return NULL;
}

bool guest_drop(Guest *self, const TypeDef *declared, Value handle, Fault *fault)
{
  const ResourceType *resource = program_resource(self->program, declared);
  uint32_t rep;
  if (self->broken) return fault_set(fault, self->broken, "in an earlier call; the instance was not reset");
  if (!held_take(self, resource, handle, &rep, fault)) return false;
  if (!resource->destructor) return true;
  uint64_t args[1] = {rep}, none[1];
  if (resource->implementer == self->program)
    return guest_run_core(self, resource->destructor, args, none, fault);
  Fault cause = {0};
  Guest *other = self->root->others[resource->implementer->slot];
  if (guest_run_core(other, resource->destructor, args, none, &cause)) return true;
  self->broken = cause.kind;
  return guest_fault_of_other(other, &cause, fault);
}

/* --- for callers */

bool guest_foreign(Guest *self, const TypeDef *declared, uint32_t rep, Value *out, Fault *fault)
{
  const ResourceType *resource = program_resource(self->program, declared);
  if (!resource->implementer) return held_add(self, resource, rep, out, fault);
  return fault_set(fault, FAULT_STALE_HANDLE, "only the module itself makes a %.*s", STR_ARG(resource->name));
}

bool guest_handle_rep(const Guest *self, const TypeDef *declared, Value handle, uint32_t *rep, Fault *fault)
{
  const ResourceType *resource = program_resource(self->program, declared);
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
