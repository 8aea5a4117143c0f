#include "runtime/guest.h"

#include <signal.h>
#include <sys/wait.h>

#include "runtime/sandbox.h"
#include "tests/unit/runtime/modules.h"

/* --- how calls end */

static const char trap_items[] = "unreachable: func();"
                                 "divide: func(a: s32, b: s32) -> s32;"
                                 "remainder: func(a: u64, b: u64) -> u64;"
                                 "truncate: func(a: f64) -> s32;"
                                 "load: func(at: u32) -> u32;"
                                 "load-far: func(at: u32) -> u8;"
                                 "load-wide: func(at: u32) -> u64;"
                                 "store: func(at: u32, value: u8);"
                                 "fill: func(at: u32, size: u32);"
                                 "copy: func(to: u32, at: u32, size: u32);"
                                 "table-get: func(at: u32) -> bool;"
                                 "indirect: func(at: u32) -> u32;"
                                 "recurse: func(depth: u32) -> u32;"
                                 "recurse-wide: func(depth: u32) -> f64;"
                                 "spin: func();"
                                 "dead: func(at: u32); dead-byte: func(at: u32); dead-float: func(at: u32);"
                                 "dead-product: func(at: u32) -> u32; dead-loop: func(at: u32);"
                                 "fine: func() -> u32;";
static const char trap_wat[] =
    "(module (memory (export \"memory\") 1 3) (table 4 funcref)"
    " (type $get (func (result i32))) (elem (i32.const 0) $fine $wide)"
    " (func $wide (result i64) i64.const 1)"
    " (func (export \"t:t/i#unreachable\") unreachable)"
    " (func (export \"t:t/i#divide\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))"
    " (func (export \"t:t/i#remainder\") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get "
    "1)))"
    " (func (export \"t:t/i#truncate\") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))"
    " (func (export \"t:t/i#load\") (param i32) (result i32) (i32.load (local.get 0)))"
    " (func (export \"t:t/i#load-far\") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get "
    "0)))"
    " (func (export \"t:t/i#load-wide\") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0)))"
    " (func (export \"t:t/i#store\") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))"
    " (func (export \"t:t/i#fill\") (param i32 i32)"
    "  (memory.fill (local.get 0) (i32.const 7) (local.get 1)))"
    " (func (export \"t:t/i#copy\") (param i32 i32 i32)"
    "  (memory.copy (local.get 0) (local.get 1) (local.get 2)))"
    " (func (export \"t:t/i#table-get\") (param i32) (result i32) (ref.is_null (table.get 0 (local.get 0))))"
    " (func (export \"t:t/i#indirect\") (param i32) (result i32) (call_indirect (type $get) (local.get 0)))"
    " (func $recurse (export \"t:t/i#recurse\") (param i32) (result i32)"
    "  (if (result i32) (local.get 0)"
    "   (then (i32.add (i32.const 1) (call $recurse (i32.sub (local.get 0) (i32.const 1)))))"
    "   (else (i32.const 0))))"
    /* Results of many calls alive at once make a frame that is larger than a page. */
    " (func $recurse-wide (export \"t:t/i#recurse-wide\") (param i32) (result f64) (local i32)"
    "  (local.set 1 (i32.sub (local.get 0) (i32.const 1)))"
    "  (if (result f64) (i32.eqz (local.get 0)) (then (f64.const 1)) (else"
    "   (f64.add (call $recurse-wide (local.get 1)) (f64.add (call $recurse-wide (local.get 1))"
    "   (f64.add (call $recurse-wide (local.get 1)) (call $recurse-wide (local.get 1))))))))"
    " (func (export \"t:t/i#spin\") (loop (br 0)))"
    " (func (export \"t:t/i#dead\") (param i32) (drop (i64.load (local.get 0))))"
    " (func (export \"t:t/i#dead-byte\") (param i32) (drop (i32.load8_s offset=1 (local.get 0))))"
    " (func (export \"t:t/i#dead-float\") (param i32) (drop (f64.load (local.get 0)))"
    "  (drop (f32.load (local.get 0))))"
    " (func (export \"t:t/i#dead-product\") (param i32) (result i32)"
    "  (i32.mul (i32.load (local.get 0)) (i32.const 0)))"
    " (func (export \"t:t/i#dead-loop\") (param i32) (local i32)"
    "  (loop (drop (i32.load16_u (i32.add (local.get 0) (local.get 1))))"
    "   (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 10)))))"
    " (func $fine (export \"t:t/i#fine\") (result i32) i32.const 42))";

