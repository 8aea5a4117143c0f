/* What WIT resolves to, how files are found, and limits. Messages are in tests/golden/ifc. */
#include "ifc/wit.h"

#include "ifc/base/buf.h"
#include "tests/unit/ifc/wit_packages.h"

static void a_package_has_a_name_and_interfaces(void **state)
{
  const Package *package = parse(*state, STR("/// Docs.\npackage my-ns:my-pkg@1.2.3-rc.1;\n"
                                             "/// A.\ninterface a {} interface %world {}"));
  assert_text(package->namespace, "my-ns");
  assert_text(package->name, "my-pkg");
  assert_text(package->version, "1.2.3-rc.1");
  assert_text(package->docs, "Docs.");
  assert_int_equal(package->interface_count, 2);
  assert_text(package->interfaces[0].id, "my-ns:my-pkg/a");
  assert_text(package->interfaces[0].docs, "A.");
  assert_text(package->interfaces[1].name, "world");
  assert_ptr_equal(package->interfaces[1].package, package);
}

static void interfaces_are_found_by_name_or_id(void **state)
{
  const Package *package = parse(*state, STR("package a:b@1.0.0; interface i {} interface j {}"));
  assert_ptr_equal(package_interface(package, STR("j")), &package->interfaces[1]);
  assert_ptr_equal(package_interface(package, STR("a:b/j")), &package->interfaces[1]);
  assert_null(package_interface(package, STR("a:b/k")));
}

static void functions_keep_the_order_written(void **state)
{
  const Interface *interface =
      parse(*state,
            STR("package a:b; interface i {\n /// Does.\n z: func(b: u8, a: string) -> bool; a: func(); }"))
          ->interfaces;
  assert_int_equal(interface->function_count, 2);
  const Function *z = &interface->functions[0];
  assert_text(z->name, "z");
  assert_text(z->docs, "Does.");
  assert_int_equal(z->index, 0);
  assert_int_equal(z->kind, FUNCTION_FREE);
  assert_int_equal(z->param_count, 2);
  assert_text(z->params[0].name, "b");
  assert_ptr_equal(z->params[1].type, type_of_kind(TYPE_STRING));
  assert_ptr_equal(z->result, type_of_kind(TYPE_BOOL));
  assert_null(interface->functions[1].result);
  assert_int_equal(interface->functions[1].index, 1);
}

static void composite_types_have_fields(void **state)
{
  const Interface *interface = parse(*state, STR("package a:b; interface i {\n"
                                                 "record r {\n /// X.\n x: u8, y: list<r2> }\n"
                                                 "record r2 { z: char }\n"
                                                 "variant v { none, some(r), }\n"
                                                 "enum e { p, Q, }\n"
                                                 "flags f { one, two }\n}"))
                                   ->interfaces;
  const Type *r = interface->typedefs[0].type, *r2 = interface->typedefs[1].type;
  assert_int_equal(r->kind, TYPE_RECORD);
  assert_ptr_equal(r->named, &interface->typedefs[0]);
  assert_text(r->fields[0].name, "x");
  assert_text(r->fields[0].docs, "X.");
  assert_ptr_equal(r->fields[1].type->element, r2);
  const Type *v = interface->typedefs[2].type;
  assert_int_equal(v->kind, TYPE_VARIANT);
  assert_null(v->fields[0].type);
  assert_ptr_equal(v->fields[1].type, r);
  const Type *e = interface->typedefs[3].type;
  assert_int_equal(e->kind, TYPE_ENUM);
  assert_text(e->fields[1].name, "Q");
  assert_null(e->fields[1].type);
  assert_int_equal(interface->typedefs[4].type->kind, TYPE_FLAGS);
  assert_int_equal(interface->typedefs[4].type->count, 2);
}

static void results_have_either_both_or_no_part(void **state)
{
  const Type *u8 = type_of_kind(TYPE_U8), *text = type_of_kind(TYPE_STRING);
  static const char *const types[] = {"result", "result<u8>", "result<_, string>", "result<u8, string>"};
  for (size_t i = 0; i < 4; i++) {
    const Type *type = wit_type(*state, STR(""), str_from_z(types[i]));
    assert_int_equal(type->kind, TYPE_RESULT);
    assert_ptr_equal(type->element, i & 1 ? u8 : NULL);
    assert_ptr_equal(type->error, i & 2 ? text : NULL);
  }
}

