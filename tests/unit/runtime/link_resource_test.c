/* Resources that pass between linked modules, as CanonicalABI.md of the component model has it (lift_own,
 * lift_borrow, lower_own, lower_borrow, resource.drop; a table for each instance): honest modules, and
 * attacks. */
#include "tests/unit/runtime/modules.h"

static const char wit[] =
    "package t:t;\n"
    "interface store { resource cell { constructor(n: u32); get: func() -> u32; }\n"
    "  resource lid { constructor(n: u32); }\n"
    "  variant held { none, one(cell), many(list<cell>) }\n"
    "  join: func(a: cell, b: borrow<cell>) -> cell; both-ways: func(a: borrow<cell>, b: cell);\n"
    "  sum: func(x: list<borrow<cell>>) -> u32; spread: func(n: u32) -> held; gather: func(x: held) -> u32;\n"
    "  log: func() -> u32; left: func() -> u32; misbehave: func(how: u32) -> cell; }\n"
    "interface desk { use store.{cell}; take: func(x: cell) -> u32; peek: func(x: borrow<cell>) -> u32;\n"
    "  fail: func(how: u32, x: borrow<cell>) -> u32; pass: func(x: cell) -> cell; }\n"
    "interface user { use store.{cell}; run: func(what: u32) -> u32; make: func(n: u32) -> cell;\n"
    "  read: func(x: borrow<cell>) -> u32; give: func(x: cell); log: func() -> u32; }\n"
    "interface small { run: func(what: u32) -> u32; }\n";

