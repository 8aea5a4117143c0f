/* Generated inputs: the edges come, conditions are kept and not only filtered, seeds repeat. */
#include "tests/unit/spec/stand_in.h"

enum { WANTED_MAX = 24 };

/* Counts, over all calls, which of the wanted predicates held for the arguments. */
typedef struct Census {
  bool (*wanted[WANTED_MAX])(const Value *args);
  uint64_t seen[WANTED_MAX];
  uint64_t calls;
  uint64_t digest; /* of all arguments in order */
} Census;

static bool count_call(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Census *census = self->context;
  (void)arena, (void)fault;
  census->calls++;
  for (uint32_t i = 0; i < function->param_count; i++)
    census->digest = census->digest * 31 + value_hash(function->params[i].type, args[i]);
  for (size_t i = 0; i < WANTED_MAX && census->wanted[i]; i++) census->seen[i] += census->wanted[i](args);
  *result = value_bool(true);
  return true;
}

/* Runs a law over `params` that shows each input to the census. */
static Tried take_census(Arena *arena, const char *params, const char *where, Census *census, uint64_t seed,
                         uint64_t cases)
{
  Buf names = buf_in(arena);
  Str text = str_from_z(params);
  for (size_t i = 0; i < text.len; i++) /* "x: u8, y: u8" names x and y */
    if (text.at[i] == ':') buf_printf(&names, "%s%c", names.len ? ", " : "", text.at[i - 1]);
  Str items = str_format(arena,
                         "record point { x: f64, y: f64 } variant shape { dot, sides(u32), named(string) }"
                         "enum color { red, green, blue } flags access { read, write, run }"
                         "see: func(%s) -> bool;",
                         params);
  Str law =
      str_format(arena, "law \"l\" (%s) %s { expect see(%.*s); }", params, where, STR_ARG(buf_text(&names)));
  const Spec *spec = stand_in_spec(arena, str_to_z(arena, items), str_to_z(arena, law));
  return stand_in_try(arena, spec, count_call, census, seed, cases);
}

static void all_were_seen(const Census *census, const char *of)
{
  for (size_t i = 0; i < WANTED_MAX && census->wanted[i]; i++) {
    if (!census->seen[i]) print_error("%s: value %zu of the list never came\n", of, i);
    assert_true(census->seen[i] > 0);
  }
}

#define IS(name, condition)           \
  static bool name(const Value *args) \
  {                                   \
    return condition;                 \
  }

IS(is_zero, args[0].bits == 0)
IS(is_one, args[0].bits == 1)
IS(is_minus_one, args[0].bits == UINT64_MAX)
IS(is_s8_min, args[0].bits == (uint64_t)-128)
IS(is_127, args[0].bits == 127)
IS(is_128, args[0].bits == 128)
IS(is_255, args[0].bits == 255)
IS(is_s64_min, args[0].bits == (uint64_t)INT64_MIN)
IS(is_s64_max, args[0].bits == INT64_MAX)
IS(is_u32_max, args[0].bits == UINT32_MAX)
IS(is_2_to_31, args[0].bits == UINT64_C(1) << 31)
IS(is_2_to_31_less_1, args[0].bits == (UINT64_C(1) << 31) - 1)
IS(is_65536, args[0].bits == 65536)
IS(is_big, args[0].bits > UINT32_MAX && args[0].bits < INT64_MAX - 1000)

static void the_edges_of_integers_come(void **state)
{
  Arena *arena = *state;
  Census s8 = {.wanted = {is_zero, is_one, is_minus_one, is_s8_min, is_127}};
  take_census(arena, "x: s8", "", &s8, 1, 2000);
  all_were_seen(&s8, "s8");
  Census u8 = {.wanted = {is_zero, is_one, is_127, is_128, is_255}};
  take_census(arena, "x: u8", "", &u8, 1, 2000);
  all_were_seen(&u8, "u8");
  Census u32 = {.wanted = {is_zero, is_one, is_u32_max, is_2_to_31, is_2_to_31_less_1, is_65536, is_255}};
  take_census(arena, "x: u32", "", &u32, 1, 20000);
  all_were_seen(&u32, "u32");
  Census s64 = {.wanted = {is_zero, is_one, is_minus_one, is_s64_min, is_s64_max, is_2_to_31, is_big}};
  take_census(arena, "x: s64", "", &s64, 1, 20000);
  all_were_seen(&s64, "s64");
}

