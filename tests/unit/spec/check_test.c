/* What is wrong with a specification is said at its place, with what was probably meant. */
#include "tests/unit/spec/language.h"

typedef struct Mistake {
  const char *text;    /* an expression */
  const char *message; /* with its place, as printed */
  const char *note;    /* NULL: any */
} Mistake;

static const Mistake MISTAKES[] = {
    {"1 + true", "1:1: error: there is no `+` for `bool`", "bools have"},
    {"1 + 'a'", "1:1: error: there is no `+` for `char`", NULL},
    {"s64(1) + 'a'", "1:10: error: expected `s64`, found `char`", "convert it: `s64(…)`"},
    {"u8(1) + u16(1)", "1:9: error: expected `u8`, found `u16`", "convert it: `u8(…)`"},
    {"u8(1) + 256", "1:9: error: 256 does not fit u8", NULL},
    {"u8(256)", "1:4: error: 256 does not fit u8", NULL},
    {"s8(1) == -129", "1:10: error: -129 does not fit s8", NULL},
    {"u32(1) == 1.5", "1:11: error: expected u32, which has whole numbers only", NULL},
    {"\"a\" + \"b\"", "1:1: error: there is no `+` for `string`", "`concat(a, b)` joins strings and lists"},
    {"true + false", "1:1: error: there is no `+` for `bool`", "bools have"},
    {"1.5 & 1.5", "1:1: error: there is no `&` for `f64`", NULL},
    {"1.5 << 1", "1:1: error: there is no `<<` for `f64`", NULL},
    {"1 << 1.5", "1:6: error: there is no `<<` for `f64`", NULL},
    {"-u8(1)", "1:1: error: there is no `-` for `u8`", "an unsigned number has no negative"},
    {"!1", "1:2: error: expected `bool`, found a number", NULL},
    {"1 && true", "1:1: error: expected `bool`, found a number", NULL},
    {"1 < 2 < 3", "1:7: error: comparisons cannot be chained", NULL},
    {"1 == \"a\"", "1:1: error: expected `string`, found a number", NULL},
    {"[]", "1:1: error: cannot tell the type of this empty list", NULL},
    {"none", "1:1: error: cannot tell the type of this `none`", NULL},
    {"ok(1)", "1:1: error: cannot tell the type of this `ok`", NULL},
    {"[1, \"a\"]", "1:2: error: expected `string`, found a number", NULL},
    {"[u8(1), u16(2)]", "1:9: error: expected `u8`, found `u16`", NULL},
    {"{x: 1.0}", "1:1: error: no record type of test:lang/things has these fields", NULL},
    {"{raduis: 1.0, center: (0.0, 0.0)}", "1:1: error: no record type of test:lang/things has these fields",
     "1:2: note: did you mean `radius`?"},
    {"{read, wirte}", "1:1: error: no flags type of test:lang/things has these flags", NULL},
    {"{read} == {wirte}", "1:12: error: `access` has no flag `wirte`", "did you mean `write`?"},
    {"{x: 1.0, y: 1.0} == {x: 1.0, z: 1.0}", "1:30: error: `point` has no field `z`", NULL},
    {"{x: 1.0, y: 1.0} == {x: 1.0}", "1:21: error: the field `y` of `point` is missing", NULL},
    {"{x: 1.0, y: 1.0} == {x: 1.0, x: 1.0}", "1:30: error: the field `x` stands here twice", NULL},
    {"{x: 1.0, y: 1.0}.z", "1:18: error: `point` has no field `z`", NULL},
    {"{radius: 1.0, center: (0.0, 0.0)}.raduis", "1:35: error: `circle` has no field `raduis`",
     "did you mean `radius`?"},
    {"(1, 2).2", "1:8: error: `tuple<s64, s64>` has no element `2`", NULL},
    {"(1, 2).x", "1:8: error: `tuple<s64, s64>` has no field `x`", NULL},
    {"[1].x", "1:5: error: `list<s64>` has no field `x`", NULL},
    {"\"abc\"[0]", "1:1: error: `string` cannot be indexed",
     "`chars(s)` and `bytes(s)` give the lists of a string"},
    {"[1][1.5]", "1:5: error: an index is an integer, not `f64`", NULL},
    {"x", "1:1: error: no variable or case `x`", NULL},
    {"fn f(a: u8, b: u8) -> u8 = a-b; 1", "1:28: error: no variable or case `a-b`",
     "a difference has spaces, as in `a - b`"},
    {"gren", "1:1: error: no variable or case `gren`", "did you mean `green`?"},
    {"twice", "1:1: error: `twice` is a function: call it", NULL},
    {"twcie(1)", "1:1: error: no function `twcie`", "did you mean `twice`?"},
    {"twice(1, 2)", "1:1: error: `twice` takes 1 argument, not 2", "it is `twice: func(x: u32) -> u32`"},
    {"twice(-1)", "1:7: error: -1 does not fit u32", NULL},
    {"twice(\"a\")", "1:7: error: expected `u32`, found `string`", NULL},
    {"paint(red, high) == 1", "1:1: error: `paint` gives no result", NULL},
    {"round(1)", "1:7: error: expected `circle`, found a number", NULL},
    {"round", "1:1: error: the case `round` of `shape` has a payload",
     "write `round(…)` with a value of type `circle`"},
    {"dot(1)", "1:1: error: the case `dot` of `shape` has no payload", "write `dot`"},
    {"len(1)", "1:1: error: `len` does not take `s64`",
     "it is `len(xs: list<T>, map<K, V> or string) -> s64`"},
    {"len()", "1:1: error: `len` does not take 0 arguments", NULL},
    {"lne([1])", "1:1: error: no function `lne`", "did you mean `len`?"},
    {"@twice(1)", "1:2: error: no function `twice`", NULL},
    {"sort(\"ab\")", "1:1: error: `sort` does not take `string`", NULL},
    {"contains([1], \"a\")", "1:11: error: expected `string`, found a number", NULL},
    {"sum([\"a\"])", "1:1: error: `sum` does not take `list<string>`", NULL},
    {"sqrt(u8(1))", "1:1: error: `sqrt` does not take `u8`", NULL},
    {"u8(\"a\")", "1:1: error: `u8` does not take `string`", NULL},
    {"char(1.5)", "1:1: error: `char` does not take `f64`", NULL},
    {"if 1 { 2 } else { 3 }", "1:4: error: expected `bool`, found a number", NULL},
    {"if true { 2 } else { \"a\" }", "1:11: error: expected `string`, found a number", NULL},
    {"if true { 1 }", "1:14: error: expected `else`, found end of file", NULL},
    {"match 1 { _ => 1 }", "1:7: error: `s64` has no cases", NULL},
    {"match red { red => 1 }", "1:1: error: no arm for the case `green`", NULL},
    {"match red { red => 1, red => 2, _ => 3 }", "1:23: error: the case `red` has an arm already", NULL},
    {"match red { pink => 1, _ => 3 }", "1:13: error: `color` has no case `pink`", NULL},
    {"match dot { dot(x) => 1, _ => 2 }", "1:13: error: the case `dot` has no payload: write `dot =>`", NULL},
    {"match dot { sides => 1, _ => 2 }", "1:13: error: the case `sides` has a payload: write `sides(x) =>`",
     NULL},
    {"match red { red => 1, _ => \"a\" }", "1:20: error: expected `string`, found a number", NULL},
    {"for all x in 3: true", "1:14: error: `s64` is no list", NULL},
    {"for all x in 0.0..1.0: true", "1:14: error: loops run over integers and lists", NULL},
    {"for all x in [1]: x", "1:19: error: expected `bool`, found `s64`", NULL},
    {"[for x in [1]: y]", "1:16: error: no variable or case `y`", NULL},
    {"1 in \"abc\"", "1:1: error: there is no `in` for `string`", NULL},
    {"\"a\" in \"a\"..\"b\"", "1:1: error: there is no `in a..b` for `string`", NULL},
    {"hex\"abc\"", "1:1: error: this is no hex", NULL},
    {"twice(\"\\q\")", "1:8: error: unknown escape", NULL},
    {"1 +", "1:4: error: expected an expression, found end of file", NULL},
    {"(1", "1:3: error: expected ')', found end of file", NULL},
    {"fn f(a: strng) -> u8 = 1; f(1)", "1:9: error: no type `strng` in test:lang/things",
     "did you mean `string`?"},
    {"fn f(a: u8, a: u8) -> u8 = a; f(1, 1)", "1:13: error: there are two parameters `a`", NULL},
    {"fn f() -> u8 = 1; fn f() -> u8 = 2; f()", "1:22: error: there are two fns `f`",
     "the other one is here"},
    {"fn twice() -> u8 = 1; 1", "1:4: error: `twice` is a function of the interface", NULL},
    {"fn f() -> u32 = twice(1); f()", "1:17: error: the interface's `twice` cannot be called here",
     "a fn is a pure helper"},
    {"fn f() -> u8 = \"a\"; f()", "1:16: error: expected `u8`, found `string`", NULL},
    {"fn f(a: u8) -> u8 = a; f()", "1:24: error: `f` takes 1 argument, not 0", "it is `f: (a: u8) -> u8`"},
    {"fn f() -> list<u8, 2> = [1, 2, 3]; f()", "1:25: error: expected `list<u8, 2>`, found a list of 3",
     NULL},
    {"fn f() -> list<u8, 0> = []; f()", "1:20: error: a list's length is a number from 1 to 4294967295",
     NULL},
    {"fn f() -> list<u8, n> = []; f()", "1:20: error: expected a number, found `n`", NULL},
    {"fn f() -> list<u8, 9999999> = []; f()",
     "1:20: error: the list is too long: lists of fixed length of more than 1048576 bytes cannot be passed "
     "yet",
     NULL},
    {"fn f() -> map<f64, u8> = []; f()",
     "1:15: error: the keys of a map are bools, integers, chars or strings, not `f64`", NULL},
    {"fn f() -> map<u8> = []; f()", "1:17: error: expected ',', found '>'", NULL},
    {"fn f(x: list<u8, 4>) -> bool = concat(x, x) == x; 1",
     "1:32: error: `concat` does not take `list<u8, 4>`", NULL},
    {"fn f(x: map<u8, u8>) -> bool = true; fn g() -> bool = let y = [(u8(1), u8(2))]; f(y); g()",
     "error: expected `map<u8, u8>`, found `list<tuple<u8, u8>>`",
     "a list becomes one where its type is said: `let x: map<u8, u8> = …;`"},
    {"fn f(x: map<u8, u8>) -> u8 = x[true]; 1", "1:32: error: expected `u8`, found `bool`", NULL},
    {"len(send())", "1:5: error: `send` cannot be called: its result is stream<u8>, and streams", NULL},
    {"rest() == 1", "1:1: error: `rest` cannot be called: it is async, and async functions", NULL},
    {"fn f(b: blob) -> u8 = 1; f()", "1:9: error: `blob` cannot be used here: resources are made by", NULL},
    {"generate(list<u8>, size: 1)", "1:27: error: expected ',', found ')'", NULL},
    {"generate(list<u8>, seed: 1, size: 1)", "1:20: error: expected `size`, found `seed`", NULL},
};

