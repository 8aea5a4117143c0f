/* Modules as wit-bindgen makes them of worlds: functions with bare names, versions in the names of
 * interfaces, imports beside exports. The names are those of its C generator and of wit-component. */
#include "runtime/build.h"
#include "tests/unit/runtime/modules.h"

static const char wit[] =
    "package test:strings@1.2.3;\n"
    "interface to-test { roundtrip: func(s: string) -> string; }\n"
    "world provider { export to-test; }\n"
    "world runner { import to-test; export run: func(s: string) -> string; export to-test; }\n"
    "world quiet { import to-test; }\n";

static const Interface *interface_named(Arena *arena, const char *name, Diags *diags)
{
  Str path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("strings.wit"));
  assert_true(file_write(path, STR(wit), diags));
  Str reference = str_format(arena, "%.*s#%s", STR_ARG(path), name);
  return wit_load_interface(arena, reference, NULL, diags);
}

static Str file_named(Arena *arena, const char *name)
{
  return path_join(arena, str_from_z(getenv("ASSAY_HOME")), str_from_z(name));
}

/* Builds `source`, for an interface or for a world's own functions, into a file. */
static Str built(Arena *arena, const char *name, const char *source, const char *module)
{
  Diags diags = diags_in(arena);
  const Interface *interface = interface_named(arena, name, &diags);
  Str from = file_named(arena, "source.c"), to = file_named(arena, module);
  BuildOptions options = {&from, 1, interface, NULL};
  BuildResult result;
  bool fine = interface && file_write(from, str_from_z(source), &diags) &&
              build_module(arena, &options, &result, &diags) && file_write(to, result.wasm, &diags);
  modules_show(&diags);
  assert_true(fine);
  return to;
}

static Loaded *loaded(Arena *arena, Str path, const Interface *interface, const Implementation *providers,
                      size_t count)
{
  Diags diags = diags_in(arena);
  Implementation *it = arena_new_of(arena, Implementation);
  Loaded *self = arena_new_of(arena, Loaded);
  bool fine = implementation_load_with(arena, path, interface, providers, count, it, &diags) &&
              aot_compile(arena, &it->module, path, NULL, &self->object, &diags) &&
              (self->program = program_open(arena, self->object, &it->fit, NULL, &diags));
  modules_show(&diags);
  assert_true(fine);
  self->interface = it->fit.interface;
  return self;
}

/* What a module built for a world carries is enough to run it. */
static void a_world_of_imports_and_bare_functions_is_built_and_run(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation provider;
  Str strings =
      built(arena, "to-test",
            "#include \"to_test.h\"\n"
            "void exports_test_strings_to_test_roundtrip(to_test_string_t *s, to_test_string_t *ret)\n"
            "{ *ret = *s; }\n",
            "strings.wasm");
  Str runner =
      built(arena, "runner",
            "#include \"runner.h\"\n"
            "void exports_test_strings_to_test_roundtrip(runner_string_t *s, runner_string_t *ret)\n"
            "{ *ret = *s; }\n"
            "void exports_runner_run(runner_string_t *s, runner_string_t *ret)\n"
            "{ runner_string_t got; test_strings_to_test_roundtrip(s, &got); runner_string_free(s);\n"
            "  ret->len = got.len + 1; ret->ptr = malloc(ret->len);\n"
            "  memcpy(ret->ptr, got.ptr, got.len); ret->ptr[got.len] = '!'; runner_string_free(&got); }\n",
            "runner.wasm");
  assert_true(implementation_load(arena, strings, NULL, &provider, &diags));
  Loaded *self = loaded(arena, runner, NULL, &provider, 1);
  assert_slice(self->interface->id, STR("test:strings/runner"));
  Guest *guest = modules_guest(self);
  modules_expect(arena, self, guest, "run", "\"añ\"", "\"añ!\"");
  /* Its other export, by name. */
  Loaded *other = loaded(arena, runner, interface_named(arena, "to-test", &diags), &provider, 1);
  Guest *second = modules_guest(other);
  modules_expect(arena, other, second, "roundtrip", "\"x\"", "\"x\"");
  guest_free(guest);
  guest_free(second);
  program_close(self->program);
  program_close(other->program);
}

