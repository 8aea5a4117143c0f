/* Which cases a run is made of: the same for every number of shards, none of them twice. */
#include "spec/cases.h"

#include "spec/law.h"
#include "tests/unit/spec/stand_in.h"

enum { CASES = 3001 };

/* What an implementation was called with, on the instance that runs one case after the other. */
typedef struct Asked {
  uint64_t at[4 * CASES];
  size_t len;
} Asked;

static bool ask(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                Fault *fault)
{
  Asked *asked = self->context;
  (void)function, (void)arena, (void)fault;
  *result = value_bool(true);
  if (asked) asked->at[asked->len++] = args[0].bits;
  return true;
}

static LawResult asked_by(Arena *arena, const Spec *spec, uint32_t shard, uint32_t shard_count, Asked *asked)
{
  StandIn used = {.call = ask, .context = asked}, fresh = {.call = ask};
  Subject used_subject = {.context = &used, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  LawOptions options = {
      .seed = 9, .cases = CASES, .arena = arena, .shard = shard, .shard_count = shard_count};
  Arena *own = arena_new();
  Attempt attempt;
  LawResult result;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  law_run(&attempt, &used_subject, &fresh_subject, &options, &result);
  arena_free(own);
  return result;
}

static int compare(const void *a, const void *b)
{
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void shards_have_the_cases_of_the_whole_and_no_others(void **state)
{
  static const uint32_t counts[] = {1, 2, 3, 7, 47, 48, 1000};
  static const char *const laws[] = {"law \"l\" (x: u64) { expect f(x); }",
                                     "law \"l\" (x: u64) where x % 3 == 1 { expect f(x); }"};
  for (size_t l = 0; l < 2; l++)
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
      Arena *arena = *state;
      const Spec *spec = stand_in_spec(arena, "f: func(x: u64) -> bool;", laws[l]);
      Asked *whole = arena_new_of(arena, Asked), *parts = arena_new_of(arena, Asked);
      uint64_t cases = 0, discarded = 0;
      LawResult all = asked_by(arena, spec, 0, 0, whole);
      for (uint32_t k = 1; k <= counts[c]; k++) {
        LawResult one = asked_by(arena, spec, k, counts[c], parts);
        assert_int_equal(one.verdict, VERDICT_PASSED);
        cases += one.cases;
        discarded += one.discarded;
      }
      assert_int_equal(all.cases, CASES);
      assert_int_equal(cases, CASES);
      assert_int_equal(discarded, all.discarded);
      assert_int_equal(parts->len, whole->len);
      qsort(whole->at, whole->len, sizeof *whole->at, compare);
      qsort(parts->at, parts->len, sizeof *parts->at, compare);
      assert_memory_equal(whole->at, parts->at, whole->len * sizeof *whole->at);
    }
}

static void blocks_are_different(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, "f: func(x: u64) -> bool;", "law \"l\" (x: u64) { expect f(x); }");
  Asked *whole = arena_new_of(arena, Asked);
  asked_by(arena, spec, 0, 0, whole);
  assert_memory_not_equal(whole->at, whole->at + BLOCK_CASES, BLOCK_CASES * sizeof *whole->at);
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(shards_have_the_cases_of_the_whole_and_no_others),
                                     TEST(blocks_are_different)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
