#include "ifc/wave.h"

#include <inttypes.h>
#include <math.h>

#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "ifc/near.h"

/* Types nest at most that deep, so values do; recursion here relies on nothing else. */
enum { DEPTH_MAX = 100 };

typedef struct Parser {
  Arena *arena;
  Lexer lexer;
  Token token; /* the next one */
  Diags *diags;
  uint32_t depth;
} Parser;

static void advance(Parser *self)
{
  self->token = lexer_next(&self->lexer);
}

static bool at(const Parser *self, TokenKind kind)
{
  return self->token.kind == kind;
}

/* A name that is meant as a keyword: not written with '%'. */
static bool at_word(const Parser *self, Str word)
{
  return at(self, TOKEN_ID) && !self->token.escaped && str_equal(self->token.text, word);
}

/* Reports the next token as not what was expected there; what the lexer has reported is not reported again.
 */
static bool unexpected(Parser *self, Str expected)
{
  if (at(self, TOKEN_ERROR)) return false;
  if (at(self, TOKEN_END))
    diag_error(self->diags, DIAG_SYNTAX, self->token.span, "expected %.*s, found the end of the text",
               STR_ARG(expected));
  else
    diag_error(self->diags, DIAG_SYNTAX, self->token.span, "expected %.*s, found `%.*s`", STR_ARG(expected),
               STR_ARG(span_text(self->token.span)));
  return false;
}

/* The same where a whole value of another type stands. */
static bool mismatch(Parser *self, const Type *type)
{
  if (at(self, TOKEN_ERROR) || at(self, TOKEN_END))
    return unexpected(self, type_text(self->diags->arena, type));
  diag_error(self->diags, DIAG_TYPE, self->token.span, "expected %.*s, found `%.*s`",
             STR_ARG(type_text(self->diags->arena, type)), STR_ARG(span_text(self->token.span)));
  return false;
}

static bool expect(Parser *self, TokenKind kind)
{
  if (!at(self, kind)) return unexpected(self, token_kind_text(kind));
  advance(self);
  return true;
}

/* (',' | ',' before the end | the end): what follows an element. Sets `*more` where another element comes. */
static bool separator(Parser *self, TokenKind end, bool *more)
{
  bool comma = at(self, TOKEN_COMMA);
  if (comma) advance(self);
  *more = comma && !at(self, end);
  if (*more) return true;
  if (at(self, end)) {
    advance(self);
    return true;
  }
  return unexpected(self, str_format(self->diags->arena, "',' or %.*s", STR_ARG(token_kind_text(end))));
}

static bool parse_value(Parser *self, const Type *type, Value *out);

/* --- numbers and texts */

static bool out_of_range(const Type *type, const Token *token, Diags *diags)
{
  Str number = span_text(token->span), name = type_kind_name(type->kind);
  unsigned bits = (unsigned)type_primitive_size(type) * 8;
  if (type_is_signed(type)) {
    int64_t most = (int64_t)(UINT64_MAX >> (65 - bits));
    diag_error(diags, DIAG_TYPE, token->span, "%.*s does not fit %.*s (%" PRId64 " to %" PRId64 ")",
               STR_ARG(number), STR_ARG(name), -most - 1, most);
  } else {
    diag_error(diags, DIAG_TYPE, token->span, "%.*s does not fit %.*s (0 to %" PRIu64 ")", STR_ARG(number),
               STR_ARG(name), UINT64_MAX >> (64 - bits));
  }
  return false;
}

static bool integer(const Type *type, bool negative, const Token *token, Value *out, Diags *diags)
{
  uint64_t magnitude = 0;
  if (token->kind != TOKEN_INTEGER) {
    diag_error(diags, DIAG_TYPE, token->span, "expected %.*s, which has whole numbers only, found `%.*s`",
               STR_ARG(type_kind_name(type->kind)), STR_ARG(span_text(token->span)));
    return false;
  }
  if (!str_to_u64(token->text, &magnitude)) return out_of_range(type, token, diags);
  bool is_signed = type_is_signed(type);
  uint64_t most = UINT64_MAX >> (64 - type_primitive_size(type) * 8 + is_signed);
  if (negative ? !is_signed || magnitude > most + 1 : magnitude > most)
    return out_of_range(type, token, diags);
  *out = value_u64(negative ? 0 - magnitude : magnitude);
  return true;
}

