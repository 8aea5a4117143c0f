#include "bench/suite.h"

#include "bench/script.h"
#include "ifc/base/vec.h"

enum { DEPTH_MAX = 32 }; /* of `for` in `for` */

typedef VEC(Workload) Workloads;

/* What is being read. */
typedef struct Reader {
  Cursor parser;
  Unit *unit;
  Workloads workloads;
  uint32_t depth;
  uint32_t measures; /* of the workload being read */
} Reader;

static bool statements_parse(Reader *self, Statement **out);

/* let ::= 'let' name (':' type)? '=' expr ';' */
static bool let_parse(Reader *self, Statement *out)
{
  Cursor *parser = &self->parser;
  out->kind = STATEMENT_LET;
  if (!cursor_name(parser, "a name for the value", &out->name)) return false;
  if (cursor_accept(parser, TOKEN_COLON) && !(out->declared = type_parse(parser))) return false;
  if (!cursor_expect(parser, TOKEN_EQUAL)) return false;
  out->expr = expr_parse(parser);
  return out->expr && cursor_expect(parser, TOKEN_SEMICOLON);
}

/* measure ::= 'measure' expr ';' */
static bool measure_parse(Reader *self, Statement *out)
{
  out->kind = STATEMENT_MEASURE;
  self->measures++;
  out->expr = expr_parse(&self->parser);
  return out->expr && cursor_expect(&self->parser, TOKEN_SEMICOLON);
}

/* for ::= 'for' name 'in' domain (',' name 'in' domain)* '{' statement* '}' */
static bool for_parse(Reader *self, Statement *out)
{
  Cursor *parser = &self->parser;
  VEC(Loop) loops = {0};
  out->kind = STATEMENT_FOR;
  do {
    Loop loop = {0};
    if (!cursor_name(parser, "a name for the element", &loop.name)) return false;
    if (!cursor_expect_word(parser, STR("in")) || !domain_parse(parser, &loop.domain)) return false;
    vec_push(self->unit->arena, &loops, loop);
  } while (cursor_accept(parser, TOKEN_COMMA));
  out->loops = loops.at;
  out->loop_count = loops.len;
  if (++self->depth > DEPTH_MAX) {
    diag_error(self->unit->diags, DIAG_SYNTAX, loops.at[0].name.span, "loops are nested more than %d deep",
               DEPTH_MAX);
    return false;
  }
  bool ok = statements_parse(self, &out->body);
  self->depth--;
  return ok;
}

/* statement ::= let | measure | for */
static bool statement_parse(Reader *self, Statement *out)
{
  Cursor *parser = &self->parser;
  if (cursor_accept_word(parser, STR("let"))) return let_parse(self, out);
  if (cursor_accept_word(parser, STR("measure"))) return measure_parse(self, out);
  if (cursor_accept_word(parser, STR("for"))) return for_parse(self, out);
  cursor_error(parser, "`let`, `measure`, `for` or '}'");
  return false;
}

/* '{' statement* '}' */
static bool statements_parse(Reader *self, Statement **out)
{
  Cursor *parser = &self->parser;
  if (!cursor_expect(parser, TOKEN_LEFT_BRACE)) return false;
  while (!cursor_at(parser, TOKEN_RIGHT_BRACE) && !cursor_at(parser, TOKEN_END)) {
    Statement *statement = arena_new_of(self->unit->arena, Statement);
    if (!statement_parse(self, statement)) {
      if (self->depth >= DEPTH_MAX) return false;
      cursor_recover(parser);
      continue;
    }
    *out = statement;
    out = &statement->next;
  }
  return cursor_expect(parser, TOKEN_RIGHT_BRACE);
}

/* workload ::= 'workload' string '{' statement* '}' */
static bool workload_parse(Reader *self)
{
  Workload workload = {0};
  if (!cursor_string(&self->parser, "the workload's name in quotes", &workload.name)) return false;
  Diags *diags = self->unit->diags;
  if (!workload.name.text.len)
    diag_error(diags, DIAG_NAME, workload.name.span, "a workload needs a name: reports show it");
  for (size_t i = 0; i < self->workloads.len; i++) {
    const Name *other = &self->workloads.at[i].name;
    if (!str_equal(other->text, workload.name.text)) continue;
    Diag *diag = diag_error(diags, DIAG_NAME, workload.name.span, "there is a workload \"%.*s\" already",
                            STR_ARG(workload.name.text));
    diag_note(diags, diag, other->span, "it is here");
    break;
  }
  self->measures = 0;
  size_t before = diags->errors;
  bool ok = statements_parse(self, &workload.body);
  if (!self->measures && diags->errors == before) {
    Diag *diag = diag_error(diags, DIAG_SYNTAX, workload.name.span, "this workload measures nothing");
    diag_note(diags, diag, SPAN_NONE, "add `measure CALL;` with a call of one of the interface's functions");
  }
  vec_push(self->unit->arena, &self->workloads, workload);
  return ok;
}

