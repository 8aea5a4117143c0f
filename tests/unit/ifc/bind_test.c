/* C bindings have the names that wit-bindgen's C generator gives, and compile natively and for wasm32. The
 * names below are written down from its rules and its own tests, not from what bind_c prints. */
#include "tests/unit/ifc/c_bindings.h"

static void keywords_and_out_parameters_get_an_underscore(void **state)
{
  Arena *arena = *state;
  assert_text(name_to_c(arena, STR("some-name")), "some_name");
  assert_text(name_to_c(arena, STR("int")), "int_");
  assert_text(name_to_c(arena, STR("restrict")), "restrict_");
  assert_text(name_to_c(arena, STR("ret")), "ret_");
  assert_text(name_to_c(arena, STR("err")), "err_");
  assert_text(name_to_c(arena, STR("co-HTTP-2x")), "co_http_2x");
  assert_text(name_to_c(arena, STR("bool-and")), "bool_and");
  assert_text(name_to_c_upper(arena, STR("no-such-int")), "NO_SUCH_INT");
}

static void records_are_passed_by_pointer_and_scalars_by_value(void **state)
{
  assert_works(*state,
               "package geometry:shapes; interface circle {\n"
               "  record circle { radius: f64, center: tuple<f64, f64> }\n"
               "  intersects: func(a: circle, b: circle) -> bool;\n"
               "  grown: func(a: circle, by: f32) -> circle;\n"
               "  next: func(letter: char, small: s8, large: u64) -> char;\n"
               "  nothing: func();\n"
               "}",
               "#include \"circle.h\"\n"
               "typedef exports_geometry_shapes_circle_circle_t circle;\n"
               "bool exports_geometry_shapes_circle_intersects(circle *a, circle *b)\n"
               "{ circle_tuple2_f64_f64_t c = a->center; return c.f0 < b->center.f1 + a->radius; }\n"
               "void exports_geometry_shapes_circle_grown(circle *a, float by, circle *ret)\n"
               "{ *ret = *a; ret->radius += (double)by; }\n"
               "uint32_t exports_geometry_shapes_circle_next(uint32_t letter, int8_t small, uint64_t large)\n"
               "{ return letter + (uint32_t)small + (uint32_t)large; }\n"
               "void exports_geometry_shapes_circle_nothing(void) {}\n");
}

