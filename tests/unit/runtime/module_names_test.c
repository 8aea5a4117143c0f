#include "runtime/module_names.h"

#include "tests/unit/runtime/modules.h"

static ModuleNames names_of(void **state, const char *wat)
{
  WasmModule *module = arena_new_of(*state, WasmModule);
  Diags diags = diags_in(*state);
  assert_true(wasm_read(*state, STR("m.wasm"), modules_wasm(*state, wat), module, &diags));
  return module_names(*state, module);
}

#define TYPE_OF(function) wasm_type_text(*state, (function).type)

static void exports_are_gathered_by_interface(void **state)
{
  ModuleNames names = names_of(state, "(module"
                                      "  (func (export \"a:b/c@1.0.0#f\") (param i32 f64))"
                                      "  (func (export \"d:e/g#h\") (result i64) i64.const 0)"
                                      "  (func (export \"a:b/c@1.0.0#[method]r.m\") (result i32) i32.const 0)"
                                      "  (func (export \"cabi_post_a:b/c@1.0.0#[method]r.m\") (param i32)))");
  assert_int_equal(names.provides.len, 2);
  const NamedInterface *first = &names.provides.at[0], *second = &names.provides.at[1];
  assert_text(first->id, "a:b/c");
  assert_text(first->version, "1.0.0");
  assert_int_equal(first->function_count, 2);
  assert_text(first->functions[0].name, "f");
  assert_text(TYPE_OF(first->functions[0]), "(i32, f64) -> ()");
  assert_false(first->functions[0].has_post_return);
  assert_text(first->functions[1].name, "[method]r.m");
  assert_true(first->functions[1].has_post_return);
  assert_text(second->id, "d:e/g");
  assert_text(second->version, "");
  assert_text(TYPE_OF(second->functions[0]), "() -> i64");
  assert_int_equal(names.other_export_count, 0);
}

static void functions_of_the_world_have_bare_names(void **state)
{
  ModuleNames names = names_of(
      state, "(module (memory (export \"memory\") 1)"
             "  (func (export \"run\")) (func (export \"cabi_realloc\")) (func (export \"_initialize\"))"
             "  (func (export \"inline#go\")) (func (export \"[async-lift]a:b/c#slow\"))"
             "  (func (export \"[callback][async-lift]a:b/c#slow\")) (func (export \"#\")))");
  assert_int_equal(names.provides.len, 3);
  assert_text(names.provides.at[0].id, "");
  assert_int_equal(names.provides.at[0].function_count, 1);
  assert_text(names.provides.at[0].functions[0].name, "run");
  assert_text(names.provides.at[1].id, "inline");
  assert_text(names.provides.at[2].id, "a:b/c");
  assert_true(names.provides.at[2].functions[0].is_async);
  assert_int_equal(names.other_export_count, 5);
  assert_text(names.other_exports[0], "memory");
  assert_text(names.other_exports[4], "#");
}

static void what_a_host_does_for_own_resources_is_no_need(void **state)
{
  ModuleNames names = names_of(
      state, "(module (import \"[export]a:b/c@1.0.0\" \"[resource-new]r\" (func (param i32) (result i32)))"
             "  (import \"[export]a:b/c@1.0.0\" \"[resource-drop]r\" (func (param i32)))"
             "  (import \"[export]$root\" \"[resource-rep]q\" (func (param i32) (result i32)))"
             "  (import \"d:e/f\" \"[resource-drop]s\" (func (param i32)))"
             "  (import \"[export]a:b/c\" \"strange\" (func)))");
  assert_int_equal(names.own_resources.len, 2);
  assert_text(names.own_resources.at[0].id, "a:b/c");
  assert_text(names.own_resources.at[0].version, "1.0.0");
  assert_int_equal(names.own_resources.at[0].function_count, 2);
  assert_text(names.own_resources.at[0].functions[1].name, "[resource-drop]r");
  assert_text(names.own_resources.at[1].id, "");
  assert_int_equal(names.needs.len, 1);
  assert_text(names.needs.at[0].id, "d:e/f");
  assert_int_equal(names.core_imports.len, 1);
  assert_text(names.core_imports.at[0].id, "[export]a:b/c");
}

static void imports_are_needs_or_core_modules(void **state)
{
  ModuleNames names =
      names_of(state, "(module (import \"a:b/c@0.2.0\" \"f\" (func (param i32)))"
                      "  (import \"$root\" \"log\" (func))"
                      "  (import \"[export]x:y/z\" \"[resource-new]r\" (func (param i32) (result i32)))"
                      "  (import \"env\" \"memory\" (memory 1)))");
  assert_int_equal(names.needs.len, 2);
  assert_text(names.needs.at[0].id, "a:b/c");
  assert_text(names.needs.at[0].version, "0.2.0");
  assert_text(TYPE_OF(names.needs.at[0].functions[0]), "(i32) -> ()");
  assert_text(names.needs.at[1].id, "");
  assert_int_equal(names.core_imports.len, 1);
  assert_text(names.core_imports.at[0].id, "env");
  assert_null(names.core_imports.at[0].functions[0].type);
  assert_int_equal(names.provides.len, 0);
}

static void hostile_names_are_escaped(void **state)
{
  assert_text(wasm_name_text(*state, STR("a\x1b[31m\n")), "a\\x1b[31m\\x0a");
  Str longest = {arena_alloc(*state, 5000), 5000};
  assert_true(wasm_name_text(*state, longest).len < 1100);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(exports_are_gathered_by_interface), TEST(functions_of_the_world_have_bare_names),
      TEST(imports_are_needs_or_core_modules), TEST(what_a_host_does_for_own_resources_is_no_need),
      TEST(hostile_names_are_escaped),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