IS(is_real_zero, args[0].bits == 0)
IS(is_minus_zero, args[0].bits == UINT64_C(1) << 63)
IS(is_inf, args[0].bits == UINT64_C(0x7ff0000000000000))
IS(is_minus_inf, args[0].bits == UINT64_C(0xfff0000000000000))
IS(is_nan, value_as_f64(args[0]) != value_as_f64(args[0]))
IS(is_smallest, args[0].bits == 1)
IS(is_largest, value_as_f64(args[0]) == 0x1.fffffffffffffp1023)
IS(is_real_one, value_as_f64(args[0]) == 1)
IS(is_half, value_as_f64(args[0]) == 0.5)
IS(is_fraction, value_as_f64(args[0]) > 0.01 && value_as_f64(args[0]) < 0.09)

static void the_edges_of_floats_come(void **state)
{
  Arena *arena = *state;
  Census census = {.wanted = {is_real_zero, is_minus_zero, is_inf, is_minus_inf, is_nan, is_smallest,
                              is_largest, is_real_one, is_half, is_fraction}};
  take_census(arena, "x: f64", "", &census, 1, 20000);
  all_were_seen(&census, "f64");
}

IS(is_empty, args[0].count == 0)
IS(is_single, args[0].count == 1)
IS(is_sixteen, args[0].count == 16)
IS(is_hundreds, args[0].count > 500)
IS(is_thousands, args[0].count > 2000)

static int64_t element(const Value *args, size_t index)
{
  int64_t value;
  memcpy(&value, (const char *)args[0].packed + index * sizeof value, sizeof value);
  return value;
}

static bool goes(const Value *args, int64_t from, int64_t to)
{
  if (args[0].count < 7) return false;
  for (size_t i = 1; i < args[0].count; i++) {
    int64_t step = (int64_t)((uint64_t)element(args, i) - (uint64_t)element(args, i - 1));
    if (step < from || step > to) return false;
  }
  return true;
}
IS(goes_up, goes(args, 0, 10))
IS(goes_down, goes(args, -10, -1))
IS(is_constant, goes(args, 0, 0))

static bool is_palindrome(const Value *args)
{
  size_t count = args[0].count;
  if (count < 7 || goes(args, 0, 0)) return false;
  for (size_t i = 0; i < count / 2; i++)
    if (element(args, i) != element(args, count - 1 - i)) return false;
  return true;
}

static void lists_of_every_length_and_shape_come(void **state)
{
  Arena *arena = *state;
  Census census = {.wanted = {is_empty, is_single, is_sixteen, is_hundreds, is_thousands, goes_up, goes_down,
                              is_constant, is_palindrome}};
  take_census(arena, "x: list<s64>", "", &census, 1, 20000);
  all_were_seen(&census, "list<s64>");
  Census records = {.wanted = {is_empty, is_single, is_sixteen, is_hundreds}};
  take_census(arena, "x: list<point>", "", &records, 1, 20000);
  all_were_seen(&records, "list<point>");
}

IS(is_unsorted, args[0].count > 1 && args[0].items[0].items[0].bits > args[0].items[1].items[0].bits)

/* A key of the map that an earlier pair has too. */
static bool repeats_a_key(const Value *args)
{
  for (uint32_t i = 0; i < args[0].count; i++)
    for (uint32_t j = 0; j < i; j++)
      if (args[0].items[i].items[0].bits == args[0].items[j].items[0].bits) return true;
  return false;
}

static void maps_come_in_any_order_and_with_keys_again(void **state)
{
  Census census = {.wanted = {is_empty, is_single, is_unsorted, repeats_a_key}};
  take_census(*state, "x: map<u32, string>", "", &census, 1, 20000);
  all_were_seen(&census, "map<u32, string>");
}

/* The length of a map is that of what it means, which is not that of what is generated. */
static void conditions_on_the_length_of_maps_hold(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(
      arena, "f: func();",
      "law \"l\" (m: map<u8, bool>) where len(m) in 2..5 { expect len([for p in m: p]) in 2..5; }");
  Tried tried = stand_in_try(arena, spec, always_true, NULL, 1, 2000);
  assert_int_equal(tried.result.verdict, VERDICT_PASSED);
  assert_int_equal(tried.result.cases, 2000);
}

