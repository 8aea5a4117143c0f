/* What fails is reported by its smallest case: shortest first, then simplest from the front. The minimal
 * cases here follow from the laws. */
#include "tests/unit/spec/stand_in.h"

#include <math.h>

typedef struct Minimal {
  const char *params, *where, *condition; /* a law that is false for some inputs */
  const char *inputs;                     /* its minimal counterexample */
} Minimal;

static const Minimal MINIMALS[] = {
    {"x: u32", "", "x < 1000", "x = 1000"},
    {"x: s32", "", "x > -1000", "x = -1000"},
    {"x: s64", "", "x != 0", "x = 0"},
    {"x: s8", "", "x != x", "x = 0"},
    {"x: u64", "", "x % 2 == 0", "x = 1"},
    {"x: s64", "where x in 10..20", "x < 15", "x = 15"},
    {"x: s64", "where x in -20..-10", "x > -15", "x = -15"},
    {"x: bool", "", "x", "x = false"},
    {"x: bool", "", "!x", "x = true"},
    {"x: f64", "", "x < 1000.0 || is-nan(x)", "x = 1000.0"},
    {"x: f64", "", "x <= 2.0 || is-nan(x)", "x = 3.0"},
    {"x: f64", "", "x > -2.5", "x = -3.0"},
    {"x: f64", "where x in 1.0..2.0", "x < 1.25", "x = 1.5"},
    {"x: f64", "", "x < 1.0e20 || x == inf || is-nan(x)", "x = 1.4757395258967641e+20"}, /* 2^67 */
    {"x: f64", "", "x != -0.0", "x = -0.0"},
    {"x: f64, y: f64", "", "x == y || is-nan(x) || is-nan(y)", "x = 0.0; y = 1.0"},
    {"x: f64", "", "!is-nan(x)", "x = nan"},
    {"x: f64", "", "x != inf", "x = inf"},
    {"x: f32", "", "x < 100.0 || is-nan(x)", "x = 100.0"},
    {"c: char", "", "c == 'a'", "c = 'b'"},
    {"c: char", "", "c < '\\u{80}'", "c = '\\u{80}'"},
    {"s: string", "", "s == \"\"", "s = \"a\""},
    {"s: string", "", "len(chars(s)) < 5", "s = \"aaaaa\""},
    {"s: string", "", "!contains(s, \"z\")", "s = \"z\""},
    {"s: string", "", "!(len(s) in 5..=6)", "s = \"aaaaa\""}, /* bytes */
    {"xs: list<s64>", "", "len(xs) < 4", "xs = [0, 0, 0, 0]"},
    {"xs: list<s64>", "", "sum(xs) < 1000 || len(xs) > 50", "xs = [1000]"},
    {"xs: list<u8>", "", "!contains(xs, 7)", "xs = [7]"},
    {"xs: list<u8>", "", "is-sorted(xs)", "xs = [1, 0]"},
    {"xs: list<s64>", "", "reverse(xs) == xs", "xs = [0, 1]"},
    {"xs: list<u8>", "", "for all i in 0..len(xs), j in 0..i: xs[i] != xs[j]", "xs = [0, 0]; i = 1; j = 0"},
    {"xs: list<list<u8>>", "", "for all x in xs: len(x) < 2", "xs = [[0, 0]]; x = [0, 0]"},
    {"xs: list<string>", "", "len(chars(concat(concat([\"\"], xs)))) < 3", "xs = [\"aaa\"]"},
    {"x: u8, y: u8", "", "x == y", "x = 0; y = 1"},
    {"x: u32, y: u32", "", "x == 0 || x != y", "x = 1; y = 1"},
    {"x: u32, y: u32", "where x < y", "x + 1 == y || y > 1000", "x = 0; y = 2"},
    {"x: option<u8>", "", "x == none", "x = some(0)"},
    {"x: option<u8>", "", "x != none", "x = none"},
    {"x: result<u8, string>", "", "match x { ok(_) => true, err(e) => len(chars(e)) < 2 }",
     "x = err(\"aa\")"},
    {"x: shape", "", "match x { sides(n) => n < 3, _ => true }", "x = sides(3)"},
    {"p: point", "", "p.x <= p.y || is-nan(p.x) || is-nan(p.y)", "p = {x: 0.0, y: -1.0}"},
    {"f: access", "", "!f.run", "f = {run}"},
    {"t: tuple<u8, string>", "", "t.0 == 0 || t.1 == \"\"", "t = (1, \"a\")"},
    {"ps: list<point>", "", "len(ps) < 2 || ps[0] != ps[1]", "ps = [{x: 0.0, y: 0.0}, {x: 0.0, y: 0.0}]"},
    {"xs: list<u8, 3>", "", "sum(xs) < 4", "xs = [0, 0, 4]"},
    {"xs: list<u8, 3>", "", "is-sorted(xs)", "xs = [0, 1, 0]"},
    {"xs: list<list<bool, 2>>", "", "len(xs) < 2", "xs = [[false, false], [false, false]]"},
    {"m: map<u8, bool>", "", "!(7 in m)", "m = [(7, false)]"},
    {"m: map<u8, u8>", "", "len(m) < 2", "m = [(0, 0), (1, 0)]"},
    {"m: map<u8, u8>", "", "for all p in m: p.1 < 5", "m = [(0, 5)]; p = (0, 5)"},
    {"i: s64, xs: list<u8>", "where i in 0..len(xs)", "xs[i] < 5", "i = 0; xs = [5]"},
    /* A relation holds between numbers: what one has less, the other has more. */
    {"x: u32, y: u32", "", "x + y < 1000 || x > 600 || y > 600", "x = 400; y = 600"},
    {"x: s32, y: s32", "where x in -900..=900, y in -900..=900", "x + y != 1000", "x = 100; y = 900"},
    {"x: s32, y: s32", "where x in -900..=900, y in -900..=900", "x + y != -1000", "x = -100; y = -900"},
    {"x: u32, y: u32, z: u32", "where x in 0..=40, y in 0..=40, z in 0..=40", "x + y + z != 100",
     "x = 20; y = 40; z = 40"},
    {"xs: list<u32>", "", "sum(xs) != 500 || (exists x in xs: x > 200)", "xs = [100, 200, 200]"},
    {"x: u32, y: u32", "where x < 100000", "y != x + 7 || x < 20", "x = 20; y = 27"},
    {"x: u32, y: u32", "where y < 3000000000", "x + y < 40 || y >= x", "x = 21; y = 19"},
    {"p: point", "", "!(p.x > 9.0) || p.y < p.x", "p = {x: 10.0, y: 10.0}"},
    /* One says where another one stands: what comes before it cannot go alone. */
    {"xs: list<u8>", "where len(xs) > 0, s64(xs[0]) in 1..len(xs)", "xs[s64(xs[0])] != 9", "xs = [1, 9]"},
    {"n: s64, xs: list<u8>", "where n in 1..50, len(xs) == n", "!contains(xs, 5)", "n = 1; xs = [5]"},
    {"x: f64, y: f64", "where x in 0.0..=60.0, y in 0.0..=60.0", "x + y < 100.0", "x = 40.0; y = 60.0"},
    /* Two are equal, and stay so. */
    {"a: string, b: string", "", "a != b || len(chars(a)) < 3", "a = \"aaa\"; b = \"aaa\""},
    {"a: string, b: string", "", "a != b || !contains(a, \"z\")", "a = \"z\"; b = \"z\""},
    {"a: list<s64>, b: list<s64>", "", "a != b || sum(a) < 50 || len(a) > 20", "a = [50]; b = [50]"},
    {"a: point, b: point", "", "a != b || !(a.x > 2.0) || !(a.y > 1.0)",
     "a = {x: 3.0, y: 2.0}; b = {x: 3.0, y: 2.0}"},
    {"ps: list<point>", "", "for all i in 0..len(ps), j in 0..i: ps[i] != ps[j] || !(ps[i].x > 2.0)",
     "ps = [{x: 3.0, y: 0.0}, {x: 3.0, y: 0.0}]; i = 1; j = 0"},
    {"a: list<string>, b: list<string>", "", "a != b || len(a) < 2 || len(concat(a)) == 0",
     "a = [\"\", \"a\"]; b = [\"\", \"a\"]"},
    /* Order does not matter: the simplest comes first. */
    {"xs: list<u8>", "", "!(contains(xs, 9) && contains(xs, 5) && contains(xs, 1))", "xs = [1, 5, 9]"},
    {"xs: list<string>", "", "!(contains(xs, \"bb\") && contains(xs, \"c\"))", "xs = [\"bb\", \"c\"]"},
    {"xs: list<string>", "", "!(contains(xs, \"zz\") && contains(xs, \"b\"))", "xs = [\"b\", \"zz\"]"},
    {"vs: list<shape>", "", "!(contains(vs, dot) && contains(vs, sides(3)))", "vs = [dot, sides(3)]"},
    {"xs: list<list<u8>>", "", "!(contains(xs, [2, 2]) && contains(xs, [1]))", "xs = [[1], [2, 2]]"},
    /* Elements of many choices go as one. */
    {"ws: list<wide>", "", "for all w in ws: w.l < 3",
     "ws = [{a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 3}]; w = {a: 0, b: 0, c: "
     "0, "
     "d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 3}"},
    {"ws: list<wide>", "", "len(ws) < 2 || ws[0].l == ws[len(ws) - 1].l",
     "ws = [{a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0}, {a: 0, b: 0, c: 0, d: "
     "0, "
     "e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 1}]"},
};