static const char store_wat[] =
    /* a cell is a number; `log` has those that were destroyed as decimal digits, `left` counts the others */
    "(module (import \"[export]t:t/store\" \"[resource-new]cell\" (func $new (param i32) (result "
    "i32)))\n"
    " (import \"[export]t:t/store\" \"[resource-rep]cell\" (func $rep (param i32) (result i32)))\n"
    " (import \"[export]t:t/store\" \"[resource-drop]cell\" (func $drop (param i32)))\n"
    " (import \"[export]t:t/store\" \"[resource-new]lid\" (func $lid (param i32) (result i32)))\n"
    " (memory (export \"memory\") 1) (global $log (mut i32) (i32.const 0)) (global $left (mut i32) "
    "(i32.const 0))\n"
    " (global $heap (mut i32) (i32.const 4096)) (global $bad (mut i32) (i32.const 0))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)\n"
    "  (if (i32.eq (global.get $bad) (i32.const 2)) (then (drop (call $new (i32.const 1)))))\n"
    "  (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 3))))\n"
    " (func $make (param i32) (result i32)\n"
    "  (global.set $left (i32.add (global.get $left) (i32.const 1))) (call $new (local.get 0)))\n"
    " (func (export \"t:t/store#[dtor]cell\") (param i32)\n"
    "  (if (i32.eq (local.get 0) (i32.const 66)) (then unreachable))\n"
    "  (if (i32.eq (local.get 0) (i32.const 67)) (then (loop (br 0))))\n"
    "  (global.set $left (i32.sub (global.get $left) (i32.const 1)))\n"
    "  (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))\n"
    " (func (export \"t:t/store#[constructor]cell\") (param i32) (result i32) (call $make (local.get "
    "0)))\n"
    " (func (export \"t:t/store#[constructor]lid\") (param i32) (result i32) (call $lid (local.get "
    "0)))\n"
    " (func (export \"t:t/store#[method]cell.get\") (param i32) (result i32) (local.get 0))\n"
    " (func (export \"t:t/store#join\") (param i32 i32) (result i32)\n"
    "  (call $make (i32.add (call $rep (local.get 0)) (local.get 1))) (call $drop (local.get 0)))\n"
    " (func (export \"t:t/store#both-ways\") (param i32 i32) (call $drop (local.get 1)))\n"
    " (func (export \"t:t/store#sum\") (param i32 i32) (result i32) (local i32)\n"
    "  (block (loop (br_if 1 (i32.eqz (local.get 1)))\n"
    "   (local.set 2 (i32.add (local.get 2) (i32.load (local.get 0))))\n"
    "   (local.set 0 (i32.add (local.get 0) (i32.const 4)))\n"
    "   (local.set 1 (i32.sub (local.get 1) (i32.const 1))) (br 0))) (local.get 2))\n"
    /* none for 0, one(n) up to 9, many([1, 2]) beyond: the discriminant at 16, the payload at 20 */
    " (func (export \"t:t/store#spread\") (param i32) (result i32)\n"
    "  (if (i32.eqz (local.get 0)) (then (i32.store8 (i32.const 16) (i32.const 0)) (return "
    "(i32.const 16))))\n"
    "  (if (i32.le_u (local.get 0) (i32.const 9)) (then (i32.store8 (i32.const 16) (i32.const 1))\n"
    "   (i32.store (i32.const 20) (call $make (local.get 0))) (return (i32.const 16))))\n"
    "  (i32.store8 (i32.const 16) (i32.const 2))\n"
    "  (i32.store (i32.const 20) (i32.const 64)) (i32.store (i32.const 24) (i32.const 2))\n"
    "  (i32.store (i32.const 64) (call $make (i32.const 1))) (i32.store (i32.const 68) (call $make "
    "(i32.const 2)))\n"
    "  (i32.const 16))\n"
    " (func (export \"cabi_post_t:t/store#spread\") (param i32)\n"
    "  (if (i32.eq (global.get $bad) (i32.const 3)) (then (drop (call $new (i32.const 1))))))\n"
    /* what it is given summed up, and dropped */
    " (func $end (param i32) (result i32) (call $rep (local.get 0)) (call $drop (local.get 0)))\n"
    " (func (export \"t:t/store#gather\") (param i32 i32 i32) (result i32) (local i32)\n"
    "  (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 1)) (then (return (call $end (local.get 1)))))\n"
    "  (block (loop (br_if 1 (i32.eqz (local.get 2)))\n"
    "   (local.set 3 (i32.add (local.get 3) (call $end (i32.load (local.get 1)))))\n"
    "   (local.set 1 (i32.add (local.get 1) (i32.const 4)))\n"
    "   (local.set 2 (i32.sub (local.get 2) (i32.const 1))) (br 0))) (local.get 3))\n"
    " (func (export \"t:t/store#log\") (result i32) (global.get $log))\n"
    " (func (export \"t:t/store#left\") (result i32) (global.get $left))\n"
    /* 0: a forged handle, 1: one of another resource, 2: calls out in realloc from now on, 3: in post-return
     */
    " (func (export \"t:t/store#misbehave\") (param i32) (result i32)\n"
    "  (global.set $bad (local.get 0))\n"
    "  (if (i32.eqz (local.get 0)) (then (return (i32.const 77))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 1)) (then (return (call $lid (i32.const 1)))))\n"
    "  (call $make (i32.const 9))))\n";

static const char desk_wat[] =
    /* uses another's cells: what it has borrowed are handles, to be dropped */
    "(module (import \"t:t/store\" \"[constructor]cell\" (func $make (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[method]cell.get\" (func $get (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[resource-drop]cell\" (func $drop (param i32)))\n"
    " (import \"t:t/store\" \"join\" (func $join (param i32 i32) (result i32)))\n"
    " (func $peek (export \"t:t/desk#peek\") (param i32) (result i32) (call $get (local.get 0)) "
    "(call $drop (local.get 0)))\n"
    " (func (export \"t:t/desk#take\") (param i32) (result i32) (call $peek (local.get 0)))\n"
    " (func (export \"t:t/desk#pass\") (param i32) (result i32) (local.get 0))\n"
    /* 0: keeps it, 1: gives away what it has borrowed, 2: drops it twice, 3: uses it after the drop */
    " (func (export \"t:t/desk#fail\") (param i32 i32) (result i32)\n"
    "  (if (i32.eqz (local.get 0)) (then (return (call $get (local.get 1)))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 1)) (then (drop (call $join (local.get 1) (local.get "
    "1)))))\n"
    "  (call $drop (local.get 1))\n"
    "  (if (i32.eq (local.get 0) (i32.const 2)) (then (call $drop (local.get 1))))\n"
    "  (call $get (local.get 1))))\n";

