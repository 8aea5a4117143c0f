/* Checking what binds names or chooses between branches: if, match, let, loops; and `generate`. */
#include "ifc/callable.h"
#include "ifc/layout.h"
#include "spec/ast.h"

enum { GENERATED_MAX = 1 << 16 }; /* bytes, without what lists and strings hold */

static const Type *check_if(Scope *scope, Expr *self, const Type *want)
{
  const Type *condition = expr_check(scope, self->args[0], type_of_kind(TYPE_BOOL));
  const Type *type = check_pair(scope, self->args[1], self->args[2], want);
  self->evaluate = evaluate_if;
  return condition ? type : NULL;
}

static const Type *check_let(Scope *scope, Expr *self, const Type *want)
{
  ScopeMark mark = scope_enter(scope);
  self->slot = scope_let(scope, &self->name, self->written, self->args[0]);
  const Type *type = expr_check(scope, self->args[1], want);
  scope_leave(scope, mark);
  self->evaluate = evaluate_let;
  return type;
}

/* --- loops */

static const Type *range_type(Scope *scope, Domain *domain)
{
  const Type *type = check_pair(scope, domain->low, domain->high, NULL);
  if (!type || type_is_integer(type)) return type;
  Span span = span_join(domain->low->span, domain->high->span);
  diag_error(scope->unit->diags, DIAG_TYPE, span,
             "loops run over integers and lists, not over a range of %.*s",
             STR_ARG(type_words(scope->unit->arena, type)));
  return NULL;
}

bool domain_check(Scope *self, Domain *domain)
{
  if (!domain->list) {
    domain->element = range_type(self, domain);
    if (!domain->element) return false;
    domain->list_type = list_type(self->unit->arena, domain->element);
    return true;
  }
  const Type *type = expr_check(self, domain->list, NULL);
  if (!type) return false;
  if (value_shape(type) != VALUE_LIST && value_shape(type) != VALUE_MAP) {
    diag_error(self->unit->diags, DIAG_TYPE, domain->list->span,
               "%.*s is no list: a loop runs over a list, over a map's pairs or over a range `a..b`",
               STR_ARG(type_words(self->unit->arena, type)));
    return false;
  }
  domain->list_type = type;
  domain->element = type->element;
  return true;
}

/* for all x in xs: e, exists x in xs: e */
static const Type *check_quantifier(Scope *scope, Expr *self)
{
  const Type *type = type_of_kind(TYPE_BOOL);
  bool fits = domain_check(scope, self->domain);
  ScopeMark mark = scope_enter(scope);
  self->slot = scope_bind(scope, &self->name, self->domain->element);
  fits = expr_check(scope, self->args[0], type) && fits;
  scope_leave(scope, mark);
  self->evaluate = self->kind == EXPR_FOR_ALL ? evaluate_for_all : evaluate_exists;
  return fits ? type : NULL;
}

/* [for x in xs, y in ys if c: e] is one node for each variable; the outer ones join the lists of the inner.
 */
static const Type *check_each(Scope *scope, Expr *self, const Type *want)
{
  bool joins = self->args[0]->kind == EXPR_EACH && self->op;
  if (want && value_shape(want) != VALUE_LIST && value_shape(want) != VALUE_MAP) {
    diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected %.*s, found a list",
               STR_ARG(type_words(scope->unit->arena, want)));
    return NULL;
  }
  bool fits = domain_check(scope, self->domain);
  ScopeMark mark = scope_enter(scope);
  self->slot = scope_bind(scope, &self->name, self->domain->element);
  if (self->count > 1) fits = expr_check(scope, self->args[1], type_of_kind(TYPE_BOOL)) && fits;
  const Type *inner = !want ? NULL : joins ? list_type(scope->unit->arena, want->element) : want->element;
  const Type *body = expr_check(scope, self->args[0], inner);
  scope_leave(scope, mark);
  self->evaluate = evaluate_each;
  if (!body || !fits) return NULL;
  if (want) return want;
  return joins ? body : list_type(scope->unit->arena, body);
}

/* --- match */

/* Where the arms of a match stand: which names each one sees. */
typedef struct Match {
  Scope *scope;
  Expr *self;
  const Type *subject;
  Binding **names; /* by arm */
} Match;

/* Binds the arm's payload and enters it under its case. */
static bool place_arm(Match *match, Arm *arm, const Arm **by_tag, uint32_t cases)
{
  Unit *unit = match->scope->unit;
  uint32_t tag;
  bool placed = false;
  if (!arm->label.text.len) {
    for (uint32_t i = 0; i < cases; i++) {
      placed = placed || !by_tag[i];
      if (!by_tag[i]) by_tag[i] = arm;
    }
    if (!placed)
      diag_warning(unit->diags, DIAG_TYPE, arm->label.span, "all cases have an arm before this one");
    return true;
  }
  if (!type_find_case(match->subject, arm->label.text, &tag)) {
    diag_error(unit->diags, DIAG_NAME, arm->label.span, "%.*s has no case `%.*s`",
               STR_ARG(type_words(unit->arena, match->subject)), STR_ARG(arm->label.text));
    return false;
  }
  if (by_tag[tag]) {
    diag_error(unit->diags, DIAG_NAME, arm->label.span, "the case `%.*s` has an arm already",
               STR_ARG(arm->label.text));
    return false;
  }
  by_tag[tag] = arm;
  const Type *payload = value_payload_type(match->subject, (Value){.tag = tag});
  if ((payload != NULL) != arm->has_payload) {
    diag_error(unit->diags, DIAG_TYPE, arm->label.span, "the case `%.*s` has %s: write `%.*s%s =>`",
               STR_ARG(arm->label.text), payload ? "a payload" : "no payload", STR_ARG(arm->label.text),
               payload ? "(x)" : "");
    return false;
  }
  if (arm->binding.text.len) arm->slot = scope_bind(match->scope, &arm->binding, payload);
  return true;
}