static bool contains(Str text, const char *part)
{
  return str_find(text, str_from_z(part)) != SIZE_MAX;
}

static void every_mistake_is_named_at_its_place(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
    Diags diags = diags_in(arena);
    Ready ready = language_expr(arena, MISTAKES[i].text, NULL, &diags);
    Str errors = language_errors(arena, &diags);
    bool good = !ready.type && contains(errors, MISTAKES[i].message) &&
                (!MISTAKES[i].note || contains(errors, MISTAKES[i].note));
    if (!good) print_error("%s\ngave:\n%.*s", MISTAKES[i].text, STR_ARG(errors));
    assert_true(good);
  }
}

static void one_mistake_is_one_error(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
    Diags diags = diags_in(arena);
    language_expr(arena, MISTAKES[i].text, NULL, &diags);
    if (diags.errors != 1) print_error("%s\n%.*s", MISTAKES[i].text, STR_ARG(language_errors(arena, &diags)));
    assert_int_equal(diags.errors, 1);
  }
}

/* Whole files. */
static const Mistake FILES[] = {
    {"", "1:1: error: expected `spec`, found end of file", NULL},
    {"spec test:lang/other; it \"a\" { expect true; }",
     "1:6: error: this specification is for `test:lang/other`, and cannot be tried on `test:lang/things`",
     "it calls none of that one's functions"},
    {"spec test:lang/other; it \"a\" { expect thrice(1) == 3; }", "1:39: error: no function `thrice`",
     "that one has not all that it uses"},
    {"spec test:lang/things; agree \"a\" with b (x: u8) { twice(1); }",
     "1:39: error: expected an implementation's name or hash in quotes, found `b`", NULL},
    {"spec test:lang/things;", "1:6: error: this specification has no tests", NULL},
    {"spec test:lang/things; it \"a\" { let x = 1; }", "1:27: error: this test expects nothing", NULL},
    {"spec test:lang/things; it \"a\" { len(\"a\"); }", "1:33: error: this has no effect", NULL},
    {"spec test:lang/things; it \"a\" { expect 1; }", "1:40: error: expected `bool`, found a number", NULL},
    {"spec test:lang/things; it \"a\" { expect 1 == 1 traps; }",
     "1:40: error: only a call of the interface can trap", NULL},
    {"spec test:lang/things; table \"a\" (x: u8) { expect x == x; }", "1:30: error: this table has no rows",
     NULL},
    {"spec test:lang/things; table \"a\" (x: u8) { (1, 2) expect x == x; }",
     "1:44: error: this row has 2 values for 1 parameter", "of this table"},
    {"spec test:lang/things; table \"a\" (x: u32) { (twice(1)) expect x == x; }",
     "1:46: error: the interface's `twice` cannot be called here", "a row holds values"},
    {"spec test:lang/things; law \"a\" (x: u32) where twice(x) == 1 { expect x == x; }",
     "1:47: error: the interface's `twice` cannot be called here", "`where` chooses the inputs"},
    {"spec test:lang/things; law \"a\" (x: u32) where x { expect x == x; }",
     "1:47: error: expected `bool`, found `u32`", NULL},
    {"spec test:lang/things; it \"a\" { expect true; } it \"a\" { expect true; }",
     "1:51: error: there are two tests with this name here", "the other one is here"},
    {"spec test:lang/things; lwa \"a\" (x: u32) { expect x == x; }",
     "1:24: error: expected `describe`, `it`, `table`, `law`, `sequence`, `agree` or `fn`, found `lwa`",
     "did you mean `law`?"},
    {"spec test:lang/things; describe \"a\" { it \"b\" { expect true; }",
     "error: expected '}', found end of file", NULL},
    {"spec test:lang/things; describe \"a\" { it \"b\" { expect true; } describe \"c\" { it \"b\" { expect "
     "true; } }",
     "1:63: error: a `describe` cannot stand in a `describe`", NULL},
    {"spec test:lang/things; describe \"a\" { fn f() -> u8 = 1; it \"b\" { expect true; } }",
     "1:39: error: a `fn` cannot stand in a `describe`", NULL},
    {"spec test:lang/things; it \"a\" { var x = 1; expect x == 1; }",
     "1:33: error: only what a sequence begins with has `var`s: here it is `let`", NULL},
    {"spec test:lang/things; it \"a\" { expect twice(1) = 2; }", "1:49: error: expected ';', found '='",
     "`==` compares"},
    {"spec test:lang/things; it \"a\" { expect true and true; }", "1:45: error: expected ';', found `and`",
     "it is written `&&`"},
    {"spec test:lang/things; it \"a\" { expect not true; }", "1:44: error: expected ';', found `true`",
     "it is written `!`"},
    {"spec test:lang/things; it \"a\" { let n = 7; let m = 2; expect n %m == 1; }",
     "1:64: error: expected ';', found `m`", "write `n % m` for the remainder"},
    {"spec test:lang/things; it \"a\" { let n = 7; expect n%2 == 1; }", "1:52: error: `2` is not a name",
     "write `n % m` for the remainder"},
    {"spec test:lang/things; it \"a\" { expect half(7) trap; }", "1:48: error: expected ';', found `trap`",
     "it is written `traps`"},
    {"spec test:lang/things; it \"a\" { expect forall x in [1]: x > 0; }",
     "1:47: error: expected ';', found `x`", "it is written `for all`"},
    {"spec test:lang/things; it \"a\" { assert twice(1) == 2; }", "1:40: error: expected ';', found `twice`",
     "it is written `expect`"},
    {"spec test:lang/things; it \"a\" { expct twice(1) == 2; }", "1:39: error: expected ';', found `twice`",
     "did you mean `expect`?"},
    {"spec test:lang/things; it \"a\" { return true; }", "1:40: error: expected ';', found `true`",
     "`expect` says what holds"},
    {"spec test:lang/things; it \"a\" { if true { expect twice(1) == 2; } }",
     "1:50: error: expected '}', found `twice`", "write `expect if … { … } else { … };`"},
    {"spec test:lang/things; it \"a\" { expect true }", "1:45: error: expected ';', found '}'", NULL},
    {"spec test:lang/things; it \"a\" { let a = {radius: 3.0, centre: (0.0, 1.0)}; expect intersects(a, a); "
     "}",
     "1:55: error: `circle` has no field `centre`", "`a` has the type `circle` because of its first use"},
    {"spec test:lang/things; it \"a\" { let n = 5; expect twice(n) == 10; expect sum-of([n]) == 5; }",
     "1:82: error: expected `s64`, found `u32`", NULL},
    {"spec test:lang/things; it \"a\" { let x = paint(red, low); expect x == x; }",
     "1:41: error: `paint` gives no result", NULL},
    {"spec test:lang/things; it \"a\" { expect paint(red, low); }",
     "1:40: error: expected `bool`, found no result", NULL},
    {"spec test:lang/things; it \"a\" { expect x; }", "1:40: error: no variable or case `x`", NULL},
    {"spec test:lang/things; it \"a\" { let x = 1; } expect x == 1;",
     "1:27: error: this test expects nothing", NULL},
};

