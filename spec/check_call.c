/* Checking names and calls: variables, cases, the interface's functions, fns; and the parts of values. */
#include "ifc/base/map.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "spec/ast.h"

static bool is_option_or_result(Str name)
{
  return str_equal(name, STR("some")) || str_equal(name, STR("none")) || str_equal(name, STR("ok")) ||
         str_equal(name, STR("err"));
}

/* --- cases */

/* The type of a case's payload; NULL: it has none. */
static const Type *case_payload(const Type *type, uint32_t tag)
{
  return value_payload_type(type, (Value){.tag = tag});
}

/* The node is the case `tag` of `type`: checks its payload. */
static const Type *check_case(Scope *scope, Expr *self, const Type *type, uint32_t tag)
{
  const Type *payload = case_payload(type, tag);
  Str name = self->name.text;
  if (self->count != (payload ? 1 : 0) || (self->kind == EXPR_CALL && !payload)) {
    Diag *diag =
        diag_error(scope->unit->diags, DIAG_TYPE, self->span, "the case `%.*s` of %.*s has %s", STR_ARG(name),
                   STR_ARG(type_words(scope->unit->arena, type)), payload ? "a payload" : "no payload");
    if (payload)
      diag_note(scope->unit->diags, diag, SPAN_NONE, "write `%.*s(…)` with a value of type `%.*s`",
                STR_ARG(name), STR_ARG(type_text(scope->unit->arena, payload)));
    else
      diag_note(scope->unit->diags, diag, SPAN_NONE, "write `%.*s`", STR_ARG(name));
    return NULL;
  }
  if (payload && !expr_check(scope, self->args[0], payload)) return NULL;
  self->kind = EXPR_CASE;
  self->slot = tag;
  self->type = type;
  self->evaluate = evaluate_case;
  fold_constant(scope, self);
  return type;
}

/* some, none, ok, err where nothing says what they are part of. */
static const Type *infer_case(Scope *scope, Expr *self)
{
  if (str_equal(self->name.text, STR("some")) && self->count == 1) {
    const Type *element = expr_check(scope, self->args[0], NULL);
    if (!element) return NULL;
    Type *type = arena_new_of(scope->unit->arena, Type);
    *type = (Type){.kind = TYPE_OPTION, .element = element};
    self->kind = EXPR_CASE;
    self->slot = 1;
    self->type = type;
    self->evaluate = evaluate_case;
    fold_constant(scope, self);
    return type;
  }
  diag_error(scope->unit->diags, DIAG_TYPE, self->span,
             "cannot tell the type of this `%.*s`: say it, as in `let x: %s = …;`", STR_ARG(self->name.text),
             str_equal(self->name.text, STR("none")) ? "option<u8>" : "result<u8, string>");
  return NULL;
}

/* What the name is a case of: of the wanted type, or of the only one that has it. NULL: of none. */
static const Type *type_with_case(Scope *scope, const Expr *self, const Type *want, uint32_t *tag)
{
  bool is_literal = is_option_or_result(self->name.text) && !self->escaped;
  if (want && want->kind != TYPE_BOOL) {
    bool wants_literal = want->kind == TYPE_OPTION || want->kind == TYPE_RESULT;
    if (wants_literal == is_literal && type_find_case(want, self->name.text, tag)) return want;
  }
  if (is_literal) return NULL;
  const Type *type = unit_type_with_case(scope->unit, self->name.text);
  return type && type_find_case(type, self->name.text, tag) ? type : NULL;
}

static const Type *misfit_case(Scope *scope, const Expr *self, const Type *want)
{
  bool option = str_equal(self->name.text, STR("some")) || str_equal(self->name.text, STR("none"));
  diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected %.*s, found %s",
             STR_ARG(type_words(scope->unit->arena, want)), option ? "an option" : "a result");
  return NULL;
}

/* --- names */

static const Type *check_variable(Scope *scope, Expr *self, Binding *binding, const Type *want)
{
  const Type *type = binding_type(scope, binding, want);
  if (!type) return NULL;
  self->slot = binding->slot;
  self->evaluate = evaluate_name;
  return type;
}

static void consider_case(Near *near, const Type *type)
{
  if (!type || (type->kind != TYPE_VARIANT && type->kind != TYPE_ENUM)) return;
  for (uint32_t i = 0; i < type->count; i++) near_consider(near, type->fields[i].name);
}

/* A name like `a-b`, of which `a` is one: most likely a difference. */
static bool is_difference(const Scope *scope, Str name)
{
  for (size_t at = 0; at < name.len; at++)
    if (name.at[at] == '-' && scope_lookup(scope, str_slice(name, 0, at))) return true;
  return false;
}

