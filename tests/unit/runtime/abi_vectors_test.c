/* Lowering and lifting against the vectors of the component model's executable reference. */
#include "tests/unit/ifc/wit_values.h"
#include "tests/unit/runtime/abi_memory.h"

enum { FLAT_MAX = 256 };

typedef struct Vector {
  const Json *json;
  const Type *type;
  Value value;
} Vector;

static void for_each(void **state, void (*check)(Arena *arena, const Vector *vector))
{
  const Json *vectors = *state;
  assert_int_equal(jv_count(vectors), 1200);
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

static uint8_t hex_digit(char digit)
{
  return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* The bytes that the vector's member says lie from BUMP_START on; how many there are. */
static size_t put_heap(const Vector *vector, Str member, uint8_t *bytes)
{
  Str hex = jv_as_string(jv_get(vector->json, member));
  for (size_t i = 0; i < hex.len / 2; i++)
    bytes[BUMP_START + i] = (uint8_t)(hex_digit(hex.at[2 * i]) << 4 | hex_digit(hex.at[2 * i + 1]));
  return hex.len / 2;
}

static void assert_heap(Arena *arena, const Vector *vector, Str member, const AbiMemory *memory)
{
  uint8_t *want = arena_alloc(arena, PAGE_BYTES);
  put_heap(vector, member, want);
  assert_memory_equal(memory->bytes, want, PAGE_BYTES);
}

static size_t wanted_flat(const Vector *vector, uint64_t *flat)
{
  const Json *list = jv_get(vector->json, STR("flat"));
  for (size_t i = 0; i < jv_count(list); i++) {
    Str hex = jv_as_string(jv_at(list, i));
    flat[i] = 0;
    for (size_t j = 0; j < hex.len; j++) flat[i] = flat[i] << 4 | hex_digit(hex.at[j]);
  }
  return jv_count(list);
}

static void check_lower_flat(Arena *arena, const Vector *vector)
{
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  uint64_t flat[FLAT_MAX], want[FLAT_MAX];
  size_t used = 0, count = wanted_flat(vector, want);
  assert_true(abi_lower_flat(memory, vector->type, vector->value, flat, &used, &fault));
  assert_int_equal(used, count);
  for (size_t i = 0; i < count; i++) assert_true(flat[i] == want[i]);
  assert_heap(arena, vector, STR("flat_heap"), memory);
}

static void values_lower_to_the_flat_slots_of_the_reference(void **state)
{
  for_each(state, check_lower_flat);
}

static void check_lift_flat(Arena *arena, const Vector *vector)
{
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  Value value;
  uint64_t flat[FLAT_MAX];
  size_t used = 0, count = wanted_flat(vector, flat);
  memory->size = BUMP_START + put_heap(vector, STR("flat_heap"), memory->bytes);
  assert_true(abi_lift_flat(memory, arena, vector->type, flat, &used, &value, &fault));
  assert_int_equal(used, count);
  assert_true(value_equal(vector->type, value, vector->value));
}

static void the_flat_slots_of_the_reference_lift_to_values(void **state)
{
  for_each(state, check_lift_flat);
}

static void check_store(Arena *arena, const Vector *vector)
{
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  uint32_t pointer;
  assert_true(abi_allocate(memory, type_align(vector->type), type_size(vector->type), &pointer, &fault));
  assert_int_equal(pointer, jv_as_integer(jv_get(vector->json, STR("ptr"))));
  assert_true(abi_store(memory, vector->type, vector->value, pointer, &fault));
  assert_heap(arena, vector, STR("heap"), memory);
}

static void values_are_stored_as_the_reference_stores_them(void **state)
{
  for_each(state, check_store);
}

static void check_load(Arena *arena, const Vector *vector)
{
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  Value value;
  memory->size = BUMP_START + put_heap(vector, STR("heap"), memory->bytes);
  uint32_t pointer = (uint32_t)jv_as_integer(jv_get(vector->json, STR("ptr")));
  assert_true(abi_load(memory, arena, vector->type, pointer, &value, &fault));
  assert_true(value_equal(vector->type, value, vector->value));
}

static void what_the_reference_stored_is_loaded(void **state)
{
  for_each(state, check_load);
}

int main(void)
{
  Arena *arena = arena_new();
  void *vectors = (void *)(uintptr_t)abi_vectors(arena);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(values_lower_to_the_flat_slots_of_the_reference, vectors),
      cmocka_unit_test_prestate(the_flat_slots_of_the_reference_lift_to_values, vectors),
      cmocka_unit_test_prestate(values_are_stored_as_the_reference_stores_them, vectors),
      cmocka_unit_test_prestate(what_the_reference_stored_is_loaded, vectors),
  };
  int status = vectors ? cmocka_run_group_tests(tests, NULL, NULL) : EXIT_SKIPPED;
  arena_free(arena);
  return status;
}