static void every_mistake_in_a_file_is_named_at_its_place(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    Diags diags = diags_in(arena);
    const Spec *spec = language_spec(arena, FILES[i].text, &diags);
    Str errors = language_errors(arena, &diags);
    bool good =
        !spec && contains(errors, FILES[i].message) && (!FILES[i].note || contains(errors, FILES[i].note));
    if (!good) print_error("%s\ngave:\n%.*s", FILES[i].text, STR_ARG(errors));
    assert_true(good);
  }
}

/* However it is nested: what comes behind a mistake is read as if it were not there. */
static void one_mistake_in_a_file_is_one_error(void **state)
{
  static const char *const texts[] = {
      "it \"a\" { expect \"no end; }",
      "it \"a\" { expect if true { let x = ; 1 } else { 2 } == 1; } it \"b\" { expect true; }",
      "it \"a\" { expect if true { let x = 1 +; x } else { 2 } == 1; expect 1 == 1; }",
      "it \"a\" { expect match red { red => ; _ => 2 } == 2; expect 1 == 1; } it \"b\" { expect true; }",
      "it \"a\" { expect if true { 1 else { 2 } == 1; } it \"b\" { expect true; }",
      "it \"a\" { expect {x: 1, y: 2) == 1; } it \"b\" { expect true; }",
      "fn f() -> u8 = if true { let x = ; x } else { 2 }; it \"b\" { expect f() == 2; }",
      "describe \"a\" { describe \"b\" { it \"c\" { expect true; } } }",
      "describe \"a\" { fn f() -> u8 = 1; it \"c\" { expect f() == 1; } }",
      "describe \"a\" { it \"b\" { expect true; } describe \"c\" { it \"b\" { expect true; } }",
      "it \"a\" { if true { expect true; } } it \"b\" { expect true; }",
      "it \"a\" { if true { expect true; } else { expect false; } expect true; } it \"b\" { expect true; }",
      "it \"a\" { var x = 1; expect x == 1; }",
      "sequence \"a\" { op b() { var x = 1; expect x == 1; } }",
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Diags diags = diags_in(arena);
    Str text = str_format(arena, "spec test:lang/things; %s", texts[i]);
    assert_null(language_spec(arena, str_to_z(arena, text), &diags));
    if (diags.errors != 1) print_error("%s\n%.*s", texts[i], STR_ARG(language_errors(arena, &diags)));
    assert_int_equal(diags.errors, 1);
  }
}

