/* The search from end to end: modules that are wrong for one input that neither examples nor chance meet, and
 * what is said of those that pass. */
#include "runtime/function_names.h"
#include "spec/verify.h"

#include "tests/unit/runtime/modules.h"

enum { SEARCHED_CASES = 200000 };

static const char ITEMS[] = "inc: func(x: u32) -> u32;";
static const char SPEC[] = "spec t:t/i; law \"adds one\" (x: u32) { expect inc(x) == x + 1; }";

/* A module whose `inc` is wrong where the condition on $x holds. */
static const char *wrong_where(Arena *arena, const char *condition)
{
  return str_to_z(
      arena, str_format(arena,
                        "(module (memory (export \"memory\") 1) (global $calls (mut i32) (i32.const 0))"
                        " (func $forgotten (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))"
                        " (func (export \"t:t/i#inc\") (param $x i32) (result i32)"
                        "  (global.set $calls (i32.add (global.get $calls) (i32.const 1)))"
                        "  (if (%s) (then (return (i32.const 0))))"
                        "  (i32.add (local.get $x) (i32.const 1))))",
                        condition));
}

static const ImplementationReport *verified_against(Arena *arena, Str wasm, const char *text,
                                                    const VerifyOptions *options)
{
  Diags diags = diags_in(arena);
  const Interface *interface = modules_interface(arena, ITEMS);
  Implementation *one = arena_new_of(arena, Implementation);
  *one = (Implementation){.path = STR("m.wasm"), .label = STR("m")};
  assert_true(wasm_read(arena, one->path, wasm, &one->module, &diags));
  one->hash = hash_of(one->module.bytes);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.spec"), str_from_z(text)};
  const Spec *spec = spec_parse(arena, source, interface, &diags);
  VerifyReport report;
  bool ran = spec && implementation_fit(arena, &one->module, one->path, interface, &one->fit, &diags) &&
             verify(arena, interface, &spec, 1, one, 1, options, &report, &diags);
  modules_show(&diags);
  assert_true(ran);
  return &report.implementations[0];
}

static const ImplementationReport *verified_wasm(Arena *arena, Str wasm, const VerifyOptions *options)
{
  return verified_against(arena, wasm, SPEC, options);
}

static const ImplementationReport *verified(Arena *arena, const char *condition, const VerifyOptions *options)
{
  return verified_wasm(arena, modules_wasm(arena, wrong_where(arena, condition)), options);
}

/* 3 · 673707431 + 7 = 2021122300 */
static const char LINEAR[] =
    "i32.eq (i32.add (i32.mul (local.get $x) (i32.const 3)) (i32.const 7)) (i32.const 2021122300)";
static const char NESTED[] = "i32.and (i32.eq (i32.rotl (local.get $x) (i32.const 7)) (i32.const 0x12345678))"
                             " (i32.gt_u (global.get $calls) (i32.const 0))";
static const char AFTER[] = "i32.gt_u (global.get $calls) (i32.const 30000)";
static const char NEVER[] = "i32.eq (i32.or (local.get $x) (i32.const 1)) (i32.const 2)";

static void what_arithmetic_hides_is_found(void **state)
{
  static const char *const conditions[] = {LINEAR, NESTED, AFTER};
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
    assert_int_equal(verified(*state, conditions[i], &options)->verdict, VERDICT_FAILED);
}

static void the_failure_of_one_law_leaves_the_others_their_search(void **state)
{
  static const char two[] = "spec t:t/i; law \"is small\" (x: u32) { expect inc(x) < 5; }"
                            "law \"adds one\" (x: u32) { expect inc(x) == x + 1; }";
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  Str wasm = modules_wasm(*state, wrong_where(*state, LINEAR));
  const ImplementationReport *report = verified_against(*state, wasm, two, &options);
  assert_int_equal(report->tests[0].verdict, VERDICT_FAILED);
  assert_true(report->tests[0].cases < 1000); /* it needs no more of them */
  assert_int_equal(report->tests[1].verdict, VERDICT_FAILED);
  assert_non_null(report->coverage);
}

static void without_a_search_it_is_not(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = 20000};
  assert_int_equal(verified(*state, LINEAR, &options)->verdict, VERDICT_PASSED);
}

