/* Reading: the token stream, names, types and parameters. Expressions are in parse_expr.c. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "spec/ast.h"

/* What a remainder without a space looks like. */
static void note_escape(const Cursor *self)
{
  Diag *last = self->unit->diags->last;
  Span at = self->token.span;
  if (last && last->span.at == at.at && str_starts_with(span_text(at), STR("%")))
    diag_note(self->unit->diags, last, SPAN_NONE,
              "`%%` at a name is an escape: write `n %% m` for the remainder");
}

static void read_ahead(Cursor *self)
{
  size_t errors = self->unit->diags->errors;
  self->token = lexer_next(&self->lexer);
  if (self->unit->diags->errors > errors) note_escape(self);
}

bool cursor_begin(Cursor *self, Unit *unit)
{
  *self = (Cursor){.unit = unit, .stuck_at = UINT32_MAX};
  if (!unit->fns) unit->fns = map_new(unit->arena);
  if (!lexer_begin(&self->lexer, unit->source, unit->diags)) return false;
  self->token = lexer_next(&self->lexer);
  return true;
}

Token cursor_take(Cursor *self)
{
  Token taken = self->token;
  self->last = taken.span;
  read_ahead(self);
  return taken;
}

bool cursor_at(const Cursor *self, TokenKind kind)
{
  return self->token.kind == kind;
}

bool cursor_at_word(const Cursor *self, Str word)
{
  return self->token.kind == TOKEN_ID && !self->token.escaped && str_equal(self->token.text, word);
}

bool cursor_accept(Cursor *self, TokenKind kind)
{
  if (!cursor_at(self, kind)) return false;
  cursor_take(self);
  return true;
}

bool cursor_accept_word(Cursor *self, Str word)
{
  if (!cursor_at_word(self, word)) return false;
  cursor_take(self);
  return true;
}

/* The lexer has already said what is wrong with an ERROR token. */
static bool already_reported(Cursor *self)
{
  bool reported = self->token.kind == TOKEN_ERROR || self->stuck_at == self->token.span.at;
  self->stuck_at = self->token.span.at;
  return reported;
}

void cursor_error(Cursor *self, const char *what)
{
  if (already_reported(self)) return;
  const Token *token = &self->token;
  bool has_text = token->kind == TOKEN_ID || token->kind == TOKEN_INTEGER || token->kind == TOKEN_FLOAT;
  Str found = has_text ? token->text : token_kind_text(token->kind);
  const char *quote = has_text ? "`" : "";
  diag_error(self->unit->diags, DIAG_SYNTAX, token->span, "expected %s, found %s%.*s%s", what, quote,
             STR_ARG(found), quote);
}

bool cursor_expect(Cursor *self, TokenKind kind)
{
  if (cursor_accept(self, kind)) return true;
  cursor_error(self, str_to_z(self->unit->arena, token_kind_text(kind)));
  return false;
}

bool cursor_expect_word(Cursor *self, Str word)
{
  if (cursor_accept_word(self, word)) return true;
  cursor_error(self, str_to_z(self->unit->arena, str_format(self->unit->arena, "`%.*s`", STR_ARG(word))));
  return false;
}

bool cursor_name(Cursor *self, const char *what, Name *out)
{
  if (!cursor_at(self, TOKEN_ID)) {
    cursor_error(self, what);
    return false;
  }
  Token token = cursor_take(self);
  *out = (Name){token.text, token.span};
  return true;
}

bool cursor_string(Cursor *self, const char *what, Name *out)
{
  if (!cursor_at(self, TOKEN_STRING)) {
    cursor_error(self, what);
    return false;
  }
  Token token = cursor_take(self);
  out->span = token.span;
  return token_unquote(self->unit->arena, &token, &out->text, self->unit->diags);
}

bool cursor_descend(Cursor *self)
{
  if (self->depth < NESTING_MAX) {
    self->depth++;
    return true;
  }
  if (!already_reported(self))
    diag_error(self->unit->diags, DIAG_SYNTAX, self->token.span,
               "this is nested more than %d levels deep: take parts out into a `fn` or a `let`", NESTING_MAX);
  return false;
}

