# An implementation that traps, hangs, eats memory, exhausts the stack or does not fit is a verdict; the others' results stay.
. tests/e2e/lib.inc
cat >iface.wit <<'W'
package test:bad;
interface numbers { twice: func(n: u32) -> u32; }
W
cat >iface.spec <<'S'
spec test:bad/numbers;
describe "twice" {
  it "doubles" { expect twice(21) == 42; }
  law "is the sum" (n: u32) { expect twice(n) == n + n; }
}
S
module() { # NAME BODY [EXTRA]
  printf '(module %s (memory (export "memory") 1) (func $f (export "test:bad/numbers#twice") (param i32) (result i32) %s))' "${3:-}" "$2" >"$1.wat"
  build "$1.wat" --for iface.wit -o "$1.wasm" >/dev/null || fail "build $1"
}
module good '(i32.add (local.get 0) (local.get 0))'
module traps '(unreachable)'
module divides '(i32.div_u (i32.const 1) (i32.const 0))'
module hangs '(loop $l (br $l)) (i32.const 0)'
module deep '(call $f (local.get 0)) (i32.const 1) (i32.add)'
module wild '(i32.load (i32.const -8))'
module greedy '(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1000)) (i32.const -1)))) (i32.store (i32.const 0) (i32.const 1)) (i32.add (local.get 0) (local.get 0))'
module late '(global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.add (i32.gt_u (global.get $n) (i32.const 1000)) (i32.add (local.get 0) (local.get 0)))' '(global $n (mut i32) (i32.const 0))'
expect_exit 1 verify traps.wasm good.wasm divides.wasm hangs.wasm deep.wasm wild.wasm greedy.wasm late.wasm --spec iface.spec --budget 5000 --seed 1 --json
verdict() { awk -F'"' -v want="$1" '$2=="label"{on=($4==want)} $2=="verdict"&&on{print $4; exit}' out; }
for one in traps divides hangs deep wild late; do [ "$(verdict $one)" = failed ] || fail "$one: $(verdict $one)"; done
for one in good greedy; do [ "$(verdict $one)" = passed ] || fail "$one: $(verdict $one)"; done
expect_text out 'unreachable'
expect_text out 'did not return in time'
expect_text out 'stack'
expect_text out 'out of bounds'

# Modules that cannot be used are named with what was expected, and the rest is verified all the same.
printf '(module (func (export "test:bad/numbers#twice") (param i64) (result i32) (i32.const 0)))' >shape.wat
expect_exit 2 build shape.wat --for iface.wit
expect_text err '(i32) -> i32'
wat2wasm shape.wat -o shape.wasm
expect_exit 2 verify shape.wasm good.wasm --spec iface.spec --for iface.wit --budget 100 --json
expect_text err 'shape.wasm'
[ "$(verdict good)" = passed ] || fail 'good was not verified beside a misfit'
printf '(module (func (export "test:bad/numbers#twice") (param i32) (result i32) (v128.any_true (v128.const i32x4 1 2 3 4))))' >simd.wat
wat2wasm simd.wat -o simd.wasm
verify simd.wasm good.wasm --spec iface.spec --for iface.wit --budget 100 >out 2>err
[ $? != 0 ] || fail 'a SIMD module passed'
cat out err | grep -qi simd || fail 'the message does not say SIMD'
finish
