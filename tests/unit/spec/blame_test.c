/* Who is unusual but right is not blamed: what is only slow, what only fills up, what counts calls because
 * the interface says so, what refuses a block that no call needs, what has no room for what nobody could
 * compute. */
#include "spec/growth.h"
#include "tests/unit/spec/stand_in.h"

/* An instance that never was, and what it does. */
typedef struct Odd {
  uint64_t calls;
  uint64_t bytes_each, bytes_most; /* that a call keeps; that all keep */
  uint32_t cost_ms, limit_ms;      /* of a call for numbers above 100; that it may take */
  bool moved, traps_moved, lies_moved;
  bool needs_much, refused; /* more memory than there is, for numbers above 100 */
} Odd;

enum { CALL_MS = 2000 };

static bool odd_call(void *context, const Function *function, const Value *args, Arena *arena, Value *result,
                     Fault *fault)
{
  Odd *self = context;
  (void)arena;
  self->calls++;
  *result = value_u64(function->param_count ? args[0].bits : self->calls);
  if (function->param_count && args[0].bits > 100 && self->cost_ms > self->limit_ms)
    return fault_set(fault, FAULT_TIME_LIMIT, NULL);
  self->refused = self->needs_much && function->param_count && args[0].bits > 100;
  if (self->refused) return fault_set(fault, FAULT_UNREACHABLE, NULL);
  if (self->moved && self->traps_moved) return fault_set(fault, FAULT_UNREACHABLE, NULL);
  if (self->moved && self->lies_moved) result->bits ^= 1;
  return true;
}

static bool odd_reset(void *context, Fault *fault)
{
  Odd *self = context;
  (void)fault;
  self->calls = 0;
  self->moved = false;
  return true;
}

static uint64_t odd_memory(void *context)
{
  Odd *self = context;
  uint64_t bytes = self->calls * self->bytes_each;
  return bytes < self->bytes_most ? bytes : self->bytes_most;
}

static void odd_move(void *context, uint32_t bytes)
{
  (void)bytes;
  ((Odd *)context)->moved = true;
}

static Refusal odd_refusal(void *context)
{
  return ((Odd *)context)->refused ? REFUSED_BY_LIMIT : REFUSED_NOTHING;
}

static void odd_limit(void *context, uint32_t call_ms)
{
  ((Odd *)context)->limit_ms = call_ms ? call_ms : CALL_MS;
}

static Subject odd_subject(Odd *self)
{
  self->limit_ms = CALL_MS;
  return (Subject){.context = self,
                   .call = odd_call,
                   .reset = odd_reset,
                   .memory = odd_memory,
                   .move = odd_move,
                   .limit = odd_limit,
                   .refusal = odd_refusal,
                   .call_ms = CALL_MS};
}

static const char SAME[] = "same: func(x: u32) -> u32;",
                  LAW[] = "law \"l\" (x: u32) { expect same(x) <= 4294967295; }";

static LawResult try_law_with(Arena *arena, const char *items, const char *tests, Odd odd, LawOptions options)
{
  Odd other = odd;
  Subject used = odd_subject(&odd), fresh = odd_subject(&other);
  LawResult result;
  options.seed = 1;
  options.arena = arena;
  Attempt attempt;
  attempt_init(&attempt, arena, &stand_in_spec(arena, items, tests)->tests.at[0]);
  law_run(&attempt, &used, &fresh, &options, &result);
  result.reason = str_copy(arena, result.reason);
  return result;
}

static LawResult try_law(Arena *arena, const char *items, const char *tests, Odd odd)
{
  LawOptions options = {.cases = 5000, .shrink_ns = UINT64_C(60000000000)};
  return try_law_with(arena, items, tests, odd, options);
}

