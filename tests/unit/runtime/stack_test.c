/* A resource from its source, in each language, to its calls: bindings, build, fit, handles and destructors
 * together. */
#include "ifc/base/rng.h"
#include "runtime/build.h"
#include "tests/unit/runtime/modules.h"

static const char folder[] = "docs/examples/stack";
static const char *implementation;

typedef struct Stacks {
  Arena *arena;
  Loaded *loaded;
  Guest *guest;
  const TypeDef *stack;
} Stacks;

static Stacks stacks_of(Arena *arena)
{
  Diags diags = diags_in(arena);
  Loaded *loaded = arena_new_of(arena, Loaded);
  Str wit = str_format(arena, "%s/stack.wit", folder),
      source = str_format(arena, "%s/implementations/%s", folder, implementation);
  loaded->interface = wit_load_interface(arena, wit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(loaded->interface);
  BuildOptions options = {.paths = &source, .path_count = 1, .interface = loaded->interface};
  BuildResult built = {0};
  bool fine = build_module(arena, &options, &built, &diags) &&
              wasm_read(arena, source, built.wasm, &loaded->module, &diags) &&
              implementation_fit(arena, &loaded->module, source, loaded->interface, &loaded->fit, &diags) &&
              aot_compile(arena, &loaded->module, source, NULL, &loaded->object, &diags);
  if (fine) loaded->program = program_open(arena, loaded->object, &loaded->fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(loaded->program);
  return (Stacks){arena, loaded, modules_guest(loaded),
                  interface_typedef(loaded->interface, STR("stack"))->resource};
}

static Value call(const Stacks *self, const char *name, Value first, Value second)
{
  Value args[] = {first, second}, result = {0};
  Fault fault = {0};
  const Function *function = modules_function(self->loaded, name);
  bool returned = guest_call(self->guest, function, args, self->arena, &result, &fault);
  if (!returned) print_error("%s: %.*s\n", name, STR_ARG(fault_text(self->arena, &fault)));
  assert_true(returned);
  return result;
}

static Value call1(const Stacks *self, const char *name, Value first)
{
  return call(self, name, first, (Value){0});
}

static uint32_t living(const Stacks *self)
{
  return (uint32_t)call1(self, "living", (Value){0}).bits;
}

static void end(const Stacks *self, Value handle)
{
  Fault fault = {0};
  assert_true(guest_drop(self->guest, self->stack, handle, &fault));
}

static void close_all(const Stacks *self)
{
  assert_int_equal(guest_handle_count(self->guest), 0);
  guest_free(self->guest);
  program_close(self->loaded->program);
}

static Value stack_of(const Stacks *self, const uint32_t *numbers, uint32_t count)
{
  Value made = call1(self, "[static]stack.of", (Value){.packed = numbers, .count = count});
  assert_int_equal(made.tag, 0);
  return made.items[0];
}

static void assert_items(const Stacks *self, Value handle, const uint32_t *want, uint32_t count)
{
  Value items = call1(self, "[method]stack.items", handle);
  assert_int_equal(items.count, count);
  if (count) assert_memory_equal(items.packed, want, count * sizeof *want);
}

static void stacks_are_split_and_merged_and_end(void **state)
{
  static const uint32_t numbers[] = {5, 6, 7, 8};
  Stacks self = stacks_of(*state);
  Value parts = call(&self, "split", stack_of(&self, numbers, 4), value_u64(2));
  Value low = parts.items[0], high = parts.items[1];
  assert_int_equal(high.count, 2);
  assert_int_equal(living(&self), 3);
  assert_items(&self, low, numbers, 2);
  assert_items(&self, high.items[1], numbers + 3, 1);
  Value all[] = {low, high.items[0], high.items[1], low};
  assert_int_equal(call1(&self, "total", (Value){.items = all, .count = 4}).bits, 5 + 6 + 7 + 8 + 5 + 6);
  Value merged = call(&self, "[static]stack.merged", high.items[1], low);
  assert_items(&self, merged, (const uint32_t[]){8, 5, 6}, 3);
  assert_int_equal(living(&self), 2);
  end(&self, merged);
  end(&self, high.items[0]);
  assert_int_equal(living(&self), 0);
  close_all(&self);
}

static void a_constructor_may_fail(void **state)
{
  static const uint32_t numbers[1001];
  Stacks self = stacks_of(*state);
  Value failed = call1(&self, "[static]stack.of", (Value){.packed = numbers, .count = 1001});
  assert_int_equal(failed.tag, 1);
  assert_text(value_as_string(failed.items[0]), "too many");
  assert_int_equal(living(&self), 0);
  close_all(&self);
}

/* --- random operations on many stacks at once, against arrays */

enum { STACKS = 6, DEPTH = 2048, STEPS = 4000 };

typedef struct Model {
  uint32_t numbers[DEPTH];
  uint32_t count;
  bool lives;
  Value handle;
} Model;

static void check_pop(const Stacks *self, Model *model)
{
  Value popped = call1(self, "[method]stack.pop", model->handle);
  assert_int_equal(popped.tag, model->count ? 1 : 0);
  if (model->count) assert_int_equal(popped.items[0].bits, model->numbers[--model->count]);
}

static void do_one(const Stacks *self, Model *models, Rng *rng)
{
  Model *model = &models[rng_below(rng, STACKS)], *other = &models[rng_below(rng, STACKS)];
  uint32_t number = (uint32_t)rng_next(rng);
  if (!model->lives) {
    model->handle = call1(self, "[constructor]stack", (Value){0});
    model->lives = true;
    model->count = 0;
    return;
  }
  switch (rng_below(rng, 8)) {
  case 0: check_pop(self, model); return;
  case 1: assert_items(self, model->handle, model->numbers, model->count); return;
  case 2:
    if (rng_below(rng, 4)) return;
    end(self, model->handle);
    model->lives = false;
    return;
  case 3:
    if (other == model || !other->lives || model->count + other->count > DEPTH) return;
    model->handle = call(self, "[static]stack.merged", model->handle, other->handle);
    memcpy(model->numbers + model->count, other->numbers, other->count * sizeof number);
    model->count += other->count;
    other->lives = false;
    return;
  default:
    if (model->count == DEPTH) return;
    call(self, "[method]stack.push", model->handle, value_u64(number));
    model->numbers[model->count++] = number;
  }
}

static void stacks_are_what_arrays_are(void **state)
{
  Stacks self = stacks_of(*state);
  Model *models = arena_array_of(self.arena, Model, STACKS);
  Rng rng = rng_from_seed(3);
  for (int step = 0; step < STEPS; step++) {
    do_one(&self, models, &rng);
    uint32_t lives = 0;
    for (int i = 0; i < STACKS; i++) lives += models[i].lives;
    assert_int_equal(living(&self), lives);
    assert_int_equal(guest_held_count(self.guest), lives);
    assert_int_equal(guest_handle_count(self.guest), 0);
  }
  for (int i = 0; i < STACKS; i++)
    if (models[i].lives) end(&self, models[i].handle);
  assert_int_equal(living(&self), 0);
  close_all(&self);
}

static int run_all(const char *source)
{
  const struct CMUnitTest tests[] = {
      TEST(stacks_are_split_and_merged_and_end),
      TEST(a_constructor_may_fail),
      TEST(stacks_are_what_arrays_are),
  };
  implementation = source;
  return cmocka_run_group_tests_name(source, tests, modules_make_home, modules_remove_home);
}

int main(void)
{
  Arena *arena = arena_new();
  bool has_assemblyscript = getenv("ASC") || process_find(arena, STR("asc")).len;
  int failed = run_all("array.c") + run_all("vec.rs");
  arena_free(arena);
  if (has_assemblyscript) return failed + run_all("array.ts");
  puts("skipped: array.ts: AssemblyScript's compiler is not installed; `make assemblyscript` does it");
  return failed;
}
