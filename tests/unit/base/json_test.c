#include "ifc/base/json.h"

#include <math.h>

#include "tests/unit/check.h"

static Json *parsed(Arena *arena, Str text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){.path = STR("x.json"), .text = text};
  Diags diags = diags_in(arena);
  return jv_parse(arena, source, &diags);
}

/* What is said about a text that is no JSON. */
static Str complaint(Arena *arena, Str text)
{
  const Source source = {.path = STR("x.json"), .text = text};
  Diags diags = diags_in(arena);
  assert_null(jv_parse(arena, &source, &diags));
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->code, DIAG_SYNTAX);
  Buf out = buf_in(arena);
  diags_print(&diags, &out, false);
  return buf_text(&out);
}

static Str indented(Arena *arena, const Json *json)
{
  Buf out = buf_in(arena);
  jv_print(json, &out);
  return buf_text(&out);
}

static Str canonical(Arena *arena, const Json *json)
{
  Buf out = buf_in(arena);
  jv_print_canonical(json, &out);
  return buf_text(&out);
}

static void every_kind_is_read(void **state)
{
  const Json *json = parsed(
      *state, STR(" [null, true, false, -9223372036854775808, 1.5, \"a\\u0000\\u20ac\", [], {\"k\": 1}] "));
  assert_int_equal(jv_count(json), 8);
  assert_int_equal(jv_kind(jv_at(json, 0)), JV_NULL);
  assert_true(jv_as_bool(jv_at(json, 1)));
  assert_false(jv_as_bool(jv_at(json, 2)));
  assert_true(jv_as_integer(jv_at(json, 3)) == INT64_MIN);
  assert_true(jv_as_real(jv_at(json, 3)) == -0x1p63);
  assert_true(jv_as_real(jv_at(json, 4)) == 1.5);
  assert_text(jv_as_string(jv_at(json, 5)), "a\0€");
  assert_int_equal(jv_kind(jv_at(json, 6)), JV_ARRAY);
  assert_int_equal(jv_as_integer(jv_get(jv_at(json, 7), STR("k"))), 1);
}

static void readers_are_total(void **state)
{
  Arena *arena = *state;
  const Json *nodes[] = {NULL, jv_null(arena), jv_integer(arena, 7), jv_array(arena), jv_object(arena)};
  for (size_t i = 0; i < 5; i++) {
    assert_text(jv_as_string(nodes[i]), "");
    assert_false(jv_as_bool(nodes[i]));
    assert_int_equal(jv_count(nodes[i]), 0);
    assert_null(jv_at(nodes[i], 0));
    assert_null(jv_get(nodes[i], STR("a")));
    assert_null(jv_value_at(nodes[i], 0));
    assert_text(jv_key_at(nodes[i], 0), "");
  }
  assert_int_equal(jv_as_integer(jv_string(arena, STR("7"))), 0);
  assert_true(jv_as_real(NULL) == 0);
  assert_int_equal(jv_kind(NULL), JV_NULL);
}

static void a_second_set_replaces_and_keeps_the_place(void **state)
{
  Json *json = jv_object(*state);
  jv_set_integer(json, STR("a"), 1);
  jv_set_string(json, STR("b"), STR("x"));
  jv_set_bool(json, STR("a"), true);
  assert_int_equal(jv_count(json), 2);
  assert_text(jv_key_at(json, 0), "a");
  assert_true(jv_as_bool(jv_value_at(json, 0)));
}

static void members_are_found_in_small_and_in_large_objects(void **state)
{
  for (int count = 0; count < 40; count++) {
    Json *json = jv_object(*state);
    for (int i = 0; i < count; i++) jv_set_integer(json, str_format(*state, "k%d", i), i);
    for (int i = 0; i < count; i++) jv_set_integer(json, str_format(*state, "k%d", i), i * 2);
    assert_int_equal(jv_count(json), count);
    for (int i = 0; i < count; i++) {
      assert_int_equal(jv_as_integer(jv_get(json, str_format(*state, "k%d", i))), i * 2);
      assert_slice(jv_key_at(json, (size_t)i), str_format(*state, "k%d", i));
    }
    assert_null(jv_get(json, STR("k")));
  }
}

static void printing_is_indented_and_in_the_order_set(void **state)
{
  Json *json = jv_object(*state);
  Json *list = jv_array(*state);
  jv_push(list, jv_integer(*state, 1));
  jv_push(list, jv_null(*state));
  jv_set(json, STR("z"), list);
  jv_set(json, STR("a"), jv_array(*state));
  jv_set(json, STR("o"), jv_object(*state));
  jv_set(json, STR("r"), jv_real(*state, 3));
  assert_text(indented(*state, json), "{\n"
                                      "  \"z\": [\n"
                                      "    1,\n"
                                      "    null\n"
                                      "  ],\n"
                                      "  \"a\": [],\n"
                                      "  \"o\": {},\n"
                                      "  \"r\": 3.0\n"
                                      "}\n");
}

static void what_json_has_no_number_for_prints_as_null(void **state)
{
  assert_text(indented(*state, jv_real(*state, (double)NAN)), "null\n");
  assert_text(indented(*state, jv_real(*state, -(double)INFINITY)), "null\n");
  assert_text(indented(*state, jv_real(*state, 1e300)), "1e+300\n");
  assert_text(canonical(*state, jv_real(*state, 1.5)), "null");
}

