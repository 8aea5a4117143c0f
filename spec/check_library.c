/* Checking calls of library functions: their types, by shape. */
#include "spec/library.h"

static const Library LIBRARY_FUNCTIONS[] = {
#define LIBRARY(name, shape, evaluator, signature) {name, SHAPE_##shape, evaluator, signature},
#include "spec/library.def"
};
enum { LIBRARY_COUNT = sizeof LIBRARY_FUNCTIONS / sizeof *LIBRARY_FUNCTIONS };

const Library *library_find(Str name)
{
  for (size_t i = 0; i < LIBRARY_COUNT; i++)
    if (str_equal(name, str_from_z(LIBRARY_FUNCTIONS[i].name))) return &LIBRARY_FUNCTIONS[i];
  return NULL;
}

Evaluate *library_evaluator(const Library *self)
{
  return self->evaluate;
}

Str library_name_at(size_t index)
{
  return str_from_z(index < LIBRARY_COUNT ? LIBRARY_FUNCTIONS[index].name : NULL);
}

bool library_keeps_type(const Library *self)
{
  switch (self->shape) {
  case SHAPE_JOIN:
  case SHAPE_SLICE:
  case SHAPE_REPEAT:
  case SHAPE_SAME_LIST:
  case SHAPE_SUM:
  case SHAPE_CHOOSE:
  case SHAPE_SAME_NUMBER:
  case SHAPE_SAME_FLOAT: return true;
  default: return false;
  }
}

bool library_joins_types(const Library *self)
{
  return self->shape == SHAPE_JOIN || self->shape == SHAPE_CHOOSE;
}

/* A call that is being checked. */
typedef struct Call {
  Scope *scope;
  Expr *expr;
  const Library *library;
} Call;

static const Type *wrong(const Call *call, const Type *type)
{
  Unit *unit = call->scope->unit;
  const char *name = call->library->name;
  Diag *diag;
  if (type)
    diag = diag_error(unit->diags, DIAG_TYPE, call->expr->span, "`%s` does not take %.*s", name,
                      STR_ARG(type_words(unit->arena, type)));
  else
    diag = diag_error(unit->diags, DIAG_TYPE, call->expr->span, "`%s` does not take %u argument%s", name,
                      call->expr->count, call->expr->count == 1 ? "" : "s");
  diag_note(unit->diags, diag, SPAN_NONE, "it is `%s%s`", name, call->library->signature);
  return NULL;
}

static const Type *argument(const Call *call, uint32_t index, const Type *want)
{
  return expr_check(call->scope, call->expr->args[index], want);
}

static bool is_list(const Type *type)
{
  return value_shape(type) == VALUE_LIST;
}

static bool is_sequence(const Type *type)
{
  return is_list(type) || type->kind == TYPE_STRING;
}

static bool is_counted(const Type *type)
{
  return is_sequence(type) || type->kind == TYPE_MAP;
}

/* What may have any length. */
static bool is_joined(const Type *type)
{
  return type->kind == TYPE_LIST || type->kind == TYPE_STRING;
}

/* The type of a part of it, or of it more than once. */
static const Type *without_length(Arena *arena, const Type *type)
{
  return type->kind == TYPE_FIXED_LIST ? list_type(arena, type->element) : type;
}

static bool is_float(const Type *type)
{
  return type->kind == TYPE_F32 || type->kind == TYPE_F64;
}

static bool is_number(const Type *type)
{
  return type_is_integer(type) || is_float(type);
}

static const Type *integer(void)
{
  return type_of_kind(TYPE_S64);
}

static const Type *boolean(void)
{
  return type_of_kind(TYPE_BOOL);
}

/* The first argument, which `accepts` must take; `want` is its type when the context knows it. */
static const Type *first(const Call *call, const Type *want, bool (*accepts)(const Type *))
{
  const Type *type = argument(call, 0, want && accepts(want) ? want : NULL);
  if (!type) return NULL;
  call->expr->list = type;
  return accepts(type) ? type : wrong(call, type);
}

/* concat(a, b, …), or concat of a list of lists or strings. */
static const Type *check_join(const Call *call, const Type *want)
{
  Expr *expr = call->expr;
  Unit *unit = call->scope->unit;
  if (expr->count == 1) {
    const Type *outer = want && is_joined(want) ? list_type(unit->arena, want) : NULL;
    const Type *type = argument(call, 0, outer);
    if (!type) return NULL;
    if (!is_list(type) || !is_joined(type->element)) return wrong(call, type);
    expr->list = type->element;
    return type->element;
  }
  const Type *type =
      check_together(call->scope, expr->args, expr->count, want && is_joined(want) ? want : NULL);
  if (!type) return NULL;
  expr->list = type;
  return is_joined(type) ? type : wrong(call, type);
}

/* (xs: T, n: s64, …) -> T */
static const Type *check_numbered(const Call *call, const Type *want)
{
  const Type *type = first(call, want, is_sequence);
  bool fits = type != NULL;
  for (uint32_t i = 1; i < call->expr->count; i++) fits = argument(call, i, integer()) && fits;
  return fits ? without_length(call->scope->unit->arena, type) : NULL;
}