static bool floating(const Type *type, bool negative, const Token *token, Value *out, Diags *diags)
{
  char *text = str_to_z(diags->arena, token->text);
  bool is_name = token->kind == TOKEN_ID;
  double number;
  if (is_name)
    number = str_equal(token->text, STR("nan")) ? (double)NAN : (double)INFINITY;
  else
    number = type->kind == TYPE_F32 ? (double)strtof(text, NULL) : strtod(text, NULL);
  if (!is_name && isinf(number))
    diag_warning(diags, DIAG_TYPE, token->span, "%.*s is beyond the largest finite %.*s: it reads as inf",
                 STR_ARG(span_text(token->span)), STR_ARG(type_kind_name(type->kind)));
  if (negative) number = -number;
  *out = type->kind == TYPE_F32 ? value_f32((float)number) : value_f64(number);
  return true;
}

bool wave_number(const Type *type, bool negative, const Token *token, Value *out, Diags *diags)
{
  Str text = token->text;
  if (token->kind != TOKEN_ID && text.len > 1 && text.at[0] == '0' && text.at[1] >= '0' &&
      text.at[1] <= '9') {
    diag_error(diags, DIAG_SYNTAX, token->span, "numbers have no leading zeros, and `%.*s` has one",
               STR_ARG(text));
    return false;
  }
  return type_is_integer(type) ? integer(type, negative, token, out, diags)
                               : floating(type, negative, token, out, diags);
}

/* number ::= '-'? (digits | digits with fraction or exponent | 'inf') | 'nan', nothing after the '-' */
static bool parse_number(Parser *self, const Type *type, Value *out)
{
  Token sign = self->token;
  bool negative = at(self, TOKEN_MINUS);
  if (negative) advance(self);
  bool adjacent = !negative || self->token.span.at == sign.span.at + sign.span.len;
  bool is_name = at_word(self, STR("inf")) || (!negative && at_word(self, STR("nan")));
  bool is_number = at(self, TOKEN_INTEGER) || at(self, TOKEN_FLOAT) || (is_name && !type_is_integer(type));
  if (!is_number) return mismatch(self, type);
  if (!adjacent) {
    diag_error(self->diags, DIAG_SYNTAX, span_join(sign.span, self->token.span),
               "no space may stand between '-' and its number");
    return false;
  }
  Token number = self->token;
  number.span = span_join(sign.span, number.span);
  if (!wave_number(type, negative, &number, out, self->diags)) return false;
  advance(self);
  return true;
}

bool wave_char(Arena *arena, const Token *token, Value *out, Diags *diags)
{
  Str text;
  if (!token_unquote(arena, token, &text, diags)) return false;
  size_t end = 0;
  uint32_t point = text.len ? utf8_next(text, &end) : UINT32_MAX;
  if (point == UINT32_MAX || end != text.len) {
    Diag *diag = diag_error(diags, DIAG_SYNTAX, token->span, "a char is one character, and this has %zu",
                            utf8_columns(text));
    if (text.len) diag_note(diags, diag, SPAN_NONE, "strings are written with \"");
    return false;
  }
  *out = value_u64(point);
  return true;
}

static bool parse_char(Parser *self, const Type *type, Value *out)
{
  if (!at(self, TOKEN_CHAR)) return mismatch(self, type);
  if (!wave_char(self->arena, &self->token, out, self->diags)) return false;
  advance(self);
  return true;
}

static bool parse_string(Parser *self, const Type *type, Value *out)
{
  if (!at(self, TOKEN_STRING)) return mismatch(self, type);
  Str text;
  if (!token_unquote(self->arena, &self->token, &text, self->diags)) return false;
  advance(self);
  *out = value_string(text);
  return true;
}

static bool parse_bool(Parser *self, const Type *type, Value *out)
{
  bool value = at_word(self, STR("true"));
  if (!value && !at_word(self, STR("false"))) return mismatch(self, type);
  advance(self);
  *out = value_bool(value);
  return true;
}

/* --- lists and tuples */