static const char user_imports[] =
    "(module (import \"t:t/store\" \"[constructor]cell\" (func $make (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[method]cell.get\" (func $get (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[resource-drop]cell\" (func $drop (param i32)))\n"
    " (import \"t:t/store\" \"join\" (func $join (param i32 i32) (result i32)))\n"
    " (import \"t:t/store\" \"[constructor]lid\" (func $lid (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"both-ways\" (func $both (param i32 i32)))\n"
    " (import \"t:t/store\" \"sum\" (func $sum (param i32 i32) (result i32)))\n"
    " (import \"t:t/store\" \"spread\" (func $spread (param i32 i32)))\n"
    " (import \"t:t/store\" \"gather\" (func $gather (param i32 i32 i32) (result i32)))\n"
    " (import \"t:t/store\" \"misbehave\" (func $misbehave (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"log\" (func $log (result i32)))\n"
    " (import \"t:t/store\" \"left\" (func $left (result i32)))\n"
    " (import \"t:t/desk\" \"take\" (func $take (param i32) (result i32)))\n"
    " (import \"t:t/desk\" \"peek\" (func $peek (param i32) (result i32)))\n"
    " (import \"t:t/desk\" \"fail\" (func $fail (param i32 i32) (result i32)))\n"
    " (import \"t:t/desk\" \"pass\" (func $pass (param i32) (result i32)))\n"
    " (memory (export \"memory\") 1) (global $heap (mut i32) (i32.const 4096)) (global $bad (mut "
    "i32) (i32.const 0))\n"
    " (global $cell (mut i32) (i32.const 0))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)\n"
    "  (if (global.get $bad) (then (call $drop (global.get $cell))))\n"
    "  (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 3))))\n"
    " (func (export \"t:t/user#make\") (param i32) (result i32) (call $make (local.get 0)))\n"
    " (func (export \"t:t/user#read\") (param i32) (result i32) (call $get (local.get 0)) (call "
    "$drop (local.get 0)))\n"
    " (func (export \"t:t/user#give\") (param i32) (global.set $cell (local.get 0)))\n"
    " (func (export \"t:t/user#log\") (result i32) (call $log))\n"
    " (func $round (param i32) (result i32) (call $spread (local.get 0) (i32.const 32))\n"
    "  (call $gather (i32.load8_u (i32.const 32)) (i32.load (i32.const 36)) (i32.load (i32.const "
    "40))))\n"
    " (func (export \"cabi_post_t:t/user#run\") (param i32)\n"
    "  (if (i32.eq (local.get 0) (i32.const 1234)) (then (call $drop (global.get $cell)))))\n";

