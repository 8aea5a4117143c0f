/* Types, layouts and WAVE against the vectors of the component model's executable reference. */
#include "ifc/layout.h"
#include "tests/unit/ifc/wit_values.h"

typedef struct Vector {
  const Json *json;
  const Type *type;
  Value value;
} Vector;

/* Runs the check on every vector, each with its type and value read. */
static void for_each(void **state, void (*check)(Arena *arena, const Vector *vector))
{
  const Json *vectors = *state;
  Arena *arena = arena_new();
  for (size_t i = 0; i < jv_count(vectors); i++) {
    ArenaMark mark = arena_mark(arena);
    const Json *json = jv_at(vectors, i);
    const Type *type = vector_type(arena, json);
    check(arena, &(Vector){json, type, vector_value(arena, json, type)});
    arena_reset(arena, mark);
  }
  arena_free(arena);
}

static void there_are_1200_vectors(void **state)
{
  assert_int_equal(jv_count(*state), 1200);
}

static void check_layout(Arena *arena, const Vector *vector)
{
  (void)arena;
  assert_int_equal(type_align(vector->type), jv_as_integer(jv_get(vector->json, STR("align"))));
  assert_int_equal(type_size(vector->type), jv_as_integer(jv_get(vector->json, STR("size"))));
}

static void sizes_and_alignments_agree(void **state)
{
  for_each(state, check_layout);
}

static void check_flat(Arena *arena, const Vector *vector)
{
  (void)arena;
  enum { LIMIT = 256 };
  CoreType flat[LIMIT];
  const Json *want = jv_get(vector->json, STR("flat_types"));
  size_t count = jv_count(want);
  assert_int_equal(type_flatten(vector->type, flat, LIMIT), count);
  for (size_t i = 0; i < count; i++) assert_slice(core_type_name(flat[i]), jv_as_string(jv_at(want, i)));
  size_t within = count > FLAT_PARAMS_MAX ? FLAT_PARAMS_MAX + 1 : count;
  assert_int_equal(type_flat_count(vector->type, FLAT_PARAMS_MAX), within);
}

static void flat_types_agree(void **state)
{
  for_each(state, check_flat);
}

static void check_round_trip(Arena *arena, const Vector *vector)
{
  Str text = wave_text(arena, vector->type, vector->value);
  assert_true(value_equal(vector->type, vector->value, wave_value(arena, vector->type, text)));
}

static void values_read_back_as_they_were_printed(void **state)
{
  for_each(state, check_round_trip);
}

int main(void)
{
  Arena *arena = arena_new();
  void *vectors = (void *)(uintptr_t)abi_vectors(arena);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(there_are_1200_vectors, vectors),
      cmocka_unit_test_prestate(sizes_and_alignments_agree, vectors),
      cmocka_unit_test_prestate(flat_types_agree, vectors),
      cmocka_unit_test_prestate(values_read_back_as_they_were_printed, vectors),
  };
  int status = vectors ? cmocka_run_group_tests(tests, NULL, NULL) : EXIT_SKIPPED;
  arena_free(arena);
  return status;
}
