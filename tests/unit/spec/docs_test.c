/* docs/spec-language.md: what it shows is accepted, and what it says holds. Also the specifications of
 * docs/examples. */
#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "spec/format.h"
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

static const Interface *page_interface(Arena *arena, Str page, const char *language)
{
  Blocks wits = blocks_of(arena, page, language);
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
  const Interface *interface = page_interface(arena, page, "wit");
  Blocks specs = blocks_of(arena, page, "spec");
  assert_true(specs.len >= 4);
  for (size_t i = 0; i < specs.len; i++) parsed(arena, interface, specs.at[i]);
}

/* The sequences on the page, on a stack that is right and on one whose pop is wrong from the third item on.
 */
typedef struct Stack {
  uint64_t items[1 << 14];
  uint32_t count;
  bool is_wrong;
} Stack;

static bool stack_call(StandIn *self, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Stack *stack = self->context;
  (void)fault;
  if (self->calls == 1) stack->count = 0; /* the first one after a reset */
  if (str_equal(function->name, STR("push"))) {
    stack->items[stack->count++ % (1 << 14)] = args[0].bits;
  } else if (str_equal(function->name, STR("get"))) {
    *result = value_u64(stack->items[args[0].bits % (1 << 14)]);
  } else if (str_equal(function->name, STR("size"))) {
    *result = value_u64(stack->count);
  } else {
    *result = (Value){.tag = stack->count > 0};
    if (!stack->count) return true;
    Value *item = arena_new_of(arena, Value);
    stack->count--;
    *item = value_u64(stack->items[stack->count > 1 && stack->is_wrong ? 0 : stack->count]);
    result->items = item;
  }
  return true;
}

static void every_sequence_on_the_page_runs(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  const Interface *interface = page_interface(arena, page, "wit-stack");
  Blocks specs = blocks_of(arena, page, "spec-stack");
  Stack *stack = arena_new_of(arena, Stack);
  assert_int_equal(specs.len, 3);
  for (size_t i = 0; i < specs.len; i++) {
    const Spec *spec = parsed(arena, interface, specs.at[i]);
    stack->is_wrong = false;
    assert_int_equal(stand_in_try(arena, spec, stack_call, stack, 1, 1000).result.verdict, VERDICT_PASSED);
  }
  stack->is_wrong = true;
  Tried tried = stand_in_try(arena, parsed(arena, interface, specs.at[0]), stack_call, stack, 1, 5000);
  Blocks reports = blocks_of(arena, page, "text");
  assert_int_equal(tried.result.verdict, VERDICT_FAILED);
  assert_int_equal(tried.failure.step_count, 3);
  for (size_t i = 0; i < 3; i++) assert_true(str_find(reports.at[0], tried.failure.steps[i]) != SIZE_MAX);
  assert_true(str_find(reports.at[0], tried.failure.message) != SIZE_MAX);
  assert_true(str_find(reports.at[0], inputs_text(arena, &tried.failure)) != SIZE_MAX);
}

static void every_specification_of_resources_on_the_page_is_accepted(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  const Interface *interface = page_interface(arena, page, "wit-counter");
  Blocks specs = blocks_of(arena, page, "spec-counter");
  assert_int_equal(specs.len, 1);
  assert_int_equal(parsed(arena, interface, specs.at[0])->tests.len, 3);
}

/* All that the page shows is in the style that it describes. */
static void every_specification_on_the_page_is_in_the_style(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  static const char *const languages[] = {"spec", "spec-stack", "spec-counter"};
  for (size_t k = 0; k < 3; k++) {
    Blocks specs = blocks_of(arena, page, languages[k]);
    for (size_t i = 0; i < specs.len; i++) {
      Diags diags = diags_in(arena);
      const Source source = {STR("page.spec"), specs.at[i]};
      assert_slice(spec_format(arena, &source, &diags), specs.at[i]);
    }
  }
}

static void every_expectation_on_the_page_holds(void **state)
{
  Arena *arena = *state;
  Str page = page_text(arena);
  const Interface *interface = page_interface(arena, page, "wit");
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
  static const char *const names[] = {"circle", "sort", "sha256", "base64", "stack"};
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
      TEST(every_sequence_on_the_page_runs),
      TEST(every_specification_of_resources_on_the_page_is_accepted),
      TEST(every_specification_on_the_page_is_in_the_style),
      TEST(the_page_names_the_whole_library),
      TEST(the_examples_are_accepted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
