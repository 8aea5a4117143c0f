/* The constants of a specification: what is taken for one, and that inputs are made of them and near them. */
#include "spec/words.h"

#include "tests/unit/spec/stand_in.h"

static bool has_integer(const Harvest *harvest, uint64_t value)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < harvest->integer_count; i++) count += harvest->integers[i] == value;
  assert_true(count < 2);
  return count == 1;
}

static bool has_length(const Harvest *harvest, uint32_t length)
{
  for (uint32_t i = 0; i < harvest->length_count; i++)
    if (harvest->lengths[i] == length) return true;
  return false;
}

static bool has_real(const Harvest *harvest, uint64_t bits)
{
  for (uint32_t i = 0; i < harvest->real_count; i++)
    if (harvest->reals[i] == bits) return true;
  return false;
}

static bool has_text(const Harvest *harvest, const char *text)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < harvest->text_count; i++) count += str_equal(harvest->texts[i], str_from_z(text));
  assert_true(count < 2);
  return count == 1;
}

static Harvest words_of(Arena *arena, const Harvest *harvest, const char *items, const char *tests)
{
  const Spec *spec = stand_in_spec(arena, items, tests);
  return words_added(arena, harvest, &spec, 1);
}

static const char roman_items[] = "value: func(t: string) -> bool; days: func(n: u64) -> bool;";

static void examples_and_helpers_give_words(void **state)
{
  static const char tests[] =
      "fn half(n: u64) -> f64 = if n == 86400 { 0.25 } else { 1.5 };"
      "describe \"of prose\" { it \"is prose\" { expect value(\"MDCLXVI\");"
      " expect \"a\\nb\" != \"MDCLXVI\" && b\"raw\" != hex\"0a0b\" && half(86400) < 2.5;"
      " expect days(18446744073709551615) && days(2) && days(99999); } }";
  Harvest none = {0}, words = words_of(*state, &none, roman_items, tests);
  assert_true(has_text(&words, "MDCLXVI") && has_text(&words, "a\nb") && has_text(&words, "raw"));
  assert_false(has_text(&words, "is prose") || has_text(&words, "of prose") || has_text(&words, "0a0b"));
  assert_true(has_integer(&words, 86400) && has_integer(&words, UINT64_MAX));
  assert_false(has_integer(&words, 2));
  /* IEEE 754's binary64 of 0.25 and 2.5. */
  assert_true(has_real(&words, UINT64_C(0x3fd0000000000000)) &&
              has_real(&words, UINT64_C(0x4004000000000000)));
  assert_false(has_length(&words, 99999));
}

static void what_a_module_has_is_kept_and_not_said_twice(void **state)
{
  const uint64_t integers[] = {777, 86400}, reals[] = {UINT64_C(0x3fd0000000000000)}; /* 0.25 */
  const uint32_t lengths[] = {777};
  const Str texts[] = {STR("open sesame"), STR("MDCLXVI")};
  Harvest module = {integers, 2, reals, 1, lengths, 1, texts, 2};
  Harvest words =
      words_of(*state, &module, roman_items,
               "it \"is one\" { expect value(\"MDCLXVI\") && days(86400) && 0.25 < 0.5 && days(60); }");
  assert_true(has_text(&words, "open sesame") && has_text(&words, "MDCLXVI"));
  assert_true(has_integer(&words, 777) && has_integer(&words, 86400) && has_integer(&words, 60));
  assert_true(has_length(&words, 777) && has_length(&words, 60));
  assert_int_equal(words.real_count, 2);
  assert_int_equal(words.text_count, 2);
}

/* --- inputs */

typedef bool Wanted(const Value *args);

static Str text_of(const Value *args)
{
  return value_as_string(args[0]);
}

static bool is_text(const Value *args, const char *text)
{
  return str_equal(text_of(args), str_from_z(text));
}

static bool is_word(const Value *args)
{
  return is_text(args, "MDCLXVI");
}

static bool is_in_other_case(const Value *args)
{
  return is_text(args, "mdclxvi");
}