/* The guest is as new after each fault. */
static void a_trap_is_a_fault_of_its_kind(void **state)
{
  static const struct {
    const char *name, *args;
    FaultKind want;
  } cases[] = {
      {"unreachable", "", FAULT_UNREACHABLE},
      {"divide", "1, 0", FAULT_DIVIDE_BY_ZERO},
      {"divide", "-2147483648, -1", FAULT_INTEGER_OVERFLOW},
      {"remainder", "1, 0", FAULT_DIVIDE_BY_ZERO},
      {"truncate", "nan", FAULT_INVALID_CONVERSION},
      {"truncate", "1e10", FAULT_INTEGER_OVERFLOW},
      {"load", "65533", FAULT_OUT_OF_BOUNDS},
      {"load", "4294967292", FAULT_OUT_OF_BOUNDS},
      {"load", "4294967295", FAULT_OUT_OF_BOUNDS},
      {"load-far", "0", FAULT_OUT_OF_BOUNDS},
      {"load-far", "4294967295", FAULT_OUT_OF_BOUNDS},
      {"load-wide", "4294967295", FAULT_OUT_OF_BOUNDS},
      {"store", "65536, 1", FAULT_OUT_OF_BOUNDS},
      /* What is loaded does not matter, the access does. */
      {"dead", "65529", FAULT_OUT_OF_BOUNDS},
      {"dead-byte", "65535", FAULT_OUT_OF_BOUNDS},
      {"dead-float", "65536", FAULT_OUT_OF_BOUNDS},
      {"dead-product", "65536", FAULT_OUT_OF_BOUNDS},
      {"dead-loop", "65526", FAULT_OUT_OF_BOUNDS},
      {"fill", "65535, 2", FAULT_OUT_OF_BOUNDS},
      {"fill", "4294967295, 4294967295", FAULT_OUT_OF_BOUNDS},
      {"copy", "0, 65535, 2", FAULT_OUT_OF_BOUNDS},
      {"copy", "65535, 0, 2", FAULT_OUT_OF_BOUNDS},
      {"table-get", "4", FAULT_OUT_OF_BOUNDS},
      {"indirect", "1", FAULT_INDIRECT_CALL},
      {"indirect", "2", FAULT_INDIRECT_CALL},
      {"indirect", "4", FAULT_INDIRECT_CALL},
      {"indirect", "4294967295", FAULT_INDIRECT_CALL},
      {"recurse", "4294967295", FAULT_STACK_EXHAUSTED},
      {"recurse-wide", "4294967295", FAULT_STACK_EXHAUSTED},
      {"spin", "", FAULT_TIME_LIMIT},
  };
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, trap_items, trap_wat, (GuestLimits){.call_ms = 20});
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Fault fault = modules_expect_fault(arena, loaded, guest, cases[i].name, cases[i].args, cases[i].want);
    fault = (Fault){0};
    assert_true(guest_reset(guest, &fault));
    modules_expect(arena, loaded, guest, "fine", "", "42");
  }
  guest_free(guest);
  program_close(loaded->program);
}

static void the_edges_of_memory_and_tables_are_inside(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, trap_items, trap_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "fill", "65535, 1", "");
  modules_expect(arena, loaded, guest, "load", "65532", "117440512");
  modules_expect(arena, loaded, guest, "fill", "65536, 0", "");
  modules_expect(arena, loaded, guest, "copy", "65536, 65536, 0", "");
  modules_expect(arena, loaded, guest, "dead", "65528", "");
  modules_expect(arena, loaded, guest, "dead-loop", "65525", "");
  modules_expect(arena, loaded, guest, "table-get", "3", "true");
  modules_expect(arena, loaded, guest, "table-get", "0", "false");
  modules_expect(arena, loaded, guest, "indirect", "0", "42");
  modules_expect(arena, loaded, guest, "divide", "-7, 2", "-3");
  modules_expect(arena, loaded, guest, "truncate", "-2147483648.9", "-2147483648");
  modules_expect(arena, loaded, guest, "recurse", "10000", "10000");
  guest_free(guest);
  program_close(loaded->program);
}

