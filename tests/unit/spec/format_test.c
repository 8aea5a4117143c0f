/* `assay spec fmt`. */
#include "ifc/base/file.h"
#include "tests/unit/check.h"
#include "tests/unit/spec/format_laws.h"

static Str formatted(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Source source = {STR("t.spec"), text};
  Str after = spec_format(arena, &source, &diags);
  Buf errors = buf_in(arena);
  diags_print(&diags, &errors, false);
  if (diags.errors) print_error("%.*s\n%.*s", STR_ARG(text), STR_ARG(buf_text(&errors)));
  assert_int_equal(diags.errors, 0);
  const char *broken = spec_format_law_broken(arena, text, after);
  if (broken) print_error("%s\n%.*s\n->\n%.*s", broken, STR_ARG(text), STR_ARG(after));
  assert_null(broken);
  return after;
}

/* Written by hand in the style; the input is the same in no style. */
static const char WANTED[] =
    "/// What a shop must do.\n"
    "spec demo:docs/shop@1.2.0-rc.1;\n"
    "\n"
    "fn f(x: list<list<u32>>, y: option<u8>) -> u32 =\n"
    "  let a: u32 = 3; // three\n"
    "  let b = if x == [] { 1 } else { let q = 2; q };\n"
    "  a * b - -1 + u32(len(x));\n"
    "fn g(m: map<string, u32>) -> bool = !(m[\"a\"] >> 2 == 1) && 'a' in 'a'..='z';\n"
    "\n"
    "describe \"total\" {\n"
    "  // first\n"
    "\n"
    "  it \"a\" { expect total([{name: \"a\"}, {:}]) == 1 && {read} != {}; }\n"
    "  it \"b\" {\n"
    "    expect half(7) traps;\n"
    "    expect 1 < 2 && [1] < [2];\n"
    "  }\n"
    "  table \"t\" (p: list<u32>, want: u32) {\n"
    "    ([1], 1)\n"
    "    ([1, 2], 3), // c\n"
    "    ([hex\"00\", b\"x\"], 4)\n"
    "    expect total([for x in p if x > 1: {price: x}]) == want;\n"
    "  }\n"
    "  law \"w\" (n: s64, r: item)\n"
    "    where n % 2 == 0, r == {name: \"x\", note: none}, if n == 1 { true } else { false } {\n"
    "    expect match n { 1 => true, _ => false }; /* c1 */ // tail\n"
    "    /* c2 */\n"
    "  }\n"
    "}\n"
    "sequence \"s\" (a: u32) where a in 1..5 {\n"
    "  var m: list<u32> = [];\n"
    "  op push(x: u32) where x < a {\n"
    "    push(x);\n"
    "    m = concat(m, [x]);\n"
    "  }\n"
    "  op nothing() { size(); }\n"
    "  invariant { expect @len(m) == 0 && x.0.1 ~= -1.5 within 1e-9; }\n"
    "}\n"
    "agree \"d\" with \"a\", \"b\" (x: u32) { f(x); }\n"
    "it \"several lines\" {\n"
    "  let things = [\n"
    "    {name: \"a\"},\n"
    "    {:},\n"
    "  ];\n"
    "  expect things\n"
    "    == things;\n"
    "}\n"
    "// end\n";

static void a_text_in_the_style_stays(void **state)
{
  assert_text(formatted(*state, str_from_z(WANTED)), WANTED);
}

/* Every run of white space that no line end is in becomes another one, or goes where it may. */
static Str spoiled(Arena *arena, Str text, const char *space)
{
  Buf out = buf_in(arena);
  bool quoted = false, comment = false;
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    if (byte == '"') quoted = !quoted;
    if (byte == '/') comment = true;
    if (byte == '\n') comment = false;
    bool at_line = i == 0 || text.at[i - 1] == '\n';
    if (byte == ' ' && !quoted && !comment && !(i + 1 < text.len && text.at[i + 1] == '/'))
      buf_z(&out, space);
    else
      buf_byte(&out, byte);
    if (at_line && byte == '}') buf_z(&out, space);
  }
  return buf_text(&out);
}

