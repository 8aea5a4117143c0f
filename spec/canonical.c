/* The canonical text of files, and what makes two tests the same. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "spec/tests.h"

/* One spelling for every text: what must be escaped is, nothing else. */
static void print_quoted(char quote, Str text, Buf *out)
{
  buf_byte(out, quote);
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    if (byte == '\n')
      buf_z(out, "\\n");
    else if (byte == '\r')
      buf_z(out, "\\r");
    else if (byte == '\t')
      buf_z(out, "\\t");
    else if ((unsigned char)byte < 0x20 || byte == 0x7f)
      buf_printf(out, "\\u{%x}", (unsigned)byte);
    else {
      if (byte == quote || byte == '\\') buf_byte(out, '\\');
      buf_byte(out, byte);
    }
  }
  buf_byte(out, quote);
}

static bool print_token(Arena *arena, const Token *token, Buf *out, Diags *diags)
{
  Str text;
  switch (token->kind) {
  case TOKEN_ERROR: return false;
  case TOKEN_STRING:
  case TOKEN_CHAR:
    if (!token_unquote(arena, token, &text, diags)) return false;
    print_quoted(token->kind == TOKEN_CHAR ? '\'' : '"', text, out);
    return true;
  case TOKEN_ID:
    if (token->escaped) buf_byte(out, '%');
    buf_str(out, token->text);
    return true;
  default: buf_str(out, token->text); return true;
  }
}

/* What stands between two tokens. Some mean something else, or nothing, when they are apart: >> and b"…". */
static Str gap(const Token *token, const Token *next)
{
  bool prefix = token->kind == TOKEN_ID && next->kind == TOKEN_STRING;
  bool shift = token->kind == TOKEN_GREATER && next->kind == TOKEN_GREATER;
  if (prefix && (str_equal(token->text, STR("b")) || str_equal(token->text, STR("hex")))) return STR("");
  if (shift) return STR("");
  bool ends_line =
      token->kind == TOKEN_SEMICOLON || token->kind == TOKEN_LEFT_BRACE || token->kind == TOKEN_RIGHT_BRACE;
  return ends_line || next->kind == TOKEN_END ? STR("\n") : STR(" ");
}

/* All tokens of a text; a version in its first statement is left out, where it has a subject. */
static bool print_tokens(Arena *arena, const Source *source, bool has_subject, Buf *out, Diags *diags)
{
  Lexer lexer;
  bool in_subject = has_subject;
  if (!lexer_begin(&lexer, source, diags)) return false;
  for (Token token = lexer_next(&lexer), next; token.kind != TOKEN_END; token = next) {
    next = lexer_next(&lexer);
    if (in_subject && next.kind == TOKEN_AT) { /* versions are in no identity */
      lexer.at = next.span.at + 1;
      if (lexer_version(&lexer).kind == TOKEN_ERROR) return false;
      next = lexer_next(&lexer);
    }
    if (token.kind == TOKEN_SEMICOLON) in_subject = false;
    if (!print_token(arena, &token, out, diags)) return false;
    Str between = gap(&token, &next);
    buf_str(out, between);
  }
  return true;
}

Str unit_canonical(Arena *arena, Str format, const Source *source, Diags *diags)
{
  Buf out = buf_in(arena);
  buf_str(&out, format);
  buf_byte(&out, '\n');
  return print_tokens(arena, source, true, &out, diags) ? buf_text(&out) : (Str){0};
}

/* --- tests */

/* Adds the fns that a text names and that are not there yet. */
static void add_named(const Unit *unit, Str text, Fns *fns)
{
  Lexer lexer;
  const Source source = {unit->source->path, text};
  Diags ignored = diags_in(unit->arena);
  if (!lexer_begin(&lexer, &source, &ignored)) return;
  for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
    Fn *fn = token.kind == TOKEN_ID ? map_get(unit->fns, token.text) : NULL;
    bool known = !fn;
    for (size_t i = 0; i < fns->len && !known; i++) known = fns->at[i] == fn;
    if (!known) vec_push(unit->arena, fns, fn);
  }
}

Fns fns_of(const Unit *unit, Str text)
{
  Fns fns = {0};
  add_named(unit, text, &fns);
  for (size_t i = 0; i < fns.len; i++) add_named(unit, span_text(fns.at[i]->span), &fns);
  return fns;
}

static void sort_by_name(Fns *fns)
{
  for (size_t i = 1; i < fns->len; i++) {
    Fn *fn = fns->at[i];
    size_t at = i;
    for (; at > 0 && str_compare(fns->at[at - 1]->name.text, fn->name.text) > 0; at--)
      fns->at[at] = fns->at[at - 1];
    fns->at[at] = fn;
  }
}

static void print_piece(const Unit *unit, Span text, Buf *out)
{
  const Source source = {unit->source->path, span_text(text)};
  Diags ignored = diags_in(unit->arena);
  print_tokens(unit->arena, &source, false, out, &ignored);
}

Hash test_identity(const Unit *unit, const Test *test)
{
  Fns fns = fns_of(unit, span_text(test->span));
  Buf out = buf_in(unit->arena);
  print_piece(unit, test->span, &out);
  sort_by_name(&fns);
  for (size_t i = 0; i < fns.len; i++) print_piece(unit, fns.at[i]->span, &out);
  return hash_of(buf_text(&out));
}
