#include <math.h>

#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/random_values.h"
#include "tests/unit/ifc/wit_values.h"

/* What the cases below use. */
static const char declarations[] = "record circle { radius: f64, center: tuple<f64, f64> }"
                                   "record part { must-have: u8, optional: option<u8> }"
                                   "record opts { a: option<u8>, b: option<u8> }"
                                   "record words { true: bool, none: u8, ok: result }"
                                   "enum status { ok, not-found, true, nan }"
                                   "enum hand { left, right }"
                                   "variant response { empty, body(list<u8>), err(string) }"
                                   "flags perms { read, write, exec }";

static const Type *type_named(Arena *arena, const char *type)
{
  return wit_type(arena, STR(declarations), str_from_z(type));
}

/* Texts that are read, and the one form they are printed in; from the README and EBNF of wasm-wave. */
static void texts_are_read_and_printed_in_one_form(void **state)
{
  static const struct {
    const char *type, *text, *canonical;
  } cases[] = {
      {"bool", "true", "true"},
      {"bool", " \t\r\n false // the end", "false"},
      {"u8", "123", "123"},
      {"s8", "-9", "-9"},
      {"s8", "-128", "-128"},
      {"s64", "-9223372036854775808", "-9223372036854775808"},
      {"u64", "18446744073709551615", "18446744073709551615"},
      {"s16", "-0", "0"},
      {"f64", "3.14", "3.14"},
      {"f64", "3", "3.0"},
      {"f64", "6.022e+23", "6.022e+23"},
      {"f64", "6.022E23", "6.022e+23"},
      {"f64", "-0", "-0.0"},
      {"f64", "0.000e100", "0.0"},
      {"f64", "nan", "nan"},
      {"f64", "inf", "inf"},
      {"f64", "-inf", "-inf"},
      {"f32", "0.1", "0.1"},
      {"f32", "3.4028234664123e38", "3.4028235e+38"},
      {"f32", "1.4012984643e-45", "1e-45"},
      {"f32", "1.4012984643e-46", "0.0"},
      {"char", "'x'", "'x'"},
      {"char", "'\\''", "'\\''"},
      {"char", "'\"'", "'\\\"'"},
      {"char", "'\\u{0}'", "'\\u{0}'"},
      {"char", "'\\u{002603}'", "'☃'"},
      {"char", "'\\u{10FFFF}'", "'\\u{10ffff}'"},
      {"string", "\"abc\\t123\"", "\"abc\\t123\""},
      {"string", "\"\"", "\"\""},
      {"string", "\"\\\\\\'\\\"\\t\\n\\r\"", "\"\\\\\\'\\\"\\t\\n\\r\""},
      {"string", "\"it's ☃\\u{2603}\"", "\"it\\'s ☃☃\""},
      {"string", "\"// no comment\"", "\"// no comment\""},
      {"string", "\"\"\"\nA single line\n\"\"\"", "\"A single line\""},
      {"string", "\"\"\"\n    Indentation determined\n      by ending delimiter\n  \"\"\"",
       "\"  Indentation determined\\n    by ending delimiter\""},
      {"string", "\"\"\"\r\n  one\r\n  two\r\n  \"\"\"", "\"one\\ntwo\""},
      {"string", "\"\"\"\n  return: \\r\n  quotes: \"\"\\\"\"\n  \"\"\"",
       "\"return: \\r\\nquotes: \\\"\\\"\\\"\\\"\""},
      {"string", "\"\"\"\n\"\"\"", "\"\""},
      {"tuple<string, u8>", "(\"abc\", 123)", "(\"abc\", 123)"},
      {"tuple<string, u8>", "( \"abc\" , 123 , )", "(\"abc\", 123)"},
      {"list<u8>", "[]", "[]"},
      {"list<u8>", "[1,2,3,]", "[1, 2, 3]"},
      {"list<char>", "['a', 'b', 'c']", "['a', 'b', 'c']"},
      {"list<list<s16>>", "[[], [-1]]", "[[], [-1]]"},
      {"circle", "{radius: 3.0, center: (0.0, 1.0)}", "{radius: 3.0, center: (0.0, 1.0)}"},
      {"circle", "{center: (0, 1), %radius: 3,}", "{radius: 3.0, center: (0.0, 1.0)}"},
      {"circle", "{radius: 3.0, // how wide\n center: (0.0, 1.0)}", "{radius: 3.0, center: (0.0, 1.0)}"},
      {"part", "{must-have: 123}", "{must-have: 123}"},
      {"part", "{must-have: 123, optional: none,}", "{must-have: 123}"},
      {"part", "{optional: some(2), must-have: 123}", "{must-have: 123, optional: some(2)}"},
      {"opts", "{:}", "{:}"},
      {"opts", "{ : }", "{:}"},
      {"opts", "{b: none}", "{:}"},
      {"opts", "{b: 2}", "{b: some(2)}"},
      {"words", "{true: true, none: 1, ok: ok}", "{true: true, none: 1, ok: ok}"},
      {"response", "empty", "empty"},
      {"response", "%empty", "empty"},
      {"response", "body([79, 75])", "body([79, 75])"},
      {"response", "%err ( \"oops\" )", "%err(\"oops\")"},
      {"status", "%ok", "%ok"},
      {"status", "not-found", "not-found"},
      {"status", "%true", "%true"},
      {"option<u8>", "123", "some(123)"},
      {"option<u8>", "some(123)", "some(123)"},
      {"option<u8>", "none", "none"},
      {"option<string>", "\"flat some\"", "some(\"flat some\")"},
      {"option<f64>", "inf", "some(inf)"},
      {"option<status>", "%ok", "some(%ok)"},
      {"option<option<u8>>", "some(none)", "some(none)"},
      {"option<option<u8>>", "some(5)", "some(some(5))"},
      {"option<opts>", "{:}", "some({:})"},
      {"result<u8>", "123", "ok(123)"},
      {"result<u8>", "ok(123)", "ok(123)"},
      {"result<u8>", "err", "err"},
      {"result<_, string>", "ok", "ok"},
      {"result<_, string>", "err(\"oops\")", "err(\"oops\")"},
      {"result", "ok", "ok"},
      {"result", "err", "err"},
      {"result<option<u8>, u8>", "ok(none)", "ok(none)"},
      {"perms", "{write, read,}", "{read, write}"},
      {"perms", "{}", "{}"},
      {"perms", "{%exec}", "{exec}"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Type *type = type_named(arena, cases[i].type);
    Value value = wave_value(arena, type, str_from_z(cases[i].text));
    Str text = wave_text(arena, type, value);
    assert_slice(text, str_from_z(cases[i].canonical));
    assert_true(value_equal(type, value, wave_value(arena, type, text)));
  }
}

static void what_does_not_fit_is_refused_with_a_reason(void **state)
{
  static const struct {
    const char *type, *text, *message;
  } cases[] = {
      {"bool", "", "expected bool, found the end of the text"},
      {"bool", "%true", "expected bool, found `%true`"},
      {"bool", "1", "expected bool, found `1`"},
      {"bool", "true false", "expected nothing after the value, found `false`"},
      {"u8", "300", "300 does not fit u8 (0 to 255)"},
      {"u8", "-1", "-1 does not fit u8 (0 to 255)"},
      {"s8", "128", "128 does not fit s8 (-128 to 127)"},
      {"s8", "-129", "-129 does not fit s8 (-128 to 127)"},
      {"u64", "18446744073709551616", "18446744073709551616 does not fit u64 (0 to 18446744073709551615)"},
      {"s64", "9223372036854775808",
       "9223372036854775808 does not fit s64 (-9223372036854775808 to 9223372036854775807)"},
      {"s64", "-9223372036854775809",
       "-9223372036854775809 does not fit s64 (-9223372036854775808 to 9223372036854775807)"},
      {"u8", "1.0", "expected u8, which has whole numbers only, found `1.0`"},
      {"u8", "1e2", "expected u8, which has whole numbers only, found `1e2`"},
      {"u8", "007", "numbers have no leading zeros, and `007` has one"},
      {"u8", "0x1f",
       "`0x1f` is neither a number nor a name: numbers are decimal, and names begin with a letter"},
      {"s8", "- 1", "no space may stand between '-' and its number"},
      {"s8", "+1", "expected s8, found `+`"},
      {"u8", "nan", "expected u8, found `nan`"},
      {"f64", "-nan", "expected f64, found `nan`"},
      {"f64", "NaN", NULL},
      {"f64", "infinity", "expected f64, found `infinity`"},
      {"f64", "INF", "expected f64, found `INF`"},
      {"f64", "00.5", "numbers have no leading zeros, and `00.5` has one"},
      {"f64", "1.", "expected nothing after the value, found `.`"},
      {"f64", ".5", "expected f64, found `.`"},
      {"f64", "1e", NULL},
      {"char", "''", "a char is one character, and this has 0"},
      {"char", "'ab'", "a char is one character, and this has 2"},
      {"char", "\"a\"", "expected char, found `\"a\"`"},
      {"char", "'\\u{D800}'", NULL},
      {"char", "'\\u{110000}'", NULL},
      {"char", "'\\u{}'", NULL},
      {"char", "'\\u{12345678}'", NULL},
      {"char", "'\\z'", NULL},
      {"char", "'\\x1f'", NULL},
      {"char", "'x", NULL},
      {"char", "'''", NULL},
      {"string", "'a'", "expected string, found `'a'`"},
      {"string", "\"\\u{d800}\"", NULL},
      {"string", "\"\n\"", NULL},
      {"string", "\"a", NULL},
      {"string", "\"\"\"\"\"\"", NULL},
      {"string", "\"\"\"extra\n\"\"\"", NULL},
      {"string", "\"\"\"\nextra\"\"\"", NULL},
      {"string", "\"\"\"\n\"\"", NULL},
      {"string", "\"\"\"\n one\n  \"\"\"", NULL},
      {"list<u8>", "[1 2]", "expected ',' or ']', found `2`"},
      {"list<u8>", "[1,,2]", "expected u8, found `,`"},
      {"list<u8>", "[,]", "expected u8, found `,`"},
      {"list<u8>", "[1, 256]", "256 does not fit u8 (0 to 255)"},
      {"list<u8>", "[1", "expected ',' or ']', found the end of the text"},
      {"list<u8>", "(1, 2)", "expected list<u8>, found `(`"},
      {"tuple<u8, u8>", "(1)", "tuple<u8, u8> has 2 elements, and here is one"},
      {"tuple<u8, u8>", "()", "tuple<u8, u8> has 2 elements, and here are none"},
      {"tuple<u8, u8>", "(1, 2, 3)", "tuple<u8, u8> has 2 elements, and here is one more"},
      {"tuple<u8, u8, u8>", "(1, 2)", "tuple<u8, u8, u8> has 3 elements, and here are fewer"},
      {"circle", "{radius: 1, radios: 2}", "circle has no field `radios`"},
      {"circle", "{radius: 1, radius: 2}", "field `radius` is given twice"},
      {"circle", "{radius: 1}", "circle needs `center`, which is not given"},
      {"circle", "{:}", "circle needs `radius`, `center`, which is not given"},
      {"circle", "{}", "expected fields, or ':' where all are left out, found `}`"},
      {"circle", "{radius 1}", "expected ':', found `1`"},
      {"circle", "{radius: 1 center: (0, 0)}", "expected ',' or '}', found `center`"},
      {"part", "{must-have: 1, optional: none, optional: none}", "field `optional` is given twice"},
      {"part", "{, must-have: 1}", "expected the name of a field, found `,`"},
      {"opts", "{}", "expected fields, or ':' where all are left out, found `}`"},
      {"perms", "{:}", "expected the name of a flag, found `:`"},
      {"perms", "{read, read}", "flag `read` is given twice"},
      {"perms", "{raed}", "perms has no flag `raed`"},
      {"perms", "{read: true}", "expected ',' or '}', found `:`"},
      {"hand", "up", "hand has no case `up`"},
      {"hand", "left(1)", "`left` takes no value here"},
      {"hand", "\"left\"", "expected hand, found `\"left\"`"},
      {"status", "ok", "`ok` is a keyword: write the case `%ok`"},
      {"response", "err(\"oops\")", "`err` is a keyword: write the case `%err`"},
      {"response", "body", "`body` needs a value: body(…), of type list<u8>"},
      {"response", "empty()", "`empty` takes no value here"},
      {"option<u8>", "some", "`some` needs a value: some(…), of type u8"},
      {"option<u8>", "some()", "expected u8, found `)`"},
      {"option<u8>", "none(1)", "`none` takes no value here"},
      {"option<u8>", "%none", "expected u8, found `%none`"},
      {"option<option<u8>>", "5", "expected option<option<u8>>, found `5`"},
      {"option<result<u8>>", "5", "expected option<result<u8>>, found `5`"},
      {"result<u8>", "ok", "`ok` needs a value: ok(…), of type u8"},
      {"result<u8>", "ok()", "expected u8, found `)`"},
      {"result<u8>", "err(0)", "`err` takes no value here"},
      {"result<_, u8>", "5", "expected result<_, u8>, found `5`"},
      {"result<_, u8>", "err", "`err` needs a value: err(…), of type u8"},
      {"result", "ok()", "`ok` takes no value here"},
      {"result", "o", "expected result, found `o`"},
      {"result<option<u8>>", "none", "expected result<option<u8>>, found `none`"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Type *type = type_named(arena, cases[i].type);
    Diags diags = diags_in(arena);
    Value value = {.tag = 77};
    assert_false(wave_parse(arena, type, source_of(arena, str_from_z(cases[i].text)), &value, &diags));
    assert_int_equal(value.tag, 77);
    assert_int_equal(diags.errors, 1);
    if (cases[i].message) assert_slice(diags.first->message, str_from_z(cases[i].message));
  }
}

static void misspelt_names_are_met_with_the_right_ones(void **state)
{
  static const struct {
    const char *type, *text, *note;
  } cases[] = {
      {"circle", "{radios: 2}", "did you mean `radius`?"},
      {"perms", "{raed}", "did you mean `read`?"},
      {"status", "notfound", "did you mean `not-found`?"},
      {"hand", "RIGHT", "did you mean `right`?"},
      {"hand", "elsewhere", NULL},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Diags diags = diags_in(arena);
    Value value;
    const Source *source = source_of(arena, str_from_z(cases[i].text));
    assert_false(wave_parse(arena, type_named(arena, cases[i].type), source, &value, &diags));
    const DiagNote *note = diags.first->notes;
    assert_int_equal(note != NULL, cases[i].note != NULL);
    if (note) assert_slice(note->message, str_from_z(cases[i].note));
  }
}

static void a_misfit_is_shown_where_it_stands(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Value value;
  Str text = STR("{radius: 1.0,\n center: (0.0, true)}");
  assert_false(wave_parse(arena, type_named(arena, "circle"), source_of(arena, text), &value, &diags));
  Position position = span_position(diags.first->span);
  assert_int_equal(position.line, 2);
  assert_int_equal(position.column, 16);
  assert_int_equal(diags.first->code, DIAG_TYPE);
}

static void a_float_too_large_is_infinite_with_a_warning(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Value value;
  assert_true(wave_parse(arena, type_of_kind(TYPE_F32), source_of(arena, STR("-3.5e38")), &value, &diags));
  assert_true(value_as_f32(value) == -INFINITY);
  assert_int_equal(diags.warnings, 1);
  assert_text(diags.first->message, "-3.5e38 is beyond the largest finite f32: it reads as inf");
}

static void numbers_have_the_bits_of_their_type(void **state)
{
  Arena *arena = *state;
  assert_true(wave_value(arena, type_of_kind(TYPE_S8), STR("-1")).bits == UINT64_MAX);
  assert_true(wave_value(arena, type_of_kind(TYPE_F32), STR("1")).bits == 0x3f800000);
  assert_true(wave_value(arena, type_of_kind(TYPE_F64), STR("-0.0")).bits == UINT64_C(1) << 63);
  /* Rounded once: through f64 it would be 0x4b800000. */
  assert_true(wave_value(arena, type_of_kind(TYPE_F32), STR("16777217.00000000001")).bits == 0x4b800001);
  assert_true(wave_value(arena, type_of_kind(TYPE_CHAR), STR("'☃'")).bits == 0x2603);
  assert_true(wave_value(arena, type_named(arena, "perms"), STR("{exec, read}")).bits == 5);
}

static void lists_of_numbers_are_packed(void **state)
{
  Arena *arena = *state;
  Value list = wave_value(arena, type_named(arena, "list<u16>"), STR("[1, 258]"));
  assert_int_equal(list.count, 2);
  assert_memory_equal(list.packed, ((const uint8_t[]){1, 0, 2, 1}), 4);
}

static void a_long_list_is_read_in_one_piece(void **state)
{
  Arena *arena = *state;
  const Type *type = type_named(arena, "list<u32>");
  uint32_t *elements = arena_array_of(arena, uint32_t, 100000);
  for (uint32_t i = 0; i < 100000; i++) elements[i] = i * 40503;
  Value list = {.packed = elements, .count = 100000};
  assert_true(value_equal(type, list, wave_value(arena, type, wave_text(arena, type, list))));
}

static Str short_text(Arena *arena, const Type *type, Value value, size_t limit)
{
  Buf out = buf_in(arena);
  wave_print_short(type, value, limit, &out);
  return buf_text(&out);
}

static void long_lists_and_strings_are_cut_for_messages(void **state)
{
  Arena *arena = *state;
  const Type *list = type_named(arena, "list<u32>"), *string = type_of_kind(TYPE_STRING);
  uint32_t elements[1000];
  for (uint32_t i = 0; i < 1000; i++) elements[i] = i;
  Value numbers = {.packed = elements, .count = 1000};
  assert_text(short_text(arena, list, numbers, 40), "[0, 1, 2, 3, 4, 5, 6, … 992 more …, 999]");
  numbers.count = 5;
  assert_text(short_text(arena, list, numbers, 40), "[0, 1, 2, 3, 4]");
  Buf text = buf_in(arena);
  for (size_t i = 0; i < 300; i++) buf_z(&text, "é");
  assert_text(short_text(arena, string, value_string(buf_text(&text)), 40),
              "\"ééééé\" … 580 bytes … \"ééééé\"");
  assert_text(short_text(arena, string, value_string(STR("short")), 40), "\"short\"");
}

static void short_texts_are_short(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 0; seed < 200; seed++) {
    Rng rng = rng_from_seed(seed);
    Type list = {.kind = TYPE_LIST, .element = random_type(arena, &rng, 1)};
    if (list.element->kind > TYPE_STRING) continue;
    Value value = random_value(arena, &rng, &list);
    assert_true(short_text(arena, &list, value, 60).len <= 150);
  }
}

static void keywords_are_known(void **state)
{
  (void)state;
  assert_true(wave_is_keyword(STR("inf")));
  assert_true(wave_is_keyword(STR("err")));
  assert_false(wave_is_keyword(STR("error")));
  assert_false(wave_is_keyword(STR("")));
}

static void assert_refused(Arena *arena, const Type *type, const char *text, const char *message)
{
  Diags diags = diags_in(arena);
  Value value;
  assert_false(wave_parse(arena, type, source_of(arena, str_from_z(text)), &value, &diags));
  assert_int_equal(diags.errors, 1);
  assert_slice(diags.first->message, str_from_z(message));
}

static void lists_of_fixed_length_have_that_length(void **state)
{
  Arena *arena = *state;
  const Type *three = made_fixed_list(arena, type_of_kind(TYPE_U8), 3);
  assert_slice(wave_text(arena, three, wave_value(arena, three, STR("[1,2, 3,]"))), STR("[1, 2, 3]"));
  assert_refused(arena, three, "[1, 2]", "list<u8, 3> has 3 elements, and here are fewer");
  assert_refused(arena, three, "[]", "list<u8, 3> has 3 elements, and here are none");
  assert_refused(arena, three, "[1, 2, 3, 4]", "list<u8, 3> has 3 elements, and here is one more");
  assert_refused(arena, three, "(1, 2, 3)", "expected list<u8, 3>, found `(`");
  /* As long as it is written: nothing is made of what is not there. */
  const Type *vast =
      made_fixed_list(arena, made_fixed_list(arena, type_of_kind(TYPE_U8), UINT32_MAX), UINT32_MAX);
  assert_refused(arena, vast, "[[1]]", "list<u8, 4294967295> has 4294967295 elements, and here are fewer");
}

static void maps_are_written_as_their_pairs(void **state)
{
  Arena *arena = *state;
  const Type *map = made_map(arena, type_of_kind(TYPE_STRING), made_list(arena, type_of_kind(TYPE_U8)));
  Value value = wave_value(arena, map, STR("[(\"b\", [1]), (\"a\", []), (\"b\", [2, 3])]"));
  assert_slice(wave_text(arena, map, value), STR("[(\"b\", [1]), (\"a\", []), (\"b\", [2, 3])]"));
  assert_slice(wave_text(arena, map, wave_value(arena, map, STR("[]"))), STR("[]"));
  assert_refused(arena, map, "[\"a\"]", "expected tuple<string, list<u8>>, found `\"a\"`");
  assert_refused(arena, map, "{\"a\": []}", "expected map<string, list<u8>>, found `{`");
}

static void handles_are_printed_but_not_read(void **state)
{
  Arena *arena = *state;
  const TypeDef blob = {.name = STR("blob")};
  const Type own = {.kind = TYPE_OWN, .named = &blob}, borrow = {.kind = TYPE_BORROW, .named = &blob};
  assert_slice(wave_text(arena, &own, value_u64(3)), STR("blob 3"));
  assert_slice(wave_text(arena, &borrow, value_u64(4)), STR("borrow<blob> 4"));
  assert_refused(arena, &borrow, "4", "a value of type borrow<blob> comes from calls and cannot be written");
}

static void any_value_reads_back_as_it_was_printed(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    Arena *arena = arena_new();
    Rng rng = rng_from_seed_and_label(seed, 2);
    const Type *type = random_type(arena, &rng, 4);
    Value value = random_value(arena, &rng, type);
    assert_true(value_equal(type, value, wave_value(arena, type, wave_text(arena, type, value))));
    arena_free(arena);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(texts_are_read_and_printed_in_one_form),
      TEST(what_does_not_fit_is_refused_with_a_reason),
      TEST(misspelt_names_are_met_with_the_right_ones),
      TEST(a_misfit_is_shown_where_it_stands),
      TEST(a_float_too_large_is_infinite_with_a_warning),
      TEST(numbers_have_the_bits_of_their_type),
      TEST(lists_of_numbers_are_packed),
      TEST(a_long_list_is_read_in_one_piece),
      TEST(long_lists_and_strings_are_cut_for_messages),
      TEST(short_texts_are_short),
      TEST(keywords_are_known),
      TEST(lists_of_fixed_length_have_that_length),
      TEST(maps_are_written_as_their_pairs),
      TEST(handles_are_printed_but_not_read),
      TEST(any_value_reads_back_as_it_was_printed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
