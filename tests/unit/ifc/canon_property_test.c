/* The canonical text's two properties, on random packages: it does not change with how they are written, and
 * it changes with what they mean. A longer run: CANON_CASES=1000000 CANON_SEED=7. */
#include <stdlib.h>

#include "ifc/canon.h"
#include "tests/unit/ifc/wit_model_change.h"
#include "tests/unit/ifc/wit_model_print.h"
#include "tests/unit/ifc/wit_values.h"

enum { CASES = 2000, FOLDER_EVERY = 20 };

typedef struct Texts {
  Str interfaces[MODEL_INTERFACES_MAX], worlds[MODEL_WORLDS_MAX];
} Texts;

/* The number in the environment variable of that name. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
  uint64_t number = otherwise;
  Str text = str_from_z(getenv(name));
  if (text.len) assert_true(str_to_u64(text, &number));
  return number;
}

static void show(const Printed *printed)
{
  for (size_t i = 0; i < printed->files.len; i++)
    fprintf(stderr, "--- %.*s\n%.*s\n", STR_ARG(printed->files.at[i].name),
            STR_ARG(printed->files.at[i].text));
}

static void write_quickly(Arena *arena, Str folder, const PrintedFile *file)
{
  Diags diags = diags_in(arena);
  Str path = path_join(arena, folder, file->name);
  assert_true(dir_make(path_folder(path), &diags));
  FILE *out = fopen(str_to_z(arena, path), "w");
  assert_non_null(out);
  assert_int_equal(fwrite(file->text.at, 1, file->text.len, out), file->text.len);
  assert_int_equal(fclose(out), 0);
}

static const Package *read_back(Arena *arena, const Printed *printed, bool is_folder, Diags *diags)
{
  Str features[] = {STR("never-mentioned"), STR("chosen")};
  WitOptions options = {.features = features, .feature_count = 2};
  if (!is_folder) return wit_parse(arena, source_of(arena, printed->files.at[0].text), &options, diags);
  Str folder, parent = str_from_z(getenv("TMPDIR"));
  assert_true(dir_make_temporary(arena, parent.len ? parent : STR("/tmp"), &folder, diags));
  for (size_t i = 0; i < printed->files.len; i++) write_quickly(arena, folder, &printed->files.at[i]);
  const Package *package = wit_load(arena, folder, &options, diags);
  dir_remove(folder);
  return package;
}

static const Package *package_of(const Resolve *resolve, const ModelPackage *wanted, Str version)
{
  for (uint32_t i = 0; i < resolve->package_count; i++) {
    const Package *package = resolve->packages[i];
    if (str_equal(package->namespace, wanted->namespace) && str_equal(package->name, wanted->name) &&
        str_equal(package->version, version))
      return package;
  }
  return NULL;
}

/* The canonical texts of all interfaces and worlds of the model, by way of WIT. */
static Texts texts_of(Arena *arena, Model *model, bool is_folder, Printed *printed)
{
  Diags diags = diags_in(arena);
  Texts texts = {0};
  *printed = model_print(arena, model, is_folder);
  const Package *main = read_back(arena, printed, is_folder, &diags);
  if (!main) {
    show(printed);
    print_diags(&diags);
  }
  assert_non_null(main);
  Canon *canon = canon_new(arena);
  for (uint32_t i = 0; i < model->interface_count + model->world_count; i++) {
    bool is_world = i >= model->interface_count;
    uint32_t index = is_world ? i - model->interface_count : i;
    const ModelScope *scope = is_world ? &model->worlds[index].scope : &model->interfaces[index];
    const Package *package =
        package_of(main->resolve, &model->packages[scope->package], printed->versions[scope->package]);
    assert_non_null(package);
    const Interface *interface = is_world ? NULL : package_interface(package, scope->name);
    const World *world = is_world ? package_world(package, scope->name) : NULL;
    if (!interface && !world) show(printed);
    assert_true(interface || world);
    if (interface) texts.interfaces[index] = canon_interface(canon, interface);
    if (world) texts.worlds[index] = canon_world(canon, world);
  }
  return texts;
}

static void compare(Str a, Str b, bool want_same, const char *what, const Printed *one, const Printed *other)
{
  if (str_equal(a, b) == want_same) return;
  show(one);
  fprintf(stderr, "===== and\n");
  show(other);
  fprintf(stderr, "===== %s after %s:\n%.*s=====\n%.*s", want_same ? "different" : "the same", what,
          STR_ARG(a), STR_ARG(b));
  fail();
}

static void compare_all(const Model *model, const Texts *a, const Texts *b, const ModelEffect *effect,
                        const Printed *one, const Printed *other)
{
  for (uint32_t i = 0; i < model->interface_count; i++)
    compare(a->interfaces[i], b->interfaces[i], !effect->interfaces[i], effect->what, one, other);
  for (uint32_t i = 0; i < model->world_count; i++)
    compare(a->worlds[i], b->worlds[i], !effect->worlds[i], effect->what, one, other);
}

static void only_the_meaning_counts(void **state)
{
  Arena *arena = *state;
  uint64_t cases = setting("CANON_CASES", CASES), seed = setting("CANON_SEED", 1);
  static const ModelEffect another_spelling = {.what = "writing it otherwise"};
  for (uint64_t i = 0; i < cases; i++) {
    ArenaMark mark = arena_mark(arena);
    Rng rng = rng_from_seed_and_label(seed, i);
    bool is_folder = i % FOLDER_EVERY == FOLDER_EVERY - 1;
    Printed one, other, changed;
    Model *model = model_make(arena, &rng);
    Texts first = texts_of(arena, model, false, &one), second = texts_of(arena, model, is_folder, &other);
    compare_all(model, &first, &second, &another_spelling, &one, &other);
    ModelEffect effect = model_change(model);
    Texts third = texts_of(arena, model, false, &changed);
    compare_all(model, &first, &third, &effect, &one, &changed);
    arena_reset(arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(only_the_meaning_counts)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
