#include "ifc/base/map.h"

#include "tests/unit/check.h"

static int values[20];

static void an_empty_map_has_nothing(void **state)
{
  Map *map = map_new(*state);
  assert_null(map_get(map, STR("a")));
  assert_null(map_get(map, STR("")));
  assert_int_equal(map_count(map), 0);
}

static void the_first_value_under_a_key_stays(void **state)
{
  Map *map = map_new(*state);
  assert_null(map_put(map, STR("a"), &values[0]));
  assert_ptr_equal(map_put(map, STR("a"), &values[1]), &values[0]);
  assert_ptr_equal(map_get(map, STR("a")), &values[0]);
  assert_int_equal(map_count(map), 1);
}

static void keys_differ_by_every_byte_and_by_length(void **state)
{
  Map *map = map_new(*state);
  const Str keys[] = {STR(""),         STR("\0"),       STR("\0\0"),       STR("a"),         STR("a\0"),
                      STR("abcdefgh"), STR("abcdefgi"), STR("abcdefgh\0"), STR("abcdefghi"), STR("abcdefghj"),
                      STR("ab"),       STR("ba"),       STR("aab"),        STR("aba"),       STR("abcd"),
                      STR("abcde"),    STR("abcdf")};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) assert_null(map_put(map, keys[i], &values[i]));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) assert_ptr_equal(map_get(map, keys[i]), &values[i]);
}

static void iteration_is_in_insertion_order_however_large(void **state)
{
  enum { COUNT = 50000 };
  Map *map = map_new(*state);
  char *numbers = arena_alloc(*state, COUNT);
  for (int i = 0; i < COUNT; i++) map_put(map, str_format(*state, "key %d", i * 7919 % COUNT), numbers + i);
  assert_int_equal(map_count(map), COUNT);
  for (int i = 0; i < COUNT; i++) {
    Str key = str_format(*state, "key %d", i * 7919 % COUNT);
    assert_slice(map_entry(map, (size_t)i)->key, key);
    assert_ptr_equal(map_entry(map, (size_t)i)->value, numbers + i);
    assert_ptr_equal(map_get(map, key), numbers + i);
  }
  assert_null(map_get(map, STR("key 50000")));
}

static void room_that_is_made_changes_nothing(void **state)
{
  static const size_t rooms[] = {0, 1, 8, 9, 24, 25, 100, 1000};
  for (size_t r = 0; r < sizeof rooms / sizeof *rooms; r++) {
    Map *map = map_new(*state);
    assert_null(map_put(map, STR("first"), &values[0]));
    map_reserve(map, rooms[r]);
    for (int i = 0; i < 200; i++) {
      assert_null(map_put(map, str_format(*state, "%d", i), &values[1]));
      if (i == 5 || i == 50) map_reserve(map, rooms[r]);
    }
    assert_int_equal(map_count(map), 201);
    assert_ptr_equal(map_get(map, STR("first")), &values[0]);
    for (int i = 0; i < 200; i++) assert_ptr_equal(map_get(map, str_format(*state, "%d", i)), &values[1]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_empty_map_has_nothing),
      TEST(the_first_value_under_a_key_stays),
      TEST(keys_differ_by_every_byte_and_by_length),
      TEST(iteration_is_in_insertion_order_however_large),
      TEST(room_that_is_made_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
