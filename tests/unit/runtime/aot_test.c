#include "runtime/aot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "runtime/aot_internal.h"
#include "runtime/guest_side.h"
#include "tests/unit/runtime/modules.h"

static const char seven_wat[] = "(module (func (export \"t:t/i#f\") (result i32) i32.const 7))";
static const char eight_wat[] = "(module (func (export \"t:t/i#f\") (result i32) i32.const 8))";
static const char items[] = "f: func() -> u32;";

static bool compiles(Arena *arena, const char *wat, uint32_t layout, Str *object, Diags *diags)
{
  WasmModule module = modules_read(arena, wat);
  AotOptions options = {.layout = layout};
  *diags = diags_in(arena);
  return aot_compile(arena, &module, STR("m.wasm"), &options, object, diags);
}

static Str compile(Arena *arena, const char *wat, uint32_t layout)
{
  Str object = {0};
  Diags diags;
  bool compiled = compiles(arena, wat, layout, &object, &diags);
  modules_show(&diags);
  assert_true(compiled);
  return object;
}

static size_t leftovers(Arena *arena)
{
  Diags diags = diags_in(arena);
  Str *names;
  size_t count = 0;
  Str folder = path_join(arena, cache_folder(arena), STR("tmp"));
  if (dir_exists(folder)) assert_true(dir_list(arena, folder, &names, &count, &diags));
  return count;
}

/* When the object was made: a rebuilt one is another file. */
static ino_t identity(Arena *arena, Str object)
{
  struct stat status;
  assert_int_equal(stat(str_to_z(arena, object), &status), 0);
  return status.st_ino;
}

static uint64_t result_of(Arena *arena, const char *wat)
{
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  Value result;
  Fault fault = {0};
  assert_true(guest_call(guest, modules_function(loaded, "f"), NULL, arena, &result, &fault));
  guest_free(guest);
  program_close(loaded->program);
  return result.bits;
}

/* --- the cache */

static void a_module_is_compiled_once(void **state)
{
  Arena *arena = *state;
  Str first = compile(arena, seven_wat, 0);
  ino_t made = identity(arena, first);
  assert_slice(compile(arena, seven_wat, 0), first);
  assert_true(identity(arena, first) == made);
  assert_false(str_equal(compile(arena, eight_wat, 0), first));
  assert_false(str_equal(compile(arena, seven_wat, 1), first));
  assert_int_equal(leftovers(arena), 0);
}

/* What a module is called, and what it says about itself, is no part of its code. */
static void names_and_custom_sections_do_not_matter(void **state)
{
  Arena *arena = *state;
  Str object = compile(arena, seven_wat, 0);
  assert_slice(compile(arena, "(module (func $named (export \"other\") (result i32) i32.const 7))", 0),
               object);
}

static void damage(Arena *arena, Str object, size_t at, size_t keep)
{
  Diags diags = diags_in(arena);
  Str bytes;
  assert_true(file_read(arena, object, SIZE_MAX, &bytes, &diags));
  char *copy = str_to_z(arena, bytes);
  copy[at % bytes.len] ^= 1;
  assert_true(file_write(object, (Str){copy, keep < bytes.len ? keep : bytes.len}, &diags));
}

static void a_damaged_object_is_made_again(void **state)
{
  static const struct {
    size_t at, keep;
  } cases[] = {{0, SIZE_MAX}, {5000, SIZE_MAX}, {SIZE_MAX, SIZE_MAX}, {0, 0}, {0, 20}, {0, 4096}};
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str object = compile(arena, seven_wat, 0);
    damage(arena, object, cases[i].at, cases[i].keep);
    ino_t damaged = identity(arena, object);
    assert_slice(compile(arena, seven_wat, 0), object);
    assert_true(identity(arena, object) != damaged);
    assert_true(result_of(arena, seven_wat) == 7);
  }
}

static void another_module_s_object_is_no_match(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str bytes, seven = compile(arena, seven_wat, 0), eight = compile(arena, eight_wat, 0);
  assert_true(file_read(arena, eight, SIZE_MAX, &bytes, &diags));
  assert_true(file_write(seven, bytes, &diags));
  assert_true(result_of(arena, seven_wat) == 7);
}

