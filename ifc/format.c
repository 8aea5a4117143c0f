/* `ifc fmt`. A text that parses is read again, token by token with what stands between them, and put down in
 * one layout; in the end it is compared with what it was made from. */
#include "ifc/format.h"

#include "ifc/ast.h"
#include "ifc/format_print.h"

/* More blocks are never nested: the parser's bound on packages, and what stands in them. */
enum { LEVEL_MAX = 200 };

typedef struct Formatter {
  Arena *arena;
  Printer printer;
  Lexer lexer;
  Piece ahead;        /* the next one */
  size_t end;         /* where it ends in the source */
  TokenKind last[3];  /* its kind, and those of the two before it */
  bool after_version; /* it stands behind the word `version` */
  Pieces line;        /* the item or part in hand */
} Formatter;

/* An item as far as its first line goes: gates, then everything up to ';', '{' or the '}' of `include`. */
typedef struct Item {
  size_t head;  /* the index of the first piece behind the gates */
  bool block;   /* it ends with '{', and a body follows */
  bool parts;   /* the body is a list of fields or cases */
  bool package; /* "package ns:name;" */
} Item;

/* A version is a token of its own only where one is expected: "name@1.0.0", "(version = 1.0.0". */
static bool version_follows(const Formatter *self)
{
  if (self->last[0] == TOKEN_AT) return self->last[1] == TOKEN_ID;
  return self->last[0] == TOKEN_EQUAL && self->after_version && self->last[2] == TOKEN_LEFT_PAREN;
}

/* To the next piece. */
static void advance(Formatter *self)
{
  Str source = self->printer.source;
  bool is_version = str_equal(self->ahead.text, STR("version"));
  Token token = version_follows(self) ? lexer_version(&self->lexer) : lexer_next(&self->lexer);
  Str gap = str_slice(source, self->end, token.span.at);
  self->ahead =
      (Piece){.kind = token.kind, .keyword = token.keyword, .text = span_text(token.span), .gap = gap};
  self->ahead.comments = str_find(gap, STR("/")) != SIZE_MAX;
  self->end = token.span.at + token.span.len;
  self->last[2] = self->last[1];
  self->last[1] = self->last[0];
  self->last[0] = token.kind;
  self->after_version = is_version;
}

static bool at(const Formatter *self, TokenKind kind)
{
  return self->ahead.kind == kind;
}

/* Adds the next piece to the line. */
static void take(Formatter *self)
{
  vec_push(self->arena, &self->line, self->ahead);
  advance(self);
}

/* Adds pieces up to and with one of this kind; false where there is none. */
static bool take_to(Formatter *self, TokenKind kind)
{
  while (!at(self, kind)) {
    if (at(self, TOKEN_END) || at(self, TOKEN_ERROR)) return false;
    take(self);
  }
  take(self);
  return true;
}

/* '@' name '(' … ')' */
static bool take_gate(Formatter *self)
{
  return take_to(self, TOKEN_AT) && take_to(self, TOKEN_RIGHT_PAREN);
}

/* The words whose braces hold names, not a block; and those whose block holds parts, not items. */
static bool holds_names(Keyword word)
{
  return word == KEYWORD_USE || word == KEYWORD_INCLUDE;
}

static bool holds_parts(Keyword word)
{
  return word == KEYWORD_RECORD || word == KEYWORD_VARIANT || word == KEYWORD_ENUM || word == KEYWORD_FLAGS;
}

/* Reads an item into the line. */
static bool take_item(Formatter *self, Item *out)
{
  self->line.len = 0;
  while (at(self, TOKEN_AT))
    if (!take_gate(self)) return false;
  Keyword word = self->ahead.keyword;
  *out = (Item){.head = self->line.len, .package = word == KEYWORD_PACKAGE};
  for (;;) {
    TokenKind kind = self->ahead.kind;
    if (kind == TOKEN_END || kind == TOKEN_ERROR || kind == TOKEN_RIGHT_BRACE) return false;
    take(self);
    if (kind == TOKEN_SEMICOLON) return true;
    if (kind != TOKEN_LEFT_BRACE) continue;
    if (!holds_names(word)) break;
    if (!take_to(self, TOKEN_RIGHT_BRACE)) return false;
    if (word == KEYWORD_INCLUDE) return true;
  }
  out->block = true;
  out->parts = holds_parts(word);
  out->package = false;
  return true;
}

/* Reads a part, up to the ',' or '}' that ends it, into the line. */
static bool take_part(Formatter *self)
{
  size_t depth = 0;
  self->line.len = 0;
  while (depth || !(at(self, TOKEN_COMMA) || at(self, TOKEN_RIGHT_BRACE))) {
    if (at(self, TOKEN_END) || at(self, TOKEN_ERROR)) return false;
    if (at(self, TOKEN_LESS) || at(self, TOKEN_LEFT_PAREN)) depth++;
    if (depth && (at(self, TOKEN_GREATER) || at(self, TOKEN_RIGHT_PAREN))) depth--;
    take(self);
  }
  return self->line.len > 0;
}

/* The parts of a record, variant, enum or flags: one a line, a comma behind each. */
static bool format_parts(Formatter *self, uint32_t level)
{
  Printer *printer = &self->printer;
  for (bool first = true; !at(self, TOKEN_RIGHT_BRACE); first = false) {
    if (!take_part(self) || !line_layout(printer, &self->line, 0)) return false;
    Break how = {first ? BLANK_NEVER : BLANK_KEPT, first, false, level};
    print_break(printer, &self->line.at[0], how);
    line_print(printer, self->line.at, 0, self->line.len, level, 1);
    bool comma = at(self, TOKEN_COMMA);
    if (comma) print_inline(printer, &self->ahead, false, level + 1);
    print_text(printer, STR(","));
    if (comma) advance(self);
  }
  return true;
}