/* `roundtrip` calls the import of the same name; the result stays where it was received. */
static const char runner_wat[] =
    "(module\n"
    " (import \"test:strings/to-test@1.2.3\" \"roundtrip\" (func $import (param i32 i32 i32)))\n"
    " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))\n"
    " (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 0)) (global $freed (mut i32) "
    "(i32.const 0))\n"
    " (func (export \"_initialize\") (global.set $top (i32.const 1024)))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local i32)\n"
    "  (if (i32.eqz (global.get $top)) (then unreachable))\n"
    "  (local.set 4 (global.get $top))\n"
    "  (global.set $top (i32.and (i32.add (i32.add (local.get 4) (local.get 3)) (i32.const 7)) (i32.const "
    "-8)))\n"
    "  (local.get 4))\n"
    " (func (export \"run\") (param i32 i32) (result i32)\n"
    "  (if (i32.and (global.get $freed) (i32.const 1)) (then unreachable))\n"
    "  (call $import (local.get 0) (local.get 1) (i32.const 16)) (global.set $freed (i32.const 1)) "
    "(i32.const 16))\n"
    " (func (export \"cabi_post_run\") (param i32)\n"
    "  (if (i32.ne (local.get 0) (i32.const 16)) (then unreachable)) (global.set $freed (i32.const 0))))";

static const char strings_wat[] =
    "(module (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 1024))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local i32)\n"
    "  (local.set 4 (global.get $top)) (global.set $top (i32.add (local.get 4) (local.get 3))) (local.get "
    "4))\n"
    " (func (export \"test:strings/to-test@1.2.3#roundtrip\") (param i32 i32) (result i32)\n"
    "  (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))\n"
    " (func (export \"cabi_post_test:strings/to-test@1.2.3#roundtrip\") (param i32)))";

static void what_another_tool_made_runs_when_it_is_told_its_world(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str runner = file_named(arena, "foreign.wasm"), strings = file_named(arena, "foreign_strings.wasm");
  assert_true(file_write(runner, modules_wasm(arena, runner_wat), &diags));
  assert_true(file_write(strings, modules_wasm(arena, strings_wat), &diags));
  Implementation provider;
  bool fine =
      implementation_load(arena, strings, interface_named(arena, "to-test", &diags), &provider, &diags);
  modules_show(&diags);
  assert_true(fine);
  Loaded *self = loaded(arena, runner, interface_named(arena, "runner", &diags), &provider, 1);
  Guest *guest = modules_guest(self);
  modules_expect(arena, self, guest, "run", "\"añ\"", "\"añ\"");
  modules_expect(arena, self, guest, "run", "\"\"", "\"\"");
  guest_free(guest);
  program_close(self->program);
}

/* --- whole worlds, as guests of wit-bindgen are written for them */

static const char shop_wit[] =
    "package my:shop@1.0.0;\n"
    "interface items { resource item { constructor(n: u32); get: func() -> u32; } live: func() -> u32; }\n"
    "interface stats { use items.{item}; once: func(n: u32) -> u32; eat: func(x: item) -> u32; }\n"
    "interface store { get: func(key: string) -> option<string>; }\n"
    "world shop { export stats; export items; }\n"
    "world with-run { export items; export run: func() -> u32; }\n"
    "world stores { export front: store; export back: store; }\n"
    "world app { import log: interface { record line { text: string } note: func(l: line) -> u32; }\n"
    "  export api: interface { variant v { a(string), b(list<u8>) } f: func(x: v) -> u32; } }\n"
    "world logger { export log: interface { record line { text: string } note: func(l: line) -> u32; } }\n";

/* The item of `wit` that `name` says, or that it means when it says none. */
static WitItem item_named(Arena *arena, const char *wit_text, const char *name)
{
  Diags diags = diags_in(arena);
  WitItem item = {0};
  Str path = file_named(arena, "item.wit");
  Str reference = *name ? str_format(arena, "%.*s#%s", STR_ARG(path), name) : path;
  bool fine =
      file_write(path, str_from_z(wit_text), &diags) && wit_load_item(arena, reference, NULL, &item, &diags);
  modules_show(&diags);
  assert_true(fine);
  return item;
}

