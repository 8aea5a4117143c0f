/* Large modules are compiled in pieces, and compute what they would in one. */
#include "runtime/translation.h"

#include "tests/unit/runtime/modules.h"

enum { FUNCTIONS = 240, STEPS = 60 };
static const char items[] = "f: func(x: u32) -> u32; segments: func() -> u32;";

static uint32_t constant(uint32_t function, uint32_t step)
{
  return (function * 2654435761u + step * 40503u) | 1;
}

/* What function k of the module computes. */
static uint32_t model(uint32_t function, uint32_t x)
{
  for (uint32_t step = 0; step < STEPS; step++)
    x = step % 3 == 0   ? x * constant(function, step)
        : step % 3 == 1 ? x ^ (x >> 7) ^ constant(function, step)
                        : x + constant(function, step);
  return x;
}

static void put_function(Buf *out, uint32_t function)
{
  buf_printf(out, "(func $g%u (param $x i32) (result i32)\n", function);
  for (uint32_t step = 0; step < STEPS; step++) {
    uint32_t with = constant(function, step);
    if (step % 3 == 0)
      buf_printf(out, "(local.set $x (i32.mul (local.get $x) (i32.const %u)))\n", with);
    else if (step % 3 == 1)
      buf_printf(out,
                 "(local.set $x (i32.xor (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 7)))"
                 " (i32.const %u)))\n",
                 with);
    else
      buf_printf(out, "(local.set $x (i32.add (local.get $x) (i32.const %u)))\n", with);
  }
  buf_z(out, "(local.get $x))\n");
}

/* Calls all, every third through a table; the last function of all works on segments. */
static const char *large_wat(Arena *arena)
{
  Buf out = buf_in(arena);
  buf_z(&out, "(module (memory 1) (type $t (func (param i32) (result i32)))\n"
              "(data $d \"seven\") (data (i32.const 5000) \"abc\")"
              "(func $small (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))\n");
  buf_printf(&out, "(table $table %u funcref)\n(elem (table $table) (i32.const 0) func", FUNCTIONS + 1);
  for (uint32_t k = 0; k < FUNCTIONS; k++) buf_printf(&out, " $g%u", k);
  buf_z(&out, ")\n(elem $e func $g5 $small)\n(func $f (export \"t:t/i#f\") (param $x i32) (result i32)\n");
  for (uint32_t k = 0; k < FUNCTIONS; k++) {
    if (k % 3)
      buf_printf(&out, "(local.set $x (call $small (call $g%u (local.get $x))))\n", k);
    else
      buf_printf(&out, "(local.set $x (call_indirect (type $t) (local.get $x) (i32.const %u)))\n", k);
  }
  buf_z(&out, "(local.get $x))\n");
  for (uint32_t k = 0; k < FUNCTIONS; k++) put_function(&out, k);
  buf_z(&out, "(func (export \"t:t/i#segments\") (result i32)\n");
  for (int i = 0; i < 40; i++)
    buf_printf(&out,
               "(memory.init $d (i32.const %d) (i32.const 1) (i32.const 4))"
               "(table.init $table $e (i32.const %d) (i32.const 1) (i32.const 1))\n",
               8 * i, FUNCTIONS);
  buf_printf(&out,
             "(table.set $table (i32.const 0) (ref.func $small))"
             "(i32.add (call_indirect (type $t) (i32.load (i32.const 8)) (i32.const %d))"
             " (call_indirect (type $t) (i32.load8_u (i32.const 5002)) (i32.const 0)))))",
             FUNCTIONS);
  return str_to_z(arena, buf_text(&out));
}

