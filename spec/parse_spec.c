/* Reading .spec files: one function a production, named after it. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/near.h"
#include "spec/tests.h"

typedef struct Slip {
  const char *word, *note;
} Slip;

static const char *slip_of(const Slip *slips, size_t count, Str word)
{
  for (size_t i = 0; i < count; i++)
    if (str_equal(word, str_from_z(slips[i].word))) return slips[i].note;
  return NULL;
}

/* What a ';' is missed before, or behind, where that tells what was meant: words of other languages. */
static const char *slip(const Cursor *self)
{
  static const Slip here[] = {{"and", "it is written `&&`"},
                              {"or", "it is written `||`"},
                              {"trap", "it is written `traps`"},
                              {"throws", "it is written `traps`"}};
  static const Slip before[] = {{"not", "it is written `!`"},
                                {"forall", "it is written `for all`"},
                                {"assert", "it is written `expect`"},
                                {"return", "a test gives nothing: `expect` says what holds"}};
  Near near = {.wanted = span_text(self->last)};
  if (cursor_at(self, TOKEN_EQUAL)) return "`==` compares";
  if (self->token.escaped) return "`%` at a name is an escape: write `n % m` for the remainder";
  const char *note = NULL;
  if (cursor_at(self, TOKEN_ID)) note = slip_of(here, sizeof here / sizeof *here, self->token.text);
  if (!note) note = slip_of(before, sizeof before / sizeof *before, near.wanted);
  near_consider(&near, STR("expect"));
  return note || !near.best.len ? note : "did you mean `expect`?";
}

static bool semicolon(Cursor *self)
{
  const char *note = slip(self);
  size_t errors = self->unit->diags->errors;
  if (cursor_expect(self, TOKEN_SEMICOLON)) return true;
  Diag *last = self->unit->diags->last;
  if (note && last && self->unit->diags->errors > errors)
    diag_note(self->unit->diags, last, SPAN_NONE, "%s", note);
  return false;
}

/* What stands behind `let` or `var`. What uses the name is not to blame when it cannot be read. */
static bool let(Cursor *self, Test *test, Statement *out)
{
  LetDecl let;
  bool read = let_rest_parse(self, &let);
  out->name = let.name;
  out->declared = let.type;
  out->expr = read ? let.value : NULL;
  out->span = span_join(out->span, self->last);
  if (read || let.name.text.len) vec_push(self->unit->arena, &test->statements, *out);
  return read;
}

/* statement ::= let | 'expect' expr 'traps'? ';' | name '=' expr ';' | expr ';'   and in sequences 'var' …
 * ';'
 */
bool statement_parse(Cursor *self, Test *test)
{
  Statement out = {.kind = STATEMENT_CALL, .span = self->token.span};
  bool may_vary = test->kind == TEST_SEQUENCE || test->kind == TEST_AGREE;
  if (may_vary && cursor_accept_word(self, STR("var"))) out.kind = STATEMENT_VAR;
  if (out.kind != STATEMENT_VAR && cursor_accept_word(self, STR("let"))) out.kind = STATEMENT_LET;
  if (out.kind != STATEMENT_CALL) return let(self, test, &out);
  if (cursor_accept_word(self, STR("expect"))) out.kind = STATEMENT_EXPECT;
  out.expr = expr_parse(self);
  if (!out.expr) return false;
  bool is_name = out.kind == STATEMENT_CALL && out.expr->kind == EXPR_NAME;
  if (is_name && str_equal(out.expr->name.text, STR("var")) && cursor_at(self, TOKEN_ID)) {
    diag_error(self->unit->diags, DIAG_SYNTAX, out.span,
               "only what a sequence begins with has `var`s: here it is `let`");
    out.kind = STATEMENT_LET;
    return let(self, test, &out);
  }
  if (is_name && cursor_accept(self, TOKEN_EQUAL)) {
    out.kind = STATEMENT_SET;
    out.name = out.expr->name;
    out.expr = expr_parse(self);
    if (!out.expr) return false;
  }
  if (out.kind == STATEMENT_EXPECT && cursor_accept_word(self, STR("traps"))) out.kind = STATEMENT_TRAPS;
  if (!semicolon(self)) return false;
  out.span = span_join(out.span, self->last);
  vec_push(self->unit->arena, &test->statements, out);
  return true;
}