static void two_processes_can_compile_the_same_module_at_once(void **state)
{
  Arena *arena = *state;
  for (int round = 0; round < 2; round++) {
    pid_t children[3];
    Str wat =
        str_format(arena, "(module (func (export \"t:t/i#f\") (result i32) i32.const %d))", 100 + round);
    const char *text = str_to_z(arena, wat);
    WasmModule module = modules_read(arena, text);
    for (int i = 0; i < 3; i++) {
      children[i] = fork();
      if (children[i]) continue;
      Str object;
      Diags diags = diags_in(arena);
      _exit(aot_compile(arena, &module, STR("m.wasm"), NULL, &object, &diags) ? 0 : 1);
    }
    for (int i = 0; i < 3; i++) {
      int status;
      assert_int_equal(waitpid(children[i], &status, 0), children[i]);
      assert_int_equal(status, 0);
    }
    assert_true(result_of(arena, text) == 100 + (uint64_t)round);
    assert_int_equal(leftovers(arena), 0);
  }
}

static Hash key_of(uint8_t number)
{
  return (Hash){{number}};
}

static void use_at(Arena *arena, Str path, time_t seconds)
{
  struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
  assert_int_equal(utimensat(AT_FDCWD, str_to_z(arena, path), times, 0), 0);
}

static void what_was_not_used_for_longest_goes_first(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str cache = path_join(arena, cache_folder(arena), STR("small")), paths[5];
  Str object = {arena_alloc(arena, 960), 960}; /* 1,000 bytes with the seal */
  for (uint8_t i = 0; i < 5; i++) {
    assert_true(object_cache_put(arena, cache, key_of(i), object, &paths[i], &diags));
    use_at(arena, paths[i], 1000000 + (i + 3) % 5); /* 2 is the oldest, then 3, 4, 0, 1 */
  }
  Str leftover = str_format(arena, "%.*s.x.tmp", STR_ARG(paths[0]));
  assert_true(file_write(leftover, STR("x"), &diags));
  use_at(arena, leftover, 1000000);
  object_cache_trim(arena, cache, 5000);
  assert_true(file_exists(paths[2]));
  assert_false(file_exists(leftover));
  object_cache_trim(arena, cache, 3999);
  assert_false(file_exists(paths[2]));
  assert_false(file_exists(paths[3]));
  Str found;
  assert_true(object_cache_find(arena, cache, key_of(4), &found)); /* which makes it the newest */
  object_cache_trim(arena, cache, 1000);
  assert_true(file_exists(paths[4]));
  assert_false(file_exists(paths[1]));
}

static void a_cache_that_cannot_be_written_is_a_diagnostic(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  char *home = str_to_z(arena, str_from_z(getenv("ASSAY_HOME")));
  Str file = path_join(arena, str_from_z(home), STR("file"));
  WasmModule module = modules_read(arena, seven_wat);
  assert_true(file_write(file, STR(""), &diags));
  setenv("ASSAY_HOME", str_to_z(arena, file), 1);
  Str object = STR("untouched");
  assert_false(aot_compile(arena, &module, STR("m.wasm"), NULL, &object, &diags));
  setenv("ASSAY_HOME", home, 1);
  assert_true(diags.errors > 0);
  assert_text(object, "untouched");
}

/* --- what can be wrong */

static void expect_refused(Arena *arena, const char *wat, DiagCode code, const char *says)
{
  Str object = STR("untouched");
  Diags diags;
  assert_false(compiles(arena, wat, 0, &object, &diags));
  if (diags.first->code != code) modules_show(&diags);
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->code, code);
  modules_assert_says(&diags, says);
  assert_text(object, "untouched");
  assert_int_equal(leftovers(arena), 0);
}

static void an_invalid_module_is_refused_in_the_validator_s_words(void **state)
{
  expect_refused(*state, "(module (func (export \"f\") (result i32) i64.const 0))", DIAG_MODULE,
                 "m.wasm is not a valid WebAssembly module");
  expect_refused(*state, "(module (func (export \"f\") (result i32) i64.const 0))", DIAG_MODULE,
                 "type mismatch in implicit return, expected [i32] but got [i64]");
  expect_refused(*state, "(module (func i32.const 0 i32.load drop))", DIAG_MODULE, "memory 0 out of range");
  expect_refused(*state, "(module (func call 7))", DIAG_MODULE, "function variable out of range");
}

