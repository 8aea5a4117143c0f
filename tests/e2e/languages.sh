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

# Bindings for each language, where they are to go.
expect_exit 0 ifc bind --lang rust "$circle/circle.wit" -o made
[ "$(cat out)" = made/bindings.rs ] || fail "other files: $(cat out)"
expect_text made/bindings.rs 'fn intersects(a: Circle, b: Circle) -> bool;'
expect_exit 0 ifc bind --lang assemblyscript "$circle/circle.wit" -o made
expect_text made/bindings.ts '// export function intersects(a: Circle, b: Circle): bool'
expect_exit 0 ifc bind --lang c++ "$circle/circle.wit" -o made
expect_text made/circle.h 'bool exports_geometry_shapes_circle_intersects('
expect_exit 2 ifc bind --lang cobol "$circle/circle.wit" -o made
expect_text err 'languages: c, c++, rust, assemblyscript'
finish
