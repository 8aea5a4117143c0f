/* Sequences: operations in any order on one instance, against a model of what it should do. */
#include "spec/sequence.h"

#include "tests/unit/spec/language.h"
#include "tests/unit/spec/stand_in.h"

static const char ITEMS[] = "push: func(x: u32); pop: func() -> option<u32>; size: func() -> u32;"
                            "get: func(i: u32) -> u32;";

static const char STACK[] = "sequence \"behaves like a list\" {\n"
                            "  var model: list<u32> = [];\n"
                            "  op push(x: u32) { push(x); model = concat(model, [x]); }\n"
                            "  op pop() where len(model) > 0 {\n"
                            "    expect pop() == some(model[len(model) - 1]);\n"
                            "    model = slice(model, 0, len(model) - 1);\n"
                            "  }\n"
                            "  op get(i: u32) where i < u32(len(model)) { expect get(i) == model[i]; }\n"
                            "  invariant { expect size() == u32(len(model)); }\n"
                            "}\n";

/* A stack that may be wrong in one way. */
typedef struct Stack {
  uint32_t items[1 << 14];
  uint32_t count;
  uint32_t wrong_push_at; /* with so many in it, a push spoils the third; 0: never */
  uint32_t limit;         /* holds no more; 0: any number */
  bool ignores_twice;     /* a push of what is on top already */
  bool traps_at_seven;    /* get of the number 7 */
  bool traps_after_three; /* only when the last one was 3 */
  uint32_t last;
} Stack;

static bool stack_call(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Stack *stack = self->context;
  if (self->calls == 1) stack->count = stack->last = 0; /* the first one after a reset */
  if (str_equal(function->name, STR("push"))) {
    uint32_t x = (uint32_t)args[0].bits;
    bool twice = stack->count && stack->items[stack->count - 1] == x;
    if (stack->wrong_push_at && stack->count == stack->wrong_push_at) stack->items[2] = UINT32_MAX;
    if ((stack->limit && stack->count == stack->limit) || (stack->ignores_twice && twice)) return true;
    stack->items[stack->count++ % (1 << 14)] = x;
  } else if (str_equal(function->name, STR("pop"))) {
    *result = (Value){0};
    if (!stack->count) return true;
    Value *item = arena_new_of(arena, Value);
    *item = value_u64(stack->items[--stack->count]);
    *result = (Value){.items = item, .tag = 1};
  } else if (str_equal(function->name, STR("get"))) {
    uint32_t item = stack->items[args[0].bits % (1 << 14)];
    bool traps = stack->traps_at_seven && item == 7 && (!stack->traps_after_three || stack->last == 3);
    stack->last = item;
    if (traps) return fault_set(fault, FAULT_UNREACHABLE, NULL);
    *result = value_u64(item);
  } else {
    *result = value_u64(stack->count);
  }
  return true;
}

static Tried try_stack(Arena *arena, const char *spec, Stack stack, uint64_t seed, uint64_t cases)
{
  Stack *own = arena_new_of(arena, Stack);
  *own = stack;
  return stand_in_try(arena, stand_in_spec(arena, ITEMS, spec), stack_call, own, seed, cases);
}

static Str steps_text(Arena *arena, const Failure *failure)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < failure->step_count; i++)
    buf_printf(&out, "%s%.*s", i ? "; " : "", STR_ARG(failure->steps[i]));
  return buf_text(&out);
}

static void a_right_stack_passes(void **state)
{
  Tried tried = try_stack(*state, STACK, (Stack){0}, 1, 3000);
  assert_int_equal(tried.result.verdict, VERDICT_PASSED);
  assert_int_equal(tried.result.cases, 3000);
}

