/* What commands print with --json fits the schemas in docs/schemas. Runs the program that was built with this
 * test. */
#include <stdlib.h>
#include <unistd.h>

#include "ifc/base/process.h"
#include "tests/unit/json_schema.h"

#define CIRCLE "docs/examples/circle/circle.wit"

enum { ARGS_MAX = 16 };

/* The program beside this test: BUILD/assay for BUILD/unit/cmd/json_test. */
static const char *program(Arena *arena)
{
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  assert_true(length > 0 && length < (ssize_t)sizeof path);
  Str build = {path, (size_t)length};
  for (int i = 0; i < 3; i++) build = path_folder(build);
  return str_to_z(arena, path_join(arena, build, STR("assay")));
}

/* State and caches are in a folder that goes away. */
static Str folder;

static int make_folder(void **state)
{
  Arena *arena = *state = arena_new();
  Diags diags = diags_in(arena);
  return dir_make_temporary(arena, STR("/tmp"), &folder, &diags) ? 0 : -1;
}

static int remove_folder(void **state)
{
  dir_remove(folder);
  arena_free(*state);
  return 0;
}

static Str run_program(Arena *arena, int status, const char *const *args)
{
  const char *argv[ARGS_MAX] = {program(arena)};
  const char *env[] = {str_to_z(arena, str_format(arena, "PATH=%s", getenv("PATH"))),
                       str_to_z(arena, str_format(arena, "ASSAY_HOME=%.*s/home", STR_ARG(folder))), NULL};
  ProcessOptions options = {.argv = argv, .env = env, .timeout_ms = 120000};
  ProcessResult result = {0};
  Diags diags = diags_in(arena);
  for (size_t i = 0; args[i]; i++) argv[i + 1] = args[i];
  assert_true(process_run(arena, &options, &result, &diags));
  if (result.end != PROCESS_EXITED || result.status != status) print_error("%.*s\n", STR_ARG(result.errors));
  assert_int_equal(result.end, PROCESS_EXITED);
  assert_int_equal(result.status, status);
  return result.output;
}

static const Json *run(Arena *arena, int status, const char *const *args)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("output"), run_program(arena, status, args)};
  const Json *json = jv_parse(arena, source, &diags);
  assert_non_null(json);
  return json;
}

#define RUN(status, ...) run(*state, status, (const char *const[]){__VA_ARGS__, NULL})

static void hashes(void **state)
{
  assert_fits_schema(*state, "docs/schemas/hash.json", RUN(0, "ifc", "hash", "--json", CIRCLE));
}

static void signatures_and_layouts(void **state)
{
  static const char *const wits[] = {CIRCLE, "docs/examples/sort/sort.wit",
                                     "docs/examples/base64/base64.wit"};
  for (size_t i = 0; i < sizeof wits / sizeof *wits; i++)
    assert_fits_schema(*state, "docs/schemas/abi.json", RUN(0, "ifc", "abi", "--json", wits[i]));
}

static void values(void **state)
{
  assert_fits_schema(*state, "docs/schemas/abi-value.json",
                     RUN(0, "ifc", "abi", "--json", CIRCLE, "--type", "tuple<circle, string>", "--value",
                         "({radius: 1.0, center: (0.0, 2.0)}, \"x\")"));
}

static void comparisons(void **state)
{
  assert_fits_schema(*state, "docs/schemas/diff.json", RUN(0, "ifc", "diff", "--json", CIRCLE, CIRCLE));
}

static void modules_and_calls(void **state)
{
  const char *wasm = str_to_z(*state, path_join(*state, folder, STR("circle.wasm")));
  const char *const args[] = {
      "build", "docs/examples/circle/implementations/square.c", "--for", CIRCLE, "-o", wasm, NULL};
  run_program(*state, 0, args);
  assert_fits_schema(*state, "docs/schemas/module.json", RUN(0, "ifc", "show", "--json", wasm));
  assert_fits_schema(
      *state, "docs/schemas/call.json",
      RUN(0, "call", "--json", wasm, "let c = {radius: 1.0, center: (0.0, 0.0)}; intersects(c, c)"));
}

static void verifications(void **state)
{
  const char *wasm = str_to_z(*state, path_join(*state, folder, STR("wrong.wasm")));
  const char *const args[] = {
      "build", "docs/examples/circle/implementations/wrong_touching.c", "--for", CIRCLE, "-o", wasm, NULL};
  static const char *const budgets[] = {"1000", "50ms", "60000"};
  run_program(*state, 0, args);
  for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
    const Json *report = RUN(1, "verify", "--json", wasm, "--spec", "docs/examples/circle/circle.spec",
                             "--budget", budgets[i], "--shard", "1/1");
    assert_fits_schema(*state, "docs/schemas/verify.json", report);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(hashes),      TEST(signatures_and_layouts), TEST(values),
      TEST(comparisons), TEST(modules_and_calls),      TEST(verifications),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
