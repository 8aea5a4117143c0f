# Whoever doubts a hash can check it with sha256sum.
. tests/e2e/lib.inc
for wit in "$examples"/*/*.wit; do
  want=$(ifc hash "$wit" | cut -d' ' -f1)
  got=sha256:$(ifc canon "$wit" | sha256sum | cut -d' ' -f1)
  [ "$want" = "$got" ] || fail "$wit: $want is not $got"
done
build "$examples/circle/implementations/square.c" --for "$examples/circle/circle.wit" -o a.wasm >out || fail build
[ "$(cut -d' ' -f1 out)" = "sha256:$(sha256sum <a.wasm | cut -d' ' -f1)" ] || fail 'the hash of a module is not that of its bytes'
finish
