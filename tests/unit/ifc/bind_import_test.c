/* C bindings of what crosses between modules: resources, imports, and exports that use each other. The names
 * are written down from wit-bindgen's rules and its own tests. */
#include "tests/unit/ifc/c_bindings.h"

/* The names and shapes are those of wit-bindgen's crates/c: type_resource and c_func_name. */
static const char exported_resource[] =
    "package a:b@1.2.0; interface c {\n"
    "  record before { of: option<data-set> }\n"
    "  /// Sets of data.\n"
    "  resource data-set { constructor(name: string); read-all: func(at: u32) -> list<u8>;\n"
    "    merge: static func(x: data-set, y: borrow<data-set>) -> result<data-set, string>; }\n"
    "  resource bare;\n"
    "  type set = data-set;\n"
    "  type lent = borrow<data-set>;\n"
    "  f: func(x: list<borrow<set>>, y: option<bare>, z: lent, v: before) -> tuple<set>;\n"
    "  wide: func(a: tuple<u64, u64, u64, u64, u64, u64, u64, u64, u64, u64>, b: tuple<u64, u64, u64,\n"
    "    u64, u64, u64, u64>, c: borrow<bare>, d: bare) -> bare;\n"
    "}";
static const char exported_resource_user[] =
    "#include \"c.h\"\n"
    "struct exports_a_b_c_data_set_t { int n; };\n"
    "struct exports_a_b_c_bare_t { int n; };\n"
    "void exports_a_b_c_data_set_destructor(exports_a_b_c_data_set_t *rep) { free(rep); }\n"
    "void exports_a_b_c_bare_destructor(exports_a_b_c_bare_t *rep) { free(rep); }\n"
    "exports_a_b_c_own_data_set_t exports_a_b_c_constructor_data_set(c_string_t *name)\n"
    "{ c_string_free(name); return exports_a_b_c_data_set_new(NULL); }\n"
    "void exports_a_b_c_method_data_set_read_all(exports_a_b_c_borrow_data_set_t self, uint32_t at,\n"
    "  c_list_u8_t *ret) { ret->len = at + (uint32_t)self->n; ret->ptr = NULL; }\n"
    "bool exports_a_b_c_static_data_set_merge(exports_a_b_c_own_data_set_t x, exports_a_b_c_data_set_t *y,\n"
    "  exports_a_b_c_own_data_set_t *ret, c_string_t *err)\n"
    "{ exports_a_b_c_data_set_rep(x)->n += y->n; err->len = 0; *ret = x; return true; }\n"
    "void exports_a_b_c_f(exports_a_b_c_list_borrow_set_t *x, exports_a_b_c_own_bare_t *maybe_y,\n"
    "  exports_a_b_c_lent_t z, exports_a_b_c_before_t *v, exports_a_b_c_tuple1_own_set_t *ret)\n"
    "{ if (maybe_y) exports_a_b_c_bare_drop_own(*maybe_y);\n"
    "  if (v->of.is_some) exports_a_b_c_data_set_drop_own(v->of.val);\n"
    "  ret->f0 = exports_a_b_c_data_set_new(x->len ? x->ptr[0] : z); }\n";

static void exported_resources_have_wit_bindgens_names(void **state)
{
  Binding binding = binding_of(*state, exported_resource);
  assert_holds(binding.source, "__import_module__(\"[export]a:b/c@1.2.0\"), "
                               "__import_name__(\"[resource-new]data-set\")");
  assert_holds(binding.source, "__export_name__(\"a:b/c@1.2.0#[dtor]data-set\")");
  assert_holds(binding.source, "__export_name__(\"a:b/c@1.2.0#[method]data-set.read-all\")");
  assert_holds(binding.header, "// Sets of data.\ntypedef struct exports_a_b_c_data_set_t");
  assert_works(*state, exported_resource, exported_resource_user);
}