static void a_count_of_cases_gives_the_same_every_time(void **state)
{
  VerifyOptions options = {.seed = 3, .budget_cases = SEARCHED_CASES};
  const ImplementationReport *first = verified(*state, LINEAR, &options);
  const ImplementationReport *second = verified(*state, LINEAR, &options);
  assert_int_equal(first->cases, second->cases);
  assert_slice(first->tests[0].failure->replay, second->tests[0].failure->replay);
}

static void all_cases_of_a_count_are_tried(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  assert_int_equal(verified(*state, NEVER, &options)->cases, SEARCHED_CASES);
}

/* One function was never entered, and one comparison never true. */
static void assert_covered(const Covered *covered, const char *unreached, const char *unmet)
{
  assert_true(covered->entered > 0 && covered->entered < covered->blocks);
  assert_int_equal(covered->unreached_count, 1);
  assert_slice(covered->unreached[0], str_from_z(unreached));
  assert_int_equal(covered->unmet_count, 1);
  assert_slice(covered->unmet[0].function, str_from_z(unmet));
  assert_text(covered->unmet[0].instruction, "i32.eq");
  assert_false(covered->unmet[0].always);
}

static void what_no_case_has_reached_is_named(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  const ImplementationReport *report = verified(*state, NEVER, &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
  const Coverage *coverage = report->coverage;
  assert_non_null(coverage);
  assert_covered(&coverage->own, "function 0", "inc"); /* the text has no name section */
  assert_int_equal(coverage->libraries.blocks, 0);
}

/* The same functions, of which the one that is never entered and the one that compares are a library's. */
static void what_is_a_librarys_is_counted_apart(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  const char *wat =
      "(module (memory (export \"memory\") 1)"
      " (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))"
      " (func (param $x i32) (result i32)"
      "  (if (i32.eq (i32.or (local.get $x) (i32.const 1)) (i32.const 2)) (then (return (i32.const 0))))"
      "  (i32.add (local.get $x) (i32.const 1)))"
      " (func (export \"t:t/i#inc\") (param i32) (result i32) (call 1 (local.get 0))))";
  static const char *const names[] = {"~lib/rt/forgotten", "~lib/rt/inc", "~lib/rt/exported"};
  WasmModule module = modules_read(*state, wat);
  FunctionNames functions = function_names(*state, &module);
  for (size_t i = 0; i < 3; i++) functions.names[i] = str_from_z(names[i]);
  Str named = wasm_with_function_names(*state, &module, &functions);
  const ImplementationReport *report = verified_wasm(*state, named, &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
  assert_non_null(report->coverage);
  assert_covered(&report->coverage->libraries, "~lib/rt/forgotten", "~lib/rt/inc");
  /* What is exported is its own, whatever it is called. */
  assert_int_equal(report->coverage->own.blocks, 1);
  assert_int_equal(report->coverage->own.entered, 1);
  assert_int_equal(report->coverage->own.unreached_count + report->coverage->own.unmet_count, 0);
}

/* A loop ends with its condition the other way, and a zero is compared too: both have come out in both ways.
 */
static void what_came_out_in_both_ways_once_is_not_named(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  static const char wat[] =
      "(module (memory (export \"memory\") 1)"
      " (func (export \"t:t/i#inc\") (param $x i32) (result i32) (local $i i32)"
      "  (block $out (loop $next"
      "   (br_if $out (i32.eq (local.get $i) (i32.const 3)))"
      "   (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $next)))"
      "  (if (i32.eqz (i32.and (local.get $x) (i32.const 1))) (then (return (i32.or (local.get $x) "
      "(i32.const 1)))))"
      "  (if (i32.gt_s (local.get $i) (i32.const -1)) (then (return (i32.add (local.get $x) (i32.const 1)))))"
      "  (i32.const 0)))";
  const ImplementationReport *report = verified_wasm(*state, modules_wasm(*state, wat), &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
  assert_non_null(report->coverage);
  assert_int_equal(report->coverage->own.unmet_count, 1);
  assert_text(report->coverage->own.unmet[0].instruction, "i32.gt_s");
  assert_true(report->coverage->own.unmet[0].always);
}

/* A law that is undecided, as its own computation takes too many steps for some inputs, keeps no other from
 * being searched, nor its own cases from being tried. */
static void what_is_undecided_hides_no_failure(void **state)
{
  static const char spec[] = "spec t:t/i; law \"adds one\" (x: u32) { expect inc(x) == x + 1; }"
                             "law \"costly\" (x: u32) { expect inc(x) != x && (x % 1024 != 5 || (for all i "
                             "in 0..1000000000: true)); }";
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  Str linear = modules_wasm(*state, wrong_where(*state, LINEAR)),
      low = modules_wasm(*state, wrong_where(*state, "i32.eqz (local.get $x)")),
      right = modules_wasm(*state, wrong_where(*state, "i32.const 0"));
  const ImplementationReport *report = verified_against(*state, linear, spec, &options);
  assert_int_equal(report->tests[0].verdict, VERDICT_FAILED);
  assert_int_equal(report->tests[1].verdict, VERDICT_UNDECIDED);
  assert_true(report->tests[1].cases > 1024);
  report = verified_against(*state, low, spec, &options);
  assert_int_equal(report->tests[1].verdict, VERDICT_FAILED);
  assert_int_equal(report->tests[1].reason.len, 0);
  report = verified_against(*state, right, spec, &options);
  assert_int_equal(report->verdict, VERDICT_UNDECIDED);
}

/* What is wrong may be so that the specification cannot say so. */
static void what_has_no_answer_in_the_search_does_not_pass(void **state)
{
  static const char spec[] = "spec t:t/i;"
                             "fn down(n: u32) -> u32 = if n == 0 { 0 } else { down(n - 1) };"
                             "law \"adds one\" (x: u32) { expect down(inc(x) - x) == 0; }";
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  Str wrong = modules_wasm(*state, wrong_where(*state, LINEAR)),
      right = modules_wasm(*state, wrong_where(*state, "i32.const 0"));
  const ImplementationReport *report = verified_against(*state, wrong, spec, &options);
  assert_int_equal(report->verdict, VERDICT_UNDECIDED);
  assert_true(str_ends_with(report->tests[0].reason, STR("first for x = 673707431")));
  report = verified_against(*state, right, spec, &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
}

/* Each of three functions is entered by one kind of example alone, and by no case of the law. */
static void what_examples_reach_is_covered(void **state)
{
  static const char spec[] = "spec t:t/i;"
                             "it \"one\" { expect inc(1) == 2; }"
                             "table \"two\" (x: u32) { (5) (2) expect inc(x) == x + 1; }"
                             "law \"three\" () { expect inc(3) == 4; }"
                             "law \"others\" (x: u32) where x > 3 { expect inc(x) == x + 1; }";
  static const char wat[] = "(module (memory (export \"memory\") 1)"
                            " (func $one (result i32) (i32.const 2))"
                            " (func $two (result i32) (i32.const 3))"
                            " (func $three (result i32) (i32.const 4))"
                            " (func (export \"t:t/i#inc\") (param $x i32) (result i32)"
                            "  (if (i32.eq (local.get $x) (i32.const 1)) (then (return (call $one))))"
                            "  (if (i32.eq (local.get $x) (i32.const 2)) (then (return (call $two))))"
                            "  (if (i32.eq (local.get $x) (i32.const 3)) (then (return (call $three))))"
                            "  (i32.add (local.get $x) (i32.const 1))))";
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  const ImplementationReport *report = verified_against(*state, modules_wasm(*state, wat), spec, &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
  assert_non_null(report->coverage);
  assert_int_equal(report->coverage->own.unreached_count, 0);
  assert_int_equal(report->coverage->own.unmet_count, 0);
  assert_int_equal(report->coverage->own.entered, report->coverage->own.blocks);
}

static void a_failure_is_tried_first_the_next_time(void **state)
{
  VerifyOptions options = {.seed = 5, .budget_ms = 3000};
  const ImplementationReport *first = verified(*state, LINEAR, &options);
  assert_int_equal(first->verdict, VERDICT_FAILED);
  options.seed = 6;
  const ImplementationReport *second = verified(*state, LINEAR, &options);
  assert_int_equal(second->verdict, VERDICT_FAILED);
  assert_int_equal(second->cases, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_arithmetic_hides_is_found),      TEST(the_failure_of_one_law_leaves_the_others_their_search),
      TEST(without_a_search_it_is_not),          TEST(a_count_of_cases_gives_the_same_every_time),
      TEST(all_cases_of_a_count_are_tried),      TEST(what_no_case_has_reached_is_named),
      TEST(what_is_a_librarys_is_counted_apart), TEST(what_came_out_in_both_ways_once_is_not_named),
      TEST(what_is_undecided_hides_no_failure),  TEST(what_has_no_answer_in_the_search_does_not_pass),
      TEST(what_examples_reach_is_covered),      TEST(a_failure_is_tried_first_the_next_time),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
