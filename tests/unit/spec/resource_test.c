/* Resources in specifications: how their functions are called, and that what was made is dropped. */
#include "tests/unit/spec/stand_in.h"

static const char ITEMS[] =
    "resource jar { constructor(size: u32); put: func(x: u32) -> u32; sum: func() -> u32;"
    "  pour: static func(source: jar, into: borrow<jar>) -> u32;"
    "  split: func() -> tuple<jar, option<jar>>; }"
    "resource lid { fit: static func() -> result<lid, string>; }"
    "take: func(jars: list<jar>) -> u32; look: func(j: borrow<jar>) -> u32;";

/* Jars by their handles, from 1 on. */
typedef struct Shelf {
  uint32_t made;
  uint32_t sums[32];
  bool gone[32];
  Buf log; /* "+1 +2 -2 -1" */
  bool drop_traps;
} Shelf;

static Value new_jar(Shelf *shelf)
{
  assert_true(shelf->made < 31);
  shelf->made++;
  buf_printf(&shelf->log, "%s+%u", shelf->log.len ? " " : "", shelf->made);
  return value_u64(shelf->made);
}

static void give_away(Shelf *shelf, Value jar, char sign)
{
  assert_false(shelf->gone[jar.bits]);
  shelf->gone[jar.bits] = true;
  buf_printf(&shelf->log, " %c%u", sign, (unsigned)jar.bits);
}

static bool call(void *context, const Function *function, const Value *args, Arena *arena, Value *result,
                 Fault *fault)
{
  Shelf *shelf = context;
  (void)fault;
  if (function->kind == FUNCTION_CONSTRUCTOR) {
    *result = new_jar(shelf);
  } else if (str_equal(function->name, STR("[method]jar.put"))) {
    *result = value_u64(shelf->sums[args[0].bits] += (uint32_t)args[1].bits);
  } else if (str_equal(function->name, STR("[static]jar.pour"))) {
    give_away(shelf, args[0], '>');
    *result = value_u64(shelf->sums[args[1].bits] += shelf->sums[args[0].bits]);
  } else if (str_equal(function->name, STR("[method]jar.split"))) {
    Value *parts = arena_array_of(arena, Value, 2), *some = arena_new_of(arena, Value);
    parts[0] = new_jar(shelf);
    *some = new_jar(shelf);
    parts[1] = (Value){.items = some, .tag = 1};
    *result = (Value){.items = parts, .count = 2};
  } else if (str_equal(function->name, STR("take"))) {
    for (uint32_t i = 0; i < args[0].count; i++) give_away(shelf, args[0].items[i], '>');
    *result = value_u64(args[0].count);
  } else {
    *result = value_u64(shelf->sums[args[0].bits]);
  }
  return true;
}

static bool drop(void *context, const TypeDef *resource, Value handle, Fault *fault)
{
  Shelf *shelf = context;
  assert_text(resource->name, "jar");
  if (shelf->gone[handle.bits]) return fault_set(fault, FAULT_STALE_HANDLE, NULL);
  give_away(shelf, handle, '-');
  return !shelf->drop_traps || fault_set(fault, FAULT_UNREACHABLE, NULL);
}

static bool reset(void *context, Fault *fault)
{
  (void)context, (void)fault;
  return true;
}

/* Runs one script; what became of the jars is in the shelf's log. */
static CaseEnd run(Arena *arena, Shelf *shelf, const char *statements, Failure *failure)
{
  const char *text = str_to_z(arena, str_format(arena, "it \"runs\" { %s }", statements));
  const Spec *spec = stand_in_spec(arena, ITEMS, text);
  Subject subject = {.context = shelf, .call = call, .reset = reset, .drop = drop};
  Attempt attempt;
  shelf->log = buf_in(arena);
  attempt_init(&attempt, arena_new(), &spec->tests.at[0]);
  CaseEnd end = attempt_run(&attempt, &subject, NULL);
  if (failure && end == CASE_FAILED) failure_describe(arena, &attempt, false, 0, failure);
  if (failure && end == CASE_UNDECIDED)
    failure->message = str_copy(arena, str_from_z(attempt.machine.failure.text));
  arena_free(attempt.machine.arena);
  return end;
}

static void assert_log(Arena *arena, const char *statements, const char *log)
{
  Shelf shelf = {0};
  assert_int_equal(run(arena, &shelf, statements, NULL), CASE_PASSED);
  assert_slice(buf_text(&shelf.log), str_from_z(log));
}