static void a_fault_is_found_and_made_as_short_as_it_can_be(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1; seed <= 5; seed++) {
    Tried twice = try_stack(arena, STACK, (Stack){.ignores_twice = true}, seed, 3000);
    assert_int_equal(twice.result.verdict, VERDICT_FAILED);
    assert_text(steps_text(arena, &twice.failure), "push(0), 2 times");
    assert_text(twice.failure.message, "expected size() == u32(len(model))");
    assert_text(twice.failure.actual, "1");
    assert_text(twice.failure.expected, "2");
    Tried spoiled = try_stack(arena, STACK, (Stack){.wrong_push_at = 4}, seed, 3000);
    assert_int_equal(spoiled.result.verdict, VERDICT_FAILED);
    /* Four pushes, one that spoils the third item, and a look or three pops to see it. */
    Str steps = steps_text(arena, &spoiled.failure), pushes = STR("push(0), 5 times; ");
    assert_true(str_starts_with(steps, pushes));
    Str rest = str_slice(steps, pushes.len, steps.len);
    assert_true(str_equal(rest, STR("get(2)")) || str_equal(rest, STR("pop(), 3 times")));
    Tried full = try_stack(arena, STACK, (Stack){.limit = 40}, seed, 3000);
    assert_int_equal(full.result.verdict, VERDICT_FAILED);
    assert_text(steps_text(arena, &full.failure), "push(0), 41 times");
  }
}

/* A store that forgets: a second value for a key of several letters. */
typedef struct Store {
  struct {
    char key[12];
    size_t len;
    uint32_t value;
  } entries[64];
  size_t count, total;
} Store;

static bool store_call(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Store *store = self->context;
  (void)fault;
  if (self->calls == 1) store->count = store->total = 0;
  if (str_equal(function->name, STR("add"))) {
    store->total += args[0].bits;
    *result = value_bool(store->total <= 100);
    return true;
  }
  size_t at = 0;
  Str key = value_as_string(args[0]);
  while (at < store->count && !str_equal((Str){store->entries[at].key, store->entries[at].len}, key)) at++;
  if (str_equal(function->name, STR("put"))) {
    if (at < store->count && key.len > 1 && !(key.at[1] & 0x80)) return true;
    memcpy(store->entries[at].key, key.at, key.len);
    store->entries[at].len = key.len;
    store->entries[at].value = (uint32_t)args[1].bits;
    store->count += at == store->count;
    return true;
  }
  *result = (Value){0};
  if (at == store->count) return true;
  Value *item = arena_new_of(arena, Value);
  *item = value_u64(store->entries[at].value);
  *result = (Value){.items = item, .tag = 1};
  return true;
}

static const char STORE[] = "put: func(k: string, v: u32); get: func(k: string) -> option<u32>; "
                            "add: func(n: u32) -> bool;";

/* Keys stay equal while they get shorter; what one step adds less, the other adds more. */
static void arguments_that_belong_together_shrink_together(void **state)
{
  Arena *arena = *state;
  const Spec *forgets =
      stand_in_spec(arena, STORE,
                    "sequence \"s\" { var model: list<tuple<string, u32>> = [];"
                    " op put(k: string, v: u32) where len(k) < 12, len(model) < 40 {"
                    "  put(k, v); model = concat([(k, v)], model); }"
                    " op get(k: string) {"
                    "  let found = [for e in model if e.0 == k: e.1];"
                    "  expect get(k) == if len(found) == 0 { none } else { some(found[0]) }; } }");
  const Spec *adds = stand_in_spec(
      arena, STORE,
      "sequence \"s\" { op add(n: u32) where n in 1..=60 { expect add(n); } op put(k: string, v: u32)"
      " where len(k) < 12 { expect len(k) < 12; } }");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    Store *store = arena_new_of(arena, Store);
    Tried tried = stand_in_try(arena, forgets, store_call, store, seed, 200000);
    assert_int_equal(tried.result.verdict, VERDICT_FAILED);
    assert_text(steps_text(arena, &tried.failure), "put(\"aa\", 0); put(\"aa\", 1); get(\"aa\")");
    tried = stand_in_try(arena, adds, store_call, store, seed, 20000);
    assert_int_equal(tried.result.verdict, VERDICT_FAILED);
    assert_text(steps_text(arena, &tried.failure), "add(41); add(60)");
  }
}