/* The same case so often that growth shows. */
static LawResult repeat(Arena *arena, uint64_t bytes_each, uint64_t bytes_most)
{
  Odd odd = {.bytes_each = bytes_each, .bytes_most = bytes_most};
  Subject subject = odd_subject(&odd);
  Choice choices[] = {{.kind = CHOICE_NUMBER}};
  Replay replay = {.kind = REPLAY_CHOICES, .repeats = GROWTH_REPEATS, .choices = {choices, 0}};
  LawResult result;
  Attempt attempt;
  attempt_init(&attempt, arena,
               &stand_in_spec(arena, SAME, "law \"l\" () { expect same(1) == 1; }")->tests.at[0]);
  law_replay(&attempt, &subject, &replay, &result);
  if (result.verdict == VERDICT_FAILED) assert_int_equal(attempt.fault.kind, FAULT_LEAK);
  result.reason = str_copy(arena, result.reason);
  return result;
}

static void what_fills_up_and_comes_to_rest_does_not_leak(void **state)
{
  assert_int_equal(repeat(*state, 2048, 48 << 20).verdict, VERDICT_PASSED);
  assert_int_equal(repeat(*state, 1000, 120 << 20).verdict, VERDICT_PASSED);
  assert_int_equal(repeat(*state, 64, 2 << 20).verdict, VERDICT_PASSED);
}

static void what_goes_on_growing_leaks(void **state)
{
  assert_int_equal(repeat(*state, 2048, UINT64_MAX).verdict, VERDICT_FAILED);
  assert_int_equal(repeat(*state, 100000, UINT64_MAX).verdict, VERDICT_FAILED);
}

static void a_growth_whose_end_cannot_be_seen_is_undecided(void **state)
{
  LawResult result = repeat(*state, 1, UINT64_MAX);
  assert_int_equal(result.verdict, VERDICT_UNDECIDED);
  assert_true(str_find(result.reason, STR("whether that ends is not known")) < result.reason.len);
}

static void a_call_that_ends_is_slow_and_no_hang(void **state)
{
  LawResult result = try_law(*state, SAME, LAW, (Odd){.cost_ms = CALL_MS + CALL_MS / 2});
  assert_int_equal(result.verdict, VERDICT_UNDECIDED);
  assert_true(str_find(result.reason, STR("came to an end")) < result.reason.len);
  assert_int_equal(try_law(*state, SAME, LAW, (Odd){.cost_ms = CALL_MS}).verdict, VERDICT_PASSED);
}

static void a_call_that_does_not_end_is_a_hang(void **state)
{
  LawResult result = try_law(*state, SAME, LAW, (Odd){.cost_ms = 100 * CALL_MS});
  assert_int_equal(result.verdict, VERDICT_FAILED);
  assert_true(result.hangs);
}

static void after_a_hang_a_call_gets_its_limit_and_no_more(void **state)
{
  LawOptions options = {.cases = 5000, .shrink_ns = UINT64_C(60000000000), .hang_known = true};
  Odd slow = {.cost_ms = CALL_MS + CALL_MS / 2}, quick = {.cost_ms = CALL_MS};
  assert_int_equal(try_law_with(*state, SAME, LAW, slow, options).verdict, VERDICT_FAILED);
  assert_int_equal(try_law_with(*state, SAME, LAW, quick, options).verdict, VERDICT_PASSED);
}

static void a_law_without_time_has_one_case(void **state)
{
  LawResult result = try_law_with(*state, SAME, LAW, (Odd){.cost_ms = 0}, (LawOptions){.deadline_ns = 1});
  assert_int_equal(result.verdict, VERDICT_PASSED);
  assert_int_equal(result.cases, 1);
}

/* As a one-argument function's allocator may, which has one block. */
static void who_refuses_a_block_that_no_call_needs_is_right(void **state)
{
  assert_int_equal(try_law(*state, SAME, LAW, (Odd){.traps_moved = true}).verdict, VERDICT_PASSED);
}

static void results_that_depend_on_places_fail(void **state)
{
  LawResult result = try_law(*state, SAME, LAW, (Odd){.lies_moved = true});
  assert_int_equal(result.verdict, VERDICT_FAILED);
  assert_true(result.by_place);
}

