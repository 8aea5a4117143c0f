/* Checking tests: the types of their parameters, rows, conditions and statements. */
#include "spec/tests.h"

static void check_row(Unit *unit, Scope *scope, const Test *test, const Row *row)
{
  if (row->count != test->params.len) {
    Diag *diag = diag_error(unit->diags, DIAG_TYPE, row->span, "this row has %u value%s for %zu parameter%s",
                            row->count, row->count == 1 ? "" : "s", test->params.len,
                            test->params.len == 1 ? "" : "s");
    diag_note(unit->diags, diag, test->name.span, "of this table");
    return;
  }
  for (uint32_t i = 0; i < row->count; i++) expr_check(scope, row->cells[i], test->params.at[i].type);
}

static void check_rows(Unit *unit, Test *self)
{
  if (self->kind != TEST_TABLE) return;
  if (self->rows.len == 0)
    diag_error(unit->diags, DIAG_SYNTAX, self->name.span,
               "this table has no rows: write them before the statements, as in `(1, 2, true)`");
  Scope *scope = scope_new(unit);
  scope_forbid_calls(scope, STR("a row holds values: call the interface in the statements below the rows"));
  for (size_t i = 0; i < self->rows.len; i++) check_row(unit, scope, self, &self->rows.at[i]);
  scope_finish(scope);
  self->row_slot_count = scope_slot_count(scope);
}

static bool is_interface_call(const Expr *expr)
{
  Expr *const *args;
  return expr_call(expr, &args) != NULL || expr->evaluate == evaluate_drop;
}

/* Assignments to what is known as a `var` are checked by check_sequence.c. */
static void refuse_set(Unit *unit, const Statement *self)
{
  Diag *diag = diag_error(unit->diags, DIAG_NAME, self->name.span, "`%.*s` cannot be changed here",
                          STR_ARG(self->name.text));
  diag_note(unit->diags, diag, SPAN_NONE,
            "the operations of a `sequence` change its `var`s; elsewhere `let x = …;` names a new value, and "
            "`==` compares");
}

void statement_check(Unit *unit, Scope *scope, Statement *self)
{
  if (!self->expr) { /* a `let` that could not be read */
    scope_bind(scope, &self->name, NULL);
    return;
  }
  switch (self->kind) {
  case STATEMENT_LET:
  case STATEMENT_VAR: self->slot = scope_let(scope, &self->name, self->declared, self->expr); return;
  case STATEMENT_SET: refuse_set(unit, self); return;
  case STATEMENT_EXPECT: expr_check(scope, self->expr, type_of_kind(TYPE_BOOL)); return;
  case STATEMENT_TRAPS:
    if (expr_check(scope, self->expr, NULL) && !is_interface_call(self->expr))
      diag_error(unit->diags, DIAG_TYPE, self->expr->span,
                 "only a call of the interface can trap: write `expect f(…) traps;`");
    return;
  case STATEMENT_CALL:
    if (expr_check(scope, self->expr, NULL) && !is_interface_call(self->expr))
      diag_error(unit->diags, DIAG_TYPE, self->expr->span,
                 "this has no effect: write `expect …;`, `let x = …;` or a call of the interface");
    return;
  }
}

bool test_expects_something(const Test *self)
{
  if (self->is_broken) return true; /* for all that is known */
  for (size_t i = 0; i < self->statements.len; i++)
    if (self->statements.at[i].kind > STATEMENT_SET) return true;
  return false;
}

void conditions_check(Scope *scope, Test *self)
{
  scope_forbid_calls(scope, STR("`where` chooses the inputs, for all implementations alike"));
  for (size_t i = 0; i < self->conditions.len; i++)
    expr_check(scope, self->conditions.at[i].expr, type_of_kind(TYPE_BOOL));
  scope_forbid_calls(scope, (Str){0});
}

void test_check(Unit *unit, Test *self)
{
  bool has_parts = self->operations.len || self->invariants.len;
  unit->in_steps = self->kind == TEST_SEQUENCE || has_parts;
  check_rows(unit, self);
  Scope *scope = scope_new(unit);
  self->scope = scope;
  for (size_t i = 0; i < self->params.len; i++)
    scope_bind(scope, &self->params.at[i].name, self->params.at[i].type);
  conditions_check(scope, self);
  for (size_t i = 0; i < self->statements.len; i++) statement_check(unit, scope, &self->statements.at[i]);
  scope_finish(scope);
  self->slot_count = scope_slot_count(scope);
  if (unit->in_steps)
    sequence_check(unit, self);
  else if (!test_expects_something(self))
    diag_error(unit->diags, DIAG_SYNTAX, self->name.span, "this test expects nothing: write `expect …;`");
}
