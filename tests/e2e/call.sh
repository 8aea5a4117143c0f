# assay call: functions of a module from the command line.
. tests/e2e/lib.inc
cat >calc.wit <<'EOF'
package t:calc;
interface calc {
  record point { x: f64, y: f64 }
  variant how { plain, scaled(u32) }
  add: func(a: u32, b: u32) -> u32;
  make: func(x: f64) -> point;
  norm: func(p: point) -> f64;
  greet: func(name: string) -> string;
  apply: func(n: u32, how: how) -> u32;
  trap: func();
  spin: func();
  liar: func() -> how;
  count: func() -> u32;
}
EOF
cat >calc.c <<'EOF'
#include "calc.h"
#include <stdlib.h>
#include <string.h>
static uint32_t calls;
uint32_t exports_t_calc_calc_add(uint32_t a, uint32_t b) { return a + b; }
void exports_t_calc_calc_make(double x, exports_t_calc_calc_point_t *ret) { ret->x = x; ret->y = 2 * x; }
double exports_t_calc_calc_norm(exports_t_calc_calc_point_t *p) { return p->x * p->x + p->y * p->y; }
void exports_t_calc_calc_greet(calc_string_t *name, calc_string_t *ret)
{
  ret->len = name->len + 7;
  ret->ptr = malloc(ret->len);
  memcpy(ret->ptr, "hello, ", 7);
  memcpy(ret->ptr + 7, name->ptr, name->len);
  calc_string_free(name);
}
uint32_t exports_t_calc_calc_apply(uint32_t n, exports_t_calc_calc_how_t *how) { return how->tag ? n * how->val.scaled : n; }
void exports_t_calc_calc_trap(void) { __builtin_trap(); }
void exports_t_calc_calc_spin(void) { for (volatile int i = 0;; i++) {} }
void exports_t_calc_calc_liar(exports_t_calc_calc_how_t *ret) { ret->tag = 7; }
uint32_t exports_t_calc_calc_count(void) { return ++calls; }
EOF
build calc.c --for calc.wit -o calc.wasm >/dev/null || fail build