void cursor_ascend(Cursor *self)
{
  self->depth--;
}

/* Taken the ';' behind an error in a block of an expression: does it end the statement nevertheless, because
 * the block's '}' is missing? */
static bool ends_statement(const Cursor *self, bool is_error)
{
  return cursor_at_word(self, STR("expect")) || (!is_error && cursor_at(self, TOKEN_RIGHT_BRACE));
}

void cursor_recover(Cursor *self)
{
  uint32_t error = self->token.span.at, blocks = self->blocks, depth = blocks;
  bool closes = self->closes;
  self->blocks = 0;
  self->closes = false;
  while (!cursor_at(self, TOKEN_END)) {
    if (cursor_at(self, TOKEN_RIGHT_BRACE) && depth == 0) return;
    Token token = cursor_take(self);
    if (token.kind == TOKEN_LEFT_BRACE) depth++;
    if (token.kind == TOKEN_RIGHT_BRACE) depth--;
    if (token.kind != TOKEN_SEMICOLON || depth > blocks) continue;
    if (depth == 0 || (!closes && ends_statement(self, token.span.at == error))) return;
  }
  self->stuck_at = self->token.span.at; /* that something has no end follows from the error */
}

/* name (':' | '/') name … the pieces of an id, joined without spaces. */
bool cursor_subject(Cursor *self, Str keyword, Name *id)
{
  Name namespace, package, interface;
  if (!cursor_expect_word(self, keyword)) return false;
  bool read = cursor_name(self, "an interface, as in `geometry:shapes/circle`", &namespace) &&
              cursor_expect(self, TOKEN_COLON) && cursor_name(self, "the package's name", &package) &&
              cursor_expect(self, TOKEN_SLASH) && cursor_name(self, "the interface's name", &interface);
  if (!read) return false;
  id->span = span_join(namespace.span, interface.span);
  id->text = str_format(self->unit->arena, "%.*s:%.*s/%.*s", STR_ARG(namespace.text), STR_ARG(package.text),
                        STR_ARG(interface.text));
  if (cursor_at(self, TOKEN_AT)) {
    self->lexer.at = self->token.span.at + 1; /* the version is no ordinary token */
    Token version = lexer_version(&self->lexer);
    if (version.kind == TOKEN_ERROR) return false;
    self->last = version.span;
    self->token = lexer_next(&self->lexer);
  }
  return cursor_expect(self, TOKEN_SEMICOLON);
}

/* --- types */

const Type *list_type(Arena *arena, const Type *element)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_LIST, .element = element};
  return type;
}

/* option ::= 'option' '<' type '>' */
static const Type *parse_option(Cursor *self)
{
  if (!cursor_expect(self, TOKEN_LESS)) return NULL;
  const Type *element = type_parse(self);
  if (!element || !cursor_expect(self, TOKEN_GREATER)) return NULL;
  Type *type = arena_new_of(self->unit->arena, Type);
  *type = (Type){.kind = TYPE_OPTION, .element = element};
  return type;
}

/* The length of a list, which was written at `span`. */
static const Type *fixed_list(Cursor *self, const Type *element, const Token *length)
{
  uint64_t count = 0;
  bool is_number = str_to_u64(length->text, &count) && count > 0 && count <= UINT32_MAX;
  if (!is_number) {
    diag_error(self->unit->diags, DIAG_TYPE, length->span, "a list's length is a number from 1 to %u",
               UINT32_MAX);
    return NULL;
  }
  Type *type = arena_new_of(self->unit->arena, Type);
  *type = (Type){.kind = TYPE_FIXED_LIST, .element = element, .count = (uint32_t)count};
  Str obstacle = type_obstacle(self->unit->arena, type);
  if (!obstacle.len) return type;
  diag_error(self->unit->diags, DIAG_UNSUPPORTED, length->span, "the list is too long: %.*s",
             STR_ARG(obstacle));
  return NULL;
}