static void a_feature_that_cannot_be_compiled_is_named(void **state)
{
  Arena *arena = *state;
  expect_refused(arena, "(module (func (drop (v128.const i32x4 0 0 0 0))))", DIAG_UNSUPPORTED,
                 "m.wasm uses SIMD, which the compiler (wasm2c) cannot translate");
  expect_refused(arena, "(module (func (drop (v128.const i32x4 0 0 0 0))))", DIAG_UNSUPPORTED,
                 "rebuild with -mno-simd128");
  expect_refused(arena, "(module (func $f (return_call $f)))", DIAG_UNSUPPORTED, "uses tail calls");
  expect_refused(arena, "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))", DIAG_UNSUPPORTED,
                 "uses atomics (threads)");
  expect_refused(arena, "(module (func (try (do) (catch_all))))", DIAG_UNSUPPORTED, "uses exceptions");
  expect_refused(arena, "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", DIAG_UNSUPPORTED,
                 "uses extended constant expressions");
}

static void imports_that_nothing_can_provide_are_refused(void **state)
{
  expect_refused(*state, "(module (import \"a\" \"b\" (memory 1)))", DIAG_MODULE, "imports the memory `a.b`");
  expect_refused(*state, "(module (import \"a\" \"b\" (global i32)))", DIAG_MODULE,
                 "imports the global `a.b`");
  expect_refused(*state, "(module (import \"a\" \"b\" (func (param externref))))", DIAG_MODULE,
                 "imports the function that takes references `a.b`");
}

static void a_missing_compiler_is_named_with_its_package(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  char *path = str_to_z(arena, str_from_z(getenv("PATH")));
  Str folder, wasm2c = process_find(arena, STR("wasm2c")), object;
  WasmModule module = modules_read(arena, seven_wat);
  assert_true(dir_make_temporary(arena, str_from_z(getenv("ASSAY_HOME")), &folder, &diags));
  setenv("PATH", str_to_z(arena, folder), 1);
  assert_false(aot_compile(arena, &module, STR("m.wasm"), NULL, &object, &diags));
  assert_int_equal(diags.first->code, DIAG_TOOLCHAIN);
  modules_assert_says(&diags, "apt-get install wabt");
  assert_int_equal(symlink(str_to_z(arena, wasm2c), str_to_z(arena, path_join(arena, folder, STR("wasm2c")))),
                   0);
  diags = diags_in(arena);
  assert_false(aot_compile(arena, &module, STR("m.wasm"), NULL, &object, &diags));
  assert_int_equal(diags.first->code, DIAG_TOOLCHAIN);
  modules_assert_says(&diags, "`clang` is needed to compile modules and is not on the PATH");
  modules_assert_says(&diags, "apt-get install clang");
  setenv("PATH", path, 1);
}

/* A compiler that fails is the toolchain's fault, never the module's. Here it is a program that does not know
 * clang's options. */
static void a_compiler_that_fails_is_reported_in_its_words(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  char *path = str_to_z(arena, str_from_z(getenv("PATH")));
  Str folder, object, other = process_find(arena, STR("wasm2c"));
  WasmModule module = modules_read(arena, seven_wat);
  assert_true(dir_make_temporary(arena, str_from_z(getenv("ASSAY_HOME")), &folder, &diags));
  assert_int_equal(symlink(str_to_z(arena, other), str_to_z(arena, path_join(arena, folder, STR("clang")))),
                   0);
  setenv("PATH", str_to_z(arena, str_format(arena, "%.*s:%s", STR_ARG(folder), path)), 1);
  bool compiled = aot_compile(arena, &module, STR("m.wasm"), NULL, &object, &diags);
  setenv("PATH", path, 1);
  assert_false(compiled);
  assert_int_equal(diags.first->code, DIAG_TOOLCHAIN);
  modules_assert_says(&diags, "cannot compile m.wasm: clang ended with status 1");
  modules_assert_says(&diags, "unknown option");
  assert_int_equal(leftovers(arena), 0);
}

/* --- what is made */