/* Of another interface there are handles only, and what is lent is a handle too. */
static void used_resources_can_be_dropped_and_lent(void **state)
{
  static const char wit[] = "package a:b; interface d { resource blob { read: func(); } resource deep;\n"
                            "  record held { it: deep } }\n"
                            "interface c { use d.{blob as lump, held};\n"
                            "  f: func(x: lump, y: borrow<lump>, z: held) -> lump; }\n";
  Binding binding = binding_of(*state, wit);
  assert_holds(binding.source, "__import_module__(\"a:b/d\"), __import_name__(\"[resource-drop]blob\")");
  assert_holds(binding.source, "__import_module__(\"a:b/d\"), __import_name__(\"[resource-drop]deep\")");
  assert_lacks(binding.source, "resource-new");
  assert_lacks(binding.source, "[dtor]");
  assert_works(*state, wit,
               "#include \"c.h\"\n"
               "exports_a_b_c_own_lump_t exports_a_b_c_f(exports_a_b_c_own_lump_t x,\n"
               "  exports_a_b_c_borrow_lump_t y, a_b_d_held_t *z)\n"
               "{ a_b_d_borrow_blob_t b = a_b_d_borrow_blob(x); (void)b; a_b_d_blob_drop_borrow(y);\n"
               "  a_b_d_deep_drop_own(z->it); return x; }\n");
}

/* Worlds. The first guest is written as those of wit-bindgen's tests/runtime are: a resource that stands for
 * one of the same interface, and functions of the world itself. */
static const char resources_between[] =
    "package test:between; interface test { resource thing {\n"
    "  constructor(v: u32); foo: func() -> u32; bar: func(v: u32); baz: static func(a: thing, b: thing) -> "
    "thing;\n"
    "} }\n"
    "world intermediate { import test; export test; use test.{thing};\n"
    "  import toplevel-import: func(a: thing) -> thing; export toplevel-export: func(a: thing) -> thing; }";

static void what_is_imported_and_exported_has_its_types_twice(void **state)
{
  Binding binding = world_binding_of(*state, resources_between, "intermediate");
  assert_text(binding.header_name, "intermediate.h");
  assert_holds(binding.source,
               "__import_module__(\"test:between/test\"), __import_name__(\"[resource-drop]thing\")");
  assert_holds(binding.source,
               "__import_module__(\"[export]test:between/test\"), __import_name__(\"[resource-new]thing\")");
  assert_holds(binding.source,
               "__import_module__(\"test:between/test\"), __import_name__(\"[static]thing.baz\")");
  assert_holds(binding.source, "__import_module__(\"$root\"), __import_name__(\"toplevel-import\")");
  assert_holds(binding.source, "__export_name__(\"toplevel-export\")");
  assert_holds(binding.source, "__export_name__(\"test:between/test#[constructor]thing\")");
  assert_binding_works(
      *state, binding,
      "#include \"intermediate.h\"\n"
      "struct exports_test_between_test_thing_t { test_between_test_own_thing_t inner; };\n"
      "intermediate_own_thing_t exports_intermediate_toplevel_export(intermediate_own_thing_t a)\n"
      "{ test_between_test_own_thing_t same = a; return intermediate_toplevel_import(same); }\n"
      "exports_test_between_test_own_thing_t exports_test_between_test_constructor_thing(uint32_t v)\n"
      "{ exports_test_between_test_thing_t *rep = malloc(sizeof *rep);\n"
      "  rep->inner = test_between_test_constructor_thing(v + 1);\n"
      "  return exports_test_between_test_thing_new(rep); }\n"
      "uint32_t exports_test_between_test_method_thing_foo(exports_test_between_test_borrow_thing_t self)\n"
      "{ test_between_test_borrow_thing_t lent = test_between_test_borrow_thing(self->inner);\n"
      "  return test_between_test_method_thing_foo(lent) + 2; }\n"
      "void exports_test_between_test_method_thing_bar(exports_test_between_test_borrow_thing_t self, "
      "uint32_t v)\n"
      "{ test_between_test_method_thing_bar(test_between_test_borrow_thing(self->inner), v); }\n"
      "exports_test_between_test_own_thing_t exports_test_between_test_static_thing_baz(\n"
      "  exports_test_between_test_own_thing_t a, exports_test_between_test_own_thing_t b)\n"
      "{ test_between_test_thing_drop_own(exports_test_between_test_thing_rep(a)->inner); return b; }\n"
      "void exports_test_between_test_thing_destructor(exports_test_between_test_thing_t *rep) { free(rep); "
      "}\n");
}