static const char user_run[] =
    " (func (export \"t:t/user#run\") (param $what i32) (result i32) (local $a i32) (local $b i32) "
    "(local $sum i32)\n"
    "  (local.set $a (call $make (i32.const 3))) (local.set $b (call $make (i32.const 4)))\n"
    "  (i32.store (i32.const 16) (local.get $a))\n"
    "  (local.set $sum (i32.mul (i32.const 100) (i32.add (call $get (local.get $a)) (call $get "
    "(local.get $b)))))\n"
    "  (global.set $cell (local.get $a))\n"
    /* 0: methods, and both destroyed in order */
    "  (if (i32.eq (local.get $what) (i32.const 0)) (then (call $drop (local.get $a)) (call $drop "
    "(local.get $b)) (return (i32.add (local.get $sum) (call $log)))))\n"
    /* 1: 3 is given away, 7 comes, in the place that is free */
    "  (if (i32.eq (local.get $what) (i32.const 1)) (then (local.set $a (call $join (local.get $a) "
    "(local.get $b)))\n"
    "   (return (i32.add (i32.mul (call $get (local.get $a)) (i32.const 100)) (i32.add (i32.mul "
    "(local.get $a) (i32.const 10)) (call $log))))))\n"
    /* 2: the same one borrowed twice in a list */
    "  (if (i32.eq (local.get $what) (i32.const 2)) (then (i32.store (i32.const 16) (local.get $a)) "
    "(i32.store (i32.const 20) (local.get $b))\n"
    "   (i32.store (i32.const 24) (local.get $a)) (return (call $sum (i32.const 16) (i32.const 3)))))\n"
    /* 3: variants and lists, both ways */
    "  (if (i32.eq (local.get $what) (i32.const 3)) (then (return (i32.add (i32.mul (i32.add (call "
    "$round (i32.const 10)) (i32.add (call $round (i32.const 5)) (call $round (i32.const 0)))) "
    "(i32.const 100)) (call $left)))))\n"
    /* 4: to a third one: lent, given and given back, given away */
    "  (if (i32.eq (local.get $what) (i32.const 4)) (then (local.set $what (call $peek (local.get "
    "$a))) (local.set $a (call $pass (local.get $a)))\n"
    "   (local.set $what (i32.add (local.get $what) (call $take (local.get $a))))\n"
    "   (return (i32.add (i32.mul (local.get $what) (i32.const 100)) (call $log)))))\n"
    /* 5: forged */
    "  (if (i32.eq (local.get $what) (i32.const 5)) (then (return (call $get (i32.const 99)))))\n"
    /* 6: dropped twice */
    "  (if (i32.eq (local.get $what) (i32.const 6)) (then (call $drop (local.get $a)) (call $drop "
    "(local.get $a)) (return (i32.const 0))))\n"
    /* 7: used after the drop */
    "  (if (i32.eq (local.get $what) (i32.const 7)) (then (call $drop (local.get $a)) (return (call "
    "$get (local.get $a)))))\n"
    /* 8: used after it was given away */
    "  (if (i32.eq (local.get $what) (i32.const 8)) (then (drop (call $take (local.get $a))) (return "
    "(call $get (local.get $a)))))\n"
    /* 9: a lid as a cell */
    "  (if (i32.eq (local.get $what) (i32.const 9)) (then (return (call $get (call $lid (i32.const "
    "1))))))\n"
    /* 10: a lid dropped as a cell */
    "  (if (i32.eq (local.get $what) (i32.const 10)) (then (call $drop (call $lid (i32.const 1))) "
    "(return (i32.const 0))))\n"
    /* 11: given away and lent in one call */
    "  (if (i32.eq (local.get $what) (i32.const 11)) (then (return (call $join (local.get $a) "
    "(local.get $a)))))\n"
    /* 12: lent and given away in one call */
    "  (if (i32.eq (local.get $what) (i32.const 12)) (then (call $both (local.get $a) (local.get "
    "$a)) (return (i32.const 0))))\n"
    /* 13: a drop in realloc */
    "  (if (i32.eq (local.get $what) (i32.const 13)) (then (global.set $bad (i32.const 1)) (return "
    "(call $round (i32.const 10)))))\n"
    /* 14: a drop in post-return */
    "  (if (i32.eq (local.get $what) (i32.const 14)) (then (return (i32.const 1234))))\n"
    /* 15: the third one keeps what it borrows */
    "  (if (i32.eq (local.get $what) (i32.const 15)) (then (return (call $fail (i32.const 0) "
    "(local.get $a)))))\n"
    /* 16: gives it away */
    "  (if (i32.eq (local.get $what) (i32.const 16)) (then (return (call $fail (i32.const 1) "
    "(local.get $a)))))\n"
    /* 17: drops it twice */
    "  (if (i32.eq (local.get $what) (i32.const 17)) (then (return (call $fail (i32.const 2) "
    "(local.get $a)))))\n"
    /* 18: uses it after the drop */
    "  (if (i32.eq (local.get $what) (i32.const 18)) (then (return (call $fail (i32.const 3) "
    "(local.get $a)))))\n"
    /* 19: the implementer forges */
    "  (if (i32.eq (local.get $what) (i32.const 19)) (then (return (call $misbehave (i32.const 0)))))\n"
    /* 20: gives a lid for a cell */
    "  (if (i32.eq (local.get $what) (i32.const 20)) (then (return (call $misbehave (i32.const 1)))))\n"
    /* 21: makes one in realloc */
    "  (if (i32.eq (local.get $what) (i32.const 21)) (then (drop (call $misbehave (i32.const 2))) "
    "(return (call $sum (i32.const 16) (i32.const 1)))))\n"
    /* 22: makes one in post-return */
    "  (if (i32.eq (local.get $what) (i32.const 22)) (then (drop (call $misbehave (i32.const 3))) "
    "(return (call $round (i32.const 5)))))\n"
    /* 23: its destructor traps */
    "  (if (i32.eq (local.get $what) (i32.const 23)) (then (call $drop (call $make (i32.const 66))) "
    "(return (i32.const 0))))\n"
    /* 24: its destructor never ends */
    "  (if (i32.eq (local.get $what) (i32.const 24)) (then (call $drop (call $make (i32.const 67))) "
    "(return (i32.const 0))))\n"
    "  (i32.const 0)))\n";

