# The same source and toolchain give the same bytes, whatever the folder, the user, the time and the settings.
. tests/e2e/lib.inc

# A place that other users can reach, which the tests' own folder is not.
place=$(mktemp -d /tmp/assay.XXXXXX)
trap 'rm -rf "$place"' EXIT
chmod 755 "$place"
cp -L "$(command -v build)" "$place/build"

# build_at FOLDER SOURCE NAME: builds from a copy of the source in the folder, with nothing built before.
build_at() {
  local folder=$1 source=$2 name=$3
  shift 3
  mkdir -p "$folder/in" "$folder/home"
  cp -r "$source" "$folder/in/"
  cp "$examples/$name/$name.wit" "$folder/in/"
  find "$folder/in" -exec touch -d "${when:-now}" {} +
  [ -z "${owner:-}" ] || chown -R "$owner" "$folder"
  (cd "$folder/in" && ASSAY_HOME=$folder/home "$@" "$place/build" "$(basename "$source")" --for "$name.wit" -o "$folder/out.wasm") \
    >out 2>err || fail "cannot build $source as $*: $(cat err)"
}

sources='sort/implementations/heap.c sort/implementations/library.cpp sort/implementations/library.rs
  sort/implementations/blocks circle/implementations/hand.wat'
if [ -n "${ASC:-}" ] || command -v asc >/dev/null; then
  sources="$sources sort/implementations/bottom_up.ts"
else
  echo 'skipped: AssemblyScript, whose compiler is not installed; `make assemblyscript` does it'
fi
for source in $sources; do
  name=${source%%/*}
  first=$place/a
  second=$place/another/much/deeper/folder-with-a-long-name
  when=2001-02-03 build_at "$first" "$examples/$source" "$name" env TZ=UTC LC_ALL=C
  if [ "$(id -u)" = 0 ]; then
    owner=nobody when=2031-02-03 build_at "$second" "$examples/$source" "$name" \
      setpriv --reuid=65534 --regid=65534 --clear-groups env -u HOME TZ=Asia/Tokyo LANG=C.UTF-8 USER=nobody
  else
    echo 'skipped: another user (this needs root)'
    when=2031-02-03 build_at "$second" "$examples/$source" "$name" env -u HOME TZ=Asia/Tokyo LANG=C.UTF-8
  fi
  cmp "$first/out.wasm" "$second/out.wasm" || fail "$source gives other bytes in another place"
  for trace in "$place" "$(dirname "$ASSAY_HOME")"; do
    ! grep -qa -- "$trace" "$first/out.wasm" || fail "$source: the module has '$trace' in it"
  done
  rm -rf "$first" "$place/another"
done
finish