/* list ::= 'list' '<' type (',' number)? '>' */
static const Type *parse_list(Cursor *self)
{
  if (!cursor_expect(self, TOKEN_LESS)) return NULL;
  const Type *element = type_parse(self), *type = NULL;
  if (!element) return NULL;
  if (cursor_accept(self, TOKEN_COMMA)) {
    Token length = self->token;
    if (!cursor_expect(self, TOKEN_INTEGER)) return NULL;
    type = fixed_list(self, element, &length);
    if (!type) return NULL;
  }
  if (!cursor_expect(self, TOKEN_GREATER)) return NULL;
  return type ? type : list_type(self->unit->arena, element);
}

static bool is_key(const Type *type)
{
  return type_is_primitive(type) ? type->kind != TYPE_F32 && type->kind != TYPE_F64
                                 : type->kind == TYPE_STRING;
}

/* map ::= 'map' '<' type ',' type '>' */
static const Type *parse_map(Cursor *self)
{
  Field *pair = arena_array_of(self->unit->arena, Field, 2);
  if (!cursor_expect(self, TOKEN_LESS)) return NULL;
  Span first = self->token.span;
  pair[0].type = type_parse(self);
  if (!pair[0].type || !cursor_expect(self, TOKEN_COMMA)) return NULL;
  pair[1].type = type_parse(self);
  if (!pair[1].type || !cursor_expect(self, TOKEN_GREATER)) return NULL;
  if (!is_key(pair[0].type)) {
    diag_error(self->unit->diags, DIAG_TYPE, first,
               "the keys of a map are bools, integers, chars or strings, not %.*s",
               STR_ARG(type_words(self->unit->arena, pair[0].type)));
    return NULL;
  }
  Type *element = arena_new_of(self->unit->arena, Type), *type = arena_new_of(self->unit->arena, Type);
  *element = (Type){.kind = TYPE_TUPLE, .count = 2, .fields = pair};
  *type = (Type){.kind = TYPE_MAP, .element = element};
  return type;
}

/* result ::= 'result' ('<' (type | '_') (',' type)? '>')? */
static const Type *parse_result(Cursor *self)
{
  Type *type = arena_new_of(self->unit->arena, Type);
  type->kind = TYPE_RESULT;
  if (!cursor_accept(self, TOKEN_LESS)) return type;
  if (!cursor_accept(self, TOKEN_UNDERSCORE)) {
    type->element = type_parse(self);
    if (!type->element) return NULL;
  }
  if (cursor_accept(self, TOKEN_COMMA)) {
    type->error = type_parse(self);
    if (!type->error) return NULL;
  }
  return cursor_expect(self, TOKEN_GREATER) ? type : NULL;
}

/* tuple ::= 'tuple' '<' type (',' type)* ','? '>' */
static const Type *parse_tuple(Cursor *self)
{
  VEC(Field) fields = {0};
  if (!cursor_expect(self, TOKEN_LESS)) return NULL;
  do {
    if (cursor_at(self, TOKEN_GREATER)) break;
    const Type *element = type_parse(self);
    if (!element) return NULL;
    vec_push(self->unit->arena, &fields, (Field){.type = element});
  } while (cursor_accept(self, TOKEN_COMMA));
  if (!cursor_expect(self, TOKEN_GREATER)) return NULL;
  Type *type = arena_new_of(self->unit->arena, Type);
  *type = (Type){.kind = TYPE_TUPLE, .count = (uint32_t)fields.len, .fields = fields.at};
  return type;
}

/* A type whose values can be made and passed. */
static const Type *usable_type(Cursor *self, const Name *name, const Type *type)
{
  Str obstacle = type_obstacle(self->unit->arena, type);
  if (!obstacle.len) return type;
  diag_error(self->unit->diags, DIAG_UNSUPPORTED, name->span, "`%.*s` cannot be used here: %.*s",
             STR_ARG(name->text), STR_ARG(obstacle));
  return NULL;
}

