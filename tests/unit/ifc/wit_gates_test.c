/* Gates, and the two levels of validity. */
#include "tests/unit/ifc/wit_packages.h"

static WitOptions with_feature(Str *feature)
{
  return (WitOptions){.features = feature, .feature_count = 1};
}

static const char GATED[] =
    "package a:b@1.0.0;\n"
    "@unstable(feature = x) interface gone { @unstable(feature = x) type t = u8; }\n"
    "@since(version = 0.9.0) interface i {\n"
    "  @since(version = 1.0.0) @deprecated(version = 1.0.0) f: func();\n"
    "  @unstable(feature = x) g: func(a: t);\n"
    "  @unstable(feature = x) use gone.{t};\n"
    "  @unstable(feature = x) resource r { @unstable(feature = x) m: func(); }\n"
    "  resource s { @unstable(feature = x) constructor(); n: func(); }\n"
    "}\n"
    "@unstable(feature = x) world v { import k: func(); }\n"
    "world w { @unstable(feature = x) import gone; import i;\n"
    "  @unstable(feature = x) type u = u8; @unstable(feature = x) export h: func(a: u);\n"
    "  @unstable(feature = x) include v; }\n";

static void unstable_items_are_left_out_and_since_items_are_in(void **state)
{
  const Package *package = parse(*state, str_from_z(GATED));
  const Interface *i = &package->interfaces[0];
  assert_int_equal(package->interface_count, 1);
  assert_int_equal(i->function_count, 2);
  assert_text(i->functions[1].name, "[method]s.n");
  assert_int_equal(i->typedef_count, 1);
  assert_int_equal(i->use_count, 0);
  assert_int_equal(package->world_count, 1);
  assert_int_equal(package->worlds[0].import_count, 1);
  assert_int_equal(package->worlds[0].export_count, 0);
}

static void selected_features_are_in(void **state)
{
  Str x = STR("x"), y = STR("y");
  WitOptions options[] = {with_feature(&x), {.all_features = true}, with_feature(&y)};
  for (size_t k = 0; k < 3; k++) {
    const Package *package = parse_with(*state, str_from_z(GATED), &options[k]);
    bool in = k < 2;
    assert_int_equal(package->interface_count, in ? 2 : 1);
    assert_int_equal(package_interface(package, STR("i"))->function_count, in ? 5 : 2);
    assert_int_equal(package_interface(package, STR("i"))->typedef_count, in ? 3 : 1);
    assert_int_equal(package_world(package, STR("w"))->import_count, in ? 4 : 1);
    assert_int_equal(package_world(package, STR("w"))->export_count, in ? 1 : 0);
  }
}

static void features_that_gates_name_are_noted(void **state)
{
  static const char text[] =
      "package a:b@1.0.0; @unstable(feature = of-interface) interface gone { }\n"
      "interface i { @unstable(feature = of-type) type t = u8; @unstable(feature = of-function) f: func();\n"
      "  @unstable(feature = of-resource) resource r { @unstable(feature = of-method) m: func(); } }\n"
      "@unstable(feature = of-world) world w { }\n"
      "world v { @unstable(feature = of-import) import i; @unstable(feature = of-include) include w; }\n"
      "package c:d { interface j { @unstable(feature = of-other) f: func(); } }";
  static const char *const names[] = {"of-interface", "of-type",   "of-function", "of-resource", "of-method",
                                      "of-world",     "of-import", "of-include",  "of-other"};
  for (int all = 0; all < 2; all++) {
    WitFeatures met = {*state, map_new(*state)};
    parse_with(*state, str_from_z(text), &(WitOptions){.all_features = all, .met = &met});
    assert_int_equal(map_count(met.met), sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
      assert_non_null(map_get(met.met, str_from_z(names[i])));
  }
}

static void what_needs_something_left_out_is_rejected(void **state)
{
  static const char *const texts[] = {
      "interface i { @unstable(feature = x) type t = u8; type %u = list<t>; }",
      "interface i { @unstable(feature = x) type t = u8; record r { a: u8, %b: t } }",
      "interface i { @unstable(feature = x) resource t; %f: func(a: borrow<t>); }",
      "interface i { @unstable(feature = x) resource t { %m: func(); } }",
      "interface i { @unstable(feature = x) resource t { %m: static func(); } }",
      "interface i { @unstable(feature = x) type t = u8; } interface j { use i.{%t}; }",
      "@unstable(feature = x) interface i { type %t = u8; }",
      "@unstable(feature = x) interface i {} world w { import %i; }",
      "@unstable(feature = x) world v {} world w { include %v; }",
      "@unstable(feature = x) world v { resource %r; }",
      "world w { @unstable(feature = x) type t = u8; import %f: func(a: t); }",
      "package c:d { @unstable(feature = x) interface i {} } world w { import c:d/%i; }",
  };
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    Str written = str_from_z(texts[k]), head = STR("package a:b; ");
    size_t mark = str_find(written, STR("%"));
    Str text = str_format(*state, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(str_slice(written, 0, mark)),
                          STR_ARG(str_slice(written, mark + 1, SIZE_MAX)));
    Diags diags = rejected(*state, text);
    if (diags.errors != 1 || diags.first->span.at != head.len + mark) print_diags(&diags);
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.first->span.at, head.len + mark);
    parse_with(*state, text, &(WitOptions){.all_features = true});
  }
}