/* Calls as in wit-bindgen's tests of `flavorful` and `strings`, of all shapes of parameters and results. */
static void imports_are_called_like_exports_are_defined(void **state)
{
  Binding binding = world_binding_of(
      *state,
      "package test:flavors@1.2.3; interface to-test {\n"
      "  record r { a: string, b: f32 } enum errno { success, a, b-c } flags f { x, y }\n"
      "  variant v { none, num(f32), wide(u64), text(string), pair(tuple<f64, s8>) }\n"
      "  type maybe = option<string>;\n"
      "  take: func(a: r) -> r; opt: func(a: maybe) -> option<string>; err: func() -> result<_, errno>;\n"
      "  both: func(a: result<u32, string>, b: v) -> result<f64, string>; ok: func(a: list<r>) -> "
      "result<r>;\n"
      "  scalar: func(a: s8, b: char, c: bool, d: f, e: errno) -> f; one: func(a: tuple<u8>) -> "
      "tuple<errno>;\n"
      "  spill: func(a: tuple<u64, u64, u64, u64, u64, u64, u64, u64>, b: maybe, c: list<u8>, d: r, e: v) -> "
      "v;\n"
      "  nothing: func(); neither: func(a: option<option<u8>>) -> result; fixed: func(a: list<f32, 2>) -> "
      "maybe;\n"
      "}\n"
      "world runner { import to-test; import local: interface { f: func(x: string); }\n"
      "  export local: interface { f: func(x: string); } export run: func(a: string) -> list<string>; }",
      "runner");
  assert_holds(binding.source,
               "__import_module__(\"test:flavors/to-test@1.2.3\"), __import_name__(\"take\")");
  assert_holds(binding.source, "__import_module__(\"local\"), __import_name__(\"f\")");
  assert_holds(binding.source, "__export_name__(\"local#f\")");
  assert_holds(binding.source, "__export_name__(\"run\")");
  assert_holds(binding.source, "__export_name__(\"cabi_post_run\")");
  assert_holds(binding.header,
               "bool test_flavors_to_test_opt(runner_string_t *maybe_a, runner_string_t *ret);");
  assert_binding_works(
      *state, binding,
      "#include \"runner.h\"\n"
      "void exports_local_f(runner_string_t *x) { local_f(x); }\n"
      "void exports_runner_run(runner_string_t *a, runner_list_string_t *ret)\n"
      "{ test_flavors_to_test_r_t r, got; runner_string_set(&r.a, \"latin\"); r.b = 2;\n"
      "  test_flavors_to_test_take(&r, &got); test_flavors_to_test_r_free(&got);\n"
      "  runner_string_t text; if (test_flavors_to_test_opt(a, &text)) runner_string_free(&text);\n"
      "  test_flavors_to_test_maybe_t m = {true, *a}; test_flavors_to_test_opt(&m.val, &text);\n"
      "  test_flavors_to_test_errno_t e;\n"
      "  if (!test_flavors_to_test_err(&e) && e == TEST_FLAVORS_TO_TEST_ERRNO_B_C) return;\n"
      "  test_flavors_to_test_result_u32_string_t either = {.is_err = true, .val = {.err = *a}};\n"
      "  test_flavors_to_test_v_t v = {.tag = TEST_FLAVORS_TO_TEST_V_NUM, .val = {.num = 1}}, w; double d;\n"
      "  if (!test_flavors_to_test_both(&either, &v, &d, &text)) runner_string_free(&text);\n"
      "  test_flavors_to_test_list_r_t rs = {&r, 1};\n"
      "  if (test_flavors_to_test_ok(&rs, &got)) test_flavors_to_test_r_free(&got);\n"
      "  test_flavors_to_test_f_t f = test_flavors_to_test_scalar(-1, 'x', true, TEST_FLAVORS_TO_TEST_F_Y, "
      "e);\n"
      "  runner_tuple1_u8_t one = {f}; test_flavors_to_test_tuple1_errno_t error;\n"
      "  test_flavors_to_test_one(&one, &error);\n"
      "  runner_tuple8_u64_u64_u64_u64_u64_u64_u64_u64_t many = {1, 2, 3, 4, 5, 6, 7, 8};\n"
      "  runner_list_u8_t bytes = {a->ptr, a->len};\n"
      "  test_flavors_to_test_spill(&many, NULL, &bytes, &r, &v, &w); test_flavors_to_test_v_free(&w);\n"
      "  test_flavors_to_test_nothing(); runner_option_u8_t inner = {true, 3};\n"
      "  test_flavors_to_test_neither(&inner); ret->ptr = NULL; ret->len = 0; }\n");
}

