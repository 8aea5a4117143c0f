/* What is harvested from a module: what its text says it holds. */
#include "runtime/harvest.h"

#include "tests/unit/runtime/modules.h"

static const char module[] =
    "(module (memory 1)"
    " (data (i32.const 64) \"open sesame\\00\\e2\\82\\ac\\00x\\00\\ff\\fe\\00three\")"
    " (data \"\\78\\56\\34\\12\\00\\00\\00\\00\\ef\\cd\\ab\\89\\67\\45\\23\\01\")"
    " (func (export \"f\") (param i32 i64 f32 f64) (result i32)"
    "  (drop (i32.eq (local.get 0) (i32.const 777)))"
    "  (drop (i32.eq (local.get 0) (i32.const 777)))"
    "  (drop (i32.eq (local.get 0) (i32.const -559038737)))"
    "  (drop (i64.eq (local.get 1) (i64.const 0x7fedcba987654321)))"
    "  (drop (f32.eq (local.get 2) (f32.const 1.5)))"
    "  (drop (f64.eq (local.get 3) (f64.const 6.62607015e-34)))"
    "  (i32.const 1)))";

static bool has_integer(const Harvest *harvest, uint64_t value)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < harvest->integer_count; i++) count += harvest->integers[i] == value;
  assert_true(count < 2);
  return count == 1;
}

static bool has_real(const Harvest *harvest, double number)
{
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  for (uint32_t i = 0; i < harvest->real_count; i++)
    if (harvest->reals[i] == bits) return true;
  return false;
}

static bool has_text(const Harvest *harvest, const char *text)
{
  for (uint32_t i = 0; i < harvest->text_count; i++)
    if (str_equal(harvest->texts[i], str_from_z(text))) return true;
  return false;
}

static void constants_of_the_code_are_harvested_once(void **state)
{
  WasmModule read = modules_read(*state, module);
  Harvest harvest = wasm_harvest(*state, &read);
  assert_true(has_integer(&harvest, 777));
  assert_true(has_integer(&harvest, (uint64_t)(int64_t)-559038737));
  assert_true(has_integer(&harvest, UINT64_C(0x7fedcba987654321)));
  assert_false(has_integer(&harvest, 1));
  assert_true(has_real(&harvest, 1.5));
  assert_true(has_real(&harvest, 6.62607015e-34));
}

static void what_may_be_a_length_is_known_as_one(void **state)
{
  WasmModule read = modules_read(*state, module);
  Harvest harvest = wasm_harvest(*state, &read);
  bool found = false;
  for (uint32_t i = 0; i < harvest.length_count; i++) {
    assert_true(harvest.lengths[i] >= 2 && harvest.lengths[i] <= 1 << 15);
    found = found || harvest.lengths[i] == 777;
  }
  assert_true(found);
}

static void texts_and_words_of_the_data_are_harvested(void **state)
{
  WasmModule read = modules_read(*state, module);
  Harvest harvest = wasm_harvest(*state, &read);
  assert_true(has_text(&harvest, "open sesame"));
  assert_true(has_text(&harvest, "\xe2\x82\xac"));
  assert_true(has_text(&harvest, "three"));
  assert_false(has_text(&harvest, "x"));
  assert_true(has_integer(&harvest, 0x12345678));
  assert_true(has_integer(&harvest, UINT64_C(0x0123456789abcdef)));
}

static void a_table_of_many_words_is_cut(void **state)
{
  Buf wat = buf_in(*state);
  buf_z(&wat, "(module (memory 1) (data (i32.const 0) \"");
  for (uint32_t i = 0; i < 3 * HARVEST_NUMBERS_MAX; i++)
    buf_printf(&wat, "\\%02x\\%02x\\%02x\\80", i & 255, i >> 8 & 255, i >> 16);
  buf_z(&wat, "\"))");
  WasmModule read = modules_read(*state, str_to_z(*state, buf_text(&wat)));
  Harvest harvest = wasm_harvest(*state, &read);
  assert_int_equal(harvest.integer_count, HARVEST_NUMBERS_MAX);
}

/* Every byte of the module in turn is another one: whatever can still be read is harvested within bounds. */
static void a_damaged_module_is_read_as_far_as_it_goes(void **state)
{
  Str bytes = modules_wasm(*state, module);
  for (size_t i = 8; i < bytes.len; i++) {
    Arena *arena = arena_new();
    Diags diags = diags_in(arena);
    Str damaged = str_copy(arena, bytes);
    ((char *)(uintptr_t)damaged.at)[i] = (char)(bytes.at[i] ^ 0x41);
    WasmModule read;
    if (wasm_read(arena, STR("m.wasm"), damaged, &read, &diags)) {
      Harvest harvest = wasm_harvest(arena, &read);
      for (uint32_t k = 0; k < harvest.text_count; k++)
        assert_true(harvest.texts[k].at >= damaged.at &&
                    harvest.texts[k].at + harvest.texts[k].len <= damaged.at + damaged.len);
    }
    arena_free(arena);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(constants_of_the_code_are_harvested_once),   TEST(what_may_be_a_length_is_known_as_one),
      TEST(texts_and_words_of_the_data_are_harvested),  TEST(a_table_of_many_words_is_cut),
      TEST(a_damaged_module_is_read_as_far_as_it_goes),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
