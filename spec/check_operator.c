/* Checking operators: what they take, and which evaluator a type has for them. */
#include "spec/ast.h"

static const Type *no_operator(Scope *scope, const Expr *self, Str operator, const Type * type,
                               const char *advice)
{
  Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "there is no `%.*s` for %.*s",
                          STR_ARG(operator), STR_ARG(type_words(scope->unit->arena, type)));
  if (advice) diag_note(scope->unit->diags, diag, SPAN_NONE, "%s", advice);
  return NULL;
}

static bool is_number(const Type *type)
{
  return type_is_integer(type) || type->kind == TYPE_F32 || type->kind == TYPE_F64;
}

/* &&, ||: bools. */
static const Type *check_logic(Scope *scope, Expr *self)
{
  const Type *type = type_of_kind(TYPE_BOOL);
  bool left = expr_check(scope, self->args[0], type) != NULL;
  bool right = expr_check(scope, self->args[1], type) != NULL;
  self->evaluate = operator_evaluator((Operator)self->op, type);
  return left && right ? type : NULL;
}

/* ==, <, …: two of one type. */
/* Handles are numbers of the instance that gave them: which they are says nothing. */
static bool is_comparable(Scope *scope, const Expr *self, const Type *type)
{
  if (!type_has_handles(scope->unit->arena, type)) return true;
  Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "%.*s cannot be compared",
                          STR_ARG(type_words(scope->unit->arena, type)));
  diag_note(scope->unit->diags, diag, SPAN_NONE,
            "it has resources in it: compare what their methods say of them");
  return false;
}

static const Type *check_order(Scope *scope, Expr *self)
{
  const Type *type = check_pair(scope, self->args[0], self->args[1], NULL);
  if (!type || !is_comparable(scope, self, type)) return NULL;
  self->evaluate = operator_evaluator((Operator)self->op, type);
  self->list = type;
  return type_of_kind(TYPE_BOOL);
}

static const char *advice_for(Operator op, const Type *type)
{
  bool sequence = type->kind == TYPE_STRING || value_shape(type) == VALUE_LIST;
  if (op == OP_ADD && sequence) return "`concat(a, b)` joins strings and lists";
  if (type->kind == TYPE_BOOL) return "bools have `&&`, `||`, `!`, `==` and `!=`";
  return NULL;
}

/* + - * / % & | ^: two of one type, which is the result's. */
static const Type *check_arithmetic(Scope *scope, Expr *self, const Type *want)
{
  Operator op = (Operator)self->op;
  bool useful = want && (is_number(want) || want->kind == TYPE_FLAGS);
  size_t first = useful ? 0 : deciding(scope, self->args, 2);
  const Type *type = expr_check(scope, self->args[first], useful ? want : NULL);
  if (!type) return NULL;
  self->evaluate = operator_evaluator(op, type);
  if (!self->evaluate) return no_operator(scope, self, operator_text(op), type, advice_for(op, type));
  return expr_check(scope, self->args[1 - first], type);
}

/* x << n: n is of any integer type. */
static const Type *check_shift(Scope *scope, Expr *self, const Type *want)
{
  Operator op = (Operator)self->op;
  const Type *type = expr_check(scope, self->args[0], want && type_is_integer(want) ? want : NULL);
  const Type *by = expr_check(scope, self->args[1], NULL);
  if (!type || !by) return NULL;
  if (!type_is_integer(by)) return no_operator(scope, self->args[1], operator_text(op), by, NULL);
  self->evaluate = operator_evaluator(op, type);
  return self->evaluate ? type : no_operator(scope, self, operator_text(op), type, NULL);
}

static const Type *check_binary(Scope *scope, Expr *self, const Type *want)
{
  switch (operator_class((Operator)self->op)) {
  case OP_LOGIC: return check_logic(scope, self);
  case OP_ORDER: return check_order(scope, self);
  case OP_SHIFT: return check_shift(scope, self, want);
  default: return check_arithmetic(scope, self, want);
  }
}

static const Type *check_negate(Scope *scope, Expr *self, const Type *want)
{
  const Type *type = expr_check(scope, self->args[0], want && is_number(want) ? want : NULL);
  if (!type) return NULL;
  self->evaluate = negate_evaluator(type);
  const char *advice =
      type_is_integer(type) ? "an unsigned number has no negative: write `0 - x` to wrap" : NULL;
  return self->evaluate ? type : no_operator(scope, self, STR("-"), type, advice);
}

/* a ~= b within t */
static const Type *check_near(Scope *scope, Expr *self)
{
  const Type *type = check_pair(scope, self->args[0], self->args[1], NULL);
  const Type *real = type_of_kind(TYPE_F64);
  bool fits = self->count < 3 || expr_check(scope, self->args[2], real);
  if (!type || !fits || !is_comparable(scope, self, type)) return NULL;
  self->evaluate = evaluate_near;
  self->list = type;
  return type_of_kind(TYPE_BOOL);
}

/* x in a..b: all three have one type, by the first that knows its own. */
static const Type *check_in_range(Scope *scope, Expr *self)
{
  Domain *domain = self->domain;
  Expr *const parts[] = {self->args[0], domain->low, domain->high};
  const Type *type = check_together(scope, parts, 3, NULL);
  if (!type) return NULL;
  if (!is_number(type) && type->kind != TYPE_CHAR)
    return no_operator(scope, self, STR("in a..b"), type, "ranges are of numbers and chars");
  domain->element = type;
  self->evaluate = evaluate_in_range;
  return type_of_kind(TYPE_BOOL);
}

/* What `in` looks for: an element of a list, a key of a map; NULL for other types. */
static const Type *member_type(const Type *type)
{
  if (value_shape(type) == VALUE_MAP) return type->element->fields[0].type;
  return value_shape(type) == VALUE_LIST ? type->element : NULL;
}

/* x in xs */
static const Type *check_in_list(Scope *scope, Expr *self)
{
  Domain *domain = self->domain;
  const Type *element = NULL, *type;
  if (expr_is_open(scope, domain->list) && !expr_is_open(scope, self->args[0])) {
    element = expr_check(scope, self->args[0], NULL);
    type = element ? expr_check(scope, domain->list, list_type(scope->unit->arena, element)) : NULL;
    if (!type) return NULL;
  } else {
    type = expr_check(scope, domain->list, NULL);
    if (!type) return NULL;
    element = member_type(type);
    if (!element)
      return no_operator(
          scope, self, STR("in"), type,
          "`x in` is followed by a list, by a map, of whose keys x is one, or by a range `a..b`");
    if (!expr_check(scope, self->args[0], element)) return NULL;
  }
  domain->list_type = type;
  domain->element = element;
  self->evaluate = evaluate_in_list;
  return type_of_kind(TYPE_BOOL);
}

const Type *check_operator(Scope *scope, Expr *self, const Type *want)
{
  const Type *type = type_of_kind(TYPE_BOOL);
  switch (self->kind) {
  case EXPR_NEGATE: return check_negate(scope, self, want);
  case EXPR_NOT: self->evaluate = evaluate_not; return expr_check(scope, self->args[0], type);
  case EXPR_BINARY: return check_binary(scope, self, want);
  case EXPR_NEAR: return check_near(scope, self);
  default: return self->domain->list ? check_in_list(scope, self) : check_in_range(scope, self);
  }
}
