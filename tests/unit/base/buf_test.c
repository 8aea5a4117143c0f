#include "ifc/base/buf.h"

#include <math.h>

#include "ifc/base/rng.h"
#include "tests/unit/check.h"

static Str f64(Arena *arena, double number)
{
  Buf out = buf_in(arena);
  buf_f64(&out, number);
  return buf_text(&out);
}

static Str f32(Arena *arena, float number)
{
  Buf out = buf_in(arena);
  buf_f32(&out, number);
  return buf_text(&out);
}

static void pieces_are_appended_in_order(void **state)
{
  Buf out = buf_in(*state);
  assert_text(buf_text(&out), "");
  buf_str(&out, STR("a\0b"));
  buf_str(&out, (Str){NULL, 0});
  buf_z(&out, "cd");
  buf_byte(&out, '-');
  buf_repeat(&out, '=', 3);
  buf_repeat(&out, '?', 0);
  buf_printf(&out, "%s %d", "n", 7);
  assert_text(buf_text(&out), "a\0bcd-===n 7");
}

static void long_texts_are_printed_whole(void **state)
{
  Buf out = buf_in(*state);
  for (int len = 0; len < 300; len++) buf_printf(&out, "%0*d", len + 1, 0);
  assert_int_equal(buf_text(&out).len, 300 * 301 / 2);
  for (size_t i = 0; i < out.len; i++) assert_int_equal(out.at[i], '0');
}

static void two_buffers_in_one_arena_do_not_mix(void **state)
{
  Buf a = buf_in(*state), b = buf_in(*state);
  for (int i = 0; i < 10000; i++) {
    buf_byte(&a, 'a');
    buf_byte(&b, 'b');
  }
  for (size_t i = 0; i < 10000; i++) assert_true(a.at[i] == 'a' && b.at[i] == 'b');
}

static void code_points_become_utf_8(void **state)
{
  Buf out = buf_in(*state);
  buf_code_point(&out, 'A');
  buf_code_point(&out, 0xe9);
  buf_code_point(&out, 0x20ac);
  buf_code_point(&out, 0x1f600);
  assert_text(buf_text(&out), "Aé€😀");
}

/* What Python's repr() gives, which is the shortest text that reads back. */
static void doubles_are_shortest_and_have_a_point_or_exponent(void **state)
{
  const struct {
    double number;
    Str text;
  } table[] = {
      {0.0, STR("0.0")},
      {-0.0, STR("-0.0")},
      {1.0, STR("1.0")},
      {-3.0, STR("-3.0")},
      {100.0, STR("100.0")},
      {0.1, STR("0.1")},
      {0.1 + 0.2, STR("0.30000000000000004")},
      {1.0 / 3, STR("0.3333333333333333")},
      {123456.789, STR("123456.789")},
      {0.0001, STR("0.0001")},
      {0.00001, STR("1e-05")},
      {9007199254740993.0, STR("9007199254740992.0")},
      {1e15, STR("1000000000000000.0")},
      {1e16, STR("1e+16")},
      {1.5e300, STR("1.5e+300")},
      {1e308, STR("1e+308")},
      {1.7976931348623157e308, STR("1.7976931348623157e+308")},
      {2.2250738585072014e-308, STR("2.2250738585072014e-308")},
      {5e-324, STR("5e-324")},
      {0x1p-44, STR("5.684341886080802e-14")}, /* just above a gap that halves: rounded up, not to nearest */
      {9.5367431640625e-07, STR("9.5367431640625e-07")},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    assert_slice(f64(*state, table[i].number), table[i].text);
}

static void floats_are_shortest_for_their_own_precision(void **state)
{
  const struct {
    float number;
    Str text;
  } table[] = {
      {3.0f, STR("3.0")},
      {0.1f, STR("0.1")},
      {16777216.0f, STR("16777216.0")},
      {3.4028235e38f, STR("3.4028235e+38")},
      {1e-45f, STR("1e-45")},
      {1.1754944e-38f, STR("1.1754944e-38")},
      {-0.0f, STR("-0.0")},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    assert_slice(f32(*state, table[i].number), table[i].text);
}

static void what_is_not_a_finite_number_has_a_name(void **state)
{
  assert_text(f64(*state, (double)NAN), "nan");
  assert_text(f64(*state, -(double)NAN), "nan");
  assert_text(f64(*state, (double)INFINITY), "inf");
  assert_text(f64(*state, -(double)INFINITY), "-inf");
  assert_text(f32(*state, NAN), "nan");
  assert_text(f32(*state, -INFINITY), "-inf");
}

static void random_bits_read_back_as_the_same_number(void **state)
{
  Arena *arena = *state;
  Rng rng = rng_from_seed(1);
  ArenaMark mark = arena_mark(arena);
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = rng_next(&rng);
    uint32_t half = (uint32_t)bits;
    double wide;
    float narrow;
    memcpy(&wide, &bits, sizeof wide);
    memcpy(&narrow, &half, sizeof narrow);
    Str text = f64(arena, wide);
    if (isfinite(wide)) {
      assert_true(strtod(str_to_z(arena, text), NULL) == wide);
      assert_true(str_find(text, STR(".")) != SIZE_MAX || str_find(text, STR("e")) != SIZE_MAX);
    }
    if (isfinite(narrow)) assert_true(strtof(str_to_z(arena, f32(arena, narrow)), NULL) == narrow);
    arena_reset(arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(pieces_are_appended_in_order),
      TEST(long_texts_are_printed_whole),
      TEST(two_buffers_in_one_arena_do_not_mix),
      TEST(code_points_become_utf_8),
      TEST(doubles_are_shortest_and_have_a_point_or_exponent),
      TEST(floats_are_shortest_for_their_own_precision),
      TEST(what_is_not_a_finite_number_has_a_name),
      TEST(random_bits_read_back_as_the_same_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