IS(has_three, args[0].count == 3)
IS(ends_in_255, ((const uint8_t *)args[0].packed)[2] == 255)
IS(starts_equal, ((const uint8_t *)args[0].packed)[0] == ((const uint8_t *)args[0].packed)[1])

static void lists_of_fixed_length_always_have_it(void **state)
{
  Census census = {.wanted = {has_three, ends_in_255, starts_equal}};
  take_census(*state, "x: list<u8, 3>", "", &census, 1, 20000);
  all_were_seen(&census, "list<u8, 3>");
  assert_true(census.seen[0] == census.calls);
}

static bool has_byte(const Value *args, unsigned char low, unsigned char high)
{
  for (size_t i = 0; i < args[0].count; i++)
    if ((unsigned char)args[0].text[i] >= low && (unsigned char)args[0].text[i] <= high) return true;
  return false;
}
IS(has_nul, has_byte(args, 0, 0))
IS(has_quote, has_byte(args, '"', '"'))
IS(has_newline, has_byte(args, '\n', '\n'))
IS(has_two_bytes, has_byte(args, 0xc3, 0xdf))
IS(has_four_bytes, has_byte(args, 0xf0, 0xf4))

static void strings_of_all_kinds_come(void **state)
{
  Arena *arena = *state;
  Census census = {.wanted = {is_empty, is_single, is_hundreds, has_nul, has_quote, has_newline,
                              has_two_bytes, has_four_bytes}};
  take_census(arena, "x: string", "", &census, 1, 20000);
  all_were_seen(&census, "string");
}

IS(is_tag_0, args[0].tag == 0)
IS(is_tag_1, args[0].tag == 1)
IS(is_tag_2, args[0].tag == 2)
IS(is_all_flags, args[0].bits == 7)

static void every_case_and_flag_comes(void **state)
{
  Arena *arena = *state;
  Census shape = {.wanted = {is_tag_0, is_tag_1, is_tag_2}}, color = shape,
         flags = {.wanted = {is_zero, is_all_flags}};
  Census option = {.wanted = {is_tag_0, is_tag_1}}, result = option, boolean = {.wanted = {is_zero, is_one}};
  take_census(arena, "x: shape", "", &shape, 1, 200);
  take_census(arena, "x: color", "", &color, 1, 200);
  take_census(arena, "x: access", "", &flags, 1, 500);
  take_census(arena, "x: option<u8>", "", &option, 1, 200);
  take_census(arena, "x: result<_, u8>", "", &result, 1, 200);
  take_census(arena, "x: bool", "", &boolean, 1, 200);
  all_were_seen(&shape, "shape");
  all_were_seen(&color, "color");
  all_were_seen(&flags, "access");
  all_were_seen(&option, "option");
  all_were_seen(&result, "result");
  all_were_seen(&boolean, "bool");
}

static bool points_equal(const Value *args)
{
  return memcmp(args[0].items, args[1].items, 2 * sizeof(Value)) == 0;
}

/* (x0 - x1)² + (y0 - y1)² is a whole, small square: the corners that a geometry goes wrong at. */
static bool points_at_whole_distance(const Value *args)
{
  double dx = value_as_f64(args[0].items[0]) - value_as_f64(args[1].items[0]);
  double dy = value_as_f64(args[0].items[1]) - value_as_f64(args[1].items[1]);
  double square = dx * dx + dy * dy;
  for (int i = 1; i < 20; i++)
    if (square == i * i && dx != 0 && dy != 0) return true;
  return false;
}
IS(lists_equal, args[0].count > 3 && args[0].count == args[1].count &&
                    memcmp(args[0].packed, args[1].packed, args[0].count * 8) == 0)

static void values_of_one_type_meet(void **state)
{
  Arena *arena = *state;
  Census points = {.wanted = {points_equal, points_at_whole_distance}};
  take_census(arena, "x: point, y: point", "", &points, 1, 50000);
  all_were_seen(&points, "two points");
  assert_true(points.seen[0] > 500);
  assert_true(points.seen[1] > 50);
  Census lists = {.wanted = {lists_equal}};
  take_census(arena, "x: list<s64>, y: list<s64>", "", &lists, 1, 20000);
  assert_true(lists.seen[0] > 100);
}