/* Exports refer to what is exported, imports to what is imported. */
static void exports_use_exported_types_where_there_are_some(void **state)
{
  static const char wit[] = "package a:b; interface types { record point { x: f32 } }\n"
                            "interface shapes { use types.{point}; f: func(p: point) -> point; }\n"
                            "world one { import shapes; export shapes; }\n"
                            "world two { import shapes; export shapes; export types; }\n"
                            "world root { use types.{point}; record own-one { p: point }\n"
                            "  import g: func(o: own-one) -> list<own-one>; export h: func(p: point); }";
  Binding one = world_binding_of(*state, wit, "one"), two = world_binding_of(*state, wit, "two");
  Binding root = world_binding_of(*state, wit, "root");
  assert_holds(one.header, "typedef a_b_types_point_t exports_a_b_shapes_point_t;");
  assert_holds(one.header, "typedef a_b_types_point_t a_b_shapes_point_t;");
  assert_holds(two.header, "typedef exports_a_b_types_point_t exports_a_b_shapes_point_t;");
  assert_holds(two.header, "typedef a_b_types_point_t a_b_shapes_point_t;");
  assert_holds(root.header, "void root_g(root_own_one_t *o, root_list_own_one_t *ret);");
  assert_holds(root.header, "void exports_root_h(root_point_t *p);");
  assert_binding_works(
      *state, one,
      "#include \"one.h\"\n"
      "void exports_a_b_shapes_f(exports_a_b_shapes_point_t *p, exports_a_b_shapes_point_t *ret)\n"
      "{ a_b_shapes_f(p, ret); }\n");
  assert_binding_works(
      *state, two,
      "#include \"two.h\"\n"
      "void exports_a_b_shapes_f(exports_a_b_types_point_t *p, exports_a_b_shapes_point_t *ret)\n"
      "{ a_b_shapes_point_t q = {p->x}, r; a_b_shapes_f(&q, &r); ret->x = r.x; }\n");
  assert_binding_works(*state, root,
                       "#include \"root.h\"\n"
                       "void exports_root_h(a_b_types_point_t *p)\n"
                       "{ root_own_one_t o = {*p}; root_list_own_one_t ret; root_g(&o, &ret);\n"
                       "  root_list_own_one_free(&ret); }\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(exported_resources_have_wit_bindgens_names),
      TEST(used_resources_can_be_dropped_and_lent),
      TEST(what_is_imported_and_exported_has_its_types_twice),
      TEST(imports_are_called_like_exports_are_defined),
      TEST(exports_use_exported_types_where_there_are_some),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
