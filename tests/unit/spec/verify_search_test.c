/* The search from end to end: modules that are wrong for one input that neither examples nor chance meet, and
 * what is said of those that pass. */
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

static const ImplementationReport *verified(Arena *arena, const char *condition, const VerifyOptions *options)
{
  Diags diags = diags_in(arena);
  const Interface *interface = modules_interface(arena, ITEMS);
  Implementation *one = arena_new_of(arena, Implementation);
  *one = (Implementation){.path = STR("m.wasm"), .label = STR("m")};
  one->module = modules_read(arena, wrong_where(arena, condition));
  one->hash = hash_of(one->module.bytes);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.spec"), str_from_z(SPEC)};
  const Spec *spec = spec_parse(arena, source, interface, &diags);
  VerifyReport report;
  bool ran = spec && implementation_fit(arena, &one->module, one->path, interface, &one->fit, &diags) &&
             verify(arena, interface, &spec, 1, one, 1, options, &report, &diags);
  modules_show(&diags);
  assert_true(ran);
  return &report.implementations[0];
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

static void what_no_case_has_reached_is_named(void **state)
{
  VerifyOptions options = {.seed = 1, .budget_cases = SEARCHED_CASES};
  const ImplementationReport *report = verified(*state, NEVER, &options);
  assert_int_equal(report->verdict, VERDICT_PASSED);
  const Coverage *coverage = report->coverage;
  assert_non_null(coverage);
  assert_true(coverage->entered > 0 && coverage->entered < coverage->blocks);
  assert_int_equal(coverage->unreached_count, 1);
  assert_text(coverage->unreached[0], "function 0"); /* $forgotten: the text has no name section */
  assert_int_equal(coverage->unmet_count, 1);
  assert_text(coverage->unmet[0].function, "t:t/i#inc");
  assert_text(coverage->unmet[0].instruction, "i32.eq");
  assert_true(coverage->unmet[0].never_equal);
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
      TEST(what_arithmetic_hides_is_found),
      TEST(without_a_search_it_is_not),
      TEST(a_count_of_cases_gives_the_same_every_time),
      TEST(all_cases_of_a_count_are_tried),
      TEST(what_no_case_has_reached_is_named),
      TEST(a_failure_is_tried_first_the_next_time),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
