/* Memories and tables of guests: growing, limits, resetting, many of them. */
#include "runtime/guest.h"

#include "tests/unit/runtime/modules.h"

static const char items[] =
    "grow: func(pages: u32) -> s32; size: func() -> u32;"
    "peek: func(at: u32) -> u64; poke: func(at: u32, value: u64);"
    "count: func() -> u32;"
    "has: func(at: u32) -> bool; clear: func(at: u32); table-grow: func(by: u32) -> s32;"
    "table-size: func() -> u32; init-again: func(); drop: func();";
#define FUNCTIONS                                                                                     \
  " (func (export \"t:t/i#grow\") (param i32) (result i32) (memory.grow (local.get 0)))"              \
  " (func (export \"t:t/i#size\") (result i32) (memory.size))"                                        \
  " (func (export \"t:t/i#peek\") (param i32) (result i64) (i64.load (local.get 0)))"                 \
  " (func (export \"t:t/i#poke\") (param i32 i64) (i64.store (local.get 0) (local.get 1)))"           \
  " (global $count (mut i32) (i32.const 10))"                                                         \
  " (func $count (export \"t:t/i#count\") (result i32)"                                               \
  "  (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))"            \
  " (table $t 3 70 funcref) (elem (i32.const 0) $count $count) (table $far 0 externref)"              \
  " (func (export \"t:t/i#has\") (param i32) (result i32)"                                            \
  "  (i32.eqz (ref.is_null (table.get $t (local.get 0)))))"                                           \
  " (func (export \"t:t/i#clear\") (param i32) (table.set $t (local.get 0) (ref.null func)))"         \
  " (func (export \"t:t/i#table-grow\") (param i32) (result i32)"                                     \
  "  (drop (table.grow $far (ref.null extern) (local.get 0)))"                                        \
  "  (table.grow $t (ref.func $count) (local.get 0)))"                                                \
  " (func (export \"t:t/i#table-size\") (result i32) (table.size $t))"                                \
  " (func (export \"_initialize\") (i64.store (i32.const 128) (i64.add (i64.const 1)"                 \
  "  (i64.load (i32.const 128)))) (global.set $count (i32.const 20)))"                                \
  " (data (i32.const 64) \"\\2a\") (data $p \"\\07\")"                                                \
  " (func (export \"t:t/i#init-again\") (memory.init $p (i32.const 72) (i32.const 0) (i32.const 1)))" \
  " (func (export \"t:t/i#drop\") (data.drop $p)))"
static const char wat[] = "(module (memory (export \"memory\") 2)" FUNCTIONS;
static const char bounded_wat[] = "(module (memory (export \"memory\") 2 5)" FUNCTIONS;
static const char large_wat[] = "(module (memory (export \"memory\") 40)" FUNCTIONS;
static const char empty_wat[] = "(module (memory (export \"memory\") 0)"
                                " (func (export \"t:t/i#grow\") (param i32) (result i32)"
                                "  (memory.grow (local.get 0)))"
                                " (func (export \"t:t/i#peek\") (param i32) (result i64)"
                                "  (i64.load (local.get 0))))";

static void growing_stops_at_the_limit(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){.memory_pages = 10});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "grow", "9", "-1");
  modules_expect(arena, loaded, guest, "grow", "4294967295", "-1");
  modules_expect(arena, loaded, guest, "grow", "0", "2");
  modules_expect(arena, loaded, guest, "grow", "8", "2");
  modules_expect(arena, loaded, guest, "grow", "1", "-1");
  modules_expect(arena, loaded, guest, "peek", "655352", "0");
  modules_expect(arena, loaded, guest, "poke", "655352, 5", "");
  assert_true(guest_memory_size(guest) == 655360);
  modules_expect_fault(arena, loaded, guest, "peek", "655353", FAULT_OUT_OF_BOUNDS);
  guest_free(guest);
  program_close(loaded->program);
}

static void growing_stops_at_the_module_s_own_maximum(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, bounded_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "grow", "4", "-1");
  modules_expect(arena, loaded, guest, "grow", "3", "2");
  modules_expect(arena, loaded, guest, "size", "", "5");
  guest_free(guest);
  program_close(loaded->program);
}

