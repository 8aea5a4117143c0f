/* Specifications as the rest of the program sees them, and the canonical text of files. */
#include "spec/spec.h"

#include "ifc/base/utf8.h"
#include "spec/plan.h"
#include "spec/tests.h"

Str spec_subject(Arena *arena, const Source *source, Diags *diags)
{
  Unit unit = {.arena = arena, .source = source, .diags = diags};
  Cursor cursor;
  Name id;
  if (!cursor_begin(&cursor, &unit)) return (Str){0};
  Str keyword = cursor_at_word(&cursor, STR("bench")) ? STR("bench") : STR("spec");
  return cursor_subject(&cursor, keyword, &id) ? id.text : (Str){0};
}

static void check_subject(Spec *self)
{
  Unit *unit = &self->unit;
  if (str_equal(self->subject.text, unit->interface->id)) return;
  diag_error(unit->diags, DIAG_NAME, self->subject.span, "this specification is for `%.*s`, not for `%.*s`",
             STR_ARG(self->subject.text), STR_ARG(unit->interface->id));
}

const Spec *spec_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags)
{
  Spec *self = arena_new_of(arena, Spec);
  size_t errors = diags->errors;
  self->unit = (Unit){.arena = arena, .source = source, .interface = interface, .diags = diags};
  if (spec_read(self)) {
    check_subject(self);
    unit_check(&self->unit);
    for (size_t i = 0; i < self->tests.len; i++) test_check(&self->unit, &self->tests.at[i]);
    if (self->tests.len == 0 && diags->errors == errors)
      diag_error(diags, DIAG_SYNTAX, self->subject.span, "this specification has no tests");
  }
  if (diags->errors == errors) self->canonical = unit_canonical(arena, STR("assay-spec/1"), source, diags);
  if (diags->errors > errors) return NULL;
  self->hash = hash_of(self->canonical);
  for (size_t i = 0; i < self->tests.len; i++)
    if (self->tests.at[i].kind == TEST_LAW) plans_make(arena, &self->tests.at[i]);
  self->unit.diags = NULL;
  return self;
}

Hash spec_hash(const Spec *self)
{
  return self->hash;
}

Str spec_canonical(const Spec *self)
{
  return self->canonical;
}

Str spec_path(const Spec *self)
{
  return self->unit.source->path;
}

const Source *spec_source(const Spec *self)
{
  return self->unit.source;
}

/* --- canonical text */

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

Str unit_canonical(Arena *arena, Str format, const Source *source, Diags *diags)
{
  Lexer lexer;
  Buf out = buf_in(arena);
  bool in_subject = true;
  if (!lexer_begin(&lexer, source, diags)) return (Str){0};
  buf_str(&out, format);
  buf_byte(&out, '\n');
  for (Token token = lexer_next(&lexer), next; token.kind != TOKEN_END; token = next) {
    next = lexer_next(&lexer);
    if (in_subject && next.kind == TOKEN_AT) { /* versions are in no identity */
      lexer.at = next.span.at + 1;
      if (lexer_version(&lexer).kind == TOKEN_ERROR) return (Str){0};
      next = lexer_next(&lexer);
    }
    if (token.kind == TOKEN_SEMICOLON) in_subject = false;
    if (!print_token(arena, &token, &out, diags)) return (Str){0};
    buf_str(&out, gap(&token, &next));
  }
  return buf_text(&out);
}