static void lists_strings_options_and_results_have_wit_bindgens_shapes(void **state)
{
  assert_works(
      *state,
      "package test:lists; interface to-test {\n"
      "  enum e { a, b-c }\n"
      "  record r { name: string, ids: list<u32> }\n"
      "  variant v { none, num(f32), text(string), many(list<r>) }\n"
      "  flags f { read, write, execute }\n"
      "  bytes: func(x: list<u8>) -> list<u8>;\n"
      "  words: func(x: list<list<string>>) -> list<tuple<u8, u32, u8>>;\n"
      "  maybe: func(x: option<u8>) -> option<string>;\n"
      "  both: func(x: result<u32, e>) -> result<f64, u8>;\n"
      "  only-err: func() -> result<_, e>;\n"
      "  only-ok: func() -> result<r>;\n"
      "  neither: func(x: result) -> result;\n"
      "  rs: func(x: list<r>, y: option<r>, z: v, w: f) -> v;\n"
      "  es: func(x: list<e>) -> e;\n"
      "}",
      "#include \"to_test.h\"\n"
      "typedef exports_test_lists_to_test_r_t r;\n"
      "typedef exports_test_lists_to_test_e_t e;\n"
      "void exports_test_lists_to_test_bytes(to_test_list_u8_t *x, to_test_list_u8_t *ret) { *ret = *x; }\n"
      "void exports_test_lists_to_test_words(to_test_list_list_string_t *x, to_test_list_tuple3_u8_u32_u8_t "
      "*ret)\n"
      "{ to_test_string_t *s = x->ptr[0].ptr; ret->len = s->len; ret->ptr[0].f1 = s->ptr[0];\n"
      "  to_test_list_list_string_free(x); }\n"
      "bool exports_test_lists_to_test_maybe(uint8_t *maybe_x, to_test_string_t *ret)\n"
      "{ to_test_string_dup(ret, \"ab\"); return maybe_x != NULL; }\n"
      "bool exports_test_lists_to_test_both(exports_test_lists_to_test_result_u32_e_t *x, double *ret, "
      "uint8_t *err)\n"
      "{ if (x->is_err) { *err = x->val.err; return false; } *ret = x->val.ok; return true; }\n"
      "bool exports_test_lists_to_test_only_err(e *err)\n"
      "{ *err = EXPORTS_TEST_LISTS_TO_TEST_E_B_C; return false; }\n"
      "bool exports_test_lists_to_test_only_ok(r *ret)\n"
      "{ to_test_string_set(&ret->name, strdup(\"x\")); ret->ids = (to_test_list_u32_t){0}; return true; }\n"
      "bool exports_test_lists_to_test_neither(exports_test_lists_to_test_result_void_void_t *x)\n"
      "{ return x->is_err; }\n"
      "void exports_test_lists_to_test_rs(exports_test_lists_to_test_list_r_t *x, r *maybe_y,\n"
      "    exports_test_lists_to_test_v_t *z, exports_test_lists_to_test_f_t w, "
      "exports_test_lists_to_test_v_t *ret)\n"
      "{ if (w & EXPORTS_TEST_LISTS_TO_TEST_F_EXECUTE) { exports_test_lists_to_test_list_r_free(x); return; "
      "}\n"
      "  if (maybe_y) exports_test_lists_to_test_r_free(maybe_y);\n"
      "  if (z->tag == EXPORTS_TEST_LISTS_TO_TEST_V_TEXT) to_test_string_free(&z->val.text);\n"
      "  exports_test_lists_to_test_v_free(z);\n"
      "  ret->tag = EXPORTS_TEST_LISTS_TO_TEST_V_MANY; ret->val.many = *x; }\n"
      "e exports_test_lists_to_test_es(exports_test_lists_to_test_list_e_t *x) { return x->ptr[0]; }\n");
}

static void aliases_name_what_they_stand_for(void **state)
{
  assert_works(
      *state,
      "package test:names; interface n {\n"
      "  type bytes = list<u8>;\n"
      "  type pair = tuple<bytes, string>;\n"
      "  type metres = f64;\n"
      "  type other-pair = pair;\n"
      "  type perhaps = option<pair>;\n"
      "  f: func(a: bytes, b: metres, c: other-pair) -> tuple<bytes, u8>;\n"
      "  g: func(a: perhaps, b: list<pair>) -> bytes;\n"
      "}",
      "#include \"n.h\"\n"
      "void exports_test_names_n_f(exports_test_names_n_bytes_t *a, exports_test_names_n_metres_t b,\n"
      "    exports_test_names_n_other_pair_t *c, n_tuple2_bytes_u8_t *ret)\n"
      "{ exports_test_names_n_bytes_free(a); exports_test_names_n_other_pair_free(c);\n"
      "  ret->f0.len = 0; ret->f1 = (uint8_t)b; }\n"
      "void exports_test_names_n_g(exports_test_names_n_pair_t *maybe_a, n_list_pair_t *b,\n"
      "    exports_test_names_n_bytes_t *ret)\n"
      "{ exports_test_names_n_perhaps_t p = {maybe_a != NULL, *maybe_a};\n"
      "  exports_test_names_n_perhaps_free(&p); *ret = b->ptr[0].f0; }\n");
}

/* Names of what is made of aliases: since a collision was found in it, wit-bindgen gives them to the
 * interface; before, it gave them to the world. Code for either compiles. */