/* Builds `source` for an item as the command does. */
static Str built_for(Arena *arena, WitItem item, const char *source, const char *module)
{
  Diags diags = diags_in(arena);
  Str from = file_named(arena, "source.c"), to = file_named(arena, module);
  BuildOptions options = {&from, 1, item.world ? world_interface(arena, item.world) : item.interface,
                          item.world};
  BuildResult result;
  bool fine = file_write(from, str_from_z(source), &diags) &&
              build_module(arena, &options, &result, &diags) && file_write(to, result.wasm, &diags);
  modules_show(&diags);
  assert_true(fine);
  return to;
}

/* One call on a fresh instance. */
static void expect_call(Arena *arena, Str module, const Interface *interface, const Implementation *provider,
                        const char *function, const char *args, const char *want)
{
  Loaded *self = loaded(arena, module, interface, provider, provider != NULL);
  Guest *guest = modules_guest(self);
  modules_expect(arena, self, guest, function, args, want);
  guest_free(guest);
  program_close(self->program);
}

static const char provider_source[] =
    "#include <provider.h>\n"
    "void exports_test_strings_to_test_roundtrip(provider_string_t *s, provider_string_t *ret)\n"
    "{ provider_string_dup_n(ret, (char *)s->ptr, s->len - 1); provider_string_free(s); }\n";

/* A world that exports one interface is implemented by that, with bindings that are named after the world. */
static void a_world_that_exports_an_interface_is_built(void **state)
{
  Arena *arena = *state;
  Str module = built_for(arena, item_named(arena, wit, "provider"), provider_source, "provider.wasm");
  expect_call(arena, module, NULL, NULL, "roundtrip", "\"abc\"", "\"ab\"");
}

/* The header that a source includes says which world it is written for. */
static void the_included_header_says_whose_bindings_are_meant(void **state)
{
  Arena *arena = *state;
  Str module = built_for(arena, item_named(arena, wit, "to-test"), provider_source, "included.wasm");
  expect_call(arena, module, NULL, NULL, "roundtrip", "\"abc\"", "\"ab\"");
  module =
      built_for(arena, item_named(arena, wit, "provider"),
                "  #  include\t\"to_test.h\" // the interface's own\n"
                "void exports_test_strings_to_test_roundtrip(to_test_string_t *s, to_test_string_t *ret)\n"
                "{ *ret = *s; }\n",
                "own.wasm");
  expect_call(arena, module, NULL, NULL, "roundtrip", "\"abc\"", "\"abc\"");
}

static const char shop_source[] =
    "struct exports_my_shop_items_item_t { uint32_t n; };\n"
    "typedef exports_my_shop_items_own_item_t own;\n"
    "static uint32_t live;\n"
    "own exports_my_shop_items_constructor_item(uint32_t n)\n"
    "{ exports_my_shop_items_item_t *it = malloc(sizeof *it); it->n = n; live++;\n"
    "  return exports_my_shop_items_item_new(it); }\n"
    "uint32_t exports_my_shop_items_method_item_get(exports_my_shop_items_borrow_item_t self)\n"
    "{ return self->n; }\n"
    "uint32_t exports_my_shop_items_live(void) { return live; }\n"
    "void exports_my_shop_items_item_destructor(exports_my_shop_items_item_t *rep) { live--; free(rep); }\n"
    "static uint32_t once(uint32_t n)\n"
    "{ own x = exports_my_shop_items_constructor_item(n);\n"
    "  n = exports_my_shop_items_item_rep(x)->n + live; exports_my_shop_items_item_drop_own(x);\n"
    "  return n * 10 + live; }\n";

/* Whichever of a module's interfaces is called, the resources of the others work, destructors too. */
static void resources_of_other_exports_are_the_modules_own(void **state)
{
  Arena *arena = *state;
  Str source = str_format(arena,
                          "#include \"shop.h\"\n%s"
                          "uint32_t exports_my_shop_stats_once(uint32_t n) { return once(n); }\n"
                          "uint32_t exports_my_shop_stats_eat(exports_my_shop_stats_own_item_t x)\n"
                          "{ return exports_my_shop_items_item_rep(x)->n; }\n",
                          shop_source);
  Str module = built_for(arena, item_named(arena, shop_wit, "shop"), str_to_z(arena, source), "shop.wasm");
  expect_call(arena, module, item_named(arena, shop_wit, "stats").interface, NULL, "once", "4", "50");
  expect_call(arena, module, item_named(arena, shop_wit, "items").interface, NULL, "live", "", "0");
  source = str_format(arena,
                      "#include \"with_run.h\"\n%suint32_t exports_with_run_run(void)\n{ return once(6); }\n",
                      shop_source);
  module = built_for(arena, item_named(arena, shop_wit, "with-run"), str_to_z(arena, source), "run.wasm");
  expect_call(arena, module, NULL, NULL, "run", "", "70");
}

