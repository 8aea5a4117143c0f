#include <math.h>

#include "ifc/value.h"
#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/random_values.h"
#include "tests/unit/ifc/wit_values.h"

static const Type *list_of(Arena *arena, const Type *element)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_LIST, .element = element};
  return type;
}

static Value numbers(Arena *arena, const Type *list, const uint64_t *bits, size_t count)
{
  Value *elements = arena_array_of(arena, Value, count);
  for (size_t i = 0; i < count; i++) elements[i] = value_u64(bits[i]);
  return value_list(arena, list, elements, count);
}

/* Every value is less than those after it, equal to itself, and hashes as itself. */
static void assert_ascending(const Type *type, const Value *values, size_t count)
{
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count; j++) {
      int difference = value_compare(type, values[i], values[j]);
      assert_int_equal((difference > 0) - (difference < 0), (i > j) - (i < j));
      assert_int_equal(value_equal(type, values[i], values[j]), i == j);
    }
}

static void floats_are_ordered_as_total_order_with_nan_last(void **state)
{
  (void)state;
  const double doubles[] = {-INFINITY, -1.5, -5e-324, -0.0, 0.0, 5e-324, 1.0, 1e308, INFINITY, NAN};
  const float floats[] = {-INFINITY, -1.5F, -1e-45F, -0.0F, 0.0F, 1e-45F, 1.0F, 1e38F, INFINITY, NAN};
  Value wide[10], narrow[10];
  for (size_t i = 0; i < 10; i++) {
    wide[i] = value_f64(doubles[i]);
    narrow[i] = value_f32(floats[i]);
  }
  assert_ascending(type_of_kind(TYPE_F64), wide, 10);
  assert_ascending(type_of_kind(TYPE_F32), narrow, 10);
}

static void all_nans_are_one_value(void **state)
{
  Arena *arena = *state;
  const uint64_t wide[] = {0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000001, 0xffffffffffffffff};
  const uint64_t narrow[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff};
  const struct {
    const Type *type;
    const uint64_t *bits;
  } cases[] = {{type_of_kind(TYPE_F64), wide}, {type_of_kind(TYPE_F32), narrow}};
  for (size_t c = 0; c < 2; c++) {
    const Type *type = cases[c].type, *list = list_of(arena, type);
    for (size_t i = 0; i < 4; i++) {
      Value a = value_u64(cases[c].bits[0]), b = value_u64(cases[c].bits[i]);
      assert_true(value_equal(type, a, b));
      assert_int_equal(value_compare(type, a, b), 0);
      assert_true(value_hash(type, a) == value_hash(type, b));
      Value as = numbers(arena, list, (uint64_t[]){0, a.bits}, 2),
            bs = numbers(arena, list, (uint64_t[]){0, b.bits}, 2);
      assert_true(value_equal(list, as, bs));
      assert_int_equal(value_compare(list, as, bs), 0);
      assert_true(value_hash(list, as) == value_hash(list, bs));
    }
  }
}

static void zeros_of_different_sign_differ_in_lists_too(void **state)
{
  Arena *arena = *state;
  const Type *list = list_of(arena, type_of_kind(TYPE_F64));
  Value minus = numbers(arena, list, (uint64_t[]){value_f64(-0.0).bits}, 1);
  Value plus = numbers(arena, list, (uint64_t[]){value_f64(0.0).bits}, 1);
  assert_ascending(list, (Value[]){minus, plus}, 2);
}