/* Only what the worker has anyway, and what cannot do anything. */
static void objects_need_nothing_but_arithmetic(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  ProcessResult result;
  Str object = compile(arena,
                       "(module"
                       " (import \"wasi_snapshot_preview1\" \"fd_close\" (func (param i32) (result i32)))"
                       " (memory 1) (table 1 funcref)"
                       " (func (export \"f\") (param f64 i32) (result f64)"
                       "  (memory.fill (local.get 1) (local.get 1) (local.get 1))"
                       "  (memory.copy (local.get 1) (local.get 1) (local.get 1))"
                       "  (drop (memory.grow (i32.const 1)))"
                       "  (f64.add (f64.floor (local.get 0)) (f64.add (f64.nearest (local.get 0))"
                       "   (f64.add (f64.sqrt (local.get 0)) (f64.trunc (f64.ceil (local.get 0))))))))",
                       0);
  const char *argv[] = {"nm", "-D", "--undefined-only", "--format=posix", str_to_z(arena, object), NULL};
  ProcessOptions options = {.argv = argv};
  assert_true(process_run(arena, &options, &result, &diags) && result.status == 0);
  for (Str rest = result.output; rest.len;) {
    static const char *const allowed[] = {"memcpy", "memset", "memmove", "memcmp", "bcmp",      "floor",
                                          "ceil",   "trunc",  "rint",    "sqrt",   "nearbyint", "fmod"};
    Str line = str_slice(rest, 0, str_find(rest, STR("\n")));
    bool is_allowed = false;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
      is_allowed = is_allowed || str_starts_with(line, str_from_z(allowed[i]));
    if (!is_allowed) print_error("undefined: %.*s\n", STR_ARG(line));
    assert_true(is_allowed);
    rest = str_slice(rest, line.len + 1, rest.len);
  }
}

/* Names in a module never reach the generated C. */
static void hostile_names_do_no_harm(void **state)
{
  Arena *arena = *state;
  compile(arena,
          "(module (import \"wasi_snapshot_preview1\" \"*/ int x; /*\" (func (param i32)))"
          " (func $i (export \"\\\"; #include </etc/passwd> \\0a#error\") (result i32) i32.const 7)"
          " (export \"m\" (func $i)) (export \"assay_module\" (func $i)) (export \"\\5c\\0a\" (func $i))"
          " (export \"e0\" (func $i)) (export \"\" (func $i)))",
          0);
}

static void unusual_functions_compile(void **state)
{
  Arena *arena = *state;
  compile(arena,
          "(module (import \"wasi_snapshot_preview1\" \"a\" (func $a (param i32 f32) (result i64 f32 f64)))"
          " (import \"wasi_snapshot_preview1\" \"b\" (func))"
          " (export \"again\" (func $a))"
          " (func (export \"many\") (param f32 i64) (result i32 i64 f32 f64)"
          "  (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4))"
          " (func (export \"refs\") (param externref funcref) (result funcref) (local.get 1))"
          " (global (export \"g\") (mut funcref) (ref.func $a)) (table (export \"t\") 1 externref))",
          0);
  compile(arena, "(module)", 0);
}

static void equal_function_types_are_one(void **state)
{
  assert_true(
      result_of(*state,
                "(module (type $a (func (param i32) (result i32))) (type $b (func (param i32) (result i32)))"
                " (table funcref (elem $f)) (func $f (type $a) (i32.add (local.get 0) (i32.const 1)))"
                " (func (export \"t:t/i#f\") (result i32)"
                "  (call_indirect (type $b) (i32.const 4) (i32.const 0))))") == 5);
}

/* Benchmarks compare layouts: each must be other bytes that do the same. */
static void layouts_differ_and_compute_the_same(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Loaded *loaded = modules_compile(arena, items, seven_wat);
  Str seen[6];
  for (uint32_t layout = 0; layout < 6; layout++) {
    seen[layout] = compile(arena, seven_wat, layout);
    for (uint32_t k = 0; k < layout; k++) assert_false(str_equal(seen[k], seen[layout]));
    loaded->program = program_open(arena, seen[layout], &loaded->fit, NULL, &diags);
    Guest *guest = modules_guest(loaded);
    modules_expect(arena, loaded, guest, "f", "", "7");
    guest_free(guest);
    program_close(loaded->program);
  }
}

/* With another wasm2c, this one is the first to say that its text has changed. */
static void the_translation_is_split_where_the_module_begins(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str folder, text, helpers, body;
  assert_true(dir_make_temporary(arena, str_from_z(getenv("ASSAY_HOME")), &folder, &diags));
  assert_true(file_write(path_join(arena, folder, STR("m.wasm")), modules_wasm(arena, seven_wat), &diags));
  const char *argv[] = {"wasm2c", "-n", "m", "m.wasm", "-o", "m.c", NULL};
  ProcessOptions options = {.argv = argv, .folder = folder};
  ProcessResult result;
  assert_true(process_run(arena, &options, &result, &diags) && result.status == 0);
  assert_true(file_read(arena, path_join(arena, folder, STR("m.c")), SIZE_MAX, &text, &diags));
  guest_side_split(text, &helpers, &body);
  assert_true(str_find(helpers, STR("DEFINE_LOAD(i32_load, u32, u32, u32)")) != SIZE_MAX);
  assert_true(str_find(helpers, STR("Z_m_instantiate")) == SIZE_MAX);
  assert_true(str_find(body, STR("Z_m_instantiate")) != SIZE_MAX);
  assert_int_equal(helpers.len + body.len, text.len);
  guest_side_split(STR("int x;\n"), &helpers, &body);
  assert_text(helpers, "int x;\n");
  assert_text(body, "");
}

