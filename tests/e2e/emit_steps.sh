# Counterexamples of sequences and agreements, written as scripts: they fail on what was wrong and hold for what is right.
. tests/e2e/lib.inc
cat >stack.wit <<'W'
package test:emit;
interface stack {
  push: func(text: string, x: s32);
  top: func() -> option<s32>;
  ratio: func(a: f64, b: f64) -> f64;
  checked: func(x: u8) -> u8;
}
W
# stack NAME PUSH RATIO CHECKED: an implementation with these bodies.
stack() {
  cat >"$1.c" <<C
#include "stack.h"
static int32_t items[4096];
static unsigned count;
void exports_test_emit_stack_push(stack_string_t *text, int32_t x) { unsigned len = text->len; stack_string_free(text); $2 }
bool exports_test_emit_stack_top(int32_t *ret) { if (count) *ret = items[count - 1]; return count > 0; }
double exports_test_emit_stack_ratio(double a, double b) { return $3; }
uint8_t exports_test_emit_stack_checked(uint8_t x) { $4 }
C
  build "$1.c" --for stack.wit -o "$1.wasm" >/dev/null 2>err || fail "cannot build $1: $(cat err)"
}
push='items[count++ % 4096] = x; (void)len;' checked='if (x == 7) __builtin_trap(); return x;'
stack right "$push" 'a / b' "$checked"
stack again "$push" 'a / b' "$checked"
stack ignores 'if (!(len == 2 && count == 1)) items[count++ % 4096] = x;' 'a / b' "$checked"
stack divides "$push" 'b == 0 ? 0 : a / b' "$checked"
stack returns "$push" 'a / b' 'return x;'

cat >sequence.spec <<'S'
spec test:emit/stack;

fn last(xs: list<s32>) -> option<s32> = if len(xs) == 0 { none } else { some(xs[len(xs) - 1]) };

fn needless(x: s32) -> s32 = x + 1;

sequence "is a stack" (first: s32) {
  push("", first);
  let begun = top();
  var model = [first];
  op push(text: string, x: s32) where len(text) < 9, len(model) < 50 {
    push(text, x);
    let longer = concat(model, [x]);
    model = longer;
  }
  invariant { expect top() == last(model); }
  invariant { expect begun == some(first); }
}
S
expect_exit 1 verify ignores.wasm right.wasm --spec sequence.spec --for stack.wit --budget 3000 --seed 1 --emit-spec found.spec
expect_text found.spec 'let model: list<s32> = longer;'
expect_text found.spec 'push(text, x);'
expect_text found.spec 'fn last(xs: list<s32>)'
expect_no_text found.spec needless
expect_exit 1 verify ignores.wasm --spec found.spec --for stack.wit
expect_text out 'expected top() == last(model)'
expect_exit 0 verify right.wasm divides.wasm --spec found.spec --for stack.wit
expect_exit 0 assay spec fmt found.spec
expect_exit 1 verify ignores.wasm --spec found.spec --for stack.wit

cat >agree.spec <<'S'
spec test:emit/stack;

agree "on ratios" (a: f64, b: f64) { ratio(a, b); }
agree "on what is checked" (x: u8) { let y = checked(x); checked(y); }
agree "on all steps" {
  op push(text: string, x: s32) where len(text) < 9 { push(text, x); }
  op top() { top(); }
}
S
rm -f found.spec
expect_exit 1 verify right.wasm again.wasm ignores.wasm divides.wasm returns.wasm --spec agree.spec --for stack.wit \
  --budget 20000 --seed 1 --emit-spec found.spec
expect_text found.spec 'expect top() == '
expect_text found.spec 'expect checked(x) traps;'
[ "$(grep -c '^it ' found.spec)" = 3 ] || fail "$(cat found.spec)"
for wrong in ignores divides returns; do expect_exit 1 verify $wrong.wasm --spec found.spec --for stack.wit; done
expect_exit 0 verify right.wasm again.wasm --spec found.spec --for stack.wit

# What a sequence holds is made by the script again.
stacks=$examples/stack
for name in wrong_shrinking array; do
  build "$stacks/implementations/$name.c" --for "$stacks/stack.wit" -o $name.wasm >/dev/null 2>err || fail "cannot build $name: $(cat err)"
done
rm -f found.spec
expect_exit 1 verify wrong_shrinking.wasm --spec "$stacks/stack.spec" --budget 20000 --seed 1 --emit-spec found.spec
expect_text found.spec 'let s = stack();'
expect_exit 1 verify wrong_shrinking.wasm --spec found.spec --for "$stacks/stack.wit"
expect_text out '(counterexample 1)'
expect_exit 0 verify array.wasm --spec found.spec --for "$stacks/stack.wit"
finish
