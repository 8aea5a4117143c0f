/* Checking literals: WAVE's forms, with expressions in the place of parts. */
#include "ifc/base/crypto.h"
#include "ifc/near.h"
#include "ifc/wave.h"
#include "spec/ast.h"

/* "expected `circle`, found a number": of a literal whose form cannot be of the type that is wanted. */
static const Type *misfit(Scope *scope, const Expr *self, const Type *want, const char *what)
{
  diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected %.*s, found %s",
             STR_ARG(type_words(scope->unit->arena, want)), what);
  return NULL;
}

static bool is_float(const Type *type)
{
  return type->kind == TYPE_F32 || type->kind == TYPE_F64;
}

static const Type *check_number(Scope *scope, Expr *self, const Type *want)
{
  bool fractional = self->token.kind != TOKEN_INTEGER;
  if (!want) want = type_of_kind(fractional ? TYPE_F64 : TYPE_S64);
  if (!is_float(want) && !type_is_integer(want)) return misfit(scope, self, want, "a number");
  Token token = self->token;
  token.span = self->span;
  Value value;
  if (!wave_number(want, self->op != 0, &token, &value, scope->unit->diags)) return NULL;
  expr_set_constant(self, value);
  return want;
}

static const Type *check_string(Scope *scope, Expr *self, const Type *want)
{
  Str text;
  if (!token_unquote(scope->unit->arena, &self->token, &text, scope->unit->diags)) return NULL;
  expr_set_constant(self, value_string(text));
  if (want && want->kind == TYPE_LIST && want->element->kind == TYPE_U8) {
    Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected `list<u8>`, found `string`");
    diag_note(scope->unit->diags, diag, SPAN_NONE, "a string's bytes are written b\"…\", others hex\"…\"");
    return NULL;
  }
  return type_of_kind(TYPE_STRING);
}

static const Type *check_char(Scope *scope, Expr *self)
{
  Value value;
  if (!wave_char(scope->unit->arena, &self->token, &value, scope->unit->diags)) return NULL;
  expr_set_constant(self, value);
  return type_of_kind(TYPE_CHAR);
}

/* The digits in lower case, without the spaces that may stand between bytes. */
static Str plain_digits(Arena *arena, Str text)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    if (byte >= 'A' && byte <= 'F') byte = (char)(byte - 'A' + 'a');
    if (byte != ' ' && byte != '\n') buf_byte(&out, byte);
  }
  return buf_text(&out);
}

/* b"…": the string's UTF-8; hex"…": two digits a byte. */
static const Type *check_bytes(Scope *scope, Expr *self, const Type *want)
{
  Unit *unit = scope->unit;
  Str bytes;
  if (!token_unquote(unit->arena, &self->token, &bytes, unit->diags)) return NULL;
  if (self->op) {
    Str digits = plain_digits(unit->arena, bytes);
    uint8_t *decoded = arena_alloc(unit->arena, digits.len / 2 + 1);
    if (!hex_decode(digits, decoded)) {
      diag_error(unit->diags, DIAG_SYNTAX, self->span,
                 "this is no hex: it needs two digits (0-9, a-f) for each byte");
      return NULL;
    }
    bytes = (Str){(const char *)decoded, digits.len / 2};
  }
  expr_set_constant(self, (Value){.packed = bytes.at, .count = (uint32_t)bytes.len});
  bool fits =
      want && want->kind == TYPE_FIXED_LIST && want->element->kind == TYPE_U8 && want->count == bytes.len;
  return fits ? want : list_type(unit->arena, type_of_kind(TYPE_U8));
}

/* Maps are written as the lists of their pairs. */
static bool is_written_as_list(const Type *type)
{
  return value_shape(type) == VALUE_LIST || value_shape(type) == VALUE_MAP;
}

static const Type *check_list(Scope *scope, Expr *self, const Type *want)
{
  if (want && !is_written_as_list(want)) return misfit(scope, self, want, "a list");
  self->evaluate = evaluate_list;
  if (want && want->kind == TYPE_FIXED_LIST && want->count != self->count) {
    diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected %.*s, found a list of %u",
               STR_ARG(type_words(scope->unit->arena, want)), self->count);
    return NULL;
  }
  if (self->count == 0) {
    if (!want)
      diag_error(scope->unit->diags, DIAG_TYPE, self->span,
                 "cannot tell the type of this empty list: say it, as in `let xs: list<u8> = [];`");
    return want;
  }
  const Type *element = check_together(scope, self->args, self->count, want ? want->element : NULL);
  if (!element) return NULL;
  return want ? want : list_type(scope->unit->arena, element);
}