/* --- WebAssembly's semantics, where C compilers have others unless they are told (toolchain.c) */

static const char float_items[] =
    "minus-zero: func(bits: u64) -> u64; times-one: func(bits: u64) -> u64; by-one: func(bits: u64) -> u64;"
    "there-and-back: func(bits: u32) -> u32; plus-constant: func(bits: u32) -> u32; tail: func(n: u32) -> "
    "u32;"
    "minus-self: func(bits: u64) -> u64;";
#define F64_FUNCTION(name, operation) \
  " (func (export \"t:t/i#" name "\") (param i64) (result i64) (i64.reinterpret_f64 " operation "))"
#define X "(f64.reinterpret_i64 (local.get 0))"
static const char float_wat[] = "(module " F64_FUNCTION("minus-zero", "(f64.sub " X " (f64.const 0))")
    F64_FUNCTION("times-one", "(f64.mul " X " (f64.const 1))")
        F64_FUNCTION("by-one", "(f64.div " X " (f64.const 1))") F64_FUNCTION(
            "minus-self",
            "(f64.sub " X " " X
            ")") " (func (export \"t:t/i#there-and-back\") (param i32) (result i32) (i32.reinterpret_f32"
                 "  (f32.demote_f64 (f64.promote_f32 (f32.reinterpret_i32 (local.get 0))))))"
                 " (func (export \"t:t/i#plus-constant\") (param i32) (result i32) (i32.reinterpret_f32"
                 "  (f32.add (f32.reinterpret_i32 (local.get 0)) (f32.const -0))))"
                 " (func $tail (export \"t:t/i#tail\") (param i32) (result i32)"
                 "  (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))"
                 "  (call $tail (i32.add (local.get 0) (i32.const 1)))))";

/* "An arithmetic NaN": operations make signalling NaNs quiet, also those that change nothing else. */
static void arithmetic_quietens_signalling_nans(void **state)
{
  static const char *const names[] = {"minus-zero", "times-one", "by-one"};
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, float_items, float_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < 3; i++)
    modules_expect(arena, loaded, guest, names[i], "9218868437227405313" /* 0x7ff0000000000001 */,
                   "9221120237041090561" /* 0x7ff8000000000001 */);
  modules_expect(arena, loaded, guest, "there-and-back", "2141192192" /* 0x7fa00000 */,
                 "2145386496" /* 0x7fe00000 */);
  modules_expect(arena, loaded, guest, "plus-constant", "2141192192", "2145386496");
  modules_expect(arena, loaded, guest, "minus-self", "4607182418800017408" /* 1.0 */, "0");
  guest_free(guest);
  program_close(loaded->program);
}

/* A call in tail position is still a call: 2³² of them do not fit the stack. */
static void calls_in_tail_position_use_the_stack_up(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, float_items, float_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "tail", "4294967000", "1");
  modules_expect_fault(arena, loaded, guest, "tail", "1", FAULT_STACK_EXHAUSTED);
  guest_free(guest);
  program_close(loaded->program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_module_is_compiled_once),
      TEST(names_and_custom_sections_do_not_matter),
      TEST(a_damaged_object_is_made_again),
      TEST(another_module_s_object_is_no_match),
      TEST(two_processes_can_compile_the_same_module_at_once),
      TEST(what_was_not_used_for_longest_goes_first),
      TEST(a_cache_that_cannot_be_written_is_a_diagnostic),
      TEST(an_invalid_module_is_refused_in_the_validator_s_words),
      TEST(a_feature_that_cannot_be_compiled_is_named),
      TEST(imports_that_nothing_can_provide_are_refused),
      TEST(a_missing_compiler_is_named_with_its_package),
      TEST(a_compiler_that_fails_is_reported_in_its_words),
      TEST(objects_need_nothing_but_arithmetic),
      TEST(hostile_names_do_no_harm),
      TEST(unusual_functions_compile),
      TEST(equal_function_types_are_one),
      TEST(layouts_differ_and_compute_the_same),
      TEST(the_translation_is_split_where_the_module_begins),
      TEST(arithmetic_quietens_signalling_nans),
      TEST(calls_in_tail_position_use_the_stack_up),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
