#include "runtime/wasm.h"

#include "tests/unit/runtime/modules.h"

static const char everything[] =
    "(module (type (func (param i32 f64) (result i64))) (type (func))"
    " (import \"a.b\" \"c d\" (func (type 0))) (import \"m\" \"g\" (global i32))"
    " (import \"m\" \"f\" (func (type 1)))"
    " (func $own (param f32) (result i32 i64) (i32.const 1) (i64.const 2))"
    " (table 1 2 funcref) (memory 3 7) (global (mut f64) (f64.const 1))"
    " (export \"own\" (func $own)) (export \"memory\" (memory 0)) (export \"imported\" (func 0))"
    " (export \"\" (global 1)) (export \"t\" (table 0))"
    " (start 1) (elem (i32.const 0) $own) (data (i32.const 0) \"abc\"))";

static Str with_custom(Arena *arena, const WasmModule *module, Str name, Str bytes)
{
  WasmCustom custom = {name, bytes};
  Str none = STR("no such section");
  return wasm_with_customs(arena, module, &none, 1, &custom, 1);
}

static bool reads(Arena *arena, Str bytes, WasmModule *out, Diags *diags)
{
  *diags = diags_in(arena);
  return wasm_read(arena, STR("m.wasm"), bytes, out, diags);
}

static void all_parts_of_a_module_are_read(void **state)
{
  Arena *arena = *state;
  WasmModule module = modules_read(arena, everything);
  assert_int_equal(module.import_count, 3);
  assert_text(module.imports[0].module, "a.b");
  assert_text(module.imports[0].name, "c d");
  assert_int_equal(module.imports[1].kind, WASM_GLOBAL);
  assert_int_equal(module.imports[2].type, 1);
  assert_int_equal(module.imported_function_count, 2);
  assert_int_equal(module.function_count, 3);
  assert_int_equal(module.export_count, 5);
  assert_int_equal(wasm_export(&module, STR("memory"))->kind, WASM_MEMORY);
  assert_int_equal(wasm_export(&module, STR("own"))->index, 2);
  assert_int_equal(wasm_export(&module, STR(""))->kind, WASM_GLOBAL);
  assert_null(wasm_export(&module, STR("ow")));
  assert_int_equal(module.memory_count, 1);
  assert_true(module.memory_min_pages == 3 && module.memory_max_pages == 7);
  assert_true(module.has_start);
  assert_text(wasm_type_text(arena, wasm_function_type(&module, 0)), "(i32, f64) -> i64");
  assert_text(wasm_type_text(arena, wasm_function_type(&module, 1)), "() -> ()");
  assert_text(wasm_type_text(arena, wasm_function_type(&module, 2)), "(f32) -> (i32, i64)");
  assert_null(wasm_function_type(&module, 3));
}

static void an_empty_module_is_one(void **state)
{
  WasmModule module = modules_read(*state, "(module)");
  assert_int_equal(module.export_count + module.import_count + module.function_count, 0);
  assert_true(module.memory_max_pages == UINT64_MAX);
  assert_false(module.has_start);
  assert_null(wasm_custom(&module, STR("name")).at);
}

/* --- what is refused */

static void every_truncation_is_refused_or_a_module(void **state)
{
  Arena *arena = *state;
  Str whole = modules_wasm(arena, everything);
  size_t modules = 0;
  for (size_t len = 0; len < whole.len; len++) {
    /* A copy of that length, so that AddressSanitizer sees reading past its end. */
    Str cut = {malloc(len ? len : 1), len};
    memcpy((char *)(uintptr_t)cut.at, whole.at, len);
    WasmModule module;
    Diags diags;
    if (reads(arena, cut, &module, &diags))
      modules++; /* cut between two sections */
    else
      assert_int_equal(diags.errors, 1);
    free((char *)(uintptr_t)cut.at);
  }
  assert_in_range(modules, 1, 11);
}