static void integers_are_ordered_by_value(void **state)
{
  Arena *arena = *state;
  static const TypeKind kinds[] = {TYPE_S8, TYPE_S16, TYPE_S32, TYPE_S64};
  for (size_t k = 0; k < 4; k++) {
    const Type *type = type_of_kind(kinds[k]), *list = list_of(arena, type);
    int64_t most = (int64_t)(UINT64_MAX >> (65 - 8 * type_primitive_size(type)));
    const int64_t ascending[] = {-most - 1, -2, -1, 0, 1, most};
    Value scalars[6], lists[6];
    for (size_t i = 0; i < 6; i++) {
      scalars[i] = value_s64(ascending[i]);
      lists[i] = value_list(arena, list, &scalars[i], 1);
      assert_true((int64_t)value_list_at(list, lists[i], 0).bits == ascending[i]);
    }
    assert_ascending(type, scalars, 6);
    assert_ascending(list, lists, 6);
  }
  Value big[] = {value_u64(0), value_u64(INT64_MAX), value_u64(UINT64_MAX)};
  assert_ascending(type_of_kind(TYPE_U64), big, 3);
}

static void strings_are_ordered_bytewise(void **state)
{
  (void)state;
  Value ascending[] = {value_string(STR("")),   value_string(STR("Z")), value_string(STR("a")),
                       value_string(STR("aa")), value_string(STR("b")), value_string(STR("\xc3\xa9"))};
  assert_ascending(type_of_kind(TYPE_STRING), ascending, 6);
}

static void lists_are_ordered_lexicographically(void **state)
{
  Arena *arena = *state;
  const Type *bytes = list_of(arena, type_of_kind(TYPE_U8)), *words = list_of(arena, type_of_kind(TYPE_U16));
  const Type *nested = list_of(arena, bytes);
  const uint64_t ones[] = {1, 1, 1}, high[] = {1, 200};
  Value ascending[] = {numbers(arena, bytes, NULL, 0), numbers(arena, bytes, ones, 1),
                       numbers(arena, bytes, ones, 3), numbers(arena, bytes, high, 2)};
  assert_ascending(bytes, ascending, 4);
  Value lists[] = {value_list(arena, nested, NULL, 0), value_list(arena, nested, ascending, 1),
                   value_list(arena, nested, ascending, 4), value_list(arena, nested, ascending + 3, 1)};
  assert_ascending(nested, lists, 4);
  /* 0x0100 is before 0x0001 in memory. */
  Value halves[] = {numbers(arena, words, (uint64_t[]){1}, 1), numbers(arena, words, (uint64_t[]){256}, 1)};
  assert_ascending(words, halves, 2);
}

static void long_packed_lists_differ_at_any_place(void **state)
{
  Arena *arena = *state;
  const Type *list = list_of(arena, type_of_kind(TYPE_U32));
  uint64_t bits[200] = {0};
  Value zeros = numbers(arena, list, bits, 200);
  for (size_t i = 0; i < 200; i++) {
    bits[i] = 7;
    Value other = numbers(arena, list, bits, 200);
    assert_ascending(list, (Value[]){zeros, other}, 2);
    bits[i] = 0;
  }
}

static void cases_are_ordered_by_position_then_payload(void **state)
{
  (void)state;
  const Field fields[] = {{.name = STR("b"), .type = type_of_kind(TYPE_U8)}, {.name = STR("a")}};
  const Type variant = {.kind = TYPE_VARIANT, .count = 2, .fields = fields};
  const Type option = {.kind = TYPE_OPTION, .element = type_of_kind(TYPE_U8)};
  const Value one = value_u64(1), two = value_u64(2);
  assert_ascending(&variant, (Value[]){{.items = &one}, {.items = &two}, {.tag = 1}}, 3);
  assert_ascending(&option, (Value[]){{.tag = 0}, {.items = &one, .tag = 1}, {.items = &two, .tag = 1}}, 3);
}

static void lists_of_primitives_are_packed(void **state)
{
  Arena *arena = *state;
  const Type *words = list_of(arena, type_of_kind(TYPE_S16)),
             *strings = list_of(arena, type_of_kind(TYPE_STRING));
  assert_true(value_is_packed(words));
  assert_false(value_is_packed(strings));
  Value list = numbers(arena, words, (uint64_t[]){1, (uint64_t)-2, 300}, 3);
  assert_memory_equal(list.packed, ((const uint8_t[]){1, 0, 0xfe, 0xff, 0x2c, 1}), 6);
  Value texts[] = {value_string(STR("a")), value_string(STR("b"))};
  assert_ptr_equal(value_list(arena, strings, texts, 2).items, texts);
}

