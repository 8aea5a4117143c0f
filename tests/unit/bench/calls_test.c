#include "bench/calls.h"

#include "ifc/wave.h"
#include "tests/unit/bench/suites.h"

static const char items[] = "add: func(a: s64, b: s64) -> s64; sort: func(xs: list<s64>) -> list<s64>;"
                            "name: func(n: u8) -> string; beep: func();";

/* What a script measures, as text: "add(1, 2) add(1, 3)". */
static Str text_of(Arena *arena, const Calls *calls)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < calls->len; i++) {
    const Call *call = &calls->at[i];
    buf_printf(&out, "%s%.*s(", i ? " " : "", STR_ARG(call->function->name));
    for (uint32_t p = 0; p < call->function->param_count; p++) {
      if (p) buf_z(&out, ", ");
      wave_print(call->function->params[p].type, call->args[p], &out);
    }
    buf_byte(&out, ')');
  }
  return buf_text(&out);
}

static ScriptEnd run(Arena *arena, const char *body, Answerer *answerer, CallList *out, Diags *diags)
{
  Str text = str_format(arena, "bench t:t/i; fn up(n: s64) -> s64 = n + 1; workload \"w\" { %s }", body);
  const Suite *suite = suites_parse(arena, suites_interface(arena, items), str_to_z(arena, text));
  *diags = diags_in(arena);
  return suite_run_script(suite, 0, arena, answerer, out, diags);
}

static void scripts_make_these_calls(void **state)
{
  static const struct {
    const char *body, *calls;
  } cases[] = {
      {"measure beep();", "beep()"},
      {"measure add(1 + 2, up(4)); measure beep();", "add(3, 5) beep()"},
      {"let xs = [1, 2]; for a in xs, b in xs { measure add(a, b); }",
       "add(1, 1) add(1, 2) add(2, 1) add(2, 2)"},
      {"for i in 1..4 { measure add(i, 0); }", "add(1, 0) add(2, 0) add(3, 0)"},
      {"for i in 1..=3 { measure add(i, 0); }", "add(1, 0) add(2, 0) add(3, 0)"},
      {"for n in 1..=3, m in 0..n { measure add(n, m); }",
       "add(1, 0) add(2, 0) add(2, 1) add(3, 0) add(3, 1) add(3, 2)"},
      {"for i in 0..2 { let k = i * 10; for j in 0..2 { let s = k + j; measure add(k, s); } }",
       "add(0, 0) add(0, 1) add(10, 10) add(10, 11)"},
      {"let x = 1; let x = up(x); measure add(x, x);", "add(2, 2)"},
      {"for i in 0..0 { measure beep(); } measure beep();", "beep()"},
      {"let xs: list<s64> = [3, 1]; measure sort(xs); measure sort(reverse(xs));",
       "sort([3, 1]) sort([1, 3])"},
      {"for c in [\"a\", \"bc\"] { measure add(1, s64(len(c))); }", "add(1, 1) add(1, 2)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CallList list;
    Diags diags;
    ScriptEnd end = run(*state, cases[i].body, NULL, &list, &diags);
    suites_show(&diags);
    assert_int_equal(end, SCRIPT_DONE);
    assert_slice(text_of(*state, &list.measured), str_from_z(cases[i].calls));
    assert_int_equal(list.prepared.len, 0);
  }
}

static void generated_values_have_the_size_and_repeat_with_the_seed(void **state)
{
  CallList lists[2], other;
  Diags diags;
  for (int i = 0; i < 2; i++)
    assert_int_equal(
        run(*state, "measure sort(generate(list<s64>, size: 50, seed: 7));", NULL, &lists[i], &diags),
        SCRIPT_DONE);
  assert_int_equal(run(*state, "measure sort(generate(list<s64>, size: 50, seed: 8));", NULL, &other, &diags),
                   SCRIPT_DONE);
  assert_int_equal(lists[0].measured.at[0].args[0].count, 50);
  assert_slice(text_of(*state, &lists[0].measured), text_of(*state, &lists[1].measured));
  assert_false(str_equal(text_of(*state, &lists[0].measured), text_of(*state, &other.measured)));
}

static void what_goes_wrong_is_said_with_its_place(void **state)
{
  static const struct {
    const char *body, *says;
  } cases[] = {
      {"let xs = [1, 2]; measure add(xs[5], 1);", "t.bench:1:88: error: workload \"w\": "},
      {"let z = 0; measure add(1 / z, 1);", "error: workload \"w\": "},
      {"for i in 0..0 { measure beep(); }", "workload \"w\" makes no call: its loops are empty"},
      {"for i in 0..2000 { for j in 0..2000 { measure beep(); } }", "makes more than 1000000 calls"},
      {"let xs = generate(list<s64>, size: 100000000, seed: 1); measure sort(xs);", "20000000 steps"},
      {"for a in 0..100000 { for b in 0..100000 { for c in 0..0 { measure beep(); } } }", "20000000 steps"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CallList list;
    Diags diags;
    assert_int_equal(run(*state, cases[i].body, NULL, &list, &diags), SCRIPT_FAILED);
    assert_int_equal(diags.errors, 1);
    suites_assert_says(&diags, cases[i].says);
  }
}

/* Answers `add` itself, and nothing else. */
static bool answer_add(Answerer *self, const Function *function, const Value *args, Arena *arena,
                       Value *result)
{
  (void)self;
  (void)arena;
  if (!str_equal(function->name, STR("add"))) return false;
  *result = value_s64((int64_t)(args[0].bits + args[1].bits));
  return true;
}

static void calls_outside_measure_are_answered_and_listed(void **state)
{
  CallList list;
  Diags diags;
  Answerer answerer = {answer_add};
  const char *body = "let three = add(1, 2); for i in 0..2 { measure add(add(three, i), 0); }";
  assert_int_equal(run(*state, body, &answerer, &list, &diags), SCRIPT_DONE);
  assert_text(text_of(*state, &list.measured), "add(3, 0) add(4, 0)");
  assert_text(text_of(*state, &list.prepared), "add(1, 2) add(3, 0) add(3, 1)");
}

static void without_an_answer_the_script_ends_without_a_diagnostic(void **state)
{
  CallList list;
  Diags diags;
  Answerer answerer = {answer_add};
  assert_int_equal(run(*state, "let n = add(1, 2); measure add(n, n);", NULL, &list, &diags),
                   SCRIPT_NO_ANSWER);
  assert_int_equal(diags.errors, 0);
  assert_int_equal(run(*state, "let n = sort([1]); measure sort(n);", &answerer, &list, &diags),
                   SCRIPT_NO_ANSWER);
  assert_int_equal(diags.errors, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(scripts_make_these_calls),
      TEST(generated_values_have_the_size_and_repeat_with_the_seed),
      TEST(what_goes_wrong_is_said_with_its_place),
      TEST(calls_outside_measure_are_answered_and_listed),
      TEST(without_an_answer_the_script_ends_without_a_diagnostic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
