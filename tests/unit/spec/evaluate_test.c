/* What expressions come to. Expected values follow from docs/spec-language.md: two's complement at each
 * width, IEEE 754, WAVE's printed form. */
#include "tests/unit/spec/language.h"

typedef struct Evaluation {
  const char *text, *type, *value;
} Evaluation;

static const Evaluation EVALUATIONS[] = {
    /* literals and their types */
    {"1", "s64", "1"},
    {"-9223372036854775808", "s64", "-9223372036854775808"},
    {"1.5", "f64", "1.5"},
    {"1e3", "f64", "1000.0"},
    {"-inf", "f64", "-inf"},
    {"nan", "f64", "nan"},
    {"true", "bool", "true"},
    {"\"a\\u{e9}\\n\"", "string", "\"a\303\251\\n\""},
    {"'x'", "char", "'x'"},
    {"b\"abc\"", "list<u8>", "[97, 98, 99]"},
    {"b\"\"", "list<u8>", "[]"},
    {"hex\"00fF 10\"", "list<u8>", "[0, 255, 16]"},
    {"[1, 2, 3]", "list<s64>", "[1, 2, 3]"},
    {"[1, 2.5]", "list<f64>", "[1.0, 2.5]"},
    {"[u8(1), 2]", "list<u8>", "[1, 2]"},
    {"(1, 'a', \"b\")", "tuple<s64, char, string>", "(1, 'a', \"b\")"},
    {"(1,)", "tuple<s64>", "(1)"},
    {"(1)", "s64", "1"},
    {"{x: 1.0, y: 2}", "point", "{x: 1.0, y: 2.0}"},
    {"{y: 2.0, x: 1.0}", "point", "{x: 1.0, y: 2.0}"},
    {"{name: \"n\"}", "named", "{name: \"n\"}"},
    {"{name: \"n\", size: some(3)}", "named", "{name: \"n\", size: some(3)}"},
    {"{read, run}", "access", "{read, run}"},
    {"some(1)", "option<s64>", "some(1)"},
    {"some(u8(1))", "option<u8>", "some(1)"},
    {"red", "color", "red"},
    {"sides(4)", "shape", "sides(4)"},
    {"dot", "shape", "dot"},
    {"round({radius: 1.0, center: (0.0, 0.0)})", "shape", "round({radius: 1.0, center: (0.0, 0.0)})"},
    /* a some or ok that is left out, as in WAVE */
    {"fn f() -> option<u8> = 1; f()", "option<u8>", "some(1)"},
    {"fn f() -> option<string> = \"flat\"; f()", "option<string>", "some(\"flat\")"},
    {"fn f() -> option<bool> = true; f()", "option<bool>", "some(true)"},
    {"fn f() -> option<list<u8>> = b\"a\"; f()", "option<list<u8>>", "some([97])"},
    {"fn f() -> option<color> = blue; f()", "option<color>", "some(blue)"},
    {"fn f() -> option<shape> = sides(3); f()", "option<shape>", "some(sides(3))"},
    {"fn f() -> option<access> = {read}; f()", "option<access>", "some({read})"},
    {"fn f() -> result<tuple<u8, char>, string> = (1, 'a'); f()", "result<tuple<u8, char>, string>",
     "ok((1, 'a'))"},
    {"fn f() -> list<option<s8>> = [-1, none, some(2)]; f()", "list<option<s8>>",
     "[some(-1), none, some(2)]"},
    {"fn f(x: u8) -> option<list<u8>> = [x, x]; f(2)", "option<list<u8>>", "some([2, 2])"},
    {"fn f(x: u8) -> option<u8> = if x > 1 { 1 } else { none }; [f(1), f(2)]", "list<option<u8>>",
     "[none, some(1)]"},
    {"fn even(n: u64) -> bool = if n == 0 { true } else { odd(n - 1) };"
     "fn odd(n: u64) -> bool = match n == 0 { true => false, false => let m = n - 1; even(m) }; even(1000)",
     "bool", "true"},
    {"fn f(x: option<u8>) -> bool = x == 3; f(3) && !f(none) && f(some(3))", "bool", "true"},
    {"{name: \"n\", nick: \"m\", size: 3}", "named", "{name: \"n\", nick: some(\"m\"), size: some(3)}"},
    /* integers wrap at their own width */
    {"u8(255) + 1", "u8", "0"},
    {"u8(0) - 1", "u8", "255"},
    {"u8(16) * 16", "u8", "0"},
    {"s8(127) + 1", "s8", "-128"},
    {"s8(-128) - 1", "s8", "127"},
    {"s8(-128) * -1", "s8", "-128"},
    {"-s8(-128)", "s8", "-128"},
    {"s8(-128) / -1", "s8", "-128"},
    {"s8(-128) % -1", "s8", "0"},
    {"s16(32767) + 1", "s16", "-32768"},
    {"u16(65535) + 2", "u16", "1"},
    {"s32(2147483647) + 1", "s32", "-2147483648"},
    {"u32(4294967295) * 2", "u32", "4294967294"},
    {"9223372036854775807 + 1", "s64", "-9223372036854775808"},
    {"-9223372036854775808 / -1", "s64", "-9223372036854775808"},
    {"-9223372036854775808 % -1", "s64", "0"},
    {"u64(0) - 1", "u64", "18446744073709551615"},
    {"u64(18446744073709551615) / 2", "u64", "9223372036854775807"},
    {"-7 / 2", "s64", "-3"},
    {"-7 % 2", "s64", "-1"},
    {"7 % -2", "s64", "1"},
    {"1 + 2 * 3 - 4", "s64", "3"},
    {"(1 + 2) * 3", "s64", "9"},
    {"10 - 3 - 2", "s64", "5"},
    {"- (3)", "s64", "-3"},
    /* bits */
    {"6 & 3", "s64", "2"},
    {"6 | 3", "s64", "7"},
    {"6 ^ 3", "s64", "5"},
    {"-1 & 255", "s64", "255"},
    {"u8(1) << 7", "u8", "128"},
    {"s8(1) << 7", "s8", "-128"},
    {"u8(255) << 4", "u8", "240"},
    {"-8 >> 1", "s64", "-4"},
    {"u8(128) >> 7", "u8", "1"},
    {"1 << 2 + 1", "s64", "8"},
    {"{read} | {run}", "access", "{read, run}"},
    {"({read, write} & {write}) == {write}", "bool", "true"},
    {"{read, write}.write", "bool", "true"},
    {"{read, write}.run", "bool", "false"},
    /* floats */
    {"0.1 + 0.2", "f64", "0.30000000000000004"},
    {"1.0 / 0.0", "f64", "inf"},
    {"-1.0 / 0.0", "f64", "-inf"},
    {"0.0 / 0.0", "f64", "nan"},
    {"5.5 % 2.0", "f64", "1.5"},
    {"-5.5 % 2.0", "f64", "-1.5"},
    {"-(0.0)", "f64", "-0.0"},
    {"f32(0.1) + f32(0.2)", "f32", "0.3"},
    {"f32(16777216) + 1", "f32", "16777216.0"},
    {"1 + 2.5", "f64", "3.5"},
    /* comparison: == asks for the same value, < is IEEE 754's */
    {"1 == 1", "bool", "true"},
    {"1 != 1", "bool", "false"},
    {"nan == nan", "bool", "true"},
    {"0.0 == -0.0", "bool", "false"},
    {"0.0 <= -0.0 && 0.0 >= -0.0", "bool", "true"},
    {"nan < 1.0 || nan >= 1.0", "bool", "false"},
    {"nan != nan", "bool", "false"},
    {"[nan] == [nan]", "bool", "true"},
    {"u8(200) > 100", "bool", "true"},
    {"s8(-1) < 1", "bool", "true"},
    {"u64(18446744073709551615) > 1", "bool", "true"},
    {"\"a\" < \"b\"", "bool", "true"},
    {"[1, 2] < [1, 2, 0]", "bool", "true"},
    {"(1, 2) < (1, 3)", "bool", "true"},
    {"red < blue", "bool", "true"},
    {"'a' <= 'b'", "bool", "true"},
    {"{x: 1.0, y: 2.0} == {y: 2.0, x: 1.0}", "bool", "true"},
    {"some(1) == none", "bool", "false"},
    {"none == some(1)", "bool", "false"},
    {"sides(3) == dot", "bool", "false"},
    {"f32(0.1) < 0.2", "bool", "true"},
    /* near */
    {"0.1 + 0.2 ~= 0.3", "bool", "true"},
    {"1.0 ~= 1.1", "bool", "false"},
    {"1.0 ~= 1.1 within 0.2", "bool", "true"},
    {"1e300 ~= 1e300 * (1.0 + 1e-12)", "bool", "true"},
    {"nan ~= nan", "bool", "true"},
    {"inf ~= inf", "bool", "true"},
    {"inf ~= -inf", "bool", "false"},
    {"inf ~= 1.0", "bool", "false"},
    {"[1.0, 2.0] ~= [1.0, 2.0 + 1e-12]", "bool", "true"},
    {"[1.0] ~= [1.0, 2.0]", "bool", "false"},
    {"{x: 1.0, y: 0.1 + 0.2} ~= {x: 1.0, y: 0.3}", "bool", "true"},
    {"some(1.0) ~= some(2.0) within 1", "bool", "true"},
    {"1 ~= 2", "bool", "false"},
    /* membership */
    {"3 in 1..5", "bool", "true"},
    {"5 in 1..5", "bool", "false"},
    {"5 in 1..=5", "bool", "true"},
    {"0.5 in 0..1", "bool", "true"},
    {"nan in 0.0..1.0", "bool", "false"},
    {"'b' in 'a'..'c'", "bool", "true"},
    {"u8(250) in 200..=255", "bool", "true"},
    {"2 in [1, 2]", "bool", "true"},
    {"nan in [nan]", "bool", "true"},
    {"1 + 1 in 2..3 && true", "bool", "true"},
    /* logic */
    {"true && false || true", "bool", "true"},
    {"false && 1 / 0 == 1", "bool", "false"},
    {"true || 1 / 0 == 1", "bool", "true"},
    {"!true", "bool", "false"},
    {"!(1 == 2)", "bool", "true"},
    /* if, match, let */
    {"if 1 < 2 { 1 } else { 2 }", "s64", "1"},
    {"if false { 1 } else if false { 2 } else { 3.5 }", "f64", "3.5"},
    {"if true { let x = 2; let y = x * x; y + 1 } else { 0 }", "s64", "5"},
    {"match some(3) { some(x) => x + 1, none => 0 }", "s64", "4"},
    {"match sides(7) { sides(n) => n, _ => 0 }", "u32", "7"},
    {"match dot { dot => 1.0, round(c) => c.radius, sides(_) => 2.0, }", "f64", "1.0"},
    {"match green { red => \"r\", green => \"g\", blue => \"b\" }", "string", "\"g\""},
    {"match 1 < 2 { true => 'y', false => 'n' }", "char", "'y'"},
    {"match red { blue => 1, _ => match high { low => 2, high => 3 } }", "s64", "3"},
    /* parts */
    {"(1, 2.5).1", "f64", "2.5"},
    {"((1, 2), 3).0.1", "s64", "2"},
    {"{radius: 1.0, center: (2.0, 3.0)}.center.0", "f64", "2.0"},
    {"[10, 20, 30][1]", "s64", "20"},
    {"[[1], [2, 3]][1][1]", "s64", "3"},
    {"[{x: 1.0, y: 2.0}][0].y", "f64", "2.0"},
    {"b\"abc\"[u8(2)]", "u8", "99"},
    /* loops */
    {"for all x in [1, 2, 3]: x > 0", "bool", "true"},
    {"for all x in [1, -2, 3]: x > 0", "bool", "false"},
    {"for all i in 0..0: false", "bool", "true"},
    {"for all i in 5..0: false", "bool", "true"},
    {"for all x in [1, 2], y in [3, 4]: x < y", "bool", "true"},
    {"exists x in [1, 2]: x == 2", "bool", "true"},
    {"exists x in [1, 2], y in [2, 3]: x + y == 5", "bool", "true"},
    {"exists i in 0..10: i > 10", "bool", "false"},
    {"[for i in 0..4: i * i]", "list<s64>", "[0, 1, 4, 9]"},
    {"[for i in 0..=4 if i % 2 == 0: i]", "list<s64>", "[0, 2, 4]"},
    {"[for x in [1, 2], y in [10, 20]: x + y]", "list<s64>", "[11, 21, 12, 22]"},
    {"[for x in [\"a\"]: (x, 1)]", "list<tuple<string, s64>>", "[(\"a\", 1)]"},
    {"[for i in u8(254)..=255: i]", "list<u8>", "[254, 255]"},
    {"[for i in -2..1: i]", "list<s64>", "[-2, -1, 0]"},
    /* fns */
    {"fn f(n: u32) -> u32 = n + 1; f(f(1))", "u32", "3"},
    {"fn fact(n: u64) -> u64 = if n == 0 { 1 } else { n * fact(n - 1) }; fact(20)", "u64",
     "2432902008176640000"},
    {"fn even(n: u8) -> bool = if n == 0 { true } else { odd(n - 1) };"
     "fn odd(n: u8) -> bool = if n == 0 { false } else { even(n - 1) }; even(10)",
     "bool", "true"},
    {"fn d(a: circle) -> f64 = let c = a.center; let x = c.0; x * x; d({radius: 1.0, center: (3.0, 0.0)})",
     "f64", "9.0"},
    {"fn len(n: u32) -> u32 = n; len(7)", "u32", "7"},
    {"fn len(n: u32) -> u32 = n; @len(\"four\")", "s64", "4"},
    /* the library */
    {"len([1, 2])", "s64", "2"},
    {"len(\"\303\251\")", "s64", "2"},
    {"len(b\"\")", "s64", "0"},
    {"concat([1], [2, 3], [])", "list<s64>", "[1, 2, 3]"},
    {"concat(\"a\", \"b\")", "string", "\"ab\""},
    {"concat([\"a\", \"b\", \"c\"])", "string", "\"abc\""},
    {"concat([[1], [2]])", "list<s64>", "[1, 2]"},
    {"concat([], [1.5])", "list<f64>", "[1.5]"},
    {"concat([(1, \"a\")], [(2, \"b\")])", "list<tuple<s64, string>>", "[(1, \"a\"), (2, \"b\")]"},
    {"slice([1, 2, 3, 4], 1, 3)", "list<s64>", "[2, 3]"},
    {"slice(\"hello\", 1, 4)", "string", "\"ell\""},
    {"slice([1], 1, 1)", "list<s64>", "[]"},
    {"repeat([1, 2], 2)", "list<s64>", "[1, 2, 1, 2]"},
    {"repeat(\"ab\", 3)", "string", "\"ababab\""},
    {"repeat(\"ab\", 0)", "string", "\"\""},
    {"reverse([1, 2, 3])", "list<s64>", "[3, 2, 1]"},
    {"reverse([\"a\", \"b\"])", "list<string>", "[\"b\", \"a\"]"},
    {"sort([3, -1, 2])", "list<s64>", "[-1, 2, 3]"},
    {"sort([nan, 1.0, -inf, 0.0, -0.0])", "list<f64>", "[-inf, -0.0, 0.0, 1.0, nan]"},
    {"sort([\"b\", \"a\"])", "list<string>", "[\"a\", \"b\"]"},
    {"sort([for i in 0..40: (i * 7) % 40]) == [for i in 0..40: i]", "bool", "true"},
    {"contains([1, 2], 2)", "bool", "true"},
    {"contains(\"hello\", \"ell\")", "bool", "true"},
    {"contains(\"hello\", \"\")", "bool", "true"},
    {"contains(\"\", \"a\")", "bool", "false"},
    {"count([1, 2, 1], 1)", "s64", "2"},
    {"is-permutation([1, 2, 2], [2, 1, 2])", "bool", "true"},
    {"is-permutation([1, 2, 2], [2, 1, 1])", "bool", "false"},
    {"is-permutation([1], [1, 1])", "bool", "false"},
    {"is-permutation([(2, 'a'), (1, 'b')], [(1, 'b'), (2, 'a')])", "bool", "true"},
    {"is-sorted([1, 1, 2])", "bool", "true"},
    {"is-sorted([2, 1])", "bool", "false"},
    {"is-sorted([\"a\", \"b\"])", "bool", "true"},
    {"sum([1, 2, 3])", "s64", "6"},
    {"sum([u8(200), 100])", "u8", "44"},
    {"sum([s8(100), 100])", "s8", "-56"},
    {"sum([0.5, 0.25])", "f64", "0.75"},
    {"min(2, 1)", "s64", "1"},
    {"max([3, 1, 2])", "s64", "3"},
    {"min(0.0, -0.0)", "f64", "-0.0"},
    {"max(-0.0, 0.0)", "f64", "0.0"},
    {"min(1.0, nan)", "f64", "nan"},
    {"max(nan, 1.0)", "f64", "nan"},
    {"max(\"a\", \"b\")", "string", "\"b\""},
    {"abs(-3)", "s64", "3"},
    {"abs(s8(-128))", "s8", "-128"},
    {"abs(-0.0)", "f64", "0.0"},
    {"abs(u8(200))", "u8", "200"},
    {"sqrt(2.25)", "f64", "1.5"},
    {"sqrt(-1.0)", "f64", "nan"},
    {"floor(-1.5)", "f64", "-2.0"},
    {"ceil(-1.5)", "f64", "-1.0"},
    {"is-nan(0.0 / 0.0)", "bool", "true"},
    {"is-nan(1.0)", "bool", "false"},
    {"bytes(\"a\303\251\")", "list<u8>", "[97, 195, 169]"},
    {"chars(\"a\303\251\")", "list<char>", "['a', '\303\251']"},
    {"text(chars(\"a\303\251\"))", "string", "\"a\303\251\""},
    {"text(b\"abc\")", "string", "\"abc\""},
    /* conversions */
    {"u8(255)", "u8", "255"},
    {"s64(u8(200))", "s64", "200"},
    {"u8(1 + 1)", "u8", "2"},
    {"u64(len(\"ab\"))", "u64", "2"},
    {"f64(len(\"ab\")) / 4.0", "f64", "0.5"},
    {"s64(-2.9)", "s64", "-2"},
    {"u8(255.9)", "u8", "255"},
    {"f32(0.1)", "f32", "0.1"},
    {"f64(f32(0.1)) == 0.1", "bool", "false"},
    {"char(65)", "char", "'A'"},
    {"u32('A')", "u32", "65"},
    {"f64(u64(18446744073709551615))", "f64", "1.8446744073709552e+19"},
    /* maps and lists of fixed length */
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; m()[\"a\"]", "u32", "1"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; m()[\"b\"]", "u32", "3"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; len(m())", "s64", "2"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; m()", "map<string, u32>",
     "[(\"b\", 2), (\"a\", 1), (\"b\", 3)]"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; m() == [(\"a\", 1), (\"b\", 3)]",
     "bool", "true"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; m() == [(\"a\", 1), (\"b\", 2)]",
     "bool", "false"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; \"a\" in m()", "bool", "true"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; \"c\" in m()", "bool", "false"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; [for p in m(): p.0]", "list<string>",
     "[\"a\", \"b\"]"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; for all p in m(): m()[p.0] == p.1",
     "bool", "true"},
    {"fn m() -> map<string, u32> = [(\"b\", 2), (\"a\", 1), (\"b\", 3)]; exists p in m(): p.1 == 2", "bool",
     "false"},
    {"fn m(n: u8) -> map<u8, bool> = [for i in u8(0)..n: (i, i > 1)]; m(3)", "map<u8, bool>",
     "[(0, false), (1, false), (2, true)]"},
    {"fn m(n: u8) -> map<u8, u8> = [for i in u8(0)..n, j in u8(0)..2: (i, j)]; m(2)[1]", "u8", "1"},
    {"fn m() -> map<u8, f64> = [(1, 1.0), (2, 2.0)]; m() ~= [(2, 2.0000000000001), (1, 1.0)]", "bool",
     "true"},
    {"fn m() -> map<u8, f64> = [(1, 1.0), (2, 2.0)]; m() ~= [(2, 2.5), (1, 1.0)]", "bool", "false"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; f()[2]", "u8", "2"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; len(f())", "s64", "4"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; sort(f())", "list<u8, 4>", "[1, 1, 2, 3]"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; reverse(f())", "list<u8, 4>", "[1, 2, 1, 3]"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; slice(f(), 1, 3)", "list<u8>", "[1, 2]"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; repeat(f(), 2)", "list<u8>", "[3, 1, 2, 1, 3, 1, 2, 1]"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; sum(f())", "u8", "7"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; max(f())", "u8", "3"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; count(f(), 1)", "s64", "2"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; contains(f(), 9)", "bool", "false"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; 2 in f()", "bool", "true"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; f() == [3, 1, 2, 1]", "bool", "true"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; f() < [3, 1, 2, 2]", "bool", "true"},
    {"fn f() -> list<u8, 4> = [3, 1, 2, 1]; [for x in f(): x]", "list<u8>", "[3, 1, 2, 1]"},
    {"fn f() -> list<u8, 3> = b\"abc\"; f()", "list<u8, 3>", "[97, 98, 99]"},
    {"fn f() -> list<list<s8, 2>, 2> = [[1, -2], [3, 4]]; f()[1][0]", "s8", "3"},
    {"fn f() -> list<u8, 3> = [for i in u8(1)..4: i]; f()", "list<u8, 3>", "[1, 2, 3]"},
    /* generated values repeat */
    {"generate(list<s64>, size: 5, seed: 1) == generate(list<s64>, size: 5, seed: 1)", "bool", "true"},
    {"generate(list<s64>, size: 5, seed: 1) == generate(list<s64>, size: 5, seed: 2)", "bool", "false"},
    {"len(generate(list<circle>, size: 300, seed: 7))", "s64", "300"},
    {"len(generate(string, size: 30, seed: 7))", "s64", "30"},
    {"for all c in generate(list<circle>, size: 50, seed: 7): c.radius in 0.0..1000.0", "bool", "true"},
};

static Str wave_text(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print(type, value, &out);
  return buf_text(&out);
}

static void every_expression_has_its_value(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof EVALUATIONS / sizeof *EVALUATIONS; i++) {
    const Evaluation *wanted = &EVALUATIONS[i];
    Diags diags = diags_in(arena);
    Ready ready = language_expr(arena, wanted->text, NULL, &diags);
    if (!ready.type) print_error("%s:\n%.*s", wanted->text, STR_ARG(language_errors(arena, &diags)));
    assert_non_null(ready.type);
    Machine machine = {.arena = arena, .fuel = 100000};
    Value value;
    bool good = expr_evaluate(&machine, ready.expr, ready.slots, &value);
    if (!good) print_error("%s: %s\n", wanted->text, machine.failure.text);
    assert_true(good);
    Str type = type_text(arena, ready.type), text = wave_text(arena, ready.type, value);
    if (!str_equal(text, str_from_z(wanted->value)) || !str_equal(type, str_from_z(wanted->type)))
      print_error("in: %s\n", wanted->text);
    assert_slice(type, str_from_z(wanted->type));
    assert_slice(text, str_from_z(wanted->value));
  }
}

typedef struct Broken {
  const char *text, *failure;
  FailureKind kind;
} Broken;

static const Broken BROKEN[] = {
    {"1 / 0", "the specification divides by zero", FAILURE_SCRIPT},
    {"u8(1) % 0", "the specification divides by zero", FAILURE_SCRIPT},
    {"[1, 2][2]", "there is no element 2 in a list of 2", FAILURE_SCRIPT},
    {"[1, 2][-1]", "there is no element -1 in a list of 2", FAILURE_SCRIPT},
    {"slice([1], 0, 2)", "there is no slice from 0 to 2 of 1 elements", FAILURE_SCRIPT},
    {"slice([1], 1, 0)", "there is no slice from 1 to 0 of 1 elements", FAILURE_SCRIPT},
    {"slice(\"\303\251\", 0, 1)", "the slice from 0 to 1 cuts through a character", FAILURE_SCRIPT},
    {"repeat([1], -1)", "nothing is repeated -1 times", FAILURE_SCRIPT},
    {"1 << 64", "the specification shifts 64 bits by 64", FAILURE_SCRIPT},
    {"u8(1) << 8", "the specification shifts 8 bits by 8", FAILURE_SCRIPT},
    {"1 >> -1", "the specification shifts 64 bits by -1", FAILURE_SCRIPT},
    {"min(slice([1], 0, 0))", "an empty list has no min", FAILURE_SCRIPT},
    {"1.0 ~= 2.0 within -1.0", "a tolerance is not negative", FAILURE_SCRIPT},
    {"u8(100 + 200)", "300 does not fit into u8", FAILURE_SCRIPT},
    {"u8(0 - 1)", "-1 does not fit into u8", FAILURE_SCRIPT},
    {"s8(u64(18446744073709551615))", "18446744073709551615 does not fit into s8", FAILURE_SCRIPT},
    {"u8(256.0 + 0.0)", "256 does not fit into u8", FAILURE_SCRIPT},
    {"s64(nan + 1.0)", "nan does not fit into s64", FAILURE_SCRIPT},
    {"char(55296)", "55296 does not fit into char", FAILURE_SCRIPT},
    {"text(hex\"ff\")", "the bytes are not UTF-8", FAILURE_SCRIPT},
    {"for all i in 0..1000000000: true", "the specification's own computation takes too many steps",
     FAILURE_FUEL},
    {"fn f(n: u64) -> u64 = f(n + 1); f(0)", "the specification's own computation takes too many steps",
     FAILURE_FUEL},
    {"len(repeat([1], 1000000000000))", "the specification makes a list that is too long", FAILURE_FUEL},
    {"fn m() -> map<char, u8> = [('a', 1), ('a', 2)]; m()['b']", "there is no key 'b' in a map of 1",
     FAILURE_SCRIPT},
    {"fn f(n: u8) -> list<u8, 3> = [for i in u8(0)..n: i]; f(2)", "the list has 2 elements, and its type 3",
     FAILURE_SCRIPT},
    {"twice(1) == 2", "the interface cannot be called here", FAILURE_SCRIPT},
};

static void what_has_no_value_says_why(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
    Diags diags = diags_in(arena);
    Ready ready = language_expr(arena, BROKEN[i].text, NULL, &diags);
    if (!ready.type) print_error("%s:\n%.*s", BROKEN[i].text, STR_ARG(language_errors(arena, &diags)));
    assert_non_null(ready.type);
    Machine machine = {.arena = arena, .fuel = 1000};
    Value value = value_u64(77);
    assert_false(expr_evaluate(&machine, ready.expr, ready.slots, &value));
    assert_string_equal(machine.failure.text, BROKEN[i].failure);
    assert_int_equal(machine.failure.kind, BROKEN[i].kind);
    assert_int_equal(value.bits, 77);
  }
}

static void deep_recursion_ends_before_the_stack_does(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Ready ready = language_expr(arena, "fn f(n: u64) -> u64 = 1 + (2 + (3 + f(n + 1))); f(0)", NULL, &diags);
  Machine machine = {.arena = arena, .fuel = UINT64_MAX};
  Value value;
  assert_non_null(ready.type);
  assert_false(expr_evaluate(&machine, ready.expr, ready.slots, &value));
  assert_int_equal(machine.failure.kind, FAILURE_FUEL);
  assert_string_equal(machine.failure.text, "`f` recurses too deeply");
}

static bool double_it(Machine *machine, const Function *function, const Value *args, Value *result)
{
  uint32_t *calls = machine->context;
  assert_text(function->name, "twice");
  ++*calls;
  if (args[0].bits == 13) return false;
  *result = value_u64(args[0].bits * 2);
  return true;
}

static void calls_go_to_the_hook_and_its_refusal_ends_the_evaluation(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  uint32_t calls = 0;
  Machine machine = {.arena = arena, .fuel = 1000, .call = double_it, .context = &calls};
  Value value;
  Ready ready = language_expr(arena, "twice(twice(5)) + twice(1)", NULL, &diags);
  assert_true(expr_evaluate(&machine, ready.expr, ready.slots, &value));
  assert_int_equal(value.bits, 22);
  assert_int_equal(calls, 3);
  ready = language_expr(arena, "twice(13) + twice(1)", NULL, &diags);
  assert_false(expr_evaluate(&machine, ready.expr, ready.slots, &value));
  assert_int_equal(calls, 4);
  assert_int_equal(machine.failure.kind, FAILURE_CALL);
  assert_text(span_text(machine.failure.span), "twice(13)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_expression_has_its_value),
      TEST(what_has_no_value_says_why),
      TEST(deep_recursion_ends_before_the_stack_does),
      TEST(calls_go_to_the_hook_and_its_refusal_ends_the_evaluation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