/* The check itself takes too many steps for many numbers. */
static void who_needs_too_much_where_the_check_does_is_not_blamed(void **state)
{
  static const char costly[] = "law \"l\" (x: u32) { expect same(x) == x && (for all i in 0..x: true); }";
  LawResult result = try_law(*state, SAME, costly, (Odd){.needs_much = false});
  assert_int_equal(result.verdict, VERDICT_UNDECIDED);
  assert_true(result.cases > 100);
  static const char odd_ones[] =
      "law \"l\" (x: u32) {"
      " expect (x % 2 == 1 || (for all i in 0..1000000000: true)) && same(x) == x; }";
  assert_int_equal(try_law(*state, SAME, odd_ones, (Odd){.needs_much = true}).verdict, VERDICT_UNDECIDED);
  assert_int_equal(try_law(*state, SAME, LAW, (Odd){.needs_much = true}).verdict, VERDICT_FAILED);
}

static void an_interface_that_has_a_state_may_count_calls(void **state)
{
  static const char next[] = "next: func() -> u32; same: func(x: u32) -> u32;";
  static const char law[] = "law \"l\" (x: u32) { let a = next(); expect next() > a && same(x) == x; }";
  assert_int_equal(try_law(*state, next, law, (Odd){.calls = 0}).verdict, VERDICT_PASSED);
}

static bool false_at_seven(StandIn *self, const Function *function, const Value *args, Arena *arena,
                           Value *result, Fault *fault)
{
  (void)self, (void)function, (void)arena, (void)fault;
  *result = value_bool(args[0].bits != 7);
  return true;
}

/* A specification that goes wrong for some inputs. */
static void cases_without_an_answer_leave_the_others_theirs(void **state)
{
  static const char items[] = "f: func(x: u32) -> bool;";
  static const struct {
    const char *tests, *reason;
    bool some_pass;
  } rows[] = {
      {"fn down(n: u32) -> u32 = if n == 0 { 0 } else { 1 + down(n - 1) };"
       "law \"l\" (x: u32) where x in 0..1000000 { expect f(x) && down(x) == x; }",
       "`down` recurses too deeply for ", true},
      {"law \"l\" (x: u32) where 100 / (x % 4) > 1 { expect f(x); }", " inputs, first for x = ", true},
      {"law \"l\" (x: u32) where x / (x - x) > 1 { expect f(x); }", " inputs, first for x = ", false},
      {"fn deep(n: u32) -> u32 = deep(n + 1); law \"l\" (xs: list<u32>, x: u32) where x in 0..deep(1) "
       "{ expect f(x); }",
       "`deep` recurses too deeply for ", false},
      {"fn deep(n: u32) -> u32 = deep(n + 1); law \"l\" (x: u32) { expect f(x) && deep(x) == x; }",
       "`deep` recurses too deeply", false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const Spec *spec = stand_in_spec(*state, items, rows[i].tests);
    Tried tried = stand_in_try(*state, spec, always_true, NULL, 1, 2000);
    assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
    assert_true(str_find(tried.result.reason, str_from_z(rows[i].reason)) != SIZE_MAX);
    assert_int_equal(tried.result.cases > 0, rows[i].some_pass);
    tried = stand_in_try(*state, spec, false_at_seven, NULL, 1, 2000);
    bool is_found = tried.result.cases > 0;
    assert_int_equal(tried.result.verdict, is_found ? VERDICT_FAILED : VERDICT_UNDECIDED);
    if (is_found) assert_slice(inputs_text(*state, &tried.failure), STR("x = 7"));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_fills_up_and_comes_to_rest_does_not_leak),
      TEST(what_goes_on_growing_leaks),
      TEST(a_growth_whose_end_cannot_be_seen_is_undecided),
      TEST(a_call_that_ends_is_slow_and_no_hang),
      TEST(a_call_that_does_not_end_is_a_hang),
      TEST(after_a_hang_a_call_gets_its_limit_and_no_more),
      TEST(a_law_without_time_has_one_case),
      TEST(who_refuses_a_block_that_no_call_needs_is_right),
      TEST(results_that_depend_on_places_fail),
      TEST(who_needs_too_much_where_the_check_does_is_not_blamed),
      TEST(an_interface_that_has_a_state_may_count_calls),
      TEST(cases_without_an_answer_leave_the_others_theirs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
