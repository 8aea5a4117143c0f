/* Resources that modules implement and use: honest modules, and those that attack the tables. */
#include "tests/unit/runtime/modules.h"

/* What a test works on. */
typedef struct Bench {
  Arena *arena;
  Loaded *loaded;
  Guest *guest;
} Bench;

static Bench bench_of(Arena *arena, const char *items, const char *wat)
{
  Bench self = {.arena = arena, .loaded = modules_load(arena, items, wat, (GuestLimits){0})};
  self.guest = modules_guest(self.loaded);
  return self;
}

static void bench_close(const Bench *self)
{
  guest_free(self->guest);
  program_close(self->loaded->program);
}

static void bench_reset(const Bench *self)
{
  Fault fault = {0};
  assert_true(guest_reset(self->guest, &fault));
}

static const TypeDef *resource_of(const Bench *self, const char *name)
{
  const TypeDef *def = interface_typedef(self->loaded->interface, str_from_z(name));
  assert_non_null(def);
  return def->resource;
}

/* Calls a function with up to two arguments; what it returns. */
static Value call(const Bench *self, const char *name, Value first, Value second)
{
  Value args[] = {first, second}, result = {0};
  Fault fault = {0};
  if (!guest_call(self->guest, modules_function(self->loaded, name), args, self->arena, &result, &fault)) {
    print_error("%s: %.*s\n", name, STR_ARG(fault_text(self->arena, &fault)));
    fail();
  }
  return result;
}

static Value call1(const Bench *self, const char *name, Value first)
{
  return call(self, name, first, (Value){0});
}

static uint64_t number(const Bench *self, const char *name, Value first)
{
  return call1(self, name, first).bits;
}

static void assert_fault(const Bench *self, const char *name, Value first, Value second, FaultKind want)
{
  Value args[] = {first, second}, result = {0};
  Fault fault = {0};
  bool returned =
      guest_call(self->guest, modules_function(self->loaded, name), args, self->arena, &result, &fault);
  if (returned || fault.kind != want)
    print_error("%s: %.*s, want %.*s\n", name, STR_ARG(fault_text(self->arena, &fault)),
                STR_ARG(fault_slug(want)));
  assert_false(returned);
  assert_int_equal(fault.kind, want);
}

static void drop(const Bench *self, const char *resource, Value handle)
{
  Fault fault = {0};
  bool dropped = guest_drop(self->guest, resource_of(self, resource), handle, &fault);
  if (!dropped) print_error("drop: %.*s\n", STR_ARG(fault_text(self->arena, &fault)));
  assert_true(dropped);
}

static void assert_drop_fault(const Bench *self, const char *resource, Value handle, FaultKind want)
{
  Fault fault = {0};
  assert_false(guest_drop(self->guest, resource_of(self, resource), handle, &fault));
  assert_int_equal(fault.kind, want);
}

/* --- an implementer: resources are numbers, `log` has those that were destroyed as decimal digits */

static const char items[] =
    "resource r { constructor(n: u32); get: func() -> u32; plus: static func(a: r, b: borrow<r>) -> r;"
    "  both-ways: static func(a: borrow<r>, b: r); }"
    "resource my-box { constructor(n: u32); }"
    "type both = tuple<r, list<r>>;"
    "log: func() -> u32; index: func(x: r) -> u32; keep: func(x: r); kept: func() -> r;"
    "many: func(n: u32) -> both; sum: func(x: list<borrow<r>>) -> u32; try: func(n: u32) -> result<r, u32>;"
    "attack: func(which: u32) -> u32; leak: func(which: u32) -> r;";

#define INTRINSICS                                                                                  \
  " (import \"[export]t:t/i\" \"[resource-new]r\" (func $new (param i32) (result i32)))"            \
  " (import \"[export]t:t/i\" \"[resource-rep]r\" (func $rep (param i32) (result i32)))"            \
  " (import \"[export]t:t/i\" \"[resource-drop]r\" (func $drop (param i32)))"                       \
  " (import \"[export]t:t/i@1.2.3\" \"[resource-new]my-box\" (func $box (param i32) (result i32)))" \
  " (import \"[export]t:t/i\" \"[resource-drop]my-box\" (func $unbox (param i32)))"