static void aliases_share_their_type(void **state)
{
  const Interface *interface = parse(*state, STR("package a:b; interface i {\n"
                                                 "type a = b; type b = list<u8>; type c = u8; type d = r;\n"
                                                 "record r { x: a, y: b }\n}"))
                                   ->interfaces;
  const TypeDef *defs = interface->typedefs;
  assert_ptr_equal(defs[0].type, defs[1].type);
  assert_ptr_equal(defs[0].alias, &defs[1]);
  assert_null(defs[1].alias);
  assert_null(defs[1].type->named);
  assert_ptr_equal(defs[2].type, type_of_kind(TYPE_U8));
  assert_ptr_equal(defs[3].type, defs[4].type);
  assert_ptr_equal(defs[3].type->named, &defs[4]);
  assert_true(type_equal(defs[4].type->fields[0].type, defs[4].type->fields[1].type));
}

static void types_know_by_which_name_they_were_written(void **state)
{
  const Interface *interface =
      parse(*state, STR("package a:b; interface i {\n"
                        "type metres = f64; record r { x: f64 } type s = r;\n"
                        "f: func(a: metres, b: f64, c: r, d: s, e: list<metres>); }"))
          ->interfaces;
  const TypeDef *metres = &interface->typedefs[0], *r = &interface->typedefs[1], *s = &interface->typedefs[2];
  const Param *params = interface->functions[0].params;
  assert_ptr_equal(params[0].type->alias, metres);
  assert_int_equal(params[0].type->kind, TYPE_F64);
  assert_null(params[1].type->alias);
  assert_null(params[2].type->alias);
  assert_ptr_equal(params[2].type->named, r);
  assert_ptr_equal(params[3].type->alias, s);
  assert_ptr_equal(params[3].type->named, r);
  assert_null(params[4].type->alias);
  assert_ptr_equal(params[4].type->element->alias, metres);
}

static void used_types_are_those_of_their_interface(void **state)
{
  const Package *package = parse(*state, STR("package a:b;\n"
                                             "interface top { use middle.{t, u as v}; f: func(x: t) -> v; }\n"
                                             "interface middle { use base.{r as t}; type u = list<t>; }\n"
                                             "interface base { record r { x: u8 } }"));
  const Interface *top = &package->interfaces[0], *middle = &package->interfaces[1];
  const TypeDef *r = &package->interfaces[2].typedefs[0];
  assert_int_equal(top->typedef_count, 2);
  assert_true(top->typedefs[0].is_use);
  assert_ptr_equal(top->typedefs[0].owner, top);
  assert_ptr_equal(top->typedefs[0].alias, &middle->typedefs[0]);
  assert_ptr_equal(top->typedefs[0].type, r->type);
  assert_text(top->typedefs[1].name, "v");
  assert_ptr_equal(top->functions[0].result->element->named, r);
  assert_ptr_equal(top->functions[0].result->element->alias, &middle->typedefs[0]);
  assert_int_equal(top->use_count, 1);
  assert_ptr_equal(top->uses[0], middle);
}

static void resources_have_functions(void **state)
{
  const Interface *interface =
      parse(*state, STR("package a:b; interface i { f: func(); resource blob { constructor(n: u8);\n"
                        "  read: async func(n: u32) -> string; merge: static func(a: blob); }\n"
                        "resource fallible { constructor() -> result<fallible, string>; } g: func(); }"))
          ->interfaces;
  static const char *const names[] = {
      "f", "[constructor]blob", "[method]blob.read", "[static]blob.merge", "[constructor]fallible", "g"};
  static const char *const plain[] = {"f", "constructor", "read", "merge", "constructor", "g"};
  const TypeDef *blob = &interface->typedefs[0];
  assert_int_equal(interface->function_count, 6);
  for (uint32_t i = 0; i < 6; i++) {
    assert_slice(interface->functions[i].name, str_from_z(names[i]));
    assert_slice(interface->functions[i].plain, str_from_z(plain[i]));
    assert_int_equal(interface->functions[i].index, i);
  }
  assert_null(interface->functions[0].resource);
  const Function *constructor = &interface->functions[1], *read = &interface->functions[2];
  assert_int_equal(constructor->kind, FUNCTION_CONSTRUCTOR);
  assert_ptr_equal(constructor->resource, blob);
  assert_int_equal(constructor->result->kind, TYPE_OWN);
  assert_ptr_equal(constructor->result->named, blob);
  assert_int_equal(read->kind, FUNCTION_METHOD);
  assert_true(read->is_async);
  assert_int_equal(read->param_count, 2);
  assert_text(read->params[0].name, "self");
  assert_int_equal(read->params[0].type->kind, TYPE_BORROW);
  assert_ptr_equal(read->params[0].type->named, blob);
  assert_int_equal(interface->functions[3].kind, FUNCTION_STATIC);
  assert_int_equal(interface->functions[3].param_count, 1);
  assert_int_equal(interface->functions[4].result->kind, TYPE_RESULT);
  assert_ptr_equal(interface->functions[4].result->element->named, &interface->typedefs[1]);
}