static void names_of_made_types_follow_the_names_of_their_parts(void **state)
{
  assert_works(*state,
               "package test:names; interface n {\n"
               "  type metres = f64;\n"
               "  f: func(a: list<metres>, b: list<f64>) -> option<list<metres>>;\n"
               "  g: func(a: result<metres>, b: option<metres>) -> tuple<metres, f64>;\n"
               "}",
               "#include \"n.h\"\n"
               "bool exports_test_names_n_f(exports_test_names_n_list_metres_t *a, n_list_f64_t *b,\n"
               "    n_list_metres_t *ret)\n"
               "{ exports_test_names_n_list_metres_free(a); n_list_metres_free(a); n_list_f64_free(b);\n"
               "  *ret = (exports_test_names_n_list_metres_t){0}; return true; }\n"
               "void exports_test_names_n_g(exports_test_names_n_result_metres_void_t *a,\n"
               "    exports_test_names_n_metres_t *maybe_b, exports_test_names_n_tuple2_metres_f64_t *ret)\n"
               "{ n_tuple2_metres_f64_t t = {maybe_b ? *maybe_b : a->val.ok, 2.0}; *ret = t; }\n");
}

/* What an alias stands for is named where the alias was declared, also where a function of another interface
 * takes it apart: a result's and an option's parts are parameters of their own. */
static void parts_of_used_types_are_named_where_those_are_declared(void **state)
{
  static const char wit[] =
      "package a:b;\n"
      "interface types { record foo { x: string } enum code { a, b }\n"
      "  type answer = result<list<foo>, code>; type perhaps = option<list<foo>>; type pair = tuple<foo>; }\n"
      "interface c { use types.{answer, perhaps, pair};\n"
      "  f: func() -> answer; g: func(x: perhaps) -> perhaps; h: func(x: option<pair>) -> answer; }\n"
      "world w { export c; } world v { import c; export run: func(); }";
  Binding exported = world_binding_of(*state, wit, "w"), imported = world_binding_of(*state, wit, "v");
  assert_holds(imported.header, "bool a_b_c_g(a_b_c_perhaps_t *x, a_b_types_list_foo_t *ret);");
  assert_lacks(exported.header, "exports_a_b_c_list_foo");
  assert_binding_works(
      *state, exported,
      "#include \"w.h\"\n"
      "bool exports_a_b_c_f(a_b_types_list_foo_t *ret, a_b_types_code_t *err)\n"
      "{ ret->len = 0; *err = A_B_TYPES_CODE_B; return false; }\n"
      "bool exports_a_b_c_g(exports_a_b_c_perhaps_t *x, a_b_types_list_foo_t *ret)\n"
      "{ *ret = x->val; return x->is_some; }\n"
      "bool exports_a_b_c_h(exports_a_b_c_pair_t *maybe_x, a_b_types_list_foo_t *ret, a_b_types_code_t "
      "*err)\n"
      "{ if (maybe_x) exports_a_b_c_pair_free(maybe_x); return exports_a_b_c_f(ret, err); }\n");
  assert_binding_works(*state, imported,
                       "#include \"v.h\"\n"
                       "void exports_v_run(void)\n"
                       "{ a_b_types_list_foo_t foos; a_b_types_code_t code;\n"
                       "  if (a_b_c_f(&foos, &code)) a_b_types_list_foo_free(&foos); }\n");
}

/* One interface under several names has its types once: what came from one goes to the other. */
static void an_interface_by_several_names_has_its_types_once(void **state)
{
  Binding binding = world_binding_of(
      *state,
      "package foo:foo;\n"
      "interface store { record item { key: string }\n"
      "  all: func(of: list<u8>) -> result<list<item>, item>; set: func(i: list<item>); }\n"
      "world w { import primary: store; import backup: store; import store; export front: store;\n"
      "  export back: store; }",
      "w");
  assert_holds(binding.source, "__import_module__(\"backup\"), __import_name__(\"all\")");
  assert_holds(binding.source, "__export_name__(\"back#set\")");
  assert_binding_works(
      *state, binding,
      "#include \"w.h\"\n"
      "bool front_all(w_list_u8_t *of, front_list_item_t *ret, front_item_t *err)\n"
      "{ primary_list_item_t items; primary_item_t bad;\n"
      "  if (primary_all(of, &items, &bad)) { backup_set(&items); foo_foo_store_set(&items); }\n"
      "  primary_list_item_free(&items); ret->len = 0; w_string_dup(&err->key, \"k\"); return false; }\n"
      "void front_set(front_list_item_t *i) { front_list_item_free(i); }\n"
      "bool back_all(w_list_u8_t *of, front_list_item_t *ret, front_item_t *err)\n"
      "{ return front_all(of, ret, err); }\n"
      "void back_set(front_list_item_t *i) { back_list_item_free(i); }\n");
}

