#include "ifc/base/utf8.h"

#include "tests/unit/check.h"

static void every_scalar_value_round_trips(void **state)
{
  (void)state;
  for (uint32_t c = 0; c <= 0x10ffff; c++) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    char bytes[4];
    size_t len = utf8_encode(c, bytes), at = 0;
    assert_int_equal(len, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
    assert_int_equal(utf8_next((Str){bytes, len}, &at), c);
    assert_int_equal(at, len);
    if (len > 1) {
      at = 0;
      assert_int_equal(utf8_next((Str){bytes, len - 1}, &at), UINT32_MAX);
    }
  }
}

/* RFC 3629 §3, and its examples in §7. */
static void encodings_are_those_of_the_standard(void **state)
{
  (void)state;
  const struct {
    uint32_t code_point;
    Str bytes;
  } table[] = {{0x41, STR("A")},
               {0x2262, STR("\xe2\x89\xa2")},
               {0x391, STR("\xce\x91")},
               {0xd55c, STR("\xed\x95\x9c")},
               {0x233b4, STR("\xf0\xa3\x8e\xb4")},
               {0x10ffff, STR("\xf4\x8f\xbf\xbf")}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    char bytes[4];
    assert_slice(((Str){bytes, utf8_encode(table[i].code_point, bytes)}), table[i].bytes);
  }
}

static void malformed_bytes_are_found_where_they_start(void **state)
{
  (void)state;
  const struct {
    Str text;
    size_t error;
  } table[] = {
      {STR(""), SIZE_MAX},
      {STR("plain"), SIZE_MAX},
      {STR("grün €, 😀, and some more ASCII after it"), SIZE_MAX},
      {STR("\x80"), 0},                  /* a continuation alone */
      {STR("a\xbf"), 1},                 /* the same */
      {STR("\xc0\x80"), 0},              /* NUL, overlong */
      {STR("\xc1\xbf"), 0},              /* overlong */
      {STR("\xe0\x9f\xbf"), 0},          /* overlong */
      {STR("\xf0\x8f\xbf\xbf"), 0},      /* overlong */
      {STR("\xed\xa0\x80"), 0},          /* U+D800 */
      {STR("\xed\xbf\xbf"), 0},          /* U+DFFF */
      {STR("\xf4\x90\x80\x80"), 0},      /* past U+10FFFF */
      {STR("\xf5\x80\x80\x80"), 0},      /* never */
      {STR("\xff"), 0},                  /* never */
      {STR("abc\xe2\x82"), 3},           /* cut short */
      {STR("abc\xf0\x9f\x98"), 3},       /* cut short */
      {STR("\xe2\x28\xa1"), 0},          /* wrong second byte */
      {STR("\xe2\x82\x28"), 0},          /* wrong third byte */
      {STR("\xf0\x9f\x98\x28"), 0},      /* wrong fourth byte */
      {STR("0123456789abcdef\xff"), 16}, /* after whole words of ASCII */
      {STR("0123456\xc3\xa4"
           "89abcdef012345\xfe"),
       23}, /* a character across two words */
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    assert_true(utf8_first_error(table[i].text) == table[i].error);
}

static void a_malformed_byte_does_not_move_the_place(void **state)
{
  (void)state;
  size_t at = 1;
  assert_int_equal(utf8_next(STR("a\xff"), &at), UINT32_MAX);
  assert_int_equal(at, 1);
}

static void columns_count_code_points_and_malformed_bytes(void **state)
{
  (void)state;
  assert_int_equal(utf8_columns(STR("")), 0);
  assert_int_equal(utf8_columns(STR("a\tä€😀")), 5);
  assert_int_equal(utf8_columns(STR("\xff\xfe")), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_scalar_value_round_trips),
      TEST(encodings_are_those_of_the_standard),
      TEST(malformed_bytes_are_found_where_they_start),
      TEST(a_malformed_byte_does_not_move_the_place),
      TEST(columns_count_code_points_and_malformed_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
