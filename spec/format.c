#include "spec/format.h"

#include "spec/format_line.h"

/* Where an item stands, which says what items there are. */
typedef enum Context { CONTEXT_FILE, CONTEXT_GROUP, CONTEXT_SCRIPT, CONTEXT_TABLE, CONTEXT_SEQUENCE } Context;

typedef struct Formatter {
  Arena *arena;
  Printer printer;
  Pieces pieces; /* all of the text, the end too */
  size_t at;
} Formatter;

static const Piece *ahead(const Formatter *self)
{
  return &self->pieces.at[self->at];
}

static bool at_kind(const Formatter *self, TokenKind kind)
{
  return ahead(self)->kind == kind;
}

static bool at_word(const Formatter *self, const char *word)
{
  return at_kind(self, TOKEN_ID) && str_equal(ahead(self)->text, str_from_z(word));
}

/* --- reading */

/* All tokens with what stands before each. A version is one only behind the '@' of the subject. */
static bool read_pieces(Formatter *self, const Source *source, Diags *diags)
{
  Lexer lexer;
  TokenKind last = TOKEN_END;
  bool in_subject = true;
  if (!lexer_begin(&lexer, source, diags)) return false;
  for (size_t end = lexer.at;;) {
    Token token = in_subject && last == TOKEN_AT ? lexer_version(&lexer) : lexer_next(&lexer);
    if (token.kind == TOKEN_ERROR) return false;
    Piece piece = {.kind = token.kind, .text = span_text(token.span)};
    piece.gap = str_slice(source->text, end, token.span.at);
    piece.comments = str_find(piece.gap, STR("/")) != SIZE_MAX;
    vec_push(self->arena, &self->pieces, piece);
    if (token.kind == TOKEN_END) return true;
    if (token.kind == TOKEN_SEMICOLON) in_subject = false;
    end = token.span.at + token.span.len;
    last = token.kind;
  }
}

/* --- items */

static bool put(Formatter *self, Line *line)
{
  if (at_kind(self, TOKEN_END) || !line_put(line, ahead(self))) return false;
  self->at++;
  return true;
}

/* The context of the body that an item has; false: it ends with ';'. */
static bool has_body(const Formatter *self, Context context, Context *body)
{
  static const struct {
    const char *word;
    Context context;
  } tests[] = {{"describe", CONTEXT_GROUP}, {"it", CONTEXT_SCRIPT},         {"table", CONTEXT_TABLE},
               {"law", CONTEXT_SCRIPT},     {"sequence", CONTEXT_SEQUENCE}, {"agree", CONTEXT_SEQUENCE}};
  *body = CONTEXT_SCRIPT;
  if (context == CONTEXT_SEQUENCE) return at_word(self, "op") || at_word(self, "invariant");
  if (context != CONTEXT_FILE && context != CONTEXT_GROUP) return false;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    if (!at_word(self, tests[i].word)) continue;
    *body = tests[i].context;
    return true;
  }
  return false;
}

/* A row: its parentheses, and the comma behind them. */
static bool format_row(Formatter *self, Line *line)
{
  do {
    if (!put(self, line)) return false;
  } while (line->brackets.len);
  return !at_kind(self, TOKEN_COMMA) || put(self, line);
}

/* Up to the ';' that ends it: a fn's block may begin with `let`s, which have one each. */
static bool format_statement(Formatter *self, Line *line, bool is_fn)
{
  bool in_let = false, at_start = false;
  for (;;) {
    if (at_start) in_let = at_word(self, "let");
    bool ends = at_kind(self, TOKEN_SEMICOLON) && !line->brackets.len;
    at_start = is_fn && !line->brackets.len &&
               (at_kind(self, TOKEN_SEMICOLON) || (at_kind(self, TOKEN_EQUAL) && !in_let));
    if (at_kind(self, TOKEN_RIGHT_BRACE) && !line->brackets.len) return false;
    if (!put(self, line)) return false;
    if (ends && !(is_fn && in_let)) return true;
  }
}

/* Is the body, whose '{' comes next, one statement on one line? Then it may stay there. */
static bool is_one_line(const Formatter *self, Context context)
{
  size_t depth = 0;
  if (context != CONTEXT_SCRIPT && context != CONTEXT_SEQUENCE) return false;
  for (size_t i = self->at + 1; i < self->pieces.len; i++) {
    const Piece *piece = &self->pieces.at[i];
    if (piece->comments || piece_breaks(piece)) return false;
    if (piece->kind == TOKEN_LEFT_BRACE) depth++;
    if (piece->kind == TOKEN_SEMICOLON && depth == 0)
      return self->pieces.at[i + 1].kind == TOKEN_RIGHT_BRACE && !self->pieces.at[i + 1].comments &&
             !piece_breaks(&self->pieces.at[i + 1]);
    if (piece->kind == TOKEN_RIGHT_BRACE && depth-- == 0) return false;
  }
  return false;
}

static bool format_items(Formatter *self, Context context, uint32_t level);

static void print_close(Formatter *self, Break how, bool on_line)
{
  if (on_line)
    print_inline(&self->printer, ahead(self), true, how.level);
  else
    print_break(&self->printer, ahead(self), how);
  print_text(&self->printer, ahead(self)->text);
  self->at++;
}