static void a_guest_that_failed_stays_failed_until_it_is_reset(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, trap_items, trap_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded), *other = modules_guest(loaded);
  modules_expect_fault(arena, loaded, guest, "unreachable", "", FAULT_UNREACHABLE);
  Fault fault = modules_expect_fault(arena, loaded, guest, "fine", "", FAULT_UNREACHABLE);
  assert_text(str_from_z(fault.detail), "in an earlier call; the instance was not reset");
  modules_expect(arena, loaded, other, "fine", "", "42");
  fault = (Fault){0};
  assert_true(guest_reset(guest, &fault));
  modules_expect(arena, loaded, guest, "fine", "", "42");
  guest_free(guest);
  guest_free(other);
  program_close(loaded->program);
}

/* Also with the caller's own stack nearly used up: guests have theirs. */
static uint32_t depth_reached(Arena *arena, const Loaded *loaded, Guest *guest)
{
  uint32_t low = 0, high = 1u << 24;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    Value arg = value_u64(middle), result;
    Fault fault = {0};
    if (guest_call(guest, modules_function(loaded, "recurse"), &arg, arena, &result, &fault)) {
      low = middle;
    } else {
      assert_int_equal(fault.kind, FAULT_STACK_EXHAUSTED);
      high = middle;
      fault = (Fault){0};
      assert_true(guest_reset(guest, &fault));
    }
  }
  return low;
}

static uint32_t depth_reached_below(Arena *arena, const Loaded *loaded, Guest *guest, int frames)
{
  volatile char frame[64 * 1024];
  frame[0] = (char)frames;
  if (frames) return depth_reached_below(arena, loaded, guest, frames - 1) + (uint32_t)(frame[0] * 0);
  return depth_reached(arena, loaded, guest);
}

static void the_depth_of_recursion_does_not_depend_on_the_caller(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, trap_items, trap_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  uint32_t depth = depth_reached(arena, loaded, guest);
  assert_true(depth > 50000);
  assert_int_equal(depth, depth_reached_below(arena, loaded, guest, 50));
  guest_free(guest);
  program_close(loaded->program);
}

static void a_crash_of_our_own_still_kills(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, trap_items, trap_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  pid_t child = fork();
  if (child == 0) {
    *(volatile int *)(uintptr_t)(getpid() & 8) = 1;
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) || WEXITSTATUS(status) == 1 /* ASan */);
  guest_free(guest);
  program_close(loaded->program);
}

/* --- time */

static const char time_items[] = "work: func(rounds: u32) -> u32;";
static const char time_wat[] =
    "(module (func (export \"t:t/i#work\") (param i32) (result i32) (local i32)"
    " (loop (local.set 1 (i32.xor (i32.mul (local.get 1) (i32.const 69069)) (local.get 0)))"
    "  (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    " (local.get 1)))";

/* A hundred calls together take several times the limit of one. */
static void the_limit_is_for_each_call(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, time_items, time_wat, (GuestLimits){.call_ms = 30});
  Guest *guest = modules_guest(loaded);
  static PreparedCall calls[100];
  Value rounds = value_u64(1000 * 1000);
  Fault fault = {0};
  for (size_t i = 0; i < 100; i++)
    assert_true(guest_prepare(guest, modules_function(loaded, "work"), &rounds, &calls[i], &fault));
  assert_true(guest_run(guest, modules_function(loaded, "work"), calls, 100, &fault));
  calls[99].core[0] = UINT32_MAX;
  bool finished = guest_run(guest, modules_function(loaded, "work"), calls, 100, &fault);
  assert_false(finished);
  assert_int_equal(fault.kind, FAULT_TIME_LIMIT);
  guest_free(guest);
  program_close(loaded->program);
}

/* --- values */

