#include "spec/format_line.h"

#include <string.h>

enum { BRACKETS_MAX = 1000 };

static bool is_word(const Piece *piece, const char *word)
{
  return piece && piece->kind == TOKEN_ID && str_equal(piece->text, str_from_z(word));
}

/* Words that an operand follows. */
static bool wants_operand(const Piece *piece)
{
  static const char *const words[] = {"in",     "if",   "match", "else", "where", "within", "expect",
                                      "exists", "with", "for",   "all",  "let",   "var"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is_word(piece, words[i])) return true;
  return false;
}

/* Could an expression end with this token? */
static bool ends_operand(const Piece *piece)
{
  if (!piece) return false;
  switch (piece->kind) {
  case TOKEN_ID: return !wants_operand(piece);
  case TOKEN_INTEGER:
  case TOKEN_FLOAT:
  case TOKEN_STRING:
  case TOKEN_CHAR:
  case TOKEN_UNDERSCORE:
  case TOKEN_RIGHT_PAREN:
  case TOKEN_RIGHT_BRACKET:
  case TOKEN_RIGHT_BRACE: return true;
  default: return false;
  }
}

static bool is_opener(TokenKind kind)
{
  return kind == TOKEN_LEFT_PAREN || kind == TOKEN_LEFT_BRACKET || kind == TOKEN_LEFT_BRACE;
}

static bool is_closer(TokenKind kind)
{
  return kind == TOKEN_RIGHT_PAREN || kind == TOKEN_RIGHT_BRACKET || kind == TOKEN_RIGHT_BRACE;
}

bool piece_breaks(const Piece *piece)
{
  Str gap = piece->gap;
  for (size_t at = 0; at < gap.len;) {
    if (gap.at[at] == '\n') return true;
    if (gap.at[at] == '/' && at + 1 < gap.len)
      at = comment_end(gap, at, NULL);
    else
      at++;
  }
  return false;
}

static const Bracket *innermost(const Line *self)
{
  return self->brackets.len ? &self->brackets.at[self->brackets.len - 1] : NULL;
}

/* --- spaces */

static bool is_unary(const Line *self, const Piece *next)
{
  return next->kind == TOKEN_NOT || (next->kind == TOKEN_MINUS && !ends_operand(self->before));
}

/* Braces around a block are set apart from what is in them; a record's are not. */
static bool brace_is_block(const Line *self, const Piece *next)
{
  return next->kind == TOKEN_LEFT_BRACE &&
         (is_word(self->before, "else") || (ends_operand(self->before) && self->pending));
}

static bool space_after(const Line *self, const Piece *next)
{
  const Piece *before = self->before;
  const Bracket *bracket = innermost(self);
  switch (before->kind) {
  case TOKEN_LEFT_PAREN:
  case TOKEN_LEFT_BRACKET:
  case TOKEN_DOT:
  case TOKEN_DOT_DOT:
  case TOKEN_AT: return false;
  case TOKEN_LEFT_BRACE: return bracket && bracket->is_block && next->kind != TOKEN_RIGHT_BRACE;
  case TOKEN_LESS: return !self->angles;
  case TOKEN_GREATER: return !(next->kind == TOKEN_GREATER && next->gap.len == 0);
  default: return !self->before_is_unary;
  }
}

/* What a token itself wants, if what is before it does not mind. */
static bool space_before(const Line *self, const Piece *next)
{
  const Piece *before = self->before;
  const Bracket *bracket = innermost(self);
  bool is_name = before->kind == TOKEN_ID && !wants_operand(before);
  switch (next->kind) {
  case TOKEN_RIGHT_PAREN:
  case TOKEN_RIGHT_BRACKET:
  case TOKEN_COMMA:
  case TOKEN_SEMICOLON:
  case TOKEN_COLON:
  case TOKEN_DOT:
  case TOKEN_DOT_DOT: return false;
  case TOKEN_RIGHT_BRACE: return bracket && bracket->is_block;
  case TOKEN_LEFT_PAREN: return !is_name && before->kind != TOKEN_RIGHT_PAREN;
  case TOKEN_LEFT_BRACKET: return !ends_operand(before);
  case TOKEN_LESS: return !self->in_type;
  case TOKEN_GREATER: return !self->angles;
  case TOKEN_STRING: {
    bool prefix = is_word(before, "b") || is_word(before, "hex");
    return !(prefix && next->gap.len == 0);
  }
  default: return true;
  }
}