/* row ::= '(' (expr (',' expr)* ','?)? ')' ','? */
static bool row(Cursor *self, Test *test)
{
  VEC(Expr *) cells = {0};
  Span start = cursor_take(self).span;
  while (!cursor_at(self, TOKEN_RIGHT_PAREN)) {
    Expr *cell = expr_parse(self);
    if (!cell) return false;
    vec_push(self->unit->arena, &cells, cell);
    if (!cursor_accept(self, TOKEN_COMMA)) break;
  }
  if (!cursor_expect(self, TOKEN_RIGHT_PAREN)) return false;
  Row out = {.cells = cells.at, .count = (uint32_t)cells.len, .span = span_join(start, self->last)};
  vec_push(self->unit->arena, &test->rows, out);
  cursor_accept(self, TOKEN_COMMA);
  return true;
}

/* body ::= '{' row* statement* '}'   rows only in tables. */
static bool body(Cursor *self, Test *test)
{
  if (!cursor_expect(self, TOKEN_LEFT_BRACE)) return false;
  while (!cursor_at(self, TOKEN_RIGHT_BRACE) && !cursor_at(self, TOKEN_END)) {
    bool is_row = test->kind == TEST_TABLE && cursor_at(self, TOKEN_LEFT_PAREN);
    if (is_row ? row(self, test) : statement_parse(self, test)) continue;
    test->is_broken = true;
    cursor_recover(self);
  }
  return cursor_expect(self, TOKEN_RIGHT_BRACE);
}

/* where ::= 'where' expr (',' expr)* */
bool where_parse(Cursor *self, Test *test)
{
  if (!cursor_accept_word(self, STR("where"))) return true;
  do {
    if (cursor_at(self, TOKEN_LEFT_BRACE)) break;
    Condition condition = {.expr = expr_parse(self)};
    if (!condition.expr) return false;
    vec_push(self->unit->arena, &test->conditions, condition);
  } while (cursor_accept(self, TOKEN_COMMA));
  return true;
}

/* jury ::= 'with' string (',' string)* */
static bool jury(Cursor *self, Test *test)
{
  if (!cursor_accept_word(self, STR("with"))) return true;
  do {
    Name name;
    if (!cursor_string(self, "an implementation's name or hash in quotes", &name)) return false;
    vec_push(self->unit->arena, &test->jury, name);
  } while (cursor_accept(self, TOKEN_COMMA));
  return true;
}

static void report_twice(Cursor *self, Spec *spec, const Test *test)
{
  Arena *arena = self->unit->arena;
  Str key =
      str_format(arena, "%zu:%.*s%.*s", test->group.len, STR_ARG(test->group), STR_ARG(test->name.text));
  Name *name = arena_new_of(arena, Name);
  *name = test->name;
  if (!spec->names) spec->names = map_new(arena);
  const Name *other = map_put(spec->names, key, name);
  if (!other) return;
  Diag *diag = diag_error(self->unit->diags, DIAG_NAME, test->name.span,
                          "there are two tests with this name here: a report could not tell them apart");
  diag_note(self->unit->diags, diag, other->span, "the other one is here");
}

/* test ::= 'it' string body | 'table' string params body | 'law' string params where? body
 *        | 'sequence' string (params where?)? sequence-body
 *        | 'agree' string jury? (params where?)? sequence-body   which need not have operations */
static bool test(Cursor *self, Spec *spec, Str group, TestKind kind)
{
  Test out = {.kind = kind, .group = group, .span = self->token.span};
  cursor_take(self);
  bool read = cursor_string(self, "the test's name in quotes", &out.name);
  if (read && kind == TEST_AGREE) read = jury(self, &out);
  bool may_have_steps = kind == TEST_SEQUENCE || kind == TEST_AGREE;
  bool has_params = kind != TEST_IT && (!may_have_steps || cursor_at(self, TOKEN_LEFT_PAREN));
  if (read && has_params) read = params_parse(self, &out.params);
  if (read && test_is_generated(kind)) read = where_parse(self, &out);
  if (!read || !(may_have_steps ? sequence_body_parse(self, &out) : body(self, &out))) return false;
  out.span = span_join(out.span, self->last);
  report_twice(self, spec, &out);
  vec_push(self->unit->arena, &spec->tests, out);
  return true;
}

/* Skips to what may stand at the start of a line of this level. */
static void recover_to_item(Cursor *self)
{
  self->blocks = 0;
  static const char *const starts[] = {"it", "table", "law", "sequence", "agree", "describe", "fn"};
  while (!cursor_at(self, TOKEN_END) && !cursor_at(self, TOKEN_RIGHT_BRACE)) {
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
      if (cursor_at_word(self, str_from_z(starts[i]))) return;
    if (cursor_at(self, TOKEN_LEFT_BRACE)) {
      cursor_take(self);
      while (!cursor_at(self, TOKEN_RIGHT_BRACE) && !cursor_at(self, TOKEN_END)) {
        cursor_recover(self);
      }
    }
    cursor_take(self);
  }
  if (cursor_at(self, TOKEN_END)) self->stuck_at = self->token.span.at;
}

