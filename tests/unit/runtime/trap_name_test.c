/* A trap tells in which function of the module it came up. */
#include "tests/unit/runtime/modules.h"

static const char items[] = "f: func(x: u32) -> u32; unnamed: func(x: u32) -> u32; fine: func() -> u32;";

/* What stands for @ in each function: it is too long to be inlined. All are in a table, so that they are not
 * their caller's alone. */
static const char longer[] =
    "(loop (i32.store (local.get 0) (i32.load (i32.mul (local.get 0) (i32.const 3))))"
    " (i32.store (i32.load (local.get 0)) (local.get 0)) (call $other (local.get 0))"
    " (br_if 0 (i32.load (i32.const 4))))";
enum { LONGER_TIMES = 6 };

static const char short_wat[] =
    "(module (memory (export \"memory\") 1) (type $t (func (param i32) (result i32))) (table 10 funcref)"
    " (elem (i32.const 1) $other $mean $a_wild_load $deep $endless $indirect $to_integer $panic 10)"
    " (func $other (param i32) (if (i32.eq (local.get 0) (i32.const 99)) (then"
    "   (memory.fill (i32.const 0) (i32.const 1) (i32.load (i32.const 0))))))"
    " (func $mean (param i32) (result i32) @ (i32.div_u (i32.const 6) (local.get 0)))"
    " (func $a_wild_load (param i32) (result i32) @ (i32.load (i32.const -8)))"
    " (func $deep (param i32) (result i32) @ (i32.add (i32.const 1) (call $deep (local.get 0))))"
    " (func $endless (param i32) (result i32) (loop $l (br_if $l (i32.eqz (i32.load (i32.const 8))))) @   "
    "(i32.const 1))"
    " (func $indirect (param i32) (result i32) @ (call_indirect (type $t) (i32.const 1) (i32.const 1)))"
    " (func $to_integer (param i32) (result i32) @ (i32.trunc_f64_s (f64.const nan)))"
    " (func $panic (param i32) (result i32) @ (unreachable))"
    " (func (export \"t:t/i#f\") (param i32) (result i32)"
    "  (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0"
    "   (br_table $0 $1 $2 $3 $4 $5 $6 (local.get 0)))"
    "   (return (call $mean (i32.load (i32.const 16))))) (return (call $a_wild_load (i32.load (i32.const "
    "16)))))"
    "   (return (call $deep (i32.load (i32.const 16))))) (return (call $endless (i32.load (i32.const 16)))))"
    "   (return (call $indirect (i32.load (i32.const 16))))) (return (call $to_integer (i32.load (i32.const "
    "16)))))"
    "  (call $panic (i32.load (i32.const 16))))"
    " (func (export \"t:t/i#unnamed\") (param i32) (result i32) (call 10 (local.get 0)))"
    " (func (param i32) (result i32) @ (i32.div_u (i32.const 6) (local.get 0)))"
    " (func (export \"t:t/i#fine\") (result i32) (i32.const 1)))";

static const struct {
  const char *arg;
  FaultKind kind;
  const char *function;
} cases[] = {{"0", FAULT_DIVIDE_BY_ZERO, "mean"},    {"1", FAULT_OUT_OF_BOUNDS, "a_wild_load"},
             {"2", FAULT_STACK_EXHAUSTED, "deep"},   {"3", FAULT_TIME_LIMIT, "endless"},
             {"4", FAULT_INDIRECT_CALL, "indirect"}, {"5", FAULT_INVALID_CONVERSION, "to_integer"},
             {"6", FAULT_UNREACHABLE, "panic"}};

static const char *wat(Arena *arena)
{
  Buf out = buf_in(arena);
  for (const char *at = short_wat; *at; at++) {
    for (int i = 0; *at == '@' && i < LONGER_TIMES; i++) buf_z(&out, longer);
    if (*at != '@') buf_byte(&out, *at);
  }
  return str_to_z(arena, buf_text(&out));
}