static const char wat[] =
    "(module" INTRINSICS " (memory (export \"memory\") 1)"
    " (global $log (mut i32) (i32.const 0)) (global $kept (mut i32) (i32.const 0))"
    " (global $heap (mut i32) (i32.const 4096))"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
    "  (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 3))))"
    " (func $destroy (param i32)"
    "  (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))"
    " (func (export \"t:t/i#[dtor]r\") (param i32) (call $destroy (local.get 0)))"
    " (func (export \"t:t/i#[dtor]my_box\") (param i32) (call $destroy (local.get 0)))"
    " (func (export \"t:t/i#[constructor]r\") (param i32) (result i32) (call $new (local.get 0)))"
    " (func (export \"t:t/i#[constructor]my-box\") (param i32) (result i32) (call $box (local.get 0)))"
    " (func (export \"t:t/i#[method]r.get\") (param i32) (result i32) (local.get 0))"
    " (func (export \"t:t/i#[static]r.plus\") (param i32 i32) (result i32)"
    "  (call $new (i32.add (call $rep (local.get 0)) (local.get 1)))"
    "  (call $drop (local.get 0)))"
    " (func (export \"t:t/i#[static]r.both-ways\") (param i32 i32) (call $drop (local.get 1)))"
    " (func (export \"t:t/i#log\") (result i32) (global.get $log))"
    " (func (export \"t:t/i#index\") (param i32) (result i32) (call $drop (local.get 0)) (local.get 0))"
    " (func (export \"t:t/i#keep\") (param i32) (global.set $kept (local.get 0)))"
    " (func (export \"t:t/i#kept\") (result i32) (global.get $kept))"
    /* (n, [n + 1, n + 2]) at 16, the list at 64 */
    " (func (export \"t:t/i#many\") (param i32) (result i32)"
    "  (i32.store (i32.const 16) (call $new (local.get 0)))"
    "  (i32.store (i32.const 20) (i32.const 64)) (i32.store (i32.const 24) (i32.const 2))"
    "  (i32.store (i32.const 64) (call $new (i32.add (local.get 0) (i32.const 1))))"
    "  (i32.store (i32.const 68) (call $new (i32.add (local.get 0) (i32.const 2)))) (i32.const 16))"
    " (func (export \"t:t/i#sum\") (param i32 i32) (result i32) (local i32)"
    "  (block (loop (br_if 1 (i32.eqz (local.get 1)))"
    "   (local.set 2 (i32.add (local.get 2) (i32.load (local.get 0))))"
    "   (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
    "   (local.set 1 (i32.sub (local.get 1) (i32.const 1))) (br 0))) (local.get 2))"
    " (func (export \"t:t/i#try\") (param i32) (result i32)"
    "  (i32.store8 (i32.const 32) (i32.gt_u (local.get 0) (i32.const 9)))"
    "  (i32.store (i32.const 36) (if (result i32) (i32.gt_u (local.get 0) (i32.const 9))"
    "   (then (local.get 0)) (else (call $new (local.get 0))))) (i32.const 32))"
    " (func (export \"t:t/i#attack\") (param i32) (result i32) (local $a i32)"
    "  (block (block (block (block (block (block (block (block (br_table 0 1 2 3 4 5 6 7 (local.get 0)))"
    /* 0: forged */
    "   (return (call $rep (i32.const 77))))"
    /* 1: dropped twice */
    "   (local.set $a (call $new (i32.const 1))) (call $drop (local.get $a)) (call $drop (local.get $a)))"
    /* 2: used after drop */
    "   (local.set $a (call $new (i32.const 1))) (call $drop (local.get $a))"
    "   (return (call $rep (local.get $a))))"
    /* 3: dropped as another resource */
    "   (call $unbox (call $new (i32.const 1))))"
    /* 4: asked for as another resource */
    "   (return (call $rep (call $box (i32.const 1)))))"
    /* 5: as many as there may be */
    "   (loop (drop (call $new (i32.const 1))) (br 0)))"
    /* 6: the place that is never given out */
    "   (call $drop (i32.const 0)))"
    /* 7: leaks three */
    "  (drop (call $new (i32.const 1))) (drop (call $box (i32.const 2))) (drop (call $new (i32.const 3)))"
    "  (i32.const 0))"
    " (func (export \"t:t/i#leak\") (param i32) (result i32)"
    "  (block (block (block (br_table 0 1 2 (local.get 0)))"
    "   (return (i32.const 9)))"
    "   (return (call $box (i32.const 1))))"
    "  (call $new (i32.const 1)) drop (i32.const 0)))";

