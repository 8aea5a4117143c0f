# Whoever doubts a hash can check it with sha256sum.
. tests/e2e/lib.inc
# check_hashes PATH: each line of `ifc hash` is that of the text which `ifc canon` prints.
check_hashes() {
  local hash id got
  ifc hash "$1" >lines || fail "ifc hash $1"
  [ -s lines ] || fail "nothing in $1"
  while read -r hash id; do
    got=sha256:$(ifc canon "$1" "$id" | sha256sum | cut -d' ' -f1)
    [ "$hash" = "$got" ] || fail "$1 $id: $hash is not $got"
  done <lines
}
for wit in "$examples"/*/*.wit; do check_hashes "$wit"; done
for case in resources all-bodies worlds-elaborated; do check_hashes "$root/tests/golden/ifc/$case/in.wit"; done
build "$examples/circle/implementations/square.c" --for "$examples/circle/circle.wit" -o a.wasm >out || fail build
[ "$(cut -d' ' -f1 out)" = "sha256:$(sha256sum <a.wasm | cut -d' ' -f1)" ] || fail 'the hash of a module is not that of its bytes'
finish
