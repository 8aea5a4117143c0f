#include "spec/failure.h"

#include "ifc/base/vec.h"
#include "ifc/wave.h"
#include "spec/sequence.h"

enum { VALUE_MAX = 300, STATEMENT_MAX = 160, ENTRIES_MAX = 200, MOVES_BYTES = 1 << 18 };

static Str value_text(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print_short(type, value, VALUE_MAX, &out);
  return buf_text(&out);
}

Str failure_source_text(Arena *arena, Span span)
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

static Str message(Arena *arena, const Attempt *attempt)
{
  const Statement *statement = attempt_statement(attempt);
  const Span place = attempt->machine.failure.span;
  Buf out = buf_in(arena);
  if (attempt->end != CASE_FAILED) {
    buf_z(&out, "the results differ");
  } else if (!statement) { /* the instance could not even be reset */
    print_fault(arena, &attempt->fault, &out);
  } else if (attempt->faulted) {
    Str call = failure_source_text(arena, place.source ? place : statement->expr->span);
    buf_printf(&out, attempt->dropping ? "dropping what `%.*s` gave " : "`%.*s` ", STR_ARG(call));
    if (attempt->fault.kind == FAULT_NONE)
      buf_z(&out, attempt->machine.failure.text);
    else
      print_fault(arena, &attempt->fault, &out);
    if (statement->kind == STATEMENT_TRAPS) buf_z(&out, ", which is no trap");
    if (attempt_refusal(attempt) == REFUSED_BY_LIMIT)
      buf_z(&out, ", after it was refused more memory than an instance may have");
  } else if (statement->kind == STATEMENT_TRAPS) {
    buf_printf(&out, "expected `%.*s` to trap", STR_ARG(failure_source_text(arena, statement->expr->span)));
  } else if (statement->kind == STATEMENT_EXPECT && !attempt->machine.failure.text[0]) {
    buf_printf(&out, "expected %.*s", STR_ARG(failure_source_text(arena, statement->expr->span)));
  } else {
    buf_printf(&out, "in `%.*s`: %s", STR_ARG(failure_source_text(arena, statement->expr->span)),
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

/* Parameters of a test or of a part, then what its statements had bound before the failure. */
static void add_bound(Arena *arena, const Attempt *attempt, const Test *test, const Value *values, bool whole,
                      Entries *entries)
{
  for (size_t i = 0; i < test->params.len; i++)
    add_entry(arena, entries, test->params.at[i].name.text, test->params.at[i].type, values[i]);
  if (!attempt->running) return;
  for (size_t i = 0; i < test->statements.len; i++) {
    const Statement *statement = &test->statements.at[i];
    if (!whole && test->first_statement + i >= attempt->statement) break;
    if (statement->kind != STATEMENT_LET && statement->kind != STATEMENT_VAR) continue;
    add_entry(arena, entries, statement->name.text, scope_slot_type(test->scope, statement->slot),
              values[statement->slot]);
  }
}

/* What a sequence's variables held when the failing step began; its operation's values; the loops' variables.
 */
static void add_entries(Arena *arena, const Attempt *attempt, Entries *entries)
{
  bool in_part = attempt->part != attempt->test;
  add_bound(arena, attempt, attempt->test, attempt->slots, in_part, entries);
  if (in_part) add_bound(arena, attempt, attempt->part, attempt->values, false, entries);
  for (uint32_t i = 0; i < attempt->loop_count; i++) {
    const Expr *loop = attempt->loops[i];
    add_entry(arena, entries, loop->name.text, loop->domain->element, attempt->values[loop->slot]);
  }
}

/* push(3, "a") */
static Str step_text(Arena *arena, const Step *step)
{
  const Test *operation = step->operation;
  Buf out = buf_in(arena);
  buf_printf(&out, "%.*s(", STR_ARG(operation->name.text));
  for (size_t i = 0; i < operation->params.len; i++) {
    if (i) buf_z(&out, ", ");
    wave_print_short(operation->params.at[i].type, step->args[i], VALUE_MAX, &out);
  }
  buf_byte(&out, ')');
  return buf_text(&out);
}

/* How many steps from `at` on are the same. */
static size_t same_steps(const Attempt *attempt, size_t at)
{
  const Step *first = &attempt->steps.at[at];
  const Test *operation = first->operation;
  size_t end = at + 1;
  for (; end < attempt->steps.len; end++) {
    const Step *step = &attempt->steps.at[end];
    bool same = step->operation == operation;
    for (size_t i = 0; same && i < operation->params.len; i++)
      same = value_equal(operation->params.at[i].type, first->args[i], step->args[i]);
    if (!same) break;
  }
  return end - at;
}

/* Where the last runs of equal steps begin, of which at most STEPS_SHOWN_MAX are shown. */
static size_t first_shown(const Attempt *attempt)
{
  size_t all = attempt->steps.len, runs = 0, first = 0;
  for (size_t at = 0; at < all; at += same_steps(attempt, at)) runs++;
  for (; runs > STEPS_SHOWN_MAX; runs--) first += same_steps(attempt, first);
  return first;
}

/* The last steps are what matters. */
static void add_steps(Arena *arena, const Attempt *attempt, Failure *out)
{
  size_t first = first_shown(attempt);
  VEC(Str) steps = {0};
  if (first) vec_push(arena, &steps, str_format(arena, "(%zu steps before these)", first));
  for (size_t i = first, times; i < attempt->steps.len; i += times) {
    Str text = step_text(arena, &attempt->steps.at[i]);
    times = same_steps(attempt, i);
    vec_push(arena, &steps, times > 1 ? str_format(arena, "%.*s, %zu times", STR_ARG(text), times) : text);
  }
  out->steps = steps.at;
  out->step_count = steps.len;
}

/* "x = 3, y = 4": what an earlier case was called with. */
static Str case_text(Arena *arena, Attempt *attempt, const ChoiceList *list)
{
  const Test *test = attempt->test;
  Buf out = buf_in(arena);
  draws_begin_replay(&attempt->draws, list->at, list->count);
  if (!plans_generate(test, &attempt->draws)) return STR("…");
  for (size_t i = 0; i < test->params.len; i++) {
    buf_printf(&out, "%s%.*s = ", i ? ", " : "", STR_ARG(test->params.at[i].name.text));
    wave_print_short(test->params.at[i].type, attempt->slots[i], VALUE_MAX, &out);
  }
  return buf_text(&out);
}

typedef struct HistoryContext {
  Arena *arena;
  Attempt *attempt;
  const ChoiceList *cases;
  uint32_t count;
  Failure *out;
} HistoryContext;

static void describe_cases(Machine *machine, void *context)
{
  const HistoryContext *self = context;
  VEC(Str) steps = {0};
  uint32_t before = self->count - 1, shown = before < STEPS_SHOWN_MAX ? before : STEPS_SHOWN_MAX;
  (void)machine;
  if (shown < before)
    vec_push(self->arena, &steps, str_format(self->arena, "(%u cases before these)", before - shown));
  for (uint32_t i = before - shown; i < before; i++)
    vec_push(self->arena, &steps, case_text(self->arena, self->attempt, &self->cases[i]));
  self->out->steps = steps.at;
  self->out->step_count = steps.len;
}

void failure_describe_history(Arena *arena, Attempt *attempt, const ChoiceList *cases, uint32_t count,
                              Failure *out)
{
  HistoryContext context = {arena, attempt, cases, count, out};
  Str what = message(arena, attempt);
  if (count < 2) return;
  out->message = str_format(
      arena, "gives different results on a fresh and on a used instance: after %u other case%s, %.*s",
      count - 1, count == 2 ? "" : "s", STR_ARG(what));
  attempt->machine.fuel = attempt->fuel;
  if (!machine_protect(&attempt->machine, describe_cases, &context)) out->step_count = 0;
}

void failure_describe_mixed(Arena *arena, bool is_alone, Failure *out)
{
  out->message =
      str_format(arena, "gives different results on a fresh and on a used instance: after %s, %.*s",
                 is_alone ? "other cases" : "cases of other laws", STR_ARG(out->message));
  out->moves = NULL; /* they are not of the test that it is told of */
  out->move_count = 0;
}

void failure_describe_place(Arena *arena, const Attempt *attempt, Failure *out)
{
  out->message = str_format(arena, "gives different results where what it allocates lies elsewhere: %.*s",
                            STR_ARG(message(arena, attempt)));
}

/* False when it is too long to be kept. */
static bool add_move(Arena *arena, uint32_t operation, const ParamDecls *params, const Value *values,
                     size_t *bytes, Move *out)
{
  Str *args = arena_array_of(arena, Str, params->len + 1);
  for (size_t i = 0; i < params->len && *bytes < MOVES_BYTES; i++) {
    Buf text = buf_in(arena);
    wave_print(params->at[i].type, values[i], &text);
    args[i] = buf_text(&text);
    *bytes += args[i].len;
  }
  *out = (Move){operation, args, params->len};
  *bytes += 16;
  return *bytes < MOVES_BYTES;
}

void failure_moves(Arena *arena, const Attempt *attempt, Failure *out)
{
  const Test *test = attempt->test;
  size_t count = attempt->steps.len, bytes = 0;
  if ((test->kind != TEST_AGREE && !test_has_steps(test)) || count > MOVES_MAX) return;
  Move *moves = arena_array_of(arena, Move, count + 1);
  if (!add_move(arena, MOVE_BEGIN, &test->params, attempt->slots, &bytes, &moves[0])) return;
  for (size_t i = 0; i < count; i++) {
    const Step *step = &attempt->steps.at[i];
    uint32_t operation = (uint32_t)(step->operation - test->operations.at);
    if (!add_move(arena, operation, &step->operation->params, step->args, &bytes, &moves[i + 1])) return;
  }
  out->moves = moves;
  out->move_count = count + 1;
}

void failure_describe(Arena *arena, const Attempt *attempt, bool used, uint32_t repeats, Failure *out)
{
  const Statement *statement = attempt_statement(attempt);
  Entries entries = {0};
  Str what = message(arena, attempt);
  if (attempt->faulted && attempt->fault.kind == FAULT_LEAK)
    used = false; /* that it takes many calls is said already */
  if (used && repeats > 0)
    what = str_format(
        arena, "gives different results on a fresh and on a used instance: in run %u of this case, %.*s",
        repeats, STR_ARG(what));
  else if (used)
    what = str_format(arena,
                      "gives different results on a fresh and on a used instance, after many other calls");
  add_entries(arena, attempt, &entries);
  *out = (Failure){.message = what, .inputs = entries.at, .input_count = entries.len};
  add_steps(arena, attempt, out);
  failure_moves(arena, attempt, out);
  out->span = statement ? statement->span : attempt->test->name.span;
  if (!attempt->compared) return;
  out->actual = value_text(arena, attempt->compared_type, attempt->actual);
  out->expected = value_text(arena, attempt->compared_type, attempt->expected);
}