static Str case_name(const Type *type, uint32_t tag)
{
  if (type->kind == TYPE_BOOL) return tag ? STR("true") : STR("false");
  if (type->kind == TYPE_OPTION) return tag ? STR("some") : STR("none");
  if (type->kind == TYPE_RESULT) return tag ? STR("err") : STR("ok");
  return type->fields[tag].name;
}

static bool all_covered(Match *match, const Arm *const *by_tag, uint32_t cases)
{
  for (uint32_t i = 0; i < cases; i++) {
    if (by_tag[i]) continue;
    diag_error(match->scope->unit->diags, DIAG_TYPE, match->self->span,
               "no arm for the case `%.*s`: add one, or `_ => …` for all others",
               STR_ARG(case_name(match->subject, i)));
    return false;
  }
  return true;
}

/* Bodies that know their type come first, and give it to the others. */
static const Type *check_bodies(Match *match, const Type *want)
{
  Scope *scope = match->scope;
  const Type *type = want;
  Binding *names = scope->names;
  bool fits = true;
  for (int round = 0; round < 2; round++)
    for (uint32_t i = 0; i < match->self->arm_count; i++) {
      Arm *arm = &match->self->arms[i];
      scope->names = match->names[i];
      if (arm->body->evaluate || (round == 0 && !type && expr_is_open(scope, arm->body))) continue;
      const Type *body = expr_check(scope, arm->body, type);
      if (!type) type = body;
      fits = fits && body;
    }
  scope->names = names;
  return fits ? type : NULL;
}

static uint32_t case_count(const Type *type)
{
  if (type->kind == TYPE_BOOL || type->kind == TYPE_OPTION || type->kind == TYPE_RESULT) return 2;
  return type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM ? type->count : 0;
}

static const Type *check_match(Scope *scope, Expr *self, const Type *want)
{
  Unit *unit = scope->unit;
  Match match = {.scope = scope, .self = self};
  match.subject = expr_check(scope, self->args[0], NULL);
  if (!match.subject) return NULL;
  uint32_t cases = case_count(match.subject);
  if (cases == 0) {
    diag_error(unit->diags, DIAG_TYPE, self->args[0]->span,
               "%.*s has no cases: match takes a variant, enum, option, result or bool",
               STR_ARG(type_words(unit->arena, match.subject)));
    return NULL;
  }
  const Arm **by_tag = arena_array_of(unit->arena, const Arm *, cases);
  match.names = arena_array_of(unit->arena, Binding *, self->arm_count);
  bool fits = true;
  for (uint32_t i = 0; i < self->arm_count; i++) {
    ScopeMark mark = scope_enter(scope);
    fits = place_arm(&match, &self->arms[i], by_tag, cases) && fits;
    match.names[i] = scope->names;
    scope_leave(scope, mark);
  }
  if (!fits || !all_covered(&match, by_tag, cases)) return NULL;
  self->arm_of = by_tag;
  self->evaluate = evaluate_match;
  return check_bodies(&match, want);
}

static const Type *check_generate(Scope *scope, Expr *self)
{
  const Type *count = type_of_kind(TYPE_S64);
  bool size = expr_check(scope, self->args[0], count) != NULL;
  bool seed = expr_check(scope, self->args[1], count) != NULL;
  self->evaluate = evaluate_generate;
  Str obstacle = type_obstacle(scope->unit->arena, self->written);
  if (obstacle.len) {
    diag_error(scope->unit->diags, DIAG_UNSUPPORTED, self->span, "no such value can be made: %.*s",
               STR_ARG(obstacle));
    return NULL;
  }
  if (type_size(self->written) > GENERATED_MAX) {
    diag_error(scope->unit->diags, DIAG_TYPE, self->span,
               "a value of this type alone takes more than %d bytes", GENERATED_MAX);
    return NULL;
  }
  return size && seed ? self->written : NULL;
}

const Type *check_block(Scope *scope, Expr *self, const Type *want)
{
  switch (self->kind) {
  case EXPR_IF: return check_if(scope, self, want);
  case EXPR_MATCH: return check_match(scope, self, want);
  case EXPR_LET: return check_let(scope, self, want);
  case EXPR_FOR_ALL:
  case EXPR_EXISTS: return check_quantifier(scope, self);
  case EXPR_EACH: return check_each(scope, self, want);
  default: return check_generate(scope, self);
  }
}