static bool wrong_count(Parser *self, const Type *type, Span span, const char *found)
{
  diag_error(self->diags, DIAG_TYPE, span, "%.*s has %" PRIu32 " element%s, and here %s",
             STR_ARG(type_text(self->diags->arena, type)), type->count, type->count == 1 ? "" : "s", found);
  return false;
}

/* list ::= '[' (value (',' value)* ','?)? ']'   of fixed length: as many as it has; a map: of its pairs */
static bool parse_list(Parser *self, const Type *type, Value *out)
{
  VEC(Value) elements = {0};
  if (!at(self, TOKEN_LEFT_BRACKET)) return mismatch(self, type);
  bool is_fixed = type->kind == TYPE_FIXED_LIST;
  Span first = self->token.span, last = first;
  advance(self);
  bool more = !at(self, TOKEN_RIGHT_BRACKET);
  if (!more) advance(self);
  while (more) {
    Value element = {0};
    last = self->token.span;
    if (is_fixed && elements.len == type->count)
      return at(self, TOKEN_ERROR) ? false : wrong_count(self, type, last, "is one more");
    if (!parse_value(self, type->element, &element)) return false;
    vec_push(self->arena, &elements, element);
    if (!separator(self, TOKEN_RIGHT_BRACKET, &more)) return false;
  }
  if (is_fixed && elements.len < type->count)
    return wrong_count(self, type, span_join(first, last), elements.len ? "are fewer" : "are none");
  *out = value_list(self->arena, type, elements.at, elements.len);
  return true;
}

/* tuple ::= '(' value (',' value)* ','? ')' */
static bool parse_tuple(Parser *self, const Type *type, Value *out)
{
  Value *items = arena_array_of(self->arena, Value, type->count);
  if (!at(self, TOKEN_LEFT_PAREN)) return mismatch(self, type);
  Span first = self->token.span;
  advance(self);
  bool more = !at(self, TOKEN_RIGHT_PAREN);
  if (!more) advance(self);
  uint32_t count = 0;
  for (; more; count++) {
    Span last = self->token.span;
    if (count == type->count)
      return at(self, TOKEN_ERROR) ? false : wrong_count(self, type, last, "is one more");
    if (!parse_value(self, type->fields[count].type, &items[count])) return false;
    last = self->token.span;
    if (!separator(self, TOKEN_RIGHT_PAREN, &more)) return false;
    if (!more && count + 1 < type->count)
      return wrong_count(self, type, span_join(first, last), count == 0 ? "is one" : "are fewer");
  }
  if (count == 0 && type->count) return wrong_count(self, type, first, "are none");
  *out = (Value){.items = items, .count = type->count};
  return true;
}

/* --- records and flags */