/* Who asks only for the subject does not hear of what stands behind it: the file is read again for that. */
static void a_subject_is_told_alone(void **state)
{
  Diags diags = diags_in(*state);
  Source good = {STR("t.spec"), STR("spec a:b/c; It \"a\" { }")};
  Source bad = {STR("t.spec"), STR("spec a:b; It \"a\" { }")};
  assert_slice(spec_subject(*state, &good, &diags), STR("a:b/c"));
  assert_int_equal(diags.errors, 0);
  assert_int_equal(spec_subject(*state, &bad, &diags).len, 0);
  assert_int_equal(diags.errors, 1);
}

/* WAVE, "payload may stand flat": of literals; nothing else is converted unasked, nor is a literal's
 * variable. */
static void only_literals_stand_flat(void **state)
{
  static const char *const wrong[] = {
      "fn f(x: option<u32>) -> bool = true; it \"a\" { expect f(twice(1)); }",
      "fn f(x: option<u32>) -> bool = true; it \"a\" { let n = 1; expect f(n); }",
      "fn f(x: option<u32>) -> bool = true; it \"a\" { expect f(1 + 1); }",
      "fn f(x: option<u32>) -> bool = true; it \"a\" { expect f(\"a\"); }",
      "fn f(x: option<u8>) -> bool = true; it \"a\" { expect f(256); }",
      "fn f(x: option<option<u8>>) -> bool = true; it \"a\" { expect f(1); }",
      "fn f(x: option<result<u8>>) -> bool = true; it \"a\" { expect f(1); }",
      "fn f(x: result<_, u8>) -> bool = true; it \"a\" { expect f(1); }",
      "fn f(x: option<color>) -> bool = true; law \"a\" (red: u8) { expect f(red); }",
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Diags diags = diags_in(arena);
    Str text = str_format(arena, "spec test:lang/things; %s", wrong[i]);
    const Spec *spec = language_spec(arena, str_to_z(arena, text), &diags);
    if (spec || diags.errors != 1) print_error("%s\n", wrong[i]);
    assert_null(spec);
    assert_int_equal(diags.errors, 1);
  }
}