/* A literal has its limits. */
static const char *user_wat(Arena *arena)
{
  return str_to_z(arena, str_format(arena, "%s%s", user_imports, user_run));
}

static const char wrap_wat[] =
    /* implements the same interface by another's: its cells stand for theirs, and are worth one more */
    "(module (import \"[export]t:t/store\" \"[resource-new]cell\" (func $new (param i32) (result "
    "i32)))\n"
    " (import \"[export]t:t/store\" \"[resource-rep]cell\" (func $rep (param i32) (result i32)))\n"
    " (import \"[export]t:t/store\" \"[resource-drop]cell\" (func $drop (param i32)))\n"
    " (import \"t:t/store\" \"[constructor]cell\" (func $make (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[method]cell.get\" (func $get (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[resource-drop]cell\" (func $drop-inner (param i32)))\n"
    " (import \"t:t/store\" \"log\" (func $log (result i32)))\n"
    " (memory (export \"memory\") 1)\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 1024))\n"
    " (func (export \"t:t/store#[dtor]cell\") (param i32) (call $drop-inner (local.get 0)))\n"
    " (func (export \"t:t/store#[constructor]cell\") (param i32) (result i32) (call $new (call $make "
    "(local.get 0))))\n"
    " (func (export \"t:t/store#[method]cell.get\") (param i32) (result i32)\n"
    "  (i32.add (call $get (local.get 0)) (i32.const 1)))\n"
    " (func (export \"t:t/store#[constructor]lid\") (param i32) (result i32) (i32.const 0))\n"
    " (func (export \"t:t/store#both-ways\") (param i32 i32) (call $drop (local.get 1)))\n"
    /* an inner cell for an outer one */
    " (func (export \"t:t/store#join\") (param i32 i32) (result i32) (call $rep (local.get 0)))\n"
    " (func (export \"t:t/store#sum\") (param i32 i32) (result i32) (i32.const 0))\n"
    " (func (export \"t:t/store#spread\") (param i32) (result i32) (i32.const 16))\n"
    " (func (export \"t:t/store#gather\") (param i32 i32 i32) (result i32) (i32.const 0))\n"
    " (func (export \"t:t/store#log\") (result i32) (call $log))\n"
    " (func (export \"t:t/store#left\") (result i32) (i32.const 0))\n"
    " (func (export \"t:t/store#misbehave\") (param i32) (result i32) (i32.const 0)))\n";

static const char small_wat[] =
    /* uses cells without a desk */
    "(module (import \"t:t/store\" \"[constructor]cell\" (func $make (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[method]cell.get\" (func $get (param i32) (result i32)))\n"
    " (import \"t:t/store\" \"[resource-drop]cell\" (func $drop (param i32)))\n"
    " (import \"t:t/store\" \"join\" (func $join (param i32 i32) (result i32)))\n"
    " (import \"t:t/store\" \"log\" (func $log (result i32)))\n"
    " (func (export \"t:t/small#run\") (param i32) (result i32) (local i32)\n"
    "  (local.set 1 (call $make (i32.const 3)))\n"
    "  (if (i32.eq (local.get 0) (i32.const 1)) (then (drop (call $join (local.get 1) (call $make "
    "(i32.const 4))))))\n"
    "  (call $get (local.get 1)) (call $drop (local.get 1)) (i32.add (i32.mul (i32.const 100)) (call "
    "$log))))\n";

static bool load(Arena *arena, const char *file, const char *interface, const char *wat,
                 const Implementation *providers, size_t count, Implementation *out, Diags *diags)
{
  Str folder = str_from_z(getenv("ASSAY_HOME"));
  Str path = path_join(arena, folder, str_format(arena, "%s.wasm", file));
  assert_true(file_write(path, modules_wasm(arena, wat), diags));
  return implementation_load_with(arena, path, modules_interface_of(arena, wit, interface), providers, count,
                                  out, diags);
}

