# Specifications of what has a state, of resources, and of several implementations; `assay spec`.
. tests/e2e/lib.inc
cat >stacks.wit <<'EOF'
package demo:stacks;
interface stacks {
  resource stack {
    constructor(limit: u32);
    push: func(x: u32) -> bool;
    pop: func() -> option<u32>;
    len: func() -> u32;
    merge: static func(a: stack, b: borrow<stack>) -> stack;
  }
  live: func() -> u32;
}
EOF
cat >stacks.spec <<'EOF'
spec demo:stacks/stacks;

it "holds what it is given" {
  let s = stack(2);
  expect s.push(1) && s.push(2) && !s.push(3);
  expect s.pop() == some(2);
  expect live() == 1;
  drop(s);
  expect live() == 0;
}
it "merges" {
  let a = stack(4);
  let b = stack(4);
  a.push(1);
  b.push(2);
  let c = stack.merge(a, b);
  expect c.len() == 2 && b.len() == 1;
}
law "two stacks do not meet" (xs: list<u32>, n: u32) where len(xs) > 0, n < 10 {
  let a = stack(1000);
  let b = stack(n);
  a.push(xs[0]);
  expect b.len() == 0 && a.len() == 1 && live() == 2;
}
sequence "is a stack" (limit: u32) where limit < 30 {
  var model: list<u32> = [];
  let s = stack(limit);
  let other = stack(7);
  op push(x: u32) {
    let room = len(model) < s64(limit);
    expect s.push(x) == room;
    model = if room { concat(model, [x]) } else { model };
  }
  op push-other(x: u32) {
    other.push(x);
  }
  op pop() where len(model) > 0 {
    expect s.pop() == some(model[len(model) - 1]);
    model = slice(model, 0, len(model) - 1);
  }
  invariant { expect s.len() == u32(len(model)); }
}
agree "on merging" (xs: list<u32>) {
  let a = stack(10);
  let b = stack(10);
  a.push(1);
  b.push(2);
  b.push(3);
  let c = stack.merge(a, b);
  c.pop();
  c.pop();
  c.len();
}
EOF
cat >right.c <<'EOF'
#include "stacks.h"
struct exports_demo_stacks_stacks_stack_t {
  uint32_t limit, len, items[];
};
typedef exports_demo_stacks_stacks_stack_t S;
static uint32_t live;
static S *make(uint32_t limit)
{
  S *s = malloc(sizeof *s + 4ull * limit);
  s->limit = limit;
  s->len = 0;
  live++;
  return s;
}
exports_demo_stacks_stacks_own_stack_t exports_demo_stacks_stacks_constructor_stack(uint32_t limit)
{
  return exports_demo_stacks_stacks_stack_new(make(limit));
}
bool exports_demo_stacks_stacks_method_stack_push(S *self, uint32_t x)
{
  if (self->len == self->limit) return false;
  self->items[self->len++] = x;
  return true;
}
bool exports_demo_stacks_stacks_method_stack_pop(S *self, uint32_t *ret)
{
  if (!self->len) return false;
  *ret = self->items[--self->len];
  return true;
}
uint32_t exports_demo_stacks_stacks_method_stack_len(S *self)
{
  return self->len;
}
exports_demo_stacks_stacks_own_stack_t
exports_demo_stacks_stacks_static_stack_merge(exports_demo_stacks_stacks_own_stack_t a, S *b)
{
  S *x = exports_demo_stacks_stacks_stack_rep(a);
  S *s = make(x->limit + b->limit);
  for (uint32_t i = 0; i < x->len; i++) s->items[s->len++] = x->items[i];
  for (uint32_t i = 0; i < b->len; i++) s->items[s->len++] = b->items[i];
  exports_demo_stacks_stacks_stack_drop_own(a);
  return exports_demo_stacks_stacks_stack_new(s);
}
uint32_t exports_demo_stacks_stacks_live(void)
{
  return live;
}
void exports_demo_stacks_stacks_stack_destructor(S *s)
{
  live--;
  free(s);
}
EOF

# Each is wrong in one way: state that all stacks share, a destructor that traps, a merge that turns around.
sed 's/^static uint32_t live;/static uint32_t live, shared;/
     s/self->items\[self->len++\] = x;/self->items[self->len++] = shared = x;/
     s/\*ret = self->items\[--self->len\];/self->len--; *ret = self->len == 3 ? shared : self->items[self->len];/' right.c >shared.c