/* What wit-bindgen's bindings have beside the interface: a copy of so many bytes, its realloc, and the symbol
 * by which sources made sure that the object with the world's type is linked. */
static void helpers_have_wit_bindgens_names(void **state)
{
  static const char user[] =
      "#include \"file_names.h\"\n"
      "extern void __component_type_object_force_link_file_names(void);\n"
      "extern void *cabi_realloc(void *, size_t, size_t, size_t);\n"
      "uint32_t exports_a_b_file_names_f(void)\n"
      "{ __component_type_object_force_link_file_names(); return cabi_realloc(NULL, 0, 4, 8) != NULL; }\n"
      "void exports_a_b_file_names_g(file_names_string_t *ret)\n"
      "{ file_names_string_dup_n(ret, \"abcdef\", 3); }\n";
  Binding none = binding_of(*state, "package a:b; interface file-names { f: func() -> u32; }");
  assert_holds(none.source, "cabi_realloc(");
  assert_holds(none.source, "void __component_type_object_force_link_file_names(void)");
  assert_works(*state, "package a:b; interface file-names { f: func() -> u32; g: func() -> string; }", user);
}

/* An option is a pointer that may be NULL where its declaration is one, but not by a second name. */
static void only_options_that_are_declared_as_such_are_nullable(void **state)
{
  Binding binding = binding_of(*state, "package a:b; interface c { type x = option<u8>; type y = x;\n"
                                       "  f: func(a: x, b: y) -> y; }");
  assert_holds(binding.header, "bool exports_a_b_c_f(uint8_t *maybe_a, exports_a_b_c_y_t *b, uint8_t *ret);");
}

/* The names and members of wit-bindgen's own test of maps, tests/runtime/map. */
static void maps_are_lists_of_entries(void **state)
{
  assert_works(
      *state,
      "package test:maps; interface to-test {\n"
      "  type names-by-id = map<u32, string>;\n"
      "  type ids-by-name = map<string, u32>;\n"
      "  record labeled { label: string, values: names-by-id }\n"
      "  named: func(a: names-by-id) -> ids-by-name;\n"
      "  optional: func(a: map<string, option<u32>>) -> map<string, u32>;\n"
      "  nested: func(a: map<string, map<u32, string>>) -> labeled;\n"
      "  pair: func(a: result<names-by-id, string>) -> tuple<ids-by-name, names-by-id>;\n"
      "}",
      "#include \"to_test.h\"\n"
      "void exports_test_maps_to_test_named(exports_test_maps_to_test_names_by_id_t *a,\n"
      "    exports_test_maps_to_test_ids_by_name_t *ret)\n"
      "{ ret->len = a->len;\n"
      "  ret->ptr = (exports_test_maps_to_test_ids_by_name_entry_t *)malloc(\n"
      "      a->len * sizeof(exports_test_maps_to_test_ids_by_name_entry_t));\n"
      "  ret->ptr[0].key = a->ptr[0].value; ret->ptr[0].value = a->ptr[0].key; }\n"
      "void exports_test_maps_to_test_optional(to_test_map_string_option_u32_t *a,\n"
      "    to_test_map_string_u32_t *ret)\n"
      "{ to_test_map_string_u32_entry_t *entry = ret->ptr; entry->key = a->ptr[0].key;\n"
      "  entry->value = a->ptr[0].value.is_some ? a->ptr[0].value.val : 0; }\n"
      "void exports_test_maps_to_test_nested(to_test_map_string_map_u32_string_t *a,\n"
      "    exports_test_maps_to_test_labeled_t *ret)\n"
      "{ ret->values.len = a->ptr[0].value.len; to_test_map_string_map_u32_string_free(a);\n"
      "  exports_test_maps_to_test_names_by_id_free(&ret->values); }\n"
      "void exports_test_maps_to_test_pair(exports_test_maps_to_test_result_names_by_id_string_t *a,\n"
      "    exports_test_maps_to_test_tuple2_ids_by_name_names_by_id_t *ret)\n"
      "{ ret->f0.len = 0; ret->f1 = a->val.ok; }\n");
}

