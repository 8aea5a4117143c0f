# ifc diff: how it ends, for whom; packages with dependencies; WASI as it grew.
. tests/e2e/lib.inc
write() { printf 'package n:p@%s; interface i { %s }\n' "$2" "$3" >"$1.wit"; }
write old 1.0.0 'f: func(); g: func();'
write same 2.0.0 'g: func(); f: func();'
write more 1.0.0 'f: func(); g: func(); h: func();'
write less 1.0.0 'f: func();'
write other 1.0.0 'f: func(a: u8); g: func();'
echo 'package n:p; interface j { f: func(); }' >gone.wit

# STATUS for callers, for implementers, for either.
ends() {
  expect_exit "$2" ifc diff old.wit "$1.wit"
  expect_exit "$2" ifc diff old.wit "$1.wit" --for callers
  expect_exit "$3" ifc diff old.wit "$1.wit" --for implementers
  expect_exit "$4" ifc diff old.wit "$1.wit" --for all
}
ends same 0 0 0
ends more 0 1 1
ends less 1 0 1
ends other 1 1 1
ends gone 1 0 1

expect_exit 2 ifc diff old.wit more.wit --for nobody
expect_text err nobody
expect_exit 2 ifc diff old.wit
expect_exit 2 ifc diff old.wit missing.wit
expect_text err missing.wit

# The document says the same, whatever the exit status is.
expect_exit 1 ifc diff old.wit less.wit --json
expect_text out '"text": "function g was removed"'

# An interface of a dependency is told where something of the package shows it, and does not decide by itself.
for side in one two; do
  mkdir -p $side/deps
  echo 'package n:p; interface i { use d:d/io.{s}; f: func(x: s); } world w { import d:d/other; }' >$side/i.wit
done
echo 'package d:d; interface io { resource s; } interface other { f: func(); } interface third {}' >one/deps/d.wit
echo 'package d:d; interface io { resource s { m: func(); } } interface other { } interface third { f: func(); }' >two/deps/d.wit
expect_exit 1 ifc diff one two
cut -d' ' -f1,2 out | grep -q 'third' && fail 'a dependency is told that nothing shows'
expect_text out 'd:d/io (a dependency)'
expect_text out 'foreign interface d:d/io changed (callers still work)'
expect_text out 'import d:d/other changed'

# What is known of WASI: from 0.2.0 to 0.2.12 nothing broke for callers, and these packages stayed as they were.
wasi=$root/../shared/conformance
if [ -d "$wasi/wasi-0.2.0" ]; then
  for package in cli clocks filesystem http io random sockets; do
    expect_exit 0 ifc diff "$wasi/wasi-0.2.0/$package" "$wasi/wasi-0.2.12/$package"
  done
  expect_exit 0 ifc diff "$wasi/wasi-0.2.0/io" "$wasi/wasi-0.2.12/io"
  expect_text out 'nothing changed'
else
  echo "skipped: $wasi is not there"
fi

# One world with another, whatever they are called.
cat >worlds.wit <<'EOF'
package n:w;
interface i { f: func(); }
world small { import i; export run: func(); }
world large { import i; import log: func(); export run: func(); }
EOF
expect_exit 0 ifc diff worlds.wit#small worlds.wit#large
expect_text out 'world n:w/small → n:w/large'
expect_exit 1 ifc diff worlds.wit#small worlds.wit#large --for implementers
expect_exit 1 ifc diff worlds.wit#large worlds.wit#small
expect_text out 'import log was removed'
expect_exit 0 ifc diff worlds.wit#large worlds.wit --for all
expect_text out '1 unchanged: n:w/large'
expect_exit 2 ifc diff worlds.wit#large worlds.wit#i
expect_text err 'name two of a kind'
finish
