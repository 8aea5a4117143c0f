/* What linked modules may use up together, and who is to blame when it was too much: fuel, time, stack,
 * memory, long chains and large values. */
#include "tests/unit/runtime/modules.h"

enum { CHAIN = 100, CALL_MS = 300 };

static const char wit[] =
    "package t:t;\n"
    "interface low { one: func() -> u32; forever: func(); bytes: func(x: list<u8>) -> list<u8>; grow: "
    "func(); }\n"
    "interface high { once: func() -> u32; twice: func() -> u32; spin: func(); hang: func();\n"
    "  bytes: func(n: u32) -> u32; grow: func(); deep: func(); }\n";

/* By docs/metering.md `one` costs 1: constants are free and an addition is 1. */
static const char low_wat[] =
    "(module (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 65536))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)\n"
    "  (local.set $at (global.get $top)) (global.set $top (i32.add (local.get $at) (local.get 3)))\n"
    "  (if (i32.eq (memory.grow (i32.add (i32.div_u (local.get 3) (i32.const 65536)) (i32.const 1))) "
    "(i32.const -1))\n"
    "   (then unreachable)) (local.get $at))\n"
    " (func (export \"t:t/low#one\") (result i32) (i32.add (i32.const 3) (i32.const 4)))\n"
    " (func (export \"t:t/low#forever\") (loop (br 0)))\n"
    " (func (export \"t:t/low#bytes\") (param i32 i32) (result i32)\n"
    "  (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))\n"
    " (func (export \"t:t/low#grow\")\n"
    "  (loop (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) (br 0))))";

/* A call is 4: `once` costs 4 + 1, `twice` 4 + 1 + 4 + 1 and an addition. */
static const char high_wat[] =
    "(module (import \"t:t/low\" \"one\" (func $one (result i32))) (import \"t:t/low\" \"forever\" (func "
    "$forever))\n"
    " (import \"t:t/low\" \"bytes\" (func $bytes (param i32 i32 i32))) (import \"t:t/low\" \"grow\" (func "
    "$grow))\n"
    " (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 65536))\n"
    " (func $realloc (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)\n"
    "  (local.set $at (global.get $top)) (global.set $top (i32.add (local.get $at) (local.get 3)))\n"
    "  (drop (memory.grow (i32.add (i32.div_u (local.get 3) (i32.const 65536)) (i32.const 1)))) (local.get "
    "$at))\n"
    " (func (export \"t:t/high#once\") (result i32) (call $one))\n"
    " (func (export \"t:t/high#twice\") (result i32) (i32.add (call $one) (call $one)))\n"
    " (func (export \"t:t/high#spin\") (loop (drop (call $one)) (br 0)))\n"
    " (func (export \"t:t/high#hang\") (call $forever))\n"
    /* `n` bytes that end in 7, there and back; the last one, and the length where that is another */
    " (func (export \"t:t/high#bytes\") (param $n i32) (result i32) (local $at i32)\n"
    "  (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $n)))\n"
    "  (i32.store8 (i32.sub (i32.add (local.get $at) (local.get $n)) (i32.const 1)) (i32.const 7))\n"
    "  (call $bytes (local.get $at) (local.get $n) (i32.const 16))\n"
    "  (if (i32.ne (i32.load (i32.const 20)) (local.get $n)) (then (return (i32.load (i32.const 20)))))\n"
    "  (i32.load8_u (i32.sub (i32.add (i32.load (i32.const 16)) (local.get $n)) (i32.const 1))))\n"
    " (func (export \"t:t/high#grow\") (call $grow))\n"
    " (func $deep (export \"t:t/high#deep\") (drop (call $one)) (call $deep) (drop (call $one))))";

static bool load(Arena *arena, const char *text, const char *name, const char *wat,
                 const Implementation *providers, size_t count, Implementation *out, Diags *diags)
{
  Str folder = str_from_z(getenv("ASSAY_HOME"));
  Str path = path_join(arena, folder, str_format(arena, "%s.wasm", name));
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), str_from_z(text)};
  const Package *package = wit_parse(arena, source, NULL, diags);
  assert_non_null(package);
  assert_true(file_write(path, modules_wasm(arena, wat), diags));
  return implementation_load_with(arena, path, package_interface(package, str_from_z(name)), providers, count,
                                  out, diags);
}

