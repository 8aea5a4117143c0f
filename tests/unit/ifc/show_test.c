/* What is shown reads back as the same; whole texts are in tests/golden/ifc. */
#include "ifc/show.h"

#include "ifc/base/buf.h"
#include "ifc/canon.h"
#include "tests/unit/ifc/wit_values.h"

static const Package *parse(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), &diags);
  if (!package) {
    print_error("%.*s\n", STR_ARG(text));
    print_diags(&diags);
  }
  assert_non_null(package);
  return package;
}

/* An interface with others that it takes types from, directly and through each other, under taken names. */
static const char *const TANGLED =
    "/// All of it.\npackage n:p@1.0.0;\n"
    "/// The one.\ninterface i {\n"
    "  use types.{circle, shape as outline};\n"
    "  use others.{point};\n"
    "  type point-2 = u8;\n"
    "  type ids = list<u32>;\n"
    "  type id = u32;\n"
    "  /// What it does.\n  draw: func(%list: circle, o: outline, p: point, q: ids, r: id) -> result<_, "
    "point-2>;\n"
    "  COLOR: func();\n"
    "}\n"
    "interface types {\n"
    "  /// Docs of point.\n  record point { x: f64,\n    /// Up.\n    y: f64 }\n"
    "  enum color { red, %type }\n"
    "  /// Docs of circle.\n  record circle { center: point, color: color }\n"
    "  variant shape { round(circle), flat(list<point>), none }\n"
    "}\n"
    "interface others {\n  flags point { a, b }\n}\n";

static void an_interface_is_shown_on_its_own(void **state)
{
  const Package *package = parse(*state, str_from_z(TANGLED));
  assert_text(interface_show(*state, &package->interfaces[0]),
              "/// All of it.\npackage n:p@1.0.0;\n\n"
              "/// The one.\ninterface i {\n"
              "  /// Docs of point.\n"
              "  record point-3 {\n    x: f64,\n    /// Up.\n    y: f64,\n  }\n\n"
              "  enum color-2 {\n    red,\n    %type,\n  }\n\n"
              "  /// Docs of circle.\n"
              "  record circle {\n    center: point-3,\n    color: color-2,\n  }\n\n"
              "  variant outline {\n    round(circle),\n    flat(list<point-3>),\n    none,\n  }\n\n"
              "  flags point {\n    a,\n    b,\n  }\n\n"
              "  type point-2 = u8;\n"
              "  type ids = list<u32>;\n"
              "  type id = u32;\n\n"
              "  /// What it does.\n"
              "  draw: func(%list: circle, o: outline, p: point, q: ids, r: u32) -> result<_, u8>;\n"
              "  COLOR: func();\n"
              "}\n");
}

static void assert_same(Arena *arena, const Interface *a, const Interface *b)
{
  assert_slice(interface_canonical(arena, a), interface_canonical(arena, b));
}

static void what_is_shown_has_the_same_hash(void **state)
{
  const Package *package = parse(*state, str_from_z(TANGLED));
  const Package *again = parse(*state, package_show(*state, package));
  assert_int_equal(again->interface_count, package->interface_count);
  for (uint32_t i = 0; i < package->interface_count; i++) {
    const Interface *interface = &package->interfaces[i];
    assert_same(*state, &again->interfaces[i], interface);
    assert_same(*state, parse(*state, interface_show(*state, interface))->interfaces, interface);
  }
}

static void showing_twice_shows_the_same(void **state)
{
  Str once = package_show(*state, parse(*state, str_from_z(TANGLED)));
  assert_slice(package_show(*state, parse(*state, once)), once);
  Str alone = interface_show(*state, parse(*state, str_from_z(TANGLED))->interfaces);
  assert_slice(interface_show(*state, parse(*state, alone)->interfaces), alone);
}

/* "type t1 = tuple<t0, t0>; …" in another interface, whose names are not at hand where they are shown. */
static void shared_types_of_other_interfaces_are_shown_once(void **state)
{
  enum { DOUBLINGS = 1000 };
  Buf text = buf_in(*state);
  buf_printf(&text,
             "package n:p; interface i { use j.{t%d}; f: func(a: t%d); } interface j { type t0 = u8;\n",
             DOUBLINGS, DOUBLINGS);
  for (int i = 1; i <= DOUBLINGS; i++) buf_printf(&text, "type t%d = tuple<t%d, t%d>;\n", i, i - 1, i - 1);
  buf_byte(&text, '}');
  const Package *package = parse(*state, buf_text(&text));
  Str shown = interface_show(*state, &package->interfaces[0]);
  assert_true(shown.len < 5 * text.len);
  assert_same(*state, parse(*state, shown)->interfaces, &package->interfaces[0]);
}

/* 1000 levels, unlike shared ones, are deeper than the parser lets types be written. */
static void deep_types_of_other_interfaces_can_be_read_again(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text,
        "package n:p; interface i { use j.{t1000}; f: func(a: t1000); } interface j { type t0 = u8;\n");
  for (int i = 1; i <= 1000; i++) buf_printf(&text, "type t%d = option<t%d>;\n", i, i - 1);
  buf_byte(&text, '}');
  const Package *package = parse(*state, buf_text(&text));
  Str shown = interface_show(*state, &package->interfaces[0]);
  assert_same(*state, parse(*state, shown)->interfaces, &package->interfaces[0]);
}

static void gated_items_are_shown_as_selected(void **state)
{
  const Package *package =
      parse(*state, STR("package n:p@1.0.0; interface i {\n"
                        "@since(version = 1.0.0) f: func(); @unstable(feature = x) g: func(); }"));
  assert_text(package_show(*state, package), "package n:p@1.0.0;\n\ninterface i {\n"
                                             "  @since(version = 1.0.0)\n  f: func();\n}\n");
}

static void the_resolved_form_has_ids(void **state)
{
  const Package *package = parse(*state, STR("/// D.\npackage n:p@1.0.0; interface i {\n"
                                             "// Also plain comments.\ntype t = list<u8>;\n"
                                             "f: func(a: t, b: option<t>) -> result; }"));
  Buf out = buf_in(*state);
  jv_print_canonical(package_to_json(*state, package), &out);
  assert_text(
      buf_text(&out),
      "{\"interfaces\":[{\"functions\":{\"f\":{\"kind\":\"freestanding\",\"name\":\"f\",\"params\":"
      "[{\"name\":\"a\",\"type\":0},{\"name\":\"b\",\"type\":1}],\"result\":2}},\"name\":\"i\","
      "\"package\":0,\"types\":{\"t\":0}}],"
      "\"packages\":[{\"docs\":{\"contents\":\"D.\"},\"interfaces\":{\"i\":0},\"name\":\"n:p@1.0.0\","
      "\"worlds\":{}}],"
      "\"types\":[{\"docs\":{\"contents\":\"Also plain "
      "comments.\"},\"kind\":{\"list\":\"u8\"},\"name\":\"t\","
      "\"owner\":{\"interface\":0}},{\"kind\":{\"option\":0},\"name\":null,\"owner\":null},"
      "{\"kind\":{\"result\":{\"err\":null,\"ok\":null}},\"name\":null,\"owner\":null}],\"worlds\":[]}");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_interface_is_shown_on_its_own),
      TEST(what_is_shown_has_the_same_hash),
      TEST(showing_twice_shows_the_same),
      TEST(shared_types_of_other_interfaces_are_shown_once),
      TEST(deep_types_of_other_interfaces_can_be_read_again),
      TEST(gated_items_are_shown_as_selected),
      TEST(the_resolved_form_has_ids),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