static bool is_behind_a_blank(const Value *args)
{
  return is_text(args, " MDCLXVI");
}

static bool is_without_its_first(const Value *args)
{
  return is_text(args, "DCLXVI");
}

static bool is_twice_the_word(const Value *args)
{
  return is_text(args, "MDCLXVIMDCLXVI");
}

static bool has_leading_zeros(const Value *args)
{
  return str_starts_with(text_of(args), STR("000")) && str_ends_with(text_of(args), STR("MDCLXVI"));
}

/* Nine letters of the word and more, different ones, in another order. */
static bool is_of_its_letters(const Value *args)
{
  Str text = text_of(args);
  for (size_t i = 0; i < text.len; i++)
    if (str_find(STR("MDCLXVI"), str_slice(text, i, i + 1)) == SIZE_MAX) return false;
  if (text.len < 9) return false;
  bool are_different = memchr(text.at, 'M', text.len) && memchr(text.at, 'X', text.len);
  return are_different && !str_starts_with(text, STR("MDCL"));
}

typedef struct Census {
  Wanted *const *wanted;
  size_t count;
  uint64_t seen[16];
} Census;

static bool count_call(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Census *census = self->context;
  (void)function, (void)arena, (void)fault;
  for (size_t i = 0; i < census->count; i++) census->seen[i] += census->wanted[i](args);
  *result = value_bool(true);
  return true;
}

/* Runs the first test, a law, on inputs that are made with the harvest. */
static void take_census(Arena *arena, const char *law, const Harvest *harvest, uint64_t cases, Census *census)
{
  const Spec *spec = stand_in_spec(arena, roman_items, law);
  StandIn used = {.call = count_call, .context = census}, fresh = used;
  Subject used_subject = {.context = &used, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  LawOptions options = {.seed = 1, .cases = cases, .arena = arena};
  LawResult result = {0};
  Arena *own = arena_new();
  Attempt attempt;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  attempt.draws.harvest = harvest;
  law_run(&attempt, &used_subject, &fresh_subject, &options, &result);
  assert_int_equal(result.verdict, VERDICT_PASSED);
  arena_free(own);
}

static void all_come_by_the_words_alone(Arena *arena, const char *law, const Harvest *words, uint64_t cases,
                                        Wanted *const *wanted, size_t count)
{
  Census with = {.wanted = wanted, .count = count}, without = with;
  take_census(arena, law, words, cases, &with);
  take_census(arena, law, NULL, cases, &without);
  for (size_t i = 0; i < count; i++) {
    if (!with.seen[i] || without.seen[i]) print_error("number %zu of the list\n", i);
    assert_true(with.seen[i] > 0);
    assert_true(without.seen[i] == 0);
  }
}

static void texts_come_and_texts_near_them(void **state)
{
  static Wanted *const wanted[] = {
      is_word,           is_in_other_case,  is_behind_a_blank, is_without_its_first,
      is_twice_the_word, has_leading_zeros, is_of_its_letters};
  const Str texts[] = {STR("MDCLXVI")};
  Harvest words = {.texts = texts, .text_count = 1};
  all_come_by_the_words_alone(*state, "law \"l\" (t: string) { expect value(t); }", &words, 400000, wanted,
                              sizeof wanted / sizeof *wanted);
}

static bool is_end_of_a_week(const Value *args)
{
  return args[0].bits == UINT64_C(604799);
}

static bool is_begin_of_a_week(const Value *args)
{
  return args[0].bits == UINT64_C(604800);
}

static void numbers_come_around_their_multiples(void **state)
{
  static Wanted *const wanted[] = {is_end_of_a_week, is_begin_of_a_week};
  const uint64_t integers[] = {86400};
  Harvest words = {.integers = integers, .integer_count = 1};
  all_come_by_the_words_alone(*state, "law \"l\" (n: u64) { expect days(n); }", &words, 50000, wanted, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(examples_and_helpers_give_words),
      TEST(what_a_module_has_is_kept_and_not_said_twice),
      TEST(texts_come_and_texts_near_them),
      TEST(numbers_come_around_their_multiples),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