static void subject_parse(Reader *self)
{
  Unit *unit = self->unit;
  Name id;
  if (!cursor_subject(&self->parser, STR("bench"), &id)) {
    cursor_recover(&self->parser);
  } else if (!str_equal(id.text, unit->interface->id)) {
    diag_error(unit->diags, DIAG_NAME, id.span, "this benchmark is for %.*s, not for %.*s", STR_ARG(id.text),
               STR_ARG(unit->interface->id));
  }
}

/* suite ::= subject (fn | workload)* */
static void suite_read(Reader *self)
{
  Cursor *parser = &self->parser;
  subject_parse(self);
  while (!cursor_at(parser, TOKEN_END)) {
    Token before = parser->token;
    bool ok = false;
    if (cursor_at_word(parser, STR("fn"))) {
      ok = fn_parse(parser);
    } else if (cursor_accept_word(parser, STR("workload"))) {
      ok = workload_parse(self);
    } else {
      cursor_error(parser, "`workload` or `fn`");
    }
    if (ok) continue;
    cursor_recover(parser);
    if (parser->token.span.at == before.span.at) cursor_take(parser);
  }
}

/* --- checking */

static void statements_check(Scope *scope, const Unit *unit, Statement *first);

static void measure_check(Scope *scope, const Unit *unit, Statement *statement)
{
  Expr *const *args;
  if (!expr_check(scope, statement->expr, NULL) || expr_call(statement->expr, &args)) return;
  Diag *diag = diag_error(unit->diags, DIAG_TYPE, expr_span(statement->expr), "only a call can be measured");
  Buf names = buf_in(unit->arena);
  for (uint32_t i = 0; i < unit->interface->function_count; i++)
    buf_printf(&names, "%s`%.*s`", i ? ", " : "", STR_ARG(unit->interface->functions[i].name));
  diag_note(unit->diags, diag, SPAN_NONE, "%.*s has %.*s", STR_ARG(unit->interface->id),
            STR_ARG(buf_text(&names)));
}

static void for_check(Scope *scope, const Unit *unit, Statement *statement)
{
  ScopeMark mark = scope_enter(scope);
  bool ok = true;
  for (size_t i = 0; i < statement->loop_count; i++) {
    Loop *loop = &statement->loops[i];
    if (domain_check(scope, &loop->domain))
      loop->slot = scope_bind(scope, &loop->name, loop->domain.element);
    else
      ok = false;
  }
  /* Without the loop's variables, what follows would be reported only for their absence. */
  if (ok) statements_check(scope, unit, statement->body);
  scope_leave(scope, mark);
}

static void statements_check(Scope *scope, const Unit *unit, Statement *first)
{
  for (Statement *statement = first; statement; statement = statement->next) {
    switch (statement->kind) {
    case STATEMENT_LET:
      statement->slot = scope_let(scope, &statement->name, statement->declared, statement->expr);
      break;
    case STATEMENT_MEASURE: measure_check(scope, unit, statement); break;
    case STATEMENT_FOR: for_check(scope, unit, statement); break;
    }
  }
}

static void suite_check(Reader *self)
{
  Unit *unit = self->unit;
  unit_check(unit);
  for (size_t i = 0; i < self->workloads.len; i++) {
    Workload *workload = &self->workloads.at[i];
    Scope *scope = scope_new(unit);
    statements_check(scope, unit, workload->body);
    scope_finish(scope);
    workload->slot_count = scope_slot_count(scope);
  }
  if (self->workloads.len || unit->diags->errors) return;
  Diag *diag = diag_error(unit->diags, DIAG_SYNTAX, (Span){unit->source, 0, 0}, "there is no workload");
  diag_note(unit->diags, diag, SPAN_NONE, "write one: workload \"what it is\" { measure CALL; }");
}

const Suite *suite_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags)
{
  size_t before = diags->errors;
  Unit *unit = arena_new_of(arena, Unit);
  *unit =
      (Unit){.arena = arena, .source = source, .interface = interface, .diags = diags, .may_generate = true};
  Reader reader = {.unit = unit};
  if (!cursor_begin(&reader.parser, unit)) return NULL;
  suite_read(&reader);
  if (diags->errors == before) suite_check(&reader);
  if (diags->errors != before) return NULL;
  Str canonical = unit_canonical(arena, STR("assay-bench/1"), source, diags);
  if (diags->errors != before) return NULL;
  Suite *self = arena_new_of(arena, Suite);
  *self =
      (Suite){source, interface, canonical, hash_of(canonical), reader.workloads.at, reader.workloads.len};
  return self;
}

Hash suite_hash(const Suite *self)
{
  return self->hash;
}

Str suite_canonical(const Suite *self)
{
  return self->canonical;
}

Str suite_path(const Suite *self)
{
  return self->source->path;
}

const Source *suite_source(const Suite *self)
{
  return self->source;
}

size_t suite_workload_count(const Suite *self)
{
  return self->workload_count;
}

Str suite_workload_name(const Suite *self, size_t workload)
{
  return self->workloads[workload].name.text;
}
