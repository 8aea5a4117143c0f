# Modules that attack: each is a verdict in a sentence, soon, and what stands beside it is verified all the same.
. tests/e2e/lib.inc
cat >iface.wit <<'W'
package test:bad;
interface numbers { twice: func(n: u32) -> u32; }
W
cat >iface.spec <<'S'
spec test:bad/numbers;
describe "twice" {
  it "doubles" { expect twice(21) == 42; }
}
S
double='(i32.add (local.get 0) (local.get 0))'
wat() { # NAME ITEMS [FLAG...]: a module of these items
  local name=$1 items=$2
  shift 2
  printf '(module %s)' "$items" >"$name.wat"
  wat2wasm --no-check "$@" "$name.wat" -o "$name.wasm" || fail "wat2wasm $name"
}
twice() { printf '(func (export "test:bad/numbers#twice") (param i32) (result i32) %s)' "$1"; }
wat good "$(twice "$double")"

# refused NAME TEXT...: it is not verified, and the message has all these texts.
refused() {
  local name=$1 text
  shift
  verify "$name.wasm" good.wasm --spec iface.spec --for iface.wit --budget 100 --json >out 2>err </dev/null
  case $? in 1 | 2 | 3) ;; *) fail "$name: exit $?" ;; esac
  cat err >>out
  for text in "$@"; do expect_text out "$text"; done
  grep -q '"verdict": "passed"' out || fail "good was not verified beside $name"
}

# What is missing is named, and what would help.
wat simd "$(twice '(drop (v128.const i32x4 1 2 3 4)) (local.get 0)')"
refused simd SIMD -mno-simd128
wat threads "(memory 1 1 shared) $(twice "$double")" --enable-threads
refused threads 'shared memory (threads)' 'without -pthread'
wat atomics "(memory 1) $(twice '(i32.atomic.load (local.get 0))')" --enable-threads
refused atomics 'atomics (threads)' 'without -pthread'
wat wide "(memory i64 1) $(twice "$double")" --enable-memory64
refused wide '64-bit memory' '--target=wasm32'
wat throws "(tag \$t) $(twice '(throw $t)')" --enable-exceptions
refused throws exceptions -fno-exceptions
wat tails "(func \$f (param i32) (result i32) (return_call \$f (local.get 0))) $(twice '(return_call $f (local.get 0))')" --enable-tail-call
refused tails 'tail calls' -mno-tail-call
wat memories "(memory 1) (memory 1) $(twice "$double")" --enable-multi-memory
refused memories 'several memories' multi-memory-lowering
printf '\0asm\1\0\0\0\1\4\1\137\0\0' >gc.wasm # (type (struct))
refused gc 'garbage-collected types' 'WebAssembly 2.0'
printf '\0asm\15\0\1\0' >component.wasm
refused component 'is a WebAssembly component' 'core module'

# What makes the tools explode is refused before they see it.
began=$(date +%s)
wat nested "$(twice "$(printf '(block %.0s' $(seq 10001))$(printf ')%.0s' $(seq 10001)) $double")"
refused nested 'more than 10,000 blocks inside one another'
wat many "$(twice "$double") $(printf '(func)%.0s' $(seq 30000))"
refused many 'it has 30001 functions'
wat locals "$(twice "(local $(printf 'i32 %.0s' $(seq 50000))) $double")"
refused locals 'more than 50,000 locals'
[ $(($(date +%s) - began)) -lt 60 ] || fail 'to refuse what explodes takes too long'

# Names that try to be C, or a terminal's commands.
wat names "(import \"wasi_snapshot_preview1\" \"*/ int evil; /*\" (func)) $(twice "$double")
  (func \$w2c_e0 (export \"*/ #error \\0a#include \\22/etc/passwd\\22 /*\"))
  (func (export \"assay_module\")) (func (export \"Z_m_instantiate\")) (func (export \"\\00\\1b[2J\\e2\\80\\ae??/\")) "
expect_exit 0 verify names.wasm --spec iface.spec --for iface.wit --budget 100

# Custom sections that lie: about their length, about what the module implements, about who made it.
custom() { # NAME CONTENT: a custom section, short
  printf '\0%b%b%s%s' "$(printf '\\%03o' $((${#1} + ${#2} + 1)))" "$(printf '\\%03o' ${#1})" "$1" "$2"
}
{ cat good.wasm; custom name 'xxxxxxxxxxxxxxxx'; custom assay:build '{"language": 7, "sources": [[[['; custom producers '~~~~'; custom name ''; } >lies.wasm
expect_exit 0 verify lies.wasm --spec iface.spec --for iface.wit --budget 100
{ cat good.wasm; custom assay:interface 'package a:b; interface c { f: func(x: nothing'; } >interface.wasm
expect_exit 0 verify interface.wasm --spec iface.spec --for iface.wit --budget 100
{ cat good.wasm; printf '\0\377\377\377\377\17\4name'; } >long.wasm
expect_exit 2 verify long.wasm --spec iface.spec --for iface.wit --budget 100
expect_text err 'is not a WebAssembly module'

# A cache that somebody has written into is not believed.
export ASSAY_HOME=$TEST_FOLDER/forged
expect_exit 0 verify good.wasm --spec iface.spec --for iface.wit --budget 100
object=$(find "$ASSAY_HOME" -name '*.so')
for forgery in /dev/null iface.wit "$BUILD/assay"; do
  cp --remove-destination "$forgery" "$object" 2>/dev/null || : >"$object"
  expect_exit 0 verify good.wasm --spec iface.spec --for iface.wit --budget 100
done
ln -sf /etc/passwd "$object"
expect_exit 0 verify good.wasm --spec iface.spec --for iface.wit --budget 100

# A trap says in which function it came up.
wat named "(memory 1) (table 1 funcref) (elem (i32.const 0) \$divide_all)
  (func \$divide_all (param i32) (result i32) (loop $(printf '(i32.store (i32.load (local.get 0)) (i32.load (i32.const 8)))%.0s' $(seq 60)) (br_if 0 (i32.load (i32.const 4))))
    (i32.div_u (i32.const 1) (i32.load (i32.const 12))))
  $(twice '(call $divide_all (i32.load (local.get 0)))')" --debug-names
expect_exit 1 verify named.wasm --spec iface.spec --for iface.wit --budget 100
expect_text out 'divided an integer by zero, in'
expect_text out '`divide_all`'

# A trap in a module of many functions is a verdict too: looking its name up does nothing that a worker may not do.
{
  echo '#include "many.h"'
  for i in $(seq 300); do
    echo "__attribute__((noinline)) uint32_t g$i(uint32_t n) { volatile uint32_t x = n + $i; return x * $((i + 3)); }"
  done
  echo "uint32_t (*volatile all[])(uint32_t) = {$(printf 'g%d,' $(seq 300))};"
  echo '__attribute__((noinline)) uint32_t stop(uint32_t n) { if (n > 5) __builtin_trap(); return n; }'
  echo 'uint32_t exports_t_t_many_f(uint32_t n) { return all[n % 300](n) + stop(n); }'
} >many.c
printf 'package t:t; interface many { f: func(n: u32) -> u32; }' >many.wit
expect_exit 0 build many.c --for many.wit -o many.wasm
expect_exit 1 assay call many.wasm 'f(9)'
expect_text err 'executed unreachable'

finish
