# ifc hash, canon and check: what is listed, what is read, how it ends.
. tests/e2e/lib.inc
circle=$examples/circle/circle.wit

# Interfaces and worlds of all packages in a file, by name, without versions; of its dependencies none.
mkdir -p pkg/deps
cat >pkg/main.wit <<'EOF'
package b:main@1.2.3;
interface z { f: func(); }
interface a { use c:dep/d@9.0.0.{t}; g: func(x: t); }
world w { import a; }
EOF
cat >pkg/more.wit <<'EOF'
package a:nested@1.0.0 { interface twice { f: func(); } }
package a:nested@2.0.0 { interface twice { f: func() -> u8; } }
EOF
echo 'package c:dep@9.0.0; interface d { type t = u8; }' >pkg/deps/dep.wit
expect_exit 0 ifc hash pkg
[ "$(cut -d' ' -f3 out | tr '\n' ' ')" = 'a:nested/twice a:nested/twice b:main/a b:main/w b:main/z ' ] || fail "listed: $(cat out)"
[ "$(cut -d' ' -f1 out | sort -u | wc -l)" = 5 ] || fail 'two different interfaces have one hash'
cut -d' ' -f1 out | grep -qvE '^sha256:[0-9a-f]{64}$' && fail 'a hash is not 64 digits'
[ "$(sort -k2 out)" = "$(cat out)" ] || fail 'not sorted by name'
expect_exit 0 ifc hash pkg#z
[ "$(wc -l <out)" = 1 ] || fail 'PATH#NAME lists more than NAME'