/* Both, linked and compiled as `variant`. */
static Loaded *load_both(Arena *arena, WasmVariant variant)
{
  Diags diags = diags_in(arena);
  AotOptions options = {.variant = variant};
  Implementation *at = arena_array_of(arena, Implementation, 2);
  Loaded *self = arena_new_of(arena, Loaded);
  bool fine = load(arena, wit, "low", low_wat, NULL, 0, &at[0], &diags) &&
              load(arena, wit, "high", high_wat, at, 1, &at[1], &diags) &&
              aot_compile(arena, &at[1].module, at[1].path, &options, &self->object, &diags) &&
              fit_compile_needs(arena, &at[1].fit, &options, &self->fit, &diags);
  self->interface = self->fit.interface;
  if (fine)
    self->program = program_open(arena, self->object, &self->fit, &(GuestLimits){.call_ms = CALL_MS}, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static void cost_is_that_of_all_that_ran(void **state)
{
  static const struct {
    const char *function, *want;
    uint64_t cost;
  } rows[] = {{"once", "7", 5}, {"twice", "14", 11}};
  Arena *arena = *state;
  Loaded *loaded = load_both(arena, WASM_METERED);
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Fault fault = {0};
    guest_set_fuel(guest, 1000);
    modules_expect(arena, loaded, guest, rows[i].function, "", rows[i].want);
    assert_int_equal(guest_cost(guest), rows[i].cost);
    assert_true(guest_reset(guest, &fault));
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* Who used most of it up: one that runs on for ever, or who calls it for ever. */
static void fuel_ends_in_whom_it_was_used_up(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_both(arena, WASM_METERED);
  Guest *guest = modules_guest(loaded);
  Fault none = {0};
  guest_set_fuel(guest, 1000);
  Fault fault = modules_expect_fault(arena, loaded, guest, "hang", "", FAULT_OUT_OF_FUEL);
  assert_true(fault.elsewhere);
  assert_memory_equal(fault.detail, "in low", 6);
  /* Charged block by block: what is left is negative by less than one block. */
  assert_in_range(guest_cost(guest), 1001, 1010);
  assert_true(guest_reset(guest, &none));
  guest_set_fuel(guest, 1000);
  fault = modules_expect_fault(arena, loaded, guest, "spin", "", FAULT_OUT_OF_FUEL);
  assert_false(fault.elsewhere);
  assert_in_range(guest_cost(guest), 1001, 1010);
  guest_free(guest);
  program_close(loaded->program);
}

static void all_count_or_none(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  AotOptions metered = {.variant = WASM_METERED};
  Implementation *at = arena_array_of(arena, Implementation, 2);
  Str object;
  assert_true(load(arena, wit, "low", low_wat, NULL, 0, &at[0], &diags));
  assert_true(load(arena, wit, "high", high_wat, at, 1, &at[1], &diags));
  assert_true(aot_compile(arena, &at[1].module, at[1].path, &metered, &object, &diags));
  assert_null(program_open(arena, object, &at[1].fit, NULL, &diags));
  modules_assert_says(&diags, "does not count its cost");
}

/* The search counts what the implementation under test reaches, not what others do. */
static void coverage_is_that_of_the_outermost(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  AotOptions cover = {.variant = WASM_COVER};
  Implementation *at = arena_array_of(arena, Implementation, 2);
  Loaded self = {0};
  assert_true(load(arena, wit, "low", low_wat, NULL, 0, &at[0], &diags));
  assert_true(load(arena, wit, "high", high_wat, at, 1, &at[1], &diags));
  assert_true(aot_compile(arena, &at[1].module, at[1].path, &cover, &self.object, &diags));
  self.fit = at[1].fit;
  self.interface = self.fit.interface;
  self.program = program_open(arena, self.object, &self.fit, NULL, &diags);
  assert_non_null(self.program);
  Guest *guest = modules_guest(&self);
  modules_expect(arena, &self, guest, "twice", "", "14");
  GuestCounters counters = guest_counters(guest);
  uint32_t entered = 0;
  for (uint32_t i = 0; i < counters.block_count; i++) entered += counters.blocks[i];
  assert_int_equal(entered, 1); /* the body of `twice` */
  guest_free(guest);
  program_close(self.program);
}

static void limits_blame_who_went_past_them(void **state)
{
  static const struct {
    const char *function;
    FaultKind kind;
    bool elsewhere;
  } rows[] = {
      {"hang", FAULT_TIME_LIMIT, true},
      {"spin", FAULT_TIME_LIMIT, false},
      {"grow", FAULT_UNREACHABLE, true},
      {"deep", FAULT_STACK_EXHAUSTED, false},
  };
  Arena *arena = *state;
  Loaded *loaded = load_both(arena, WASM_PLAIN);
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Fault none = {0};
    Fault fault = modules_expect_fault(arena, loaded, guest, rows[i].function, "", rows[i].kind);
    if (fault.elsewhere != rows[i].elsewhere) print_error("%s: %s\n", rows[i].function, fault.detail);
    assert_int_equal(fault.elsewhere, rows[i].elsewhere);
    assert_true(guest_reset(guest, &none));
  }
  guest_free(guest);
  program_close(loaded->program);
}

static void a_hundred_megabytes_pass_both_ways(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_both(arena, WASM_PLAIN);
  Guest *guest = modules_guest(loaded);
  guest_limit_calls(guest, 60000);
  modules_expect(arena, loaded, guest, "bytes", "100000000", "7");
  guest_free(guest);
  program_close(loaded->program);
}

static Str chain_wit(Arena *arena)
{
  Buf out = buf_in(arena);
  buf_z(&out, "package t:t;\n");
  for (int i = 0; i < CHAIN; i++) buf_printf(&out, "interface m%d { f: func(how: u32) -> u32; }\n", i);
  return buf_text(&out);
}

/* Each asks the one before it, and adds one; the first traps at 9. */
static Str chain_wat(Arena *arena, int i)
{
  if (i == 0)
    return STR("(module (func (export \"t:t/m0#f\") (param i32) (result i32)\n"
               " (if (i32.eq (local.get 0) (i32.const 9)) (then unreachable)) (local.get 0)))");
  return str_format(arena,
                    "(module (import \"t:t/m%d\" \"f\" (func $f (param i32) (result i32)))\n"
                    " (func (export \"t:t/m%d#f\") (param i32) (result i32)\n"
                    "  (i32.add (call $f (local.get 0)) (i32.const 1))))",
                    i - 1, i);
}

static void a_hundred_stand_on_one_another(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation *at = arena_array_of(arena, Implementation, CHAIN);
  const char *text = str_to_z(arena, chain_wit(arena));
  for (int i = 0; i < CHAIN; i++) {
    Str name = str_format(arena, "m%d", i);
    bool fine = load(arena, text, str_to_z(arena, name), str_to_z(arena, chain_wat(arena, i)), at, (size_t)i,
                     &at[i], &diags);
    modules_show(&diags);
    assert_true(fine);
  }
  const Implementation *last = &at[CHAIN - 1];
  Loaded self = {.interface = last->fit.interface, .fit = last->fit};
  assert_true(aot_compile(arena, &last->module, last->path, NULL, &self.object, &diags));
  self.program = program_open(arena, self.object, &self.fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(self.program);
  Guest *guest = modules_guest(&self);
  modules_expect(arena, &self, guest, "f", "1", "100");
  Fault fault = modules_expect_fault(arena, &self, guest, "f", "9", FAULT_UNREACHABLE);
  assert_true(fault.elsewhere);
  assert_memory_equal(fault.detail, "in m0", 5);
  guest_free(guest);
  program_close(self.program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(cost_is_that_of_all_that_ran),
      TEST(fuel_ends_in_whom_it_was_used_up),
      TEST(all_count_or_none),
      TEST(coverage_is_that_of_the_outermost),
      TEST(limits_blame_who_went_past_them),
      TEST(a_hundred_megabytes_pass_both_ways),
      TEST(a_hundred_stand_on_one_another),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