static Value make(const Bench *self, uint32_t n)
{
  return call1(self, "[constructor]r", value_u64(n));
}

static void it_is_made_called_and_dropped(void **state)
{
  Bench self = bench_of(*state, items, wat);
  Value three = make(&self, 3), four = make(&self, 4);
  assert_int_equal(guest_held_count(self.guest), 2);
  assert_int_equal(guest_handle_count(self.guest), 0);
  assert_int_equal(number(&self, "[method]r.get", three), 3);
  assert_int_equal(number(&self, "[method]r.get", four), 4);
  assert_int_equal(number(&self, "[method]r.get", three), 3);
  drop(&self, "r", three);
  assert_int_equal(number(&self, "log", three), 3);
  drop(&self, "r", four);
  assert_int_equal(number(&self, "log", three), 34);
  assert_int_equal(guest_held_count(self.guest), 0);
  bench_close(&self);
}

/* own<r> arrives as a handle of the module's table, borrow<r> as what it knows the resource by. */
static void an_owned_one_is_a_handle_and_a_borrowed_one_is_not(void **state)
{
  Bench self = bench_of(*state, items, wat);
  Value five = make(&self, 5), two = make(&self, 2);
  Value seven = call(&self, "[static]r.plus", five, two);
  assert_int_equal(number(&self, "log", seven), 5);
  assert_int_equal(number(&self, "[method]r.get", seven), 7);
  assert_int_equal(number(&self, "[method]r.get", two), 2);
  assert_int_equal(guest_held_count(self.guest), 2);
  assert_fault(&self, "[method]r.get", five, five, FAULT_STALE_HANDLE);
  bench_close(&self);
}

/* CanonicalABI.md: the first place is 1, and a place that was freed is the next one given out. */
static void places_in_the_modules_table_are_those_of_the_standard(void **state)
{
  Bench self = bench_of(*state, items, wat);
  assert_int_equal(number(&self, "index", make(&self, 6)), 1);
  assert_int_equal(number(&self, "index", make(&self, 7)), 1);
  call1(&self, "keep", make(&self, 8));
  assert_int_equal(number(&self, "index", make(&self, 9)), 2);
  Value eight = call1(&self, "kept", (Value){0});
  assert_int_equal(number(&self, "[method]r.get", eight), 8);
  assert_int_equal(number(&self, "index", eight), 1);
  bench_close(&self);
}

static void handles_travel_inside_other_values(void **state)
{
  Bench self = bench_of(*state, items, wat);
  Value both = call1(&self, "many", value_u64(4));
  Value list = both.items[1];
  assert_int_equal(list.count, 2);
  assert_int_equal(number(&self, "[method]r.get", both.items[0]), 4);
  assert_int_equal(number(&self, "[method]r.get", list.items[1]), 6);
  assert_int_equal(number(&self, "sum", list), 11);
  Value fine = call1(&self, "try", value_u64(9)), not = call1(&self, "try", value_u64(10));
  assert_int_equal(fine.tag, 0);
  assert_int_equal(number(&self, "[method]r.get", fine.items[0]), 9);
  assert_int_equal(not .tag, 1);
  assert_int_equal(not .items[0].bits, 10);
  assert_int_equal(guest_held_count(self.guest), 4);
  bench_close(&self);
}

/* The same resource may be borrowed twice in a call, but not borrowed and given away. */
static void what_is_lent_is_not_given_away_in_the_same_call(void **state)
{
  Bench self = bench_of(*state, items, wat);
  Value four = make(&self, 4), items_of_list[] = {four, four};
  Value list = {.items = items_of_list, .count = 2};
  assert_int_equal(number(&self, "sum", list), 8);
  /* The order of parameters is that of lowering: first gone, then borrowed. */
  assert_fault(&self, "[static]r.plus", four, four, FAULT_STALE_HANDLE);
  bench_reset(&self);
  Value five = make(&self, 5);
  assert_fault(&self, "[static]r.both-ways", five, five, FAULT_STALE_HANDLE);
  bench_reset(&self);
  call(&self, "[static]r.both-ways", make(&self, 6), make(&self, 7));
  assert_int_equal(number(&self, "log", (Value){0}), 7);
  bench_close(&self);
}

