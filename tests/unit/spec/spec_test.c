/* Files as a whole: what they are for, and what of their text makes another specification of them. */
#include "tests/unit/spec/language.h"

static Str canonical(Arena *arena, const char *text)
{
  Diags diags = diags_in(arena);
  const Spec *spec = language_spec(arena, text, &diags);
  if (!spec) print_error("%s\n%.*s", text, STR_ARG(language_errors(arena, &diags)));
  assert_non_null(spec);
  assert_true(hash_equal(spec_hash(spec), hash_of(spec_canonical(spec))));
  assert_text(spec_path(spec), "t.spec");
  return spec_canonical(spec);
}

static const char PLAIN[] =
    "spec test:lang/things;\n"
    "describe \"d\" {\n"
    "  law \"l\" (x: u32) where x < 5 { expect twice(x) == x + x && \"\\n\\\"\" != \"a\"; }\n"
    "}\n";

static void the_canonical_text_is_the_tokens(void **state)
{
  assert_text(canonical(*state, PLAIN), "assay-spec/1\n"
                                        "spec test : lang / things ;\n"
                                        "describe \"d\" {\n"
                                        "law \"l\" ( x : u32 ) where x < 5 {\n"
                                        "expect twice ( x ) == x + x && \"\\n\\\"\" != \"a\" ;\n"
                                        "}\n"
                                        "}\n");
}

static void layout_comments_spelling_of_texts_and_versions_do_not_change_it(void **state)
{
  Arena *arena = *state;
  static const char *const same[] = {
      "spec test:lang/things; describe \"d\"{law \"l\"(x:u32)where x<5{expect "
      "twice(x)==x+x&&\"\\n\\\"\"!=\"a\";}}",
      "/// What it is for.\nspec test:lang/things; // of things\n/* here */ describe \"d\" {\n/// More.\n"
      "law \"\\u{6c}\" (x: u32)\r\nwhere x < 5 { expect twice(x) == x + x && \"\\u{a}\\\"\" != \"\\u{61}\"; "
      "} }",
      "spec test:lang/things@1.2.3-rc.1; describe \"d\" { law \"l\" (x: u32) where x < 5 {"
      "expect twice(x) == x + x && \"\\n\\\"\" != \"a\"; } }",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    assert_slice(canonical(arena, same[i]), canonical(arena, PLAIN));
}

static void everything_else_changes_it(void **state)
{
  Arena *arena = *state;
  static const char *const others[] = {
      "spec test:lang/things; describe \"e\" { law \"l\" (x: u32) where x < 5 { expect twice(x) == x; } }",
      "spec test:lang/things; law \"l\" (x: u32) where x < 5 { expect twice(x) == x + x; }",
      "spec test:lang/things; law \"l\" (x: u32) where x < 6 { expect twice(x) == x + x; }",
      "spec test:lang/things; law \"l\" (x: u32) where x < 6 { expect twice(x) == (x + x); }",
      "spec test:lang/things; law \"l\" (y: u32) where y < 6 { expect twice(y) == y + y; }",
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    for (size_t j = 0; j < i; j++)
      assert_false(str_equal(canonical(arena, others[i]), canonical(arena, others[j])));
}

static void the_subject_of_specs_and_benches_is_read(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  assert_text(spec_subject(arena,
                           language_source(arena, "// a\nspec geometry:shapes/circle@0.1.0;\nnonsense"),
                           &diags),
              "geometry:shapes/circle");
  assert_text(spec_subject(arena, language_source(arena, "bench a:b/c-d;"), &diags), "a:b/c-d");
  assert_int_equal(diags.errors, 0);
  assert_int_equal(spec_subject(arena, language_source(arena, "describe"), &diags).len, 0);
  assert_int_equal(spec_subject(arena, language_source(arena, "spec a:b;"), &diags).len, 0);
  assert_int_equal(spec_subject(arena, language_source(arena, "\xff"), &diags).len, 0);
  assert_int_equal(diags.errors, 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_canonical_text_is_the_tokens),
      TEST(layout_comments_spelling_of_texts_and_versions_do_not_change_it),
      TEST(everything_else_changes_it),
      TEST(the_subject_of_specs_and_benches_is_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
