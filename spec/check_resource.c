/* Checking what concerns resources: constructors, methods, statics, and `drop`. */
#include "ifc/callable.h"
#include "ifc/near.h"
#include "spec/ast.h"

static const TypeDef *find_resource(const Scope *scope, Str name)
{
  const TypeDef *def = interface_typedef(scope->unit->interface, name);
  return def ? def->resource : NULL;
}

/* Its function of this kind and name; NULL, with the one that was meant in `near`. */
static const Function *find_function(const Scope *scope, const TypeDef *resource, FunctionKind kind, Str name,
                                     Near *near)
{
  const Interface *interface = scope->unit->interface;
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    if (function->resource != resource || function->kind != kind) continue;
    if (kind == FUNCTION_CONSTRUCTOR || str_equal(function->plain, name)) return function;
    near_consider(near, function->plain);
  }
  return NULL;
}

static const Type *no_such_function(Scope *scope, const Expr *self, const TypeDef *resource, const char *what,
                                    const Near *near)
{
  Diags *diags = scope->unit->diags;
  Diag *diag = diag_error(diags, DIAG_NAME, self->name.span, "`%.*s` has no %s `%.*s`",
                          STR_ARG(resource->name), what, STR_ARG(self->name.text));
  if (near->best.len) diag_note(diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near->best));
  return NULL;
}

bool check_is_constructor(const Scope *scope, const Expr *self)
{
  return !self->op && find_resource(scope, self->name.text) != NULL;
}

/* stack(10) */
const Type *check_constructor(Scope *scope, Expr *self)
{
  Near near = {.wanted = self->name.text};
  const TypeDef *resource = find_resource(scope, self->name.text);
  const Function *function = find_function(scope, resource, FUNCTION_CONSTRUCTOR, self->name.text, &near);
  if (function) return check_function(scope, self, function);
  diag_error(scope->unit->diags, DIAG_NAME, self->name.span,
             "`%.*s` has no constructor: its values come from other functions", STR_ARG(resource->name));
  return NULL;
}

/* stack.merge(a, b) */
static const Type *check_static(Scope *scope, Expr *self, const TypeDef *resource)
{
  Near near = {.wanted = self->name.text};
  const Function *function = find_function(scope, resource, FUNCTION_STATIC, self->name.text, &near);
  if (!function) return no_such_function(scope, self, resource, "static function", &near);
  self->args++;
  self->count--;
  return check_function(scope, self, function);
}

/* s.push(x): a method of what is before the dot, or a static function of the resource that it names. */
const Type *check_method(Scope *scope, Expr *self)
{
  Expr *receiver = self->args[0];
  bool is_name = receiver->kind == EXPR_NAME && !scope_lookup(scope, receiver->name.text);
  const TypeDef *resource = is_name ? find_resource(scope, receiver->name.text) : NULL;
  if (resource) return check_static(scope, self, resource);
  const Type *type = expr_check(scope, receiver, NULL);
  if (!type) return NULL;
  if (type->kind != TYPE_OWN && type->kind != TYPE_BORROW) {
    Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->name.span, "%.*s has no methods",
                            STR_ARG(type_words(scope->unit->arena, type)));
    diag_note(scope->unit->diags, diag, SPAN_NONE,
              "only resources have; other functions are called as `%.*s(…)`", STR_ARG(self->name.text));
    return NULL;
  }
  Near near = {.wanted = self->name.text};
  const Function *function = find_function(scope, type->named, FUNCTION_METHOD, self->name.text, &near);
  if (!function) return no_such_function(scope, self, type->named, "method", &near);
  return check_function(scope, self, function);
}

/* What a method is called on is known already. */
bool check_argument(Scope *scope, Expr *arg, const Type *want)
{
  bool is_receiver = want->kind == TYPE_BORROW && arg->type && arg->type->named == want->named;
  return is_receiver || expr_check(scope, arg, want) != NULL;
}

bool type_has_handles(Arena *arena, const Type *type)
{
  return type && type_obstacle(arena, type).len > 0;
}

bool function_moves_handles(Arena *arena, const Function *function)
{
  bool moves = type_has_handles(arena, function->result);
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Type *type = function->params[i].type;
    moves = moves || (type->kind != TYPE_BORROW && type_has_handles(arena, type));
  }
  return moves;
}

/* drop(s) */
const Type *check_drop(Scope *scope, Expr *self)
{
  Diags *diags = scope->unit->diags;
  if (scope->no_calls.len) {
    Diag *diag = diag_error(diags, DIAG_TYPE, self->span, "nothing can be dropped here");
    diag_note(diags, diag, SPAN_NONE, "%.*s", STR_ARG(scope->no_calls));
    return NULL;
  }
  if (self->count != 1) {
    diag_error(diags, DIAG_TYPE, self->span, "`drop` takes one argument, not %u", self->count);
    return NULL;
  }
  const Type *type = expr_check(scope, self->args[0], NULL);
  if (!type) return NULL;
  if (type->kind != TYPE_OWN) {
    diag_error(diags, DIAG_TYPE, self->args[0]->span, "%.*s is no resource that could be dropped",
               STR_ARG(type_words(scope->unit->arena, type)));
    return NULL;
  }
  scope->unit->calls = true;
  self->evaluate = evaluate_drop;
  return type_nothing();
}