static void a_caller_that_uses_what_it_has_not_is_at_fault_itself(void **state)
{
  Bench self = bench_of(*state, items, wat);
  Value one = make(&self, 1), box = call1(&self, "[constructor]my-box", value_u64(2));
  drop(&self, "r", one);
  assert_drop_fault(&self, "r", one, FAULT_STALE_HANDLE);
  assert_drop_fault(&self, "r", box, FAULT_STALE_HANDLE);
  assert_drop_fault(&self, "r", (Value){0}, FAULT_STALE_HANDLE);
  Value two = make(&self, 2); /* in the place of the first */
  assert_false(two.bits == one.bits);
  assert_fault(&self, "[method]r.get", one, one, FAULT_STALE_HANDLE);
  assert_int_equal(fault_class(FAULT_STALE_HANDLE), FAULT_CLASS_CALLER);
  bench_reset(&self);
  assert_fault(&self, "[method]r.get", two, two, FAULT_STALE_HANDLE);
  bench_reset(&self);
  assert_fault(&self, "[method]r.get", (Value){.bits = UINT64_MAX}, two, FAULT_STALE_HANDLE);
  bench_close(&self);
}

static void attacks_on_the_table_are_faults(void **state)
{
  static const struct {
    const char *function;
    uint32_t which;
    FaultKind want;
  } rows[] = {
      {"attack", 0, FAULT_UNKNOWN_HANDLE}, {"attack", 1, FAULT_UNKNOWN_HANDLE},
      {"attack", 2, FAULT_UNKNOWN_HANDLE}, {"attack", 3, FAULT_WRONG_RESOURCE},
      {"attack", 4, FAULT_WRONG_RESOURCE}, {"attack", 5, FAULT_MEMORY_LIMIT},
      {"attack", 6, FAULT_UNKNOWN_HANDLE}, {"leak", 0, FAULT_UNKNOWN_HANDLE},
      {"leak", 1, FAULT_WRONG_RESOURCE},   {"leak", 2, FAULT_UNKNOWN_HANDLE},
  };
  Bench self = bench_of(*state, items, wat);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_fault(&self, rows[i].function, value_u64(rows[i].which), (Value){0}, rows[i].want);
    bench_reset(&self);
    assert_int_equal(guest_handle_count(self.guest), 0);
  }
  assert_int_equal(number(&self, "[method]r.get", make(&self, 1)), 1);
  bench_close(&self);
}

static void what_is_left_in_the_table_can_be_counted(void **state)
{
  Bench self = bench_of(*state, items, wat);
  call1(&self, "attack", value_u64(7));
  assert_int_equal(guest_handle_count(self.guest), 3);
  call1(&self, "keep", make(&self, 1));
  assert_int_equal(guest_handle_count(self.guest), 4);
  bench_reset(&self);
  assert_int_equal(guest_handle_count(self.guest), 0);
  assert_int_equal(number(&self, "index", make(&self, 6)), 1);
  bench_close(&self);
}

/* The n-th handle since the start has the same number, so that results of two runs can be compared. */
static void a_used_instance_gives_the_numbers_of_a_fresh_one(void **state)
{
  Bench self = bench_of(*state, items, wat);
  uint64_t first[3], again[3];
  for (int i = 0; i < 3; i++) first[i] = make(&self, 1).bits;
  bench_reset(&self);
  for (int i = 0; i < 3; i++) again[i] = make(&self, 1).bits;
  assert_memory_equal(first, again, sizeof first);
  for (int i = 0; i < 3; i++) assert_int_equal((uint32_t)first[i], i + 1);
  bench_close(&self);
}

static void a_method_can_be_prepared(void **state)
{
  Bench self = bench_of(*state, items, wat);
  const Function *get = modules_function(self.loaded, "[method]r.get");
  Value made[2] = {make(&self, 3), make(&self, 4)}, result;
  PreparedCall calls[2];
  Fault fault = {0};
  for (int i = 0; i < 2; i++) assert_true(guest_prepare(self.guest, get, &made[i], &calls[i], &fault));
  assert_true(guest_run(self.guest, get, calls, 2, &fault));
  for (int i = 0; i < 2; i++) {
    assert_true(guest_finish(self.guest, get, &calls[i], self.arena, &result, &fault));
    assert_int_equal(result.bits, 3 + i);
  }
  drop(&self, "r", made[0]);
  bench_close(&self);
}

