/* What the reference parser accepts and rejects, by its own tests (data of wasm-tools), and all of WASI 0.2.
 */
#include "tests/unit/ifc/wit_values.h"

#define FOLDER "../shared/conformance/"

typedef struct Inputs {
  Str folder;
  Str *names;
  size_t count;
} Inputs;

/* Files and folders, without the expected outputs that lie beside them. */
static Inputs inputs_of(Arena *arena, Str folder)
{
  Inputs inputs = {.folder = folder};
  Diags diags = diags_in(arena);
  Str *names;
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  inputs.names = arena_array_of(arena, Str, count);
  for (size_t i = 0; i < count; i++)
    if (!str_ends_with(names[i], STR(".json")) && !str_ends_with(names[i], STR(".result")))
      inputs.names[inputs.count++] = names[i];
  return inputs;
}

/* The reference was asked for the feature `active`. */
static const Package *load_as_reference(Arena *arena, Str path, Diags *diags)
{
  Str active = STR("active");
  WitOptions options = {.features = &active, .feature_count = 1, .level = WIT_PARSES};
  return wit_load(arena, path, &options, diags);
}

static void what_is_right_is_accepted(void **state)
{
  Inputs inputs = inputs_of(*state, STR(FOLDER "wit/ok"));
  for (size_t i = 0; i < inputs.count; i++) {
    Diags diags = diags_in(*state);
    const Package *package =
        load_as_reference(*state, path_join(*state, inputs.folder, inputs.names[i]), &diags);
    print_diags(&diags);
    assert_non_null(package);
    assert_int_equal(diags.errors, 0);
  }
  print_message("%zu accepted\n", inputs.count);
  assert_true(inputs.count >= 30);
}

/* "file.wit:5:14" of the first place in the reference's message: behind an arrow, or in a list of places.
 * Empty where it names none. */
static Str place_wanted(Arena *arena, Str result)
{
  size_t at = str_find(result, STR("--> "));
  if (at == SIZE_MAX) at = str_find(result, STR("  * "));
  if (at == SIZE_MAX) return STR("");
  Str line = str_slice(result, at + 4, SIZE_MAX);
  line = str_slice(line, 0, str_find(line, STR("\n")));
  return str_copy(arena, path_name(line));
}

static Str place_of(Arena *arena, const Diag *diag)
{
  if (!diag->span.source) return STR("");
  Position position = span_position(diag->span);
  return str_format(arena, "%.*s:%zu:%zu", STR_ARG(path_name(diag->span.source->path)), position.line,
                    position.column);
}

/* The first error is where the reference has its only one. */
static void what_is_wrong_is_rejected_at_the_same_place(void **state)
{
  Inputs inputs = inputs_of(*state, STR(FOLDER "wit/fail"));
  size_t placed = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    Diags diags = diags_in(*state);
    Str path = path_join(*state, inputs.folder, inputs.names[i]), result;
    Str ending = str_ends_with(path, STR(".wit")) ? STR(".result") : STR(".wit.result");
    assert_null(load_as_reference(*state, path, &diags));
    assert_true(diags.errors > 0);
    assert_true(file_read(*state, str_format(*state, "%.*s%.*s", STR_ARG(path), STR_ARG(ending)), SIZE_MAX,
                          &result, &diags));
    Str wanted = place_wanted(*state, result);
    if (!wanted.len) continue;
    if (!str_equal(place_of(*state, diags.first), wanted)) print_diags(&diags);
    assert_slice(place_of(*state, diags.first), wanted);
    placed++;
  }
  print_message("%zu rejected, %zu of them at the reference's place\n", inputs.count, placed);
  assert_true(placed >= 80);
}

/* One folder a package, which name each other: everything in it is valid for components. */
static void all_of_wasi_loads(void **state)
{
  static const char *const versions[] = {FOLDER "wasi-0.2.0", FOLDER "wasi-0.2.12"};
  for (size_t i = 0; i < 2; i++) {
    Inputs inputs = inputs_of(*state, str_from_z(versions[i]));
    assert_int_equal(inputs.count, 7);
    for (size_t k = 0; k < inputs.count; k++) {
      Diags diags = diags_in(*state);
      const Package *package =
          wit_load(*state, path_join(*state, inputs.folder, inputs.names[k]), NULL, &diags);
      print_diags(&diags);
      assert_non_null(package);
      assert_text(package->namespace, "wasi");
      assert_slice(package->name, inputs.names[k]);
    }
  }
}

int main(void)
{
  if (!dir_exists(STR(FOLDER "wit/ok"))) {
    fprintf(stderr, FOLDER " is not there\n");
    return EXIT_SKIPPED;
  }
  const struct CMUnitTest tests[] = {
      TEST(what_is_right_is_accepted),
      TEST(what_is_wrong_is_rejected_at_the_same_place),
      TEST(all_of_wasi_loads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
