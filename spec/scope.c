/* The names of a script, and the types of those that wait for their first use. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "spec/ast.h"

Scope *scope_new(Unit *unit)
{
  Scope *self = arena_new_of(unit->arena, Scope);
  self->unit = unit;
  self->no_calls = unit->no_calls;
  return self;
}

void scope_forbid_calls(Scope *self, Str why)
{
  self->no_calls = why;
}

static Binding *bind(Scope *self, const Name *name)
{
  Binding *binding = arena_new_of(self->unit->arena, Binding);
  *binding = (Binding){.name = *name, .slot = (uint32_t)self->bindings.len, .next = self->names};
  vec_push(self->unit->arena, &self->bindings, binding);
  self->names = binding;
  return binding;
}

uint32_t scope_bind(Scope *self, const Name *name, const Type *type)
{
  Binding *binding = bind(self, name);
  binding->type = type;
  binding->failed = !type;
  return binding->slot;
}

uint32_t scope_let(Scope *self, const Name *name, const Type *declared, Expr *value)
{
  const Type *type = NULL;
  bool waits = !declared && expr_is_open(self, value);
  bool fractional = waits && expr_is_fractional(self, value);
  self->depth++; /* a variable needs a value */
  if (!waits) type = expr_check(self, value, declared);
  self->depth--;
  Binding *binding = bind(self, name);
  binding->type = type ? type : declared;
  binding->failed = !waits && !binding->type;
  if (waits) binding->value = value;
  binding->is_fractional = fractional;
  return binding->slot;
}

Binding *scope_lookup(const Scope *self, Str name)
{
  for (Binding *at = self->names; at; at = at->next)
    if (str_equal(at->name.text, name)) return at;
  return NULL;
}

/* The value is checked among the names that were visible where it stands. */
const Type *binding_type(Scope *self, Binding *binding, const Type *want)
{
  if (binding->type || binding->failed) return binding->type;
  Binding *names = self->names;
  self->names = binding->next;
  size_t errors = self->unit->diags->errors;
  binding->failed = true; /* while it is checked, it cannot be used */
  binding->type = check_written(self, binding->value, want);
  binding->failed = !binding->type;
  self->names = names;
  Diag *last = self->unit->diags->last;
  if (binding->failed && want && self->unit->diags->errors > errors && last)
    diag_note(self->unit->diags, last, SPAN_NONE, "`%.*s` has the type %.*s because of its first use",
              STR_ARG(binding->name.text), STR_ARG(type_words(self->unit->arena, want)));
  return binding->type;
}

ScopeMark scope_enter(Scope *self)
{
  return (ScopeMark){self->names};
}

void scope_leave(Scope *self, ScopeMark mark)
{
  self->names = mark.names;
}

void scope_finish(Scope *self)
{
  for (size_t i = 0; i < self->bindings.len; i++) binding_type(self, self->bindings.at[i], NULL);
}

uint32_t scope_slot_count(const Scope *self)
{
  return (uint32_t)self->bindings.len;
}

const Type *scope_slot_type(const Scope *self, uint32_t slot)
{
  return self->bindings.at[slot]->type;
}

static void check_fn(Unit *unit, Fn *fn)
{
  Scope *scope = scope_new(unit);
  scope_forbid_calls(scope,
                     STR("a fn is a pure helper: call the interface in a test and pass the result on"));
  for (size_t i = 0; i < fn->params.len; i++)
    scope_bind(scope, &fn->params.at[i].name, fn->params.at[i].type);
  expr_check(scope, fn->body, fn->result);
  scope_finish(scope);
  fn->slot_count = scope_slot_count(scope);
}

void unit_check(Unit *self)
{
  for (size_t i = 0; i < map_count(self->fns); i++) {
    Fn *fn = map_entry(self->fns, i)->value;
    if (fn->body) check_fn(self, fn);
  }
}
