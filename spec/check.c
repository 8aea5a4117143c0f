/* Checking expressions: types flow down where the context knows them and up where it does not. This file has
 * the rules that all kinds share; those of each kind are in check_literal.c, check_call.c, check_operator.c
 * and check_block.c. */
#include "ifc/base/map.h"
#include "spec/ast.h"

static const Type *check_kind(Scope *scope, Expr *self, const Type *want)
{
  switch (self->kind) {
  case EXPR_NUMBER:
  case EXPR_STRING:
  case EXPR_CHAR:
  case EXPR_BYTES:
  case EXPR_BOOL:
  case EXPR_LIST:
  case EXPR_TUPLE:
  case EXPR_RECORD:
  case EXPR_FLAGS: return check_literal(scope, self, want);
  case EXPR_CASE:
  case EXPR_NAME: return check_name(scope, self, want);
  case EXPR_CALL: return check_call(scope, self, want);
  case EXPR_METHOD: return check_method(scope, self);
  case EXPR_FIELD: return check_field(scope, self, want);
  case EXPR_INDEX: return check_index(scope, self, want);
  case EXPR_NEGATE:
  case EXPR_NOT:
  case EXPR_BINARY:
  case EXPR_NEAR:
  case EXPR_IN: return check_operator(scope, self, want);
  case EXPR_IF:
  case EXPR_MATCH:
  case EXPR_LET:
  case EXPR_FOR_ALL:
  case EXPR_EXISTS:
  case EXPR_EACH:
  case EXPR_GENERATE: return check_block(scope, self, want);
  }
  return NULL;
}

static void report_mismatch(Scope *scope, const Expr *self, const Type *want, const Type *type)
{
  Unit *unit = scope->unit;
  Str wanted = type_words(unit->arena, want);
  Diag *diag = diag_error(unit->diags, DIAG_TYPE, self->span, "expected %.*s, found %.*s", STR_ARG(wanted),
                          STR_ARG(type_words(unit->arena, type)));
  if (type_is_primitive(want) && type_is_primitive(type) && want->kind != TYPE_BOOL &&
      type->kind != TYPE_BOOL)
    diag_note(unit->diags, diag, SPAN_NONE, "convert it: `%.*s(…)`", STR_ARG(type_text(unit->arena, want)));
  if (type->kind == TYPE_LIST && (want->kind == TYPE_MAP || want->kind == TYPE_FIXED_LIST))
    diag_note(unit->diags, diag, SPAN_NONE, "a list becomes one where its type is said: `let x: %.*s = …;`",
              STR_ARG(type_text(unit->arena, want)));
}

/* A call without result can be a statement, but no part of anything. */
static bool is_missing(Scope *scope, const Expr *self, const Type *type)
{
  if (type != type_nothing() || scope->depth == 0) return false;
  diag_error(scope->unit->diags, DIAG_TYPE, self->span, "`%.*s` gives no result", STR_ARG(self->name.text));
  return true;
}

/* What is owned may be lent, wherever a borrowed handle is wanted. */
static bool is_lent(const Type *type, const Type *want)
{
  return type->kind == TYPE_OWN && want->kind == TYPE_BORROW && type->named == want->named;
}

const Type *expr_check(Scope *scope, Expr *self, const Type *want)
{
  return stands_flat(scope, self, want) ? check_flat(scope, self, want) : check_written(scope, self, want);
}

const Type *check_written(Scope *scope, Expr *self, const Type *want)
{
  self->evaluate = evaluate_constant;
  scope->depth++;
  const Type *type = check_kind(scope, self, want);
  scope->depth--;
  if (type && is_missing(scope, self, type)) type = NULL;
  if (type && want && is_lent(type, want)) type = want;
  self->type = type;
  if (!type || !want || type_equal(type, want)) return type;
  report_mismatch(scope, self, want, type);
  self->type = NULL;
  return NULL;
}

/* How well an expression knows its type without being told. */
static int certainty(Scope *scope, const Expr *expr)
{
  if (!expr_is_open(scope, expr)) return 3;
  if (expr_is_blank(scope, expr)) return 0;
  return expr_is_fractional(scope, expr) ? 2 : 1;
}

size_t deciding(Scope *scope, Expr *const *exprs, size_t count)
{
  size_t first = 0;
  for (size_t i = 1; i < count; i++)
    if (certainty(scope, exprs[i]) > certainty(scope, exprs[first])) first = i;
  return first;
}

const Type *check_together(Scope *scope, Expr *const *exprs, size_t count, const Type *want)
{
  size_t first = want ? 0 : deciding(scope, exprs, count);
  const Type *type = expr_check(scope, exprs[first], want);
  bool fits = type != NULL;
  for (size_t i = 0; i < count; i++) {
    if (i == first) continue;
    /* After an error, what waits for a type would only report that it has none. */
    if (!type && !want && expr_is_open(scope, exprs[i])) continue;
    fits = expr_check(scope, exprs[i], type ? type : want) && fits;
  }
  return fits ? type : NULL;
}

const Type *check_pair(Scope *scope, Expr *left, Expr *right, const Type *want)
{
  Expr *const pair[] = {left, right};
  return check_together(scope, pair, 2, want);
}

Span expr_span(const Expr *self)
{
  return self->span;
}

const Type *expr_type(const Expr *self)
{
  return self->type;
}

const Function *expr_call(const Expr *self, Expr *const **args)
{
  bool is_call = self->kind == EXPR_CALL || self->kind == EXPR_METHOD;
  if (!is_call || (self->evaluate != evaluate_function && self->evaluate != evaluate_resource_call))
    return NULL;
  *args = self->args;
  return self->function;
}

