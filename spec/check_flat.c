/* Checking literals that stand where an option or a result is wanted: as in WAVE, the `some` or `ok` around
 * them may be left out. Of literals only, so that nothing is converted unasked. */
#include "ifc/base/map.h"
#include "spec/ast.h"

/* The payload of the case that may be left out; NULL: none may. `some(none)` needs its `some`. */
static const Type *flat_payload(const Type *type)
{
  bool has_short_case = type->kind == TYPE_OPTION || type->kind == TYPE_RESULT;
  const Type *payload = has_short_case ? type->element : NULL;
  return payload && payload->kind != TYPE_OPTION && payload->kind != TYPE_RESULT ? payload : NULL;
}

/* A case of the variant or enum, by a name that means nothing else here. */
static bool is_case_of(const Scope *scope, const Expr *self, const Type *type)
{
  const Unit *unit = scope->unit;
  uint32_t tag;
  bool declared = type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM;
  bool keyword = str_equal(self->name.text, STR("none")) || str_equal(self->name.text, STR("some")) ||
                 str_equal(self->name.text, STR("ok")) || str_equal(self->name.text, STR("err"));
  if (!declared || (keyword && !self->escaped) || !type_find_case(type, self->name.text, &tag)) return false;
  if (self->kind == EXPR_NAME) return !scope_lookup(scope, self->name.text);
  return !self->op && !interface_function(unit->interface, self->name.text) &&
         !check_is_constructor(scope, self) && !map_get(unit->fns, self->name.text);
}

bool stands_flat(Scope *scope, const Expr *self, const Type *want)
{
  const Type *type = want ? flat_payload(want) : NULL;
  if (!type) return false;
  switch (self->kind) {
  case EXPR_NUMBER: return type_is_integer(type) || type->kind == TYPE_F32 || type->kind == TYPE_F64;
  case EXPR_STRING: return type->kind == TYPE_STRING;
  case EXPR_CHAR: return type->kind == TYPE_CHAR;
  case EXPR_BOOL: return type->kind == TYPE_BOOL;
  case EXPR_BYTES:
  case EXPR_LIST: return value_shape(type) == VALUE_LIST || value_shape(type) == VALUE_MAP;
  case EXPR_TUPLE: return type->kind == TYPE_TUPLE;
  case EXPR_RECORD: return type->kind == TYPE_RECORD;
  case EXPR_FLAGS: return type->kind == TYPE_FLAGS;
  case EXPR_NAME:
  case EXPR_CALL: return is_case_of(scope, self, type);
  default: return false;
  }
}

const Type *check_flat(Scope *scope, Expr *self, const Type *want)
{
  Expr **args = arena_array_of(scope->unit->arena, Expr *, 1);
  args[0] = arena_new_of(scope->unit->arena, Expr);
  *args[0] = *self;
  if (!expr_check(scope, args[0], want->element)) return NULL;
  *self = (Expr){.kind = EXPR_CASE,
                 .span = self->span,
                 .height = self->height,
                 .args = args,
                 .count = 1,
                 .slot = want->kind == TYPE_OPTION,
                 .type = want,
                 .evaluate = evaluate_case};
  fold_constant(scope, self);
  return want;
}
