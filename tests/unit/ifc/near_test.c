#include "ifc/near.h"

#include "tests/unit/check.h"

static Str nearest(const char *wanted, const char *const *candidates)
{
  Near near = {.wanted = str_from_z(wanted)};
  for (; *candidates; candidates++) near_consider(&near, str_from_z(*candidates));
  return near.best;
}

static void the_nearest_candidate_is_meant(void **state)
{
  (void)state;
  const char *const names[] = {"radius", "center", "radio", "read", "write", NULL};
  assert_text(nearest("radios", names), "radius");
  assert_text(nearest("centre", names), "center");
  assert_text(nearest("raed", names), "read");
  assert_text(nearest("wrte", names), "write");
}

static void case_and_underscores_do_not_count(void **state)
{
  (void)state;
  const char *const names[] = {"get-page-size", NULL};
  assert_text(nearest("GET_PAGE_SIZE", names), "get-page-size");
}

static void nothing_is_meant_where_nothing_is_near(void **state)
{
  (void)state;
  const char *const names[] = {"radius", "a", "", NULL};
  assert_int_equal(nearest("height", names).len, 0);
  assert_int_equal(nearest("b", names).len, 0);
  assert_int_equal(nearest("", names).len, 0);
  assert_int_equal(nearest("elsewhere", (const char *const[]){NULL}).len, 0);
}

static void endless_names_are_not_compared(void **state)
{
  (void)state;
  char long_name[200] = {0};
  for (size_t i = 0; i < sizeof long_name - 1; i++) long_name[i] = 'x';
  assert_int_equal(nearest(long_name, (const char *const[]){long_name, NULL}).len, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_nearest_candidate_is_meant),
      TEST(case_and_underscores_do_not_count),
      TEST(nothing_is_meant_where_nothing_is_near),
      TEST(endless_names_are_not_compared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