/* Reading takes time in proportion: this would take a minute if each test were compared with all others. */
static void many_tests_are_read_at_once(void **state)
{
  enum { COUNT = 50000 };
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Buf text = buf_in(arena);
  buf_z(&text, "spec test:lang/things;\n");
  for (int i = 0; i < COUNT; i++) buf_printf(&text, "it \"t%d\" { expect twice(1) == 2; }\n", i);
  const Spec *spec = language_spec(arena, str_to_z(arena, buf_text(&text)), &diags);
  assert_non_null(spec);
  buf_z(&text, "it \"t0\" { expect true; }");
  assert_null(language_spec(arena, str_to_z(arena, buf_text(&text)), &diags));
  assert_int_equal(diags.errors, 1);
}

static void parameters_are_at_most_a_thousand(void **state)
{
  Arena *arena = *state;
  for (int count = 1000; count <= 1001; count++) {
    Diags diags = diags_in(arena);
    Buf text = buf_in(arena);
    buf_z(&text, "spec test:lang/things;\nlaw \"a\" (");
    for (int i = 0; i < count; i++) buf_printf(&text, "p%d: u8, ", i);
    buf_z(&text, ") { expect p0 == p0; }");
    assert_int_equal(language_spec(arena, str_to_z(arena, buf_text(&text)), &diags) != NULL, count == 1000);
    assert_int_equal(diags.errors, count != 1000);
  }
}