typedef struct Kept {
  const char *params, *where;
  bool (*holds)(const Value *args);
  bool (*edge)(const Value *args); /* also comes */
} Kept;

IS(in_10_to_20, args[0].bits >= 10 && args[0].bits < 20)
IS(is_19, args[0].bits == 19)
IS(in_minus_5_to_5, (int64_t)args[0].bits >= -5 && (int64_t)args[0].bits <= 5)
IS(is_5, args[0].bits == 5)
IS(above_250, args[0].bits > 250)
IS(is_7, args[0].bits == 7)
IS(real_0_to_1, value_as_f64(args[0]) >= 0 && value_as_f64(args[0]) < 1)
IS(below_1, value_as_f64(args[0]) == 0x1.fffffffffffffp-1)
IS(real_above_1, value_as_f64(args[0]) > 1)
IS(just_above_1, value_as_f64(args[0]) == 1 + 0x1p-52)
IS(y_positive, value_as_f64(args[0].items[1]) >= 0)
IS(y_zero, value_as_f64(args[0].items[1]) == 0)
IS(three_to_five, args[0].count >= 3 && args[0].count <= 5)
IS(has_five, args[0].count == 5)
IS(index_fits, args[1].bits < args[0].count)
IS(last_index, args[1].bits + 1 == args[0].count)
IS(ordered, args[0].bits < args[1].bits)
IS(neighbours, args[0].bits + 1 == args[1].bits)
IS(is_lower_case, args[0].bits >= 'a' && args[0].bits <= 'z')
IS(is_z, args[0].bits == 'z')
IS(text_not_empty, args[0].count > 0)

static const Kept KEPT[] = {
    {"x: u32", "where x in 10..20", in_10_to_20, is_19},
    {"x: s64", "where x in -5..=5", in_minus_5_to_5, is_5},
    {"x: s64", "where x >= -5 && x <= 5", in_minus_5_to_5, is_5},
    {"x: s64", "where -5 <= x, 5 >= x", in_minus_5_to_5, is_5},
    {"x: u8", "where x > 250", above_250, is_255},
    {"x: u8", "where 250 < x", above_250, is_255},
    {"x: u8", "where x == 7", is_7, is_7},
    {"x: f64", "where x in 0.0..1.0", real_0_to_1, below_1},
    {"x: f64", "where x > 1.0", real_above_1, just_above_1},
    {"x: point", "where x.y >= 0.0", y_positive, y_zero},
    {"x: list<u8>", "where len(x) in 3..=5", three_to_five, has_five},
    {"x: string", "where len(x) > 0", text_not_empty, is_single},
    {"x: list<u8>, i: s64", "where i in 0..len(x)", index_fits, last_index},
    {"i: u32, j: u32", "where i < j", ordered, neighbours},
    {"i: u32, j: u32", "where j > i", ordered, neighbours},
    {"x: char", "where x in 'a'..='z'", is_lower_case, is_z},
};

static void conditions_choose_values_instead_of_discarding_them(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
    Census census = {.wanted = {KEPT[i].holds, KEPT[i].edge}};
    Tried tried = take_census(arena, KEPT[i].params, KEPT[i].where, &census, 1, 20000);
    if (census.seen[0] != census.calls || !census.seen[1] || tried.result.discarded > 10000)
      print_error("%s %s: %d of %d, edge %d, discarded %d\n", KEPT[i].params, KEPT[i].where,
                  (int)census.seen[0], (int)census.calls, (int)census.seen[1], (int)tried.result.discarded);
    assert_int_equal(tried.result.verdict, VERDICT_PASSED);
    assert_true(census.seen[0] == census.calls);
    assert_true(census.seen[1] > 0);
    /* An empty list has no index, and nothing lies below 0: only these are discarded. */
    assert_true(tried.result.discarded < 10000);
    bool depends = str_find(str_from_z(KEPT[i].params), STR(",")) != SIZE_MAX;
    assert_true(depends || tried.result.discarded == 0);
  }
}

IS(is_multiple, args[0].bits % 3 == 0)

