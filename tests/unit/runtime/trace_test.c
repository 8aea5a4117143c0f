/* Programs that tell what they compare: gcc sees through what the code makes of its operands. */
#include "runtime/guest_table.h"
#include "tests/unit/runtime/modules.h"

typedef struct Told {
  Program *program;
  Guest *guest;
  const Function *function;
  GuestTrace *trace;
} Told;

static Told load(Arena *arena, const char *condition)
{
  Diags diags = diags_in(arena);
  AotOptions options = {.traces = true};
  Loaded *self = modules_compile(
      arena, "f: func(x: u32) -> u32;",
      str_to_z(arena, str_format(arena,
                                 "(module (memory (export \"memory\") 1)"
                                 " (func (export \"t:t/i#f\") (param $x i32) (result i32) %s))",
                                 condition)));
  Str object;
  Fault fault = {0};
  bool made = aot_compile(arena, &self->module, STR("m.wasm"), &options, &object, &diags);
  modules_show(&diags);
  assert_true(made);
  Program *program = program_open(arena, object, &self->fit, NULL, &diags);
  assert_non_null(program);
  Told told = {
      .program = program, .guest = guest_new(program, &fault), .function = &self->interface->functions[0]};
  told.trace = program_trace(program);
  assert_non_null(told.guest);
  assert_non_null(told.trace);
  return told;
}

/* Does a call of f(1) compare `x`, which is 1, with this number? */
static bool tells(Arena *arena, const char *condition, uint64_t with)
{
  Told told = load(arena, condition);
  Value arg = value_u64(1), result;
  Fault fault = {0};
  told.trace->count = 0;
  assert_true(guest_call(told.guest, told.function, &arg, arena, &result, &fault));
  bool found = false;
  for (uint64_t i = 0; i < told.trace->count && i < ASSAY_TRACE_MAX; i++) {
    const AssayCompared *one = &told.trace->at[i];
    found = found || (one->left == 1 && one->right == with) || (one->right == 1 && one->left == with);
  }
  guest_free(told.guest);
  program_close(told.program);
  return found;
}

static void a_plain_comparison_is_told(void **state)
{
  assert_true(tells(*state, "(i32.eq (local.get $x) (i32.const 123456))", 123456));
}

static void what_arithmetic_hides_is_told_as_it_is(void **state)
{
  assert_true(tells(*state, "(i32.eqz (i32.xor (local.get $x) (i32.const 123456)))", 123456));
  /* 3 · 673707431 + 7 = 2021122300 */
  assert_true(tells(*state,
                    "(i32.eq (i32.add (i32.mul (local.get $x) (i32.const 3)) (i32.const 7))"
                    " (i32.const 2021122300))",
                    673707431));
}

static void the_cases_of_a_switch_are_told(void **state)
{
  const char *choice = "(block $d (block $c (block $b (block $a"
                       " (br_table $a $b $c $d (local.get $x)))"
                       " (return (i32.const 10))) (return (i32.const 27))) (return (i32.const 31)))"
                       " (i32.mul (local.get $x) (local.get $x))";
  assert_true(tells(*state, choice, 0));
  assert_true(tells(*state, choice, 2));
}

static void other_programs_tell_nothing(void **state)
{
  Loaded *self = modules_compile(*state, "f: func(x: u32) -> u32;",
                                 "(module (func (export \"t:t/i#f\") (param i32) (result i32) local.get 0))");
  Diags diags = diags_in(*state);
  Program *program = program_open(*state, self->object, &self->fit, NULL, &diags);
  assert_non_null(program);
  assert_null(program_trace(program));
  program_close(program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_plain_comparison_is_told),
      TEST(what_arithmetic_hides_is_told_as_it_is),
      TEST(the_cases_of_a_switch_are_told),
      TEST(other_programs_tell_nothing),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