static void constructors_methods_and_statics_are_called_as_they_are_written(void **state)
{
  Shelf shelf = {0};
  CaseEnd end = run(*state, &shelf,
                    "let a = jar(3); let b = jar(4); a.put(2); expect a.put(3) == 5 && a.sum() == 5;"
                    "b.put(1); expect jar.pour(a, b) == 6; expect look(b) == 6;",
                    NULL);
  assert_int_equal(end, CASE_PASSED);
}

static void what_a_case_has_made_is_dropped_at_its_end_the_last_first(void **state)
{
  Arena *arena = *state;
  assert_log(arena, "let a = jar(1); let b = jar(2); expect b.sum() == 0;", "+1 +2 -2 -1");
  assert_log(arena, "jar(1); let parts = jar(2).split(); expect parts.0.sum() == 0;",
             "+1 +2 +3 +4 -4 -3 -2 -1");
}

static void what_was_given_away_or_dropped_is_not_dropped_again(void **state)
{
  Arena *arena = *state;
  assert_log(arena, "let a = jar(1); let b = jar(2); drop(a); expect b.sum() == 0;", "+1 +2 -1 -2");
  assert_log(arena, "let a = jar(1); let b = jar(2); expect jar.pour(a, b) == 0;", "+1 +2 >1 -2");
  assert_log(arena, "let a = jar(1); expect take([jar(2), a, jar(3)]) == 3;", "+1 +2 +3 >2 >1 >3");
}

static void a_destructor_that_traps_is_a_failure(void **state)
{
  Shelf shelf = {.drop_traps = true};
  Failure failure;
  assert_int_equal(run(*state, &shelf, "let a = jar(7); expect a.sum() == 0;", &failure), CASE_FAILED);
  assert_true(str_starts_with(failure.message, STR("dropping what `jar(7)` gave trapped: ")));
  assert_int_equal(failure.actual.len, 0);
  assert_int_equal(run(*state, &shelf, "let a = jar(7); expect drop(a) traps;", NULL), CASE_PASSED);
}

static void using_what_is_gone_is_the_specifications_fault(void **state)
{
  Shelf shelf = {0};
  Failure failure;
  assert_int_equal(run(*state, &shelf, "let a = jar(7); drop(a); drop(a);", &failure), CASE_UNDECIDED);
  assert_true(str_starts_with(failure.message, STR("a call was to be given a handle")));
}

static void mistakes_are_named_where_they_are(void **state)
{
  Arena *arena = *state;
  static const struct {
    const char *statements, *message;
  } mistakes[] = {
      {"jar(1).putt(1);", "1:29: error: `jar` has no method `putt`"},
      {"jar(1).putt(1);", "did you mean `put`?"},
      {"jar.poor(1);", "`jar` has no static function `poor`"},
      {"jar(1).put();", "`put` takes 1 argument, not 0"},
      {"jar(true);", "expected `u32`, found `bool`"},
      {"lid(1);", "`lid` has no constructor"},
      {"let s = \"a\"; s.put(1);", "`string` has no methods"},
      {"let a = jar(1); expect a == a;", "`jar` cannot be compared"},
      {"let a = jar(1); expect [a] < [a];", "cannot be compared"},
      {"look(1);", "expected `borrow<jar>`, found"},
      {"drop(1);", "is no resource that could be dropped"},
      {"let a = match lid.fit() { ok(l) => l, err(_) => jar(1) };", "expected `lid`, found `jar`"},
  };
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    Diags diags = diags_in(arena);
    Source wit = {STR("t.wit"), str_format(arena, "package t:t; interface i { %s }", ITEMS)};
    Source source = {STR("t.spec"), str_format(arena, "spec t:t/i; it \"a\" { %s }", mistakes[i].statements)};
    const Package *package = wit_parse(arena, &wit, NULL, &diags);
    assert_non_null(package);
    assert_null(spec_parse(arena, &source, &package->interfaces[0], &diags));
    Str errors = errors_text(arena, &diags);
    bool said = str_find(errors, str_from_z(mistakes[i].message)) != SIZE_MAX;
    if (!said) print_error("%s\n%.*s", mistakes[i].statements, STR_ARG(errors));
    assert_true(said);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(constructors_methods_and_statics_are_called_as_they_are_written),
      TEST(what_a_case_has_made_is_dropped_at_its_end_the_last_first),
      TEST(what_was_given_away_or_dropped_is_not_dropped_again),
      TEST(a_destructor_that_traps_is_a_failure),
      TEST(using_what_is_gone_is_the_specifications_fault),
      TEST(mistakes_are_named_where_they_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