static const char ITEMS[] = "record point { x: f64, y: f64 } flags access { read, write, run }"
                            "variant shape { dot, sides(u32) } ask: func() -> bool;"
                            "record wide { a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, "
                            "j: u8, k: u8, l: u8 }";

static void every_case_is_minimal(void **state)
{
  Arena *arena = *state;
  size_t wrong = 0;
  for (size_t i = 0; i < sizeof MINIMALS / sizeof *MINIMALS; i++) {
    const Minimal *wanted = &MINIMALS[i];
    Str law = str_format(arena, "law \"l\" (%s) %s { expect %s; }", wanted->params, wanted->where,
                         wanted->condition);
    const Spec *spec = stand_in_spec(arena, ITEMS, str_to_z(arena, law));
    for (uint64_t seed = 0; seed < 5; seed++) {
      Tried tried = stand_in_try(arena, spec, always_true, NULL, seed, 200000);
      Str inputs =
          tried.result.verdict == VERDICT_FAILED ? inputs_text(arena, &tried.failure) : STR("passed");
      if (str_equal(inputs, str_from_z(wanted->inputs))) continue;
      print_error("%.*s (seed %d): %.*s\n", STR_ARG(law), (int)seed, STR_ARG(inputs));
      wrong++;
    }
  }
  assert_int_equal(wrong, 0);
}

