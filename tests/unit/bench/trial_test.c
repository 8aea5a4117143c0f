/* The small parts of an evaluation: the tour, digests, blocks as bytes. */
#include "bench/trial.h"

#include "ifc/wave.h"
#include "tests/unit/bench/suites.h"

/* --- the tour */

static void a_tour_visits_every_call_once(void **state)
{
  for (size_t count = 0; count < 300; count++) {
    uint32_t *tour = tour_of(*state, count);
    bool *seen = arena_array_of(*state, bool, count);
    for (size_t i = 0; i < count; i++) {
      assert_true(tour[i] < count);
      assert_false(seen[tour[i]]);
      seen[tour[i]] = true;
    }
  }
}

/* Of the first 2^k calls, one is in each 2^-k-th of the workload. */
static void the_beginning_of_a_tour_is_spread_over_the_workload(void **state)
{
  enum { COUNT = 1024, PART = 16 };
  uint32_t *tour = tour_of(*state, COUNT);
  bool seen[PART] = {0};
  for (size_t i = 0; i < PART; i++) seen[tour[i] / (COUNT / PART)] = true;
  for (size_t i = 0; i < PART; i++) assert_true(seen[i]);
}

/* --- digests */

static Value value_of(Arena *arena, const Type *type, const char *wave)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("value"), str_from_z(wave)};
  Diags diags = diags_in(arena);
  Value value;
  bool ok = wave_parse(arena, type, source, &value, &diags);
  suites_show(&diags);
  assert_true(ok);
  return value;
}

static void equal_values_and_only_they_have_equal_digests(void **state)
{
  static const struct {
    const char *type, *a, *b;
    bool equal;
  } cases[] = {
      {"s32", "-1", "-1", true},
      {"s32", "-1", "1", false},
      {"f64", "nan", "nan", true},
      {"f64", "0.0", "-0.0", false},
      {"string", "\"ab\"", "\"ab\"", true},
      {"string", "\"ab\"", "\"b\"", false},
      {"list<u8>", "[1, 2]", "[1, 2]", true},
      {"list<u8>", "[1, 2]", "[1, 2, 0]", false},
      {"list<string>", "[\"a\", \"bc\"]", "[\"ab\", \"c\"]", false},
      {"list<list<u8>>", "[[1], [2]]", "[[1, 2], []]", false},
      {"option<option<u8>>", "some(none)", "none", false},
      {"option<u8>", "some(0)", "none", false},
      {"result<u8, u8>", "ok(1)", "err(1)", false},
      {"result<_, u8>", "ok", "ok", true},
      {"tuple<u8, u16>", "(1, 2)", "(2, 1)", false},
      {"tuple<u8, list<string>>", "(1, [\"x\"])", "(1, [\"x\"])", true},
      {"list<u8, 2>", "[1, 2]", "[1, 2]", true},
      {"list<u8, 2>", "[1, 2]", "[2, 1]", false},
      {"map<u8, string>", "[(1, \"a\"), (2, \"b\")]", "[(2, \"b\"), (1, \"a\")]", true},
      {"map<u8, string>", "[(1, \"c\"), (1, \"a\")]", "[(1, \"a\")]", true},
      {"map<u8, string>", "[(1, \"a\"), (1, \"c\")]", "[(1, \"a\")]", false},
      {"map<u8, map<u8, u8>>", "[(1, [(2, 3), (1, 1)])]", "[(1, [(1, 1), (2, 3)])]", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str function = str_format(*state, "f: func() -> %s;", cases[i].type);
    const Type *type = suites_interface(*state, str_to_z(*state, function))->functions[0].result;
    uint64_t a = value_digest(*state, type, value_of(*state, type, cases[i].a));
    uint64_t b = value_digest(*state, type, value_of(*state, type, cases[i].b));
    assert_int_equal(a == b, cases[i].equal);
  }
}

static void arguments_are_measured_by_what_they_need_in_memory(void **state)
{
  const Function *function =
      &suites_interface(*state, "f: func(a: list<u64>, b: string, c: u8, d: option<list<string>>);")
           ->functions[0];
  Value args[4];
  static const char *const waves[] = {"[1, 2, 3]", "\"hello\"", "7", "some([\"ab\", \"c\"])"};
  for (size_t i = 0; i < 4; i++) args[i] = value_of(*state, function->params[i].type, waves[i]);
  /* 3 · 8, then 5, then nothing, then two strings of 8 bytes that point to 2 and 1. */
  assert_int_equal(args_size(&(Call){function, args}), 24 + 5 + 0 + 16 + 3);
}

/* --- blocks as bytes */

static Block sound_block(Turn *turns)
{
  turns[0] = (Turn){.layout = 1, .pieces = 2, .picoseconds = {5, 7}};
  turns[1] = (Turn){.layout = 0, .pieces = 0};
  return (Block){.calls = {1, 3}, .turns = turns};
}

static void a_block_survives_the_way(void **state)
{
  Turn turns[2];
  Block block = sound_block(turns), read;
  assert_true(block_read(*state, block_write(*state, &block, 2), 2, 2, &read));
  assert_memory_equal(read.calls, block.calls, sizeof read.calls);
  assert_memory_equal(read.turns, turns, sizeof turns);
}

static void what_no_worker_of_ours_would_send_is_refused(void **state)
{
  Turn turns[2];
  Block block = sound_block(turns), read;
  Str bytes = block_write(*state, &block, 2);
  assert_false(block_read(*state, str_slice(bytes, 0, bytes.len - 1), 2, 2, &read));
  assert_false(block_read(*state, (Str){0}, 2, 2, &read));
  assert_false(block_read(*state, bytes, 3, 2, &read));
  assert_false(block_read(*state, bytes, 2, 1, &read)); /* no such layout */
  turns[0].pieces = PIECES_MAX + 1;
  assert_false(block_read(*state, block_write(*state, &block, 2), 2, 2, &read));
  turns[0].pieces = 3; /* without calls and time */
  assert_false(block_read(*state, block_write(*state, &block, 2), 2, 2, &read));
  turns[0].pieces = 2;
  turns[0].picoseconds[1] = UINT64_MAX;
  assert_false(block_read(*state, block_write(*state, &block, 2), 2, 2, &read));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_tour_visits_every_call_once),
      TEST(the_beginning_of_a_tour_is_spread_over_the_workload),
      TEST(equal_values_and_only_they_have_equal_digests),
      TEST(arguments_are_measured_by_what_they_need_in_memory),
      TEST(a_block_survives_the_way),
      TEST(what_no_worker_of_ours_would_send_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