/* --- destructors, on the guest's stack */

#define DESTRUCTOR(body)                                                                \
  "(module" INTRINSICS " (global $log (mut i32) (i32.const 0))"                         \
  " (func (export \"t:t/i#[dtor]r\") (param i32) " body ")"                             \
  " (func (export \"t:t/i#make\") (param i32) (result i32) (call $new (local.get 0)))"  \
  " (func (export \"t:t/i#spill\") (param i32) (call $drop (call $new (local.get 0))))" \
  " (func (export \"t:t/i#log\") (result i32) (global.get $log)))"
static const char destructor_items[] =
    "resource r; resource my-box; make: func(n: u32) -> r; spill: func(n: u32); log: func() -> u32;";

/* Each drops one more, down to 0. */
static void destructors_drop_what_they_hold(void **state)
{
  Bench self = bench_of(*state, destructor_items,
                        DESTRUCTOR("(global.set $log (i32.add (global.get $log) (local.get 0)))"
                                   " (if (local.get 0) (then (call $drop (call $new (i32.sub (local.get 0)"
                                   "  (i32.const 1))))))"));
  call1(&self, "spill", value_u64(100));
  assert_int_equal(number(&self, "log", (Value){0}), 5050);
  drop(&self, "r", call1(&self, "make", value_u64(10)));
  assert_int_equal(number(&self, "log", (Value){0}), 5105);
  assert_int_equal(guest_handle_count(self.guest), 0);
  bench_close(&self);
}

static void a_destructor_that_traps_or_never_ends_is_a_fault(void **state)
{
  static const struct {
    const char *wat;
    FaultKind want;
  } rows[] = {
      {DESTRUCTOR("unreachable"), FAULT_UNREACHABLE},
      {DESTRUCTOR("(loop (br 0))"), FAULT_TIME_LIMIT},
      {DESTRUCTOR("(call $drop (call $new (i32.const 1)))"), FAULT_STACK_EXHAUSTED},
      {DESTRUCTOR("(call $drop (i32.const 1))"), FAULT_UNKNOWN_HANDLE},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Bench self = bench_of(*state, destructor_items, rows[i].wat);
    for (int k = 0; k < 3; k++) {
      assert_fault(&self, "spill", value_u64(1), (Value){0}, rows[i].want);
      bench_reset(&self);
      assert_drop_fault(&self, "r", call1(&self, "make", value_u64(1)), rows[i].want);
      assert_fault(&self, "log", (Value){0}, (Value){0}, rows[i].want);
      bench_reset(&self);
    }
    bench_close(&self);
  }
}

/* What start-up makes is there again after a reset, and what was made since is not. */
static void a_reset_brings_back_the_handles_of_start_up(void **state)
{
  Bench self =
      bench_of(*state, "resource r; resource my-box; take: func() -> r; get: func(x: borrow<r>) -> u32;",
               "(module" INTRINSICS " (global $own (mut i32) (i32.const 0))"
               " (func (export \"_initialize\") (call $drop (call $new (i32.const 1)))"
               "  (drop (call $new (i32.const 2))) (global.set $own (call $new (i32.const 3))))"
               " (func (export \"t:t/i#take\") (result i32) (global.get $own))"
               " (func (export \"t:t/i#get\") (param i32) (result i32) (local.get 0)))");
  for (int i = 0; i < 3; i++) {
    assert_int_equal(guest_handle_count(self.guest), 2);
    Value taken = call1(&self, "take", (Value){0});
    assert_int_equal(number(&self, "get", taken), 3);
    assert_int_equal(guest_handle_count(self.guest), 1);
    assert_fault(&self, "take", (Value){0}, (Value){0}, FAULT_UNKNOWN_HANDLE);
    bench_reset(&self);
  }
  bench_close(&self);
}