/* The text as wat2wasm gives it names: with --debug-names. */
static Str named_wasm(Arena *arena)
{
  Diags diags = diags_in(arena);
  ProcessResult result;
  Str bytes = {0}, out = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("named.wasm"));
  const char *argv[] = {"wat2wasm", "--debug-names", "-", "-o", str_to_z(arena, out), NULL};
  ProcessOptions options = {.argv = argv, .input = str_from_z(wat(arena))};
  assert_true(process_run(arena, &options, &result, &diags));
  if (result.status) print_error("%.*s", STR_ARG(result.errors));
  assert_true(file_read(arena, out, SIZE_MAX, &bytes, &diags));
  return bytes;
}

static Loaded *load(Arena *arena, Str bytes, WasmVariant variant)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  AotOptions options = {.variant = variant};
  GuestLimits limits = {.call_ms = 100};
  self->interface = modules_interface(arena, items);
  bool fine = wasm_read(arena, STR("m.wasm"), bytes, &self->module, &diags) &&
              implementation_fit(arena, &self->module, STR("m.wasm"), self->interface, &self->fit, &diags) &&
              aot_compile(arena, &self->module, STR("m.wasm"), &options, &self->object, &diags);
  if (fine) self->program = program_open(arena, self->object, &self->fit, &limits, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static void expect_place(Arena *arena, const Loaded *loaded, const char *name, const char *arg,
                         FaultKind kind, const char *function)
{
  Guest *guest = modules_guest(loaded);
  Fault fault = modules_expect_fault(arena, loaded, guest, name, arg, kind);
  assert_string_equal(fault.function, function);
  Fault again = {0};
  assert_true(guest_reset(guest, &again));
  modules_expect(arena, loaded, guest, "fine", "", "1");
  guest_free(guest);
}

static void a_trap_names_its_function(void **state)
{
  Arena *arena = *state;
  for (WasmVariant variant = WASM_PLAIN; variant <= WASM_COVER; variant++) {
    Loaded *loaded = load(arena, named_wasm(arena), variant);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
      expect_place(arena, loaded, "f", cases[i].arg, cases[i].kind, cases[i].function);
    expect_place(arena, loaded, "unnamed", "0", FAULT_DIVIDE_BY_ZERO, "function 10");
    program_close(loaded->program);
  }
}

static void the_message_has_the_name(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load(arena, named_wasm(arena), WASM_PLAIN);
  Guest *guest = modules_guest(loaded);
  Fault fault = modules_expect_fault(arena, loaded, guest, "f", "0", FAULT_DIVIDE_BY_ZERO);
  assert_text(fault_text(arena, &fault), "divided an integer by zero, in `mean`");
  guest_free(guest);
  program_close(loaded->program);
}

/* A name section is anybody's: it is shown escaped and cut, or not at all. */
static void names_that_lie_do_no_harm(void **state)
{
  const struct {
    Str section;
    const char *function;
  } lies[] = {
      {STR("\x01\x0e\x01\x01\x0b\x1b[31m\0`\n\"%s"), "\\x1b[31m\\x00`\\x0a\"%s"},
      {STR("\x01\xff\xff\xff\xff\x0f\x01"), "function 1"},          /* longer than it is */
      {STR("\x01\x07\xff\xff\xff\xff\x0f\x01\x01"), "function 1"},  /* more names than bytes */
      {STR("\x01\x08\x01\xff\xff\xff\xff\x0f\x01x"), "function 1"}, /* of a function that is not there */
      {STR("\x01\x05\x01\x01\x02\xff\xfe"), "function 1"},          /* not UTF-8 */
      {STR("\x09\x00\x01\x04\x01\x01\x01g"), "g"},                  /* behind an unknown one */
  };
  Arena *arena = *state;
  WasmModule plain = modules_read(arena, wat(arena));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    WasmCustom custom = {STR("name"), lies[i].section};
    Loaded *loaded = load(arena, wasm_with_customs(arena, &plain, NULL, 0, &custom, 1), WASM_PLAIN);
    expect_place(arena, loaded, "f", "0", FAULT_DIVIDE_BY_ZERO, lies[i].function);
    program_close(loaded->program);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_trap_names_its_function),
      TEST(the_message_has_the_name),
      TEST(names_that_lie_do_no_harm),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
