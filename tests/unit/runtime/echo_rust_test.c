/* The same as echo_test, in Rust: implementations that hand back every value they are given, made from the
 * trait that the bindings declare. */
#include "tests/unit/runtime/echo.h"

/* "fn NAME(p0: T, p1: U) -> R" becomes a function that hands back its only parameter, or a tuple of all. */
static void make_method(const Function *function, Str signature, Buf *out)
{
  buf_printf(out, "    %.*s { ", STR_ARG(signature));
  if (function->param_count > 1) buf_byte(out, '(');
  for (uint32_t i = 0; i < function->param_count; i++) {
    Str name = function->params[i].name;
    buf_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(name));
  }
  buf_z(out, function->param_count > 1 ? ") }\n" : " }\n");
}

/* The lines of the trait are in the order of the interface's functions. */
static Str make_component(Arena *arena, const Interface *interface, const char *module)
{
  Str bindings = bind_rust(arena, interface);
  size_t at = str_find(bindings, STR("pub trait Guest {\n"));
  assert_true(at != SIZE_MAX);
  Str rest = str_slice(bindings, at, bindings.len);
  Buf out = buf_in(arena);
  buf_printf(&out, "mod bindings;\nuse bindings::%s::*;\nstruct Component;\nimpl Guest for Component {\n",
             module);
  for (uint32_t i = 0; i < interface->function_count; i++) {
    size_t start = str_find(rest, STR("    fn "));
    assert_true(start != SIZE_MAX);
    rest = str_slice(rest, start + 4, rest.len);
    size_t end = str_find(rest, STR(";\n"));
    make_method(&interface->functions[i], str_slice(rest, 0, end), &out);
    rest = str_slice(rest, end, rest.len);
  }
  buf_z(&out, "}\nbindings::export!(Component with_types_in bindings);\n");
  return buf_text(&out);
}

static void assert_echoes(Arena *arena, const Interface *interface, const char *module, uint64_t seed)
{
  Str path = modules_write(arena, "echo.rs", make_component(arena, interface, module));
  assert_runs(arena, interface, path, seed, echo_all);
}

static void every_value_comes_back(void **state)
{
  Arena *arena = *state;
  const Interface *interface = written_interface(arena);
  assert_echoes(arena, interface, "exports::test::echo::echo", 1);
}

static void random_interfaces_hand_back_every_value(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1, last = last_seed(2); seed <= last; seed++) {
    Maker maker = {.arena = arena, .rng = rng_from_seed(seed)};
    assert_echoes(arena, make_interface(&maker), "exports::t::t::i", seed);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_value_comes_back),
      TEST(random_interfaces_hand_back_every_value),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