static void a_trap_in_an_operation_is_a_failure(void **state)
{
  Arena *arena = *state;
  Tried tried = try_stack(arena, STACK, (Stack){.traps_at_seven = true}, 3, 20000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_text(steps_text(arena, &tried.failure), "push(7); get(0)");
  assert_true(str_starts_with(tried.failure.message, STR("`get(i)` trapped")));
}

/* A step that goes moves what later ones ask for by its place. */
static void what_is_asked_for_by_its_place_is_found_where_it_moves_to(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1; seed <= 10; seed++) {
    Stack stack = {.traps_at_seven = true, .traps_after_three = true};
    Tried tried = try_stack(arena, STACK, stack, seed, 200000);
    assert_int_equal(tried.result.verdict, VERDICT_FAILED);
    Str steps = steps_text(arena, &tried.failure);
    bool is_short = str_equal(steps, STR("push(3); push(7); get(0); get(1)")) ||
                    str_equal(steps, STR("push(7); push(3); get(1); get(0)"));
    if (!is_short) print_error("seed %d: %.*s\n", (int)seed, STR_ARG(steps));
    assert_true(is_short);
  }
}

static void the_report_shows_the_state_before_the_failing_step(void **state)
{
  Arena *arena = *state;
  Tried tried = try_stack(arena, STACK, (Stack){.traps_at_seven = true}, 3, 20000);
  assert_text(inputs_text(arena, &tried.failure), "model = [7]; i = 0");
}

static void a_failing_sequence_replays_from_its_token(void **state)
{
  Arena *arena = *state;
  Stack *stack = arena_new_of(arena, Stack);
  stack->wrong_push_at = 4;
  const Spec *spec = stand_in_spec(arena, ITEMS, STACK);
  Tried first = stand_in_try(arena, spec, stack_call, stack, 9, 3000);
  Tried again = stand_in_replay(arena, spec, stack_call, stack, first.token);
  assert_int_equal(again.result.verdict, VERDICT_FAILED);
  assert_slice(steps_text(arena, &again.failure), steps_text(arena, &first.failure));
  assert_slice(again.failure.message, first.failure.message);
  stack->wrong_push_at = 0;
  assert_int_equal(stand_in_replay(arena, spec, stack_call, stack, first.token).result.verdict,
                   VERDICT_PASSED);
}

static void the_same_seed_runs_the_same_sequences(void **state)
{
  Arena *arena = *state;
  Tried first = try_stack(arena, STACK, (Stack){.limit = 40}, 5, 3000);
  Tried again = try_stack(arena, STACK, (Stack){.limit = 40}, 5, 3000);
  assert_int_equal(first.result.cases, again.result.cases);
  assert_slice(first.token, again.token);
}

