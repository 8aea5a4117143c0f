# Verified, evaluated, published: signed records in a git repository that git finds whole, and a site that does not change
# when nothing new was found.
. tests/e2e/lib.inc
export ASSAY_HOME=$TEST_FOLDER/home
build_example circle
expect_exit 1 verify circle/*.wasm --spec "$examples/circle/circle.spec" --budget 2000 --seed 1
expect_exit 0 evaluate circle/*.wasm --bench "$examples/circle/circle.bench" --budget 500ms --seed 1
expect_text out 'failed verification'
expect_exit 0 publish
index=$(tail -n 1 out)
[ -f "$index" ] || fail "the last line is no file: $index"
page=$(grep -o 'href="[^"]*"' "$index" | head -1 | cut -d'"' -f2)
expect_text "$(dirname "$index")/$page" 'geometry:shapes/circle'
expect_text "$(dirname "$index")/$page" '<svg'
expect_text "$(dirname "$index")/$page" 'cheat_table'
expect_no_text "$(dirname "$index")/$page" '<script'
expect_no_text "$(dirname "$index")/$page" "$TEST_FOLDER"
cp -r "$(dirname "$index")" before
expect_exit 0 publish
expect_text out ' 0 new'
diff -r before "$(dirname "$index")" >/dev/null || fail 'the site changed though nothing new was found'
git -C "$ASSAY_HOME/log.git" fsck --strict >/dev/null 2>&1 || fail 'git fsck'
git -C "$ASSAY_HOME/log.git" show main --stat | grep -q 'append records' || fail 'git cannot read the log'
[ "$(stat -c %a "$ASSAY_HOME/key")" = 600 ] || fail 'the key can be read by others'
expect_exit 2 publish --registry ./empty
finish
