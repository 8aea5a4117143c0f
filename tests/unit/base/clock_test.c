#include "ifc/base/clock.h"

#include <time.h>

#include "tests/unit/check.h"

static void time_never_goes_back(void **state)
{
  (void)state;
  uint64_t last = clock_ns();
  for (int i = 0; i < 10000; i++) {
    uint64_t now = clock_ns();
    assert_true(now >= last);
    last = now;
  }
}

static void the_unit_is_nanoseconds(void **state)
{
  (void)state;
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  uint64_t now = clock_ns();
  clock_gettime(CLOCK_MONOTONIC, &after);
  assert_in_range(now / 1000000000, before.tv_sec, after.tv_sec);
  if (before.tv_sec == after.tv_sec) assert_in_range(now % 1000000000, before.tv_nsec, after.tv_nsec);
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(time_never_goes_back), TEST(the_unit_is_nanoseconds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
