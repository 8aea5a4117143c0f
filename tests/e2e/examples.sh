# The wrong and the cheating implementations are caught ten times out of ten, with different seeds; no right one ever is.
. tests/e2e/lib.inc
declare -A wrong=([circle]='cheat_table wrong_touching' [sha256]='wrong_padding' [sort]='loses_duplicates wrong_above_500'
  [base64]='lenient' [stack]='wrong_shrinking')
for name in circle sha256 sort base64 stack; do
  build_example "$name"
  for seed in 1 2 3 4 5 6 7 8 9 10; do
    expect_exit 1 verify "$name"/*.wasm --spec "$examples/$name/$name.spec" --seed $seed --budget 3000 --json
    failed=$(grep -o '"label": "[^"]*"\|"verdict": "[^"]*"' out |
      awk -F'"' '$2=="label"{label=$4; first=1} $2=="verdict"&&first{first=0; if($4=="failed") printf "%s ", label; else if ($4!="passed") printf "%s=%s ", label, $4}')
    [ "${failed% }" = "${wrong[$name]}" ] || fail "$name, seed $seed: failed: ${failed% }, not ${wrong[$name]}"
  done
done
finish
