/* docs/spec-language.md: what it shows is accepted, and what it says holds. Also the specifications of
 * docs/examples. */
#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "spec/worker.h"
#include "tests/unit/spec/stand_in.h"

typedef VEC(Str) Blocks;

/* The code blocks of this language in a page. */
static Blocks blocks_of(Arena *arena, Str page, const char *language)
{
  Blocks out = {0};
  Str fence = str_format(arena, "\n```%s\n", language);
  for (size_t at = str_find(page, fence); at != SIZE_MAX; at = str_find(page, fence)) {
    page = str_slice(page, at + fence.len, page.len);
    Str block = str_slice(page, 0, str_find(page, STR("\n```")) + 1);
    vec_push(arena, &out, block);
  }
  return out;
}

static Str page_text(Arena *arena)
{
  Diags diags = diags_in(arena);
  Str page;
  assert_true(file_read(arena, STR("docs/spec-language.md"), 1 << 20, &page, &diags));
  return page;
}

static const Interface *page_interface(Arena *arena, Str page)
{
  Blocks wits = blocks_of(arena, page, "wit");
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  assert_int_equal(wits.len, 1);
  *source = (Source){STR("page.wit"), wits.at[0]};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  if (!package) print_error("%.*s", STR_ARG(errors_text(arena, &diags)));
  assert_non_null(package);
  return &package->interfaces[0];
}

static const Spec *parsed(Arena *arena, const Interface *interface, Str text)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("page.spec"), text};
  const Spec *spec = spec_parse(arena, source, interface, &diags);
  if (!spec) print_error("%.*s", STR_ARG(errors_text(arena, &diags)));
  assert_non_null(spec);
  return spec;
}

static void every_specification_on_the_page_is_accepted(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  const Interface *interface = page_interface(arena, page);
  Blocks specs = blocks_of(arena, page, "spec");
  assert_true(specs.len >= 4);
  for (size_t i = 0; i < specs.len; i++) parsed(arena, interface, specs.at[i]);
}

static void every_expectation_on_the_page_holds(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  const Interface *interface = page_interface(arena, page);
  Blocks pieces = blocks_of(arena, page, "expect");
  assert_true(pieces.len >= 7);
  for (size_t i = 0; i < pieces.len; i++) {
    Str text = str_format(arena, "spec demo:docs/shop; it \"holds\" {\n%.*s}", STR_ARG(pieces.at[i]));
    const Spec *spec = parsed(arena, interface, text);
    Attempt attempt;
    StandIn stand_in = {.call = always_true};
    Subject subject = {.context = &stand_in, .call = stand_in_call, .reset = stand_in_reset};
    attempt_init(&attempt, arena_new(), &spec->tests.at[0]);
    CaseEnd end = attempt_run(&attempt, &subject, NULL);
    if (end != CASE_PASSED)
      print_error("%.*s\n%s\n", STR_ARG(span_text(spec->tests.at[0].statements.at[attempt.statement].span)),
                  attempt.machine.failure.text);
    assert_int_equal(end, CASE_PASSED);
    assert_int_equal(stand_in.calls, 0);
    arena_free(attempt.machine.arena);
  }
}

/* Every library function stands on the page. */
static void the_page_names_the_whole_library(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  for (size_t i = 0; library_name_at(i).len; i++) {
    Str name = library_name_at(i);
    bool is_type = name.len <= 3 && (name.at[0] == 'u' || name.at[0] == 's' || name.at[0] == 'f') &&
                   name.at[name.len - 1] >= '0' && name.at[name.len - 1] <= '9';
    bool named = str_find(page, str_format(arena, "`%.*s(", STR_ARG(name))) != SIZE_MAX;
    if (!named && !is_type) print_error("`%.*s` is not on the page\n", STR_ARG(name));
    assert_true(named || is_type);
  }
}

static void the_examples_are_accepted(void **state)
{
  Arena *arena = *state;
  static const char *const names[] = {"circle", "sort", "sha256", "base64"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    Diags diags = diags_in(arena);
    const Interface *interface = wit_load_interface(
        arena, str_format(arena, "docs/examples/%s/%s.wit", names[i], names[i]), NULL, &diags);
    Str text, path = str_format(arena, "docs/examples/%s/%s.spec", names[i], names[i]);
    assert_non_null(interface);
    assert_true(file_read(arena, path, 1 << 24, &text, &diags));
    parsed(arena, interface, text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_specification_on_the_page_is_accepted),
      TEST(every_expectation_on_the_page_holds),
      TEST(the_page_names_the_whole_library),
      TEST(the_examples_are_accepted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