static void spaces_and_indentation_are_the_styles(void **state)
{
  static const char *const spaces[] = {"  ", "\t", "   ", " \t "};
  for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
    assert_text(formatted(*state, spoiled(*state, str_from_z(WANTED), spaces[i])), WANTED);
}

typedef struct Pair {
  const char *before, *after;
} Pair;

static const Pair PAIRS[] = {
    {"spec a:b/c;it \"x\"{expect f ( ) ;}", "spec a:b/c;\n\nit \"x\" { expect f(); }\n"},
    {"spec a : b / c ;\n\n\n\nit \"x\" {\n\n expect f();\n\n\n g();\n\n}\n",
     "spec a:b/c;\n\nit \"x\" {\n  expect f();\n\n  g();\n}\n"},
    {"spec a:b/c; it \"x\" { f(); g(); }", "spec a:b/c;\n\nit \"x\" {\n  f();\n  g();\n}\n"},
    {"spec a:b/c; table \"x\" (y: u8) { (1) (2) f(y); }",
     "spec a:b/c;\n\ntable \"x\" (y: u8) {\n  (1)\n  (2)\n  f(y);\n}\n"},
    {"spec a:b/c; it \"x\" {}", "spec a:b/c;\n\nit \"x\" {}\n"},
    {"spec a:b/c; it \"x\" { // why\n}", "spec a:b/c;\n\nit \"x\" { // why\n}\n"},
    {"", ""},
    {"// only this", "// only this\n"},
    {"spec a:b/c; it \"x\" { expect - 1 == a.b .c && ! d && e [ 0 ] ; }",
     "spec a:b/c;\n\nit \"x\" { expect -1 == a.b.c && !d && e[0]; }\n"},
};

static void pieces_come_out_as_they_should(void **state)
{
  for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
    assert_slice(formatted(*state, str_from_z(PAIRS[i].before)), str_from_z(PAIRS[i].after));
}

static void what_is_no_specification_is_refused(void **state)
{
  Arena *arena = *state;
  static const char *const texts[] = {
      "spec a:b/c; it \"x\" {", "spec a:b/c; it \"x\" { f(; }", "spec a:b/c; it \"x\" { f()",
      "spec a:b/c; }",          "spec a:b/c; it \"x\" { f) }",  "spec a:b/c",
      "spec a:b/c; \x01"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Diags diags = diags_in(arena);
    const Source source = {STR("t.spec"), str_from_z(texts[i])};
    assert_int_equal(spec_format(arena, &source, &diags).len, 0);
    assert_int_equal(diags.errors, 1);
    assert_int_not_equal(diags.first->code, DIAG_UNSUPPORTED);
  }
}

static void the_examples_are_in_the_style(void **state)
{
  Arena *arena = *state;
  static const char *const names[] = {"circle", "sort", "sha256", "base64", "stack"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    Diags diags = diags_in(arena);
    Str text, path = str_format(arena, "docs/examples/%s/%s.spec", names[i], names[i]);
    assert_true(file_read(arena, path, 1 << 24, &text, &diags));
    assert_slice(formatted(arena, text), text);
  }
}

/* Twice the text takes about twice the time, so that a hundred thousand brackets are no trouble. */
static void large_and_deep_texts_are_no_trouble(void **state)
{
  Arena *arena = *state;
  Buf text = buf_in(arena);
  buf_z(&text, "spec a:b/c; it \"x\" {");
  for (size_t i = 0; i < 50000; i++) buf_z(&text, "expect f([1, {a: 2}]) ; ");
  buf_z(&text, "}");
  formatted(arena, buf_text(&text));
  Diags diags = diags_in(arena);
  Buf deep = buf_in(arena);
  buf_z(&deep, "spec a:b/c; it \"x\" { expect ");
  buf_repeat(&deep, '(', 100000);
  const Source source = {STR("t.spec"), buf_text(&deep)};
  assert_int_equal(spec_format(arena, &source, &diags).len, 0);
  assert_int_equal(diags.errors, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_text_in_the_style_stays),      TEST(spaces_and_indentation_are_the_styles),
      TEST(pieces_come_out_as_they_should), TEST(what_is_no_specification_is_refused),
      TEST(the_examples_are_in_the_style),  TEST(large_and_deep_texts_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