static void lists_of_fixed_length_are_arrays_in_structures(void **state)
{
  assert_works(
      *state,
      "package test:fixed; interface lists {\n"
      "  type key = list<u8, 32>;\n"
      "  f: func(a: list<u16, 3>, b: key) -> list<string, 2>;\n"
      "  g: func(a: list<list<s8, 2>, 2>) -> list<f32, 1>;\n"
      "}",
      "#include \"lists.h\"\n"
      "void exports_test_fixed_lists_f(lists_list3_u16_t *a, exports_test_fixed_lists_key_t *b,\n"
      "    lists_list2_string_t *ret)\n"
      "{ ret->items[0].len = a->items[2]; ret->items[1].len = b->items[31]; lists_list2_string_free(ret); }\n"
      "void exports_test_fixed_lists_g(lists_list2_list2_s8_t *a, lists_list1_f32_t *ret)\n"
      "{ ret->items[0] = a->items[1].items[0]; }\n");
}

/* A declared name wins over one that is made; where both could be the same, they are told apart. */
static void names_that_meet_by_chance_are_told_apart(void **state)
{
  assert_works(*state,
               "package test:names; interface n {\n"
               "  record r { x: u8 }\n"
               "  record list-r { y: string }\n"
               "  type m = map<u8, u8>;\n"
               "  record m-entry { z: u8 }\n"
               "  f: func(a: list<r>, b: list-r, c: m, d: m-entry) -> u8;\n"
               "}",
               "#include \"n.h\"\n");
}

static void what_cannot_be_called_yet_is_left_out_with_the_reason(void **state)
{
  Binding binding =
      binding_of(*state, "package a:b; interface c { resource blob { read: func() -> stream<u8>; }\n"
                         "  record held { it: future<blob> }\n"
                         "  f: func(x: u8) -> u8; g: func(x: held); h: func() -> stream<u8>;\n"
                         "  i: async func(); }");
  assert_holds(binding.header, "uint8_t exports_a_b_c_f(uint8_t x);");
  assert_holds(binding.header,
               "// `held` is left out: it has future<blob> in it, and futures cannot be passed yet\n");
  assert_holds(binding.header, "// `[method]blob.read` is left out: its result is stream<u8>, and streams");
  assert_holds(binding.header,
               "// `g` is left out: parameter `x` has future<blob> in it, and futures cannot");
  assert_holds(binding.header,
               "// `h` is left out: its result is stream<u8>, and streams cannot be passed yet\n");
  assert_holds(binding.header, "// `i` is left out: it is async, and async functions cannot be called yet\n");
  assert_lacks(binding.source, "c#g");
  assert_lacks(binding.source, "c#i");
}

/* The version is part of the names only where two of them meet. */
static void versions_tell_packages_apart(void **state)
{
  static const char wit[] = "package a:user; world w { import my:dep/a@0.1.0; import my:dep/a@0.2.0; }\n"
                            "package my:dep@0.1.0 { interface a { x: func(); } }\n"
                            "package my:dep@0.2.0 { interface a { x: func(); } }";
  Binding binding = world_binding_of(*state, wit, "w");
  assert_holds(binding.header, "void my_dep_0_1_0_a_x(void);");
  assert_holds(binding.header, "void my_dep_0_2_0_a_x(void);");
  assert_holds(binding.source, "__import_module__(\"my:dep/a@0.2.0\"), __import_name__(\"x\")");
  assert_binding_works(*state, binding, "#include \"w.h\"\nvoid f(void) { my_dep_0_1_0_a_x(); }\n");
}