static const Type *check_tuple(Scope *scope, Expr *self, const Type *want)
{
  if (want && want->kind != TYPE_TUPLE) return misfit(scope, self, want, "a tuple");
  if (want && want->count != self->count) {
    diag_error(scope->unit->diags, DIAG_TYPE, self->span, "expected %.*s, found a tuple of %u",
               STR_ARG(type_words(scope->unit->arena, want)), self->count);
    return NULL;
  }
  bool fits = true;
  Field *fields = arena_array_of(scope->unit->arena, Field, self->count);
  for (uint32_t i = 0; i < self->count; i++) {
    fields[i].type = expr_check(scope, self->args[i], want ? want->fields[i].type : NULL);
    fits = fields[i].type && fits;
  }
  if (!fits) return NULL;
  self->evaluate = evaluate_fields;
  if (want) return want;
  Type *type = arena_new_of(scope->unit->arena, Type);
  *type = (Type){.kind = TYPE_TUPLE, .count = self->count, .fields = fields};
  return type;
}

/* --- records and flags */

static void unknown_label(Scope *scope, const Type *type, const Name *label, const char *what)
{
  Near near = {.wanted = label->text};
  for (uint32_t i = 0; i < type->count; i++) near_consider(&near, type->fields[i].name);
  Diag *diag = diag_error(scope->unit->diags, DIAG_NAME, label->span, "%.*s has no %s `%.*s`",
                          STR_ARG(type_words(scope->unit->arena, type)), what, STR_ARG(label->text));
  if (near.best.len)
    diag_note(scope->unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
}

static bool has_label(const Expr *self, Str name)
{
  for (uint32_t i = 0; i < self->count; i++)
    if (str_equal(self->labels[i].text, name)) return true;
  return false;
}

/* A record that has all labels, and whose other fields are options. */
static bool record_fits(const Expr *self, const Type *type)
{
  uint32_t index;
  for (uint32_t i = 0; i < self->count; i++)
    if (!type_find_field(type, self->labels[i].text, &index)) return false;
  if (self->kind == EXPR_FLAGS) return true;
  for (uint32_t i = 0; i < type->count; i++)
    if (type->fields[i].type->kind != TYPE_OPTION && !has_label(self, type->fields[i].name)) return false;
  return true;
}

/* The first label that no type of this kind has may be a slip. */
static void report_labels(Scope *scope, const Expr *self, TypeKind kind)
{
  const Interface *interface = scope->unit->interface;
  bool is_flags = kind == TYPE_FLAGS;
  Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "no %s of %.*s has these %s",
                          is_flags ? "flags type" : "record type", STR_ARG(interface->id),
                          is_flags ? "flags" : "fields");
  for (uint32_t i = 0; i < self->count; i++) {
    Near near = {.wanted = self->labels[i].text};
    uint32_t index;
    bool known = false;
    for (uint32_t k = 0; k < interface->typedef_count; k++) {
      const Type *type = interface->typedefs[k].type;
      if (type->kind != kind) continue;
      known = known || type_find_field(type, near.wanted, &index);
      for (uint32_t m = 0; m < type->count; m++) near_consider(&near, type->fields[m].name);
    }
    if (known || !near.best.len) continue;
    diag_note(scope->unit->diags, diag, self->labels[i].span, "did you mean `%.*s`?", STR_ARG(near.best));
    return;
  }
}

/* The interface's own record (or flags) type with these labels. */
static const Type *type_by_labels(Scope *scope, const Expr *self)
{
  const Interface *interface = scope->unit->interface;
  TypeKind kind = self->kind == EXPR_FLAGS ? TYPE_FLAGS : TYPE_RECORD;
  const Type *found = NULL;
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const Type *type = interface->typedefs[i].type;
    if (type->kind != kind || !record_fits(self, type)) continue;
    if (found && !type_equal(found, type)) {
      Diag *diag = diag_error(scope->unit->diags, DIAG_TYPE, self->span, "this could be %.*s or %.*s",
                              STR_ARG(type_words(scope->unit->arena, found)),
                              STR_ARG(type_words(scope->unit->arena, type)));
      diag_note(scope->unit->diags, diag, SPAN_NONE, "say which, as in `let x: %.*s = …;`",
                STR_ARG(type_text(scope->unit->arena, found)));
      return NULL;
    }
    found = type;
  }
  if (!found) report_labels(scope, self, kind);
  return found;
}