/* 2¹⁶ pages would make a size in bytes that 32 bits cannot hold; nothing but memory is needed for this. */
static void memory_grows_to_all_but_the_last_page(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){.memory_pages = 1u << 31});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "grow", "65534", "-1");
  modules_expect(arena, loaded, guest, "grow", "65533", "2");
  modules_expect(arena, loaded, guest, "poke", "4294901752, 9", "");
  modules_expect(arena, loaded, guest, "peek", "4294901752", "9");
  modules_expect_fault(arena, loaded, guest, "peek", "4294901753", FAULT_OUT_OF_BOUNDS);
  Fault fault = {0};
  assert_true(guest_reset(guest, &fault));
  modules_expect(arena, loaded, guest, "size", "", "2");
  guest_free(guest);
  program_close(loaded->program);
}

static void an_empty_memory_has_no_bytes(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, "grow: func(pages: u32) -> s32; peek: func(at: u32) -> u64;",
                                empty_wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect_fault(arena, loaded, guest, "peek", "0", FAULT_OUT_OF_BOUNDS);
  Fault fault = {0};
  assert_true(guest_reset(guest, &fault));
  modules_expect(arena, loaded, guest, "grow", "1", "0");
  modules_expect(arena, loaded, guest, "peek", "65528", "0");
  assert_true(guest_reset(guest, &fault));
  modules_expect_fault(arena, loaded, guest, "peek", "0", FAULT_OUT_OF_BOUNDS);
  guest_free(guest);
  program_close(loaded->program);
}

static void too_much_to_start_with_is_a_fault(void **state)
{
  Arena *arena = *state;
  Fault fault = {0};
  Loaded *loaded = modules_load(arena, items, large_wat, (GuestLimits){.memory_pages = 39});
  assert_null(guest_new(loaded->program, &fault));
  assert_int_equal(fault.kind, FAULT_MEMORY_LIMIT);
  assert_text(str_from_z(fault.detail), "40 pages of 64 KiB to start with, 39 are allowed");
  program_close(loaded->program);
  loaded = modules_load(arena, "f: func();", "(module (table 100000000 funcref) (func (export \"t:t/i#f\")))",
                        (GuestLimits){0});
  fault = (Fault){0};
  assert_null(guest_new(loaded->program, &fault));
  assert_int_equal(fault.kind, FAULT_MEMORY_LIMIT);
  program_close(loaded->program);
}

static void tables_grow_to_their_limits(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "table-grow", "68", "-1");
  modules_expect(arena, loaded, guest, "table-grow", "67", "3");
  modules_expect(arena, loaded, guest, "has", "69", "true");
  modules_expect(arena, loaded, guest, "has", "2", "false");
  modules_expect(arena, loaded, guest, "table-grow", "4294967295", "-1");
  guest_free(guest);
  program_close(loaded->program);
}

/* --- resetting */

static void expect_fresh(Arena *arena, const Loaded *loaded, Guest *guest, uint64_t pages)
{
  assert_true(guest_memory_size(guest) == pages * 65536);
  modules_expect(arena, loaded, guest, "peek", "64", "42");
  modules_expect(arena, loaded, guest, "peek", "72", "0");
  modules_expect(arena, loaded, guest, "peek", "128", "1");
  for (uint64_t at = 4096; at < pages * 65536; at += 4096) {
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)at);
    modules_expect(arena, loaded, guest, "peek", text, "0");
  }
  modules_expect(arena, loaded, guest, "table-size", "", "3");
  modules_expect(arena, loaded, guest, "has", "0", "true");
  modules_expect(arena, loaded, guest, "has", "1", "true");
  modules_expect(arena, loaded, guest, "has", "2", "false");
  modules_expect(arena, loaded, guest, "count", "", "21");
  modules_expect(arena, loaded, guest, "init-again", "", "");
  modules_expect(arena, loaded, guest, "peek", "72", "7");
}

