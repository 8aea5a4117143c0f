/* Reading sequences: operations in any order on one instance, and what holds after each. */
#include "ifc/base/vec.h"
#include "spec/tests.h"

/* part ::= '{' statement* '}' */
static bool part_body(Cursor *self, Test *part)
{
  if (!cursor_expect(self, TOKEN_LEFT_BRACE)) return false;
  while (!cursor_at(self, TOKEN_RIGHT_BRACE) && !cursor_at(self, TOKEN_END)) {
    if (statement_parse(self, part)) continue;
    part->is_broken = true;
    cursor_recover(self);
  }
  return cursor_expect(self, TOKEN_RIGHT_BRACE);
}

static void report_twice(Cursor *self, const Test *sequence, const Name *name)
{
  for (size_t i = 0; i < sequence->operations.len; i++) {
    const Name *other = &sequence->operations.at[i].name;
    if (!str_equal(other->text, name->text)) continue;
    Diag *diag = diag_error(self->unit->diags, DIAG_NAME, name->span,
                            "there are two operations `%.*s` in this sequence", STR_ARG(name->text));
    diag_note(self->unit->diags, diag, other->span, "the other one is here");
  }
}

/* operation ::= 'op' name params where? part */
static bool operation(Cursor *self, Test *sequence)
{
  Test out = {.kind = TEST_LAW};
  cursor_take(self);
  if (!cursor_name(self, "the operation's name", &out.name) || !params_parse(self, &out.params) ||
      !where_parse(self, &out) || !part_body(self, &out))
    return false;
  report_twice(self, sequence, &out.name);
  vec_push(self->unit->arena, &sequence->operations, out);
  return true;
}

/* invariant ::= 'invariant' part */
static bool invariant(Cursor *self, Test *sequence)
{
  Token word = cursor_take(self);
  Test out = {.kind = TEST_LAW, .name = {word.text, word.span}};
  if (!part_body(self, &out)) return false;
  vec_push(self->unit->arena, &sequence->invariants, out);
  return true;
}

/* Its own statements come before its parts, as they run. */
static bool own_statement(Cursor *self, Test *sequence)
{
  if (!sequence->operations.len && !sequence->invariants.len) return statement_parse(self, sequence);
  cursor_error(self, "`op`, `invariant` or '}': a sequence begins with its variables and statements");
  return false;
}

/* sequence-body ::= '{' statement* (operation | invariant)* '}' */
bool sequence_body_parse(Cursor *self, Test *test)
{
  if (!cursor_expect(self, TOKEN_LEFT_BRACE)) return false;
  while (!cursor_at(self, TOKEN_RIGHT_BRACE) && !cursor_at(self, TOKEN_END)) {
    bool read = cursor_at_word(self, STR("op"))          ? operation(self, test)
                : cursor_at_word(self, STR("invariant")) ? invariant(self, test)
                                                         : own_statement(self, test);
    if (!read) cursor_recover(self);
  }
  return cursor_expect(self, TOKEN_RIGHT_BRACE);
}
