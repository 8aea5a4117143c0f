/* One line of WIT: where spaces stand, and what is broken into several lines when it gets too long. */
#include "ifc/format_print.h"

/* More brackets are never open within one line: the parser's bound on types, and some. */
enum { OPEN_MAX = 256 };

static bool opens(TokenKind kind)
{
  return kind == TOKEN_LEFT_PAREN || kind == TOKEN_LESS || kind == TOKEN_LEFT_BRACE;
}

static bool closes(TokenKind kind)
{
  return kind == TOKEN_RIGHT_PAREN || kind == TOKEN_GREATER || kind == TOKEN_RIGHT_BRACE;
}

/* True for an opening bracket of parameters, of a tuple's types, or of names. (The '{' of a block is a line's
 * last.) */
static bool opens_list(const Pieces *line, size_t i)
{
  if (i == 0) return false;
  Keyword before = line->at[i - 1].keyword;
  switch (line->at[i].kind) {
  case TOKEN_LEFT_PAREN: return before == KEYWORD_FUNC || before == KEYWORD_CONSTRUCTOR;
  case TOKEN_LESS: return before == KEYWORD_TUPLE;
  case TOKEN_LEFT_BRACE: return i + 1 < line->len;
  default: return false;
  }
}

/* In "ns:pkg/name" there are no spaces. */
static bool is_path_colon(const Pieces *line, size_t i, size_t head)
{
  if (line->at[i].kind != TOKEN_COLON) return false;
  return line->at[head].keyword == KEYWORD_PACKAGE ||
         (i + 2 < line->len && line->at[i + 2].kind == TOKEN_SLASH);
}

/* The names of "use a.{b}" stand close to their braces, those of "include a with { b as c }" do not. */
static bool is_close_brace(const Pieces *line, size_t open)
{
  return open > 0 && line->at[open - 1].kind == TOKEN_DOT;
}

static bool glues_right(const Pieces *line, size_t i, size_t head)
{
  switch (line->at[i].kind) {
  case TOKEN_LEFT_PAREN:
  case TOKEN_LESS:
  case TOKEN_DOT:
  case TOKEN_SLASH:
  case TOKEN_AT: return true;
  case TOKEN_LEFT_BRACE: return is_close_brace(line, i);
  default: return is_path_colon(line, i, head);
  }
}

static bool glues_left(TokenKind kind)
{
  switch (kind) {
  case TOKEN_LEFT_PAREN:
  case TOKEN_RIGHT_PAREN:
  case TOKEN_LESS:
  case TOKEN_GREATER:
  case TOKEN_COMMA:
  case TOKEN_SEMICOLON:
  case TOKEN_COLON:
  case TOKEN_DOT:
  case TOKEN_SLASH:
  case TOKEN_AT: return true;
  default: return false;
  }
}

/* Brackets of a line that are open. */
typedef struct Open {
  size_t at[OPEN_MAX];
  size_t count;
} Open;

/* At a closing bracket: what it means for the comma and the space before it. */
static void meet_closing(Pieces *line, const Open *open, size_t i)
{
  size_t opener = open->at[open->count - 1];
  Piece *before = &line->at[i - 1];
  if (line->at[opener].list && before->kind == TOKEN_COMMA) before->dropped = true;
  if (line->at[i].kind == TOKEN_RIGHT_BRACE)
    line->at[i].space = i > opener + 1 && !is_close_brace(line, opener);
}

static void close_bracket(Pieces *line, Open *open, size_t i)
{
  Piece *opener = &line->at[open->at[--open->count]];
  opener->close = i;
  if (opener->forced && open->count) line->at[open->at[open->count - 1]].forced = true;
}

/* The '{' that ends the line of an item with a body. */
static bool is_block(const Piece *piece)
{
  return piece->kind == TOKEN_LEFT_BRACE && !piece->list;
}

static size_t end_of(const Piece *piece)
{
  return piece->offset + (piece->dropped ? 0 : piece->text.len);
}

/* True behind a bracket that no space follows. */
static bool after_opener(const Piece *line, size_t i)
{
  return i > 0 && opens(line[i - 1].kind) && !line[i].space;
}

bool line_layout(Printer *self, Pieces *line, size_t head)
{
  Open open = {.count = 0};
  for (size_t i = 0; i < line->len; i++) {
    Piece *piece = &line->at[i];
    size_t width;
    piece->space = i > 0 && !glues_left(piece->kind) && !glues_right(line, i - 1, head);
    piece->list = opens_list(line, i);
    if (closes(piece->kind) && !open.count) return false;
    if (closes(piece->kind)) meet_closing(line, &open, i);
    bool whole = inline_width(self, piece, after_opener(line->at, i), &width);
    if (!whole && open.count) line->at[open.at[open.count - 1]].forced = true;
    if (i > 0) piece->offset = end_of(&line->at[i - 1]) + width;
    if (closes(piece->kind)) close_bracket(line, &open, i);
    if (!opens(piece->kind) || is_block(piece)) continue;
    if (open.count == OPEN_MAX) return false;
    open.at[open.count++] = i;
  }
  return !open.count;
}

/* The comma behind the element that begins at `i`, or the bracket that closes the list at `close`. */
static size_t element_end(const Piece *line, size_t i, size_t close)
{
  for (; i < close && line[i].kind != TOKEN_COMMA; i++)
    if (opens(line[i].kind)) i = line[i].close;
  return i;
}

/* A list whose bracket has been put: one element a line, a comma behind each. */
static void print_list(Printer *self, const Piece *line, size_t open, uint32_t level)
{
  size_t close = line[open].close;
  bool first = true;
  for (size_t i = open + 1; i < close;) {
    size_t end = element_end(line, i, close);
    Break how = {first ? BLANK_NEVER : BLANK_KEPT, first, false, level + 1};
    print_break(self, &line[i], how);
    line_print(self, line, i, end, level + 1, 1);
    if (end < close) print_inline(self, &line[end], false, level + 2);
    print_text(self, STR(","));
    i = end + (end < close);
    first = false;
  }
  Break how = {first ? BLANK_NEVER : BLANK_KEPT, first, true, level};
  print_break(self, &line[close], how);
  print_text(self, line[close].text);
}

static bool must_break(const Printer *self, const Piece *line, size_t i, size_t to, size_t tail)
{
  if (!line[i].list) return false;
  if (line[i].forced) return true;
  size_t column = self->out.len - self->line_start;
  size_t rest = end_of(&line[to - 1]) - line[i].offset + tail;
  return line[i].close > i + 1 && column + rest > FORMAT_COLUMNS;
}

void line_print(Printer *self, const Piece *line, size_t from, size_t to, uint32_t level, size_t tail)
{
  for (size_t i = from; i < to; i++) {
    const Piece *piece = &line[i];
    if (i > from) print_inline(self, piece, after_opener(line, i), is_block(piece) ? level : level + 1);
    if (piece->dropped) continue;
    bool broken = must_break(self, line, i, to, tail);
    print_text(self, piece->text);
    if (!broken) continue;
    print_list(self, line, i, level);
    i = piece->close;
  }
}
