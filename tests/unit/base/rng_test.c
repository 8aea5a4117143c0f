#include "ifc/base/rng.h"

#include "tests/unit/check.h"

/* The authors' xoshiro256starstar.c, started from the state {1, 2, 3, 4}. */
static void numbers_are_those_of_the_reference(void **state)
{
  (void)state;
  const uint64_t want[] = {11520u,
                           0u,
                           1509978240u,
                           1215971899390074240u,
                           1216172134540287360u,
                           607988272756665600u,
                           16172922978634559625u,
                           8476171486693032832u,
                           10595114339597558777u,
                           2904607092377533576u};
  Rng rng = {{1, 2, 3, 4}};
  for (size_t i = 0; i < 10; i++) assert_true(rng_next(&rng) == want[i]);
}

/* The authors' splitmix64.c. */
static void the_seed_goes_through_splitmix(void **state)
{
  (void)state;
  const uint64_t zero[] = {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec};
  const uint64_t other[] = {0x599ed017fb08fc85, 0x2c73f08458540fa5, 0x883ebce5a3f27c77, 0x3fbef740e9177b3f};
  Rng a = rng_from_seed(0), b = rng_from_seed(1234567);
  assert_memory_equal(a.state, zero, sizeof zero);
  assert_memory_equal(b.state, other, sizeof other);
}

/* Computed by an independent implementation, in Python. Changing the derivation changes every law's inputs.
 */
static void labels_make_other_repeatable_generators(void **state)
{
  (void)state;
  Rng rng = rng_from_seed_and_label(42, 7);
  assert_true(rng_next(&rng) == 0x719e15cf3d4342f);
  assert_true(rng_next(&rng) == 0x40efa5d3e1980cd0);
  assert_true(rng_next(&rng) == 0x91756e0af06688e2);
  Rng plain = rng_from_seed(42), zero = rng_from_seed_and_label(42, 0);
  assert_true(rng_next(&plain) != rng_next(&zero));
}

/* From Python as well. */
static void bounded_numbers_are_lemires(void **state)
{
  (void)state;
  const uint64_t small[] = {0, 2, 1, 7, 9, 7, 6, 5, 1, 4, 7, 9};
  const uint64_t large[] = {8741889694517089338u, 3945609101756614034u, 8418242009808110753u,
                            1702726476561839931u};
  Rng rng = rng_from_seed(9);
  for (size_t i = 0; i < 12; i++) assert_int_equal(rng_below(&rng, 10), small[i]);
  for (size_t i = 0; i < 4; i++) assert_true(rng_below(&rng, (UINT64_C(1) << 63) + 1) == large[i]);
}

static void bounded_numbers_stay_in_bounds_and_reach_all(void **state)
{
  (void)state;
  Rng rng = rng_from_seed(3);
  int seen[7] = {0};
  for (int i = 0; i < 7000; i++) {
    uint64_t n = rng_below(&rng, 7);
    assert_true(n < 7);
    seen[n]++;
  }
  for (int i = 0; i < 7; i++) assert_in_range(seen[i], 850, 1150);
  for (int i = 0; i < 100; i++) assert_int_equal(rng_below(&rng, 1), 0);
}

static void units_have_53_bits(void **state)
{
  (void)state;
  Rng rng = rng_from_seed(5);
  assert_true(rng_unit(&rng) == 0.2884112281702357);
  assert_true(rng_unit(&rng) == 0.6020823331320106);
  assert_true(rng_unit(&rng) == 0.6495467305510222);
  for (int i = 0; i < 10000; i++) {
    double unit = rng_unit(&rng);
    assert_true(unit >= 0 && unit < 1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(numbers_are_those_of_the_reference),           TEST(the_seed_goes_through_splitmix),
      TEST(labels_make_other_repeatable_generators),      TEST(bounded_numbers_are_lemires),
      TEST(bounded_numbers_stay_in_bounds_and_reach_all), TEST(units_have_53_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