/* '{' … '}' of a test. */
static bool format_body(Formatter *self, Context context, uint32_t level)
{
  bool one_line = is_one_line(self, context);
  Piece brace = *ahead(self);
  brace.space = true;
  print_inline(&self->printer, &brace, false, level + 1);
  print_text(&self->printer, brace.text);
  self->at++;
  if (one_line) {
    Line line = {.printer = &self->printer, .base = level, .level = level};
    print_text(&self->printer, STR(" "));
    if (!format_statement(self, &line, false)) return false;
    print_text(&self->printer, STR(" "));
    print_close(self, (Break){.level = level}, true);
    return true;
  }
  if (at_kind(self, TOKEN_RIGHT_BRACE) && !ahead(self)->comments) {
    print_text(&self->printer, ahead(self)->text);
    self->at++;
    return true;
  }
  if (!format_items(self, context, level + 1) || !at_kind(self, TOKEN_RIGHT_BRACE)) return false;
  print_close(self, (Break){.blank = BLANK_NEVER, .before_closer = true, .level = level}, false);
  return true;
}

static bool format_item(Formatter *self, Context context, uint32_t level)
{
  Line line = {.printer = &self->printer, .base = level, .level = level};
  Context body;
  bool is_fn = context == CONTEXT_FILE && at_word(self, "fn");
  line.is_subject = context == CONTEXT_FILE && at_word(self, "spec");
  if (context == CONTEXT_TABLE && at_kind(self, TOKEN_LEFT_PAREN)) return format_row(self, &line);
  if (!has_body(self, context, &body)) {
    line.has_params = is_fn;
    return format_statement(self, &line, is_fn);
  }
  line.has_params = true;
  while (!line_at_body(&line, ahead(self)))
    if (at_kind(self, TOKEN_SEMICOLON) || !put(self, &line)) return false;
  return format_body(self, body, level);
}

/* Items up to, not with, the '}' or the end. */
static bool format_items(Formatter *self, Context context, uint32_t level)
{
  bool after_subject = false;
  for (bool first = true; !at_kind(self, TOKEN_END) && !at_kind(self, TOKEN_RIGHT_BRACE); first = false) {
    Break how = {.blank = first           ? BLANK_NEVER
                          : after_subject ? BLANK_ONE
                                          : BLANK_KEPT,
                 .after_opener = first,
                 .level = level};
    print_break(&self->printer, ahead(self), how);
    after_subject = context == CONTEXT_FILE && at_word(self, "spec");
    if (!format_item(self, context, level)) return false;
  }
  return true;
}

/* --- the whole */

static bool is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* True when the texts differ in nothing but white space. */
static bool has_same_bytes(Str before, Str after)
{
  size_t i = 0, k = 0;
  for (;;) {
    while (i < before.len && is_blank(before.at[i])) i++;
    while (k < after.len && is_blank(after.at[k])) k++;
    if (i == before.len || k == after.len) return i == before.len && k == after.len;
    if (before.at[i++] != after.at[k++]) return false;
  }
}

/* True when both are made of the same tokens. */
static bool has_same_tokens(Arena *arena, const Formatter *before, const Source *after)
{
  Formatter again = {.arena = arena};
  Diags ignored = diags_in(arena);
  if (!read_pieces(&again, after, &ignored) || again.pieces.len != before->pieces.len) return false;
  for (size_t i = 0; i < again.pieces.len; i++)
    if (!str_equal(again.pieces.at[i].text, before->pieces.at[i].text)) return false;
  return true;
}

/* Where it came to an end that is none. */
static void report_structure(const Formatter *self, const Source *source, Diags *diags)
{
  const Piece *piece = ahead(self);
  bool at_end = piece->kind == TOKEN_END;
  Span span = {source, (uint32_t)(piece->text.at - source->text.at), (uint32_t)piece->text.len};
  if (at_end) span = (Span){source, (uint32_t)source->text.len, 0};
  diag_error(diags, DIAG_SYNTAX, span, "this cannot be formatted: %s",
             at_end ? "a bracket or a statement is not ended"
                    : "it closes nothing, or a ';' is missing before it");
}

Str spec_format(Arena *arena, const Source *source, Diags *diags)
{
  Formatter self = {.arena = arena, .printer = {.out = buf_in(arena), .source = source->text}};
  if (!read_pieces(&self, source, diags)) return STR("");
  if (!format_items(&self, CONTEXT_FILE, 0) || !at_kind(&self, TOKEN_END)) {
    report_structure(&self, source, diags);
    return STR("");
  }
  print_break(&self.printer, ahead(&self), (Break){BLANK_KEPT, false, true, 0});
  const Source after = {source->path, buf_text(&self.printer.out)};
  size_t mark = source->text.len >= 3 && memcmp(source->text.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  /* A formatter that loses something is worse than none. */
  if (has_same_bytes(str_slice(source->text, mark, source->text.len), after.text) &&
      has_same_tokens(arena, &self, &after))
    return after.text;
  diag_error(diags, DIAG_UNSUPPORTED, (Span){source, 0, 0},
             "this text cannot be formatted without a loss, which is a fault of the formatter: it is left as "
             "it is");
  return STR("");
}
