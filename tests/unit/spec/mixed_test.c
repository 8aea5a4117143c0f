/* Laws that hold each on an instance of its own, and not where they share one. */
#include "spec/mixed.h"

#include "tests/unit/spec/stand_in.h"

static const char ITEMS[] = "f: func(x: u8) -> bool; g: func(x: u8) -> bool; put: func(x: u8);"
                            "resource box { constructor(); set: func(x: u8); get: func() -> u8; }";

static const Test *mixed(Arena *arena, const char *tests)
{
  return mixed_test(arena, stand_in_spec(arena, ITEMS, tests));
}

static void laws_are_its_operations(void **state)
{
  const Test *test = mixed(*state, "it \"i\" { expect f(1); } law \"a\" (x: u8) { expect f(x); }"
                                   "law \"none\" () { expect f(1); }"
                                   "law \"b\" (x: u8, y: u8) where x < y { expect f(x); expect g(y); }");
  assert_non_null(test);
  assert_int_equal(test->operations.len, 2);
  assert_slice(test->operations.at[1].name.text, STR("b"));
  assert_int_equal(test->operations.at[1].first_statement, 1);
}

static void methods_are_no_state_of_the_interface(void **state)
{
  assert_non_null(mixed(*state, "law \"a\" (x: u8) { let b = box(); b.set(x); expect b.get() == x; }"
                                "law \"b\" (x: u8) { expect f(x); }"));
}

static void one_law_meets_itself(void **state)
{
  const Test *test = mixed(*state, "law \"a\" (x: u8) { expect f(x); }");
  assert_non_null(test);
  assert_int_equal(test->operations.len, 1);
  assert_null(mixed(*state, "law \"none\" () { expect f(1); }"));
}

/* The specification says what of a state is right; laws after one another are no such thing. */
static void what_has_a_state_is_not_mixed(void **state)
{
  assert_null(mixed(*state, "law \"a\" (x: u8) { put(x); expect f(x); } law \"b\" (x: u8) { expect g(x); }"));
  assert_null(mixed(*state, "law \"a\" (x: u8) { expect f(x); } law \"b\" (x: u8) { expect g(x); }"
                            "sequence \"s\" { op put(x: u8) { put(x); } }"));
}

static Verdict verdict_of(const Test *test, StandInCall *call)
{
  StandIn used = {.call = call}, fresh = used;
  Subject used_subject = {.context = &used, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  LawOptions options = {.seed = 1, .cases = 1000, .shrink_ns = UINT64_C(60000000000)};
  LawResult result;
  Attempt attempt;
  Arena *own = arena_new();
  attempt_init(&attempt, own, test);
  law_run(&attempt, &used_subject, &fresh_subject, &options, &result);
  arena_free(own);
  return result.verdict;
}

static bool false_for_f(StandIn *self, const Function *function, const Value *args, Arena *arena,
                        Value *result, Fault *fault)
{
  (void)self, (void)args, (void)arena, (void)fault;
  *result = value_bool(!str_equal(function->name, STR("f")));
  return true;
}

static void what_is_left_out_is_no_step_but_keeps_its_number(void **state)
{
  const Spec *spec =
      stand_in_spec(*state, ITEMS, "law \"a\" (x: u8) { expect f(x); } law \"b\" (x: u8) { expect g(x); }");
  const Test *rest = mixed_test_without(*state, spec, (bool[]){true, false});
  assert_int_equal(rest->operations.len, 2);
  assert_int_equal(verdict_of(mixed_test(*state, spec), false_for_f), VERDICT_FAILED);
  assert_int_equal(verdict_of(rest, false_for_f), VERDICT_PASSED);
  assert_null(mixed_test_without(*state, spec, (bool[]){true, true}));
}

/* Wrong for f after g twice. */
static bool remembers(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                      Fault *fault)
{
  uint32_t *in_a_row = self->context;
  (void)args, (void)arena, (void)fault;
  bool is_f = str_equal(function->name, STR("f"));
  if (self->calls == 1) *in_a_row = 0;
  *result = value_bool(!is_f || *in_a_row != 2);
  *in_a_row = is_f ? 0 : *in_a_row + 1;
  return true;
}

static void a_token_brings_back_what_one_law_does_to_another(void **state)
{
  const Spec *spec =
      stand_in_spec(*state, ITEMS, "law \"a\" (x: u8) { expect f(x); } law \"b\" (x: u8) { expect g(x); }");
  const Test *test = mixed_test(*state, spec);
  uint32_t in_a_row = 0;
  StandIn used = {.call = remembers, .context = &in_a_row}, fresh = used;
  Subject used_subject = {.context = &used, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  LawOptions options = {.seed = 1, .cases = 10000, .shrink_ns = UINT64_C(60000000000)};
  LawResult result;
  Attempt attempt;
  Arena *own = arena_new();
  attempt_init(&attempt, own, test);
  law_run(&attempt, &used_subject, &fresh_subject, &options, &result);
  assert_int_equal(result.verdict, VERDICT_FAILED);
  assert_int_equal(mixed_law(spec, attempt.part), 0);

  result.replay.kind = REPLAY_MIXED;
  result.replay.test = 0;
  Str token = replay_encode(*state, spec, &result.replay);
  Replay replay;
  size_t index;
  Diags diags = diags_in(*state);
  assert_true(replay_decode(*state, token, &spec, 1, &index, &replay, &diags));
  assert_int_equal(replay.kind, REPLAY_MIXED);
  law_replay(&attempt, &fresh_subject, &replay, &result);
  assert_int_equal(result.verdict, VERDICT_FAILED);
  assert_int_equal(attempt.steps.len, 3); /* b, b, a */
  arena_free(own);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(laws_are_its_operations),
      TEST(methods_are_no_state_of_the_interface),
      TEST(one_law_meets_itself),
      TEST(what_has_a_state_is_not_mixed),
      TEST(what_is_left_out_is_no_step_but_keeps_its_number),
      TEST(a_token_brings_back_what_one_law_does_to_another),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