static const char value_items[] =
    "record circle { radius: f64, center: tuple<f64, f64> } enum three { a, b, c } flags four { a, b, c, d }"
    "record mixed { a: u8, b: tuple<s64, f32>, c: three, d: four, e: bool, f: char }"
    "id-u8: func(a: u8) -> u8; id-s8: func(a: s8) -> s8; id-s16: func(a: s16) -> s16; id-s32: func(a: s32) "
    "-> s32;"
    "id-u32: func(a: u32) -> u32; id-u64: func(a: u64) -> u64; id-s64: func(a: s64) -> s64; id-f32: func(a: "
    "f32) -> f32;"
    "id-f64: func(a: f64) -> f64; id-char: func(a: char) -> char; id-bool: func(a: bool) -> bool;"
    "id-three: func(a: three) -> three; id-four: func(a: four) -> four;"
    "nothing: func();"
    "x: func(a: circle, b: circle) -> f64; mix: func(a: mixed, b: u64) -> u64;"
    "wide: func(a: tuple<u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64>)"
    " -> u64;"
    "more: func(a: u32) -> u32;"
    "nan: func() -> u64;";
static const char value_wat[] =
    "(module (func $i32 (param i32) (result i32) local.get 0)"
    " (func $more (param i32) (result i32) (i32.add (local.get 0) (i32.const 0x7fffff)))"
    " (export \"t:t/i#id-u8\" (func $i32)) (export \"t:t/i#id-s8\" (func $i32)) (export \"t:t/i#id-s16\" "
    "(func $i32))"
    " (export \"t:t/i#id-s32\" (func $i32)) (export \"t:t/i#id-u32\" (func $i32)) (export \"t:t/i#id-char\" "
    "(func $i32))"
    " (export \"t:t/i#id-bool\" (func $i32)) (export \"t:t/i#id-three\" (func $i32))"
    " (export \"t:t/i#id-four\" (func $i32)) (export \"t:t/i#more\" (func $more))"
    " (func (export \"t:t/i#id-u64\") (param i64) (result i64) local.get 0)"
    " (func (export \"t:t/i#id-s64\") (param i64) (result i64) local.get 0)"
    " (func (export \"t:t/i#id-f32\") (param f32) (result f32) local.get 0)"
    " (func (export \"t:t/i#id-f64\") (param f64) (result f64) local.get 0)"
    " (func (export \"t:t/i#nothing\"))"
    " (func (export \"t:t/i#x\") (param f64 f64 f64 f64 f64 f64) (result f64) (f64.sub (f64.mul (local.get 0)"
    "  (local.get 1)) (f64.sub (f64.mul (local.get 2) (local.get 3)) (f64.div (local.get 4) (local.get 5)))))"
    " (func (export \"t:t/i#mix\") (param i32 i64 f32 i32 i32 i32 i32 i64) (result i64)"
    "  (i64.add (i64.add (i64.add (i64.extend_i32_u (local.get 0)) (i64.mul (local.get 1) (i64.const 1000)))"
    "   (i64.add (i64.trunc_f32_s (local.get 2)) (i64.shl (i64.extend_i32_u (local.get 3)) (i64.const 20))))"
    "   (i64.add (i64.add (i64.shl (i64.extend_i32_u (local.get 4)) (i64.const 24))"
    "    (i64.shl (i64.extend_i32_u (local.get 5)) (i64.const 30)))"
    "    (i64.add (i64.shl (i64.extend_i32_u (local.get 6)) (i64.const 40)) (local.get 7)))))"
    " (func (export \"t:t/i#wide\") (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)"
    "  (result i64) (i64.sub (local.get 0) (i64.mul (local.get 15) (local.get 7))))"
    " (func (export \"t:t/i#nan\") (result i64) (i64.const 0)))";

static void scalars_and_records_of_them_pass_unchanged(void **state)
{
  static const struct {
    const char *name, *args, *want;
  } cases[] = {
      {"id-u8", "255", "255"},
      {"id-s8", "-128", "-128"},
      {"id-s16", "-32768", "-32768"},
      {"id-s32", "-1", "-1"},
      {"id-u32", "4294967295", "4294967295"},
      {"id-u64", "18446744073709551615", "18446744073709551615"},
      {"id-s64", "-9223372036854775808", "-9223372036854775808"},
      {"id-f32", "0.1", "0.1"},
      {"id-f64", "-0.0", "-0.0"},
      {"id-f64", "nan", "nan"},
      {"id-char", "'\\u{10ffff}'", "'\\u{10ffff}'"},
      {"id-bool", "true", "true"},
      {"id-three", "c", "c"},
      {"id-four", "{a, d}", "{a, d}"},
      {"nothing", "", ""},
      {"x", "{radius: 3.0, center: (5.0, 7.0)}, {radius: 2.0, center: (9.0, 4.0)}", "3.25"},
      {"mix", "{a: 200, b: (-5, 8.0), c: c, d: {b, d}, e: true, f: 'A'}, 1", "71469499411785"},
      {"wide", "(100, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 11)", "67"},
  };
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, value_items, value_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    modules_expect(arena, loaded, guest, cases[i].name, cases[i].args, cases[i].want);
  guest_free(guest);
  program_close(loaded->program);
}

