/* Guests and the world: imports, start-up, and the allocator and post-return functions of the Canonical ABI.
 */
#include "runtime/guest.h"

#include "tests/unit/runtime/modules.h"

/* --- imports */

static const char wasi_items[] = "run: func(which: u32) -> u32;";
static const char wasi_wat[] =
    "(module"
    " (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"
    " (import \"wasi_snapshot_preview1\" \"clock_time_get\" (func $clock (param i32 i64 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"random_get\" (func $random (param i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"environ_sizes_get\" (func $sizes (param i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"fd_fdstat_get\" (func $stat (param i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"fd_seek\" (func $seek (param i32 i64 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"fd_close\" (func $close (param i64) (result i64)))"
    " (import \"env\" \"abort\" (func $abort (param i32 i32 i32 i32)))"
    " (memory 1)"
    " (table funcref (elem $clock_call $exit_call)) (func $clock_call) (func $exit_call)"
    " (type $seek_type (func (param i32 i64 i32 i32) (result i32)))"
    " (table $imports funcref (elem $seek))"
    /* One piece of 5 bytes, one of 6. */
    " (data (i32.const 16) \"\\40\\00\\00\\00\\05\\00\\00\\00\\50\\00\\00\\00\\06\\00\\00\\00\")"
    /* One piece that begins inside and ends outside. */
    " (data (i32.const 48) \"\\ff\\ff\\00\\00\\02\\00\\00\\00\")"
    " (func $written (param i32 i32 i32 i32) (result i32)"
    "  (i32.add (i32.mul (i32.const 100) (call $write (local.get 0) (local.get 1) (local.get 2) (local.get "
    "3)))"
    "   (i32.load (i32.const 8))))"
    " (func (export \"t:t/i#run\") (param i32) (result i32)"
    "  (block (block (block (block (block (block (block (block (block (block (block (block (block (block"
    "   (br_table 0 1 2 3 4 5 6 7 8 9 10 11 12 13 (local.get 0)))"
    "   (return (call $written (i32.const 1) (i32.const 16) (i32.const 2) (i32.const 8))))"
    "   (return (call $written (i32.const 3) (i32.const 16) (i32.const 2) (i32.const 8))))"
    "   (return (call $written (i32.const 1) (i32.const 48) (i32.const 1) (i32.const 8))))"
    "   (return (call $written (i32.const 1) (i32.const 65532) (i32.const 2) (i32.const 8))))"
    "   (return (call $written (i32.const 1) (i32.const 16) (i32.const -1) (i32.const 8))))"
    "   (return (call $written (i32.const 2) (i32.const 16) (i32.const 0) (i32.const 65533))))"
    "   (call $exit (i32.const 3)))"
    "   (return (call $clock (i32.const 0) (i64.const 0) (i32.const 0))))"
    "   (return (call $random (i32.const 0) (i32.const 0))))"
    "   (return (i32.add (call $sizes (i32.const 16) (i32.const 20)) (i32.load (i32.const 20)))))"
    "   (return (i32.add (i32.mul (i32.const 100) (call $stat (i32.const 1) (i32.const 16)))"
    "    (i32.load8_u (i32.const 16)))))"
    "   (return (call_indirect $imports (type $seek_type) (i32.const 1) (i64.const 0) (i32.const 0)"
    "    (i32.const 0) (i32.const 0))))"
    "   (return (i32.wrap_i64 (call $close (i64.const 1)))))"
    "  (call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)))";

static void the_granted_part_of_wasi_answers_and_gives_nothing_away(void **state)
{
  static const struct {
    const char *which, *want;
  } cases[] = {
      {"0", "11"},   /* written */
      {"1", "800"},  /* not an open handle */
      {"2", "2100"}, /* the second byte is outside */
      {"3", "2100"}, /* the vectors are partly outside */
      {"4", "2800"}, /* too many */
      {"5", "2100"}, /* no room for the answer */
      {"9", "0"},    /* no variables */
      {"10", "2"},   /* a character device */
      {"11", "70"},  /* which cannot seek; called through a table */
  };
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, wasi_items, wasi_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  Fault fault = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    modules_expect(arena, loaded, guest, "run", cases[i].which, cases[i].want);
    assert_true(guest_reset(guest, &fault));
  }
  guest_free(guest);
  program_close(loaded->program);
}

