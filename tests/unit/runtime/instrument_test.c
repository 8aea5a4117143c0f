/* Instrumented modules, as other tools see them: valid where the original is, and doing the same. */
#include "ifc/base/rng.h"
#include "runtime/instrument.h"
#include "tests/unit/runtime/modules.h"

enum { RANDOM_MODULES = 24, SEED_BYTES = 6000, VALID_LEAST = 12 };
static const WasmVariant variants[] = {WASM_METERED, WASM_COVER};
static const char *const variant_names[] = {"metered", "covering"};

static Str test_path(Arena *arena, const char *name)
{
  return path_join(arena, str_from_z(getenv("ASSAY_HOME")), str_from_z(name));
}

/* What a tool says and how it ends, of a module. */
static ProcessResult tool(Arena *arena, const char *const *argv)
{
  Diags diags = diags_in(arena);
  ProcessResult result = {0};
  ProcessOptions options = {.argv = argv, .timeout_ms = 20000};
  bool started = process_run(arena, &options, &result, &diags);
  modules_show(&diags);
  assert_true(started);
  return result;
}

static void write_module(Str path, Str bytes)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  assert_true(file_write(path, bytes, &diags));
  arena_free(arena);
}

static bool validates(Arena *arena, Str bytes)
{
  Str path = test_path(arena, "validated.wasm");
  const char *argv[] = {"wasm-validate", str_to_z(arena, path), NULL};
  write_module(path, bytes);
  ProcessResult result = tool(arena, argv);
  return result.end == PROCESS_EXITED && result.status == 0;
}

/* The results of all its exported functions that have no parameters, and the calls of imported ones. */
static Str interpreted(Arena *arena, Str bytes)
{
  Str path = test_path(arena, "interpreted.wasm");
  const char *argv[] = {"wasm-interp", str_to_z(arena, path), "--run-all-exports", "--dummy-import-func",
                        NULL};
  write_module(path, bytes);
  ProcessResult result = tool(arena, argv);
  assert_int_equal(result.end, PROCESS_EXITED);
  return result.output;
}

/* The module with plain names, and as both variants; false: it cannot be read. */
static bool instrument_all(Arena *arena, Str bytes, Str *plain, Str instrumented[2])
{
  Diags diags = diags_in(arena);
  WasmModule module, named;
  if (!wasm_read(arena, STR("m.wasm"), bytes, &module, &diags)) return false;
  *plain = wasm_with_plain_names(arena, &module);
  if (!wasm_read(arena, STR("m.wasm"), *plain, &named, &diags)) return false;
  for (size_t i = 0; i < 2; i++) {
    Instrumented made;
    bool fine = wasm_instrument(arena, &named, STR("m.wasm"), variants[i], &made, &diags);
    modules_show(&diags);
    assert_true(fine);
    instrumented[i] = made.bytes;
  }
  return true;
}

static void corpus_modules_stay_valid(void **state)
{
  static const char folder[] = "tests/fuzz/corpus/instrument";
  Diags diags = diags_in(*state);
  Str *names, bytes, plain, instrumented[2];
  size_t count, valid = 0;
  assert_true(dir_list(*state, str_from_z(folder), &names, &count, &diags));
  for (size_t i = 0; i < count; i++) {
    assert_true(file_read(*state, path_join(*state, str_from_z(folder), names[i]), SIZE_MAX, &bytes, &diags));
    if (!validates(*state, bytes)) continue;
    assert_true(instrument_all(*state, bytes, &plain, instrumented));
    for (size_t k = 0; k < 2; k++) {
      if (!validates(*state, instrumented[k]))
        fail_msg("%.*s is not valid when it is %s", STR_ARG(names[i]), variant_names[k]);
    }
    valid++;
  }
  assert_true(valid >= 7);
}

/* A module that Binaryen makes up from random bytes; empty: it would not. */
static Str random_module(Arena *arena, uint64_t seed)
{
  Str from = test_path(arena, "random.bytes"), to = test_path(arena, "random.wasm"), bytes = {0};
  Rng rng = rng_from_seed(seed);
  uint64_t words[SEED_BYTES / sizeof(uint64_t)];
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) words[i] = rng_next(&rng);
  write_module(from, (Str){(const char *)words, sizeof words});
  const char *argv[] = {"wasm-opt",
                        str_to_z(arena, from),
                        "--translate-to-fuzz",
                        "--disable-simd",
                        "--disable-threads",
                        "-o",
                        str_to_z(arena, to),
                        NULL};
  Diags diags = diags_in(arena);
  ProcessResult result = tool(arena, argv);
  if (result.end != PROCESS_EXITED || result.status) return (Str){0};
  assert_true(file_read(arena, to, SIZE_MAX, &bytes, &diags));
  return bytes;
}

static void random_modules_stay_valid_and_do_the_same(void **state)
{
  size_t valid = 0;
  const char *first = getenv("INSTRUMENT_SEED"); /* for long searches by hand */
  uint64_t seed = first ? strtoull(first, NULL, 10) : 1;
  for (uint64_t end = seed + RANDOM_MODULES; seed < end; seed++) {
    ArenaMark mark = arena_mark(*state);
    Str plain, instrumented[2], bytes = random_module(*state, seed);
    if (bytes.len && validates(*state, bytes) && instrument_all(*state, bytes, &plain, instrumented)) {
      valid++;
      Str want = interpreted(*state, plain);
      assert_true(want.len > 0);
      for (size_t k = 0; k < 2; k++) {
        if (!validates(*state, instrumented[k]))
          fail_msg("module %llu is not valid when it is %s", (unsigned long long)seed, variant_names[k]);
        if (!str_equal(interpreted(*state, instrumented[k]), want))
          fail_msg("module %llu does something else when it is %s", (unsigned long long)seed,
                   variant_names[k]);
      }
    }
    arena_reset(*state, mark);
  }
  assert_true(valid >= VALID_LEAST);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(corpus_modules_stay_valid),
      TEST(random_modules_stay_valid_and_do_the_same),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