# What ifc canon prints is what is hashed, of worlds too; names are found in any form.
for name in a z w b:main/a b:main/a@1.2.3 a:nested/twice@2.0.0; do
  want=sha256:$(ifc canon pkg $name | sha256sum | cut -d' ' -f1)
  ifc hash pkg | grep -q "^$want" || fail "canon of $name is not what is hashed"
  [ "$(ifc canon pkg $name)" = "$(ifc canon "pkg#$name")" ] || fail "PATH#NAME differs from PATH NAME for $name"
done
expect_exit 2 ifc canon pkg
expect_text err 'several interfaces and worlds'
expect_text err '`w`'
printf 'package a:b; interface i { f: func(); } interface j { f: func(); }' >interfaces.wit
expect_exit 2 ifc canon interfaces.wit
expect_text err "'interfaces.wit' declares several interfaces"
expect_no_text err worlds
expect_exit 2 ifc canon pkg twice
expect_text err 'a:nested/twice@2.0.0'
expect_exit 2 ifc canon pkg b:main/aa
expect_text err 'did you mean `b:main/a`?'
expect_exit 2 ifc canon pkg zzzzzzzz
expect_text err 'it declares'
echo 'package a:empty;' >empty.wit
expect_exit 0 ifc hash empty.wit
[ ! -s out ] || fail 'hashes of nothing'
expect_exit 2 ifc canon empty.wit
expect_text err 'declares no interface'

# JSON says the same.
expect_exit 0 ifc hash --json pkg
expect_text out '"schema": "assay/hash/1"'
expect_text out '"kind": "world"'
expect_text out '"version": "1.2.3"'
[ "$(grep -c '"hash": "sha256:' out)" = 5 ] || fail 'the JSON does not have 5 hashes'

# Several paths, each other's siblings, from any folder; what goes wrong with one does not stop the others.
mkdir -p set/one set/two elsewhere
echo 'package s:one@1.0.0; interface i { resource r; }' >set/one/a.wit
echo 'package s:two@1.0.0; interface j { use s:one/i@1.0.0.{r}; f: func(x: borrow<r>); }' >set/two/a.wit
expect_exit 0 ifc hash set/two set/one
cp out first
(cd elsewhere && ifc hash ../set/one ../set/two) >out || fail 'siblings are not found from elsewhere'
cmp -s out first || fail 'the order or folder of paths matters'
(cd set/two && ifc hash . ../one) >out || fail 'siblings are not found from inside'
cmp -s out first || fail 'the folder they are named from matters'
expect_exit 2 ifc hash set/one missing.wit set/two
cmp -s out first || fail 'a missing file stops the others'
expect_text err missing.wit
mkdir apart && mv set/one apart/one
expect_exit 2 ifc hash set/two
expect_text err 's:one'
expect_exit 0 ifc hash set/two --deps apart
expect_text out s:two/j
expect_exit 2 ifc hash set/two --deps aparrt
expect_text err "there is no folder 'aparrt'"

# Packages that are given together are resolved once, and come out as each alone would: also where one of them
# has a dependency of its own under a sibling's name.
mkdir -p joint/a/deps joint/b joint/c
echo 'package s:b@1.0.0; interface i { resource r { other: func(); } }' >joint/a/deps/b.wit
echo 'package s:a; interface j { use s:b/i@1.0.0.{r}; f: func(x: borrow<r>); }' >joint/a/a.wit
echo 'package s:b@1.0.0; interface i { resource r; }' >joint/b/a.wit
echo 'package s:c; interface j { use s:b/i@1.0.0.{r}; f: func(x: borrow<r>); } world w { import j; }' >joint/c/a.wit
for set in 'a b c' 'c b a' 'b a c' './c b/ a' 'c c b'; do
  (cd joint && ifc hash $set) >out || fail "ifc hash $set"
  (cd joint && for p in $set; do ifc hash "$p"; done) | sort -k2,2 -k1,1 >alone
  cmp -s out alone || fail "packages given together differ from each alone: $set"
done
[ "$(ifc canon joint/a j)" != "$(ifc canon joint/c j)" ] || fail 'a dependency of its own is not taken'

# Features.
cat >gated.wit <<'EOF'
package g:ated@1.0.0;
interface i { f: func(); @unstable(feature = fresh) g: func(); @unstable(feature = raw) h: func(); }
EOF
count() { ifc canon gated.wit "$@" | grep -c '^func'; }
[ "$(count) $(count --features fresh) $(count --features fresh,raw) $(count --features raw --features fresh)" = '1 2 3 3' ] ||
  fail 'features do not select what they name'
[ "$(count --all-features)" = 3 ] || fail '--all-features does not select all'
expect_exit 2 ifc canon gated.wit --features fresh,,raw
expect_text err 'names with commas between them'

# check: two levels, three endings; as JSON on standard output.
echo 'package a:b; interface i { record r {} f: func(x: r); }' >hollow.wit
expect_exit 1 ifc check hollow.wit
expect_text err hollow.wit:1:
expect_exit 0 ifc check --parses hollow.wit
expect_exit 0 ifc hash hollow.wit
expect_exit 0 ifc check "$circle" pkg
expect_exit 1 ifc check --json hollow.wit
expect_text out '"schema": "assay/diagnostics/1"'
expect_text out '"errors": 1'
[ ! -s err ] || fail 'what --json prints is said twice'
expect_exit 0 ifc check --json pkg
expect_exit 2 ifc check --json missing.wit
expect_text out missing.wit
expect_exit 2 ifc check hollow.wit missing.wit
ifc check - <"$circle" || fail 'standard input is not read'
ifc check - <hollow.wit 2>err && fail 'standard input is not checked'

# Commands that are misspelt.
expect_exit 2 ifc hsah
expect_text err "did you mean 'ifc hash'?"
expect_exit 2 assay verfy
expect_text err "did you mean 'verify'?"
for command in hash canon check show fmt diff bind abi; do
  expect_exit 0 ifc $command --help
  expect_text out "usage: ifc $command"
  awk 'length > 80' out | grep -q . && fail "ifc $command --help is wider than 80 columns"
  expect_exit 2 ifc $command
  expect_exit 2 ifc $command --frobnicate x
  expect_text err "unknown option '--frobnicate'"
done

# An output that is full, or closed: said, and no file is harmed.
for command in 'hash' 'canon' 'show' 'show --json' 'abi' 'check --json' 'fmt'; do
  cp "$circle" shape.wit
  printf '\n\n\n' >>shape.wit
  bash -c "ifc $command shape.wit >/dev/full" 2>err
  [ $? = 3 ] || fail "ifc $command: writing to a full device was a success"
  expect_text err 'standard output'
  bash -c "ifc $command shape.wit >&-" 2>err
  [ $? = 3 ] || [ "$command" = fmt ] || fail "ifc $command: writing to a closed stream was a success"
  grep -q '^package' shape.wit || fail "ifc $command with a closed output harmed its input"
done

# What has no end is refused soon.
memory=2000000
sanitized && memory=unlimited
for endless in /dev/zero -; do
  bash -c "ulimit -v $memory; ifc check $endless </dev/zero" 2>err
  [ $? = 2 ] || fail "ifc check $endless </dev/zero"
  expect_text err 'has not ended after 1 MiB'
done
bash -c 'ifc check - <&-' 2>err
expect_text err 'cannot read standard input: it is closed'
bash -c "ifc hash $circle >&-" 2>err
expect_text err 'cannot write to standard output: it is closed'

# A feature that no gate names is probably misspelt; nothing else changes.
cat >gated.wit <<'EOF'
package g:g@1.0.0;
interface i { @unstable(feature = new-shapes) f: func(); }
EOF
expect_exit 0 ifc hash gated.wit --features new-shape,other
expect_text err 'warning: nothing that was read is gated with the feature `new-shape`'
expect_text err 'did you mean `new-shapes`?'
expect_text err 'there are `new-shapes`'
[ "$(cat out)" = "$(ifc hash gated.wit)" ] || fail 'a misspelt feature changed the hash'
expect_exit 0 ifc hash gated.wit "$circle" --features new-shapes
[ -s err ] && fail 'a feature that a gate names was warned of'

# Which languages there are.
expect_exit 2 ifc bind "$circle"
expect_text err 'languages: c, '

# fmt keeps mode and links, replaces one name of several, and leaves what is read-only.
ugly() { printf '\npackage a:b;\ninterface  i { }\n' >"$1"; }
ugly plain.wit
chmod 640 plain.wit
ln -s plain.wit link.wit
expect_exit 0 ifc fmt link.wit
[ -L link.wit ] || fail 'fmt replaced a symbolic link'
[ "$(stat -c %a plain.wit)" = 640 ] || fail 'fmt changed the mode'
grep -q '^interface i' plain.wit || fail 'fmt did not follow the link'
ugly one.wit
ln one.wit two.wit
expect_exit 0 ifc fmt one.wit
expect_text err 'warning: '
expect_text err 'hard links'
grep -q '^interface i' one.wit || fail 'a hard link was not formatted'
grep -q '^interface  i' two.wit || fail 'the other name of a file changed'
ugly fixed.wit
chmod 444 fixed.wit
expect_exit 2 ifc fmt fixed.wit
expect_text err "'fixed.wit' is read-only"
grep -q '^interface  i' fixed.wit || fail 'fmt changed a read-only file'
expect_exit 1 ifc fmt --check fixed.wit
finish
