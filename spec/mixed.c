#include "spec/mixed.h"

#include "ifc/base/vec.h"
#include "spec/plan.h"

/* Is there a call whose only use is its effect? A method's is on the resource that the law has made. */
static bool has_effect(const Test *law)
{
  Expr *const *args;
  for (size_t i = 0; i < law->statements.len; i++) {
    const Statement *statement = &law->statements.at[i];
    bool is_call = statement->kind == STATEMENT_CALL || statement->kind == STATEMENT_TRAPS;
    const Function *function = is_call ? expr_call(statement->expr, &args) : NULL;
    if (function && !function->result && function->kind != FUNCTION_METHOD) return true;
  }
  return false;
}

static bool is_stateless(const Spec *spec)
{
  for (size_t i = 0; i < spec->tests.len; i++) {
    const Test *test = &spec->tests.at[i];
    if (test->kind == TEST_SEQUENCE || (test->kind == TEST_LAW && has_effect(test))) return false;
  }
  return true;
}

/* With room for one more condition. */
static Test *operation_of(Arena *arena, const Test *law, PlanLabels *labels)
{
  Test *self = arena_new_of(arena, Test);
  size_t count = law->conditions.len;
  *self = *law;
  self->conditions.at = arena_array_of(arena, Condition, count + 1);
  for (size_t i = 0; i < count; i++) self->conditions.at[i] = (Condition){.expr = law->conditions.at[i].expr};
  plans_make(arena, self, labels);
  return self;
}

/* A condition that never holds. */
static void never_fits(Arena *arena, Test *operation)
{
  Expr *expr = arena_new_of(arena, Expr);
  *expr = (Expr){.evaluate = evaluate_constant, .constant = value_bool(false)};
  operation->conditions.at[operation->conditions.len++] = (Condition){.expr = expr};
}

const Test *mixed_test_without(Arena *arena, const Spec *spec, const bool *left_out)
{
  size_t left = 0;
  Test *self = arena_new_of(arena, Test);
  PlanLabels labels = {0};
  uint32_t statements = 0;
  *self = (Test){.kind = TEST_SEQUENCE};
  for (size_t i = 0; i < spec->tests.len && is_stateless(spec); i++) {
    const Test *law = &spec->tests.at[i];
    if (law->kind != TEST_LAW || !law->params.len || !plans_fit(law) ||
        self->operations.len == OPERATIONS_MAX)
      continue;
    Test *operation = operation_of(arena, law, &labels);
    operation->first_statement = statements;
    statements += (uint32_t)operation->statements.len;
    if (left_out && left_out[i]) never_fits(arena, operation);
    left += !left_out || !left_out[i];
    vec_push(arena, &self->operations, *operation);
  }
  if (!left) return NULL;
  self->name = self->operations.at[0].name;
  return self;
}

const Test *mixed_test(Arena *arena, const Spec *spec)
{
  return mixed_test_without(arena, spec, NULL);
}

uint32_t mixed_law(const Spec *spec, const Test *part)
{
  uint32_t index = 0;
  while (index < spec->tests.len && spec->tests.at[index].statements.at != part->statements.at) index++;
  return index;
}