static const Type *unknown_name(Scope *scope, const Expr *self, const Type *want)
{
  Str name = self->name.text;
  Unit *unit = scope->unit;
  if (interface_function(unit->interface, name) || map_get(unit->fns, name) || library_find(name)) {
    diag_error(unit->diags, DIAG_NAME, self->span, "`%.*s` is a function: call it, as in `%.*s(…)`",
               STR_ARG(name), STR_ARG(name));
    return NULL;
  }
  Near near = {.wanted = name};
  for (const Binding *at = scope->names; at; at = at->next) near_consider(&near, at->name.text);
  consider_case(&near, want);
  for (uint32_t i = 0; i < unit->interface->typedef_count; i++)
    consider_case(&near, unit->interface->typedefs[i].type);
  Diag *diag = diag_error(unit->diags, DIAG_NAME, self->span, "no variable or case `%.*s`", STR_ARG(name));
  if (is_difference(scope, name))
    diag_note(unit->diags, diag, SPAN_NONE, "it is one name; a difference has spaces, as in `a - b`");
  else if (near.best.len)
    diag_note(unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  return NULL;
}

const Type *check_name(Scope *scope, Expr *self, const Type *want)
{
  uint32_t tag;
  Binding *binding = scope_lookup(scope, self->name.text);
  if (binding) return check_variable(scope, self, binding, want);
  const Type *type = type_with_case(scope, self, want, &tag);
  if (type) return check_case(scope, self, type, tag);
  if (is_option_or_result(self->name.text) && !self->escaped)
    return want ? misfit_case(scope, self, want) : infer_case(scope, self);
  return unknown_name(scope, self, want);
}

/* --- calls */

/* `hidden` of the arguments stand before the dot of a method. */
static bool count_fits(Scope *scope, const Expr *self, size_t count, uint32_t hidden, Str signature)
{
  if (self->count == count) return true;
  count -= hidden;
  Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "`%.*s` takes %zu argument%s, not %u",
                          STR_ARG(self->name.text), count, count == 1 ? "" : "s", self->count - hidden);
  diag_note(scope->unit->diags, diag, SPAN_NONE, "it is `%.*s: %.*s`", STR_ARG(self->name.text),
            STR_ARG(signature));
  return false;
}

static bool has_handles(Arena *arena, const Function *function)
{
  bool has = type_has_handles(arena, function->result);
  for (uint32_t i = 0; i < function->param_count; i++)
    has = has || type_has_handles(arena, function->params[i].type);
  return has;
}

/* Functions that are called for their effect, that give something for nothing, or that the steps of a
 * sequence call: what they give may depend on earlier calls. What a resource remembers is its own. */
static bool shows_state(const Unit *unit, const Function *function)
{
  if (function->kind != FUNCTION_FREE && function->kind != FUNCTION_STATIC) return false;
  if (has_handles(unit->arena, function)) return false;
  return unit->in_steps || !function->result || !function->param_count;
}

const Type *check_function(Scope *scope, Expr *self, const Function *function)
{
  Unit *unit = scope->unit;
  if (scope->no_calls.len) {
    Diag *diag = diag_error(unit->diags, DIAG_TYPE, self->span,
                            "the interface's `%.*s` cannot be called here", STR_ARG(function->name));
    diag_note(unit->diags, diag, SPAN_NONE, "%.*s", STR_ARG(scope->no_calls));
    return NULL;
  }
  Str obstacle = function_obstacle(unit->arena, function);
  if (obstacle.len) {
    diag_error(unit->diags, DIAG_UNSUPPORTED, self->span, "`%.*s` cannot be called: %.*s",
               STR_ARG(function->name), STR_ARG(obstacle));
    return NULL;
  }
  uint32_t hidden = function->kind == FUNCTION_METHOD;
  if (!count_fits(scope, self, function->param_count, hidden, function_signature(unit->arena, function)))
    return NULL;
  bool fits = true;
  for (uint32_t i = 0; i < function->param_count; i++)
    fits = check_argument(scope, self->args[i], function->params[i].type) && fits;
  if (!fits) return NULL;
  unit->calls = true;
  unit->has_state = unit->has_state || shows_state(unit, function);
  self->evaluate = function_moves_handles(unit->arena, function) ? evaluate_resource_call : evaluate_function;
  self->function = function;
  return function->result ? function->result : type_nothing();
}

static Str fn_signature(Arena *arena, const Fn *fn)
{
  Buf out = buf_in(arena);
  buf_byte(&out, '(');
  for (size_t i = 0; i < fn->params.len; i++) {
    if (i > 0) buf_z(&out, ", ");
    buf_str(&out, fn->params.at[i].name.text);
    buf_z(&out, ": ");
    buf_str(&out, type_text(arena, fn->params.at[i].type));
  }
  buf_z(&out, ") -> ");
  if (fn->result) buf_str(&out, type_text(arena, fn->result));
  return buf_text(&out);
}

static const Type *check_fn_call(Scope *scope, Expr *self, Fn *fn)
{
  if (!count_fits(scope, self, fn->params.len, 0, fn_signature(scope->unit->arena, fn))) return NULL;
  bool fits = fn->body != NULL;
  for (size_t i = 0; i < fn->params.len; i++)
    fits = expr_check(scope, self->args[i], fn->params.at[i].type) && fits;
  if (!fits) return NULL;
  self->evaluate = evaluate_fn;
  self->fn = fn;
  return fn->result;
}

