/* Reading and checking scripts. */
#include "ifc/base/vec.h"
#include "spec/script_ast.h"

/* let ::= 'let' name (':' type)? '=' expr   without the ';' that files have behind it. */
static bool let(Cursor *cursor, ScriptStatement *out)
{
  out->is_let = true;
  cursor_take(cursor);
  if (!cursor_name(cursor, "a name for the value", &out->name)) return false;
  if (cursor_accept(cursor, TOKEN_COLON)) {
    out->declared = type_parse(cursor);
    if (!out->declared) return false;
  }
  if (!cursor_expect(cursor, TOKEN_EQUAL)) return false;
  out->expr = expr_parse(cursor);
  return out->expr != NULL;
}

static bool statement(Cursor *cursor, Script *self)
{
  ScriptStatement out = {.span = cursor->token.span};
  if (cursor_at_word(cursor, STR("let"))) {
    if (!let(cursor, &out)) return false;
  } else {
    out.expr = expr_parse(cursor);
    if (!out.expr) return false;
  }
  out.span = span_join(out.span, cursor->last);
  vec_push(self->unit.arena, &self->statements, out);
  return true;
}

static bool statements(Cursor *cursor, Script *self)
{
  while (!cursor_at(cursor, TOKEN_END)) {
    if (!statement(cursor, self)) return false;
    if (!cursor_accept(cursor, TOKEN_SEMICOLON)) break;
  }
  if (cursor_at(cursor, TOKEN_END)) return true;
  cursor_error(cursor, "';' before the next call, or the end");
  return false;
}

static void check(Script *self)
{
  self->scope = scope_new(&self->unit);
  for (size_t i = 0; i < self->statements.len; i++) {
    ScriptStatement *it = &self->statements.at[i];
    if (it->is_let)
      it->slot = scope_let(self->scope, &it->name, it->declared, it->expr);
    else
      expr_check(self->scope, it->expr, NULL);
  }
  scope_finish(self->scope);
}

Script *script_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags)
{
  Cursor cursor;
  Script *self = arena_new_of(arena, Script);
  size_t errors = diags->errors;
  self->unit = (Unit){.arena = arena, .source = source, .interface = interface, .diags = diags};
  if (!cursor_begin(&cursor, &self->unit) || !statements(&cursor, self) || diags->errors > errors)
    return NULL;
  if (!self->statements.len) {
    diag_error(diags, DIAG_SYNTAX, (Span){source, 0, 0}, "expected a call, as in `%.*s`",
               STR_ARG(interface->function_count
                           ? str_format(arena, "%.*s(…)", STR_ARG(interface->functions[0].name))
                           : STR("f(…)")));
    return NULL;
  }
  check(self);
  self->unit.diags = NULL;
  return diags->errors > errors ? NULL : self;
}

Json *script_report_to_json(Arena *arena, const ScriptReport *self, const Implementation *implementation)
{
  Json *out = jv_object(arena), *results = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/call/1"));
  jv_set_string(out, STR("path"), implementation->path);
  jv_set_string(out, STR("hash"), hash_text(arena, implementation->hash));
  jv_set_string(out, STR("interface"), implementation->fit.interface->id);
  for (size_t i = 0; i < self->result_count; i++) {
    const ScriptResult *result = &self->results[i];
    Json *entry = jv_object(arena);
    jv_set_string(entry, STR("source"), span_text(result->span));
    jv_set_string(entry, STR("type"), type_text(arena, result->type));
    jv_set_string(entry, STR("value"), result->value);
    jv_push(results, entry);
  }
  jv_set(out, STR("results"), results);
  if (self->kept) jv_set_integer(out, STR("kept"), self->kept);
  if (!self->failure.len) return out;
  Json *failure = jv_object(arena);
  jv_set_string(failure, STR("kind"), self->failure_kind);
  jv_set_string(failure, STR("source"), span_text(self->failure_span));
  jv_set_string(failure, STR("message"), self->failure);
  jv_set(out, STR("failure"), failure);
  return out;
}