static void all_errors_of_a_file_come_in_one_run(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  static const char text[] = "spec test:lang/things;\n"
                             "fn f(a: nothing) -> u8 = 1;\n"
                             "describe \"d\" {\n"
                             "  it \"a\" { expect 1 +; expect twice(\"a\") == 2; }\n"
                             "  law \"b\" (x: u32 { expect true; }\n"
                             "  it \"c\" { expect x; let y = (1; expect y == 1; }\n"
                             "}\n"
                             "law \"e\" (x: u32) { expect twice(x) == x + x; expect x == \"\"; }\n";
  assert_null(language_spec(arena, text, &diags));
  Str errors = language_errors(arena, &diags);
  static const char *const places[] = {":2:9:", ":4:22:", ":4:37:", ":5:19:", ":6:19:", ":6:32:", ":8:58:"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    if (!contains(errors, places[i])) print_error("no %s in\n%.*s", places[i], STR_ARG(errors));
    assert_true(contains(errors, places[i]));
  }
  assert_int_equal(diags.errors, sizeof places / sizeof *places);
}

static void literals_take_their_type_from_the_first_use_of_their_variable(void **state)
{
  Arena *arena = *state;
  static const char *const texts[] = {
      "let a = {radius: 3.0, center: (0.0, 1.0)}; expect intersects(a, a);",
      "let n = 5; expect twice(n) == 10;",
      "let n = 5; let m = n + 1; expect twice(m) == 12;",
      "let n = 5; let m = n * 2; expect twice(n) == m;",
      "let s = dot; expect area(s) == 0.0;",
      "let xs = []; expect sum-of(xs) == 0;",
      "let xs = [1, 2]; expect sum-of(reverse(xs)) == 3;",
      "let who = {name: \"n\", nick: none}; expect greet(who) == \"n\";",
      "let x = if true { 1 } else { 2 }; expect twice(x) == 2;",
      "let n = 1; expect n == 1;",
      "let n = 1.5; expect n == 1.5;",
      "let n: u8 = 5; expect n + 255 == 4;",
      "let n = 1; let n = twice(n); expect n == 2;",
      "let c = red; paint(c, low); paint(green, high); expect c == red;",
      "let xs: list<option<u8>> = [none, some(1)]; expect len(xs) == 2;",
      "let r: result<u8, string> = err(\"e\"); expect r == err(\"e\");",
      "let f = {}; let g: access = f; expect g == {};",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Diags diags = diags_in(arena);
    Str text = str_format(arena, "spec test:lang/things; it \"a\" { %s }", texts[i]);
    const Spec *spec = language_spec(arena, str_to_z(arena, text), &diags);
    if (!spec) print_error("%s\n%.*s", texts[i], STR_ARG(language_errors(arena, &diags)));
    assert_non_null(spec);
  }
}

