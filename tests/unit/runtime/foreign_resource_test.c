/* Another interface's resource in each language: what is owned goes in and comes out, what is lent is dropped
 * when the call returns, and nothing is dropped that was given away. */
#include "runtime/build.h"
#include "tests/unit/runtime/modules.h"

static const char wit[] = "package t:t@0.1.0;\n"
                          "interface other { resource thing; }\n"
                          "interface i {\n"
                          "  use other.{thing};\n"
                          "  record labelled { label: string, it: thing }\n"
                          "  echo: func(x: thing) -> thing;\n"
                          "  eat: func(x: thing);\n"
                          "  count: func(first: borrow<thing>, rest: list<borrow<thing>>) -> u32;\n"
                          "  turn: func(all: list<labelled>) -> list<labelled>;\n"
                          "}\n";

typedef struct Language {
  const char *name, *source;
} Language;

static const Language languages[] = {
    {"foreign.c",
     "#include \"i.h\"\n"
     "exports_t_t_i_own_thing_t exports_t_t_i_echo(exports_t_t_i_own_thing_t x) { return x; }\n"
     "void exports_t_t_i_eat(exports_t_t_i_own_thing_t x) { t_t_other_thing_drop_own(x); }\n"
     "uint32_t exports_t_t_i_count(t_t_other_borrow_thing_t first, exports_t_t_i_list_borrow_thing_t *rest)\n"
     "{ uint32_t count = 1 + (uint32_t)rest->len; t_t_other_thing_drop_borrow(first);\n"
     "  for (size_t i = 0; i < rest->len; i++) t_t_other_thing_drop_borrow(rest->ptr[i]);\n"
     "  exports_t_t_i_list_borrow_thing_free(rest); return count; }\n"
     "void exports_t_t_i_turn(exports_t_t_i_list_labelled_t *all, exports_t_t_i_list_labelled_t *ret)\n"
     "{ for (size_t i = 0; i < all->len / 2; i++) { exports_t_t_i_labelled_t it = all->ptr[i];\n"
     "  all->ptr[i] = all->ptr[all->len - 1 - i]; all->ptr[all->len - 1 - i] = it; } *ret = *all; }\n"},
    {"foreign.rs", "mod bindings;\n"
                   "use bindings::exports::t::t::i::{Guest, Labelled, Thing};\n"
                   "struct Component;\n"
                   "impl Guest for Component {\n"
                   "    fn echo(x: Thing) -> Thing { x }\n"
                   "    fn eat(_: Thing) {}\n"
                   "    fn count(_: &Thing, rest: Vec<&Thing>) -> u32 { 1 + rest.len() as u32 }\n"
                   "    fn turn(all: Vec<Labelled>) -> Vec<Labelled> { all.into_iter().rev().collect() }\n"
                   "}\n"
                   "bindings::export!(Component with_types_in bindings);\n"},
    {"foreign.ts",
     "import { Labelled, Thing } from \"./bindings\";\n"
     "export function echo(x: Thing): Thing { return x; }\n"
     "export function eat(x: Thing): void { x.drop(); }\n"
     "export function count(first: Thing, rest: Array<Thing>): u32 { return 1 + rest.length; }\n"
     "export function turn(all: Array<Labelled>): Array<Labelled> { return all.reverse(); }\n"},
};

typedef struct Foreign {
  Arena *arena;
  Loaded *loaded;
  Guest *guest;
  const TypeDef *thing;
} Foreign;

static Foreign built(Arena *arena, const Language *language)
{
  Diags diags = diags_in(arena);
  Loaded *loaded = arena_new_of(arena, Loaded);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), STR(wit)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  Str path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), str_from_z(language->name));
  assert_non_null(package);
  loaded->interface = package_interface(package, STR("i"));
  BuildOptions options = {.paths = &path, .path_count = 1, .interface = loaded->interface};
  BuildResult result = {0};
  bool fine = file_write(path, str_from_z(language->source), &diags) &&
              build_module(arena, &options, &result, &diags) &&
              wasm_read(arena, path, result.wasm, &loaded->module, &diags) &&
              implementation_fit(arena, &loaded->module, path, loaded->interface, &loaded->fit, &diags) &&
              aot_compile(arena, &loaded->module, path, NULL, &loaded->object, &diags);
  if (fine) loaded->program = program_open(arena, loaded->object, &loaded->fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(loaded->program);
  const TypeDef *thing = interface_typedef(loaded->interface, STR("thing"))->resource;
  return (Foreign){arena, loaded, modules_guest(loaded), thing};
}

static Value thing(const Foreign *self, uint32_t rep)
{
  Value out;
  Fault fault = {0};
  assert_true(guest_foreign(self->guest, self->thing, rep, &out, &fault));
  return out;
}

static uint32_t rep_of(const Foreign *self, Value handle)
{
  uint32_t rep = 0;
  Fault fault = {0};
  assert_true(guest_handle_rep(self->guest, self->thing, handle, &rep, &fault));
  return rep;
}

/* Afterwards the module has no handle, and the caller `held` of them. */
static Value call(const Foreign *self, const char *name, Value first, Value second, uint32_t held)
{
  Value args[] = {first, second}, result = {0};
  Fault fault = {0};
  bool returned =
      guest_call(self->guest, modules_function(self->loaded, name), args, self->arena, &result, &fault);
  if (!returned) print_error("%s: %.*s\n", name, STR_ARG(fault_text(self->arena, &fault)));
  assert_true(returned);
  assert_int_equal(guest_handle_count(self->guest), 0);
  assert_int_equal(guest_held_count(self->guest), held);
  return result;
}

static Value labelled(const Foreign *self, const char *label, uint32_t rep)
{
  Value *fields = arena_array_of(self->arena, Value, 2);
  fields[0] = value_string(str_from_z(label));
  fields[1] = thing(self, rep);
  return (Value){.items = fields, .count = 2};
}

static void check(Arena *arena, const Language *language)
{
  Foreign self = built(arena, language);
  Value one = call(&self, "echo", thing(&self, 71), (Value){0}, 1);
  assert_int_equal(rep_of(&self, one), 71);
  Value two = thing(&self, 72), rest[] = {two, one, two};
  Value count = call(&self, "count", one, (Value){.items = rest, .count = 3}, 2);
  assert_int_equal(count.bits, 4);
  call(&self, "eat", one, (Value){0}, 1);
  call(&self, "eat", two, (Value){0}, 0);
  Value all[] = {labelled(&self, "a", 1), labelled(&self, "b", 2), labelled(&self, "c", 3)};
  for (int round = 0; round < 51; round++) {
    Value turned = call(&self, "turn", (Value){.items = all, .count = 3}, (Value){0}, 3);
    assert_int_equal(turned.count, 3);
    for (uint32_t i = 0; i < 3; i++) all[i] = turned.items[i];
  }
  assert_text(value_as_string(all[2].items[0]), "a");
  assert_int_equal(rep_of(&self, all[2].items[1]), 1);
  guest_free(self.guest);
  program_close(self.loaded->program);
}

static void in_c(void **state)
{
  check(*state, &languages[0]);
}

static void in_rust(void **state)
{
  check(*state, &languages[1]);
}

static void in_assemblyscript(void **state)
{
  if (getenv("ASC") || process_find(*state, STR("asc")).len)
    check(*state, &languages[2]);
  else
    puts("skipped: AssemblyScript's compiler is not installed; `make assemblyscript` does it");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(in_c),
      TEST(in_rust),
      TEST(in_assemblyscript),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