sed 's/^  live--;/  if (s->len == 2) __builtin_trap(); live--;/' right.c >drop.c
sed 's/for (uint32_t i = 0; i < b->len; i++) s->items/for (uint32_t i = b->len; i-- > 0;) s->items/' right.c >merge.c
for name in right shared drop merge; do
  cmp -s right.c $name.c && [ $name != right ] && fail "$name.c is not wrong"
  expect_exit 0 build $name.c --for stacks.wit -o $name.wasm
done

expect_exit 0 assay spec check stacks.spec
expect_exit 1 verify right.wasm shared.wasm drop.wasm merge.wasm --spec stacks.spec --budget 3000 --seed 1
expect_text out "✓ right "
expect_text out "✗ shared "
expect_text out "expected s.pop() == some(model[len(model) - 1])"
expect_text out "1. push(0), 4 times"
expect_text out "dropping what \`stack.merge(a, b)\` gave trapped"
expect_text out "gives something else than right"
token=$(sed -n 's/.*merge.wasm right.wasm.* --replay //p' out)
expect_exit 1 verify merge.wasm right.wasm shared.wasm --spec stacks.spec --replay "$token"
expect_text out "✓ right "
expect_text out "✗ merge "

# One alone has nobody to agree with, which is no success.
expect_exit 3 verify right.wasm --spec stacks.spec --budget 100 --seed 1
expect_text out "there is no other implementation to agree with"

# A specification of a part is for everybody who provides that part; the same test in two files runs once.
cat >part.spec <<'EOF'
spec other:pkg/merging;

it "merges" {
  let a = stack(4); // as in stacks.spec
  let b = stack(4);
  a.push(1);
  b.push(2);
  let c = stack.merge(a, b);
  expect c.len() == 2 && b.len() == 1;
}
EOF
expect_exit 0 verify right.wasm --spec part.spec --for stacks.wit --budget 100 --seed 1
expect_exit 1 verify drop.wasm right.wasm --spec stacks.spec --spec part.spec --budget 100 --seed 1
expect_text out "part.spec: 1 failed"
expect_text out "the same test as in stacks.spec, which ran for both"
echo 'spec other:pkg/x; it "a" { expect away(); }' >away.spec
expect_exit 1 assay spec check away.spec --for stacks.wit
expect_text err "cannot be tried on \`demo:stacks/stacks\`"

# Of a WIT with several interfaces it is the one that the specification names.
mkdir -p apart
cat stacks.wit - >apart/several.wit <<'EOF'
interface merging { twice: func(x: u32) -> u32; }
EOF
expect_exit 0 assay spec check stacks.spec --for apart/several.wit
expect_exit 0 verify right.wasm --spec part.spec --for 'apart/several.wit#stacks' --budget 100 --seed 1
expect_exit 2 assay spec check part.spec --for apart/several.wit
expect_text err "declares several interfaces"

echo 'spec demo:stacks/stack; it "a" { expect live() == 0; }' >near.spec
expect_exit 2 assay spec check near.spec
expect_text err "did you mean demo:stacks/stacks?"

# A word that is wrong right behind the first line is told once.
printf 'spec demo:stacks/stacks;\nIt "a" { expect true; }\n' >It.spec
expect_exit 1 assay spec check It.spec
[ "$(grep -c 'is not a name' err)" = 1 ] || fail "$(cat err)"

# hash and canon say what sha256sum says.
expect_exit 0 assay spec canon stacks.spec
hash=$(sha256sum <out)
expect_exit 0 assay spec hash stacks.spec
expect_text out "sha256:${hash%% *}  demo:stacks/stacks  stacks.spec"

# fmt changes the layout, never the hash, and does nothing twice.
expect_exit 0 assay spec fmt --check stacks.spec part.spec
tr -s ' \n' '  ' <stacks.spec >flat.spec
expect_exit 1 assay spec fmt --check flat.spec
expect_text out flat.spec
assay spec hash flat.spec >before
expect_exit 0 assay spec fmt flat.spec
expect_exit 0 assay spec fmt --check flat.spec
assay spec hash flat.spec | cmp -s - before || fail "formatting changes the hash"

expect_exit 2 assay spec
expect_exit 2 assay spec hsh
expect_text err "did you mean 'assay spec hash'?"
expect_exit 2 assay spec check missing.spec
expect_exit 2 assay spec fmt
echo 'spec a:b/c; it "x" {' >open.spec
expect_exit 2 assay spec fmt open.spec
expect_exit 0 assay spec check --help
finish
