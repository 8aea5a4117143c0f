/* Any bytes as tokens: each lies within the text, behind the one before; errors are reported, with places
 * inside; and what tokens hold can be read or is found fault with. */
#include <stdio.h>
#include <stdlib.h>

#include "ifc/base/diag_json.h"
#include "ifc/base/utf8.h"
#include "ifc/lex.h"
#include "tests/fuzz/fuzz.h"

static void must(bool holds, const char *what)
{
  if (holds) return;
  fprintf(stderr, "%s\n", what);
  abort();
}

static bool is_inside(Str piece, Str text)
{
  return !piece.len || (piece.at >= text.at && piece.at + piece.len <= text.at + text.len);
}

static void check_content(Arena *arena, const Token *token)
{
  Diags diags = diags_in(arena);
  Str content;
  bool read = token_unquote(arena, token, &content, &diags);
  must(read == !diags.errors, "a quoted text is neither read nor found fault with");
  must(!read || utf8_first_error(content) == SIZE_MAX, "an unquoted text is not UTF-8");
  diags = diags_in(arena);
  read = token_unquote_wit(arena, token, &content, &diags);
  must(read == !diags.errors, "a string is neither read nor found fault with");
  must(!read || utf8_first_error(content) == SIZE_MAX, "a string is not UTF-8");
}

static void check_token(Arena *arena, const Token *token, Str text, uint32_t from)
{
  must(token->span.at >= from, "tokens overlap");
  must(token->span.at + token->span.len <= text.len, "a token ends behind the text");
  must(is_inside(token->text, text) && is_inside(token->docs, text) && is_inside(token->comments, text),
       "a token's text is not in the text");
  must((token->kind == TOKEN_ID && !token->escaped ? name_keyword(token->text) : KEYWORD_NONE) ==
           token->keyword,
       "a keyword is not known");
  must(token->kind != TOKEN_ID || !name_fault(token->text), "a name is none");
  must(!token->misspelt || (token->kind == TOKEN_ERROR && name_fault(token->text)),
       "a misspelt name is right");
  must(utf8_first_error(docs_text(arena, token->docs)) == SIZE_MAX, "documentation is not UTF-8");
  if (token->kind == TOKEN_STRING) check_content(arena, token);
}

static void check_diags(Arena *arena, const Diags *diags)
{
  for (const Diag *diag = diags->first; diag; diag = diag->next)
    must(diag->span.at + diag->span.len <= diag->span.source->text.len, "an error is behind the text");
  Buf out = buf_in(arena);
  diags_print(diags, &out, true);
  jv_print(diags_to_json(arena, diags), &out);
  must(utf8_first_error(buf_text(&out)) == SIZE_MAX, "messages are not UTF-8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Source source = {STR("fuzz"), {(const char *)data, size}};
  Diags diags = diags_in(arena);
  Lexer lexer;
  bool begun = lexer_begin(&lexer, &source, &diags);
  must(begun == !diags.errors, "a text is neither begun nor found fault with");
  uint32_t from = 0;
  for (Token token = {0}; begun;) {
    size_t errors = diags.errors;
    bool is_version = token.kind == TOKEN_AT;
    token = is_version ? lexer_version(&lexer) : lexer_next(&lexer);
    must((token.kind == TOKEN_ERROR) == (diags.errors > errors), "an error is not reported, or not one");
    /* A version is text, not a name. */
    if (is_version && token.kind == TOKEN_ID) token.kind = TOKEN_STRING, token.text = STR("\"\"");
    if (!is_version) check_token(arena, &token, source.text, from);
    if (token.kind == TOKEN_END) break;
    must(lexer.at > from || lexer.at == size, "the lexer stands still");
    from = token.span.at + token.span.len;
  }
  check_diags(arena, &diags);
  arena_free(arena);
  return 0;
}
