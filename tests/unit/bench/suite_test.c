#include "bench/suite.h"

#include "bench/calls.h"
#include "ifc/base/file.h"
#include "tests/unit/bench/suites.h"

static const char items[] = "record point { x: s32, y: s32 }"
                            "area: func(a: point, b: point) -> u64;"
                            "sort: func(xs: list<s64>) -> list<s64>;"
                            "beep: func();";

static const char points[] =
    "bench t:t/i;\n"
    "/// Doubles.\n"
    "fn twice(n: s64) -> s64 = n * 2;\n"
    "workload \"areas\" {\n"
    "  let ps = generate(list<point>, size: 10, seed: 7);\n"
    "  let origin: point = {x: 0, y: 0};\n"
    "  for a in ps, b in ps { let c = b; measure area(a, c); measure area(a, origin); }\n"
    "}\n"
    "workload \"sorting\" {\n"
    "  let xs = [for i in 0..100: twice(i)]; // even\n"
    "  measure sort(xs);\n"
    "  for n in 0..=3 { measure sort(slice(xs, 0, 5)); measure beep(); }\n"
    "}\n";

static void a_suite_has_its_workloads(void **state)
{
  const Suite *suite = suites_parse(*state, suites_interface(*state, items), points);
  assert_int_equal(suite_workload_count(suite), 2);
  assert_text(suite_workload_name(suite, 0), "areas");
  assert_text(suite_workload_name(suite, 1), "sorting");
  assert_text(suite_path(suite), "t.bench");
}

static Hash hash_of_text(Arena *arena, const char *text)
{
  return suite_hash(suites_parse(arena, suites_interface(arena, items), text));
}

static void layout_comments_and_versions_do_not_change_the_hash(void **state)
{
  static const char *const same[] = {
      "bench t:t/i; workload \"w\" { measure beep(); }",
      "bench t:t/i@1.2.3;\n\nworkload \"w\"\n{\n  measure\n beep ( ) ;\n}\n",
      "// why\nbench t:t/i; /// docs\nworkload \"w\" { /* inside */ measure beep(); }",
      "bench t:t/i; workload \"\\u{77}\" { measure beep(); }",
  };
  Hash first = hash_of_text(*state, same[0]);
  for (size_t i = 1; i < sizeof same / sizeof *same; i++)
    assert_true(hash_equal(first, hash_of_text(*state, same[i])));
  assert_true(hash_equal(
      first, hash_of(suite_canonical(suites_parse(*state, suites_interface(*state, items), same[0])))));
}

static void a_change_of_meaning_changes_the_hash(void **state)
{
  Hash first = hash_of_text(*state, "bench t:t/i; workload \"w\" { measure sort([1, 2]); }");
  assert_false(
      hash_equal(first, hash_of_text(*state, "bench t:t/i; workload \"v\" { measure sort([1, 2]); }")));
  assert_false(
      hash_equal(first, hash_of_text(*state, "bench t:t/i; workload \"w\" { measure sort([1, 3]); }")));
}

static void mistakes_are_reported(void **state)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "t.bench:1:1: error: expected `bench`"},
      {"spec t:t/i; workload \"w\" { measure beep(); }", "1:1: error: expected `bench`, found `spec`"},
      {"bench t:t/other; workload \"w\" { measure beep(); }",
       "1:7: error: this benchmark is for t:t/other, not for t:t/i"},
      {"bench t:t/i;", "there is no workload"},
      {"bench t:t/i; workload { measure beep(); }", "1:23: error: expected the workload's name in quotes"},
      {"bench t:t/i; workload \"\" { measure beep(); }", "a workload needs a name"},
      {"bench t:t/i; workload \"w\" { }", "1:23: error: this workload measures nothing"},
      {"bench t:t/i; workload \"w\" { let a = 1; }", "this workload measures nothing"},
      {"bench t:t/i; workload \"w\" { measure beep(); } workload \"w\" { measure beep(); }",
       "1:56: error: there is a workload \"w\" already"},
      {"bench t:t/i; workload \"w\" { measure 1 + 2; }", "1:37: error: only a call can be measured"},
      {"bench t:t/i; fn f() -> s64 = 1; workload \"w\" { measure f(); }", "only a call can be measured"},
      {"bench t:t/i; workload \"w\" { measure beep() }", "1:44: error: expected ';', found '}'"},
      {"bench t:t/i; workload \"w\" { expect beep(); }",
       "expected `let`, `measure`, `for` or '}', found `expect`"},
      {"bench t:t/i; workload \"w\" { for x of [1] { measure beep(); } }", "expected `in`, found `of`"},
      {"bench t:t/i; workload \"w\" { measure sort([true]); }", "1:43: error"},
      {"bench t:t/i; workload \"w\" { measure sorted([1]); }", "sorted"},
      {"bench t:t/i; workload \"w\" { for x in 3 { measure beep(); } }", "1:38: error"},
      {"bench t:t/i; workload \"w\" { for x in [1] { } measure sort([x]); }", "`x`"},
      {"bench t:t/i; workload \"w\" { measure beep(); ", "expected '}', found end of file"},
      {"bench t:t/i; measure beep();", "1:14: error: expected `workload` or `fn`, found `measure`"},
  };
  const Interface *interface = suites_interface(*state, items);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Diags diags = diags_in(*state);
    assert_null(suite_parse(*state, suites_source(*state, cases[i].text), interface, &diags));
    suites_assert_says(&diags, cases[i].says);
  }
}