/* post-return may ask what a handle stands for, and may not drop it. */
static void post_return_may_not_drop(void **state)
{
  static const char *const bodies[] = {"(drop (call $rep (global.get $own)))",
                                       "(call $drop (global.get $own))", "(drop (call $new (i32.const 1)))"};
  static const FaultKind want[] = {FAULT_NONE, FAULT_REENTERED, FAULT_REENTERED};
  Arena *arena = *state;
  for (int i = 0; i < 3; i++) {
    Str text = str_format(arena,
                          "(module" INTRINSICS " (memory (export \"memory\") 1)"
                          " (global $own (mut i32) (i32.const 0))"
                          " (func (export \"t:t/i#f\") (result i32)"
                          "  (global.set $own (call $new (i32.const 2))) (i32.const 16))"
                          " (func (export \"cabi_post_t:t/i#f\") (param i32) %s))",
                          bodies[i]);
    Bench self = bench_of(arena, "resource r; resource my-box; f: func() -> string;", str_to_z(arena, text));
    if (want[i])
      assert_fault(&self, "f", (Value){0}, (Value){0}, want[i]);
    else
      call1(&self, "f", (Value){0});
    bench_close(&self);
  }
}

/* --- another interface's resource: this text ends the interface `i`, and leaves `other` open */

static const char user_items[] =
    "use other.{o as thing}; resource r; echo: func(x: thing) -> thing; eat: func(x: thing);"
    "look: func(x: borrow<thing>) -> u32; rep: func(x: thing) -> u32; give: func(x: borrow<thing>) -> thing;"
    "made: func() -> thing; } interface other { resource o;";
static const char user_wat[] =
    "(module (import \"t:t/other\" \"[resource-drop]o\" (func $drop (param i32)))"
    " (import \"[export]t:t/i\" \"[resource-new]r\" (func $new (param i32) (result i32)))"
    " (global $mode (mut i32) (i32.const 0))"
    " (func (export \"t:t/i#echo\") (param i32) (result i32) (local.get 0))"
    " (func (export \"t:t/i#eat\") (param i32) (call $drop (local.get 0)))"
    " (func (export \"t:t/i#look\") (param i32) (result i32)"
    "  (global.set $mode (i32.add (global.get $mode) (i32.const 1)))"
    "  (if (i32.ne (global.get $mode) (i32.const 3)) (then (call $drop (local.get 0)))) (local.get 0))"
    " (func (export \"t:t/i#rep\") (param i32) (result i32) (local.get 0))"
    " (func (export \"t:t/i#give\") (param i32) (result i32) (call $drop (local.get 0)) (local.get 0))"
    " (func (export \"t:t/i#made\") (result i32) (call $new (i32.const 5))))";

static Value foreign(const Bench *self, uint32_t rep)
{
  Value value;
  Fault fault = {0};
  assert_true(guest_foreign(self->guest, resource_of(self, "thing"), rep, &value, &fault));
  return value;
}

static void anothers_resource_goes_in_and_comes_out_the_same(void **state)
{
  Bench self = bench_of(*state, user_items, user_wat);
  Value thing = foreign(&self, 4711), back = call1(&self, "echo", thing);
  uint32_t rep = 0;
  Fault fault = {0};
  assert_true(guest_handle_rep(self.guest, resource_of(&self, "thing"), back, &rep, &fault));
  assert_int_equal(rep, 4711);
  assert_fault(&self, "echo", thing, thing, FAULT_STALE_HANDLE);
  bench_reset(&self);
  call1(&self, "eat", foreign(&self, 1));
  /* Another's borrowed handle is a place in the table, not what the other knows it by. */
  Value lent = foreign(&self, 4711);
  assert_int_equal(number(&self, "look", lent), 1);
  assert_int_equal(number(&self, "look", lent), 1);
  assert_int_equal(guest_held_count(self.guest), 1);
  assert_int_equal(guest_handle_count(self.guest), 0);
  drop(&self, "thing", lent);
  assert_int_equal(guest_held_count(self.guest), 0);
  bench_close(&self);
}

static void a_borrowed_handle_must_be_dropped_and_cannot_be_given_away(void **state)
{
  Bench self = bench_of(*state, user_items, user_wat);
  Value lent = foreign(&self, 1);
  call1(&self, "look", lent);
  call1(&self, "look", lent);
  assert_fault(&self, "look", lent, lent, FAULT_BORROW_KEPT); /* the third time */
  bench_reset(&self);
  assert_int_equal(number(&self, "look", foreign(&self, 1)), 1);
  assert_fault(&self, "give", foreign(&self, 2), (Value){0}, FAULT_UNKNOWN_HANDLE);
  bench_reset(&self);
  /* Its own resource where another's is due; the caller may not make those of the module. */
  assert_fault(&self, "made", (Value){0}, (Value){0}, FAULT_WRONG_RESOURCE);
  bench_reset(&self);
  Value value;
  Fault fault = {0};
  assert_false(guest_foreign(self.guest, resource_of(&self, "r"), 1, &value, &fault));
  assert_int_equal(fault.kind, FAULT_STALE_HANDLE);
  bench_close(&self);
}

