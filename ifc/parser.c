#include "ifc/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ifc/wit_hint.h"

void *parser_room(void *at, size_t len, size_t *cap, size_t element_size)
{
  if (len < *cap) return at;
  size_t size;
  *cap = *cap ? *cap * 2 : 16;
  void *moved = __builtin_mul_overflow(*cap, element_size, &size) ? NULL : realloc(at, size);
  if (!moved) abort(); /* as an arena does */
  return moved;
}

void parser_release(Parser *self)
{
  free(self->stacks.types.at);
  free(self->stacks.fields.at);
  free(self->stacks.renames.at);
  free(self->stacks.items.at);
  free(self->stacks.world_items.at);
  free(self->stacks.tops.at);
}

void *parser_copy(Arena *arena, const void *at, size_t from, size_t to, size_t element_size)
{
  if (from == to) return NULL;
  size_t size = (to - from) * element_size;
  return memcpy(arena_alloc_raw(arena, size), (const char *)at + from * element_size, size);
}

void parser_advance(Parser *self)
{
  if (parser_at(self, TOKEN_LEFT_BRACE)) self->braces++;
  if (parser_at(self, TOKEN_RIGHT_BRACE) && self->braces) self->braces--;
  self->previous = self->token;
  lexer_read(&self->lexer, &self->token);
}

bool parser_eat(Parser *self, TokenKind kind)
{
  if (!parser_at(self, kind)) return false;
  parser_advance(self);
  return true;
}

bool parser_eat_keyword(Parser *self, Keyword keyword)
{
  if (!parser_at_keyword(self, keyword)) return false;
  parser_advance(self);
  return true;
}

/* What stands there, for messages, in three pieces: nothing is made of it where the message is dropped. */
typedef struct Found {
  const char *before;
  Str text;
  const char *behind;
} Found;
#define FOUND_FORMAT "%s%.*s%s"
#define FOUND_ARG(found) (found).before, STR_ARG((found).text), (found).behind

static Found found_token(const Token *token)
{
  enum { ENOUGH = 60 }; /* of a long name: it is shown below as well */
  Str text = span_text(token->span);
  bool whole = text.len <= ENOUGH;
  const char *behind = whole ? "`" : "…`";
  switch (token->kind) {
  case TOKEN_END: return (Found){"", STR("the end of the file"), ""};
  case TOKEN_ID:
  case TOKEN_INTEGER:
  case TOKEN_FLOAT: return (Found){"`", str_slice(text, 0, ENOUGH), behind};
  default: return (Found){"", token_kind_text(token->kind), ""};
  }
}

/* "a-", "a--b", in which the current token is a '-': the lexer, which reads differences too, takes such names
 * apart. False where it is no such thing. */
static bool name_with_gap(const Parser *self, Span *out)
{
  enum { ENOUGH = 60 };
  const Token *name = &self->previous, *dash = &self->token;
  uint32_t end = name->span.at + name->span.len;
  if (name->kind != TOKEN_ID || dash->kind != TOKEN_MINUS || end != dash->span.at) return false;
  Str text = str_slice(self->lexer.source->text, end, (size_t)end + ENOUGH);
  size_t len = 0;
  while (len < text.len && (text.at[len] == '-' || name_has_byte(text.at[len]))) len++;
  *out = (Span){name->span.source, name->span.at, name->span.len + (uint32_t)len};
  return true;
}

/* At an end that is none, which is reported. */
static bool is_cut(const Parser *self)
{
  return parser_at(self, TOKEN_END) && self->lexer.is_cut;
}

Diag *parser_expected(Parser *self, const char *wanted)
{
  if (parser_at(self, TOKEN_ERROR) || is_cut(self)) return NULL;
  Span name;
  if (name_with_gap(self, &name))
    return diag_error(self->diags, DIAG_NAME, name, "`%.*s` is not a name: a '-' stands between two words",
                      STR_ARG(span_text(name)));
  Found found = found_token(&self->token);
  if (self->token.keyword) found.before = "the keyword `";
  return diag_error(self->diags, DIAG_SYNTAX, self->token.span, "expected %s, found " FOUND_FORMAT, wanted,
                    FOUND_ARG(found));
}

/* Right behind the previous token: where something is missing. */
static Span span_behind(const Parser *self)
{
  Span span = self->previous.span;
  span.at += span.len;
  span.len = 0;
  return span;
}

Diag *parser_missing(Parser *self, const char *wanted)
{
  Found after = found_token(&self->previous);
  return diag_error(self->diags, DIAG_SYNTAX, span_behind(self), "expected %s after " FOUND_FORMAT, wanted,
                    FOUND_ARG(after));
}

bool parser_expect(Parser *self, TokenKind kind)
{
  if (parser_eat(self, kind)) return true;
  parser_expected(self, token_kind_text(kind).at);
  return false;
}

bool parser_expect_keyword(Parser *self, Keyword keyword)
{
  static const char *const texts[] = {
      "",
#define KEYWORD(name, text) "`" text "`",
#include "ifc/keywords.def"
  };
  if (parser_eat_keyword(self, keyword)) return true;
  parser_expected(self, texts[keyword]);
  return false;
}

/* Where an item may begin: at a word only where another one or a ':' is behind it. */
static bool at_next_item(const Parser *self)
{
  if (!parser_at(self, TOKEN_ID))
    return parser_at(self, TOKEN_AT) || parser_at(self, TOKEN_END) || parser_at(self, TOKEN_RIGHT_BRACE);
  TokenKind next = parser_peek(self);
  return next == TOKEN_COLON || next == TOKEN_ID || self->token.keyword == KEYWORD_CONSTRUCTOR;
}