static void all_mistakes_of_a_file_are_reported(void **state)
{
  Diags diags = diags_in(*state);
  const char *text = "bench t:t/i;\n"
                     "workload \"a\" { let x = ; measure beep(); }\n"
                     "workload \"b\" { measur beep(); measure beep(); }\n"
                     "workload \"c\" { for in xs { measure beep(); } }\n"
                     "workload \"d\" { measure beep(); }\n";
  assert_null(suite_parse(*state, suites_source(*state, text), suites_interface(*state, items), &diags));
  assert_int_equal(diags.errors, 3);
}

static void deep_nesting_is_refused(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "bench t:t/i; workload \"w\" { ");
  for (int i = 0; i < 100000; i++) buf_z(&text, "for x in [1] { ");
  buf_byte(&text, '\0');
  Diags diags = diags_in(*state);
  assert_null(suite_parse(*state, suites_source(*state, buf_text(&text).at), suites_interface(*state, items),
                          &diags));
  suites_assert_says(&diags, "nested more than 32 deep");
}

static void loops_nest_to_the_limit(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "bench t:t/i; workload \"w\" { ");
  for (int i = 0; i < 32; i++) buf_z(&text, "for x in [1] { ");
  buf_z(&text, "measure beep(); ");
  buf_repeat(&text, '}', 33);
  buf_byte(&text, '\0');
  suites_parse(*state, suites_interface(*state, items), buf_text(&text).at);
}

/* --- what the documentation shows (tests run in the repository's folder) */

static Str read_file(Arena *arena, Str path)
{
  Diags diags = diags_in(arena);
  Str text;
  bool ok = file_read(arena, path, 1 << 20, &text, &diags);
  suites_show(&diags);
  assert_true(ok);
  return text;
}

/* The content of the next block fenced as `language`, from `*at` on; empty when there is none. */
static Str fenced(Str text, const char *language, size_t *at)
{
  char fence[32];
  snprintf(fence, sizeof fence, "```%s\n", language);
  size_t start = str_find(str_slice(text, *at, text.len), str_from_z(fence));
  if (start == SIZE_MAX) return (Str){0};
  start += *at + strlen(fence);
  size_t len = str_find(str_slice(text, start, text.len), STR("```"));
  assert_true(len != SIZE_MAX);
  *at = start + len;
  return str_slice(text, start, start + len);
}

/* Parses, and its scripts run to their end or to a call that has to be answered. */
static void assert_runs(Arena *arena, const Interface *interface, Str path, Str text)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){path, text};
  const Suite *suite = suite_parse(arena, source, interface, &diags);
  for (size_t i = 0; suite && i < suite_workload_count(suite); i++) {
    CallList list;
    ScriptEnd end = suite_run_script(suite, i, arena, NULL, &list, &diags);
    assert_true(end != SCRIPT_DONE || list.measured.len > 0);
  }
  suites_show(&diags);
  assert_int_equal(diags.errors, 0);
}

static void the_language_page_shows_what_works(void **state)
{
  Str page = read_file(*state, STR("docs/bench-language.md"));
  Diags diags = diags_in(*state);
  size_t at = 0, count = 0;
  const Source wit = {STR("docs/bench-language.md"), fenced(page, "wit", &at)};
  const Package *package = wit_parse(*state, &wit, NULL, &diags);
  suites_show(&diags);
  assert_non_null(package);
  for (Str text; (text = fenced(page, "bench", &at)).len; count++)
    assert_runs(*state, &package->interfaces[0], wit.path, text);
  assert_true(count > 0);
}

static void the_examples_benchmarks_run(void **state)
{
  Str *names;
  size_t count, found = 0;
  Diags diags = diags_in(*state);
  assert_true(dir_list(*state, STR("docs/examples"), &names, &count, &diags));
  for (size_t i = 0; i < count; i++) {
    Str wit = str_format(*state, "docs/examples/%.*s/%.*s.wit", STR_ARG(names[i]), STR_ARG(names[i]));
    Str bench = str_format(*state, "docs/examples/%.*s/%.*s.bench", STR_ARG(names[i]), STR_ARG(names[i]));
    if (!file_exists(wit) || !file_exists(bench)) continue;
    const Interface *interface = wit_load_interface(*state, wit, NULL, &diags);
    suites_show(&diags);
    assert_non_null(interface);
    assert_runs(*state, interface, bench, read_file(*state, bench));
    found++;
  }
  assert_true(found > 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_suite_has_its_workloads),
      TEST(layout_comments_and_versions_do_not_change_the_hash),
      TEST(a_change_of_meaning_changes_the_hash),
      TEST(mistakes_are_reported),
      TEST(all_mistakes_of_a_file_are_reported),
      TEST(deep_nesting_is_refused),
      TEST(loops_nest_to_the_limit),
      TEST(the_language_page_shows_what_works),
      TEST(the_examples_benchmarks_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