static void damage_is_refused_with_its_place(void **state)
{
#define HEAD "\0asm\1\0\0\0"
#define BYTES(text)       \
  {                       \
    text, sizeof text - 1 \
  }
  static const struct {
    Str bytes;
    const char *says;
  } cases[] = {
      {BYTES(""), "magic number, at byte 0x0"},
      {BYTES("\x7f"
             "ELF\1\0\0\0"),
       "magic number"},
      {BYTES("\0asm\1"), "it ends too early"},
      {BYTES("\0asm\2\0\0\0"), "its version is not 1"},
      {BYTES(HEAD "\1"), "it ends too early, at byte 0x9"},
      {BYTES(HEAD "\1\5\1"), "it ends too early, at byte 0xa"},
      {BYTES(HEAD "\x0e\0"), "a section of unknown kind"},
      {BYTES(HEAD "\1\x80\x80\x80\x80\x10"), "a number is too long"},
      {BYTES(HEAD "\1\xff\xff\xff\xff\xff\x00"), "a number is too long"},
      {BYTES(HEAD "\1\5\xff\xff\xff\xff\x0f"), "more items than it has bytes for, at byte 0xf"},
      {BYTES(HEAD "\1\4\1\x61\0\0"), "a type of unknown form"},
      {BYTES(HEAD "\1\5\1\x60\0\0\0"), "longer than its contents, at byte 0xe"},
      {BYTES(HEAD "\3\1\0\1\1\0"), "sections are out of order, at byte 0xb"},
      {BYTES(HEAD "\1\1\0\1\1\0"), "sections are out of order"},
      {BYTES(HEAD "\3\2\1\0"), "a function has a type that is not there"},
      {BYTES(HEAD "\2\6\1\1i\1i\0"), "it ends too early"},
      {BYTES(HEAD "\2\7\1\1i\1i\0\0"), "an import has a type that is not there"},
      {BYTES(HEAD "\2\7\1\1i\1i\7\0"), "imports something of unknown kind"},
      {BYTES(HEAD "\2\7\1\1\xff\1i\0\0"), "a name is not UTF-8"},
      {BYTES(HEAD "\1\4\1\x60\0\0\2\x0d\2\1a\1b\0\0\1\xff\1c\0\0"), "a name is not UTF-8"},
      {BYTES(HEAD "\7\5\1\1e\0\0"), "it exports something that is not there"},
      {BYTES(HEAD "\7\5\1\1e\6\0"), "it exports something of unknown kind"},
      {BYTES(HEAD "\1\4\1\x60\0\0\3\2\1\0\7\x09\2\1e\0\0\1e\0\0"), "two exports have the same name"},
      {BYTES(HEAD "\0\2\5a"), "it ends too early"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    WasmModule module;
    Diags diags;
    assert_false(reads(arena, cases[i].bytes, &module, &diags));
    assert_int_equal(diags.errors, 1);
    modules_assert_says(&diags, "m.wasm is not a WebAssembly module: ");
    modules_assert_says(&diags, cases[i].says);
  }
}

static void what_is_not_supported_is_named(void **state)
{
  static const struct {
    Str bytes;
    const char *says;
  } cases[] = {
      {BYTES("\0asm\x0d\0\1\0"), "is a WebAssembly component"},
      {BYTES(HEAD "\5\3\1\4\1"), "uses 64-bit memory"},
      {BYTES(HEAD "\5\4\1\3\1\1"), "uses shared memory (threads)"},
      {BYTES(HEAD "\5\5\2\0\1\0\1"), "uses several memories"},
      {BYTES(HEAD "\2\x08\1\1i\1m\2\0\1\5\3\1\0\1"), "uses several memories"},
      {BYTES(HEAD "\x0d\1\0"), "uses exceptions"},
      {BYTES(HEAD "\2\x08\1\1i\1m\4\0\0"), "uses exceptions"},
      {BYTES(HEAD "\1\5\1\x5f\1\x7f\0"), "uses garbage-collected types"},
      {BYTES(HEAD "\1\6\1\x60\1\x64\0\0"), "uses typed references"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    WasmModule module;
    Diags diags;
    assert_false(reads(arena, cases[i].bytes, &module, &diags));
    assert_int_equal(diags.first->code, DIAG_UNSUPPORTED);
    modules_assert_says(&diags, cases[i].says);
  }
}

/* --- writing back */

static void custom_sections_come_and_go(void **state)
{
  Arena *arena = *state;
  WasmModule plain = modules_read(arena, everything), one, two, again;
  Diags diags;
  assert_true(reads(arena, with_custom(arena, &plain, STR("assay:interface"), STR("text")), &one, &diags));
  assert_true(reads(arena, with_custom(arena, &one, STR("other"), STR("")), &two, &diags));
  assert_int_equal(two.custom_count, plain.custom_count + 2);
  assert_text(wasm_custom(&two, STR("assay:interface")), "text");
  assert_text(wasm_custom(&two, STR("other")), "");
  Str removed[] = {STR("other"), STR("assay:interface")};
  assert_slice(wasm_with_customs(arena, &two, removed, 2, NULL, 0), plain.bytes);
  assert_slice(wasm_with_customs(arena, &two, removed, 1, NULL, 0), one.bytes);
  assert_true(reads(arena, wasm_with_customs(arena, &two, NULL, 0, NULL, 0), &again, &diags));
  assert_int_equal(again.custom_count, 0);
  assert_int_equal(again.export_count, plain.export_count);
}

static void large_custom_sections_are_kept_whole(void **state)
{
  Arena *arena = *state;
  WasmModule plain = modules_read(arena, "(module)"), with;
  Diags diags;
  for (size_t len = 0; len < 20000; len = len * 2 + 1) {
    Str bytes = {arena_alloc(arena, len), len};
    assert_true(reads(arena, with_custom(arena, &plain, STR("c"), bytes), &with, &diags));
    assert_slice(wasm_custom(&with, STR("c")), bytes);
  }
}

static bool validates(Arena *arena, Str bytes)
{
  Diags diags = diags_in(arena);
  ProcessResult result;
  Str file = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("validate.wasm"));
  const char *argv[] = {"wasm-validate", str_to_z(arena, file), NULL};
  ProcessOptions options = {.argv = argv};
  assert_true(file_write(file, bytes, &diags) && process_run(arena, &options, &result, &diags));
  return result.end == PROCESS_EXITED && result.status == 0;
}

static void plain_names_replace_all_names(void **state)
{
  Arena *arena = *state;
  WasmModule module = modules_read(arena, everything), plain;
  Diags diags;
  Str named = with_custom(arena, &module, STR("name"), STR("\0\2\1m"));
  assert_true(reads(arena, named, &module, &diags));
  Str bytes = wasm_with_plain_names(arena, &module);
  assert_true(reads(arena, bytes, &plain, &diags));
  assert_true(validates(arena, bytes));
  assert_int_equal(plain.custom_count, 0);
  assert_int_equal(plain.import_count, 3);
  for (uint32_t i = 0; i < 3; i++) {
    assert_text(plain.imports[i].module, "i");
    assert_slice(plain.imports[i].name, str_format(arena, "i%u", i));
    assert_int_equal(plain.imports[i].kind, module.imports[i].kind);
  }
  for (uint32_t i = 0; i < 5; i++) {
    assert_slice(plain.exports[i].name, str_format(arena, "e%u", i));
    assert_int_equal(plain.exports[i].index, module.exports[i].index);
  }
  assert_slice(wasm_with_plain_names(arena, &plain), bytes);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(all_parts_of_a_module_are_read),          TEST(an_empty_module_is_one),
      TEST(every_truncation_is_refused_or_a_module), TEST(damage_is_refused_with_its_place),
      TEST(what_is_not_supported_is_named),          TEST(custom_sections_come_and_go),
      TEST(large_custom_sections_are_kept_whole),    TEST(plain_names_replace_all_names),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
