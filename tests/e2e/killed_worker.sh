# A worker that is killed from outside in the middle of a law, as systems do that are short of memory: that is not the
# module's doing, so the law is undecided; the other implementations go on, and the run ends with 3.
. tests/e2e/lib.inc
mkdir -p circle
for name in far_first square; do
  build "$examples/circle/implementations/$name.c" --for "$examples/circle/circle.wit" -o circle/$name.wasm >/dev/null
done
set -- circle/square.wasm circle/far_first.wasm --spec "$examples/circle/circle.spec" --jobs 1
expect_exit 0 verify "$@" --budget 100 # both are compiled from now on

verify "$@" --budget 900ms --tap >out 2>err </dev/null &
main=$!
# The first worker is the first child that computes: tenths of a second of its own.
killed=
for _ in $(seq 20000); do
  worker=$(cat /proc/$main/task/$main/children 2>/dev/null) || break
  for pid in $worker; do
    used=$(cut -d' ' -f14 "/proc/$pid/stat" 2>/dev/null) || continue
    [ "${used:-0}" -ge 15 ] && kill -KILL "$pid" && killed=$pid && break 2
  done
done
wait $main
status=$?
[ -n "$killed" ] || fail 'no worker was seen'
[ $status = 3 ] || fail "exit $status, not 3"
expect_text out 'the worker was killed by signal 9 (killed)'
expect_no_text out 'crashed'
expect_text out 'not ok 1 - square'
expect_text out 'ok 2 - far_first'
finish