static void what_is_printed_reads_back(void **state)
{
  const Str text =
      STR("{\"\\u0001\\\"\": [1, -2.5e-7, \"\\ud83d\\ude00\\u0000\\u007f\"], \"\": {\"x\": [[], {}]}}");
  const Json *json = parsed(*state, text);
  Str once = indented(*state, json);
  assert_slice(indented(*state, parsed(*state, once)), once);
  assert_slice(canonical(*state, parsed(*state, once)), canonical(*state, json));
}

/* RFC 8785 §3.2.2, without its numbers. */
static void canonical_strings_and_literals_are_those_of_the_standard(void **state)
{
  const Json *json =
      parsed(*state, STR("{\n  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                         "  \"literals\": [null, true, false]\n}"));
  assert_text(canonical(*state, json),
              "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785 §3.2.3. */
static void canonical_keys_are_sorted_by_utf_16_code_units(void **state)
{
  const Json *json =
      parsed(*state, STR("{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\","
                         "\"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\", \"1\": \"One\","
                         "\"\\ud83d\\ude00\": \"Emoji: Grinning Face\", \"\\u0080\": \"Control\","
                         "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}"));
  assert_text(canonical(*state, json),
              "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
              "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
              "\"😀\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

static void canonical_control_characters_use_the_short_escapes(void **state)
{
  const Json *json = jv_string(*state, STR("\0\x01\b\t\n\v\f\r\x1f\x7f/"));
  assert_text(canonical(*state, json), "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\x7f/\"");
}

static void a_prefix_sorts_before_its_extensions(void **state)
{
  const Json *json = parsed(*state, STR("{\"aa\":1,\"\":2,\"a\":3,\"B\":4}"));
  assert_text(canonical(*state, json), "{\"\":2,\"B\":4,\"a\":3,\"aa\":1}");
}

static void strings_that_are_not_utf_8_still_print_as_json(void **state)
{
  assert_text(canonical(*state, jv_string(*state, STR("a\xff\xed\xa0\x80z"))),
              "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

static void mistakes_are_shown_where_they_are(void **state)
{
  assert_text(complaint(*state, STR("{\"a\": 1,\n \"a\": 2}")),
              "x.json:2:2: error: this is not JSON: duplicate object key\n"
              "     2 |  \"a\": 2}\n"
              "       |  ^^^\n");
  assert_text(complaint(*state, STR("[1, 2")), "x.json:1:6: error: this is not JSON: ']' expected\n"
                                               "     1 | [1, 2\n"
                                               "       |      ^\n");
}

static void hostile_texts_are_refused(void **state)
{
  const Str hostile[] = {
      STR(""),
      STR(" "),
      STR("{} x"),
      STR("{}{}"),
      STR("[1]\0"),
      STR("{\"a\":1,\"\\u0061\":2}"),
      STR("\"\\ud800\""),
      STR("\"\\udc00\\ud800\""),
      STR("\"\\ud800\\u0041\""),
      STR("\"\xed\xa0\x80\""),
      STR("\"\xc0\x80\""),
      STR("\"\xff\""),
      STR("\"a\nb\""),
      STR("\"a\0b\""),
      STR("\"abc"),
      STR("\"\\x41\""),
      STR("{a: 1}"),
      STR("{\"a\\u0000\": 1}"),
      STR("[1,]"),
      STR("[01]"),
      STR("[+1]"),
      STR("[.5]"),
      STR("[1.]"),
      STR("NaN"),
      STR("9223372036854775808"),
      STR("1e999"),
      STR("// no\n1"),
      STR("\xef\xbb\xbf{}"),
  };
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) complaint(*state, hostile[i]);
}

static void deep_nesting_is_refused_and_shallower_is_not(void **state)
{
  Buf deep = buf_in(*state), nested = buf_in(*state);
  buf_repeat(&deep, '[', 100000);
  buf_repeat(&deep, ']', 100000);
  complaint(*state, buf_text(&deep));
  for (int i = 0; i < 100000; i++) buf_z(&nested, "{\"\":");
  complaint(*state, buf_text(&nested));

  Buf fair = buf_in(*state);
  buf_repeat(&fair, '[', 1000);
  buf_repeat(&fair, ']', 1000);
  assert_slice(canonical(*state, parsed(*state, buf_text(&fair))), buf_text(&fair));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_kind_is_read),
      TEST(readers_are_total),
      TEST(a_second_set_replaces_and_keeps_the_place),
      TEST(members_are_found_in_small_and_in_large_objects),
      TEST(printing_is_indented_and_in_the_order_set),
      TEST(what_json_has_no_number_for_prints_as_null),
      TEST(what_is_printed_reads_back),
      TEST(canonical_strings_and_literals_are_those_of_the_standard),
      TEST(canonical_keys_are_sorted_by_utf_16_code_units),
      TEST(canonical_control_characters_use_the_short_escapes),
      TEST(a_prefix_sorts_before_its_extensions),
      TEST(strings_that_are_not_utf_8_still_print_as_json),
      TEST(mistakes_are_shown_where_they_are),
      TEST(hostile_texts_are_refused),
      TEST(deep_nesting_is_refused_and_shallower_is_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
