/* What is shown reads back as the same: over the reference's test data and all of WASI. */
#include "ifc/canon.h"
#include "tests/unit/ifc/json_graph.h"

typedef struct Tally {
  size_t packages, interfaces, worlds;
} Tally;

static const WitOptions ALL = {.all_features = true, .level = WIT_PARSES};

static const Package *read_again(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), &ALL, &diags);
  if (!package) {
    print_error("%.*s\n", STR_ARG(text));
    print_diags(&diags);
  }
  assert_non_null(package);
  return package;
}

static void check_interface(Arena *arena, const Interface *interface)
{
  Str shown = interface_show(arena, interface);
  const Package *again = read_again(arena, shown);
  assert_true(again->interface_count > 0);
  assert_slice(interface_canonical(arena, &again->interfaces[0]), interface_canonical(arena, interface));
  assert_slice(interface_show(arena, &again->interfaces[0]), shown);
}

static void check_world(Arena *arena, const World *world)
{
  Str shown = world_show(arena, world);
  const Package *again = read_again(arena, shown);
  assert_int_equal(again->world_count, 1);
  assert_slice(canon_world(canon_new(arena), &again->worlds[0]), canon_world(canon_new(arena), world));
  assert_slice(world_show(arena, &again->worlds[0]), shown);
}

static void check_package(Arena *arena, const Package *package, Tally *tally)
{
  for (uint32_t i = 0; i < package->interface_count; i++) check_interface(arena, &package->interfaces[i]);
  for (uint32_t i = 0; i < package->world_count; i++) check_world(arena, &package->worlds[i]);
  tally->packages++;
  tally->interfaces += package->interface_count;
  tally->worlds += package->world_count;
}

static void check_resolve(Arena *arena, const Package *package)
{
  Str shown = resolve_show(arena, package->resolve);
  const Package *again = read_again(arena, shown);
  Str difference = difference_of(arena, json_without_docs(arena, json_of(arena, package)),
                                 json_without_docs(arena, json_of(arena, again)));
  if (difference.len) print_error("%.*s\n%.*s\n", STR_ARG(shown), STR_ARG(difference));
  assert_int_equal(difference.len, 0);
  Str twice = resolve_show(arena, again->resolve);
  assert_slice(resolve_show(arena, read_again(arena, twice)->resolve), twice);
}

static void check_folder(Str folder, Tally *tally)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Str *names;
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  for (size_t i = 0; i < count; i++) {
    if (str_ends_with(names[i], STR(".json"))) continue;
    Str path = path_join(arena, folder, names[i]);
    const Package *package = wit_load(arena, path, &ALL, &diags);
    if (!package) print_diags(&diags);
    assert_non_null(package);
    for (uint32_t k = 0; k < package->resolve->package_count; k++)
      check_package(arena, package->resolve->packages[k], tally);
    check_resolve(arena, package);
  }
  arena_free(arena);
}

static void check_folders(const char *const *folders)
{
  Tally tally = {0};
  for (; *folders; folders++) check_folder(str_from_z(*folders), &tally);
  print_message("%zu packages, %zu interfaces, %zu worlds\n", tally.packages, tally.interfaces, tally.worlds);
  assert_true(tally.interfaces > 0 && tally.worlds > 0);
}

static void the_references_test_data_reads_back(void **state)
{
  (void)state;
  check_folders((const char *const[]){"../shared/conformance/wit/ok", NULL});
}

static void wasi_reads_back(void **state)
{
  (void)state;
  check_folders(
      (const char *const[]){"../shared/conformance/wasi-0.2.0", "../shared/conformance/wasi-0.2.12", NULL});
}

int main(void)
{
  if (!dir_exists(STR("../shared/conformance/wit/ok"))) {
    fprintf(stderr, "../shared/conformance is not there\n");
    return EXIT_SKIPPED;
  }
  const struct CMUnitTest tests[] = {
      TEST(the_references_test_data_reads_back),
      TEST(wasi_reads_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