static void used_types_keep_the_name_of_their_interface(void **state)
{
  assert_works(*state,
               "package test:using;\n"
               "interface types { record point { x: f32, tags: list<tag> } enum tag { a } }\n"
               "interface shapes {\n"
               "  use types.{point, tag as label};\n"
               "  f: func(a: point, b: label) -> point;\n"
               "}",
               "#include \"shapes.h\"\n"
               "void exports_test_using_shapes_f(exports_test_using_shapes_point_t *a,\n"
               "    exports_test_using_shapes_label_t b, test_using_types_point_t *ret)\n"
               "{ test_using_types_list_tag_t tags = a->tags; *ret = *a; ret->tags = tags;\n"
               "  if (b == TEST_USING_TYPES_TAG_A) test_using_types_point_free(ret); }\n");
}

static void names_that_c_reserves_are_escaped(void **state)
{
  assert_works(
      *state,
      "package test:words; interface %string {\n"
      "  record struct { int: u8, %float: f32, err: s64, restrict: bool }\n"
      "  variant union { %switch(u8), default }\n"
      "  f: func(int: struct, int8-t: s8, ret: s8, x: union) -> option<s8>;\n"
      "  g: func(a: option<u8>, maybe-a: u8);\n"
      "}",
      "#include <string.h>\n#include \"string.h\"\n"
      "bool exports_test_words_string_f(exports_test_words_string_struct_t *a, int8_t b, int8_t c,\n"
      "    exports_test_words_string_union_t *x, int8_t *ret)\n"
      "{ *ret = (int8_t)(a->int_ + a->float_ + a->err_ + b + c + (int8_t)strlen(\"\"));\n"
      "  return a->restrict_ || x->val.switch_ || x->tag == EXPORTS_TEST_WORDS_STRING_UNION_DEFAULT; }\n");
}

static void exports_are_named_as_wit_component_expects(void **state)
{
  Arena *arena = *state;
  Binding plain = binding_of(arena, "package a:b; interface c { do-it: func(x: u8) -> string; }");
  assert_holds(plain.source, "__export_name__(\"a:b/c#do-it\")");
  assert_holds(plain.source, "__export_name__(\"cabi_post_a:b/c#do-it\")");
  assert_text(plain.header_name, "c.h");
  assert_text(plain.source_name, "c_bindings.c");
  Binding versioned =
      binding_of(arena, "package a:b@1.2.0-rc.1; interface c { do-it: func(x: string) -> u8; }");
  assert_holds(versioned.source, "__export_name__(\"a:b/c@1.2.0-rc.1#do-it\")");
  assert_holds(versioned.source, "__export_name__(\"cabi_realloc\")");
  assert_holds(versioned.header, "uint8_t exports_a_b_c_do_it(c_string_t *x);");
}

static void only_what_is_needed_is_exported(void **state)
{
  Arena *arena = *state;
  Binding scalar = binding_of(arena, "package a:b; interface c { f: func(x: u8) -> option<u8>; }");
  assert_lacks(scalar.source, "__export_name__(\"cabi_realloc\")");
  assert_lacks(scalar.source, "cabi_post");
}

static void spilled_parameters_come_as_one_block(void **state)
{
  assert_works(
      *state,
      "package test:many; interface arguments {\n"
      "  type sixteen = tuple<u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8>;\n"
      "  fits: func(a: sixteen) -> sixteen;\n"
      "  spills: func(a: sixteen, b: option<u8>, c: string) -> u64;\n"
      "}",
      "#include \"arguments.h\"\n"
      "typedef exports_test_many_arguments_sixteen_t sixteen;\n"
      "void exports_test_many_arguments_fits(sixteen *a, sixteen *ret) { *ret = *a; }\n"
      "uint64_t exports_test_many_arguments_spills(sixteen *a, uint8_t *maybe_b, arguments_string_t *c)\n"
      "{ return a->f15 + (maybe_b ? *maybe_b : 0) + c->len; }\n");
  Binding binding =
      binding_of(*state, "package a:b; interface c {"
                         "  f: func(a: list<string>, b: list<string>, c: list<string>, d: string,"
                         "          e: string, f: string, g: string, h: string, i: u8); }");
  assert_holds(binding.source, "__wasm_export_exports_a_b_c_f(int32_t a0)");
}

