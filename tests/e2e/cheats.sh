# The proving ground, in short: its table is what its files say, cheats that need no long search are caught, whatever
# the seed, and no honest twin ever fails. tests/cheats/run has the rest.
. tests/e2e/lib.inc
cheats=$root/tests/cheats
. "$cheats/lib.inc"

# Each row is a file, each file a row, in the file's words.
rows | cut -f2,3 | sort >told
for file in "$cheats"/*/cheat-*.c; do
  name=${file#"$cheats"/}
  awk -v OFS='\t' -v name="${name%.c}" '/^\/\//{text = text substr($0, 3); next} {exit} END{
    sub(/^ WRONG /, "", text); sub(/ Beyond the ceiling.*/, "", text); sub(/\.$/, "", text); print name, text}' "$file"
done | sort >found
diff told found || fail "the README's table is not what the files say: < the table, > the files"
rows | cut -f4 | grep -vxE 'short|long|no' && fail 'a row whose last column is not short, long or no'
for folder in "$cheats"/*/; do
  diff <(grep -o '^it "[^"]*"' "$folder/witness.spec" | cut -d'"' -f2 | sort) \
    <(cd "$folder" && printf '%s\n' cheat-*.c | sed 's/\.c$//' | sort) ||
    fail "$folder has not one witness for each cheat"
done

rows | awk -F'\t' '$4 == "short"{print $2}' >short
twins >honest
build_modules < <(cat short honest) || { fail 'not all can be built'; finish; }
check_witnesses < <(cat short honest) || fail 'a witness is wrong'

# One verification of all modules of an interface at once: verify's start is most of the time.
verdict_of_each() { # SPEC ARGUMENT...
  verdicts "$@" | cut -f1,2 | sort -u
}
for folder in $(cut -d/ -f1 honest | sort -u); do
  spec=$cheats/$folder/$folder.spec
  mapfile -t wrong < <(grep "^$folder/" short | sed 's/$/.wasm/')
  mapfile -t right < <(grep "^$folder/" honest | sed 's/$/.wasm/')
  for seed in 1 2 3; do
    [ ${#wrong[@]} = 0 ] && continue
    verdict_of_each "$spec" "${wrong[@]}" --seed $seed --budget 50000 >out
    [ "$(grep -c 'failed$' out)" = ${#wrong[@]} ] && continue
    fail "seed $seed: not all are caught:"
    cat out verify.err
  done
  for seed in $(seq 20); do
    verdict_of_each "$spec" "${right[@]}" --seed "$seed" --budget 300 >out
    [ "$(grep -c 'passed$' out)" = ${#right[@]} ] && continue
    fail "seed $seed: honest twins that do not pass:"
    cat out verify.err
  done
done
# What one law's calls do to another's is found where they share an instance, and can be brought back.
printf '%s\n' runs/cheat-both-orders root/root-honest root/cheat-linear | build_modules || fail 'not all can be built'
mixed=(runs/cheat-both-orders.wasm --spec "$cheats/runs/runs.spec" --for "$cheats/runs/runs.wit")
for seed in 4 5 6 7 8 9; do
  verify "${mixed[@]}" --seed $seed --budget 100000 --jobs 1 >out 2>&1 && continue
  expect_text out 'after cases of other laws'
  token=$(sed -n 's/.*--replay //p' out)
  verify "${mixed[@]}" --replay "$token" >again 2>&1
  [ $? = 1 ] || fail "the token does not bring the failure back: $(cat again)"
  expect_text again 'after cases of other laws'
  token=found
  break
done
[ "${token:-}" = found ] || fail 'no seed finds what mixed laws find'

# An agreement is searched as well: the number that this cheat is wrong for is solved for.
echo 'spec cheats:root/root; agree "on roots" with "root-honest" (n: u64) { isqrt(n); }' >agree.spec
verify root/root-honest.wasm root/cheat-linear.wasm --spec agree.spec --for "$cheats/root/root.wit" --seed 1 \
  --budget 100000 --jobs 1 >out 2>&1
expect_text out 'n = 7240723913466756089'
expect_text out 'something else than root-honest'
finish