static void disturb(Arena *arena, const Loaded *loaded, Guest *guest)
{
  modules_expect(arena, loaded, guest, "poke", "64, 1", "");
  modules_expect(arena, loaded, guest, "poke", "128, 1", "");
  modules_expect(arena, loaded, guest, "poke", "8192, 1", "");
  modules_expect(arena, loaded, guest, "poke", "131064, 1", "");
  modules_expect(arena, loaded, guest, "grow", "30", guest_memory_size(guest) == 131072 ? "2" : "40");
  modules_expect(arena, loaded, guest, "poke", "2097144, 1", "");
  modules_expect(arena, loaded, guest, "clear", "0", "");
  modules_expect(arena, loaded, guest, "table-grow", "20", "3");
  modules_expect(arena, loaded, guest, "drop", "", "");
}

static void reset_equals_fresh_for(Arena *arena, const char *text, uint64_t pages)
{
  Loaded *loaded = modules_load(arena, items, text, (GuestLimits){0});
  Guest *guest = modules_guest(loaded);
  Fault fault = {0};
  expect_fresh(arena, loaded, guest, pages);
  for (int i = 0; i < 3; i++) {
    disturb(arena, loaded, guest);
    modules_expect_fault(arena, loaded, guest, "init-again", "", FAULT_OUT_OF_BOUNDS);
    assert_true(guest_reset(guest, &fault));
    expect_fresh(arena, loaded, guest, pages);
    /* What was cut off is zero when it comes back. */
    modules_expect(arena, loaded, guest, "grow", "30", pages == 2 ? "2" : "40");
    modules_expect(arena, loaded, guest, "peek", "2097144", "0");
    assert_true(guest_reset(guest, &fault));
  }
  guest_free(guest);
  guest = modules_guest(loaded);
  expect_fresh(arena, loaded, guest, pages);
  guest_free(guest);
  program_close(loaded->program);
}

static void a_reset_guest_equals_a_fresh_one(void **state)
{
  reset_equals_fresh_for(*state, wat, 2);
  reset_equals_fresh_for(*state, large_wat, 40);
}

/* --- many */

static void guests_do_not_share_anything(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){0});
  Guest *guests[100];
  for (uint32_t i = 0; i < 100; i++) guests[i] = modules_guest(loaded);
  for (uint32_t i = 0; i < 100; i++) disturb(arena, loaded, guests[i]);
  for (uint32_t i = 0; i < 100; i += 2) guest_free(guests[i]);
  for (uint32_t i = 0; i < 100; i += 2) guests[i] = modules_guest(loaded);
  for (uint32_t i = 0; i < 100; i++)
    modules_expect(arena, loaded, guests[i], "peek", "8192", i % 2 ? "1" : "0");
  for (uint32_t i = 0; i < 100; i++) guest_free(guests[i]);
  program_close(loaded->program);
}

static void fifty_thousand_guests_can_be_made_in_a_process(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_load(arena, items, wat, (GuestLimits){0});
  ArenaMark mark = arena_mark(arena);
  for (int i = 0; i < 50000; i++) {
    Guest *guest = modules_guest(loaded);
    modules_expect(arena, loaded, guest, "count", "", "21");
    guest_free(guest);
    arena_reset(arena, mark);
  }
  program_close(loaded->program);
}

/* Each program has reservations of its own; closing it must give them back. */
static void a_thousand_programs_can_be_opened_in_a_process(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = modules_compile(arena, items, wat);
  ArenaMark mark = arena_mark(arena);
  for (int i = 0; i < 1000; i++) {
    Diags diags = diags_in(arena);
    Guest *guests[20];
    loaded->program = program_open(arena, loaded->object, &loaded->fit, NULL, &diags);
    assert_non_null(loaded->program);
    for (int k = 0; k < 20; k++) guests[k] = modules_guest(loaded);
    for (int k = 0; k < 20; k++) guest_free(guests[k]);
    program_close(loaded->program);
    arena_reset(arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(growing_stops_at_the_limit),
      TEST(growing_stops_at_the_module_s_own_maximum),
      TEST(memory_grows_to_all_but_the_last_page),
      TEST(an_empty_memory_has_no_bytes),
      TEST(too_much_to_start_with_is_a_fault),
      TEST(tables_grow_to_their_limits),
      TEST(a_reset_guest_equals_a_fresh_one),
      TEST(guests_do_not_share_anything),
      TEST(fifty_thousand_guests_can_be_made_in_a_process),
      TEST(a_thousand_programs_can_be_opened_in_a_process),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