static void its_own_parameters_and_statements_come_first(void **state)
{
  Arena *arena = *state;
  static const char spec[] = "sequence \"s\" (first: u32, n: u32) where n in 3..5 {\n"
                             "  push(first);\n"
                             "  let start = size();\n"
                             "  var count = start;\n"
                             "  op push(x: u32) where x < n, count < 4 { push(x); count = count + 1; }\n"
                             "  invariant { expect size() == count && get(0) == first; }\n"
                             "  invariant { expect count <= 4 && start == 1 && n < 5; }\n"
                             "}\n";
  assert_int_equal(try_stack(arena, spec, (Stack){0}, 1, 2000).result.verdict, VERDICT_PASSED);
  Tried tried = try_stack(arena, spec, (Stack){.limit = 2}, 1, 2000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_text(steps_text(arena, &tried.failure), "push(0), 2 times");
  assert_text(inputs_text(arena, &tried.failure), "first = 0; n = 3; start = 1; count = 3");
}

static void an_operation_that_never_fits_is_never_run(void **state)
{
  static const char spec[] = "sequence \"s\" { var n = 0;"
                             "  op push(x: u32) where n < 2 { push(x); n = n + 1; }"
                             "  op never(x: u32) where x < 5, x > 7 { expect false; }"
                             "  op late() where n > 2 { expect false; }"
                             "  invariant { expect n <= 2; } }";
  assert_int_equal(try_stack(*state, spec, (Stack){0}, 1, 2000).result.verdict, VERDICT_PASSED);
}

static void a_fault_in_the_specification_is_not_the_implementations(void **state)
{
  static const char spec[] =
      "sequence \"s\" { var xs = [u32(1)]; op push(i: s64) where xs[i] == 1 { push(1); } }";
  Tried tried = try_stack(*state, spec, (Stack){0}, 1, 2000);
  assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
  assert_true(str_starts_with(tried.result.reason, STR("there is no element")));
}

/* --- what is no sequence */

static void says(Arena *arena, const char *spec, const char *text)
{
  Diags diags = diags_in(arena);
  const char *whole = str_to_z(arena, str_format(arena, "spec test:lang/things;\n%s", spec));
  assert_null(language_spec(arena, whole, &diags));
  Str errors = language_errors(arena, &diags);
  if (str_find(errors, str_from_z(text)) == SIZE_MAX) print_error("%s\n%.*s", spec, STR_ARG(errors));
  assert_true(str_find(errors, str_from_z(text)) != SIZE_MAX);
}

static void mistakes_are_named_where_they_are(void **state)
{
  Arena *arena = *state;
#define WITH(parts) "sequence \"s\" { var n = 0; var total = 0; let fixed = 1; " parts " }"
  says(arena, "sequence \"s\" { }", "this sequence has no operations");
  says(arena, WITH("op a() { n = n + 1; }"), "this operation does nothing");
  says(arena, WITH("op a() { twice(1); } invariant { let x = n; }"), "this invariant expects nothing");
  says(arena, WITH("op a() { twice(1); fixed = 2; }"), "`fixed` is no `var` of this sequence");
  says(arena, WITH("op a() { twice(1); totla = 2; }"), "did you mean `total`?");
  says(arena, WITH("op a() { let n = 1; twice(1); n = 2; }"), "`n` is no `var` of this sequence");
  says(arena, WITH("op a() { twice(1); } invariant { n = 2; expect true; }"), "an invariant looks only");
  says(arena, WITH("op a(n: u32) { twice(n); }"), "`n` is a name of the sequence already");
  says(arena, WITH("op a() { twice(1); } op a() { twice(2); }"), "there are two operations `a`");
  says(arena, WITH("op a() { twice(1); } twice(2);"), "a sequence begins with its variables");
  says(arena, WITH("op a() where twice(1) == 2 { twice(1); }"), "cannot be called here");
  says(arena, WITH("op a() { twice(1); n = true; }"), "expected `s64`, found `bool`");
  says(arena, "sequence \"s\" { var xs = []; op a() { twice(1); } }", "cannot tell the type");
  says(arena, "it \"i\" { let x = 1; x = 2; expect x == 2; }", "`x` cannot be changed here");
  says(arena, "it \"i\" { var x = 1; expect x == 1; }", "only what a sequence begins with has `var`s");
  says(arena, "sequenc \"s\" { }", "did you mean `sequence`?");
#undef WITH
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_right_stack_passes),
      TEST(a_fault_is_found_and_made_as_short_as_it_can_be),
      TEST(arguments_that_belong_together_shrink_together),
      TEST(a_trap_in_an_operation_is_a_failure),
      TEST(what_is_asked_for_by_its_place_is_found_where_it_moves_to),
      TEST(the_report_shows_the_state_before_the_failing_step),
      TEST(a_failing_sequence_replays_from_its_token),
      TEST(the_same_seed_runs_the_same_sequences),
      TEST(its_own_parameters_and_statements_come_first),
      TEST(an_operation_that_never_fits_is_never_run),
      TEST(a_fault_in_the_specification_is_not_the_implementations),
      TEST(mistakes_are_named_where_they_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