/* What a world writes out itself, or exports by a name of its own, has that name alone. */
static void interfaces_by_a_worlds_own_names_are_implemented_and_linked(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation provider;
  Str logger = built_for(arena, item_named(arena, shop_wit, "logger"),
                         "#include \"logger.h\"\n"
                         "uint32_t log_note(log_line_t *l)\n"
                         "{ uint32_t n = (uint32_t)l->text.len; log_line_free(l); return n; }\n",
                         "logger.wasm");
  Str app = built_for(arena, item_named(arena, shop_wit, "app"),
                      "#include \"app.h\"\n"
                      "uint32_t api_f(api_v_t *x)\n"
                      "{ log_line_t line; if (x->tag == API_V_A) line.text = x->val.a;\n"
                      "  else app_string_set(&line.text, \"nine\");\n"
                      "  uint32_t n = log_note(&line); api_v_free(x); return n; }\n",
                      "app.wasm");
  assert_true(implementation_load(arena, logger, NULL, &provider, &diags));
  expect_call(arena, app, NULL, &provider, "f", "a(\"123456789\")", "9");
  expect_call(arena, app, NULL, &provider, "f", "b([1, 2])", "4");
  Str stores =
      built_for(arena, item_named(arena, shop_wit, "stores"),
                "#include \"stores.h\"\n"
                "bool front_get(stores_string_t *key, stores_string_t *ret) { *ret = *key; return true; }\n"
                "bool back_get(stores_string_t *key, stores_string_t *ret)\n"
                "{ stores_string_free(key); (void)ret; return false; }\n",
                "stores.wasm");
  expect_call(arena, stores, NULL, NULL, "get", "\"x\"", "some(\"x\")");
  expect_call(arena, stores, item_named(arena, shop_wit, "back").interface, NULL, "get", "\"x\"", "none");
}

static void what_a_world_lacks_is_said(void **state)
{
  Arena *arena = *state;
  Diags none = diags_in(arena), several = diags_in(arena), missing = diags_in(arena);
  assert_null(interface_named(arena, "quiet", &none));
  modules_assert_says(&none, "world `quiet` of '");
  modules_assert_says(&none, "exports nothing");
  assert_non_null(item_named(arena, shop_wit, "shop").world);
  Str both = str_format(arena, "%.*s#shop", STR_ARG(file_named(arena, "item.wit")));
  assert_null(wit_load_interface(arena, both, NULL, &several));
  modules_assert_says(&several, "exports several interfaces");
  WasmModule module = modules_read(arena, "(module (memory (export \"memory\") 1))");
  Fit fit;
  const Interface *runner = interface_named(arena, "runner", &missing);
  assert_false(implementation_fit(arena, &module, STR("m.wasm"), runner, &fit, &missing));
  modules_assert_says(&missing, "m.wasm: there is no export `run`");
  /* What is built for a world has all of its exports. */
  Diags partly = diags_in(arena);
  Str from = file_named(arena, "partly.wat");
  BuildOptions options = {&from, 1, runner, NULL};
  BuildResult result;
  assert_true(file_write(from, str_from_z(runner_wat), &partly));
  assert_false(build_module(arena, &options, &result, &partly));
  modules_assert_says(&partly, "there is no export `test:strings/to-test#roundtrip`");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_world_of_imports_and_bare_functions_is_built_and_run),
      TEST(what_another_tool_made_runs_when_it_is_told_its_world),
      TEST(a_world_that_exports_an_interface_is_built),
      TEST(the_included_header_says_whose_bindings_are_meant),
      TEST(resources_of_other_exports_are_the_modules_own),
      TEST(interfaces_by_a_worlds_own_names_are_implemented_and_linked),
      TEST(what_a_world_lacks_is_said),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