static void nesting_and_height_are_bounded(void **state)
{
  Arena *arena = *state;
  static const char *const openings[] = {"(",
                                         "[",
                                         "-",
                                         "!",
                                         "twice(",
                                         "if true { 1 } else { ",
                                         "{x: ",
                                         "some(",
                                         "let x = 1; ",
                                         "1 + ",
                                         "1 + (",
                                         "for all x in [1]: ",
                                         "match red { _ => "};
  for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
    Diags diags = diags_in(arena);
    Buf text = buf_in(arena);
    for (int j = 0; j < 100000; j++) buf_z(&text, openings[i]);
    Ready ready = language_expr(arena, str_to_z(arena, buf_text(&text)), NULL, &diags);
    assert_null(ready.type);
    assert_true(diags.errors > 0);
  }
  Diags diags = diags_in(arena);
  Buf text = buf_in(arena);
  buf_z(&text, "1");
  for (int j = 0; j < 100000; j++) buf_z(&text, " + 1");
  assert_null(language_expr(arena, str_to_z(arena, buf_text(&text)), NULL, &diags).type);
  assert_true(contains(language_errors(arena, &diags), "operations deep"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_mistake_is_named_at_its_place),
      TEST(one_mistake_is_one_error),
      TEST(every_mistake_in_a_file_is_named_at_its_place),
      TEST(one_mistake_in_a_file_is_one_error),
      TEST(a_subject_is_told_alone),
      TEST(only_literals_stand_flat),
      TEST(many_tests_are_read_at_once),
      TEST(parameters_are_at_most_a_thousand),
      TEST(all_errors_of_a_file_come_in_one_run),
      TEST(literals_take_their_type_from_the_first_use_of_their_variable),
      TEST(nesting_and_height_are_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
