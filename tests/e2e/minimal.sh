# The counterexample of each wrong example is the smallest one there is, whatever the seed. What is smallest follows from
# what each does wrong, and from the order in which cases are simpler: shorter first, then smaller from the front.
. tests/e2e/lib.inc

# minimal FOLDER MODULE PATTERN: values of the `let` lines of the emitted specification, one after the other.
minimal() {
  local folder=$1 name=$2 want=$3 base got seed
  base=$(basename "$folder")
  build "$folder/${4:-}$name.c" ${5:+"$5"} --for "$folder/$base.wit" -o "$name.wasm" >/dev/null || fail "cannot build $name"
  for seed in 1 2 3; do
    rm -f found.spec
    expect_exit 1 verify "$name.wasm" --spec "$folder/$base.spec" --seed $seed --budget 45000 --emit-spec found.spec
    got=$(sed -n 's/^  let [a-z]*: [a-z0-9<>]* = \(.*\);$/\1/p' found.spec | sed 's/^\[0\(, 0\)\{99,\}/[…/' | paste -sd' ')
    # shellcheck disable=SC2053 # it is a pattern
    [[ $got == $want ]] || fail "$name, seed $seed: $got, not $want"
  done
}

# Says yes to all that is not in its table: two circles without a radius, one step apart.
minimal "$examples/circle" cheat_table '{radius: 0.0, center: (0.0, 0.0)} {radius: 0.0, center: (0.0, 1.0)}' implementations/
# Says no when they touch: two that are the same point.
minimal "$examples/circle" wrong_touching '{radius: 0.0, center: (0.0, 0.0)} {radius: 0.0, center: (0.0, 0.0)}' implementations/
minimal "$examples/sort" loses_duplicates '\[0, 0\]' implementations/
# Wrong from 501 elements on: all but the last are the simplest number, and that is the simplest that comes before it.
if sanitized; then
  echo 'skipped: lists of 501 elements take longer to shrink than 2 s with sanitizers'
else
  minimal "$examples/sort" wrong_above_500 '\[…, -1\]' implementations/
fi
# Asks only about neighbours: three circles that are the same point, of which the first and the last are a pair that it
# does not see; or a second one as near as can be that does not touch them.
build "$examples/scene/implementations/wrong_neighbours.c" --for "$examples/scene/scene.wit" -o neighbours.wasm >/dev/null &&
  build "$examples/circle/implementations/square.c" --for "$examples/circle/circle.wit" -o square.wasm >/dev/null ||
  fail 'cannot build the scene'
point='{radius: 0.0, center: (0.0, 0.0)}'
for seed in 1 2 3; do
  rm -f found.spec
  expect_exit 1 verify neighbours.wasm --with square.wasm --spec "$examples/scene/scene.spec" --seed $seed --budget 45000 \
    --emit-spec found.spec
  expect_text found.spec "= [$point, $point, $point];"
  expect_text found.spec "= [$point, {radius: 0.0, center: (0.0, 1.0)}, $point];"
done
# Has room for four, then for eight, and gives half of that back at two, when the second one is lost: five have to be
# put on, three taken off, and the second one looked at, which must not be 0 as what is in its place then.
build "$examples/stack/implementations/wrong_shrinking.c" --for "$examples/stack/stack.wit" -o shrinking.wasm >/dev/null ||
  fail 'cannot build the stack'
for seed in 1 2 3; do
  expect_exit 1 verify shrinking.wasm --spec "$examples/stack/stack.spec" --seed $seed --budget 45000
  steps=$(sed -n 's/^ *[0-9]*\. \([a-z]*([0-9]*).*\)/\1/p' out | paste -sd' ')
  case $steps in
    'push(0) push(1) push(0), 3 times pop(), 4 times' | 'push(0) push(1) push(0), 3 times pop(), 3 times look()') ;;
    *) fail "wrong_shrinking, seed $seed: $steps" ;;
  esac
done
# Takes a text that stands for nothing: any single character does, and `a` is the first.
minimal "$examples/base64" lenient '"a"' implementations/
# Wrong after results of 3, 1 and 4 bytes, where there is more than one run: the case in which it shows comes last.
cheat() { minimal "$root/tests/cheats/$1" "cheat-$2" "$3" '' "$root/tests/cheats/$1/$1-right.h"; }
zeros() { printf '0, %.0s' $(seq "$1") | sed 's/, $//'; }
cheat runs sequence '\[0, 0, 0\] \[0\] \[0, 0, 0, 0\] *'
# Lists that are equal in all, options, texts, floats, and records in lists: what each is wrong about is in its first line.
cheat sort all-equal "\[$(zeros 20)\]"
cheat sort duplicates "\[$(zeros 9)\]"
cheat larger zero '0.0 -0.0'
cheat find zero-is-none "\[{id: 0, mark: some('\\\\u{0}')}\] 0"
cheat find surrogate "\[{id: 0, mark: some('𐀀')}\] 0"
cheat find error-is-none '\[{id: 0}, {id: 0}\] 0'
cheat stable smallest-key '\[{key: -2147483648, tag: 0}, {key: -2147483648, tag: 1}\]'
cheat upper null '"\\u{0}"'
cheat upper four-bytes '"𐀀"'
finish