static void names_in_what_is_left_out_must_be_there_all_the_same(void **state)
{
  assert_error_at(
      rejected(*state, STR("package a:b; interface i { @unstable(feature = x) f: func(a: missing); }")),
      "missing");
}

static void what_is_left_out_needs_no_foreign_interface(void **state)
{
  static const char text[] =
      "package a:b; interface i { %suse c:d/none.{t}; %sf: func(a: t); } package c:d {}";
  const char *gate = "@unstable(feature = x) ";
  parse(*state, str_format(*state, text, gate, gate));
  assert_error_at(rejected(*state, str_format(*state, text, "", "")), "none");
}

static void versions_are_ordered_as_semver_says(void **state)
{
  /* From semver.org §11, each less than the next. */
  static const char *const versions[] = {"1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
                                         "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",       "1.0.0",
                                         "1.0.1-0",      "1.0.1",         "1.10.0",           "2.0.0"};
  size_t count = sizeof versions / sizeof *versions;
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < count; k++) {
      Diags diags = diags_in(*state);
      Str text =
          str_format(*state, "package a:b@%s; @since(version = %s) interface i {}", versions[i], versions[k]);
      const Package *package = wit_parse(*state, source_of(*state, text), NULL, &diags);
      assert_int_equal(package != NULL, k <= i);
    }
  }
}

static void since_needs_a_package_with_a_version(void **state)
{
  assert_error_at(rejected(*state, STR("package a:b; interface i { @since(version = 1.0.0) f: func();\n"
                                       "@since(version = 1.0.0) g: func(); }")),
                  "f: func");
}

/* What the reference parser takes although no component may contain it. */
static void components_ask_for_more_than_the_parser(void **state)
{
  static const char *const items[] = {
      "record r {}",
      "flags f {}",
      "f: func(a: tuple<>);",
      "record r { a: u8, a: u8 }",
      "enum e { a, a }",
      "flags f { a, a }",
      "variant v { a, a(u8) }",
      "record r { a: u8, A: u8 }",
      "type a = u8; type A = u8;",
      "f: func(a: u8, A: u8);",
      "f: func(a: list<u8, 0>);",
      "f: func(a: stream<char>);",
      "resource r { a: func(); A: func(); }",
  };
  WitOptions parses = {.level = WIT_PARSES}, valid = {.level = WIT_VALID};
  for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
    Str text = str_format(*state, "package a:b; interface i { %s }", items[k]);
    parse_with(*state, text, &parses);
    assert_int_equal(rejected_with(*state, text, &valid).errors, 1);
    assert_int_equal(rejected(*state, text).errors, 1);
  }
}

/* What neither takes. */
static void both_levels_reject_the_rest(void **state)
{
  static const char *const items[] = {
      "enum e {}",
      "variant v {}",
      "f: func(a: u8, a: u8);",
      "resource r { a: func(); a: static func(); }",
      "resource r { constructor(); constructor(); }",
      "resource r { m: func(self: u8); }",
      "resource r { constructor() -> u8; }",
      "resource r; resource q { constructor() -> result<r>; }",
      "resource r { constructor() -> result; }",
      "type t = u8; f: func(a: own<t>);",
      "type t = u8; f: func(a: borrow<t>);",
      "resource r; f: func() -> borrow<r>;",
      "resource r; f: func() -> list<option<borrow<r>>>;",
      "resource r; type b = borrow<r>; record c { x: b } f: func() -> result<u8, c>;",
      "f: func(a: map<f32, u8>);",
      "type k = u8; f: func(a: map<k, u8>);",
      "f: func(a: map<list<u8>, u8>);",
      "f: func(); type f = u8;",
  };
  WitOptions parses = {.level = WIT_PARSES};
  for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
    Str text = str_format(*state, "package a:b; interface i { %s }", items[k]);
    assert_int_equal(rejected_with(*state, text, &parses).errors, 1);
    assert_int_equal(rejected(*state, text).errors, 1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(unstable_items_are_left_out_and_since_items_are_in),
      TEST(selected_features_are_in),
      TEST(features_that_gates_name_are_noted),
      TEST(what_needs_something_left_out_is_rejected),
      TEST(names_in_what_is_left_out_must_be_there_all_the_same),
      TEST(what_is_left_out_needs_no_foreign_interface),
      TEST(versions_are_ordered_as_semver_says),
      TEST(since_needs_a_package_with_a_version),
      TEST(components_ask_for_more_than_the_parser),
      TEST(both_levels_reject_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