/* Puts the values into the order of the type's fields; options that were left out are none. */
static bool arrange_fields(Scope *scope, Expr *self, const Type *type)
{
  Unit *unit = scope->unit;
  Expr **args = arena_array_of(unit->arena, Expr *, type->count);
  bool fits = true;
  for (uint32_t i = 0; i < self->count; i++) {
    uint32_t index;
    if (!type_find_field(type, self->labels[i].text, &index)) {
      unknown_label(scope, type, &self->labels[i], "field");
      fits = false;
    } else if (args[index]) {
      diag_error(unit->diags, DIAG_NAME, self->labels[i].span, "the field `%.*s` stands here twice",
                 STR_ARG(self->labels[i].text));
      fits = false;
    } else {
      args[index] = self->args[i];
    }
  }
  for (uint32_t i = 0; i < type->count && fits; i++) {
    if (args[i]) continue;
    if (type->fields[i].type->kind != TYPE_OPTION) {
      diag_error(unit->diags, DIAG_TYPE, self->span, "the field `%.*s` of %.*s is missing",
                 STR_ARG(type->fields[i].name), STR_ARG(type_words(unit->arena, type)));
      return false;
    }
    args[i] = arena_new_of(unit->arena, Expr);
    *args[i] = (Expr){.kind = EXPR_CASE, .span = self->span, .type = type->fields[i].type};
    expr_set_constant(args[i], (Value){.tag = 0});
  }
  self->args = args;
  self->count = type->count;
  return fits;
}

static const Type *check_record(Scope *scope, Expr *self, const Type *want)
{
  if (want && want->kind != TYPE_RECORD) return misfit(scope, self, want, "a record");
  const Type *type = want ? want : type_by_labels(scope, self);
  if (!type || !arrange_fields(scope, self, type)) return NULL;
  bool fits = true;
  for (uint32_t i = 0; i < type->count; i++)
    fits = (self->args[i]->type || expr_check(scope, self->args[i], type->fields[i].type)) && fits;
  self->evaluate = evaluate_fields;
  return fits ? type : NULL;
}

static const Type *check_flags(Scope *scope, Expr *self, const Type *want)
{
  if (want && want->kind == TYPE_RECORD && self->count == 0)
    return misfit(scope, self, want, "flags: a record with all its options left out is written {:}");
  if (want && want->kind != TYPE_FLAGS) return misfit(scope, self, want, "flags");
  const Type *type = want ? want : type_by_labels(scope, self);
  uint64_t bits = 0;
  bool fits = type != NULL;
  for (uint32_t i = 0; type && i < self->count; i++) {
    uint32_t index;
    if (!type_find_field(type, self->labels[i].text, &index)) {
      unknown_label(scope, type, &self->labels[i], "flag");
      fits = false;
    } else {
      if (bits >> index & 1)
        diag_error(scope->unit->diags, DIAG_NAME, self->labels[i].span, "the flag `%.*s` stands here twice",
                   STR_ARG(self->labels[i].text));
      bits |= UINT64_C(1) << index;
    }
  }
  expr_set_constant(self, value_u64(bits));
  return fits ? type : NULL;
}

/* --- folding */

static bool operands_are_constant(const Expr *self)
{
  for (uint32_t i = 0; i < self->count; i++)
    if (!expr_is_constant(self->args[i])) return false;
  return true;
}

void fold_constant(Scope *scope, Expr *self)
{
  if (!operands_are_constant(self)) return;
  Arena *arena = scope->unit->arena;
  Value *items = arena_array_of(arena, Value, self->count);
  for (uint32_t i = 0; i < self->count; i++) items[i] = self->args[i]->constant;
  Value value = {.items = items, .count = self->count};
  bool is_list = is_written_as_list(self->type);
  if (is_list) value = value_list(arena, self->type, items, self->count);
  if (!is_list && value_shape(self->type) != VALUE_FIELDS) {
    value.count = 0;
    value.tag = self->slot;
  }
  if (self->count == 0 && !is_list) value.items = NULL;
  expr_set_constant(self, value);
}

const Type *check_literal(Scope *scope, Expr *self, const Type *want)
{
  const Type *type = NULL;
  switch (self->kind) {
  case EXPR_NUMBER: return check_number(scope, self, want);
  case EXPR_STRING: return check_string(scope, self, want);
  case EXPR_CHAR: return check_char(scope, self);
  case EXPR_BYTES: return check_bytes(scope, self, want);
  case EXPR_FLAGS: return check_flags(scope, self, want);
  case EXPR_BOOL:
    expr_set_constant(self, value_bool(str_equal(self->token.text, STR("true"))));
    return type_of_kind(TYPE_BOOL);
  case EXPR_LIST: type = check_list(scope, self, want); break;
  case EXPR_TUPLE: type = check_tuple(scope, self, want); break;
  case EXPR_RECORD: type = check_record(scope, self, want); break;
  default: return NULL;
  }
  self->type = type;
  if (type) fold_constant(scope, self);
  return type;
}