static void other_conditions_filter_and_are_counted(void **state)
{
  Arena *arena = *state;
  Census census = {.wanted = {is_multiple}};
  Tried tried = take_census(arena, "x: u32", "where x % 3 == 0", &census, 1, 5000);
  assert_int_equal(tried.result.verdict, VERDICT_PASSED);
  assert_int_equal(tried.result.cases, 5000);
  assert_true(tried.result.discarded > 1000);
  assert_true(census.seen[0] == census.calls);
}

static void conditions_that_hardly_anything_meets_leave_it_undecided(void **state)
{
  Arena *arena = *state;
  static const char *const conditions[] = {"where x != x", "where x in 5..5", "where x < 5, x > 7",
                                           "where x * x == 144888369"};
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
    Census census = {0};
    Tried tried = take_census(arena, "x: u32", conditions[i], &census, 1, 5000);
    assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
    assert_text(tried.result.reason, "hardly any generated input meets the conditions after `where`");
  }
}

static void a_condition_that_cannot_be_computed_leaves_it_undecided(void **state)
{
  Arena *arena = *state;
  Census census = {0};
  Tried tried = take_census(arena, "x: u32", "where 10 / x > 1", &census, 1, 5000);
  assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
  assert_true(str_starts_with(tried.result.reason, STR("the specification divides by zero for ")));
}

static void seeds_repeat_and_differ(void **state)
{
  Arena *arena = *state;
  Census first = {0}, again = {0}, other = {0};
  const char *params = "x: list<point>, s: string, n: s64";
  take_census(arena, params, "", &first, 7, 3000);
  take_census(arena, params, "", &again, 7, 3000);
  take_census(arena, params, "", &other, 8, 3000);
  assert_true(first.digest == again.digest);
  assert_true(first.digest != other.digest);
}

static void types_whose_values_are_too_large_are_given_up(void **state)
{
  Arena *arena = *state;
  Buf items = buf_in(arena);
  buf_z(&items, "record r0 { a: u64, b: u64 }");
  for (int i = 1; i < 40; i++) buf_printf(&items, "record r%d { a: r%d, b: r%d }", i, i - 1, i - 1);
  buf_z(&items, "see: func(x: r39) -> bool;");
  const Spec *spec =
      stand_in_spec(arena, str_to_z(arena, buf_text(&items)), "law \"l\" (x: r39) { expect see(x); }");
  Tried tried = stand_in_try(arena, spec, always_true, NULL, 1, 10);
  assert_int_equal(tried.result.verdict, VERDICT_UNDECIDED);
}

static void workloads_get_values_of_the_size_they_ask_for(void **state)
{
  Arena *arena = *state;
  const Type *bytes = list_type(arena, type_of_kind(TYPE_U8));
  Value a = value_generate(arena, bytes, 1000, 1), b = value_generate(arena, bytes, 1000, 1);
  Value c = value_generate(arena, bytes, 1000, 2);
  assert_int_equal(a.count, 1000);
  assert_true(value_equal(bytes, a, b));
  assert_false(value_equal(bytes, a, c));
  assert_int_equal(value_generate(arena, type_of_kind(TYPE_STRING), 77, 3).count, 77);
  const Type four = {.kind = TYPE_FIXED_LIST, .element = type_of_kind(TYPE_U16), .count = 4};
  Value fixed = value_generate(arena, &four, 1000, 1);
  assert_int_equal(fixed.count, 4);
  assert_true(value_equal(&four, fixed, value_generate(arena, &four, 1000, 1)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_edges_of_integers_come),
      TEST(the_edges_of_floats_come),
      TEST(lists_of_every_length_and_shape_come),
      TEST(maps_come_in_any_order_and_with_keys_again),
      TEST(conditions_on_the_length_of_maps_hold),
      TEST(lists_of_fixed_length_always_have_it),
      TEST(strings_of_all_kinds_come),
      TEST(every_case_and_flag_comes),
      TEST(values_of_one_type_meet),
      TEST(conditions_choose_values_instead_of_discarding_them),
      TEST(other_conditions_filter_and_are_counted),
      TEST(conditions_that_hardly_anything_meets_leave_it_undecided),
      TEST(a_condition_that_cannot_be_computed_leaves_it_undecided),
      TEST(seeds_repeat_and_differ),
      TEST(types_whose_values_are_too_large_are_given_up),
      TEST(workloads_get_values_of_the_size_they_ask_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
