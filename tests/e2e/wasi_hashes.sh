# The table of docs/wasi-hashes.md is what its command prints, where WASI's files are at hand.
. tests/e2e/lib.inc
wasi=$root/../shared/conformance
[ -d "$wasi/wasi-0.2.0" ] || { echo "../shared/conformance/wasi-0.2.0 is not there"; exit 77; }
"$root/build-aux/wasi-hashes" "$wasi/wasi-0.2.0" "$wasi/wasi-0.2.12" >table || fail 'build-aux/wasi-hashes'
[ "$(grep -cE '^\| wasi:[a-z-]+/[a-z-]+ \| [0-9a-f]{8} \| [0-9a-f]{8} \|' table)" = 39 ] || fail "$(cat table)"
grep '^|' "$root/docs/wasi-hashes.md" | diff - table || fail 'docs/wasi-hashes.md is another table'
finish