static const char INSIDE[] = "`it`, `table`, `law`, `sequence`, `agree` or '}'";
static const char OUTSIDE[] = "`describe`, `it`, `table`, `law`, `sequence`, `agree` or `fn`";

static void unknown_item(Cursor *self, bool inside)
{
  if (!cursor_at(self, TOKEN_ID)) {
    cursor_error(self, inside ? INSIDE : OUTSIDE);
    return;
  }
  Near near = {.wanted = self->token.text};
  near_consider(&near, STR("it"));
  near_consider(&near, STR("table"));
  near_consider(&near, STR("law"));
  near_consider(&near, STR("sequence"));
  near_consider(&near, STR("agree"));
  if (!inside) near_consider(&near, STR("describe"));
  if (!inside) near_consider(&near, STR("fn"));
  size_t errors = self->unit->diags->errors;
  cursor_error(self, inside ? INSIDE : OUTSIDE);
  Diag *last = self->unit->diags->last;
  if (near.best.len && self->unit->diags->errors > errors && last)
    diag_note(self->unit->diags, last, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
}

/* What stands in a group, and outside of one. Takes at least one token. */
static void test_item(Cursor *self, Spec *spec, Str group, bool inside)
{
  uint32_t start = self->token.span.at;
  bool read = false;
  if (cursor_at_word(self, STR("it")))
    read = test(self, spec, group, TEST_IT);
  else if (cursor_at_word(self, STR("table")))
    read = test(self, spec, group, TEST_TABLE);
  else if (cursor_at_word(self, STR("law")))
    read = test(self, spec, group, TEST_LAW);
  else if (cursor_at_word(self, STR("sequence")))
    read = test(self, spec, group, TEST_SEQUENCE);
  else if (cursor_at_word(self, STR("agree")))
    read = test(self, spec, group, TEST_AGREE);
  else
    unknown_item(self, inside);
  if (read) return;
  if (self->token.span.at == start && !cursor_at(self, TOKEN_END)) cursor_take(self);
  recover_to_item(self);
}

/* A describe or fn in a describe: either it does not know that it cannot stand there, or a '}' is missing. */
static void misplaced(Cursor *self)
{
  Str word = self->token.text;
  diag_error(self->unit->diags, DIAG_SYNTAX, self->token.span,
             "a `%.*s` cannot stand in a `describe`: close that with '}' first", STR_ARG(word));
}

/* describe ::= 'describe' string '{' test* '}'   False when it was not closed, with a diagnostic. */
static bool describe(Cursor *self, Spec *spec)
{
  Name name;
  cursor_take(self);
  if (!cursor_string(self, "the group's name in quotes", &name) || !cursor_expect(self, TOKEN_LEFT_BRACE)) {
    recover_to_item(self);
    return true;
  }
  while (!cursor_at(self, TOKEN_RIGHT_BRACE) && !cursor_at(self, TOKEN_END)) {
    if (cursor_at_word(self, STR("describe")) || cursor_at_word(self, STR("fn"))) {
      misplaced(self);
      return false;
    }
    test_item(self, spec, name.text, true);
  }
  return cursor_expect(self, TOKEN_RIGHT_BRACE);
}

/* spec ::= subject (describe | test | fn)* */
bool spec_read(Spec *self)
{
  Cursor cursor;
  size_t open = 0; /* groups whose '}' may come late */
  if (!cursor_begin(&cursor, &self->unit)) return false;
  if (!cursor_subject(&cursor, STR("spec"), &self->subject)) return false;
  while (!cursor_at(&cursor, TOKEN_END)) {
    if (cursor_at_word(&cursor, STR("describe"))) {
      open += !describe(&cursor, self);
    } else if (open && cursor_accept(&cursor, TOKEN_RIGHT_BRACE)) {
      open--;
    } else if (cursor_at_word(&cursor, STR("fn"))) {
      if (!fn_parse(&cursor)) cursor_recover(&cursor);
    } else {
      test_item(&cursor, self, (Str){0}, false);
      if (!open && cursor_at(&cursor, TOKEN_RIGHT_BRACE)) {
        cursor_error(&cursor, OUTSIDE);
        cursor_take(&cursor);
      }
    }
  }
  return true;
}
