# A full disk, a missing compiler, a read-only home, two at once: a clear message, nothing half-written.
. tests/e2e/lib.inc
circle=$examples/circle

# No clang on the PATH.
mkdir -p bare && for tool in "$BUILD"/assay /usr/bin/wasm-opt /usr/bin/wasm-validate /usr/bin/wasm2c /usr/bin/wat2wasm; do ln -sf "$tool" bare/; done
expect_exit 3 env PATH="$TEST_FOLDER/bare" assay build "$circle/implementations/square.c" --for "$circle/circle.wit" -o x.wasm
expect_text err clang
expect_text err package
[ ! -e x.wasm ] || fail 'a module without a compiler'

# A full disk.
if mkdir -p small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
  dd if=/dev/zero of=small/fill bs=1k count=60 2>/dev/null
  expect_exit 3 build "$circle/implementations/square.c" --for "$circle/circle.wit" -o small/x.wasm --registry small/home
  expect_text err 'space'
  [ "$(ls small)" = fill ] || [ -z "$(find small -name '*.wasm*')" ] || fail "left behind: $(find small -name '*.wasm*')"
  umount small
else
  echo 'skipped: a full disk needs the right to mount a tmpfs'
fi

# Two builds and two verifications at once, on one home.
build_example circle
for i in 1 2 3 4; do
  ASSAY_HOME=$TEST_FOLDER/shared verify circle/square.wasm circle/hand-wat.wasm --spec "$circle/circle.spec" --budget 2000 >"out$i" 2>&1 &
done
for job in $(jobs -p); do wait "$job" || fail 'a concurrent verification failed'; done
ASSAY_HOME=$TEST_FOLDER/shared publish >/dev/null 2>err || { fail publish; cat err; }

# Reports go to a pipe without colour and fit 80 columns.
verify circle/*.wasm --spec "$circle/circle.spec" --seed 3 --budget 2000 >out 2>err
[ "$(grep -c $'\x1b' out)" = 0 ] || fail 'escape sequences in a pipe'
awk 'length($0) > 100' out | grep -v 'replay' | grep . && fail 'lines that do not fit'

# An interrupt ends it with 130 and leaves no worker.
setsid verify circle/*.wasm --spec "$circle/circle.spec" --budget 60s >/dev/null 2>&1 &
pid=$!
sleep 2
# After the name, a process's state and its parent come first in /proc.
workers=$(grep -sh . /proc/[0-9]*/stat | awk -v parent="$pid" '{number=$1; sub(/.*\) /, "")} $2==parent{print number}')
[ -n "$workers" ] || fail 'no worker was seen'
kill -INT "$pid" 2>/dev/null
wait "$pid"
status=$?
[ "$status" = 130 ] || fail "interrupted: exit $status"
sleep 0.3
for worker in $workers; do
  [ ! -e "/proc/$worker" ] || grep -q '^State:.Z' "/proc/$worker/status" || fail "worker $worker outlived its command"
done
finish
