/* Checking the parts of a sequence. Each has a scope of its own: its parameters, then all names that the
 * sequence's own statements have bound, whose values are handed over when it runs. */
#include "ifc/base/vec.h"
#include "ifc/near.h"
#include "spec/tests.h"

typedef VEC(Shared) SharedNames;

/* A name that is bound again hides the earlier one. */
static void share(Unit *unit, SharedNames *names, const Shared *name)
{
  for (size_t i = 0; i < names->len; i++) {
    if (!str_equal(names->at[i].name.text, name->name.text)) continue;
    names->at[i] = *name;
    return;
  }
  vec_push(unit->arena, names, *name);
}

static SharedNames shared_names(Unit *unit, const Test *self)
{
  SharedNames names = {0};
  for (uint32_t i = 0; i < self->params.len; i++)
    share(unit, &names, &(Shared){self->params.at[i].name, self->params.at[i].type, i, false});
  for (size_t i = 0; i < self->statements.len; i++) {
    const Statement *statement = &self->statements.at[i];
    if (statement->kind != STATEMENT_LET && statement->kind != STATEMENT_VAR) continue;
    const Type *type = statement->expr ? scope_slot_type(self->scope, statement->slot) : NULL;
    share(unit, &names, &(Shared){statement->name, type, statement->slot, statement->kind == STATEMENT_VAR});
  }
  return names;
}

/* --- statements of a part */

static const Shared *shared_find(const Test *part, Str name)
{
  for (uint32_t i = 0; i < part->shared_count; i++)
    if (str_equal(part->shared[i].name.text, name)) return &part->shared[i];
  return NULL;
}

static void not_a_var(Unit *unit, const Test *part, const Statement *statement, const Span *bound)
{
  Str name = statement->name.text;
  Diag *diag = diag_error(unit->diags, DIAG_NAME, statement->name.span,
                          bound ? "`%.*s` is no `var` of this sequence, so it keeps its value"
                                : "there is no variable `%.*s` in this sequence",
                          STR_ARG(name));
  if (bound) {
    diag_note(unit->diags, diag, *bound, "it is bound here");
    return;
  }
  Near near = {.wanted = name};
  for (uint32_t i = 0; i < part->shared_count; i++)
    if (part->shared[i].is_var) near_consider(&near, part->shared[i].name.text);
  if (near.best.len) diag_note(unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
}

/* name = expr;   where the name is that of a `var`. */
static void set_check(Unit *unit, Scope *scope, const Test *part, Statement *self)
{
  const Binding *binding = scope_lookup(scope, self->name.text);
  const Shared *shared = shared_find(part, self->name.text);
  uint32_t slot = shared ? (uint32_t)(part->params.len + (size_t)(shared - part->shared)) : 0;
  if (!shared || !shared->is_var || !binding || binding->slot != slot) {
    not_a_var(unit, part, self, binding ? &binding->name.span : NULL);
    return;
  }
  self->slot = slot;
  if (shared->type) expr_check(scope, self->expr, shared->type);
}

static void part_statement_check(Unit *unit, Scope *scope, const Test *part, bool may_set, Statement *self)
{
  if (self->kind != STATEMENT_SET) {
    statement_check(unit, scope, self);
  } else if (may_set) {
    set_check(unit, scope, part, self);
  } else {
    diag_error(unit->diags, DIAG_TYPE, self->name.span,
               "an invariant looks only: change `%.*s` in an operation", STR_ARG(self->name.text));
  }
}

static void names_check(Unit *unit, const Test *part)
{
  for (size_t i = 0; i < part->params.len; i++) {
    const Name *name = &part->params.at[i].name;
    const Shared *shared = shared_find(part, name->text);
    if (!shared) continue;
    Diag *diag = diag_error(unit->diags, DIAG_NAME, name->span,
                            "`%.*s` is a name of the sequence already: give the parameter another one",
                            STR_ARG(name->text));
    diag_note(unit->diags, diag, shared->name.span, "it is bound here");
  }
}

static void part_check(Unit *unit, Test *part, bool is_operation)
{
  Scope *scope = scope_new(unit);
  part->scope = scope;
  names_check(unit, part);
  for (size_t i = 0; i < part->params.len; i++)
    scope_bind(scope, &part->params.at[i].name, part->params.at[i].type);
  for (uint32_t i = 0; i < part->shared_count; i++)
    scope_bind(scope, &part->shared[i].name, part->shared[i].type);
  conditions_check(scope, part);
  for (size_t i = 0; i < part->statements.len; i++)
    part_statement_check(unit, scope, part, is_operation, &part->statements.at[i]);
  scope_finish(scope);
  part->slot_count = scope_slot_count(scope);
  if (!test_expects_something(part))
    diag_error(unit->diags, DIAG_SYNTAX, part->name.span,
               is_operation ? "this operation does nothing: call the interface, or write `expect …;`"
                            : "this invariant expects nothing: write `expect …;`");
}

void sequence_check(Unit *unit, Test *self)
{
  SharedNames names = shared_names(unit, self);
  Parts *const parts[] = {&self->operations, &self->invariants};
  uint32_t statements = (uint32_t)self->statements.len;
  if (self->operations.len == 0)
    diag_error(unit->diags, DIAG_SYNTAX, self->name.span,
               "this sequence has no operations: write `op name(…) { … }`");
  if (self->operations.len > OPERATIONS_MAX)
    diag_error(unit->diags, DIAG_SYNTAX, self->name.span, "a sequence has at most %d operations",
               OPERATIONS_MAX);
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < parts[i]->len; j++) {
      Test *part = &parts[i]->at[j];
      part->shared = names.at;
      part->shared_count = (uint32_t)names.len;
      part->first_statement = statements;
      statements += (uint32_t)part->statements.len;
      part_check(unit, part, i == 0);
    }
}