static void variants_of_many_cases_have_wider_tags(void **state)
{
  Arena *arena = *state;
  Buf wit = buf_in(arena);
  buf_z(&wit, "package a:b; interface c { f: func(x: e) -> e; enum e {");
  for (int i = 0; i < 257; i++) buf_printf(&wit, "x%d,", i);
  buf_z(&wit, "} flags nine { a, b, c, d, e, f, g, h, i } flags most {");
  for (int i = 0; i < 32; i++) buf_printf(&wit, "b%d,", i);
  buf_z(&wit, "} }");
  Binding binding = binding_of(arena, str_to_z(arena, buf_text(&wit)));
  assert_holds(binding.header, "typedef uint16_t exports_a_b_c_e_t;");
  assert_holds(binding.header, "#define EXPORTS_A_B_C_E_X256 256");
  assert_holds(binding.header, "typedef uint16_t exports_a_b_c_nine_t;");
  assert_holds(binding.header, "typedef uint32_t exports_a_b_c_most_t;");
  assert_holds(binding.header, "#define EXPORTS_A_B_C_MOST_B31 (1u << 31)");
}

/* Doubling records have 2^n fields; written out per type they are n. */
static void bindings_are_linear_in_the_source(void **state)
{
  Arena *arena = *state;
  Buf wit = buf_in(arena);
  buf_z(&wit, "package a:b; interface c { record r0 { x: string }\n type t0 = tuple<u8, u8>; variant v0 { a, "
              "b(u8) }\n");
  for (int i = 1; i < 90; i++)
    buf_printf(&wit,
               "record r%d { a: r%d, b: r%d }\n type t%d = tuple<t%d, t%d>; variant v%d { a(v%d), b(v%d) }\n",
               i, i - 1, i - 1, i, i - 1, i - 1, i, i - 1, i - 1);
  buf_z(&wit, "f: func(x: r89, y: t89) -> tuple<v89, t89>; g: func(x: v14) -> v14; }");
  Binding binding = binding_of(arena, str_to_z(arena, buf_text(&wit)));
  assert_true(binding.header.len < 200000);
  assert_true(binding.source.len < 200000);
}

static void docs_become_comments(void **state)
{
  Arena *arena = *state;
  Binding binding =
      binding_of(arena, "package a:b; interface c {\n/// First */ line \\\n/// second\nf: func(); }");
  assert_holds(binding.header, "// First */ line \\ .\n// second\nvoid exports_a_b_c_f(void);");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(keywords_and_out_parameters_get_an_underscore),
      TEST(records_are_passed_by_pointer_and_scalars_by_value),
      TEST(lists_strings_options_and_results_have_wit_bindgens_shapes),
      TEST(aliases_name_what_they_stand_for),
      TEST(names_of_made_types_follow_the_names_of_their_parts),
      TEST(parts_of_used_types_are_named_where_those_are_declared),
      TEST(an_interface_by_several_names_has_its_types_once),
      TEST(helpers_have_wit_bindgens_names),
      TEST(only_options_that_are_declared_as_such_are_nullable),
      TEST(maps_are_lists_of_entries),
      TEST(lists_of_fixed_length_are_arrays_in_structures),
      TEST(names_that_meet_by_chance_are_told_apart),
      TEST(what_cannot_be_called_yet_is_left_out_with_the_reason),
      TEST(versions_tell_packages_apart),
      TEST(used_types_keep_the_name_of_their_interface),
      TEST(names_that_c_reserves_are_escaped),
      TEST(exports_are_named_as_wit_component_expects),
      TEST(only_what_is_needed_is_exported),
      TEST(spilled_parameters_come_as_one_block),
      TEST(variants_of_many_cases_have_wider_tags),
      TEST(bindings_are_linear_in_the_source),
      TEST(docs_become_comments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
