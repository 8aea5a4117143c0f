/* The proof of bindings, build, lowering and lifting together: implementations in C that hand back every
 * value they are given, called in a worker with random values. One is written by hand against wit-bindgen's
 * names; the others are made, with their interfaces, from random types. */
#include "tests/unit/runtime/echo.h"

static void an_implementation_for_wit_bindgen_hands_back_every_value(void **state)
{
  Arena *arena = *state;
  const Interface *interface = written_interface(arena);
  assert_runs(arena, interface, STR("tests/unit/runtime/echo/echo.c"), 1, echo_all);
}

static void random_interfaces_hand_back_every_value(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1, last = last_seed(2); seed <= last; seed++) {
    Maker maker = {.arena = arena, .rng = rng_from_seed(seed)};
    const Interface *interface = make_interface(&maker);
    Str path = modules_write(arena, "random.c", echo_in_c(arena, interface));
    assert_runs(arena, interface, path, seed, echo_all);
  }
}

/* --- what C does when it goes wrong
 * ------------------------------------------------------------------------- */

static const char sinking[] =
    "#include <assert.h>\n#include \"i.h\"\n"
    "static const char text[] = \"data\";\n"
    "static uint32_t down(volatile char *above, uint32_t depth)\n"
    "{ volatile char frame[4096]; frame[depth % 4096] = above[0];\n"
    "  return depth ? down(frame, depth - 1) + (uint32_t)frame[1] : (uint32_t)text[0]; }\n"
    "uint32_t exports_t_t_i_sink(uint32_t depth)\n"
    "{ char top = 0; return down(&top, depth); }\n"
    "void exports_t_t_i_check(bool ok) { assert(ok); }\n";

static bool calls(const Trial *self, Guest *guest, const char *name, uint64_t arg, FaultKind want)
{
  const Function *function = interface_function(self->interface, str_from_z(name));
  Value value = value_u64(arg), result;
  Fault fault = {0};
  guest_call(guest, function, &value, self->arena, &result, &fault);
  return fault.kind == want;
}

static void go_wrong(void *context, SandboxPort *port)
{
  Trial *self = context;
  Fault fault = {0};
  Guest *guest = guest_new(self->program, &fault);
  bool right = guest && calls(self, guest, "sink", 100, FAULT_NONE) &&
               calls(self, guest, "check", 1, FAULT_NONE) &&
               calls(self, guest, "sink", 400, FAULT_OUT_OF_BOUNDS) && guest_reset(guest, &fault) &&
               calls(self, guest, "check", 0, FAULT_UNREACHABLE);
  sandbox_send(port, right ? STR("done") : STR("wrong fault"));
}

/* The stack is a megabyte, with nothing below it that could be overwritten; a failed assertion is a trap. */
static void overflowing_stacks_and_failed_assertions_trap(void **state)
{
  Arena *arena = *state;
  Str path = modules_write(arena, "sinking.c", STR(sinking));
  const Interface *interface =
      modules_interface(arena, "sink: func(depth: u32) -> u32; check: func(ok: bool);");
  assert_runs(arena, interface, path, 0, go_wrong);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_implementation_for_wit_bindgen_hands_back_every_value),
      TEST(random_interfaces_hand_back_every_value),
      TEST(overflowing_stacks_and_failed_assertions_trap),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