/* The sum of a list, wrong from 501 elements on. */
static bool wrong_sum(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                      Fault *fault)
{
  (void)self, (void)function, (void)arena, (void)fault;
  *result = value_u64(args[0].count > 500);
  return true;
}

static void a_fault_of_long_lists_is_found_by_every_seed_and_shrinks_to_the_length_that_matters(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, "long: func(xs: list<s64>) -> u64;",
                                   "law \"l\" (xs: list<s64>) { expect long(xs) == 0; }");
  for (uint64_t seed = 0; seed < 20; seed++) {
    Tried tried = stand_in_try(arena, spec, wrong_sum, NULL, seed, 20000);
    assert_int_equal(tried.result.verdict, VERDICT_FAILED);
    assert_true(tried.result.replay.choices.count == 2 * 501 + 1);
    assert_true(tried.token.len < 60); /* repetitions are not written out */
    assert_text(tried.failure.actual, "1");
    assert_text(tried.failure.expected, "0");
  }
}

static bool trapping(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                     Fault *fault)
{
  (void)self, (void)function, (void)arena;
  *result = value_bool(true);
  return args[0].bits < 77 || fault_set(fault, FAULT_UNREACHABLE, NULL);
}

static void a_trap_shrinks_too_and_is_named(void **state)
{
  Arena *arena = *state;
  const Spec *spec =
      stand_in_spec(arena, "f: func(x: u32) -> bool;", "law \"l\" (x: u32) { expect f(x) && true; }");
  Tried tried = stand_in_try(arena, spec, trapping, NULL, 1, 20000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_slice(inputs_text(arena, &tried.failure), STR("x = 77"));
  assert_text(tried.failure.message, "`f(x)` trapped: executed unreachable (an abort or a failed assertion)");
}

static void a_failure_keeps_its_kind_while_it_shrinks(void **state)
{
  Arena *arena = *state;
  /* The trap from 77 on must not slip into the comparison that fails for 5. */
  const Spec *spec = stand_in_spec(arena, "f: func(x: u32) -> bool;",
                                   "law \"l\" (x: u32) where x >= 70 { expect f(x); expect x < 60; }");
  Tried tried = stand_in_try(arena, spec, trapping, NULL, 3, 20000);
  bool trap = str_starts_with(tried.failure.message, STR("`f(x)` trapped"));
  assert_slice(inputs_text(arena, &tried.failure), trap ? STR("x = 77") : STR("x = 70"));
}

/* Right for the first hundred calls of an instance. */
static bool tired(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                  Fault *fault)
{
  (void)function, (void)arena, (void)fault;
  *result = value_u64(args[0].bits + (self->calls > 100));
  return true;
}

static void what_goes_wrong_after_many_calls_is_told_apart_and_replays(void **state)
{
  Arena *arena = *state;
  const Spec *spec =
      stand_in_spec(arena, "same: func(x: u32) -> u32;", "law \"l\" (x: u32) { expect same(x) == x; }");
  Tried tried = stand_in_try(arena, spec, tired, NULL, 1, 100000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_true(tried.result.on_used_instances);
  assert_int_equal(tried.result.replay.repeats, 101);
  assert_slice(inputs_text(arena, &tried.failure), STR("x = 0"));
  assert_text(tried.failure.message,
              "gives different results on a fresh and on a used instance: in run 101 of this "
              "case, expected same(x) == x");
  Tried again = stand_in_replay(arena, spec, tired, NULL, tried.token);
  assert_int_equal(again.result.verdict, VERDICT_FAILED);
  assert_slice(again.failure.message, tried.failure.message);
}

/* A law that says nothing about the value, so that only the comparison with a fresh instance can tell. */
static void a_result_that_depends_on_use_fails_even_where_no_law_forbids_it(void **state)
{
  Arena *arena = *state;
  const Spec *spec =
      stand_in_spec(arena, "same: func(x: u32) -> u32;", "law \"l\" (x: u32) { same(x); expect x == x; }");
  Tried tried = stand_in_try(arena, spec, tired, NULL, 1, 100000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_true(tried.result.on_used_instances);
  assert_text(tried.failure.message, "gives different results on a fresh and on a used instance: in run 101 "
                                     "of this case, the results differ");
  assert_int_equal(stand_in_replay(arena, spec, tired, NULL, tried.token).result.verdict, VERDICT_FAILED);
}

/* Wrong once it has seen 3 and, later, 4: no repetition of one case finds that. */
static bool sequence(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                     Fault *fault)
{
  uint32_t *seen = self->context;
  (void)function, (void)arena, (void)fault;
  if (self->calls == 1) *seen = 0;
  if (args[0].bits == 3) *seen = 1;
  if (args[0].bits == 4 && *seen == 1) *seen = 2;
  *result = value_u64(args[0].bits + (args[0].bits == 5 && *seen == 2));
  return true;
}

static void what_only_a_history_brings_about_shrinks_to_the_cases_that_matter(void **state)
{
  Arena *arena = *state;
  uint32_t seen = 0;
  const Spec *spec =
      stand_in_spec(arena, "same: func(x: u32) -> u32;", "law \"l\" (x: u32) { expect same(x) == x; }");
  /* One context serves both instances; each clears it with its first call, and only one runs at a time. */
  Tried tried = stand_in_try(arena, spec, sequence, &seen, 5, 100000);
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_int_equal(tried.result.replay.kind, REPLAY_CASES);
  assert_int_equal(tried.failure.step_count, 2);
  assert_text(tried.failure.steps[0], "x = 3");
  assert_text(tried.failure.steps[1], "x = 4");
  assert_slice(inputs_text(arena, &tried.failure), STR("x = 5"));
  assert_text(tried.failure.message,
              "gives different results on a fresh and on a used instance: after 2 other "
              "cases, expected same(x) == x");
  Tried again = stand_in_replay(arena, spec, sequence, &seen, tried.token);
  assert_int_equal(again.result.verdict, VERDICT_FAILED);
  assert_slice(again.failure.message, tried.failure.message);
  assert_text(again.failure.steps[0], "x = 3");
}

/* Wrong in one call of its life, whatever instance that meets. */
static bool wrong_once(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  uint32_t *calls = self->context;
  (void)function, (void)arena, (void)fault;
  *result = value_u64(args[0].bits + (++*calls == 500));
  return true;
}

static void what_does_not_fail_again_is_called_flaky(void **state)
{
  Arena *arena = *state;
  uint32_t calls = 0;
  const Spec *spec =
      stand_in_spec(arena, "same: func(x: u32) -> u32;", "law \"l\" (x: u32) { expect same(x) == x; }");
  Tried tried = stand_in_try(arena, spec, wrong_once, &calls, 5, 100000);
  assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
  assert_true(tried.result.flaky);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_case_is_minimal),
      TEST(a_fault_of_long_lists_is_found_by_every_seed_and_shrinks_to_the_length_that_matters),
      TEST(a_trap_shrinks_too_and_is_named),
      TEST(a_failure_keeps_its_kind_while_it_shrinks),
      TEST(what_goes_wrong_after_many_calls_is_told_apart_and_replays),
      TEST(a_result_that_depends_on_use_fails_even_where_no_law_forbids_it),
      TEST(what_does_not_fail_again_is_called_flaky),
      TEST(what_only_a_history_brings_about_shrinks_to_the_cases_that_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
