# Reports in every form keep the rules of their formats, say the same, and unite; the pieces of docs/ci.md do what the page
# says. The checkers are in report_formats.py.
. tests/e2e/lib.inc
check() { python3 "$root/tests/e2e/report_formats.py" "$@" 2>&1; }

mkdir -p circle
for name in cheat_table far_first square wrong_touching; do
  build "$examples/circle/implementations/$name.c" --for "$examples/circle/circle.wit" -o circle/$name.wasm >/dev/null
done
spec=$examples/circle/circle.spec
run() { verify circle/*.wasm --spec "$spec" --budget 2000 --seed 1 "$@"; }

# --- forms: 4 implementations with 4 tests each; two of them break one law
expect_exit 1 run --tap
[ "$(check tap out)" = '14 2 0' ] || fail "TAP: $(check tap out)"
sed '1s/14/13/' out >13.tap
prove --exec cat 13.tap >prove.out 2>&1 && fail 'prove takes a failure for a success'
expect_text prove.out 'Tests: 4 Failed: 2'
expect_no_text prove.out 'Parse errors'
expect_exit 1 run --github --junit report.xml
[ "$(check github out)" = '0 2 0' ] || fail "GitHub: $(check github out)"
[ "$(check junit report.xml)" = '14 2 0' ] || fail "JUnit: $(check junit report.xml)"
[ "$(grep -c '<testcase .* time=' report.xml)" = 16 ] || fail 'a test does not tell how long it took'
expect_exit 2 run --tap --json
expect_text err 'choose one of them'
expect_exit 3 run --junit /dev/full
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 2000 --tap
[ "$(check tap out)" = '4 0 0' ] || fail "TAP: $(check tap out)"
sed '1s/14/13/' out >13.tap
prove --exec cat 13.tap >prove.out 2>&1 || fail 'prove takes a success for a failure'

# --- the report of a run is the same every time, but for how long it took
expect_exit 1 run --json
grep -v milliseconds out >first.json
expect_exit 1 run --json --jobs 1
grep -v milliseconds out | diff first.json - >/dev/null || fail 'the same run gives another report'
cp "$ASSAY_HOME"/results/*.json . 2>/dev/null
grep -l milliseconds ./[0-9a-f]*.json && fail 'what is published tells how long it took'

# --- the times are those of all workers, the search's too: laws last as long as they may, and no longer than the clock
began=$(date +%s%N)
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 1200ms --jobs 1 --json
clock=$((($(date +%s%N) - began) / 1000000))
ms=$(sed -n 's/^      "milliseconds": \([0-9]*\).*/\1/p' out)
[ "$ms" -ge 1200 ] && [ "$ms" -le $clock ] || fail "$ms ms are reported of 1200 and more, by the clock $clock"
mv out timed.json
expect_exit 0 assay merge timed.json
expect_text out "$(awk "BEGIN{printf \"%.1f s\", $ms / 1000}")"

# --- shards: the same verdicts and counts as the whole
expect_exit 0 verify circle/square.wasm circle/far_first.wasm --spec "$spec" --budget 3001 --seed 5 --json
grep -v milliseconds out >whole.json
for k in 1 2 3; do
  expect_exit 0 verify circle/square.wasm circle/far_first.wasm --spec "$spec" --budget 3001 --seed 5 --shard $k/3 --json
  cp out part-$k.json
done
expect_exit 0 assay merge part-2.json part-3.json part-1.json --json
grep -v milliseconds out | diff whole.json - || fail 'three shards are not the whole'
expect_exit 2 assay merge part-1.json part-3.json
expect_text err 'shard 2/3 of square is missing'
expect_exit 2 assay merge part-1.json part-2.json part-3.json part-3.json
expect_exit 2 assay merge
expect_exit 2 assay merge "$spec"
head -c 400 part-2.json >cut.json
expect_exit 2 assay merge part-1.json cut.json part-3.json
expect_text err cut.json
expect_exit 2 assay merge part-1.json gone.json
sed 's/"seed": "5"/"seed": "6"/' part-2.json >other.json
expect_exit 2 assay merge part-1.json other.json part-3.json
expect_text err "'other.json' has another seed than the first report"
printf '{"schema": "assay/verify/1", "implementations": [[[[]]], {"tests": {"a": []}}]}' >odd.json
expect_exit 3 assay merge odd.json
expect_exit 2 assay merge part-1.json odd.json
for shard in 4/3 0/3 1/0 3 1/1001 -1/2 1/2/3 /; do expect_exit 2 run --shard $shard; done
expect_text err "'/' is no shard: K/N"
# One of one is the whole; what has no cases in a shard is no failure of it.
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 3001 --seed 5 --shard 1/1 --json
grep -v 'milliseconds\|"shard"' out >one.json
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 3001 --seed 5 --json
grep -v milliseconds out | diff one.json - || fail 'shard 1/1 is not the whole'
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 100 --seed 5 --shard 1000/1000
for k in 1 2; do expect_exit 1 run --shard $k/2 --json; mv out red-$k.json; done
expect_exit 1 assay merge red-1.json red-2.json --tap
[ "$(check tap out)" = '14 2 0' ] || fail "merged TAP: $(check tap out)"

# --- counterexamples as a specification: it fails on those that were wrong, and holds for the others
expect_exit 1 run --emit-spec found.spec
for module in cheat_table wrong_touching; do
  expect_exit 1 verify circle/$module.wasm --spec found.spec --for "$examples/circle/circle.wit"
done
expect_exit 0 verify circle/square.wasm circle/far_first.wasm --spec found.spec --for "$examples/circle/circle.wit"
expect_exit 0 verify circle/square.wasm --spec "$spec" --budget 100 --emit-spec none.spec
expect_text err "'none.spec' is not written"
[ ! -e none.spec ] || fail 'a specification without tests'

# --- what is in the file stays: counterexamples come behind it, each once
cp found.spec once.spec
expect_exit 1 run --emit-spec found.spec
expect_text err "'found.spec' stays as it is"
cmp -s found.spec once.spec || fail 'the same counterexample twice'
cp "$spec" mine.spec
cp "$examples/circle/circle.wit" .
expect_exit 1 verify circle/cheat_table.wasm --spec mine.spec --budget 2000 --seed 1 --emit-spec mine.spec
head -c "$(stat -c %s "$spec")" mine.spec | cmp -s - "$spec" || fail 'a specification is overwritten'
expect_exit 0 assay spec check mine.spec
expect_exit 1 verify circle/cheat_table.wasm --spec mine.spec --budget 1
expect_text out 'mine.spec:'
expect_text out '(counterexample'
expect_exit 0 verify circle/square.wasm --spec mine.spec --budget 100
# Runs at the same time add to one file, too: what the one has found is not lost for the other.
verify circle/cheat_table.wasm --spec "$spec" --budget 2000 --seed 1 --emit-spec both.spec >/dev/null 2>&1 &
verify circle/wrong_touching.wasm --spec "$spec" --budget 2000 --seed 1 --emit-spec both.spec >/dev/null 2>&1 &
wait
for module in cheat_table wrong_touching; do
  expect_exit 1 verify circle/$module.wasm --spec both.spec --for "$examples/circle/circle.wit"
done
echo 'something else' >letter.txt
expect_exit 2 verify circle/cheat_table.wasm --spec "$spec" --budget 2000 --emit-spec letter.txt
expect_text letter.txt 'something else'
expect_exit 2 verify circle/cheat_table.wasm --spec "$spec" --budget 2000 --emit-spec circle

# --- a failure is replayed by the command that is printed, wherever the WIT is and whatever files are called
replay() { sed -n 's/^ *\(assay verify .*\)/\1/p' out | tail -1 >replay.sh; expect_exit 1 bash replay.sh; expect_text out '1 of 1 test failed'; }
mkdir -p wits plain
cp "$examples/circle/circle.wit" wits/c.wit
cp "$spec" plain
odd=$(printf 'plain/a b\n::error::%%\033[31m\342\200\256.wasm')
cp circle/cheat_table.wasm "$odd"
expect_exit 1 verify "$odd" --spec plain/circle.spec --for wits/c.wit --budget 2000 --seed 1
LC_ALL=C grep -q "$(printf '\033')" out && fail 'a control character reaches the terminal'
replay
wasm-strip circle/cheat_table.wasm -o plain/bare.wasm
expect_exit 1 verify plain/bare.wasm --spec plain/circle.spec --for wits/c.wit --budget 2000 --seed 1
expect_text out '--for wits/c.wit --replay'
replay
for form in --tap --github; do
  expect_exit 1 verify "$odd" --spec plain/circle.spec --budget 2000 --seed 1 $form --junit odd.xml
  [ "$(check ${form#--} out | cut -d' ' -f2)" = 1 ] || fail "$form: $(check ${form#--} out)"
  check junit odd.xml >/dev/null || fail "JUnit: $(check junit odd.xml)"
done

# --- two files: cases of one name are told apart, the same test runs once; one file given twice is one
sed 's/^  law "is symmetric"/  law "is always symmetric"/; s/== want/!= want/' "$spec" >plain/other.spec
expect_exit 1 verify circle/square.wasm --spec "$spec" --spec plain/other.spec --budget 1000 --tap --junit two.xml
[ "$(check tap out)" = '7 1 0' ] || fail "TAP: $(check tap out)"
[ "$(check junit two.xml)" = '7 1 0' ] || fail "JUnit: $(check junit two.xml)"
expect_text out 'not ok 6 - plain/other.spec: intersects: '
expect_exit 1 verify circle/square.wasm --spec "$spec" --spec plain/other.spec --budget 1000
expect_text out "plain/other.spec: 3 passed, 1 failed; 2 of them ran as another file's"
expect_exit 0 verify circle/square.wasm --spec "$spec" --spec "$spec" --budget 1000
expect_text out ' 4 tests passed'

# --- a specification of a part, whose interface is nowhere: it is tried on what the module carries
cat >plain/part.spec <<'END'
spec some:where/else;
law "is symmetric" (a: circle, b: circle) { expect intersects(a, b) == intersects(b, a); }
END
expect_exit 0 verify circle/square.wasm --spec plain/part.spec --budget 1000
expect_exit 0 verify circle/square.wasm --spec plain/part.spec --spec "$spec" --budget 1000
expect_exit 2 verify circle/square.wasm --spec "$examples/sort/sort.spec" --budget 1000

# --- what was found is tried first, when the budget is time
expect_exit 1 verify circle/wrong_touching.wasm --spec "$spec" --budget 300ms --json
expect_exit 1 verify circle/wrong_touching.wasm --spec "$spec" --budget 300ms --json
grep -A 6 'exactly when' out | grep -q '"cases": 1,' || fail 'the stored counterexample was not tried first'

# --- docs/ci.md
mkdir -p page/src
cd page || exit 2
cp "$examples/circle/circle.wit" "$examples/circle/circle.spec" .
cp "$examples/circle/implementations/square.c" "$examples/circle/implementations/far_first.c" src
# block N FILE: the Nth fenced block of a language, without its fence.
block() { awk -v n="$1" -v lang="$2" '$0=="```"lang{k++; on=k==n; next} /^```/{on=0} on' "$root/docs/ci.md"; }
# The shell lines of a piece: what stands under `run: |` and, in GitLab's, behind the dashes of `script:`.
lines() { awk '/^ *run: \|/{match($0,/^ */); d=RLENGTH; on=1; next} on{match($0,/^ */); if(RLENGTH<=d) on=0} on
               /^  script:/{s=1; next} s&&/^    - /{print substr($0,7); next} {s=0}'; }
# piece N STATUS: its lines, as the runner runs them.
piece() {
  block "$1" yaml | lines >"piece-$1.sh"
  [ -s "piece-$1.sh" ] || fail "piece $1 of docs/ci.md has no commands"
  expect_exit "$2" bash -e "piece-$1.sh"
}
piece 1 0
[ "$(check github out)" = '0 0 0' ] || fail "GitHub: $(check github out)"
check junit verify.xml >/dev/null || fail "JUnit: $(check junit verify.xml)"
for k in 1 2 3 4; do SHARD=$k piece 2 0; done
piece 3 0
rm -f ./*.wasm verify.xml
piece 4 0
[ "$(check junit verify.xml)" = '8 0 0' ] || fail "JUnit: $(check junit verify.xml)"
rm -f ./*.wasm
block 1 make >Makefile
expect_exit 0 make check
block 1 sh >prove.sh
expect_exit 0 bash -e prove.sh
expect_text out 'All tests successful'
cp "$examples/circle/implementations/wrong_touching.c" src
assay build src/wrong_touching.c --for circle.wit -o wrong_touching.wasm >/dev/null
block 2 sh >emit.sh
expect_exit 1 bash -e emit.sh
expect_text found.spec 'it "intersects'
expect_exit 2 make check
expect_exit 1 bash -e prove.sh

# What cannot be used is in the report too: whoever reads no more than that must not see all green.
printf 'no module' >broken.wasm
mkdir sort
build "$examples/sort/implementations/heap.c" --for "$examples/sort/sort.wit" -o sort/heap.wasm >/dev/null
for modules in "circle/$(basename "$(ls circle/*.wasm | head -n 1)") broken.wasm missing.wasm" "broken.wasm missing.wasm" \
  "sort/heap.wasm broken.wasm missing.wasm"; do
  # shellcheck disable=SC2086
  expect_exit 2 verify $modules --spec "$examples/circle/circle.spec" --budget 300 --seed 1 --json --junit unusable.xml
  [ "$(grep -c '"verdict": "undecided"' out)" -gt 2 ] || fail "$modules: $(cat out)"
  expect_text out '"reason": "broken.wasm is not a WebAssembly module'
  expect_text out "cannot read 'missing.wasm'"
  expect_text unusable.xml '<error message="broken.wasm is not'
done
expect_text out 'heap'
finish
