# What the registry has: implementations by their interface, specifications without --spec, both by their hashes.
. tests/e2e/lib.inc
export ASSAY_HOME=$TEST_FOLDER/home
build_example circle
circle=$examples/circle
for module in circle/*.wasm; do
  expect_exit 2 verify "$module"
  expect_text err 'against which specification'
  expect_text err 'has none of geometry:shapes/circle'
  break
done
expect_exit 2 verify "$circle/circle.wit" --spec "$circle/circle.spec"
expect_text err 'has no implementation of geometry:shapes/circle'

expect_exit 1 verify circle/*.wasm --spec "$circle/circle.spec" --budget 1000 --seed 1
grep -E '^[✓✗]' out | sed 's/, [0-9.]* s$//' | sort >direct

# The same verdicts, however the interface is named; and nothing that publish would take for new.
hash=$(ifc hash "$circle/circle.wit" | cut -d' ' -f1)
(cd "$ASSAY_HOME/results" && printf '%s\n' *) | sort >results
for interface in "$circle/circle.wit" "$circle/circle.wit#circle" "$hash"; do
  expect_exit 1 verify "$interface" --budget 1000 --seed 1
  grep -E '^[✓✗]' out | sed 's/, [0-9.]* s$//' | sort | diff direct - || fail "$interface: other verdicts"
done
(cd "$ASSAY_HOME/results" && printf '%s\n' *) | sort | diff results - || fail 'other results are kept'

# A failure names files in a way that replays it.
command=$(grep -m 1 'assay verify' out)
expect_text out 'sha256:'
token=${command##* }
spec=$(printf '%s\n' "$command" | sed 's/.*--spec \([^ ]*\).*/\1/')
module=$(printf '%s\n' "$command" | sed 's/.*verify \([^ ]*\).*/\1/')
case $spec in sha256:*/circle.spec) ;; *) fail "the specification is called $spec" ;; esac
case $module in sha256:*.wasm) ;; *) fail "the implementation is called $module" ;; esac
expect_exit 1 verify "$module" --spec "$spec" --replay "$token"
expect_exit 1 verify "$module" --budget 1000
expect_exit 1 verify "${module%%/*}" --spec "$circle/circle.spec" --budget 1000
expect_exit 0 assay spec hash "$spec"
expect_text out "$(assay spec hash "$circle/circle.spec" | cut -d' ' -f1)"

# Hashes of something else, of nothing, of nothing whole.
expect_exit 2 verify "$module" --spec "${module%%/*}"
expect_text err 'is no specification'
expect_exit 2 verify "${spec%%/*}" --spec "$spec"
expect_text err 'is no implementation'
verify sha256:0123456789abcdef --spec "$spec" >out 2>err && fail 'an unknown hash was verified'
expect_text err 'nothing in the registry'
expect_exit 2 verify "$circle/circle.wit" --for "$circle/circle.wit"
expect_text err 'is the interface already'
digits=$(sha256sum "$circle/circle.spec" | cut -d' ' -f1)
echo damaged >"$ASSAY_HOME/objects/${digits:0:2}/${digits:2}"
verify "$circle/circle.wit" >out 2>err && fail 'a damaged specification was used'
expect_text err 'does not have the hash of its name'
finish
