/* What can be called, and what stands in the way of the rest. */
#include "ifc/callable.h"

#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/wit_values.h"

static void every_obstacle_is_named(void **state)
{
  static const struct {
    const char *items, *why; /* the last function is meant */
  } rows[] = {
      {"f: func()", ""},
      {"f: func(a: map<string, list<u8, 4>>) -> result<option<char>, string>", ""},
      {"f: async func()", "it is async, and async functions cannot be called yet"},
      {"resource r; f: func(a: u8, b: r)", ""},
      {"resource r; f: func(b: list<borrow<r>>) -> result<r, string>", ""},
      {"f: func() -> stream<u8>", "its result is stream<u8>, and streams cannot be passed yet"},
      {"f: func() -> result<_, future<string>>",
       "its result has future<string> in it, and futures cannot be passed yet"},
      {"f: func(e: tuple<u8, error-context>)",
       "parameter `e` has error-context in it, and error contexts cannot be passed yet"},
      {"f: func(l: list<u8, 1048576>)", ""},
      {"f: func(l: list<list<u8, 1048577>>)", "parameter `l` has list<u8, 1048577> in it, and lists of fixed "
                                              "length of more than 1048576 bytes cannot be "
                                              "passed yet"},
      {"f: func(l: list<list<u64, 1024>, 1024>)", "parameter `l` is list<list<u64, 1024>, 1024>, and lists "
                                                  "of fixed length of more than 1048576 bytes cannot "
                                                  "be passed yet"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Diags diags = diags_in(arena);
    Str text = str_format(arena, "package t:t; interface i { %s; }", rows[i].items);
    const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
    print_diags(&diags);
    assert_non_null(package);
    const Interface *interface = &package->interfaces[0];
    const Function *function = &interface->functions[interface->function_count - 1];
    assert_slice(function_obstacle(arena, function), str_from_z(rows[i].why));
  }
}

/* 2^100 parts, each of two the same. */
static void shared_parts_are_searched_once(void **state)
{
  Arena *arena = *state;
  const Type *type = type_of_kind(TYPE_U8);
  for (size_t i = 0; i < 100; i++) type = made_pair(arena, type, type);
  assert_slice(type_obstacle(arena, type), STR(""));
}

/* A handle can be passed on, but nobody can write one down. */
static void resources_are_made_by_calls_only(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str text = STR("package t:t; interface i { resource r; record pair { a: u8, b: list<r> } }");
  const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
  print_diags(&diags);
  const Type *handle = interface_typedef(&package->interfaces[0], STR("r"))->type;
  const Type *pair = interface_typedef(&package->interfaces[0], STR("pair"))->type;
  assert_text(type_obstacle(arena, handle), "resources are made by calls only");
  assert_text(type_obstacle(arena, pair), "it has r in it, and resources are made by calls only");
  assert_text(type_pass_obstacle(arena, handle), "");
  assert_text(type_pass_obstacle(arena, pair), "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_obstacle_is_named),
      TEST(resources_are_made_by_calls_only),
      TEST(shared_parts_are_searched_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
