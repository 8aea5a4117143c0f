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
  BuildOptions options = {&from, 1, interface};
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

static void what_a_world_lacks_is_said(void **state)
{
  Arena *arena = *state;
  Diags none = diags_in(arena), missing = diags_in(arena);
  assert_null(interface_named(arena, "quiet", &none));
  modules_assert_says(&none, "there is a world of this name, which exports no functions by itself");
  WasmModule module = modules_read(arena, "(module (memory (export \"memory\") 1))");
  Fit fit;
  const Interface *runner = interface_named(arena, "runner", &missing);
  assert_false(implementation_fit(arena, &module, STR("m.wasm"), runner, &fit, &missing));
  modules_assert_says(&missing, "m.wasm: there is no export `run`");
  /* What is built for a world has all of its exports. */
  Diags partly = diags_in(arena);
  Str from = file_named(arena, "partly.wat");
  BuildOptions options = {&from, 1, runner};
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
      TEST(what_a_world_lacks_is_said),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