static void compare_is_a_total_order_that_agrees_with_equal_and_hash(void **state)
{
  Arena *arena = *state;
  enum { VALUES = 10 };
  for (uint64_t seed = 0; seed < 400; seed++) {
    Rng rng = rng_from_seed(seed);
    const Type *type = random_type(arena, &rng, 4);
    Value v[VALUES];
    int order[VALUES][VALUES];
    for (size_t i = 0; i < VALUES; i++) v[i] = random_value(arena, &rng, type);
    for (size_t i = 0; i < VALUES; i++)
      for (size_t j = 0; j < VALUES; j++) {
        order[i][j] = value_compare(type, v[i], v[j]);
        assert_int_equal(value_equal(type, v[i], v[j]), order[i][j] == 0);
        if (order[i][j] == 0) assert_true(value_hash(type, v[i]) == value_hash(type, v[j]));
      }
    for (size_t i = 0; i < VALUES; i++) {
      assert_int_equal(order[i][i], 0);
      for (size_t j = 0; j < VALUES; j++) {
        assert_int_equal(order[i][j], -order[j][i]);
        for (size_t k = 0; k < VALUES; k++)
          if (order[i][j] <= 0 && order[j][k] <= 0) assert_true(order[i][k] <= 0);
      }
    }
  }
}

static void unequal_values_rarely_share_a_hash(void **state)
{
  (void)state;
  const Type *type = type_of_kind(TYPE_U64);
  uint64_t buckets[256] = {0};
  for (uint64_t i = 0; i < 25600; i++) buckets[value_hash(type, value_u64(i)) & 255]++;
  for (size_t i = 0; i < 256; i++) assert_in_range(buckets[i], 50, 150);
}

static void a_copy_does_not_need_the_original(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 0; seed < 300; seed++) {
    Rng rng = rng_from_seed_and_label(seed, 1);
    const Type *type = random_type(arena, &rng, 4);
    Arena *first = arena_new();
    Value original = random_value(first, &rng, type), copy = value_copy(arena, type, original);
    assert_true(value_equal(type, original, copy));
    uint64_t hash = value_hash(type, original);
    arena_free(first);
    assert_true(value_hash(type, copy) == hash);
  }
}

/* "of duplicate keys, the last (key, value) pair defines the value": component-model, Explainer.md. */
static void maps_are_equal_when_they_mean_the_same(void **state)
{
  Arena *arena = *state;
  static const struct {
    const char *a, *b;
    int order;
  } rows[] = {
      {"[]", "[]", 0},
      {"[(\"a\", 1), (\"b\", 2)]", "[(\"b\", 2), (\"a\", 1)]", 0},
      {"[(\"a\", 1), (\"a\", 2)]", "[(\"a\", 2)]", 0},
      {"[(\"a\", 1), (\"a\", 2)]", "[(\"a\", 2), (\"a\", 1)]", 1},
      {"[(\"b\", 1), (\"a\", 3), (\"b\", 2)]", "[(\"a\", 3), (\"b\", 2)]", 0},
      {"[(\"a\", 1)]", "[(\"a\", 1), (\"b\", 1)]", -1},
      {"[(\"c\", 1), (\"a\", 9)]", "[(\"b\", 0), (\"a\", 9)]", 1},
  };
  const Type *map = made_map(arena, type_of_kind(TYPE_STRING), type_of_kind(TYPE_U32));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Value a = wave_value(arena, map, str_from_z(rows[i].a)),
          b = wave_value(arena, map, str_from_z(rows[i].b));
    assert_int_equal(value_compare(map, a, b), rows[i].order);
    assert_int_equal(value_compare(map, b, a), -rows[i].order);
    assert_int_equal(value_equal(map, a, b), rows[i].order == 0);
    assert_int_equal(value_hash(map, a) == value_hash(map, b), rows[i].order == 0);
  }
}