bool parser_expect_semicolon_or(Parser *self, const char *hint)
{
  if (parser_eat(self, TOKEN_SEMICOLON)) return true;
  Diag *diag = parser_at(self, TOKEN_ERROR) ? NULL : parser_missing(self, "';'");
  hint_note(self, diag, hint);
  return diag && at_next_item(self);
}

bool parser_expect_semicolon(Parser *self)
{
  return parser_expect_semicolon_or(self, NULL);
}

/* A name that the lexer has found fault with: good enough to go on. */
static bool at_misspelt_name(const Parser *self)
{
  return parser_at(self, TOKEN_ERROR) && self->token.misspelt;
}

TokenKind parser_peek(const Parser *self)
{
  Arena *arena = arena_new();
  Diags scratch = diags_in(arena);
  Lexer ahead = self->lexer;
  ahead.diags = &scratch;
  TokenKind kind = lexer_next(&ahead).kind;
  arena_free(arena);
  return kind;
}

bool parser_expect_name(Parser *self, const char *what, AstName *out)
{
  Token token = self->token;
  bool keyword = token.keyword != KEYWORD_NONE;
  /* Another name never follows a name, so that one is a keyword in its own right, out of place. */
  bool misplaced = keyword && parser_peek(self) == TOKEN_ID;
  if (misplaced || (token.kind != TOKEN_ID && !at_misspelt_name(self))) {
    parser_expected(self, what);
    return false;
  }
  if (keyword)
    diag_error(self->diags, DIAG_NAME, token.span,
               "expected %s, found the keyword `%.*s`: as a name, write it `%%%.*s`", what,
               STR_ARG(token.text), STR_ARG(token.text));
  Str meant = token.misspelt ? name_kebab(self->arena, token.text) : STR("");
  *out = (AstName){meant.len ? meant : token.text, token.span};
  parser_advance(self);
  return true;
}

bool parser_expect_version(Parser *self, AstName *out)
{
  Token token = lexer_version(&self->lexer);
  if (token.kind == TOKEN_ID) *out = (AstName){token.text, token.span};
  self->token = token;
  parser_advance(self);
  return token.kind == TOKEN_ID;
}

/* At a word that begins an item, with a name behind it: where that stands in a list, a '}' is missing. */
static bool at_item(const Parser *self)
{
  switch (self->token.keyword) {
  case KEYWORD_TYPE:
  case KEYWORD_RECORD:
  case KEYWORD_VARIANT:
  case KEYWORD_ENUM:
  case KEYWORD_FLAGS:
  case KEYWORD_RESOURCE:
  case KEYWORD_INTERFACE:
  case KEYWORD_WORLD:
  case KEYWORD_PACKAGE:
  case KEYWORD_IMPORT:
  case KEYWORD_EXPORT: return parser_peek(self) == TOKEN_ID;
  default: return false;
  }
}

/* Reports that the list is not closed where it must have ended. True where what comes next is known. */
static bool list_unclosed(Parser *self, TokenKind close, const Token *open)
{
  bool known = close == TOKEN_RIGHT_BRACE && at_item(self);
  if (!known && !parser_at(self, TOKEN_END)) return false;
  if (is_cut(self)) return false;
  Found after = found_token(&self->previous);
  Diag *diag = diag_error(self->diags, DIAG_SYNTAX, span_behind(self), "expected %.*s after " FOUND_FORMAT,
                          STR_ARG(token_kind_text(close)), FOUND_ARG(after));
  diag_note(self->diags, diag, open->span, "to close this one");
  return known;
}

/* Behind an element that no comma or `close` follows. True to go on: the comma alone was missing. */
static bool list_continues(Parser *self, TokenKind close)
{
  char wanted[32];
  snprintf(wanted, sizeof wanted, "',' or %s", token_kind_text(close).at);
  if (parser_at(self, TOKEN_ID)) {
    parser_missing(self, wanted);
    return true;
  }
  Diag *diag = parser_expected(self, wanted);
  hint_note(self, diag, hint_in_list(self));
  return false;
}

bool parser_list(Parser *self, TokenKind open, TokenKind close, ParseElement *element, const char *what)
{
  Token opened = self->token;
  if (!parser_expect(self, open)) return false;
  while (!parser_eat(self, close)) {
    if (list_unclosed(self, close, &opened)) {
      self->braces--;
      return true;
    }
    if (parser_at(self, TOKEN_END) || !element(self, what)) return false;
    if (parser_eat(self, TOKEN_COMMA) || parser_at(self, close)) continue;
    if (parser_at(self, TOKEN_END) || at_item(self)) continue;
    if (!list_continues(self, close)) return false;
  }
  return true;
}

void parser_skip_item(Parser *self, uint32_t braces)
{
  while (!parser_at(self, TOKEN_END)) {
    if (self->braces <= braces) {
      if (parser_at(self, TOKEN_RIGHT_BRACE)) return;
      bool ends = parser_eat(self, TOKEN_SEMICOLON);
      if (ends && !parser_at(self, TOKEN_INTEGER)) return; /* not that of "[u8; 4]" */
      if (ends) continue;
    }
    bool closes_item = parser_at(self, TOKEN_RIGHT_BRACE) && self->braces == braces + 1;
    parser_advance(self);
    /* A '}' within parentheses closes a type that should have had a name. */
    if (closes_item && !parser_at(self, TOKEN_RIGHT_PAREN) && !parser_at(self, TOKEN_COMMA)) {
      parser_eat(self, TOKEN_SEMICOLON); /* of "use a.{b};" */
      return;
    }
  }
}

Span parser_span_from(const Parser *self, Span from)
{
  return span_join(from, self->previous.span);
}

AstDocs parser_docs(const Parser *self)
{
  const Token *token = &self->token;
  return (AstDocs){token->comments.at, (uint32_t)token->comments.len, (uint32_t)token->docs.len};
}
