# The same two interfaces in every language: built, verified and ranked together; and what is said when a toolchain
# is not there.
. tests/e2e/lib.inc

# Builds what of an example is in other languages than C.
build_others() {
  local name=$1 source file
  for source in "$examples/$name"/implementations/*; do
    file=$(basename "$source")
    [ "${file##*.}" = c ] && continue
    build "$source" --for "$examples/$name/$name.wit" -o "$name-${file/./-}.wasm" >out 2>err
    case $? in
      0) ;;
      3) echo "skipped: $name in ${file##*.}: $(head -n 1 err)" ;;
      *) fail "cannot build $source: $(cat err)" ;;
    esac
  done
}

for name in sha256 sort; do
  build_others $name
  [ -e "$name-$([ $name = sort ] && echo library || echo chunks)-rs.wasm" ] || fail "$name has no implementation in Rust"
  expect_exit 0 verify $name-*.wasm --spec "$examples/$name/$name.spec" --seed 1 --budget 3000
  expect_exit 0 evaluate $name-*.wasm --bench "$examples/$name/$name.bench" --budget 1s
  for module in "$name"-*.wasm; do expect_text out "${module%.wasm}"; done
  expect_no_text out 'not ranked'
done

# A module in any language says what made it, and needs nothing of the world.
for module in s*.wasm; do
  wasm-objdump -x "$module" >dump
  expect_text dump 'assay:build'
  expect_no_text dump 'Import['
done

# A missing toolchain is one message with the package's name; the others go on.
circle=$examples/circle
mkdir empty
printf 'mod bindings;\n' >a.rs
printf '#include "circle.h"\n' >a.cpp
here=$(command -v build)
expect_exit 3 env RUSTC=/nowhere/rustc "$here" a.rs --for "$circle/circle.wit"
expect_text err "install Debian's packages rustc and libstd-rust-dev-wasm32"
expect_text err /nowhere/rustc
printf 'export function f(): void {}\n' >a.ts
expect_exit 3 env ASC=/nowhere/asc "$here" a.ts --for "$circle/circle.wit"
expect_text err 'npm install -g assemblyscript@'
expect_exit 3 env PATH="$PWD/empty" "$here" a.cpp --for "$circle/circle.wit"
expect_text err "C++ needs clang++, which is not installed"
expect_text err "install Debian's package clang"
expect_text err "install Debian's package lld"
for source in square.c hand.wat; do
  expect_exit 0 env RUSTC=/nowhere/rustc "$here" "$circle/implementations/$source" --for "$circle/circle.wit" -o c.wasm
done

# A proxy of rustup's is not run: it would look for settings that it cannot see.
mkdir -p proxy rustup/toolchains/none/bin
printf '#!/bin/sh\necho "the proxy was run" >&2\nexit 1\n' >proxy/rustup
chmod +x proxy/rustup
ln -s rustup proxy/rustc
rust=$examples/sort/implementations/library.rs
expect_exit 0 env PATH="$PWD/proxy:$PATH" RUSTUP_HOME="$PWD/rustup" build "$rust" --for "$examples/sort/sort.wit" -o proxied.wasm
cmp -s proxied.wasm sort-library-rs.wasm || fail 'another compiler was found'

# A world in every language: functions and a resource that are imported, functions of its own, two interfaces.
cat >world.wit <<'EOF'
package t:worlds@0.2.0;
interface low {
  record entry { name: string, sizes: list<u32> }
  twice: func(e: entry) -> entry;
  sum: func(xs: list<u32>) -> u64;
}
interface high { use low.{entry}; total: func(all: list<entry>) -> u64; }
interface more { total: func(x: u32) -> u32; }
world app { import low; export high; export more; export run: func(name: string) -> string; }
EOF
cat >low.c <<'EOF'
#include "low.h"
void exports_t_worlds_low_twice(exports_t_worlds_low_entry_t *e, exports_t_worlds_low_entry_t *ret)
{
  *ret = *e;
  for (size_t i = 0; i < ret->sizes.len; i++) ret->sizes.ptr[i] *= 2;
}
uint64_t exports_t_worlds_low_sum(low_list_u32_t *xs)
{
  uint64_t sum = 0;
  for (size_t i = 0; i < xs->len; i++) sum += xs->ptr[i];
  low_list_u32_free(xs);
  return sum;
}
EOF
cat >app.rs <<'EOF'
mod bindings;
use bindings::exports::t::worlds::{high, more};
use bindings::t::worlds::low::{self, Entry};
struct Component;
impl high::Guest for Component {
    fn total(all: Vec<Entry>) -> u64 {
        all.iter().map(|e| low::sum(&low::twice(e).sizes)).sum()
    }
}
impl more::Guest for Component {
    fn total(x: u32) -> u32 { x + 1 }
}
impl bindings::Guest for Component {
    fn run(name: String) -> String {
        let e = low::twice(&Entry { name, sizes: vec![1, 2] });
        format!("{}: {:?}", e.name, e.sizes)
    }
}
bindings::export!(Component with_types_in bindings);
EOF
cat >app.ts <<'EOF'
import { low, Entry } from "./bindings";
export function total(all: Array<Entry>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < all.length; i++) sum += low.sum(low.twice(all[i]).sizes);
  return sum;
}
export function moreTotal(x: u32): u32 {
  return x + 1;
}
export function run(name: string): string {
  const e = low.twice(new Entry(name, [1, 2]));
  return e.name + ": [" + e.sizes.join(", ") + "]";
}
EOF
build low.c --for world.wit#low -o low.wasm >/dev/null || fail 'cannot build low.c'
for source in app.rs app.ts; do
  build $source --for world.wit#app -o app.wasm >out 2>err
  [ $? = 3 ] && [ $source = app.ts ] && { echo "skipped: $source: $(head -n 1 err)"; continue; }
  [ -s err ] && fail "cannot build $source: $(cat err)"
  expect_exit 0 assay call app.wasm --with low.wasm 'run("añ")'
  [ "$(cat out)" = '"añ: [2, 4]"' ] || fail "run in $source: $(cat out)"
  expect_exit 0 assay call app.wasm --with low.wasm --for world.wit#high 'total([{name: "a", sizes: [1, 2]}, {name: "", sizes: [3]}])'
  [ "$(cat out)" = 12 ] || fail "total in $source: $(cat out)"
  expect_exit 0 assay call app.wasm --with low.wasm --for world.wit#more 'total(6)'
  [ "$(cat out)" = 7 ] || fail "total of more in $source: $(cat out)"
done

# A resource of another's, in each language and from each language: handles cross, and none is left.
sed 's/^interface stack {/interface user {\
  use stack.{stack};\
  reversed: func(xs: list<u32>) -> list<u32>;\
  sums: func(xs: list<u32>) -> tuple<u64, u32>;\
}\
&/' "$examples/stack/stack.wit" >user.wit
cat >user.c <<'EOF'
#include "user.h"
typedef collections_basic_stack_own_stack_t Stack;
static Stack made(user_list_u32_t *xs)
{
  Stack s;
  user_string_t error;
  if (!collections_basic_stack_static_stack_of(xs, &s, &error)) __builtin_trap();
  return s;
}
void exports_collections_basic_user_reversed(user_list_u32_t *xs, user_list_u32_t *ret)
{
  Stack s = made(xs);
  *ret = *xs;
  for (size_t i = 0; i < ret->len; i++)
    (void)collections_basic_stack_method_stack_pop(collections_basic_stack_borrow_stack(s), &ret->ptr[i]);
  collections_basic_stack_stack_drop_own(s);
}
void exports_collections_basic_user_sums(user_list_u32_t *xs, user_tuple2_u64_u32_t *ret)
{
  collections_basic_stack_two_parts_t parts;
  collections_basic_stack_borrow_stack_t lent[100];
  collections_basic_stack_list_borrow_stack_t all = {lent, 1};
  collections_basic_stack_split(made(xs), 2, &parts);
  lent[0] = collections_basic_stack_borrow_stack(parts.low);
  for (size_t i = 0; i < parts.high.len; i++) lent[all.len++] = collections_basic_stack_borrow_stack(parts.high.ptr[i]);
  ret->f0 = collections_basic_stack_total(&all);
  ret->f1 = collections_basic_stack_living();
  collections_basic_stack_stack_drop_own(parts.low);
  for (size_t i = 0; i < parts.high.len; i++) collections_basic_stack_stack_drop_own(parts.high.ptr[i]);
  user_list_u32_free(xs);
}
EOF
cat >user.rs <<'EOF'
mod bindings;
use bindings::collections::basic::stack::{self, Stack};
use bindings::exports::collections::basic::user::Guest;
struct Component;
impl Guest for Component {
    fn reversed(xs: Vec<u32>) -> Vec<u32> {
        let s = Stack::of(&xs).unwrap();
        std::iter::from_fn(|| s.pop()).collect()
    }
    fn sums(xs: Vec<u32>) -> (u64, u32) {
        let parts = stack::split(Stack::of(&xs).unwrap(), 2);
        let mut all = vec![&parts.low];
        all.extend(parts.high.iter());
        (stack::total(&all), stack::living())
    }
}
bindings::export!(Component with_types_in bindings);
EOF
cat >user.ts <<'EOF'
import { stack, Stack, Tuple2 } from "./bindings";
export function reversed(xs: Array<u32>): Array<u32> {
  const s = Stack.of(xs).ok, out: Array<u32> = [];
  for (let x = s.pop(); x.isSome; x = s.pop()) out.push(x.value);
  s.drop();
  return out;
}
export function sums(xs: Array<u32>): Tuple2<u64, u32> {
  const parts = stack.split(Stack.of(xs).ok, 2);
  const out = new Tuple2<u64, u32>(stack.total([parts.low].concat(parts.high)), stack.living());
  parts.low.drop();
  for (let i = 0; i < parts.high.length; i++) parts.high[i].drop();
  return out;
}
EOF
# Exit status 3: there is no compiler.
for stack in array.c vec.rs array.ts; do
  build "$examples/stack/implementations/$stack" --for user.wit#stack -o stack.wasm >/dev/null 2>err
  [ $? = 3 ] && { echo "skipped: $stack: $(head -n 1 err)"; continue; }
  for user in c rs ts; do
    build user.$user --for user.wit#user -o user.wasm >/dev/null 2>err
    [ $? = 3 ] && { echo "skipped: user.$user: $(head -n 1 err)"; continue; }
    expect_exit 0 assay call user.wasm --with stack.wasm 'reversed([1, 2, 3]); sums([1, 2, 3, 4, 5]); sums([7])'
    [ "$(paste -sd' ' out)" = '[3, 2, 1] (15, 4) (7, 1)' ] || fail "user.$user with $stack: $(cat out)"
    [ ! -s err ] || fail "user.$user with $stack: $(cat err)"
  done
done

# What stands where bindings are made is refused, whatever the language.
printf 'mod bindings;\n' >lib.rs
printf '// mine\n' >bindings.rs
expect_exit 2 build lib.rs bindings.rs --for "$circle/circle.wit"
expect_text err "'bindings.rs' stands where the bindings are made"

# Bindings for each language, where they are to go.
expect_exit 0 ifc bind --lang rust "$circle/circle.wit" -o made
[ "$(cat out)" = made/bindings.rs ] || fail "other files: $(cat out)"
expect_text made/bindings.rs 'fn intersects(a: Circle, b: Circle) -> bool;'
expect_exit 0 ifc bind --lang assemblyscript "$circle/circle.wit" -o made
expect_text made/bindings.ts '// export function intersects(a: Circle, b: Circle): bool'
expect_exit 0 ifc bind --lang c++ "$circle/circle.wit" -o made
expect_text made/circle.h 'bool exports_geometry_shapes_circle_intersects('
expect_exit 0 ifc bind --lang rust world.wit#app -o made
expect_text made/bindings.rs 'pub fn twice(e: &Entry) -> Entry {'
expect_exit 0 ifc bind --lang assemblyscript world.wit#app -o made
[ "$(tr '\n' ' ' <out)" = 'made/bindings.ts made/values.ts ' ] || fail "other files: $(cat out)"
expect_exit 2 ifc bind --lang cobol "$circle/circle.wit" -o made
expect_text err 'languages: c, c++, rust, assemblyscript'
finish
