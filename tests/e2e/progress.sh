# Whoever waits at a terminal is told what for and since when, also while a single tool works; nobody else is.
. tests/e2e/lib.inc
export ASSAY_HOME=$TEST_FOLDER/home
command -v script >/dev/null || { echo "skipped: no script(1) to make a terminal with"; exit 77; }
export TERM=xterm

# A second of work for any compiler.
awk 'BEGIN {
  print "#include <stdint.h>\nstatic volatile uint32_t table[256];\nuint32_t exports_t_large_work_run(uint32_t x);"
  for (f = 0; f < 40; f++) {
    printf "static __attribute__((noinline)) uint32_t f%d(uint32_t x)\n{\n", f
    for (i = 0; i < 30; i++)
      printf "  switch ((x ^ table[%d]) & 3) { case 0: x = x * %d + table[x & 255]; break; case 1: x ^= x >> %d; break; case 2: table[x & 255] = x; }\n", i, 2 * (f + i) + 1, i % 31 + 1
    print "  return x;\n}"
  }
  print "uint32_t exports_t_large_work_run(uint32_t x)\n{\n  for (int i = 0; i < 256; i++) table[i] = 0;"
  for (f = 0; f < 40; f++) printf "  x += f%d(x);\n", f
  print "  return x;\n}"
}' >large.c
printf 'package t:large;\ninterface work { run: func(x: u32) -> u32; }\n' >large.wit
printf 'spec t:large/work;\ndescribe "run" { law "returns" (x: u32) { expect run(x) >= 0; } }\n' >large.spec

# on_terminal COLUMNS COMMAND...: what it shows, as lines, into ./shown.
on_terminal() {
  local columns=$1
  shift
  script -qec "stty cols $columns; $*" raw.tty >/dev/null </dev/null || fail "on a terminal: $*"
  tr '\r' '\n' <raw.tty | sed 's/\x1b\[[0-9;]*[mK]//g' >shown
}
# expect_line PATTERN: one of the lines drawn matches the whole pattern.
expect_line() { grep -qxE "$1" shown || { fail "no line \"$1\":"; sort shown | uniq -c | head -20; }; }

# The line stays one line: it is cut where the terminal ends. It is gone in the end.
name=a-module-whose-name-is-longer-than-the-terminal-is-wide
cp large.c $name.c
on_terminal 40 build $name.c --for large.wit
expect_line 'building a-module-whose-nam[a-z-]*  [0-9]+ s'
grep '^building' shown | awk 'length($0) > 39' | grep -q . && fail "a line is longer than the terminal"
grep -q $'\r\x1b\\[K' raw.tty || fail "the line was not cleared"
cp $name.wasm large.wasm
on_terminal 80 verify large.wasm --spec large.spec --budget 100
expect_line 'compiling large  [0-9]+ s'

# A report is as wide as the terminal, between 60 columns and 120, and as 80 where there is none.
{ printf 'spec t:large/work;\nit "is long" { expect (for all i in 0..1: run(u32(i)) == 1 && '
  printf 'run(1) == %s && ' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
  printf 'run(2) == 1); expect run(1) == 1 && run(2) != run(2); }\n'; } >long.spec
widest() { grep 'run(1) == ' "$1" | awk '{ if (length($0) > most) most = length($0) } END { print most + 0 }'; }
for columns in 40:60 100:100 300:120; do
  on_terminal "${columns%:*}" "verify large.wasm --spec long.spec --budget 1 || true"
  width=$(widest shown) limit=${columns#*:}
  [ "$width" -le "$limit" ] && [ "$width" -gt $((limit - 16)) ] || fail "$width columns on a terminal of ${columns%:*}"
done
expect_exit 1 verify large.wasm --spec long.spec --budget 1
[ "$(widest out)" -le 80 ] && [ "$(widest out)" -gt 64 ] || fail "$(widest out) columns without a terminal"

# Where there is no terminal it never was.
rm -rf "$ASSAY_HOME/cache"
expect_exit 0 verify large.wasm --spec large.spec --budget 100
[ -s err ] && fail "something was said on standard error: $(head -c 200 err)"
finish