static void another_ones_borrowed_handle_cannot_be_prepared(void **state)
{
  Bench self = bench_of(*state, user_items, user_wat);
  Value lent = foreign(&self, 1);
  PreparedCall prepared;
  Fault fault = {0};
  assert_false(guest_prepare(self.guest, modules_function(self.loaded, "look"), &lent, &prepared, &fault));
  assert_int_equal(fault.kind, FAULT_UNSUPPORTED);
  bench_close(&self);
}

/* --- fitting */

static void imports_that_do_not_fit_are_named(void **state)
{
  static const struct {
    const char *import, *says;
  } rows[] = {
      {"\"[export]t:t/i\" \"[resource-new]q\" (func (param i32) (result i32))",
       "[export]t:t/i.[resource-new]q"},
      {"\"[export]t:t/i\" \"[resource-new]r\" (func (param i64) (result i32))",
       "[resource-drop], (i32) -> ()"},
      /* of an interface that the module does not export */
      {"\"[export]t:t/other\" \"[resource-new]o\" (func (param i32) (result i32))", "[resource-new]o"},
      {"\"t:t/other\" \"[resource-rep]o\" (func (param i32) (result i32))", "[resource-rep]o"},
      {"\"t:t/elsewhere\" \"[resource-drop]o\" (func (param i32))", "t:t/elsewhere"},
      {"\"[export]t:t/i\" \"[resource-drop]r\" (memory 1)", "a memory"},
      {"\"\" \"[resource-drop]\" (func (param i32))", "nothing here provides"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Diags diags = diags_in(arena);
    Fit fit;
    const Interface *interface =
        modules_interface(arena, "resource r; f: func(); } interface other { resource o;");
    Str text = str_format(arena, "(module (import %s) (func (export \"t:t/i#f\")))", rows[i].import);
    WasmModule module = modules_read(arena, str_to_z(arena, text));
    assert_false(implementation_fit(arena, &module, STR("m.wasm"), interface, &fit, &diags));
    modules_assert_says(&diags, rows[i].says);
  }
}

static void a_destructor_takes_one_number(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Fit fit;
  const Interface *interface = modules_interface(arena, "resource my-box; f: func();");
  WasmModule module = modules_read(arena, "(module (func (export \"t:t/i#f\"))"
                                          " (func (export \"t:t/i#[dtor]my-box\") (param i64)))");
  assert_false(implementation_fit(arena, &module, STR("m.wasm"), interface, &fit, &diags));
  modules_assert_says(&diags, "export `t:t/i#[dtor]my-box` has signature (i64) -> ()");
  modules_assert_says(&diags, "expected (i32) -> ()");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(it_is_made_called_and_dropped),
      TEST(an_owned_one_is_a_handle_and_a_borrowed_one_is_not),
      TEST(places_in_the_modules_table_are_those_of_the_standard),
      TEST(handles_travel_inside_other_values),
      TEST(what_is_lent_is_not_given_away_in_the_same_call),
      TEST(a_caller_that_uses_what_it_has_not_is_at_fault_itself),
      TEST(attacks_on_the_table_are_faults),
      TEST(what_is_left_in_the_table_can_be_counted),
      TEST(a_used_instance_gives_the_numbers_of_a_fresh_one),
      TEST(a_method_can_be_prepared),
      TEST(destructors_drop_what_they_hold),
      TEST(a_destructor_that_traps_or_never_ends_is_a_fault),
      TEST(a_reset_brings_back_the_handles_of_start_up),
      TEST(post_return_may_not_drop),
      TEST(anothers_resource_goes_in_and_comes_out_the_same),
      TEST(a_borrowed_handle_must_be_dropped_and_cannot_be_given_away),
      TEST(another_ones_borrowed_handle_cannot_be_prepared),
      TEST(imports_that_do_not_fit_are_named),
      TEST(a_destructor_takes_one_number),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
