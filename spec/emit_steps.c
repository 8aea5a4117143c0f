/* A case of a sequence or an agreement as one script: the test's own statements, then those of each step, one
 * after the other. All names are `let`s, and assignments are new ones: the nearest is meant. */
#include "ifc/wave.h"
#include "spec/emit_internal.h"

typedef struct Moves {
  Arena *arena;
  const Test *test;
  const Failure *failure;
  Buf out;
  bool over; /* the call that others answer otherwise was written: nothing comes after it */
} Moves;

enum { TEXT_MAX = 1 << 20 };

/* Types with handles cannot be written, and need not be: a call gives them. */
static void put_let(Moves *self, const Name *name, const Type *type)
{
  buf_printf(&self->out, "  let %.*s", STR_ARG(emit_name(name)));
  if (!type_has_handles(self->arena, type))
    buf_printf(&self->out, ": %.*s", STR_ARG(type_text(self->arena, type)));
  buf_z(&self->out, " = ");
}

/* A value that was sent as text, read and written again. */
static bool put_value(Moves *self, const Type *type, Str text)
{
  Diags ignored = diags_in(self->arena);
  Source *source = arena_new_of(self->arena, Source);
  Value value;
  *source = (Source){STR("value"), text};
  if (!wave_parse(self->arena, type, source, &value, &ignored)) return false;
  wave_print(type, value, &self->out);
  return true;
}

static bool put_arguments(Moves *self, const Test *part, const Move *move)
{
  if (move->arg_count != part->params.len) return false;
  for (size_t i = 0; i < part->params.len; i++) {
    const ParamDecl *param = &part->params.at[i];
    put_let(self, &param->name, param->type);
    if (!put_value(self, param->type, move->args[i])) return false;
    buf_z(&self->out, ";\n");
  }
  return true;
}

/* In a script of one piece, what a step binds would hide what the sequence has bound. */
static bool hides_shared(const Test *part, const Statement *statement)
{
  if (statement->kind != STATEMENT_LET) return false;
  for (uint32_t i = 0; i < part->shared_count; i++)
    if (str_equal(part->shared[i].name.text, statement->name.text)) return true;
  return false;
}

static const Type *bound_type(const Test *part, const Statement *statement)
{
  if (statement->kind != STATEMENT_SET) return scope_slot_type(part->scope, statement->slot);
  for (uint32_t i = 0; i < part->shared_count; i++)
    if (str_equal(part->shared[i].name.text, statement->name.text)) return part->shared[i].type;
  return NULL;
}

/* The statement whose call the others answer otherwise. */
static bool put_told(Moves *self, const Statement *statement)
{
  const Told *told = &self->failure->told;
  Expr *const *args;
  const Function *function = expr_call(statement->expr, &args);
  Str call = span_text(expr_span(statement->expr));
  self->over = true;
  if (!function) return false;
  if (told->traps) {
    buf_printf(&self->out, "  expect %.*s traps;\n", STR_ARG(call));
    return true;
  }
  if (!function->result || !told->value.len) {
    buf_printf(&self->out, "  %.*s;\n", STR_ARG(call));
    return true;
  }
  if (type_has_handles(self->arena, function->result)) return false;
  buf_printf(&self->out, "  expect %.*s == ", STR_ARG(call));
  bool good = put_value(self, function->result, told->value);
  buf_z(&self->out, ";\n");
  return good;
}

static bool put_statement(Moves *self, const Test *part, const Statement *statement, bool is_last_move)
{
  const Told *told = &self->failure->told;
  uint32_t number = part->first_statement + (uint32_t)(statement - part->statements.at);
  if (told->known && is_last_move && told->statement == number) return put_told(self, statement);
  if (statement->kind > STATEMENT_SET) {
    buf_printf(&self->out, "  %.*s\n", STR_ARG(span_text(statement->span)));
    return true;
  }
  const Type *type = bound_type(part, statement);
  if (!type || hides_shared(part, statement)) return false;
  put_let(self, &statement->name, type);
  buf_printf(&self->out, "%.*s;\n", STR_ARG(span_text(expr_span(statement->expr))));
  return true;
}

static bool put_part(Moves *self, const Test *part, bool is_last_move)
{
  bool good = true;
  for (size_t i = 0; i < part->statements.len && good && !self->over; i++)
    good = put_statement(self, part, &part->statements.at[i], is_last_move);
  return good && self->out.len < TEXT_MAX;
}

/* What a step does, and what holds after it. */
static bool put_move(Moves *self, const Move *move, bool is_last)
{
  const Test *test = self->test;
  bool begins = move->operation == MOVE_BEGIN;
  if (!begins && move->operation >= test->operations.len) return false;
  const Test *part = begins ? test : &test->operations.at[move->operation];
  if (!put_arguments(self, part, move) || !put_part(self, part, is_last)) return false;
  for (size_t i = 0; i < test->invariants.len; i++)
    if (!put_part(self, &test->invariants.at[i], is_last)) return false;
  return true;
}

Str emit_moves(Arena *arena, const Test *test, const Failure *failure)
{
  Moves self = {.arena = arena, .test = test, .failure = failure, .out = buf_in(arena)};
  if (!failure->move_count || failure->moves[0].operation != MOVE_BEGIN) return (Str){0};
  if (test->kind == TEST_AGREE && !failure->told.known) return (Str){0};
  for (size_t i = 0; i < failure->move_count; i++) {
    if ((i > 0) != (failure->moves[i].operation != MOVE_BEGIN)) return (Str){0};
    if (!put_move(&self, &failure->moves[i], i + 1 == failure->move_count)) return (Str){0};
  }
  return buf_text(&self.out);
}