expect_exit 0 assay call calc.wasm 'add(2, 40)'
[ "$(cat out)" = 42 ] || fail "add: $(cat out)"
expect_exit 0 assay call calc.wasm 'let p = make(1.5); p; norm(p); norm({x: 3.0, y: 4.0})'
[ "$(cat out)" = '{x: 1.5, y: 3.0}
11.25
25.0' ] || fail "script: $(cat out)"
expect_exit 0 assay call calc.wasm 'greet("w\u{f6}rld\n")'
[ "$(cat out)" = '"hello, wörld\n"' ] || fail "greet: $(cat out)"
expect_exit 0 assay call calc.wasm 'apply(7, scaled(6)); apply(7, plain);'
[ "$(tr '\n' ' ' <out)" = '42 7 ' ] || fail "apply: $(cat out)"
expect_exit 0 assay call calc.wasm '[for i in 0..4: add(u32(i), 1)]'
[ "$(cat out)" = '[1, 2, 3, 4]' ] || fail "loop: $(cat out)"
# One instance, and a fresh one every time.
expect_exit 0 assay call calc.wasm 'count(); count()'
[ "$(tr '\n' ' ' <out)" = '1 2 ' ] || fail 'calls do not meet one instance'
expect_exit 0 assay call calc.wasm 'count()'
[ "$(cat out)" = 1 ] || fail 'an instance outlives its command'
printf 'add(1,\n 1)' | assay call calc.wasm - >out || fail 'standard input is not read'
[ "$(cat out)" = 2 ] || fail 'standard input is not evaluated'
assay call calc.wasm 'add(1, 1)' >/dev/full 2>err
[ $? = 3 ] || fail 'writing to a full device was a success'

# What goes wrong in the module: 1, with what came before it, the place and the reason.
expect_exit 1 assay call calc.wasm 'add(1, 1); trap(); add(2, 2)'
[ "$(cat out)" = 2 ] || fail 'results before a trap are lost'
expect_text err '1:12: error: the call trapped: executed unreachable'
expect_exit 1 assay call calc.wasm 'spin()' --budget 100ms
expect_text err 'did not return in time'
expect_exit 1 assay call calc.wasm 'liar()'
expect_text err 'broke the Canonical ABI: gave a discriminant that is no case of its type'
expect_exit 1 assay call calc.wasm 'trap()' --json
expect_text out '"kind": "trap"'
expect_exit 0 assay call calc.wasm 'add(1, 2)' --json
expect_text out '"schema": "assay/call/1"'
expect_text out '"value": "3"'
expect_text out '"type": "u32"'

# What is wrong with the call: 2, with a caret.
expect_exit 2 assay call calc.wasm 'ad(1, 2)'
expect_text err 'did you mean `add`?'
expect_exit 2 assay call calc.wasm 'add(1)'
expect_text err '`add` takes 2 arguments, not 1'
expect_exit 2 assay call calc.wasm 'norm({x: 1.0, z: 2.0})'
expect_text err '1:'
expect_exit 2 assay call calc.wasm 'add(1, 300000000000)'
expect_text err '1:8'
expect_exit 2 assay call calc.wasm 'add(1, "a")'
expect_text err '1:8: error: expected `u32`'
expect_exit 2 assay call calc.wasm 'add(1, 2) add(3, 4)'
expect_text err '1:11'
expect_exit 2 assay call calc.wasm '1 / 0'
expect_exit 2 assay call calc.wasm ''
expect_text err 'expected a call'
expect_exit 2 assay call calc.wasm
expect_exit 2 assay call missing.wasm 'add(1, 2)'
expect_exit 2 assay call calc.wasm 'add(1, 2)' 'add(1, 2)'

# Resources: constructors, methods, statics; what is left is dropped at the end.
build "$examples/stack/implementations/array.c" --for "$examples/stack/stack.wit" -o stack.wasm >/dev/null || fail build
expect_exit 0 assay call stack.wasm 'let s = stack(); s.push(1); s.push(7); s.pop(); s.len(); total([s, s]); s; living()'
[ "$(cat out)" = 'some(7)
1
2
stack 1
1' ] || fail "resources: $(cat out)"
expect_exit 0 assay call stack.wasm 'let low = stack(); let high = stack.of([2, 3]); living(); drop(low); living()'
[ "$(tr '\n' ' ' <out)" = '2 1 ' ] || fail "drop: $(cat out)"
expect_exit 2 assay call stack.wasm 'let s = stack(); s.puhs(1)'
expect_text err '`stack` has no method `puhs`'
expect_text err 'did you mean `push`?'
expect_exit 2 assay call stack.wasm 'let s = stack(); s.push("a")'
expect_text err '1:25: error: expected `u32`'
expect_exit 2 assay call stack.wasm 'let s = stack(); stack.merged(s, stack()); s.pop()'
expect_text err '1:44: error: the call was to be given a handle that the caller does not have: stack 1'
cat >keeps.wit <<'EOF'
package t:keeps;
interface keeps { resource thing { constructor(bad: bool); } keep: func(it: thing); }
EOF
cat >keeps.c <<'EOF'
#include "keeps.h"
#include <stdlib.h>
struct exports_t_keeps_keeps_thing_t { bool bad; };
typedef struct exports_t_keeps_keeps_thing_t Thing;
exports_t_keeps_keeps_own_thing_t exports_t_keeps_keeps_constructor_thing(bool bad)
{
  Thing *made = malloc(sizeof *made);
  made->bad = bad;
  return exports_t_keeps_keeps_thing_new(made);
}
void exports_t_keeps_keeps_thing_destructor(Thing *rep)
{
  if (rep->bad) __builtin_trap();
  free(rep);
}
void exports_t_keeps_keeps_keep(exports_t_keeps_keeps_own_thing_t it) { (void)it; }
EOF
build keeps.c --for keeps.wit -o keeps.wasm >/dev/null || fail build
expect_exit 0 assay call keeps.wasm 'let a = thing(false)'
[ ! -s err ] || fail "something is said of nothing: $(cat err)"
expect_exit 0 assay call keeps.wasm 'keep(thing(false)); keep(thing(true))'
expect_text err 'warning: keeps has 2 handles in the end that it has neither dropped nor given away'
expect_exit 0 assay call keeps.wasm 'keep(thing(false))' --json
expect_text out '"kept": 1'
cat >keeps.spec <<'EOF'
spec t:keeps/keeps;
it "keeps" { keep(thing(false)); keep(thing(false)); expect true; }
it "keeps nothing" { let a = thing(false); expect true; }
EOF
expect_exit 0 verify keeps.wasm --spec keeps.spec
expect_text out 'it has 2 handles after a case of "keeps", neither dropped nor given away'
expect_no_text out '"keeps nothing"'
expect_exit 0 verify keeps.wasm --spec keeps.spec --json
[ "$(grep -c handles-left out)" = 1 ] || fail "handles left: $(cat out)"
expect_exit 1 assay call keeps.wasm 'let a = thing(false); let b = thing(true)'
expect_text err '1:31: error: dropping at the end what it gave trapped: executed unreachable'

# A module that does not carry its interface needs to be told.
printf '(module (func (export "t:calc/calc#add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.sub))' >sub.wat
wat2wasm sub.wat -o sub.wasm
printf 'package t:calc;\ninterface calc { add: func(a: u32, b: u32) -> u32; }\n' >sub.wit
expect_exit 2 assay call sub.wasm 'add(44, 2)'
expect_text err -- '--for'
expect_exit 0 assay call sub.wasm 'add(44, 2)' --for sub.wit
[ "$(cat out)" = 42 ] || fail "sub: $(cat out)"
finish
