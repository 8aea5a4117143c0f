# ifc abi: signatures and layouts, and values against the component model's reference.
. tests/e2e/lib.inc
circle=$examples/circle/circle.wit
expect_exit 0 ifc abi "$circle"
expect_text out 'export geometry:shapes/circle#intersects'
expect_text out '(f64, f64, f64, f64, f64, f64) -> i32'
expect_text out '       8  center: tuple<f64, f64>'

# CanonicalABI.md: more than 16 flat parameters are one pointer; more than one flat result is a pointer that
# exports return and imports take; names are those of WIT.md and wit-component.
cat >wide.wit <<'EOF'
package w:ide@1.0.0;
interface i {
  record pair { a: u8, b: u64 }
  variant shape { none, circle(f32), square(u64) }
  flags nine { a, b, c, d, e, f, g, h, i }
  wide: func(a: tuple<u64, u64, u64, u64, u64, u64, u64, u64>, b: tuple<u64, u64, u64, u64, u64, u64, u64, u64>, c: u8) -> string;
  shaped: func(s: shape) -> nine;
}
world w { export go: func(name: string); }
EOF
expect_exit 0 ifc abi wide.wit wide
expect_text out 'export w:ide/i@1.0.0#wide'
expect_text out '(i32) -> i32'
expect_text out 'import w:ide/i@1.0.0 wide'
expect_text out '(i32, i32) -> ()'
expect_text out 'one pointer to 136 bytes, aligned to 8'
expect_text out ' 128  c'
expect_text out 'export cabi_post_w:ide/i@1.0.0#wide'
expect_text out 'a pointer to 8 bytes, aligned to 4'
expect_no_text out shaped
expect_exit 0 ifc abi wide.wit
expect_text out '(i32, i64) -> i32'
expect_text out 'size 16, aligned to 8, flat i32 i64'
expect_text out 'size 2, aligned to 2, flat i32'
expect_text out '       8  b: u64'
expect_text out 'export go'
expect_text out 'import $root go'
expect_exit 0 ifc abi wide.wit --json
expect_text out '"schema": "assay/abi/1"'
expect_text out '"spilled-params": true'
expect_exit 2 ifc abi wide.wit wibe
expect_text err 'did you mean `wide`?'

# One value.
expect_exit 0 ifc abi wide.wit#i --type 'option<pair>' --value 'some({a: 1, b: 2})' --json
tr -d ' \n' <out >flat
expect_text flat '"align":8,"size":24,"flat_types":["i32","i32","i64"],"flat":["00000001","00000001","0000000000000002"]'
expect_text flat '"flat_heap":"","ptr":16,"heap":"010000000000000001000000000000000200000000000000"'
expect_exit 0 ifc abi wide.wit#i --type string --value '"hé"'
expect_text out '68 c3 a9'
expect_exit 0 ifc abi wide.wit#i --type pair
expect_text out 'size 16'
expect_exit 2 ifc abi wide.wit#i --type par --value 1
expect_text err 'did you mean `pair`?'
expect_exit 2 ifc abi wide.wit#i --type pair --value '{a: 256, b: 1}'
expect_text err -- '--value:1:5'
expect_exit 2 ifc abi wide.wit#i --type 'u8 u8'
expect_text err 'the end of the type'
expect_exit 2 ifc abi wide.wit#i --value 1
expect_exit 2 ifc abi wide.wit --cases x.json
echo '[{"type": "u8", "value": "1"}, {"type": "u8"}, {"type": "u8", "value": "300"}]' >cases.json
expect_exit 2 ifc abi --cases cases.json
expect_text err 'case 1 lacks'
expect_text err 'cases.json: case 2:1:1'
[ "$(grep -c '^  null' out)" = 2 ] || fail 'cases without an answer are not null'

# All vectors, as they stand in the file.
vectors=$root/../shared/conformance/abi/vectors.json
if [ -f "$vectors" ]; then
  awk '/^"types"/ {skip = 1} !skip {print} /^"value"/ {skip = 0}' "$vectors" >want
  ifc abi --cases "$vectors" | sed 's/^ *//' >got || fail 'ifc abi --cases'
  [ "$(grep -c '^"align"' want)" = 1200 ] || fail 'the file does not have 1,200 vectors'
  cmp want got || diff want got | head -20
  cmp -s want got || fail 'values are not stored as the reference stores them'
else
  echo "skipped: ../shared/conformance/abi is not here"
fi
finish