static void handles_name_the_declaration_of_their_resource(void **state)
{
  const Package *package = parse(*state, STR("package a:b; interface base { resource r; }\n"
                                             "interface i { use base.{r as q}; type s = q; type h = own<q>;\n"
                                             "f: func(a: q, b: own<q>, c: borrow<s>, d: h); }"));
  const Interface *i = &package->interfaces[1];
  const TypeDef *r = &package->interfaces[0].typedefs[0], *q = &i->typedefs[0], *s = &i->typedefs[1];
  const Param *params = i->functions[0].params;
  for (uint32_t k = 0; k < 4; k++) assert_ptr_equal(params[k].type->named, r);
  assert_ptr_equal(r->resource, r);
  assert_ptr_equal(q->resource, r);
  assert_ptr_equal(s->resource, r);
  assert_null(i->typedefs[2].resource);
  assert_int_equal(params[0].type->kind, TYPE_OWN);
  assert_ptr_equal(params[0].type->alias, q);
  assert_ptr_equal(params[1].type->alias, q);
  assert_int_equal(params[2].type->kind, TYPE_BORROW);
  assert_ptr_equal(params[2].type->alias, s);
  assert_int_equal(params[3].type->kind, TYPE_OWN);
  assert_ptr_equal(params[3].type->alias, &i->typedefs[2]);
}

static void maps_fixed_lists_streams_and_futures_have_parts(void **state)
{
  const Type *map = wit_type(*state, STR(""), STR("map<string, list<u8, 4>>"));
  assert_int_equal(map->kind, TYPE_MAP);
  assert_int_equal(map->element->kind, TYPE_TUPLE);
  assert_int_equal(map->element->count, 2);
  assert_int_equal(map->element->fields[0].type->kind, TYPE_STRING);
  const Type *list = map->element->fields[1].type;
  assert_int_equal(list->kind, TYPE_FIXED_LIST);
  assert_int_equal(list->count, 4);
  assert_int_equal(list->element->kind, TYPE_U8);
  assert_int_equal(wit_type(*state, STR(""), STR("stream<u8>"))->element->kind, TYPE_U8);
  assert_null(wit_type(*state, STR(""), STR("stream"))->element);
  assert_int_equal(wit_type(*state, STR(""), STR("future<u8>"))->kind, TYPE_FUTURE);
  assert_int_equal(wit_type(*state, STR(""), STR("error-context"))->kind, TYPE_ERROR_CONTEXT);
}

static void a_file_names_interfaces_for_itself(void **state)
{
  const Package *package = parse(*state, STR("package a:b; use base as b; use base as c;\n"
                                             "interface i { use b.{t}; use c.{t as u}; }\n"
                                             "interface base { type t = u8; }"));
  assert_ptr_equal(package->interfaces[0].typedefs[1].alias, &package->interfaces[1].typedefs[0]);
}

static void all_errors_of_a_text_come_in_one_run(void **state)
{
  Diags diags = rejected(*state, STR("package a:b\n" /* no ';' */
                                     "interface i {\n"
                                     "  type a = nope;\n"           /* unknown */
                                     "  record b { x: u8 y: u8 }\n" /* no ',' */
                                     "  f: func(x: u8, X: u8);\n"   /* twice */
                                     "  enum c {}\n"                /* empty */
                                     "  g: fun();\n"                /* not func */
                                     "  record b { z: u8 }\n"       /* taken */
                                     "}\n"
                                     "interface j { use i.{q}; }\n")); /* unknown */
  assert_int_equal(diags.errors, 8);
  uint32_t at = 0;
  for (const Diag *diag = diags.first; diag; diag = diag->next) {
    assert_true(diag->span.at >= at);
    at = diag->span.at;
  }
}

static void what_did_not_parse_is_not_reported_as_unknown(void **state)
{
  assert_int_equal(
      rejected(*state, STR("package a:b; interface i { record r { x: } f: func(a: r); }")).errors, 1);
  assert_int_equal(rejected(*state, STR("package a:b; interface i { use x{r}; f: func(a: r); }")).errors, 1);
  assert_int_equal(
      rejected(*state, STR("package a:b; interface i { recrod r { x: u8 } f: func(a: r); }")).errors, 1);
}

