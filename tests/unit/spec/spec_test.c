/* Files as a whole: what they are for, and what of their text makes another specification of them. */
#include "tests/unit/spec/language.h"

#include "spec/tests.h"

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

/* --- which tests are the same */

static const Test *only_test(Arena *arena, const char *text)
{
  Diags diags = diags_in(arena);
  const Spec *spec = language_spec(arena, text, &diags);
  if (!spec) print_error("%s\n%.*s", text, STR_ARG(language_errors(arena, &diags)));
  assert_non_null(spec);
  return &spec->tests.at[0];
}

#define SUBJECT "spec test:lang/things;"
#define FNS "fn f(x: u32) -> u32 = g(x); fn g(x: u32) -> u32 = x + x;"
#define LAW "law \"l\" (x: u32) { expect twice(x) == f(x); }"

static void a_test_is_its_tokens_and_the_fns_that_it_needs(void **state)
{
  Arena *arena = *state;
  Hash law = only_test(arena, SUBJECT FNS LAW)->identity;
  static const char *const same[] = {
      "spec test:lang/things; fn g(x: u32) -> u32 = x + x; // before\n fn f(x: u32) -> u32 = g(x);" LAW,
      SUBJECT "fn unused() -> u8 = 1; " FNS "describe \"group\" { /// It is.\n" LAW "}",
      SUBJECT FNS "law \"\\u{6c}\"\n(x: u32) {\nexpect twice(x) == f(x);\n}",
      "spec test:lang/others;" FNS LAW,
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    assert_true(hash_equal(only_test(arena, same[i])->identity, law));
  static const char *const others[] = {
      SUBJECT "fn f(x: u32) -> u32 = g(x); fn g(x: u32) -> u32 = 2 * x;" LAW,
      SUBJECT FNS "law \"m\" (x: u32) { expect twice(x) == f(x); }",
      SUBJECT FNS "law \"l\" (y: u32) { expect twice(y) == f(y); }",
      SUBJECT FNS "law \"l\" (x: u32) where x < 9 { expect twice(x) == f(x); }",
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_false(hash_equal(only_test(arena, others[i])->identity, law));
}

static void a_specification_of_a_part_applies_to_who_provides_that_part(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  assert_non_null(
      language_spec(arena, "spec other:pkg/doubling; it \"d\" { expect twice(2) == 4; }", &diags));
  assert_int_equal(diags.errors, 0);
  assert_null(
      language_spec(arena, "spec other:pkg/doubling; it \"d\" { expect twice(\"2\") == 4; }", &diags));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_canonical_text_is_the_tokens),
      TEST(layout_comments_spelling_of_texts_and_versions_do_not_change_it),
      TEST(everything_else_changes_it),
      TEST(the_subject_of_specs_and_benches_is_read),
      TEST(a_test_is_its_tokens_and_the_fns_that_it_needs),
      TEST(a_specification_of_a_part_applies_to_who_provides_that_part),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
