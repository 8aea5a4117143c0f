# Implementations that import other interfaces: built, shown, called, verified and measured together with who answers.
. tests/e2e/lib.inc
circle=$examples/circle scene=$examples/scene
build "$circle/implementations/square.c" --for "$circle/circle.wit" -o square.wasm >/dev/null || fail "cannot build square"
build "$circle/implementations/wrong_touching.c" --for "$circle/circle.wit" -o wrong.wasm >/dev/null || fail "cannot build wrong"
for name in pairs wrong_neighbours; do
  build "$scene/implementations/$name.c" --for "$scene/scene.wit" -o $name.wasm >/dev/null || fail "cannot build $name"
done

touching='islands([{radius: 1.0, center: (0.0, 0.0)}, {radius: 1.0, center: (2.0, 0.0)}])'
expect_exit 0 assay call pairs.wasm --with square.wasm "$touching"
expect_text out 1
expect_exit 0 assay call pairs.wasm --with "$circle/circle.wit=wrong.wasm" "$touching"
expect_text out 2
expect_exit 2 assay call pairs.wasm "$touching"
expect_text err 'geometry:shapes/circle'
expect_text err '--with IMPL.wasm'

expect_exit 1 verify pairs.wasm wrong_neighbours.wasm --with square.wasm --spec "$scene/scene.spec" --budget 2000
expect_text out '✓ pairs'
expect_text out '✗ wrong_neighbours'
again=$(grep -o 'assay verify wrong_neighbours.wasm .*' out | head -1)
case $again in *'--with square.wasm'*) ;; *) fail "no --with in: $again" ;; esac
expect_exit 1 $again
expect_exit 1 verify pairs.wasm --with wrong.wasm --spec "$scene/scene.spec" --budget 2000
expect_text out '✗ pairs'
expect_exit 0 verify pairs.wasm --with square.wasm --spec "$scene/scene.spec" --budget 2000
expect_exit 0 evaluate pairs.wasm --with square.wasm --bench "$scene/scene.bench" --budget 300ms
expect_text out 'pairs'
# The cost is that of both: a dearer circle makes a dearer scene.
cost() { evaluate pairs.wasm --unverified --with $1 --bench "$scene/scene.bench" --budget 300ms --json 2>err |
  sed -n 's/.*"cost": *\([0-9][0-9]*\).*/\1/p' | head -1; }
sed 's/^bool exports_[^(]*(.*/static volatile int turns; &/; s/^{$/{ for (turns = 0; turns < 100; turns++) {}/' \
  "$circle/implementations/square.c" >dear.c
build dear.c --for "$circle/circle.wit" -o dear.wasm >/dev/null || fail "cannot build dear"
plain=$(cost square.wasm) dear=$(cost dear.wasm)
# Half of what 1,225 pairs cost in 100 turns of two loads or stores and an addition, 5 together: there are two calls.
[ "${plain:-0}" -gt 0 ] && [ "$((${dear:-0} - ${plain:-0}))" -gt 306250 ] ||
  fail "cost $plain, and $dear with a dear circle"

# The same name is not the same interface.
printf 'package geometry:shapes; interface circle { record circle { center: tuple<f64, f64>, radius: f64 }
  intersects: func(a: circle, b: circle) -> bool; }' >other.wit
build "$circle/implementations/square.c" --for other.wit -o other.wasm >/dev/null || fail "cannot build other"
expect_exit 2 assay call pairs.wasm --with other.wasm "$touching"
expect_text err 'needs another geometry:shapes/circle'
# Where both are given, the one with the right hash answers, wherever it stands.
for with in 'other.wasm --with square.wasm' 'square.wasm --with other.wasm'; do
  expect_exit 0 assay call pairs.wasm --with $with "$touching"
  expect_text out 1
  expect_text err 'nothing here imports its geometry:shapes/circle from it'
done
# Of two for the same interface the last one answers.
expect_exit 0 assay call pairs.wasm --with square.wasm --with wrong.wasm "$touching"
expect_text out 2

# build checks against who is given, and takes nothing of it.
expect_exit 2 build "$scene/implementations/pairs.c" --for "$scene/scene.wit" --with other.wasm -o no.wasm
expect_text err 'needs another geometry:shapes/circle than other.wasm implements'
[ ! -e no.wasm ] || fail "a module that fits nothing was written"
expect_exit 0 build "$scene/implementations/pairs.c" --for "$scene/scene.wit" --with square.wasm -o same.wasm
cmp pairs.wasm same.wasm || fail "--with changed what was built"
# An interface that the WIT does not mention is that of who is given.
cat >add.wit <<'END'
package t:t@1.0.0;
interface low { f: func(x: u32) -> u32; }
END
printf 'package u:u; interface high { g: func(x: u32) -> u32; }' >high.wit
printf '(module (func (export "t:t/low#f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))' >low.wat
for version in '' @1.0.0 @2.0.0; do
  printf '(module (import "t:t/low%s" "f" (func $f (param i32) (result i32)))
    (func (export "u:u/high#g") (param i32) (result i32) (call $f (local.get 0))))' "$version" >high.wat
  build low.wat --for add.wit -o low.wasm >/dev/null || fail "cannot build low"
  expect_exit 2 build high.wat --for high.wit -o high.wasm
  expect_text err 'nothing here provides'
  expect_text err '--with IMPL.wasm'
  expect_exit 0 build high.wat --for high.wit --with low.wasm -o high.wasm
  expect_exit 0 assay call high.wasm --with low.wasm 'g(4)'
  expect_text out 5
done

# One that needs itself, or each other, has nobody to stand on.
cat >both.wit <<'END'
package t:t;
interface a { f: func(x: u32) -> u32; }
interface b { f: func(x: u32) -> u32; }
END
for pair in 'a b' 'b a' 'a a'; do
  set -- $pair
  printf '(module (import "t:t/%s" "f" (func $f (param i32) (result i32)))
    (func (export "t:t/%s#f") (param i32) (result i32) (call $f (local.get 0))))' $2 $1 >$1$2.wat
  build $1$2.wat --for both.wit#$1 -o $1$2.wasm >/dev/null || fail "cannot build $1$2"
done
expect_exit 2 assay call ab.wasm --with ba.wasm 'f(1)'
expect_text err 'ba.wasm needs t:t/a, and no implementation of it is given'
expect_exit 2 assay call ab.wasm --with ba.wasm --with ab.wasm 'f(1)'
expect_text err 'two that need each other cannot be linked'
expect_exit 2 assay call aa.wasm --with aa.wasm 'f(1)'
expect_text err 'aa.wasm needs t:t/a'
# A module with nothing of what is imported.
printf 'package t:t; interface low { h: func(x: u32) -> u32; }' >less.wit
printf '(module (func (export "t:t/low#h") (param i32) (result i32) (local.get 0)))' >less.wat
build less.wat --for less.wit -o less.wasm >/dev/null || fail "cannot build less"
expect_exit 2 assay call high.wasm --with less.wasm 'g(4)'
expect_text err 'the t:t/low that less.wasm implements has no such function'
finish
