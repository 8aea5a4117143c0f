/* The same as echo_test, in AssemblyScript, where its compiler is installed: implementations that hand back
 * every value they are given, or what one in C that they pass it to hands back; made from the functions that
 * the bindings name. */
#include "ifc/base/process.h"
#include "tests/unit/runtime/echo.h"

enum { SKIPPED = 77 };

/* `import {A, B} from "./bindings"` of all that they declare. */
static void print_imports(Str types, Buf *out)
{
  buf_z(out, "import {");
  while (types.len) {
    size_t end = str_find(types, STR("\n"));
    Str line = str_slice(types, 0, end);
    types = end == SIZE_MAX ? STR("") : str_slice(types, end + 1, types.len);
    if (!str_starts_with(line, STR("export ")) || str_starts_with(line, STR("export namespace"))) continue;
    line = str_slice(line, 7, line.len);
    line = str_slice(line, str_find(line, STR(" ")) + 1, line.len);
    size_t stop = 0;
    while (stop < line.len && !strchr(" <(=", line.at[stop])) stop++;
    buf_printf(out, "%.*s, ", (int)stop, line.at);
  }
  buf_z(out, "} from \"./bindings\";\n");
}

/* "function NAME(p0: T, p1: U): R" becomes one that hands back its only parameter, or a tuple of all. */
static void print_function(const Function *function, Str signature, Buf *out)
{
  size_t at = str_find(signature, STR("): "));
  Str result = str_slice(signature, at + 3, signature.len);
  buf_printf(out, "export %.*s {\n  return ", STR_ARG(signature));
  if (function->param_count > 1) buf_printf(out, "new %.*s(", STR_ARG(result));
  for (uint32_t i = 0; i < function->param_count; i++) {
    Str name = function->params[i].name;
    buf_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(name));
  }
  buf_z(out, function->param_count > 1 ? ");\n}\n" : ";\n}\n");
}

/* The same, which hands on what an imported function makes of them. */
static void print_passing(const Function *function, Str signature, Buf *out)
{
  buf_printf(out, "export %.*s {\n  return i.%.*s(", STR_ARG(signature), STR_ARG(function->name));
  for (uint32_t i = 0; i < function->param_count; i++)
    buf_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(function->params[i].name));
  buf_z(out, ");\n}\n");
}

typedef void Print(const Function *function, Str signature, Buf *out);

static Str make_module(Arena *arena, const Interface *interface, Print *print)
{
  const World *world = bind_world(arena, interface);
  Str types = bind_assemblyscript(arena, world, STR("echo")).types, rest = types;
  Buf out = buf_in(arena);
  print_imports(types, &out);
  if (world->import_count) buf_z(&out, "import { i } from \"./bindings\";\n");
  for (uint32_t i = 0; i < interface->function_count; i++) {
    size_t start = str_find(rest, STR("// export "));
    assert_true(start != SIZE_MAX);
    rest = str_slice(rest, start + 10, rest.len);
    size_t end = str_find(rest, STR("\n"));
    print(&interface->functions[i], str_slice(rest, 0, end), &out);
  }
  return buf_text(&out);
}

static void assert_echoes(Arena *arena, const Interface *interface, uint64_t seed)
{
  Str source = modules_write(arena, "echo.ts", make_module(arena, interface, print_function));
  assert_runs(arena, interface, source, seed, echo_all);
}

static void every_value_comes_back(void **state)
{
  Arena *arena = *state;
  const Interface *interface = written_interface(arena);
  assert_echoes(arena, interface, 1);
}

static void random_interfaces_hand_back_every_value(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1, last = last_seed(2); seed <= last; seed++) {
    Maker maker = {.arena = arena, .rng = rng_from_seed(seed)};
    assert_echoes(arena, make_interface(&maker), seed);
  }
}

static void every_value_is_passed_on_and_comes_back(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1, last = last_seed(1); seed <= last; seed++) {
    Maker maker = {.arena = arena, .rng = rng_from_seed(seed)};
    const Package *package = make_package(&maker);
    const Interface *low = package_interface(package, STR("i")), *high = package_interface(package, STR("j"));
    Implementation answers;
    load_linked(arena, low, modules_write(arena, "low.c", echo_in_c(arena, low)), NULL, 0, &answers);
    Str source = modules_write(arena, "echo.ts", make_module(arena, high, print_passing));
    assert_runs_linked(arena, high, source, &answers, 1, seed, echo_all);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_value_comes_back),
      TEST(random_interfaces_hand_back_every_value),
      TEST(every_value_is_passed_on_and_comes_back),
  };
  Arena *arena = arena_new();
  bool is_there = getenv("ASC") || process_find(arena, STR("asc")).len;
  arena_free(arena);
  if (!is_there) {
    puts("skipped: AssemblyScript's compiler is not installed; `make assemblyscript` does it");
    return SKIPPED;
  }
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