/* The field, flag or case of this name; UINT32_MAX, with a diagnostic, where there is none. */
static uint32_t find_field(Parser *self, const Type *type, const Token *name, const char *what)
{
  Near near = {.wanted = name->text};
  for (uint32_t i = 0; i < type->count; i++) {
    if (str_equal(type->fields[i].name, name->text)) return i;
    near_consider(&near, type->fields[i].name);
  }
  Diag *diag = diag_error(self->diags, DIAG_NAME, name->span, "%.*s has no %s `%.*s`",
                          STR_ARG(type_text(self->diags->arena, type)), what, STR_ARG(name->text));
  if (near.best.len) diag_note(self->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  return UINT32_MAX;
}

/* Takes the label of a field or flag that must not have been given before; `given` has a span for each. */
static bool parse_label(Parser *self, const Type *type, const char *what, Span *given, uint32_t *index)
{
  Token name = self->token;
  if (!at(self, TOKEN_ID)) return unexpected(self, str_format(self->diags->arena, "the name of a %s", what));
  *index = find_field(self, type, &name, what);
  if (*index == UINT32_MAX) return false;
  if (given[*index].source) {
    Diag *diag =
        diag_error(self->diags, DIAG_NAME, name.span, "%s `%.*s` is given twice", what, STR_ARG(name.text));
    diag_note(self->diags, diag, given[*index], "first here");
    return false;
  }
  given[*index] = name.span;
  advance(self);
  return true;
}

/* Fields that were not given are none; names those that cannot be. */
static bool check_complete(Parser *self, const Type *type, const Span *given, Span span)
{
  Buf missing = buf_in(self->diags->arena);
  for (uint32_t i = 0; i < type->count; i++) {
    if (given[i].source || type->fields[i].type->kind == TYPE_OPTION) continue;
    if (missing.len) buf_z(&missing, ", ");
    buf_printf(&missing, "`%.*s`", STR_ARG(type->fields[i].name));
  }
  if (!missing.len) return true;
  Str names = buf_text(&missing);
  Diag *diag = diag_error(self->diags, DIAG_TYPE, span, "%.*s needs %.*s, which is not given",
                          STR_ARG(type_text(self->diags->arena, type)), STR_ARG(names));
  diag_note(self->diags, diag, SPAN_NONE, "only fields of option types may be left out");
  return false;
}

/* record ::= '{' ':' '}' | '{' field (',' field)* ','? '}'; field ::= label ':' value */
static bool parse_record(Parser *self, const Type *type, Value *out)
{
  Value *items = arena_array_of(self->arena, Value, type->count);
  Span *given = arena_array_of(self->arena, Span, type->count);
  Span first = self->token.span, last;
  bool more = true;
  if (!at(self, TOKEN_LEFT_BRACE)) return mismatch(self, type);
  advance(self);
  if (at(self, TOKEN_RIGHT_BRACE)) return unexpected(self, STR("fields, or ':' where all are left out"));
  if (at(self, TOKEN_COLON)) {
    more = false;
    advance(self);
    last = self->token.span;
    if (!expect(self, TOKEN_RIGHT_BRACE)) return false;
  }
  while (more) {
    uint32_t index = 0;
    if (!parse_label(self, type, "field", given, &index) || !expect(self, TOKEN_COLON) ||
        !parse_value(self, type->fields[index].type, &items[index]))
      return false;
    last = self->token.span;
    if (!separator(self, TOKEN_RIGHT_BRACE, &more)) return false;
  }
  *out = (Value){.items = items, .count = type->count};
  return check_complete(self, type, given, span_join(first, last));
}

/* flags ::= '{' (label (',' label)* ','?)? '}' */
static bool parse_flags(Parser *self, const Type *type, Value *out)
{
  Span *given = arena_array_of(self->arena, Span, type->count);
  if (!at(self, TOKEN_LEFT_BRACE)) return mismatch(self, type);
  advance(self);
  bool more = !at(self, TOKEN_RIGHT_BRACE);
  if (!more) advance(self);
  uint64_t bits = 0;
  while (more) {
    uint32_t index = 0;
    if (!parse_label(self, type, "flag", given, &index)) return false;
    if (index < 64) bits |= UINT64_C(1) << index;
    if (!separator(self, TOKEN_RIGHT_BRACE, &more)) return false;
  }
  *out = value_u64(bits);
  return true;
}

/* --- cases */

/* ('(' value ')')?, as the case's type wants it. `label` is the case, for messages. */
static bool parse_payload(Parser *self, const Token *label, const Type *payload, Value *out)
{
  Str name = span_text(label->span);
  if (!payload) {
    if (!at(self, TOKEN_LEFT_PAREN)) return true;
    diag_error(self->diags, DIAG_TYPE, self->token.span, "`%.*s` takes no value here", STR_ARG(name));
    return false;
  }
  if (!at(self, TOKEN_LEFT_PAREN)) {
    if (at(self, TOKEN_ERROR)) return false;
    diag_error(self->diags, DIAG_TYPE, label->span, "`%.*s` needs a value: %.*s(…), of type %.*s",
               STR_ARG(name), STR_ARG(name), STR_ARG(type_text(self->diags->arena, payload)));
    return false;
  }
  advance(self);
  Value *items = arena_new_of(self->arena, Value);
  if (!parse_value(self, payload, items)) return false;
  out->items = items;
  return expect(self, TOKEN_RIGHT_PAREN);
}

/* variant-case ::= label ('(' value ')')? */
static bool parse_variant(Parser *self, const Type *type, Value *out)
{
  Token label = self->token;
  if (!at(self, TOKEN_ID)) return mismatch(self, type);
  uint32_t tag = find_field(self, type, &label, "case");
  if (tag == UINT32_MAX) return false;
  if (!label.escaped && wave_is_keyword(label.text)) {
    diag_error(self->diags, DIAG_SYNTAX, label.span, "`%.*s` is a keyword: write the case `%%%.*s`",
               STR_ARG(label.text), STR_ARG(label.text));
    return false;
  }
  advance(self);
  *out = (Value){.tag = tag};
  return parse_payload(self, &label, type->fields[tag].type, out);
}

/* Whether a some or ok may be left out around a payload of this type. */
static bool may_be_flat(const Type *payload)
{
  return payload && payload->kind != TYPE_OPTION && payload->kind != TYPE_RESULT;
}

/* A payload without its some or ok: both have tag 0 for one, so the caller sets it. */
static bool parse_flat(Parser *self, const Type *payload, Value *out)
{
  Value *items = arena_new_of(self->arena, Value);
  out->items = items;
  return parse_value(self, payload, items);
}

/* option ::= 'some' '(' value ')' | 'none' | value */
static bool parse_option(Parser *self, const Type *type, Value *out)
{
  Token label = self->token;
  *out = (Value){.tag = !at_word(self, STR("none"))};
  if (!out->tag) {
    advance(self);
    return parse_payload(self, &label, NULL, out);
  }
  if (at_word(self, STR("some"))) {
    advance(self);
    return parse_payload(self, &label, type->element, out);
  }
  return may_be_flat(type->element) ? parse_flat(self, type->element, out) : mismatch(self, type);
}

/* result ::= ('ok' | 'err') ('(' value ')')? | value */
static bool parse_result(Parser *self, const Type *type, Value *out)
{
  Token label = self->token;
  *out = (Value){.tag = at_word(self, STR("err"))};
  if (out->tag || at_word(self, STR("ok"))) {
    advance(self);
    return parse_payload(self, &label, out->tag ? type->error : type->element, out);
  }
  return may_be_flat(type->element) ? parse_flat(self, type->element, out) : mismatch(self, type);
}

static bool no_handle(Parser *self, const Type *type)
{
  if (at(self, TOKEN_ERROR)) return false;
  diag_error(self->diags, DIAG_TYPE, self->token.span,
             "a value of type %.*s comes from calls and cannot be written",
             STR_ARG(type_text(self->diags->arena, type)));
  return false;
}

static bool parse_of_kind(Parser *self, const Type *type, Value *out)
{
  switch (type->kind) {
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_S64:
  case TYPE_U64:
  case TYPE_F32:
  case TYPE_F64: return parse_number(self, type, out);
  case TYPE_BOOL: return parse_bool(self, type, out);
  case TYPE_CHAR: return parse_char(self, type, out);
  case TYPE_STRING: return parse_string(self, type, out);
  case TYPE_LIST:
  case TYPE_FIXED_LIST:
  case TYPE_MAP: return parse_list(self, type, out);
  case TYPE_TUPLE: return parse_tuple(self, type, out);
  case TYPE_RECORD: return parse_record(self, type, out);
  case TYPE_FLAGS: return parse_flags(self, type, out);
  case TYPE_OPTION: return parse_option(self, type, out);
  case TYPE_RESULT: return parse_result(self, type, out);
  case TYPE_VARIANT:
  case TYPE_ENUM: return parse_variant(self, type, out);
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return no_handle(self, type);
  }
  return false;
}

static bool parse_value(Parser *self, const Type *type, Value *out)
{
  if (self->depth == DEPTH_MAX) {
    diag_error(self->diags, DIAG_SYNTAX, self->token.span, "values nest at most %d deep", DEPTH_MAX);
    return false;
  }
  self->depth++;
  bool parsed = parse_of_kind(self, type, out);
  self->depth--;
  return parsed;
}

bool wave_parse(Arena *arena, const Type *type, const Source *source, Value *out, Diags *diags)
{
  Parser parser = {.arena = arena, .diags = diags};
  Value value = {0};
  if (!lexer_begin(&parser.lexer, source, diags)) return false;
  advance(&parser);
  if (!parse_value(&parser, type, &value)) return false;
  if (!at(&parser, TOKEN_END)) return unexpected(&parser, STR("nothing after the value"));
  *out = value;
  return true;
}
