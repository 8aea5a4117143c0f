/* Reading scripts; running them is tested end to end (tests/e2e/call.sh). */
#include "spec/script.h"

#include <string.h>

#include "ifc/wit.h"
#include "tests/unit/check.h"

#define WIT                                                                      \
  "package t:t; interface i { record p { x: f64, y: f64 } enum e { red, blue } " \
  "f: func(p: p) -> f64; g: func(n: u32, e: e); }"

static Script *parsed(Arena *arena, const char *text, Diags *diags)
{
  Source *wit = arena_new_of(arena, Source), *source = arena_new_of(arena, Source);
  *wit = (Source){STR("t.wit"), str_from_z(WIT)};
  *source = (Source){STR("script"), str_from_z(text)};
  const Package *package = wit_parse(arena, wit, NULL, diags);
  assert_non_null(package);
  return script_parse(arena, source, &package->interfaces[0], diags);
}

static void scripts_are_calls_and_lets(void **state)
{
  static const char *const good[] = {"f({x: 1.0, y: 2.0})",
                                     "f({x: 1.0, y: 2.0});",
                                     "let a = {x: 1, y: 2}; f(a); g(1, red)",
                                     "let a: p = {x: 1, y: 2}\n;\n f(a) + 1.0 // a sum",
                                     "let n = 7; g(n, blue); n",
                                     "[for i in 0..3: f({x: f64(i), y: 0.0})]",
                                     "1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    Diags diags = diags_in(*state);
    if (!parsed(*state, good[i], &diags)) fail_msg("%s: %.*s", good[i], STR_ARG(diags.first->message));
  }
}

static void mistakes_are_told_where_they_are(void **state)
{
  static const struct {
    const char *text, *message;
    uint32_t at;
  } bad[] = {{"h(1)", "no function `h`", 0},
             {"f(1)", "expected `p`", 2},
             {"f({x: 1.0})", "`y`", 2},
             {"g(1, green)", "no variable or case `green`", 5},
             {"g(1, red) g(2, red)", "expected ';' before the next call, or the end", 10},
             {"let = 1", "expected a name for the value", 4},
             {"let a 1", "expected '='", 6},
             {"f(", "expected", 2},
             {"let a: q = 1", "no type `q`", 7},
             {"", "expected a call, as in `f(…)`", 0},
             {"g(4294967296, red)", "u32", 2},
             {"\xff", "UTF-8", 0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Diags diags = diags_in(*state);
    assert_null(parsed(*state, bad[i].text, &diags));
    assert_true(diags.errors > 0);
    if (str_find(diags.first->message, str_from_z(bad[i].message)) == SIZE_MAX)
      fail_msg("%s: %.*s", bad[i].text, STR_ARG(diags.first->message));
    assert_int_equal(diags.first->span.at, bad[i].at);
  }
}

static void brackets_are_bounded(void **state)
{
  Diags diags = diags_in(*state);
  size_t depth = 100000;
  char *text = arena_alloc(*state, depth + 1);
  memset(text, '(', depth);
  assert_null(parsed(*state, text, &diags));
  assert_non_null(strstr(str_to_z(*state, diags.first->message), "nested"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(scripts_are_calls_and_lets),
      TEST(mistakes_are_told_where_they_are),
      TEST(brackets_are_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
