#include "spec/failure.h"

#include "ifc/base/vec.h"
#include "ifc/wave.h"

enum { VALUE_MAX = 300, STATEMENT_MAX = 160, ENTRIES_MAX = 200 };

static Str value_text(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print_short(type, value, VALUE_MAX, &out);
  return buf_text(&out);
}

/* The source on one line, cut where it is long. */
static Str source_text(Arena *arena, Span span)
{
  Str text = span_text(span);
  Buf out = buf_in(arena);
  bool gap = false;
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    bool blank = byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
    if (blank) {
      gap = true;
      continue;
    }
    if (out.len >= STATEMENT_MAX && ((unsigned char)byte & 0xc0) != 0x80) {
      buf_z(&out, "…");
      break;
    }
    if (gap && out.len) buf_byte(&out, ' ');
    gap = false;
    buf_byte(&out, byte);
  }
  return buf_text(&out);
}

/* "trapped: executed unreachable …" */
static void print_fault(Arena *arena, const Fault *fault, Buf *out)
{
  if (fault_class(fault->kind) == FAULT_CLASS_TRAP) buf_z(out, "trapped: ");
  if (fault_class(fault->kind) == FAULT_CLASS_ABI) buf_z(out, "broke the Canonical ABI: ");
  buf_str(out, fault_text(arena, fault));
}

static const Statement *failed_statement(const Attempt *attempt)
{
  const Test *test = attempt->test;
  return attempt->running && attempt->statement < test->statements.len
             ? &test->statements.at[attempt->statement]
             : NULL;
}

static Str message(Arena *arena, const Attempt *attempt)
{
  const Statement *statement = failed_statement(attempt);
  const Span place = attempt->machine.failure.span;
  Buf out = buf_in(arena);
  if (attempt->end != CASE_FAILED) {
    buf_z(&out, "the results differ");
  } else if (!statement) { /* the instance could not even be reset */
    print_fault(arena, &attempt->fault, &out);
  } else if (attempt->faulted) {
    Str call = source_text(arena, place.source ? place : statement->expr->span);
    buf_printf(&out, "`%.*s` ", STR_ARG(call));
    print_fault(arena, &attempt->fault, &out);
    if (statement->kind == STATEMENT_TRAPS) buf_z(&out, ", which is no trap");
  } else if (statement->kind == STATEMENT_TRAPS) {
    buf_printf(&out, "expected `%.*s` to trap", STR_ARG(source_text(arena, statement->expr->span)));
  } else if (statement->kind == STATEMENT_EXPECT && !attempt->machine.failure.text[0]) {
    buf_printf(&out, "expected %.*s", STR_ARG(source_text(arena, statement->expr->span)));
  } else {
    buf_printf(&out, "in `%.*s`: %s", STR_ARG(source_text(arena, statement->expr->span)),
               attempt->machine.failure.text);
  }
  return buf_text(&out);
}

typedef VEC(CounterexampleEntry) Entries;

static void add_entry(Arena *arena, Entries *entries, Str name, const Type *type, Value value)
{
  if (!type || entries->len == ENTRIES_MAX) return;
  vec_push(arena, entries, (CounterexampleEntry){name, value_text(arena, type, value)});
}

/* Parameters, then what `let` bound before the failure, then the loops' variables. */
static void add_entries(Arena *arena, const Attempt *attempt, Entries *entries)
{
  const Test *test = attempt->test;
  for (size_t i = 0; i < test->params.len; i++)
    add_entry(arena, entries, test->params.at[i].name.text, test->params.at[i].type, attempt->slots[i]);
  if (!attempt->running) return;
  for (size_t i = 0; i < test->statements.len && i < attempt->statement; i++) {
    const Statement *statement = &test->statements.at[i];
    if (statement->kind != STATEMENT_LET) continue;
    add_entry(arena, entries, statement->name.text, scope_slot_type(test->scope, statement->slot),
              attempt->slots[statement->slot]);
  }
  for (uint32_t i = 0; i < attempt->loop_count; i++) {
    const Expr *loop = attempt->loops[i];
    add_entry(arena, entries, loop->name.text, loop->domain->element, attempt->slots[loop->slot]);
  }
}

void failure_describe(Arena *arena, const Attempt *attempt, bool used, uint32_t repeats, Failure *out)
{
  const Statement *statement = failed_statement(attempt);
  Entries entries = {0};
  Str what = message(arena, attempt);
  if (used && repeats > 0)
    what = str_format(
        arena, "gives different results on a fresh and on a used instance: in run %u of this case, %.*s",
        repeats, STR_ARG(what));
  else if (used)
    what = str_format(arena,
                      "gives different results on a fresh and on a used instance, after many other calls");
  add_entries(arena, attempt, &entries);
  *out = (Failure){.message = what, .inputs = entries.at, .input_count = entries.len};
  out->span = statement ? statement->span : attempt->test->name.span;
  if (!attempt->compared) return;
  out->actual = value_text(arena, attempt->compared_type, attempt->actual);
  out->expected = value_text(arena, attempt->compared_type, attempt->expected);
}