static Loaded *open_loaded(Arena *arena, const Implementation *it)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  self->fit = it->fit;
  self->interface = self->fit.interface;
  bool fine = aot_compile(arena, &it->module, it->path, NULL, &self->object, &diags);
  if (fine)
    self->program = program_open(arena, self->object, &self->fit, &(GuestLimits){.call_ms = 200}, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

/* The user of a store and a desk. */
static Loaded *load_user(Arena *arena)
{
  Diags diags = diags_in(arena);
  Implementation *at = arena_array_of(arena, Implementation, 3);
  bool fine = load(arena, "store", "store", store_wat, NULL, 0, &at[0], &diags) &&
              load(arena, "desk", "desk", desk_wat, at, 1, &at[1], &diags) &&
              load(arena, "user", "user", user_wat(arena), at, 2, &at[2], &diags);
  modules_show(&diags);
  assert_true(fine);
  return open_loaded(arena, &at[2]);
}

/* Results are checked in decimal: what was seen, then what the store has destroyed or has left. */
static void handles_pass_between_modules(void **state)
{
  static const struct {
    const char *what, *want;
    uint32_t kept; /* handles that the user still has */
  } rows[] = {
      {"0", "734", 0}, {"1", "713", 2}, {"2", "10", 2}, {"3", "802", 2}, {"4", "603", 1},
  };
  Arena *arena = *state;
  Loaded *loaded = load_user(arena);
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Fault fault = {0};
    modules_expect(arena, loaded, guest, "run", rows[i].what, rows[i].want);
    assert_int_equal(guest_handle_count(guest), rows[i].kept);
    assert_true(guest_reset(guest, &fault));
    assert_int_equal(guest_handle_count(guest), 0);
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* Whose fault it is, and that nothing of it is left after a reset. */
static void attacks_are_faults_of_who_makes_them(void **state)
{
  static const struct {
    const char *what;
    FaultKind kind;
    const char *in; /* NULL: the user's own */
  } rows[] = {
      {"5", FAULT_UNKNOWN_HANDLE, NULL},
      {"6", FAULT_UNKNOWN_HANDLE, NULL},
      {"7", FAULT_UNKNOWN_HANDLE, NULL},
      {"8", FAULT_UNKNOWN_HANDLE, NULL},
      {"9", FAULT_WRONG_RESOURCE, NULL},
      {"10", FAULT_WRONG_RESOURCE, NULL},
      {"11", FAULT_UNKNOWN_HANDLE, NULL},
      {"12", FAULT_HANDLE_LENT, NULL},
      {"13", FAULT_REENTERED, NULL},
      {"14", FAULT_REENTERED, NULL},
      {"15", FAULT_BORROW_KEPT, "in desk"},
      {"16", FAULT_HANDLE_BORROWED, "in desk"},
      {"17", FAULT_UNKNOWN_HANDLE, "in desk"},
      {"18", FAULT_UNKNOWN_HANDLE, "in desk"},
      {"19", FAULT_UNKNOWN_HANDLE, "in store"},
      {"20", FAULT_WRONG_RESOURCE, "in store"},
      {"21", FAULT_REENTERED, "in store"},
      {"22", FAULT_REENTERED, "in store"},
      {"23", FAULT_UNREACHABLE, "in store"},
      {"24", FAULT_TIME_LIMIT, "in store"},
  };
  Arena *arena = *state;
  Loaded *loaded = load_user(arena);
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Fault none = {0};
    Fault fault = modules_expect_fault(arena, loaded, guest, "run", rows[i].what, rows[i].kind);
    const char *in = rows[i].in ? rows[i].in : "";
    if (fault.elsewhere != (rows[i].in != NULL) || strncmp(fault.detail, in, strlen(in)) != 0)
      print_error("%s: «%s», want «%s»\n", rows[i].what, fault.detail, in);
    assert_int_equal(fault.elsewhere, rows[i].in != NULL);
    assert_int_equal(strncmp(fault.detail, in, strlen(in)), 0);
    assert_true(guest_reset(guest, &none));
    modules_expect(arena, loaded, guest, "run", "0", "734");
    assert_true(guest_reset(guest, &none));
  }
  guest_free(guest);
  program_close(loaded->program);
}

static Value call(Arena *arena, const Loaded *loaded, Guest *guest, const char *name, Value arg)
{
  Value result = {0};
  Fault fault = {0};
  bool returned = guest_call(guest, modules_function(loaded, name), &arg, arena, &result, &fault);
  if (!returned) print_error("%s: %.*s\n", name, STR_ARG(fault_text(arena, &fault)));
  assert_true(returned);
  return result;
}

/* Who calls from outside has handles of the store's cells by the user's functions, and only by those. */
static void the_outermost_caller_drops_where_it_is_implemented(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_user(arena);
  Guest *guest = modules_guest(loaded);
  const TypeDef *cell = interface_typedef(loaded->interface, STR("cell"))->resource;
  Value three = call(arena, loaded, guest, "make", value_u64(3)), made = {0};
  Value five = call(arena, loaded, guest, "make", value_u64(5));
  Fault fault = {0}, foreign = {0}, trap = {0};
  assert_int_equal(call(arena, loaded, guest, "read", three).bits, 3);
  assert_true(guest_drop(guest, cell, three, &fault));
  assert_int_equal(call(arena, loaded, guest, "log", value_u64(0)).bits, 3);
  call(arena, loaded, guest, "give", five);
  assert_int_equal(guest_held_count(guest), 0);
  assert_int_equal(guest_handle_count(guest), 1);
  assert_false(guest_foreign(guest, cell, 5, &made, &foreign));
  assert_int_equal(foreign.kind, FAULT_STALE_HANDLE);
  Value trapping = call(arena, loaded, guest, "make", value_u64(66));
  assert_false(guest_drop(guest, cell, trapping, &trap));
  assert_int_equal(trap.kind, FAULT_UNREACHABLE);
  assert_true(trap.elsewhere);
  guest_free(guest);
  program_close(loaded->program);
}

/* One that implements what it imports: two kinds of cells, by the same name. */
static void a_module_may_wrap_its_own_interface(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation *at = arena_array_of(arena, Implementation, 3);
  bool fine = load(arena, "store", "store", store_wat, NULL, 0, &at[0], &diags) &&
              load(arena, "wrap", "store", wrap_wat, at, 1, &at[1], &diags) &&
              load(arena, "small", "small", small_wat, at, 2, &at[2], &diags);
  modules_show(&diags);
  assert_true(fine);
  Loaded *loaded = open_loaded(arena, &at[2]);
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "run", "0", "403");
  Fault fault = modules_expect_fault(arena, loaded, guest, "run", "1", FAULT_WRONG_RESOURCE);
  assert_true(fault.elsewhere);
  assert_memory_equal(fault.detail, "in wrap", 7);
  guest_free(guest);
  program_close(loaded->program);
}

static void all_must_mean_the_same_implementer(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena), mixed = diags_in(arena), alone = diags_in(arena);
  Implementation *at = arena_array_of(arena, Implementation, 4);
  bool fine = load(arena, "store", "store", store_wat, NULL, 0, &at[0], &diags) &&
              load(arena, "desk", "desk", desk_wat, at, 1, &at[1], &diags) &&
              load(arena, "wrap", "store", wrap_wat, at, 2, &at[2], &diags);
  modules_show(&diags);
  assert_true(fine);
  assert_false(load(arena, "user", "user", user_wat(arena), at, 3, &at[3], &mixed));
  modules_assert_says(&mixed, "mean resources of different implementations of t:t/store");
  assert_false(load(arena, "wrap", "store", wrap_wat, NULL, 0, &at[3], &alone));
  modules_assert_says(&alone, "needs t:t/store, and no implementation of it is given");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(handles_pass_between_modules),
      TEST(attacks_are_faults_of_who_makes_them),
      TEST(the_outermost_caller_drops_where_it_is_implemented),
      TEST(a_module_may_wrap_its_own_interface),
      TEST(all_must_mean_the_same_implementer),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
