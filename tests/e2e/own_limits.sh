# What the check itself runs out of is never laid at an implementation's door: values that nobody needs any more are
# given back, and where memory or steps are out all the same, the verdict is "undecided".
. tests/e2e/lib.inc
join=$root/tests/cheats/join
build "$join/join-honest.c" "$join/join-right.h" --for "$join/join.wit" -o honest.wasm >/dev/null || fail 'cannot build it'

# 400 results of 8 MB: more than a worker may have, were they all kept.
cat >long.spec <<'S'
spec cheats:join/join;
fn all-but-first(text: string) -> s64 = len(slice(text, 1, len(text)));
law "joins" (part: string) { expect all-but-first(join(["a", part], "")) == len(part); }
it "joins long texts again and again" {
  let long = repeat("0123456789", 400000);
  expect for all i in 0..100: len(join([long, long], "")) == 8000000;
  expect !(exists i in 0..100: len(join([long, long], "")) != 8000000);
  expect sum([for i in 0..100: len(join([long, long], ""))]) == 800000000;
}
S
expect_exit 0 verify honest.wasm --spec long.spec --for "$join/join.wit"

cat >memory.spec <<'S'
spec cheats:join/join;
it "keeps too much" {
  let long = repeat("0123456789", 400000);
  expect len([for i in 0..400: join([long, long], "")]) == 400;
}
it "goes on" { expect join(["a"], "") == "a"; }
S
expect_exit 3 verify honest.wasm --spec memory.spec --for "$join/join.wit"
expect_text out '1 of 2 tests undecided'
expect_text out '512 MiB of memory that the'

if sanitized; then
  echo 'skipped: steps take longer than a worker may with sanitizers'
  finish
fi
cat >steps.spec <<'S'
spec cheats:join/join;
fn slow(n: u32) -> u32 = if n == 0 { 0 } else { slow(n - 1) + slow(n - 1) };
law "takes for ever" (part: string) { expect slow(30) == 0; }
S
expect_exit 3 verify honest.wasm --spec steps.spec --for "$join/join.wit"
expect_text out "the specification's own computation takes too many steps"
finish
