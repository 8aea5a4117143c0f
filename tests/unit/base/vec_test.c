#include "ifc/base/vec.h"

#include "tests/unit/check.h"

typedef struct Pair {
  int a, b;
} Pair;

static void elements_keep_their_order_and_values(void **state)
{
  VEC(int) numbers = {0};
  for (int i = 0; i < 100000; i++) vec_push(*state, &numbers, i * 3);
  assert_int_equal(numbers.len, 100000);
  for (int i = 0; i < 100000; i++) assert_int_equal(numbers.at[i], i * 3);
  assert_int_equal(vec_last(&numbers), 99999 * 3);
}

static void two_vectors_in_one_arena_do_not_mix(void **state)
{
  VEC(char) small = {0};
  VEC(double) large = {0};
  for (int i = 0; i < 1000; i++) {
    vec_push(*state, &small, (char)(i & 0x7f));
    vec_push(*state, &large, i + 0.5);
  }
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(small.at[i], i & 0x7f);
    assert_true(large.at[i] == i + 0.5);
  }
}

static void compound_literals_can_be_pushed(void **state)
{
  VEC(Pair) pairs = {0};
  vec_push(*state, &pairs, (Pair){.a = 1, .b = 2});
  assert_int_equal(pairs.at[0].b, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(elements_keep_their_order_and_values),
      TEST(two_vectors_in_one_arena_do_not_mix),
      TEST(compound_literals_can_be_pushed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