static const Type *named_type(Cursor *self, const Name *name)
{
  const Interface *interface = self->unit->interface;
  const TypeDef *def = interface_typedef(interface, name->text);
  if (def) return usable_type(self, name, def->type);
  Near near = {.wanted = name->text};
  for (TypeKind kind = 0; kind < TYPE_RECORD; kind++) near_consider(&near, type_kind_name(kind));
  near_consider(&near, type_kind_name(TYPE_MAP));
  for (uint32_t i = 0; i < interface->typedef_count; i++) near_consider(&near, interface->typedefs[i].name);
  Diag *diag = diag_error(self->unit->diags, DIAG_NAME, name->span, "no type `%.*s` in %.*s",
                          STR_ARG(name->text), STR_ARG(interface->id));
  if (near.best.len)
    diag_note(self->unit->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  return NULL;
}

static const Type *parse_type_here(Cursor *self)
{
  bool escaped = self->token.escaped;
  Name name;
  if (!cursor_name(self, "a type", &name)) return NULL;
  if (!escaped) {
    for (TypeKind kind = TYPE_BOOL; kind <= TYPE_STRING; kind++)
      if (str_equal(name.text, type_kind_name(kind))) return type_of_kind(kind);
    if (str_equal(name.text, STR("list"))) return parse_list(self);
    if (str_equal(name.text, STR("map"))) return parse_map(self);
    if (str_equal(name.text, STR("option"))) return parse_option(self);
    if (str_equal(name.text, STR("result"))) return parse_result(self);
    if (str_equal(name.text, STR("tuple"))) return parse_tuple(self);
  }
  return named_type(self, &name);
}

const Type *type_parse(Cursor *self)
{
  if (!cursor_descend(self)) return NULL;
  const Type *type = parse_type_here(self);
  cursor_ascend(self);
  return type;
}

enum { PARAMETERS_MAX = 1000 }; /* as of a function in WebAssembly's implementations */

static bool is_taken(const ParamDecls *params, Str name)
{
  for (size_t i = 0; i < params->len; i++)
    if (str_equal(params->at[i].name.text, name)) return true;
  return false;
}

bool params_parse(Cursor *self, ParamDecls *out)
{
  if (!cursor_expect(self, TOKEN_LEFT_PAREN)) return false;
  do {
    if (cursor_at(self, TOKEN_RIGHT_PAREN)) break;
    ParamDecl param;
    if (!cursor_name(self, "a parameter's name", &param.name) || !cursor_expect(self, TOKEN_COLON))
      return false;
    param.type = type_parse(self);
    if (!param.type) return false;
    if (out->len == PARAMETERS_MAX) {
      diag_error(self->unit->diags, DIAG_SYNTAX, param.name.span, "there are more than %d parameters",
                 PARAMETERS_MAX);
      return false;
    }
    if (is_taken(out, param.name.text))
      diag_error(self->unit->diags, DIAG_NAME, param.name.span, "there are two parameters `%.*s`",
                 STR_ARG(param.name.text));
    vec_push(self->unit->arena, out, param);
  } while (cursor_accept(self, TOKEN_COMMA));
  return cursor_expect(self, TOKEN_RIGHT_PAREN);
}

static bool fn_rest_parse(Cursor *self, Fn *fn)
{
  if (!params_parse(self, &fn->params) || !cursor_expect(self, TOKEN_ARROW)) return false;
  fn->result = type_parse(self);
  if (!fn->result || !cursor_expect(self, TOKEN_EQUAL)) return false;
  fn->body = block_parse(self);
  return fn->body && cursor_expect(self, TOKEN_SEMICOLON);
}

bool fn_parse(Cursor *self)
{
  Unit *unit = self->unit;
  Fn *fn = arena_new_of(unit->arena, Fn);
  fn->span = self->token.span;
  if (!cursor_expect_word(self, STR("fn")) || !cursor_name(self, "the fn's name", &fn->name)) return false;
  const Fn *other = map_put(unit->fns, fn->name.text, fn);
  if (other) {
    Diag *diag =
        diag_error(unit->diags, DIAG_NAME, fn->name.span, "there are two fns `%.*s`", STR_ARG(fn->name.text));
    diag_note(unit->diags, diag, other->name.span, "the other one is here");
  } else if (interface_function(unit->interface, fn->name.text)) {
    diag_error(unit->diags, DIAG_NAME, fn->name.span,
               "`%.*s` is a function of the interface: give the fn another name", STR_ARG(fn->name.text));
  }
  bool read = fn_rest_parse(self, fn);
  fn->span = span_join(fn->span, self->last);
  if (!read) fn->body = NULL;
  return read;
}