/* The line of an item: each gate on its own, then the rest. */
static bool print_item(Formatter *self, const Item *item, Break how)
{
  Pieces *line = &self->line;
  if (!line_layout(&self->printer, line, item->head)) return false;
  for (size_t from = 0; from < line->len;) {
    size_t to = from + 1;
    while (to < item->head && line->at[to].kind != TOKEN_AT) to++;
    if (from == item->head) to = line->len;
    print_break(&self->printer, &line->at[from], how);
    line_print(&self->printer, line->at, from, to, how.level, 0);
    how = (Break){BLANK_NEVER, false, false, how.level};
    from = to;
  }
  return true;
}

static bool format_items(Formatter *self, TokenKind close, uint32_t level);

/* The body of a block and its '}'. */
static bool format_block(Formatter *self, bool parts, uint32_t level)
{
  bool empty = at(self, TOKEN_RIGHT_BRACE);
  if (level >= LEVEL_MAX) return false;
  if (!(parts ? format_parts(self, level + 1) : format_items(self, TOKEN_RIGHT_BRACE, level + 1)))
    return false;
  Break how = {empty ? BLANK_NEVER : BLANK_KEPT, empty, true, level};
  if (!empty || self->ahead.comments) print_break(&self->printer, &self->ahead, how);
  print_text(&self->printer, self->ahead.text);
  advance(self);
  return true;
}

/* Items up to, not with, `close`. Blocks stand apart; between others the author's empty lines stay. */
static bool format_items(Formatter *self, TokenKind close, uint32_t level)
{
  bool apart = false;
  for (bool first = true; !at(self, close); first = false) {
    Item item;
    if (!take_item(self, &item)) return false;
    Break how = {.blank = first                 ? BLANK_NEVER
                          : apart || item.block ? BLANK_ONE
                                                : BLANK_KEPT,
                 .after_opener = first,
                 .level = level};
    if (!print_item(self, &item, how)) return false;
    if (item.block && !format_block(self, item.parts, level)) return false;
    apart = item.block || item.package;
  }
  return true;
}

static bool format_text(Formatter *self)
{
  advance(self);
  if (!format_items(self, TOKEN_END, 0)) return false;
  print_break(&self->printer, &self->ahead, (Break){BLANK_KEPT, false, true, 0});
  return true;
}

static bool is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Moves past white space. */
static void skip_blanks(Str text, size_t *at)
{
  while (*at < text.len && is_blank(text.at[*at])) ++*at;
}

/* True when the texts differ in nothing but white space and commas. */
static bool has_same_bytes(Str before, Str after)
{
  size_t i = 0, k = 0;
  for (;;) {
    skip_blanks(before, &i);
    skip_blanks(after, &k);
    if (i == before.len && k == after.len) return true;
    if (i < before.len && k < after.len && before.at[i] == after.at[k]) {
      i++, k++;
    } else if (k < after.len && after.at[k] == ',') {
      k++;
    } else if (i < before.len && before.at[i] == ',') {
      i++;
    } else {
      return false;
    }
  }
}

/* The next token that is no comma before a closing bracket. */
static Token next_word(Lexer *lexer)
{
  Token token = lexer_next(lexer);
  if (token.kind != TOKEN_COMMA) return token;
  Lexer behind = *lexer;
  Token next = lexer_next(&behind);
  bool closes =
      next.kind == TOKEN_RIGHT_BRACE || next.kind == TOKEN_RIGHT_PAREN || next.kind == TOKEN_GREATER;
  if (!closes) return token;
  *lexer = behind;
  return next;
}

/* True when the texts hold the same words: none has come to stand in a comment, none are joined. */
static bool has_same_words(const Source *before, const Source *after, Diags *scratch)
{
  Lexer left, right;
  if (!lexer_begin(&left, before, scratch) || !lexer_begin(&right, after, scratch)) return false;
  for (;;) {
    Token a = next_word(&left), b = next_word(&right);
    if (a.kind != b.kind || !str_equal(span_text(a.span), span_text(b.span))) return false;
    if (a.kind == TOKEN_END) return true;
  }
}

/* True for a text that parses; nothing else of it is wanted. */
static bool parses(const Source *source, Diags *diags)
{
  Arena *scratch = arena_new();
  size_t errors = diags->errors;
  bool parsed = wit_parse_file(scratch, source, diags) && diags->errors == errors;
  arena_free(scratch);
  return parsed;
}

/* An empty buffer that a text of this length, grown by a tenth, fits into. */
static Buf buf_with_room(Arena *arena, size_t len)
{
  size_t cap = len + len / 10 + 64;
  return (Buf){.arena = arena, .at = arena_alloc_raw(arena, cap), .cap = cap};
}

Str wit_format(Arena *arena, const Source *source, Diags *diags)
{
  if (!parses(source, diags)) return STR("");
  Diags scratch = diags_in(arena);
  Formatter self = {.arena = arena,
                    .printer = {.out = buf_with_room(arena, source->text.len), .source = source->text}};
  bool done = lexer_begin(&self.lexer, source, &scratch);
  Str before = str_slice(source->text, self.lexer.at, source->text.len); /* without a byte order mark */
  self.end = self.lexer.at;
  done = done && format_text(&self);
  const Source after = {source->path, buf_text(&self.printer.out)};
  /* A formatter that loses something is worse than none. */
  if (done && has_same_bytes(before, after.text) && has_same_words(source, &after, &scratch))
    return after.text;
  diag_error(
      diags, DIAG_UNSUPPORTED, (Span){source, 0, 0},
      "this text cannot be formatted without a loss, which is a fault of the formatter: it is left as it is");
  return STR("");
}
