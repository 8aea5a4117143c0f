#include "ifc/parser.h"

void parser_advance(Parser *self)
{
  if (parser_at(self, TOKEN_LEFT_BRACE)) self->braces++;
  if (parser_at(self, TOKEN_RIGHT_BRACE) && self->braces) self->braces--;
  self->previous = self->token;
  self->token = lexer_next(&self->lexer);
}

bool parser_at(const Parser *self, TokenKind kind)
{
  return self->token.kind == kind;
}

bool parser_at_word(const Parser *self, const char *word)
{
  return parser_at(self, TOKEN_ID) && !self->token.escaped && str_equal(self->token.text, str_from_z(word));
}

bool parser_at_any_word(const Parser *self, const char *const *words)
{
  for (; *words; words++)
    if (parser_at_word(self, *words)) return true;
  return false;
}

bool parser_eat(Parser *self, TokenKind kind)
{
  if (!parser_at(self, kind)) return false;
  parser_advance(self);
  return true;
}

bool parser_eat_word(Parser *self, const char *word)
{
  if (!parser_at_word(self, word)) return false;
  parser_advance(self);
  return true;
}

/* What stands there, for messages. */
static Str token_text(Arena *arena, const Token *token)
{
  if (token->kind == TOKEN_END) return STR("the end of the file");
  if (token->kind == TOKEN_ID || token->kind == TOKEN_INTEGER || token->kind == TOKEN_FLOAT)
    return str_format(arena, "`%.*s`", STR_ARG(span_text(token->span)));
  return token_kind_text(token->kind);
}

Diag *parser_expected(Parser *self, const char *wanted)
{
  if (parser_at(self, TOKEN_ERROR)) return NULL;
  Str found = token_text(self->arena, &self->token);
  return diag_error(self->diags, DIAG_SYNTAX, self->token.span, "expected %s, found %.*s", wanted,
                    STR_ARG(found));
}

/* Right behind the previous token: where something is missing. */
static Span span_behind(const Parser *self)
{
  Span span = self->previous.span;
  span.at += span.len;
  span.len = 0;
  return span;
}

static void report_missing(Parser *self, const char *wanted)
{
  Str after = token_text(self->arena, &self->previous);
  diag_error(self->diags, DIAG_SYNTAX, span_behind(self), "expected %s after %.*s", wanted, STR_ARG(after));
}

bool parser_expect(Parser *self, TokenKind kind)
{
  if (parser_eat(self, kind)) return true;
  Str wanted = token_kind_text(kind);
  parser_expected(self, str_to_z(self->arena, wanted));
  return false;
}

bool parser_expect_word(Parser *self, const char *word)
{
  if (parser_eat_word(self, word)) return true;
  parser_expected(self, str_to_z(self->arena, str_format(self->arena, "`%s`", word)));
  return false;
}

bool parser_expect_semicolon(Parser *self)
{
  if (parser_eat(self, TOKEN_SEMICOLON)) return true;
  if (parser_at(self, TOKEN_ERROR)) return false;
  report_missing(self, "';'");
  bool next_item = parser_at(self, TOKEN_ID) || parser_at(self, TOKEN_AT) || parser_at(self, TOKEN_END) ||
                   parser_at(self, TOKEN_RIGHT_BRACE);
  return next_item;
}

/* A name that the lexer has found fault with: good enough to go on. */
static bool at_misspelt_name(const Parser *self)
{
  if (!parser_at(self, TOKEN_ERROR) || !self->token.text.len) return false;
  char first = self->token.text.at[0];
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
}

/* The kind of the token after the current one. */
static TokenKind peek_kind(const Parser *self)
{
  Diags scratch = diags_in(self->arena);
  Lexer ahead = self->lexer;
  ahead.diags = &scratch;
  return lexer_next(&ahead).kind;
}

bool parser_expect_name(Parser *self, const char *what, AstName *out)
{
  Token token = self->token;
  bool keyword = token.kind == TOKEN_ID && !token.escaped && name_is_keyword(token.text);
  /* Another name never follows a name, so that one is a keyword in its own right, out of place. */
  bool misplaced = keyword && peek_kind(self) == TOKEN_ID;
  if (misplaced || (token.kind != TOKEN_ID && !at_misspelt_name(self))) {
    parser_expected(self, what);
    return false;
  }
  if (keyword)
    diag_error(self->diags, DIAG_NAME, token.span,
               "expected %s, found the keyword `%.*s`: as a name, write it `%%%.*s`", what,
               STR_ARG(token.text), STR_ARG(token.text));
  *out = (AstName){token.text, token.span};
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
  static const char *const words[] = {"type",      "record", "variant", "enum",   "flags",  "resource",
                                      "interface", "world",  "package", "import", "export", NULL};
  return parser_at_any_word(self, words) && peek_kind(self) == TOKEN_ID;
}

/* Reports that the list is not closed where it must have ended. True where what comes next is known. */
static bool list_unclosed(Parser *self, TokenKind close, const Token *open)
{
  Str closer = token_kind_text(close), after = token_text(self->arena, &self->previous);
  bool known = close == TOKEN_RIGHT_BRACE && at_item(self);
  if (!known && !parser_at(self, TOKEN_END)) return false;
  Diag *diag = diag_error(self->diags, DIAG_SYNTAX, span_behind(self), "expected %.*s after %.*s",
                          STR_ARG(closer), STR_ARG(after));
  diag_note(self->diags, diag, open->span, "to close this one");
  return known;
}

/* Behind an element that no comma or `close` follows. True to go on: the comma alone was missing. */
static bool list_continues(Parser *self, TokenKind close)
{
  Str closer = token_kind_text(close);
  Str wanted = str_format(self->arena, "',' or %.*s", STR_ARG(closer));
  if (parser_at(self, TOKEN_ID)) {
    report_missing(self, str_to_z(self->arena, wanted));
    return true;
  }
  parser_expected(self, str_to_z(self->arena, wanted));
  return false;
}

bool parser_list(Parser *self, TokenKind open, TokenKind close, ParseElement *element, void *context)
{
  Token opened = self->token;
  if (!parser_expect(self, open)) return false;
  while (!parser_eat(self, close)) {
    if (list_unclosed(self, close, &opened)) {
      self->braces--;
      return true;
    }
    if (parser_at(self, TOKEN_END)) return false;
    if (!element(self, context)) return false;
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
      if (parser_eat(self, TOKEN_SEMICOLON)) return;
    }
    bool closes_item = parser_at(self, TOKEN_RIGHT_BRACE) && self->braces == braces + 1;
    parser_advance(self);
    if (closes_item) {
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
  return (AstDocs){self->token.comments, self->token.docs};
}