bool expr_is_constant(const Expr *self)
{
  return self->type && self->evaluate == evaluate_constant;
}

void expr_set_constant(Expr *self, Value value)
{
  self->evaluate = evaluate_constant;
  self->constant = value;
}

const Type *type_nothing(void)
{
  static const Type nothing = {.kind = TYPE_TUPLE};
  return &nothing;
}

Str type_words(Arena *arena, const Type *type)
{
  if (type == type_nothing()) return STR("no result");
  return str_format(arena, "`%.*s`", STR_ARG(type_text(arena, type)));
}

static bool find_in_pair(Str name, const char *first, const char *second, uint32_t *tag)
{
  bool is_first = str_equal(name, str_from_z(first));
  if (!is_first && !str_equal(name, str_from_z(second))) return false;
  *tag = !is_first;
  return true;
}

bool type_find_field(const Type *type, Str name, uint32_t *index)
{
  for (uint32_t i = 0; i < type->count; i++) {
    if (!str_equal(type->fields[i].name, name)) continue;
    *index = i;
    return true;
  }
  return false;
}

bool type_find_case(const Type *type, Str name, uint32_t *tag)
{
  if (type->kind == TYPE_BOOL) return find_in_pair(name, "false", "true", tag);
  if (type->kind == TYPE_OPTION) return find_in_pair(name, "none", "some", tag);
  if (type->kind == TYPE_RESULT) return find_in_pair(name, "ok", "err", tag);
  return (type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM) && type_find_field(type, name, tag);
}

const Type *unit_type_with_case(const Unit *self, Str name)
{
  const Type *found = NULL;
  uint32_t tag;
  for (uint32_t i = 0; i < self->interface->typedef_count; i++) {
    const Type *type = self->interface->typedefs[i].type;
    bool declared = type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM;
    if (!declared || !type_find_case(type, name, &tag)) continue;
    if (found && !type_equal(found, type)) return NULL;
    found = type;
  }
  return found;
}

/* --- literals that wait for their type */

static bool any_open(Scope *scope, const Expr *self)
{
  for (uint32_t i = 0; i < self->count; i++)
    if (expr_is_open(scope, self->args[i])) return true;
  return false;
}

static bool all_open(Scope *scope, const Expr *self)
{
  for (uint32_t i = 0; i < self->count; i++)
    if (!expr_is_open(scope, self->args[i])) return false;
  return true;
}

static bool name_is_open(Scope *scope, const Expr *self)
{
  const Binding *binding = scope_lookup(scope, self->name.text);
  if (binding) return binding->value && !binding->type && !binding->failed;
  return str_equal(self->name.text, STR("none")) || unit_type_with_case(scope->unit, self->name.text);
}

static bool call_is_open(Scope *scope, const Expr *self)
{
  Str name = self->name.text;
  bool declared = interface_function(scope->unit->interface, name) || map_get(scope->unit->fns, name);
  if (declared && !self->op) return false;
  if (str_equal(name, STR("some"))) return any_open(scope, self);
  if (str_equal(name, STR("ok")) || str_equal(name, STR("err"))) return true;
  const Library *library = library_find(name);
  if (!library) return unit_type_with_case(scope->unit, name) != NULL;
  return library_keeps_type(library) && self->count > 0 && expr_is_open(scope, self->args[0]) &&
         (self->count == 1 || !library_joins_types(library) || all_open(scope, self));
}

bool expr_is_open(Scope *scope, const Expr *self)
{
  switch (self->kind) {
  case EXPR_NUMBER:
  case EXPR_RECORD:
  case EXPR_FLAGS: return true;
  case EXPR_LIST: return all_open(scope, self);
  case EXPR_TUPLE: return any_open(scope, self);
  case EXPR_NAME: return name_is_open(scope, self);
  case EXPR_CALL: return call_is_open(scope, self);
  case EXPR_NEGATE: return all_open(scope, self);
  case EXPR_BINARY:
    switch (operator_class((Operator)self->op)) {
    case OP_BITS:
    case OP_ARITHMETIC: return all_open(scope, self);
    case OP_SHIFT: return expr_is_open(scope, self->args[0]);
    default: return false;
    }
  case EXPR_IF: return expr_is_open(scope, self->args[1]) && expr_is_open(scope, self->args[2]);
  default: return false;
  }
}

bool expr_is_blank(Scope *scope, const Expr *self)
{
  bool blank = false;
  switch (self->kind) {
  case EXPR_NAME: return !scope_lookup(scope, self->name.text) && str_equal(self->name.text, STR("none"));
  case EXPR_CALL:
    if (str_equal(self->name.text, STR("ok")) || str_equal(self->name.text, STR("err"))) return true;
    break;
  case EXPR_LIST: blank = self->count == 0; break;
  case EXPR_TUPLE:
  case EXPR_IF: break;
  default: return false;
  }
  for (uint32_t i = 0; i < self->count; i++) blank = blank || expr_is_blank(scope, self->args[i]);
  return blank;
}

bool expr_is_fractional(Scope *scope, const Expr *self)
{
  if (self->kind == EXPR_NUMBER) return self->token.kind != TOKEN_INTEGER;
  if (self->kind == EXPR_NAME) {
    const Binding *binding = scope_lookup(scope, self->name.text);
    return binding && binding->is_fractional;
  }
  if (self->kind == EXPR_FLAGS) return false;
  for (uint32_t i = 0; i < self->count; i++)
    if (expr_is_fractional(scope, self->args[i])) return true;
  return false;
}
