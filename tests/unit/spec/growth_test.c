/* What counts as a leak: memory that grows with every part of many runs, or until there is none left. */
#include "spec/growth.h"

#include "tests/unit/check.h"

enum { LIMIT = 1000, FIRST = 10 };

/* An instance that has so many bytes after each run. */
typedef struct Grower {
  uint64_t bytes;
  bool refused;
} Grower;

static uint64_t memory_of(void *context)
{
  return ((Grower *)context)->bytes;
}

static Refusal refusal_of(void *context)
{
  return ((Grower *)context)->refused ? REFUSED_BY_LIMIT : REFUSED_NOTHING;
}

static void take(Grower *self, uint64_t bytes)
{
  if (self->bytes + bytes > LIMIT) self->refused = true;
  if (self->bytes + bytes <= LIMIT) self->bytes += bytes;
}

/* So many bytes after each `every` runs, up to `last`; `at_once` in the first. */
static bool leaks(uint32_t every, uint64_t bytes, uint32_t last, uint64_t at_once)
{
  Grower grower = {.bytes = FIRST};
  Subject subject = {.context = &grower, .memory = memory_of, .refusal = refusal_of};
  Attempt attempt = {.subject = &subject, .end = CASE_PASSED};
  Growth growth = growth_begin(&subject, GROWTH_REPEATS);
  bool fails = false;
  for (uint32_t run = 1; run <= GROWTH_REPEATS; run++) {
    if (run == 1) take(&grower, at_once);
    if (run % every == 0 && run <= last) take(&grower, bytes);
    assert_false(fails);
    fails = growth_after(&growth, run, &attempt);
  }
  if (fails) assert_int_equal(attempt.fault.kind, FAULT_LEAK);
  assert_int_equal(attempt.end == CASE_FAILED, fails);
  return fails;
}

static void what_grows_in_every_part_leaks(void **state)
{
  (void)state;
  assert_true(leaks(GROWTH_REPEATS / GROWTH_PARTS, 1, GROWTH_REPEATS, 0));
  assert_true(leaks(500, 2, GROWTH_REPEATS, 0));
}

static void what_comes_to_rest_does_not(void **state)
{
  (void)state;
  assert_false(leaks(1, 0, GROWTH_REPEATS, 0));
  assert_false(leaks(10, 1, GROWTH_REPEATS / 2, 0));
  assert_false(leaks(1, 0, 0, 500));
}

/* It is refused more than it may have, but needs no more than in the beginning. */
static void one_large_piece_does_not(void **state)
{
  (void)state;
  assert_false(leaks(1, 0, 0, 2000));
}

static void what_grows_until_it_is_refused_leaks(void **state)
{
  (void)state;
  assert_true(leaks(8, 50, GROWTH_REPEATS, 0));
  assert_true(leaks(1, 100, GROWTH_REPEATS, 0));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_grows_in_every_part_leaks),
      TEST(what_comes_to_rest_does_not),
      TEST(one_large_piece_does_not),
      TEST(what_grows_until_it_is_refused_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
