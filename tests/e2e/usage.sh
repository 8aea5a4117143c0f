# Exit statuses and messages for a wrong command line and for input that cannot be used: DESIGN says 2, and what to do.
. tests/e2e/lib.inc
circle=$examples/circle
expect_exit 2 assay
expect_text err 'usage: assay'
expect_exit 0 assay --help
expect_exit 2 assay vrify
expect_text err "there is no command 'vrify'"
for command in ifc build verify evaluate publish; do
  expect_exit 0 assay $command --help
  expect_text out usage:
done
expect_exit 2 assay ifc hsh
expect_exit 2 ifc hash
expect_exit 2 ifc hash missing.wit
expect_text err missing.wit
expect_exit 2 verify x.wasm --spce a
expect_text err "did you mean '--spec'"
expect_exit 2 verify --spec "$circle/circle.spec"
expect_exit 2 verify x.wasm
expect_exit 2 verify x.wasm --spec "$circle/circle.spec" --budget soon
expect_text err "'soon'"
expect_exit 2 verify missing.wasm --spec "$circle/circle.spec"
expect_text err missing.wasm
expect_exit 2 verify missing.wasm --spec missing.spec
expect_exit 2 evaluate
expect_exit 2 build missing.c --for "$circle/circle.wit"
expect_exit 2 build "$circle/implementations/square.c"
expect_exit 2 publish x

# Malformed input of every kind: the place, and exit status 2; nothing written.
printf 'package a:b;\ninterface i {\n  f: func(x: strng);\n}\n' >bad.wit
expect_exit 1 ifc check bad.wit
expect_text err 'bad.wit:3:14'
expect_text err 'string'
expect_exit 2 ifc hash bad.wit
printf 'spec geometry:shapes/circle;\nlaw "x" (a: circle) { expect intersect(a, a); }\n' >bad.spec
build "$circle/implementations/square.c" --for "$circle/circle.wit" -o good.wasm >/dev/null || fail build
expect_exit 2 verify good.wasm --spec bad.spec --for "$circle/circle.wit"
expect_text err 'bad.spec:2:'
printf 'bench geometry:shapes/circle;\nworkload "x" { measure nothing(); }\n' >bad.bench
expect_exit 2 evaluate good.wasm --bench bad.bench --for "$circle/circle.wit"
expect_text err 'bad.bench:2:'
printf 'this is no module' >bad.wasm
expect_exit 2 verify bad.wasm --spec "$circle/circle.spec"
expect_text err bad.wasm
head -c 100 good.wasm >cut.wasm
expect_exit 2 verify cut.wasm --spec "$circle/circle.spec"
expect_text err cut.wasm
printf 'int x = ;\n' >bad.c
expect_exit 1 build bad.c --for "$circle/circle.wit" -o bad-out.wasm
expect_text err 'bad.c:1:'
[ ! -e bad-out.wasm ] || fail 'a failed build left its output'
printf 'int nothing;\n' >empty.c
expect_exit 1 build empty.c --for "$circle/circle.wit" -o empty.wasm
expect_text err 'intersects'
expect_exit 2 build "$circle/circle.wit" --for "$circle/circle.wit"

# A prefix of a hash, an unverified module, a broken pipe, a full device.
expect_exit 3 evaluate good.wasm --bench "$circle/circle.bench" --registry ./empty
expect_text err 'verify'
bash -c "ifc hash '$circle/circle.wit' >/dev/full" 2>err
[ $? = 3 ] || fail 'writing to a full device was a success'
expect_text err 'standard output'
finish
