#include "ifc/base/str.h"

#include "tests/unit/check.h"

static const Str nothing = {NULL, 0};

static void slices_are_made_from_c_strings_and_back(void **state)
{
  assert_text(str_from_z("abc"), "abc");
  assert_int_equal(str_from_z(NULL).len, 0);
  assert_string_equal(str_to_z(*state, str_slice(STR("abcdef"), 2, 4)), "cd");
  assert_string_equal(str_to_z(*state, nothing), "");
  char original[] = "abc";
  Str copy = str_copy(*state, str_from_z(original));
  original[0] = 'x';
  assert_text(copy, "abc");
}

static void formatting_takes_slices(void **state)
{
  Str name = STR("wasm");
  assert_text(str_format(*state, "%.*s: %d", STR_ARG(name), 42), "wasm: 42");
  assert_text(str_format(*state, "%s", ""), "");
}

static void equality_is_of_bytes(void **state)
{
  (void)state;
  assert_true(str_equal(STR("a\0b"), STR("a\0b")));
  assert_false(str_equal(STR("a\0b"), STR("a\0c")));
  assert_false(str_equal(STR("a"), STR("ab")));
  assert_true(str_equal(nothing, STR("")));
}

static void order_is_bytewise_and_prefixes_come_first(void **state)
{
  (void)state;
  const Str sorted[] = {nothing,  STR("\0"),   STR("a"),    STR("a\0"), STR("ab"),
                        STR("b"), STR("\x7f"), STR("\x80"), STR("\xff")};
  enum { COUNT = sizeof sorted / sizeof *sorted };
  for (int i = 0; i < COUNT; i++) {
    for (int j = 0; j < COUNT; j++) {
      int order = str_compare(sorted[i], sorted[j]);
      assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
    }
  }
}

static void prefixes_and_suffixes(void **state)
{
  (void)state;
  assert_true(str_starts_with(STR("sha256:ab"), STR("sha256:")));
  assert_true(str_starts_with(STR("a"), nothing));
  assert_false(str_starts_with(STR("sha"), STR("sha256:")));
  assert_true(str_ends_with(STR("x.wasm"), STR(".wasm")));
  assert_false(str_ends_with(STR("wasm"), STR(".wasm")));
  assert_true(str_ends_with(nothing, nothing));
}

static void slicing_clamps(void **state)
{
  (void)state;
  assert_text(str_slice(STR("abc"), 1, 2), "b");
  assert_text(str_slice(STR("abc"), 1, SIZE_MAX), "bc");
  assert_text(str_slice(STR("abc"), 7, 9), "");
  assert_text(str_slice(STR("abc"), 2, 1), "");
  assert_text(str_slice(nothing, 0, 5), "");
}

static void searching_finds_the_first_and_the_last(void **state)
{
  (void)state;
  assert_int_equal(str_find(STR("abcabc"), STR("bc")), 1);
  assert_true(str_find(STR("abc"), STR("abcd")) == SIZE_MAX);
  assert_true(str_find(nothing, STR("a")) == SIZE_MAX);
  assert_int_equal(str_find(STR("abc"), nothing), 0);
  assert_int_equal(str_find_last(STR("a/b/c"), '/'), 3);
  assert_true(str_find_last(STR("abc"), '/') == SIZE_MAX);
}

static void trimming_takes_white_space_from_both_ends(void **state)
{
  (void)state;
  assert_text(str_trim(STR(" \t\r\na b\n ")), "a b");
  assert_text(str_trim(STR(" \n")), "");
  assert_text(str_trim(STR("\va")), "\va");
  assert_text(str_trim(nothing), "");
}

/* From the test suite of the FNV authors. */
static void hashes_are_fnv_1a(void **state)
{
  (void)state;
  assert_true(str_hash(STR("")) == 0xcbf29ce484222325);
  assert_true(str_hash(STR("a")) == 0xaf63dc4c8601ec8c);
  assert_true(str_hash(STR("foobar")) == 0x85944171f73967e8);
}

static void numbers_are_read_up_to_64_bits(void **state)
{
  (void)state;
  uint64_t value = 0;
  assert_true(str_to_u64(STR("18446744073709551615"), &value));
  assert_true(value == UINT64_MAX);
  assert_true(str_to_u64(STR("007"), &value));
  assert_int_equal(value, 7);
}

static void malformed_numbers_leave_the_output_alone(void **state)
{
  (void)state;
  const Str malformed[] = {STR(""),
                           STR("-1"),
                           STR("+1"),
                           STR(" 1"),
                           STR("1 "),
                           STR("0x1"),
                           STR("1\0"),
                           STR("18446744073709551616"),
                           STR("99999999999999999999999")};
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    uint64_t value = 5;
    assert_false(str_to_u64(malformed[i], &value));
    assert_int_equal(value, 5);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(slices_are_made_from_c_strings_and_back),
      TEST(formatting_takes_slices),
      TEST(equality_is_of_bytes),
      TEST(order_is_bytewise_and_prefixes_come_first),
      TEST(prefixes_and_suffixes),
      TEST(slicing_clamps),
      TEST(searching_finds_the_first_and_the_last),
      TEST(trimming_takes_white_space_from_both_ends),
      TEST(hashes_are_fnv_1a),
      TEST(numbers_are_read_up_to_64_bits),
      TEST(malformed_numbers_leave_the_output_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