static uint64_t bits_through(Arena *arena, const Loaded *loaded, Guest *guest, const char *name,
                             uint64_t bits)
{
  Value arg = {.bits = bits}, result;
  Fault fault = {0};
  assert_true(guest_call(guest, modules_function(loaded, name), &arg, arena, &result, &fault));
  return result.bits;
}

static void nans_are_canonical_on_both_sides(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, value_items, value_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  assert_true(bits_through(arena, loaded, guest, "id-f64", 0xfff0000000000001) == 0x7ff8000000000000);
  assert_true(bits_through(arena, loaded, guest, "id-f64", 0x7ff0000000000000) == 0x7ff0000000000000);
  assert_true(bits_through(arena, loaded, guest, "id-f64", 0xfff0000000000000) == 0xfff0000000000000);
  assert_true(bits_through(arena, loaded, guest, "id-f32", 0xffffffff) == 0x7fc00000);
  assert_true(bits_through(arena, loaded, guest, "id-f32", 0xff800000) == 0xff800000);
  PreparedCall prepared;
  Fault fault = {0};
  Value arg = {.bits = 0x7ff4000000000000};
  assert_true(guest_prepare(guest, modules_function(loaded, "id-f64"), &arg, &prepared, &fault));
  assert_true(prepared.core[0] == 0x7ff8000000000000);
  guest_free(guest);
  program_close(loaded->program);
}