static void earlier_errors_are_of_no_concern(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_USAGE, SPAN_NONE, "something else");
  assert_non_null(wit_parse(*state, source_of(*state, STR("package a:b; interface i {}")), NULL, &diags));
  assert_int_equal(diags.errors, 1);
  assert_null(wit_parse(*state, source_of(*state, STR("")), NULL, &diags));
  assert_int_equal(diags.errors, 2);
  assert_int_equal(diags.first->code, DIAG_USAGE);
}

/* "type t0 = LAST; …; type tN = list<tN-1>;", in one order or the other. */
static Str chain(Arena *arena, int length, bool backwards, const char *form)
{
  Buf out = buf_in(arena);
  buf_z(&out, "package a:b; interface i { type t0 = u8;\n");
  for (int k = 1; k <= length; k++) {
    int i = backwards ? length + 1 - k : k;
    buf_printf(&out, "type t%d = ", i);
    buf_printf(&out, "%s", form);
    buf_printf(&out, "t%d%s;\n", i - 1, *form ? ">" : "");
  }
  buf_printf(&out, "f: func(x: t%d); }", length);
  return buf_text(&out);
}

static void types_may_be_nested_2000_deep_in_any_order(void **state)
{
  for (int backwards = 0; backwards < 2; backwards++) {
    const Package *package = parse(*state, chain(*state, TYPE_DEPTH_MAX, backwards, "list<"));
    int depth = 0;
    for (const Type *type = package->interfaces[0].functions[0].params[0].type; type->element;
         type = type->element)
      depth++;
    assert_int_equal(depth, TYPE_DEPTH_MAX);
    Diags diags = rejected(*state, chain(*state, TYPE_DEPTH_MAX + 1, backwards, "list<"));
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.first->code, DIAG_TYPE);
  }
}

/* Whatever is built from what is nested too deep, however much more. */
static void too_deep_a_nesting_is_told_once(void **state)
{
  static const char *const wholes[] = {"type t%d = list<t%d>; ", "record t%d { a: t%d } "};
  for (size_t i = 0; i < 2; i++) {
    Buf text = buf_in(*state);
    buf_z(&text, "package a:b; interface i { type t0 = u8; ");
    for (int k = 1; k < 3 * TYPE_DEPTH_MAX; k++) buf_printf(&text, i ? wholes[1] : wholes[0], k, k - 1);
    buf_z(&text, "}");
    assert_int_equal(rejected(*state, buf_text(&text)).errors, 1);
  }
}

static void chains_of_aliases_may_be_longer(void **state)
{
  for (int backwards = 0; backwards < 2; backwards++) {
    const Package *package = parse(*state, chain(*state, 50000, backwards, ""));
    assert_int_equal(package->interfaces[0].functions[0].params[0].type->kind, TYPE_U8);
  }
}