/* (xs: list<T>, x: T), or, when `strings`, two strings. An open list takes its type from the element. */
static bool check_member(const Call *call, bool strings)
{
  Expr *expr = call->expr;
  if (expr_is_open(call->scope, expr->args[0]) && !expr_is_open(call->scope, expr->args[1])) {
    const Type *element = argument(call, 1, NULL);
    if (!element) return false;
    expr->list = list_type(call->scope->unit->arena, element);
    return argument(call, 0, expr->list) != NULL;
  }
  const Type *type = first(call, NULL, strings ? is_sequence : is_list);
  return type && argument(call, 1, is_list(type) ? type->element : type);
}

/* (a: T, b: T) -> T, or (xs: list<T>) -> T */
static const Type *check_choose(const Call *call, const Type *want)
{
  Expr *expr = call->expr;
  if (expr->count == 1) {
    const Type *type = first(call, want ? list_type(call->scope->unit->arena, want) : NULL, is_list);
    return type ? type->element : NULL;
  }
  const Type *type = check_pair(call->scope, expr->args[0], expr->args[1], want);
  expr->list = type;
  return type;
}

static const Type *check_sum(const Call *call, const Type *want)
{
  const Type *outer = want && is_number(want) ? list_type(call->scope->unit->arena, want) : NULL;
  const Type *type = first(call, outer, is_list);
  if (!type) return NULL;
  return is_number(type->element) ? type->element : wrong(call, type);
}

static bool is_convertible(const Type *type)
{
  return is_number(type) || type->kind == TYPE_CHAR;
}

/* A literal that fits the type needs no conversion: u8(5), f64(1). */
static const Type *check_convert(const Call *call)
{
  Expr *arg = call->expr->args[0];
  const Type *target = NULL;
  for (TypeKind kind = TYPE_S8; kind <= TYPE_CHAR; kind++)
    if (str_equal(type_kind_name(kind), str_from_z(call->library->name))) target = type_of_kind(kind);
  bool whole = arg->kind == EXPR_NUMBER && arg->token.kind == TOKEN_INTEGER;
  bool literal = arg->kind == EXPR_NUMBER && is_number(target) && (whole || is_float(target));
  const Type *type = argument(call, 0, literal ? target : NULL);
  if (!type) return NULL;
  call->expr->list = type;
  bool converts = is_convertible(type) && !(target->kind == TYPE_CHAR && is_float(type));
  return converts ? target : wrong(call, type);
}

static bool is_text_source(const Type *type)
{
  return is_list(type) && (type->element->kind == TYPE_U8 || type->element->kind == TYPE_CHAR);
}

static const Type *check_shape(const Call *call, const Type *want)
{
  Arena *arena = call->scope->unit->arena;
  const Type *string = type_of_kind(TYPE_STRING);
  switch (call->library->shape) {
  case SHAPE_LENGTH: return first(call, NULL, is_counted) ? integer() : NULL;
  case SHAPE_JOIN: return check_join(call, want);
  case SHAPE_SLICE:
  case SHAPE_REPEAT: return check_numbered(call, want);
  case SHAPE_SAME_LIST: return first(call, want, is_list);
  case SHAPE_MEMBER: return check_member(call, true) ? boolean() : NULL;
  case SHAPE_COUNT: return check_member(call, false) ? integer() : NULL;
  case SHAPE_TWO_LISTS: {
    const Type *type = check_pair(call->scope, call->expr->args[0], call->expr->args[1], NULL);
    call->expr->list = type;
    return !type ? NULL : is_list(type) ? boolean() : wrong(call, type);
  }
  case SHAPE_LIST_TEST: return first(call, NULL, is_list) ? boolean() : NULL;
  case SHAPE_SUM: return check_sum(call, want);
  case SHAPE_CHOOSE: return check_choose(call, want);
  case SHAPE_SAME_NUMBER: return first(call, want, is_number);
  case SHAPE_SAME_FLOAT: return first(call, want, is_float);
  case SHAPE_FLOAT_TEST: return first(call, NULL, is_float) ? boolean() : NULL;
  case SHAPE_BYTES: return argument(call, 0, string) ? list_type(arena, type_of_kind(TYPE_U8)) : NULL;
  case SHAPE_CHARS: return argument(call, 0, string) ? list_type(arena, type_of_kind(TYPE_CHAR)) : NULL;
  case SHAPE_TEXT: return first(call, NULL, is_text_source) ? string : NULL;
  case SHAPE_CONVERT: return check_convert(call);
  }
  return NULL;
}

static bool count_fits(LibraryShape shape, uint32_t count)
{
  switch (shape) {
  case SHAPE_JOIN: return count >= 1;
  case SHAPE_SLICE: return count == 3;
  case SHAPE_CHOOSE: return count == 1 || count == 2;
  case SHAPE_REPEAT:
  case SHAPE_MEMBER:
  case SHAPE_COUNT:
  case SHAPE_TWO_LISTS: return count == 2;
  default: return count == 1;
  }
}

const Type *check_library(Scope *scope, Expr *self, const Type *want)
{
  Call call = {scope, self, library_find(self->name.text)};
  if (!count_fits(call.library->shape, self->count)) return wrong(&call, NULL);
  const Type *type = check_shape(&call, want);
  self->library = call.library;
  self->evaluate = call.library->evaluate;
  return type;
}
