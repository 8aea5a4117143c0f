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

# The same name is not the same interface.
printf 'package geometry:shapes; interface circle { record circle { center: tuple<f64, f64>, radius: f64 }
  intersects: func(a: circle, b: circle) -> bool; }' >other.wit
build "$circle/implementations/square.c" --for other.wit -o other.wasm >/dev/null || fail "cannot build other"
expect_exit 2 assay call pairs.wasm --with other.wasm "$touching"
expect_text err 'needs another geometry:shapes/circle'
finish