static void a_map_finds_the_last_pair_of_a_key(void **state)
{
  Arena *arena = *state;
  const Type *map = made_map(arena, type_of_kind(TYPE_CHAR), type_of_kind(TYPE_U8));
  Value value = wave_value(arena, map, STR("[('b', 1), ('a', 2), ('b', 3)]"));
  assert_int_equal(value_map_find(map, value, value_u64('b'))->bits, 3);
  assert_int_equal(value_map_find(map, value, value_u64('a'))->bits, 2);
  assert_null(value_map_find(map, value, value_u64('c')));
  assert_slice(wave_text(arena, map, value_map_sorted(arena, map, value)), STR("[('a', 2), ('b', 3)]"));
  assert_slice(wave_text(arena, map, value), STR("[('b', 1), ('a', 2), ('b', 3)]"));
}

/* Sorted by insertion, for comparison: what `find` says is what a sorted map has, for many keys. */
static void sorting_keeps_what_every_key_means(void **state)
{
  Arena *arena = *state;
  const Type *map = made_map(arena, type_of_kind(TYPE_U16), type_of_kind(TYPE_U32));
  enum { PAIRS = 1000, KEYS = 300 };
  Rng rng = rng_from_seed(5);
  Value *pairs = arena_array_of(arena, Value, PAIRS);
  uint32_t last[KEYS] = {0}, keys = 0;
  for (uint32_t i = 0; i < PAIRS; i++) {
    Value *pair = arena_array_of(arena, Value, 2);
    pair[0] = value_u64(rng_below(&rng, KEYS));
    pair[1] = value_u64(i + 1);
    keys += last[pair[0].bits] == 0;
    last[pair[0].bits] = i + 1;
    pairs[i] = (Value){.items = pair, .count = 2};
  }
  Value sorted = value_map_sorted(arena, map, value_list(arena, map, pairs, PAIRS));
  assert_int_equal(sorted.count, keys);
  assert_true(value_map_is_sorted(map, sorted));
  for (uint32_t i = 0; i < sorted.count; i++) {
    if (i) assert_true(sorted.items[i - 1].items[0].bits < sorted.items[i].items[0].bits);
    assert_int_equal(sorted.items[i].items[1].bits, last[sorted.items[i].items[0].bits]);
  }
}

static void lists_of_fixed_length_are_held_as_lists(void **state)
{
  Arena *arena = *state;
  const Type *bytes = made_fixed_list(arena, type_of_kind(TYPE_U8), 3);
  Value a = wave_value(arena, bytes, STR("[1, 2, 3]")), b = wave_value(arena, bytes, STR("[1, 3, 2]"));
  assert_true(value_is_packed(bytes));
  assert_memory_equal(a.packed, "\1\2\3", 3);
  assert_ascending(bytes, (Value[]){a, b}, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(floats_are_ordered_as_total_order_with_nan_last),
      TEST(all_nans_are_one_value),
      TEST(zeros_of_different_sign_differ_in_lists_too),
      TEST(integers_are_ordered_by_value),
      TEST(strings_are_ordered_bytewise),
      TEST(lists_are_ordered_lexicographically),
      TEST(long_packed_lists_differ_at_any_place),
      TEST(cases_are_ordered_by_position_then_payload),
      TEST(lists_of_primitives_are_packed),
      TEST(compare_is_a_total_order_that_agrees_with_equal_and_hash),
      TEST(unequal_values_rarely_share_a_hash),
      TEST(a_copy_does_not_need_the_original),
      TEST(maps_are_equal_when_they_mean_the_same),
      TEST(a_map_finds_the_last_pair_of_a_key),
      TEST(sorting_keeps_what_every_key_means),
      TEST(lists_of_fixed_length_are_held_as_lists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
