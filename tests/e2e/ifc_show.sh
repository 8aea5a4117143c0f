# ifc show: packages, modules with and without our sections, and what a registry has under a hash.
. tests/e2e/lib.inc
circle=$examples/circle/circle.wit
export ASSAY_HOME=$PWD/home

# A package, one interface of it, one world of it: each parses again to the same hashes.
expect_exit 0 ifc show "$circle"
ifc show "$circle" | ifc hash - >out || fail 'what show prints does not parse'
[ "$(cut -d' ' -f1 out)" = "$(ifc hash "$circle" | cut -d' ' -f1)" ] || fail 'what show prints has another hash'
cat >two.wit <<'EOF'
package t:wo;
interface a { resource r; }
interface b { use a.{r}; f: func(x: borrow<r>); }
world w { import b; export go: func(); }
EOF
for name in a b w; do
  want=$(ifc hash two.wit#$name | cut -d' ' -f1)
  got=$(ifc show two.wit $name | ifc hash - | grep "t:wo/$name\$" | cut -d' ' -f1)
  [ "$want" = "$got" ] || fail "show of $name alone has another hash"
done
expect_exit 2 ifc show two.wit c
expect_text err '`w`'
expect_exit 0 ifc show two.wit --json
expect_text out '"interfaces": ['
expect_exit 0 ifc show two.wit b --json
expect_text out '"packages": ['

# A module that `build` made says what it provides, and with which WIT.
build "$examples/circle/implementations/square.c" --for "$circle" -o square.wasm >built || fail build
hash=$(cut -d' ' -f1 built)
interface=$(ifc hash "$circle" | cut -d' ' -f1)
expect_exit 0 ifc show square.wasm
expect_text out "// $hash"
expect_text out "// provides $interface geometry:shapes/circle"
expect_text out '// built from c: square.c'
expect_text out '// needs nothing'
[ "$(ifc show square.wasm | ifc hash -)" = "$(ifc hash "$circle")" ] || fail 'the WIT of a module has another hash'
[ "$(ifc hash square.wasm)" = "$(ifc hash "$circle")" ] || fail 'ifc hash of a module is not that of its interface'
[ "$(ifc canon square.wasm)" = "$(ifc canon "$circle")" ] || fail 'ifc canon of a module is not that of its interface'
expect_exit 0 ifc show square.wasm circle
expect_text out 'interface circle'
expect_no_text out '// provides'
expect_exit 0 ifc show --json square.wasm
expect_text out '"schema": "assay/module/1"'
expect_text out '"fits": true'

# One that lies about it.
cat >other.wit <<'EOF'
package geometry:shapes;
interface circle { area: func(radius: f64) -> f64; }
EOF
printf 'double exports_geometry_shapes_circle_area(double r) { return r; }\n' >area.c
build area.c --for other.wit -o area.wasm >/dev/null || fail build
wit=$(cat "$circle")
module_with() { # NAME TEXT: a custom section, sizes as LEB128 of two bytes
  local size=$((${#1} + 1 + ${#2}))
  printf '\0'
  printf "\\x$(printf %02x $((size % 128 + 128)))\\x$(printf %02x $((size / 128)))\\x$(printf %02x ${#1})"
  printf '%s%s' "$1" "$2"
}
wat='(module (memory (export "memory") 1)
  (import "wasi:cli/environment@0.2.0" "get-arguments" (func (param i32)))
  (import "$root" "log" (func (param i32 i32)))
  (import "env" "tick" (func))
  (import "[export]docs:adder/add@0.1.0" "[resource-new]blob" (func (param i32) (result i32)))
  (func (export "docs:adder/add@0.1.0#add") (param i32 i32) (result i32) i32.const 0)
  (func (export "docs:adder/add@0.1.0#[method]blob.read") (param i32) (result i32) i32.const 0)
  (func (export "cabi_post_docs:adder/add@0.1.0#[method]blob.read") (param i32))
  (func (export "run"))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0))'
printf '%s' "$wat" | sed 's/(memory (export "memory") 1)//; s/(func (export "docs:adder\/add@0.1.0#add")/(memory (export "memory") 1)\n&/' >bare.wat
wat2wasm bare.wat -o bare.wasm || fail wat2wasm
{ cat bare.wasm; module_with assay:interface "$wit"; } >liar.wasm
expect_exit 0 ifc show liar.wasm
expect_text out '// says that it provides'
expect_text out '// but it does not: '
expect_text out 'intersects'
expect_exit 2 ifc hash liar.wasm
expect_text err intersects
{ cat bare.wasm; module_with assay:interface 'package broken; interface {'; } >broken.wasm
expect_exit 0 ifc show broken.wasm
expect_text out '// its assay:interface is of no use'

# A bare one: names and core signatures, as far as they are known.
{ cat bare.wasm; module_with component-type:adder 'abc'; } >named.wasm
expect_exit 0 ifc show named.wasm
expect_text out '// carries no WIT: only names and core signatures are known'
expect_text out '// provides docs:adder/add@0.1.0'
expect_text out '//   add  (i32, i32) -> i32'
expect_text out '//   [method]blob.read  (i32) -> i32  with post-return'
expect_text out '// provides functions of its world'
expect_text out '//   run  () -> ()'
expect_text out '// needs wasi:cli/environment@0.2.0'
expect_text out '//   get-arguments  (i32) -> ()'
expect_text out '// needs functions of its world'
expect_text out '// needs the core module env'
expect_text out '// of its host, for resources of its own: docs:adder/add@0.1.0'
expect_text out '//   [resource-new]blob  (i32) -> i32'
expect_no_text out 'export]'
expect_text out '// exports besides: memory, cabi_realloc'
expect_text out '`component-type:adder` (3 bytes)'
expect_exit 2 ifc hash named.wasm
expect_text err 'does not carry its interface'
expect_exit 0 ifc show --json named.wasm
expect_text out '"post-return": true'
expect_text out '"name": "component-type:adder"'
printf 'no module' >text.wasm
expect_exit 2 ifc show text.wasm
head -c 100 square.wasm >cut.wasm
expect_exit 2 ifc show cut.wasm
expect_text err cut.wasm

# What the registry has: by hash, by prefix, with or without "sha256:".
verify square.wasm --spec "$examples/circle/circle.spec" --budget 100 --seed 1 >/dev/null || fail verify
digits=${interface#sha256:}
for form in "$interface" "$digits" "${digits:0:6}" "sha256:${digits:0:9}"; do
  expect_exit 0 ifc show "$form"
  expect_text out 'interface circle'
  [ "$(ifc hash "$form" | cut -d' ' -f1)" = "$interface" ] || fail "$form has another hash"
done
expect_exit 0 ifc show "$interface" --json
expect_text out '"kind": "interface"'
expect_exit 0 ifc show "${hash:0:17}"
expect_text out "// provides $interface"
spec=$(grep -o '"tests":\[{"hash":"sha256:[0-9a-f]*' home/results/*.json | grep -o 'sha256:.*')
expect_exit 0 ifc show "$spec"
cmp -s out "$examples/circle/circle.spec" || fail 'the specification is not what is shown'
expect_exit 0 ifc show "$spec" --json
expect_text out '"kind": "specification"'
expect_exit 2 ifc hash "$spec"
expect_text err 'neither WIT nor a module'
expect_exit 2 ifc show 12345
expect_text err 'give 6 to 64 digits of its hash'
expect_exit 2 ifc show sha256:12
expect_text err 'is not a hash'
expect_exit 2 ifc show 0123456789
expect_text err 'nothing in the registry'
expect_exit 2 ifc show "$digits" --registry nowhere
expect_text err "'nowhere'"
# A file of that name comes first.
echo 'package a:b; interface of-the-file {}' >"${digits:0:6}"
expect_exit 0 ifc show "${digits:0:6}"
expect_text out of-the-file
# Two objects that begin alike: both are named.
mkdir -p "home/objects/${digits:0:2}"
: >"home/objects/${digits:0:2}/${digits:2:6}$(printf '0%.0s' $(seq 56))"
expect_exit 2 ifc show "${digits:0:7}"
expect_text err 'ambiguous'
expect_text err 'is the interface geometry:shapes/circle'
expect_exit 0 ifc show "${digits:0:12}"
# What is damaged is not shown.
wit=$(grep -o '"wit":"sha256:[0-9a-f]*' home/results/*.json | grep -o '[0-9a-f]*$')
echo 'package geometry:shapes; interface circle {}' >"home/objects/${wit:0:2}/${wit:2}"
expect_exit 2 ifc show "$interface"
expect_text err 'does not have the hash of its name'
finish