static void what_is_not_granted_is_a_fault_that_names_it(void **state)
{
  static const struct {
    const char *which;
    FaultKind kind;
    const char *detail;
  } cases[] = {
      {"6", FAULT_EXITED, "status 3"},
      {"7", FAULT_IMPORT_DENIED, "wasi_snapshot_preview1.clock_time_get"},
      {"8", FAULT_IMPORT_DENIED, "wasi_snapshot_preview1.random_get"},
      /* Right name, wrong type. */
      {"12", FAULT_IMPORT_DENIED, "wasi_snapshot_preview1.fd_close"},
      {"13", FAULT_UNREACHABLE, ""},
  };
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, wasi_items, wasi_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Fault fault = modules_expect_fault(arena, loaded, guest, "run", cases[i].which, cases[i].kind);
    assert_slice(str_from_z(fault.detail), str_from_z(cases[i].detail));
    fault = (Fault){0};
    assert_true(guest_reset(guest, &fault));
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* Functions of ours run on the guest's stack: it must not be possible to let them crash there. */
static void an_import_called_at_the_end_of_the_stack_is_exhaustion(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(
      arena, "f: func();",
      "(module"
      " (import \"wasi_snapshot_preview1\" \"fd_close\" (func $close (param i32) (result i32)))"
      " (memory 1)"
      " (func $f (export \"t:t/i#f\") (drop (call $close (i32.const 1))) (drop (memory.grow (i32.const 0)))"
      "  (call $f) (drop (call $close (i32.const 1)))))",
      (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  for (int i = 0; i < 10; i++) {
    modules_expect_fault(arena, loaded, guest, "f", "", FAULT_STACK_EXHAUSTED);
    Fault fault = {0};
    assert_true(guest_reset(guest, &fault));
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* --- start-up */

static void expect_no_guest(Arena *arena, const char *wat, FaultKind want)
{
  Loaded *loaded = modules_load(arena, "f: func();", wat, (GuestLimits){.call_ms = 20});
  for (int i = 0; i < 3; i++) {
    Fault fault = {0};
    assert_null(guest_new(loaded->program, &fault));
    assert_int_equal(fault.kind, want);
  }
  program_close(loaded->program);
}

static void a_fault_at_start_up_is_no_guest(void **state)
{
  Arena *arena = *state;
  expect_no_guest(arena, "(module (func (export \"t:t/i#f\")) (func (export \"_initialize\") unreachable))",
                  FAULT_UNREACHABLE);
  expect_no_guest(arena, "(module (func (export \"t:t/i#f\")) (start 1) (func (loop (br 0))))",
                  FAULT_TIME_LIMIT);
  expect_no_guest(arena, "(module (memory 1) (func (export \"t:t/i#f\")) (data (i32.const 65535) \"ab\"))",
                  FAULT_OUT_OF_BOUNDS);
  expect_no_guest(arena, "(module (table 1 funcref) (func $f (export \"t:t/i#f\")) (elem (i32.const 1) $f))",
                  FAULT_OUT_OF_BOUNDS);
}

/* --- strings, realloc and post-return */

static const char string_items[] = "twice: func(text: string) -> string; frees: func() -> u32;"
                                   "measure: func(a: list<u8>, b: list<u32>) -> u32;";
/* A bump allocator; post-return counts, and checks what it is given. */
#define STRING_WAT(ON_REALLOC, ON_POST)                                                                 \
  "(module"                                                                                             \
  " (import \"wasi_snapshot_preview1\" \"fd_close\" (func $close (param i32) (result i32)))"            \
  " (memory (export \"memory\") 1)"                                                                     \
  " (global $next (mut i32) (i32.const 1024)) (global $frees (mut i32) (i32.const 0))"                  \
  " (func $realloc (export \"cabi_realloc\") (param $old i32) (param $old_size i32) (param $align i32)" \
  "  (param $size i32) (result i32) (local $at i32) " ON_REALLOC                                        \
  "  (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))"   \
  "   (i32.sub (i32.const 0) (local.get $align))))"                                                     \
  "  (global.set $next (i32.add (local.get $at) (local.get $size)))"                                    \
  "  (loop (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))"                 \
  "   (then (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable))) (br 1))))"    \
  "  (local.get $at))"                                                                                  \
  " (func (export \"t:t/i#twice\") (param $at i32) (param $len i32) (result i32) (local $out i32)"      \
  "  (local.set $out (call $realloc (i32.const 0) (i32.const 0) (i32.const 1)"                          \
  "   (i32.mul (local.get $len) (i32.const 2))))"                                                       \
  "  (memory.copy (local.get $out) (local.get $at) (local.get $len))"                                   \
  "  (memory.copy (i32.add (local.get $out) (local.get $len)) (local.get $at) (local.get $len))"        \
  "  (i32.store (i32.const 8) (local.get $out))"                                                        \
  "  (i32.store (i32.const 12) (i32.mul (local.get $len) (i32.const 2))) (i32.const 8))"                \
  " (func (export \"cabi_post_t:t/i#twice\") (param i32) " ON_POST                                      \
  "  (if (i32.ne (local.get 0) (i32.const 8)) (then (unreachable)))"                                    \
  "  (global.set $frees (i32.add (global.get $frees) (i32.const 1)))"                                   \
  "  (global.set $next (i32.const 1024)))"                                                              \
  " (func (export \"t:t/i#frees\") (result i32) (global.get $frees))"                                   \
  " (func (export \"t:t/i#measure\") (param i32 i32 i32 i32) (result i32)"                              \
  "  (i32.add (i32.add (i32.mul (local.get 1) (i32.const 1000)) (local.get 3))"                         \
  "   (i32.load8_u (local.get 0)))))"
static const char string_wat[] = STRING_WAT("", "");
static const char calling_wat[] = STRING_WAT(
    "(if (i32.eq (local.get $size) (i32.const 5)) (then (drop (call $close (i32.const 1)))))",
    "(if (i32.eq (i32.load (i32.const 12)) (i32.const 8)) (then (drop (call $close (i32.const 1)))))");
static const char lying_wat[] =
    STRING_WAT("(if (i32.eq (local.get $size) (i32.const 5)) (then (return (i32.const -2))))"
               "(if (i32.eq (local.get $size) (i32.const 6)) (then (unreachable)))"
               "(if (i32.eq (local.get $size) (i32.const 7)) (then (loop (br 0))))"
               "(if (i32.eq (local.get $align) (i32.const 4)) (then (return (i32.const 1024))))"
               "(if (i32.eq (local.get $size) (i32.const 8)) (then (return (i32.const 1024))))",
               "unreachable");

static void strings_go_both_ways_and_are_freed_once_each(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, string_items, string_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "twice", "\"\"", "\"\"");
  modules_expect(arena, loaded, guest, "twice", "\"grüß\"", "\"grüßgrüß\"");
  modules_expect(arena, loaded, guest, "frees", "", "2");
  modules_expect(arena, loaded, guest, "measure", "[9, 8, 7], [1, 2]", "3011");
  guest_free(guest);
  program_close(loaded->program);
}

/* The memory moves its end during lowering. */
static void a_string_larger_than_the_memory_makes_it_grow(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, string_items, string_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  size_t size = 1000 * 1000;
  char *text = arena_alloc(arena, size);
  memset(text, 'x', size);
  Value arg = value_string((Str){text, size}), result;
  Fault fault = {0};
  assert_true(guest_call(guest, modules_function(loaded, "twice"), &arg, arena, &result, &fault));
  assert_int_equal(result.count, 2 * size);
  assert_int_equal(result.text[2 * size - 1], 'x');
  guest_free(guest);
  program_close(loaded->program);
}

static void imports_during_realloc_and_post_return_are_faults(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, string_items, calling_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "twice", "\"abc\"", "\"abcabc\"");
  Fault fault = modules_expect_fault(arena, loaded, guest, "twice", "\"abcde\"", FAULT_REENTERED);
  assert_text(str_from_z(fault.detail), "wasi_snapshot_preview1.fd_close during cabi_realloc");
  fault = (Fault){0};
  assert_true(guest_reset(guest, &fault));
  fault = modules_expect_fault(arena, loaded, guest, "twice", "\"abcd\"", FAULT_REENTERED);
  assert_text(str_from_z(fault.detail), "wasi_snapshot_preview1.fd_close during post-return");
  fault = (Fault){0};
  assert_true(guest_reset(guest, &fault));
  modules_expect(arena, loaded, guest, "twice", "\"ab\"", "\"abab\"");
  guest_free(guest);
  program_close(loaded->program);
}

static void a_bad_allocator_is_a_fault_of_its_kind(void **state)
{
  static const struct {
    const char *name, *args;
    FaultKind want;
  } cases[] = {
      {"twice", "\"abcde\"", FAULT_REALLOC_OUT_OF_BOUNDS},
      {"twice", "\"abcdef\"", FAULT_UNREACHABLE},
      {"twice", "\"abcdefg\"", FAULT_TIME_LIMIT},
      {"twice", "\"abcd\"", FAULT_UNREACHABLE}, /* in post-return */
      {"measure", "[1, 2, 3, 4, 5, 6, 7, 8], [1]", FAULT_REALLOC_OVERLAP},
  };
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, string_items, lying_wat, (GuestLimits){.call_ms = 20});
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    modules_expect_fault(arena, loaded, guest, cases[i].name, cases[i].args, cases[i].want);
    modules_expect_fault(arena, loaded, guest, "frees", "", cases[i].want);
    Fault fault = {0};
    assert_true(guest_reset(guest, &fault));
    modules_expect(arena, loaded, guest, "frees", "", "0");
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* Arguments of all prepared calls stay in the guest's memory until they run. */
static void prepared_strings_are_run_and_finished_one_by_one(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, string_items, string_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  const Function *twice = modules_function(loaded, "twice");
  PreparedCall call;
  Fault fault = {0};
  for (int i = 0; i < 3; i++) {
    Value arg = value_string(STR("ho ")), result;
    assert_true(guest_prepare(guest, twice, &arg, &call, &fault));
    assert_true(guest_run(guest, twice, &call, 1, &fault));
    assert_true(guest_finish(guest, twice, &call, arena, &result, &fault));
    assert_text(value_as_string(result), "ho ho ");
  }
  modules_expect(arena, loaded, guest, "frees", "", "3");
  guest_free(guest);
  program_close(loaded->program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_granted_part_of_wasi_answers_and_gives_nothing_away),
      TEST(what_is_not_granted_is_a_fault_that_names_it),
      TEST(an_import_called_at_the_end_of_the_stack_is_exhaustion),
      TEST(a_fault_at_start_up_is_no_guest),
      TEST(strings_go_both_ways_and_are_freed_once_each),
      TEST(a_string_larger_than_the_memory_makes_it_grow),
      TEST(imports_during_realloc_and_post_return_are_faults),
      TEST(a_bad_allocator_is_a_fault_of_its_kind),
      TEST(prepared_strings_are_run_and_finished_one_by_one),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
