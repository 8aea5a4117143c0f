/* Programs that tell which values they write: to memory, to globals, and to locals that loops carry. */
#include "tests/unit/runtime/modules.h"

typedef struct Told {
  Program *program;
  Guest *guest;
  const Function *function;
  GuestCounters counters;
} Told;

static Told load(Arena *arena, const char *body)
{
  Diags diags = diags_in(arena);
  AotOptions options = {.variant = WASM_COVER};
  Loaded *self =
      modules_compile(arena, "f: func(x: u32);",
                      str_to_z(arena, str_format(arena,
                                                 "(module (memory (export \"memory\") 1)"
                                                 " (global $real (mut f32) (f32.const 0))"
                                                 " (global $g (mut i64) (i64.const 0))"
                                                 " (func (export \"t:t/i#f\") (param $x i32)"
                                                 " (local $f f64) (local $n i64) (local $i i32) %s))",
                                                 body)));
  Str object;
  Fault fault = {0};
  bool made = aot_compile(arena, &self->module, STR("m.wasm"), &options, &object, &diags);
  modules_show(&diags);
  assert_true(made);
  Told told = {.program = program_open(arena, object, &self->fit, NULL, &diags),
               .function = &self->interface->functions[0]};
  assert_non_null(told.program);
  told.guest = guest_new(told.program, &fault);
  assert_non_null(told.guest);
  told.counters = guest_counters(told.guest);
  return told;
}

/* The values modulo 64 that a call of f(x) writes anywhere, as bits; how many places there are goes to
 * `places`, with the spare one. */
static uint64_t written(Arena *arena, const char *body, uint32_t x, uint32_t *places)
{
  Told told = load(arena, body);
  Value arg = value_u64(x), result;
  Fault fault = {0};
  uint64_t bits = 0;
  assert_true(guest_call(told.guest, told.function, &arg, arena, &result, &fault));
  for (uint32_t i = 0; i < told.counters.state_count; i++) bits |= told.counters.states[i];
  *places = told.counters.state_count;
  guest_free(told.guest);
  program_close(told.program);
  return bits;
}

static uint64_t bit(unsigned value)
{
  return UINT64_C(1) << value % 64;
}

static void what_is_stored_is_told(void **state)
{
  static const struct {
    const char *body;
    unsigned bit; /* for f(9); what goes to memory counts from its address on, which is 8 */
  } rows[] = {
      {"(i32.store (i32.const 8) (local.get $x))", 8 + 9},
      {"(i32.store8 (i32.const 8) (i32.add (local.get $x) (i32.const 3)))", 8 + 12},
      {"(i32.store16 (i32.const 8) (i32.const 70))", 8 + 70},
      {"(i64.store (i32.const 8) (i64.const -1))", 7},
      {"(i64.store8 (i32.const 8) (i64.const 5))", 8 + 5},
      {"(i64.store32 (i32.const 8) (i64.extend_i32_u (local.get $x)))", 8 + 9},
      {"(global.set $g (i64.const 130))", 130},
  };
  uint32_t places;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_int_equal(written(*state, rows[i].body, 9, &places), bit(rows[i].bit));
    assert_int_equal(places, 2);
  }
}

static void what_loops_carry_is_told_of_every_turn(void **state)
{
  uint32_t places;
  uint64_t bits = written(*state,
                          "(loop $again"
                          "  (local.set $n (i64.add (local.get $n) (i64.extend_i32_u (local.get $x))))"
                          "  (br_if $again (i64.lt_u (local.get $n) (i64.const 8))))",
                          3, &places);
  assert_int_equal(bits, bit(3) | bit(6) | bit(9));
  assert_int_equal(places, 2);
  /* By an outer loop, written in the inner one; the inner one's own counter begins anew each time. */
  bits = written(*state,
                 "(loop $outer"
                 "  (local.set $i (i32.const 20))"
                 "  (loop $inner"
                 "    (local.set $n (i64.add (local.get $n) (i64.extend_i32_u (local.get $x))))"
                 "    (br_if $inner (i32.ne (local.tee $i (i32.add (local.get $i) (local.get $x)))"
                 "                          (i32.const 22))))"
                 "  (br_if $outer (i64.lt_u (local.get $n) (i64.const 4))))",
                 1, &places);
  assert_int_equal(bits, bit(1) | bit(2) | bit(3) | bit(4) | bit(21) | bit(22));
}

static void what_is_no_state_is_not_told(void **state)
{
  static const char *const bodies[] = {
      "(local.set $i (i32.const 7))",
      "(loop (local.set $i (local.get $x)) (drop (local.get $i)))",
      "(loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const "
      "9))))",
      "(loop $again (local.set $n (i64.sub (local.get $n) (i64.const 2)))"
      " (br_if $again (i64.gt_s (local.get $n) (i64.const -9))))",
      "(loop (local.set $f (f64.add (local.get $f) (f64.const 1))))",
      "(f32.store (i32.const 8) (f32.const 1)) (global.set $real (f32.const 2))",
      "(drop (local.get $i)) (loop (nop)) (local.set $i (i32.const 3))",
  };
  uint32_t places;
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    assert_int_equal(written(*state, bodies[i], 1, &places), 0);
    assert_int_equal(places, 1);
  }
}

static void what_is_never_executed_is_not_told(void **state)
{
  uint32_t places;
  assert_int_equal(written(*state, "(return) (i32.store (i32.const 8) (i32.const 1))", 1, &places), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_is_stored_is_told),
      TEST(what_loops_carry_is_told_of_every_turn),
      TEST(what_is_no_state_is_not_told),
      TEST(what_is_never_executed_is_not_told),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