static void scalar_results_are_checked(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, value_items, value_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  Value result = {.tag = 77};
  Fault fault = {0};
  Value surrogate = {.bits = 0xd800}, past = {.tag = 3};
  assert_false(guest_call(guest, modules_function(loaded, "id-char"), &surrogate, arena, &result, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_CHAR);
  fault = (Fault){0};
  assert_true(guest_reset(guest, &fault));
  assert_false(guest_call(guest, modules_function(loaded, "id-three"), &past, arena, &result, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_DISCRIMINANT);
  assert_int_equal(result.tag, 77);
  /* Narrow integers wrap, and a bool is true unless zero; neither is a fault. */
  fault = (Fault){0};
  assert_true(guest_reset(guest, &fault));
  assert_true(bits_through(arena, loaded, guest, "id-u8", 0x1ff) == 0xff);
  assert_true(bits_through(arena, loaded, guest, "id-s8", 0x80) == UINT64_C(0xffffffffffffff80));
  assert_true(bits_through(arena, loaded, guest, "id-bool", 2) == 1);
  assert_true(bits_through(arena, loaded, guest, "id-four", 0x1f) == 0xf);
  assert_true(bits_through(arena, loaded, guest, "id-s32", 0x80000000) == UINT64_C(0xffffffff80000000));
  guest_free(guest);
  program_close(loaded->program);
}

/* --- steps */

static void prepared_calls_run_in_order_and_finish(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, value_items, value_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  const Function *more = modules_function(loaded, "more");
  static PreparedCall calls[1000];
  Fault fault = {0};
  for (uint32_t i = 0; i < 1000; i++) {
    Value arg = value_u64(i);
    assert_true(guest_prepare(guest, more, &arg, &calls[i], &fault));
  }
  assert_true(guest_run(guest, more, calls, 1000, &fault));
  assert_true(guest_run(guest, more, calls, 0, &fault));
  for (uint32_t i = 0; i < 1000; i++) {
    Value result;
    assert_true(guest_finish(guest, more, &calls[i], arena, &result, &fault));
    assert_true(result.bits == i + 0x7fffff);
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* --- inside the sandbox */

typedef struct Job {
  Arena *arena;
  Loaded *loaded;
} Job;

static bool open_in_worker(void *context, SandboxPort *port)
{
  (void)port;
  Job *job = context;
  Diags diags = diags_in(job->arena);
  GuestLimits limits = {.call_ms = 20};
  job->loaded->program = program_open(job->arena, job->loaded->object, &job->loaded->fit, &limits, &diags);
  return job->loaded->program != NULL;
}

static void send_outcome(Job *job, SandboxPort *port, Guest *guest, const char *name, const char *args)
{
  Fault fault;
  Value result = {0};
  if (modules_call(job->arena, job->loaded, guest, name, args, &result, &fault))
    sandbox_send(port, str_format(job->arena, "%llu ", (unsigned long long)result.bits));
  else
    sandbox_send(port, str_format(job->arena, "%.*s ", STR_ARG(fault_slug(fault.kind))));
  fault = (Fault){0};
  if (!guest_reset(guest, &fault)) sandbox_send(port, STR("no reset "));
}

static void call_in_worker(void *context, SandboxPort *port)
{
  Job *job = context;
  for (int i = 0; i < 2; i++) {
    Guest *guest = modules_guest(job->loaded);
    send_outcome(job, port, guest, "fine", "");
    send_outcome(job, port, guest, "load", "65536");
    send_outcome(job, port, guest, "recurse", "4294967295");
    send_outcome(job, port, guest, "spin", "");
    send_outcome(job, port, guest, "divide", "9, 2");
    guest_free(guest);
  }
  program_close(job->loaded->program);
}

static bool collect(void *context, Str message)
{
  buf_str(context, message);
  return true;
}

static void all_of_it_works_behind_closed_doors(void **state)
{
  Arena *arena = *state;
  Job context = {arena, modules_compile(arena, trap_items, trap_wat)};
  SandboxJob job = {open_in_worker, call_in_worker, &context};
  SandboxOutcome outcome;
  Diags diags = diags_in(arena);
  Buf said = buf_in(arena);
  assert_true(sandbox_run(&job, &(SandboxLimits){0}, collect, &said, &outcome, &diags));
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_text(buf_text(&said), "42 out-of-bounds stack-exhausted time-limit 4 "
                               "42 out-of-bounds stack-exhausted time-limit 4 ");
}

/* Neither way does the guest any harm. */
static void what_cannot_be_called_yet_is_a_fault_and_the_rest_goes_on(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena,
                                "fine: func() -> u8; later: async func(); give: func(e: error-context);"
                                " take: func() -> error-context; absent: func(e: error-context);",
                                "(module (func (export \"t:t/i#fine\") (result i32) i32.const 42)"
                                " (func (export \"t:t/i#give\") (param i32))"
                                " (func (export \"t:t/i#take\") (result i32) i32.const 1))",
                                (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  Fault fault = {0};
  Value handle = value_u64(1), result;
  static const char *const names[] = {"later", "give", "absent", "take"};
  for (size_t i = 0; i < 4; i++) {
    fault = (Fault){0};
    assert_false(guest_call(guest, modules_function(loaded, names[i]), &handle, arena, &result, &fault));
    assert_int_equal(fault.kind, FAULT_UNSUPPORTED);
    assert_true(guest_reset(guest, &fault));
    modules_expect(arena, loaded, guest, "fine", "", "42");
  }
  guest_free(guest);
  program_close(loaded->program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_trap_is_a_fault_of_its_kind),
      TEST(the_edges_of_memory_and_tables_are_inside),
      TEST(a_guest_that_failed_stays_failed_until_it_is_reset),
      TEST(the_depth_of_recursion_does_not_depend_on_the_caller),
      TEST(a_crash_of_our_own_still_kills),
      TEST(the_limit_is_for_each_call),
      TEST(scalars_and_records_of_them_pass_unchanged),
      TEST(nans_are_canonical_on_both_sides),
      TEST(scalar_results_are_checked),
      TEST(prepared_calls_run_in_order_and_finish),
      TEST(all_of_it_works_behind_closed_doors),
      TEST(what_cannot_be_called_yet_is_a_fault_and_the_rest_goes_on),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