static void a_long_cycle_is_found(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b; interface i {\n");
  for (int i = 0; i < 20000; i++) buf_printf(&text, "type r%d = r%d;\n", i, (i + 1) % 20000);
  buf_byte(&text, '}');
  assert_int_equal(rejected(*state, buf_text(&text)).errors, 1);
}

static void a_long_chain_of_interfaces_resolves(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b;\n");
  for (int i = 0; i < 20000; i++) buf_printf(&text, "interface i%d { use i%d.{t}; }\n", i, i + 1);
  buf_z(&text, "interface i20000 { type t = u8; }");
  assert_int_equal(parse(*state, buf_text(&text))->interface_count, 20001);
}

static void flags_are_32_at_most(void **state)
{
  for (int count = 32; count <= 33; count++) {
    Buf text = buf_in(*state);
    buf_z(&text, "package a:b; interface i { flags f { f0");
    for (int i = 1; i < count; i++) buf_printf(&text, ", f%d", i);
    buf_z(&text, " } }");
    if (count == 32)
      parse(*state, buf_text(&text));
    else
      rejected(*state, buf_text(&text));
  }
}

static void many_errors_take_little_time(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b; interface i {\n");
  for (int i = 0; i < 20000; i++) buf_printf(&text, "type t%d = u%d;\n", i, i + 100);
  buf_byte(&text, '}');
  Diags diags = rejected(*state, buf_text(&text));
  assert_int_equal(diags.errors, 20000);
  assert_int_equal(diags.dropped, 19900);
}

static void a_folder_is_one_package(void **state)
{
  Diags diags = diags_in(*state);
  Str folder = make_folder(*state);
  put_file(*state, folder, "b.wit", "package x:y@1.0.0; interface two { type t = u8; }");
  put_file(*state, folder, "a.wit", "use two as other; interface one { use other.{t}; }");
  put_file(*state, folder, "c.txt", "not read");
  put_file(*state, folder, "inner/d.wit", "not read");
  const Package *package = wit_load(*state, folder, NULL, &diags);
  print_diags(&diags);
  assert_non_null(package);
  assert_text(package->version, "1.0.0");
  assert_int_equal(package->interface_count, 2);
  assert_text(package->interfaces[0].name, "one");
  dir_remove(folder);
}

static void assert_not_loaded(Arena *arena, Str path, DiagCode code)
{
  Diags diags = diags_in(arena);
  assert_null(wit_load(arena, path, NULL, &diags));
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->code, code);
}

static void what_cannot_be_read_is_said(void **state)
{
  Str folder = make_folder(*state);
  assert_not_loaded(*state, path_join(*state, folder, STR("missing.wit")), DIAG_INPUT);
  assert_not_loaded(*state, folder, DIAG_INPUT);
  Diags diags = diags_in(*state);
  Str module = path_join(*state, folder, STR("module.wasm"));
  assert_true(file_write(module, (Str){"\0asm\1\0\0\0", 8}, &diags));
  assert_not_loaded(*state, module, DIAG_INPUT);
  assert_not_loaded(*state, put_file(*state, folder, "latin.wit", "// \xe9"), DIAG_INPUT);
  dir_remove(folder);
}

static void a_reference_names_an_interface_where_there_are_several(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str folder = make_folder(arena);
  Str one = put_file(arena, folder, "one.wit", "package x:y; interface only {}");
  Str two = put_file(arena, folder, "two.wit", "package x:y; interface a {} interface b {}");
  Str hash = put_file(arena, folder, "a#b", "package x:y; interface c {}");
  assert_text(wit_load_interface(arena, one, NULL, &diags)->name, "only");
  assert_text(wit_load_interface(arena, str_format(arena, "%.*s#only", STR_ARG(one)), NULL, &diags)->name,
              "only");
  assert_text(wit_load_interface(arena, str_format(arena, "%.*s#b", STR_ARG(two)), NULL, &diags)->name, "b");
  assert_text(wit_load_interface(arena, str_format(arena, "%.*s#x:y/a", STR_ARG(two)), NULL, &diags)->name,
              "a");
  assert_text(wit_load_interface(arena, hash, NULL, &diags)->name, "c");
  assert_text(wit_load_interface(arena, str_format(arena, "%.*s#c", STR_ARG(hash)), NULL, &diags)->name, "c");
  assert_int_equal(diags.errors, 0);

  assert_null(wit_load_interface(arena, two, NULL, &diags));
  assert_int_equal(diags.last->code, DIAG_USAGE);
  assert_true(str_find(diags.last->message, STR("`a` and `b`")) != SIZE_MAX);
  assert_null(wit_load_interface(arena, str_format(arena, "%.*s#onli", STR_ARG(one)), NULL, &diags));
  assert_int_equal(diags.last->code, DIAG_NAME);
  assert_text(diags.last->notes->message, "did you mean `only`?");
  assert_int_equal(diags.errors, 2);
  dir_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_package_has_a_name_and_interfaces),
      TEST(interfaces_are_found_by_name_or_id),
      TEST(functions_keep_the_order_written),
      TEST(composite_types_have_fields),
      TEST(results_have_either_both_or_no_part),
      TEST(aliases_share_their_type),
      TEST(types_know_by_which_name_they_were_written),
      TEST(resources_have_functions),
      TEST(handles_name_the_declaration_of_their_resource),
      TEST(maps_fixed_lists_streams_and_futures_have_parts),
      TEST(used_types_are_those_of_their_interface),
      TEST(a_file_names_interfaces_for_itself),
      TEST(all_errors_of_a_text_come_in_one_run),
      TEST(what_did_not_parse_is_not_reported_as_unknown),
      TEST(earlier_errors_are_of_no_concern),
      TEST(types_may_be_nested_2000_deep_in_any_order),
      TEST(chains_of_aliases_may_be_longer),
      TEST(too_deep_a_nesting_is_told_once),
      TEST(a_long_cycle_is_found),
      TEST(a_long_chain_of_interfaces_resolves),
      TEST(flags_are_32_at_most),
      TEST(many_errors_take_little_time),
      TEST(a_folder_is_one_package),
      TEST(what_cannot_be_read_is_said),
      TEST(a_reference_names_an_interface_where_there_are_several),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