/* Would the two, which stand apart, become something else together? Only in what makes no sense. */
static bool would_join(const Piece *before, const Piece *next)
{
  static const char signs[] = "!<>=&|.-~*+/%^@:";
  bool is_number = before->kind == TOKEN_INTEGER || before->kind == TOKEN_FLOAT;
  if (!before->text.len || !next->text.len || !next->gap.len) return false;
  if (next->kind == TOKEN_DOT && is_number) return true;
  if (before->kind == TOKEN_DOT && next->kind == TOKEN_INTEGER) return true;
  if (before->kind == TOKEN_DOT_DOT && (next->kind == TOKEN_MINUS || next->kind == TOKEN_EQUAL)) return false;
  char last = before->text.at[before->text.len - 1], first = next->text.at[0];
  return (strchr(signs, last) && strchr(signs, first)) || (name_has_byte(last) && name_has_byte(first));
}

static bool wants_space(const Line *self, const Piece *next)
{
  if (!self->before) return false;
  if (would_join(self->before, next)) return true;
  if (self->is_subject) return is_word(self->before, "spec") && next->kind != TOKEN_SEMICOLON;
  return space_after(self, next) && space_before(self, next);
}

/* --- state */

bool line_at_body(const Line *self, const Piece *next)
{
  if (next->kind != TOKEN_LEFT_BRACE || self->brackets.len || is_word(self->before, "else")) return false;
  return ends_operand(self->before) && !self->pending;
}

static bool open_bracket(Line *self, const Piece *next)
{
  if (self->brackets.len >= BRACKETS_MAX) return false;
  Bracket bracket = {.kind = next->kind, .level = self->level, .is_block = brace_is_block(self, next)};
  if (bracket.is_block && !is_word(self->before, "else")) self->pending--;
  bracket.is_params = self->has_params && next->kind == TOKEN_LEFT_PAREN;
  if (bracket.is_params) self->has_params = false;
  bracket.pending = self->pending;
  self->pending = 0;
  vec_push(self->printer->out.arena, &self->brackets, bracket);
  return true;
}

static bool close_bracket(Line *self, const Piece *next)
{
  const Bracket *bracket = innermost(self);
  bool fits = bracket && ((next->kind == TOKEN_RIGHT_PAREN && bracket->kind == TOKEN_LEFT_PAREN) ||
                          (next->kind == TOKEN_RIGHT_BRACKET && bracket->kind == TOKEN_LEFT_BRACKET) ||
                          (next->kind == TOKEN_RIGHT_BRACE && bracket->kind == TOKEN_LEFT_BRACE));
  if (!fits) return false;
  self->pending = bracket->pending;
  self->brackets.len--;
  return true;
}

/* Types stand behind '->', behind the ':' of parameters, and behind that of a `let`. */
static void follow_types(Line *self, const Piece *next)
{
  const Bracket *bracket = innermost(self);
  TokenKind kind = next->kind;
  if (self->in_type && kind == TOKEN_LESS) self->angles++;
  if (self->in_type && kind == TOKEN_GREATER && self->angles) self->angles--;
  if (kind == TOKEN_ARROW) self->in_type = true;
  bool names_let = self->let_name && self->let_name == self->before;
  if (kind == TOKEN_COLON) self->in_type = (bracket && bracket->is_params) || names_let;
  bool ends = kind == TOKEN_EQUAL || kind == TOKEN_SEMICOLON || is_closer(kind) ||
              (kind == TOKEN_COMMA && !self->angles);
  if (!ends) return;
  self->in_type = false;
  self->angles = 0;
}

/* How far the line of a token that begins one is indented. */
static uint32_t level_of(const Line *self, const Piece *next)
{
  const Bracket *bracket = innermost(self);
  if (!bracket) return self->base + 1;
  return is_closer(next->kind) ? bracket->level : bracket->level + 1;
}

static void print_piece(Line *self, const Piece *next)
{
  Piece piece = *next;
  bool after_opener = self->before && is_opener(self->before->kind);
  piece.space = wants_space(self, next);
  if (!self->before) {
    /* its line is begun by the caller */
  } else if (piece_breaks(next)) {
    self->level = level_of(self, next);
    Break how = {BLANK_NEVER, after_opener, is_closer(next->kind), self->level};
    print_break(self->printer, &piece, how);
  } else {
    print_inline(self->printer, &piece, after_opener, self->base + 1);
  }
  print_text(self->printer, piece.text);
}

bool line_put(Line *self, const Piece *next)
{
  /* "..=" is one thing in two tokens. */
  bool is_range_end = next->kind == TOKEN_EQUAL && self->before && self->before->kind == TOKEN_DOT_DOT;
  bool unary = is_range_end || is_unary(self, next);
  print_piece(self, next);
  if (self->before && (is_word(self->before, "let") || is_word(self->before, "var"))) self->let_name = next;
  follow_types(self, next);
  if (is_word(next, "if") || is_word(next, "match")) self->pending++;
  if (is_opener(next->kind) && !open_bracket(self, next)) return false;
  if (is_closer(next->kind) && !close_bracket(self, next)) return false;
  self->before_is_unary = unary;
  self->before = next;
  return true;
}