static void a_large_module_computes_the_same_in_pieces(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, large_wat(arena), (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  uint32_t want = 5;
  for (uint32_t k = 0; k < FUNCTIONS; k++) want = model(k, want) + (k % 3 ? 1 : 0);
  modules_expect(arena, loaded, guest, "f", "5", str_format(arena, "%u", want).at);
  /* "even" as a number and 1, and 'c' and 1; the table's last is $small now */
  want = ('e' | 'v' << 8 | 'e' << 16 | 'n' << 24) + 1 + 'c' + 1;
  modules_expect(arena, loaded, guest, "segments", "", str_format(arena, "%u", want).at);
  guest_free(guest);
  program_close(loaded->program);
}

static Str translate(Arena *arena, Str wasm)
{
  Diags diags = diags_in(arena);
  Str folder, text;
  assert_true(dir_make_temporary(arena, str_from_z(getenv("ASSAY_HOME")), &folder, &diags));
  assert_true(file_write(path_join(arena, folder, STR("m.wasm")), wasm, &diags));
  const char *argv[] = {"wasm2c", "-n", "m", "m.wasm", "-o", "m.c", NULL};
  ProcessOptions options = {.argv = argv, .folder = folder};
  ProcessResult result;
  assert_true(process_run(arena, &options, &result, &diags) && result.status == 0);
  assert_true(file_read(arena, path_join(arena, folder, STR("m.c")), SIZE_MAX, &text, &diags));
  return text;
}

static uint32_t occurrences(Str text, Str what)
{
  uint32_t count = 0;
  for (size_t at; (at = str_find(text, what)) != SIZE_MAX; count++)
    text = str_slice(text, at + what.len, text.len);
  return count;
}

/* Each large function is defined in one piece; small ones are in all of them, to be inlined. */
static void a_large_translation_is_cut_between_functions(void **state)
{
  Arena *arena = *state;
  WasmModule module = modules_read(arena, large_wat(arena));
  Str plain = wasm_with_plain_names(arena, &module);
  Translation parts = translation_split(arena, translate(arena, plain), plain, "m.wasm", false);
  assert_true(parts.piece_count > 1);
  uint32_t small = 0, large = 0;
  for (uint32_t i = 0; i <= parts.piece_count; i++) {
    Str text = i ? parts.pieces[i - 1] : parts.body;
    assert_int_equal(occurrences(text, STR("u32 w2c_f0(Z_m_instance_t* instance")), 1); /* $small */
    small += occurrences(text, STR("static u32 w2c_f0(Z_m_instance_t* instance"));
    large += occurrences(text, STR("\nu32 w2c_f")) - occurrences(text, STR("\nu32 w2c_f0("));
    assert_int_equal(occurrences(text, STR("u32 func_types[")), 1);
    assert_int_equal(occurrences(text, STR("Z_m_instantiate(")), i ? 0 : 1);
  }
  assert_int_equal(small, parts.piece_count + 1);
  /* FUNCTIONS declarations in each, and as many definitions in all */
  assert_int_equal(large, FUNCTIONS * (parts.piece_count + 1) + FUNCTIONS);
}

static void a_small_translation_stays_whole(void **state)
{
  Arena *arena = *state;
  WasmModule module = modules_read(arena, "(module (memory 1) (data \"abc\") (func (export \"f\")) (func))");
  Str plain = wasm_with_plain_names(arena, &module);
  Translation parts = translation_split(arena, translate(arena, plain), plain, "m.wasm", false);
  assert_int_equal(parts.piece_count, 0);
  assert_int_equal(occurrences(parts.body, STR("static void w2c_f1(Z_m_instance_t* instance)")), 1);
}

static void what_is_no_translation_is_left_alone(void **state)
{
  Arena *arena = *state;
  static const char *const texts[] = {
      "",
      "x",
      "int x;\n",
      "\nstatic bool s_module_initialized = false;\n",
      "static ",
      "\nstatic bool s_module_initialized = false;\nstatic u32 w2c_f1(Z_m_instance_t* instance) {\n",
      "\nstatic bool s_module_initialized = false;\nstatic const u8 data_segment_data_w2c_d99[] = "
      "{\n0\n};\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Str text = str_from_z(texts[i]);
    Translation parts = translation_split(arena, text, STR("\0asm\1\0\0\0"), "m.wasm", false);
    assert_int_equal(parts.piece_count, 0);
    assert_slice(str_format(arena, "%.*s%.*s", STR_ARG(parts.helpers), STR_ARG(parts.body)), text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_large_module_computes_the_same_in_pieces),
      TEST(a_large_translation_is_cut_between_functions),
      TEST(a_small_translation_stays_whole),
      TEST(what_is_no_translation_is_left_alone),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