static const Type *unknown_function(Scope *scope, const Expr *self)
{
  Unit *unit = scope->unit;
  Near near = {.wanted = self->name.text};
  for (uint32_t i = 0; i < unit->interface->function_count; i++)
    near_consider(&near, unit->interface->functions[i].name);
  for (size_t i = 0; i < map_count(unit->fns); i++) near_consider(&near, map_entry(unit->fns, i)->key);
  for (uint32_t i = 0; i < unit->interface->typedef_count; i++)
    consider_case(&near, unit->interface->typedefs[i].type);
  for (size_t i = 0; library_name_at(i).len; i++) near_consider(&near, library_name_at(i));
  Diag *diag =
      diag_error(unit->diags, DIAG_NAME, self->name.span, "no function `%.*s`", STR_ARG(self->name.text));
  if (near.best.len) diag_note(unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  return NULL;
}

/* A name before '(' means, in this order: a function of the interface, a fn, a case, a library function. */
const Type *check_call(Scope *scope, Expr *self, const Type *want)
{
  uint32_t tag;
  Str name = self->name.text;
  if (self->op) return library_find(name) ? check_library(scope, self, want) : unknown_function(scope, self);
  const Function *function = interface_function(scope->unit->interface, name);
  if (function) return check_function(scope, self, function);
  if (check_is_constructor(scope, self)) return check_constructor(scope, self);
  Fn *fn = map_get(scope->unit->fns, name);
  if (fn) return check_fn_call(scope, self, fn);
  const Type *type = type_with_case(scope, self, want, &tag);
  if (type) return check_case(scope, self, type, tag);
  if (is_option_or_result(name) && !self->escaped)
    return want ? misfit_case(scope, self, want) : infer_case(scope, self);
  if (str_equal(name, STR("drop"))) return check_drop(scope, self);
  if (library_find(name)) return check_library(scope, self, want);
  return unknown_function(scope, self);
}

/* --- parts */

static const Type *no_such_field(Scope *scope, const Expr *self, const Type *type)
{
  Near near = {.wanted = self->name.text};
  bool has_fields = type->kind == TYPE_RECORD;
  for (uint32_t i = 0; has_fields && i < type->count; i++) near_consider(&near, type->fields[i].name);
  Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->name.span, "%.*s has no %s `%.*s`",
                          STR_ARG(type_words(scope->unit->arena, type)), self->bare ? "element" : "field",
                          STR_ARG(self->name.text));
  if (near.best.len)
    diag_note(scope->unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  return NULL;
}

/* `.name` of a record, `.0` of a tuple; of a flags type, whether the flag is set. */
const Type *check_field(Scope *scope, Expr *self, const Type *want)
{
  (void)want;
  const Type *type = expr_check(scope, self->args[0], NULL);
  if (!type) return NULL;
  uint64_t number;
  uint32_t index;
  if (self->bare) {
    bool fits = type->kind == TYPE_TUPLE && str_to_u64(self->name.text, &number) && number < type->count;
    if (!fits) return no_such_field(scope, self, type);
    index = (uint32_t)number;
  } else {
    bool has_names = type->kind == TYPE_RECORD || type->kind == TYPE_FLAGS;
    if (!has_names || !type_find_field(type, self->name.text, &index))
      return no_such_field(scope, self, type);
  }
  self->slot = index;
  if (type->kind == TYPE_FLAGS) {
    self->evaluate = evaluate_flag;
    return type_of_kind(TYPE_BOOL);
  }
  self->evaluate = self->args[0]->evaluate == evaluate_name ? evaluate_name_field : evaluate_field;
  return type->fields[index].type;
}

static const Type *not_indexable(Scope *scope, const Expr *self, const Type *type)
{
  Diags *diags = scope->unit->diags;
  Diag *diag = diag_error(diags, DIAG_TYPE, self->span, "%.*s cannot be indexed: it is no list",
                          STR_ARG(type_words(scope->unit->arena, type)));
  if (type->kind == TYPE_STRING)
    diag_note(diags, diag, SPAN_NONE, "`chars(s)` and `bytes(s)` give the lists of a string");
  return NULL;
}

/* m[key] of a map: the value that it has for the key. */
static const Type *check_lookup(Scope *scope, Expr *self, const Type *map)
{
  const Type *pair = map->element;
  self->list = map;
  self->evaluate = evaluate_lookup;
  return expr_check(scope, self->args[1], pair->fields[0].type) ? pair->fields[1].type : NULL;
}

const Type *check_index(Scope *scope, Expr *self, const Type *want)
{
  (void)want;
  Diags *diags = scope->unit->diags;
  const Type *type = expr_check(scope, self->args[0], NULL);
  if (type && type->kind == TYPE_MAP) return check_lookup(scope, self, type);
  const Type *index = expr_check(scope, self->args[1], NULL);
  if (!type || !index) return NULL;
  if (value_shape(type) != VALUE_LIST) return not_indexable(scope, self, type);
  if (!type_is_integer(index)) {
    diag_error(diags, DIAG_TYPE, self->args[1]->span, "an index is an integer, not %.*s",
               STR_ARG(type_words(scope->unit->arena, index)));
    return NULL;
  }
  self->list = type;
  self->evaluate = evaluate_index;
  return type->element;
}
