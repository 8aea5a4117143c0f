/* What is shown reads back as the same; whole texts are in tests/golden/ifc. */
#include "ifc/show.h"

#include "ifc/base/buf.h"
#include "ifc/base/json.h"
#include "ifc/canon.h"
#include "ifc/show_text.h"
#include "tests/unit/ifc/wit_values.h"

static const Package *parse(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
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
              "  draw: func(%list: circle, o: outline, p: point, q: ids, r: id) -> result<_, point-2>;\n"
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

static const Package *parse_with(Arena *arena, Str text, Str feature)
{
  WitOptions options = {.features = &feature, .feature_count = 1, .level = WIT_PARSES};
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), &options, &diags);
  if (!package) print_diags(&diags);
  assert_non_null(package);
  return package;
}

static void gated_items_are_shown_as_selected(void **state)
{
  const Package *package =
      parse_with(*state,
                 STR("package n:p@1.0.0; interface i {\n"
                     "@since(version = 1.0.0) f: func(); @unstable(feature = x) g: func();\n"
                     "@deprecated(version = 1.0.0) @unstable(feature = y) h: func(); }\n"
                     "@unstable(feature = x) world w {}\n"
                     "world v { @unstable(feature = x) import i; @since(version = 1.0.0) "
                     "@external-id(\"a\\\\\\\"\\u{e9}\") export j: func(); }\n"),
                 STR("y"));
  assert_text(package_show(*state, package),
              "package n:p@1.0.0;\n\ninterface i {\n"
              "  @since(version = 1.0.0)\n  f: func();\n\n"
              "  @unstable(feature = y)\n  @deprecated(version = 1.0.0)\n"
              "  h: func();\n}\n\n"
              "world v {\n  @since(version = 1.0.0)\n  @external-id(\"a\\\\\\\"\\u{e9}\")\n"
              "  export j: func();\n}\n");
}

/* Everything that WIT has, as package_show lays it out. */
static const char EVERYTHING[] = "package n:p@1.0.0;\n"
                                 "\n"
                                 "interface i {\n"
                                 "  use o:q/types.{res as own-res, flat};\n"
                                 "\n"
                                 "  /// A thing.\n"
                                 "  resource thing {\n"
                                 "    constructor(a: u8) -> result<thing, string>;\n"
                                 "\n"
                                 "    /// Takes time.\n"
                                 "    wait: async func(%type: borrow<own-res>);\n"
                                 "    merge: static async func(a: own<thing>, b: thing) -> thing;\n"
                                 "  }\n"
                                 "\n"
                                 "  resource empty;\n"
                                 "\n"
                                 "  type other = thing;\n"
                                 "  type m = map<string, list<u8, 4>>;\n"
                                 "  type s = stream<u8>;\n"
                                 "  type s2 = stream;\n"
                                 "  type f = future<result<_, error-context>>;\n"
                                 "  type f2 = future;\n"
                                 "\n"
                                 "  go: async func(x: tuple<m, s, f>, y: option<flat>) -> f2;\n"
                                 "}\n"
                                 "\n"
                                 "world base {\n"
                                 "  use o:q/types.{res};\n"
                                 "\n"
                                 "  record rec {\n"
                                 "    a: res,\n"
                                 "  }\n"
                                 "\n"
                                 "  resource local {\n"
                                 "    get: func() -> rec;\n"
                                 "  }\n"
                                 "\n"
                                 "  import i;\n"
                                 "  import run: async func(a: borrow<local>);\n"
                                 "\n"
                                 "  /// By another name.\n"
                                 "  import second: i;\n"
                                 "\n"
                                 "  import here: interface {\n"
                                 "    type t = u8;\n"
                                 "\n"
                                 "    f: func() -> t;\n"
                                 "  }\n"
                                 "\n"
                                 "  export o:q/types;\n"
                                 "  export out: func();\n"
                                 "}\n"
                                 "\n"
                                 "world more {\n"
                                 "  include base with { run as start, local as mine }\n"
                                 "}\n"
                                 "\n"
                                 "package o:q {\n"
                                 "  interface types {\n"
                                 "    resource res;\n"
                                 "\n"
                                 "    flags flat {\n"
                                 "      a,\n"
                                 "      b,\n"
                                 "    }\n"
                                 "  }\n"
                                 "}\n";

static void all_of_the_language_is_shown(void **state)
{
  const Package *package = parse(*state, STR(EVERYTHING));
  assert_text(package_show(*state, package), EVERYTHING);
  assert_text(resolve_show(*state, package->resolve), EVERYTHING);
}

static void resources_stay_where_they_are(void **state)
{
  const Package *package = parse(*state, STR(EVERYTHING));
  Str shown = interface_show(*state, &package->interfaces[0]);
  assert_text(shown, "package n:p@1.0.0;\n\n"
                     "interface i {\n"
                     "  use o:q/types.{res as own-res};\n\n"
                     "  flags flat {\n    a,\n    b,\n  }\n\n"
                     "  /// A thing.\n"
                     "  resource thing {\n"
                     "    constructor(a: u8) -> result<thing, string>;\n\n"
                     "    /// Takes time.\n"
                     "    wait: async func(%type: borrow<own-res>);\n"
                     "    merge: static async func(a: thing, b: thing) -> thing;\n"
                     "  }\n\n"
                     "  resource empty;\n\n"
                     "  type other = thing;\n"
                     "  type m = map<string, list<u8, 4>>;\n"
                     "  type s = stream<u8>;\n"
                     "  type s2 = stream;\n"
                     "  type f = future<result<_, error-context>>;\n"
                     "  type f2 = future;\n\n"
                     "  go: async func(x: tuple<m, s, f>, y: option<flat>) -> f2;\n"
                     "}\n\n"
                     "package o:q {\n"
                     "  interface types {\n"
                     "    resource res;\n\n"
                     "    flags flat {\n      a,\n      b,\n    }\n"
                     "  }\n"
                     "}\n");
  assert_same(*state, parse(*state, shown)->interfaces, &package->interfaces[0]);
}

static void resources_of_the_same_package_stand_behind(void **state)
{
  const Package *package = parse(*state, STR("package n:p; interface a { resource r; }\n"
                                             "interface b { use a.{r}; resource s { f: func(x: r); } }\n"
                                             "interface c { use b.{s as r}; g: func() -> r; }"));
  Str shown = interface_show(*state, package_interface(package, STR("c")));
  assert_text(shown, "package n:p;\n\n"
                     "interface c {\n  use b.{s as r};\n\n  g: func() -> r;\n}\n\n"
                     "interface b {\n  use a.{r};\n\n  resource s {\n    f: func(x: r);\n  }\n}\n\n"
                     "interface a {\n  resource r;\n}\n");
  assert_same(*state, parse(*state, shown)->interfaces, package_interface(package, STR("c")));
}

static void assert_same_world(Arena *arena, const World *a, const World *b)
{
  assert_slice(canon_world(canon_new(arena), a), canon_world(canon_new(arena), b));
}

static void a_world_is_shown_on_its_own(void **state)
{
  const Package *package = parse(*state, STR(EVERYTHING));
  const World *more = package_world(package, STR("more"));
  Str shown = world_show(*state, more);
  static const char start[] = "package n:p@1.0.0;\n\n"
                              "world more {\n"
                              "  use o:q/types.{res};\n\n"
                              "  import o:q/types;\n"
                              "  import i;\n\n"
                              "  /// By another name.\n"
                              "  import second: i;\n\n"
                              "  import here: interface {\n    type t = u8;\n\n    f: func() -> t;\n  }\n\n"
                              "  record rec {\n    a: res,\n  }\n\n"
                              "  resource mine {\n    get: func() -> rec;\n  }\n\n"
                              "  import start: async func(a: borrow<mine>);\n\n"
                              "  export o:q/types;\n"
                              "  export out: func();\n"
                              "}\n\n"
                              "interface i {\n";
  assert_text(str_slice(shown, 0, sizeof start - 1), start);
  const Package *again = parse(*state, shown);
  assert_int_equal(again->world_count, 1);
  assert_same_world(*state, &again->worlds[0], more);
  assert_slice(world_show(*state, &again->worlds[0]), shown);
}

static void names_that_a_file_gives_are_not_kept(void **state)
{
  const Package *package =
      parse(*state, STR("package n:p; use o:q/types as t; use a as b; interface a { use t.{x}; }\n"
                        "world w { import b; use t.{x as y}; include o:q/v; }\n"
                        "package o:q { interface types { type x = u8; } world v { } }"));
  assert_text(package_show(*state, package),
              "package n:p;\n\ninterface a {\n  use o:q/types.{x};\n}\n\n"
              "world w {\n  import a;\n\n  use o:q/types.{x as y};\n\n  include o:q/v;\n}\n\n"
              "package o:q {\n  interface types {\n    type x = u8;\n  }\n\n  world v {\n  }\n}\n");
}

/* A chain of interfaces, each with a resource that the next one takes: as many as nobody recurses over. */
static void long_chains_are_shown(void **state)
{
  enum { LENGTH = 20000 };
  Buf text = buf_in(*state);
  buf_z(&text, "package n:p;\ninterface i0 { resource r; }\n");
  for (int i = 1; i <= LENGTH; i++)
    buf_printf(&text, "interface i%d { use i%d.{r as q}; resource r { f: func(a: q); } }\n", i, i - 1);
  const Package *package = parse(*state, buf_text(&text));
  Str shown = interface_show(*state, &package->interfaces[LENGTH]);
  assert_true(shown.len < 3 * text.len);
  assert_same(*state, parse(*state, shown)->interfaces, &package->interfaces[LENGTH]);
}

static void assert_json(Arena *arena, const Package *package, Str want)
{
  Diags diags = diags_in(arena);
  Buf wanted = buf_in(arena);
  const Json *parsed = jv_parse(arena, source_of(arena, want), &diags);
  print_diags(&diags);
  assert_non_null(parsed);
  jv_print(parsed, &wanted);
  assert_slice(package_json(arena, package), buf_text(&wanted));
}

typedef struct Pieces {
  Buf all;
  size_t count, longest;
} Pieces;

static void take_piece(void *context, Str piece)
{
  Pieces *self = context;
  buf_str(&self->all, piece);
  self->count++;
  if (piece.len > self->longest) self->longest = piece.len;
}

static void a_long_resolved_form_comes_in_pieces(void **state)
{
  enum { COUNT = 3000, PIECE_MAX = 100000 };
  Buf text = buf_in(*state);
  Diags diags = diags_in(*state);
  Pieces pieces = {.all = buf_in(*state)};
  buf_z(&text, "package n:p; interface i { record r { a: u8 }");
  for (int i = 0; i < COUNT; i++) buf_printf(&text, "/// D.\ng%d: func(a: option<r>, b: u8) -> r;\n", i);
  buf_byte(&text, '}');
  const Package *package = parse(*state, buf_text(&text));
  package_print_json(*state, package, take_piece, &pieces);
  assert_true(pieces.count > 3);
  assert_in_range(pieces.longest, 1, PIECE_MAX);
  assert_slice(package_json(*state, package), buf_text(&pieces.all));
  const Json *json = jv_parse(*state, source_of(*state, buf_text(&pieces.all)), &diags);
  print_diags(&diags);
  Buf printed = buf_in(*state);
  jv_print(json, &printed);
  assert_slice(buf_text(&pieces.all), buf_text(&printed));
  assert_int_equal(jv_count(jv_get(jv_at(jv_get(json, STR("interfaces")), 0), STR("functions"))), COUNT);
}

static void the_resolved_form_has_ids(void **state)
{
  const Package *package = parse(*state, STR("/// D.\npackage n:p@1.0.0; interface i {\n"
                                             "// Also plain comments.\ntype t = list<u8>;\n"
                                             "f: func(a: t, b: option<t>) -> result; }"));
  assert_json(*state, package,
              STR("{\"worlds\":[],\"interfaces\":[{\"name\":\"i\",\"types\":{\"t\":0},\"functions\":{\"f\":"
                  "{\"name\":\"f\",\"kind\":\"freestanding\",\"params\":[{\"name\":\"a\",\"type\":0},"
                  "{\"name\":\"b\",\"type\":1}],\"result\":2}},\"package\":0}],\"types\":["
                  "{\"name\":\"t\",\"kind\":{\"list\":\"u8\"},\"owner\":{\"interface\":0},"
                  "\"docs\":{\"contents\":\"Also plain comments.\"}},"
                  "{\"name\":null,\"kind\":{\"option\":0},\"owner\":null},"
                  "{\"name\":null,\"kind\":{\"result\":{\"ok\":null,\"err\":null}},\"owner\":null}],"
                  "\"packages\":[{\"name\":\"n:p@1.0.0\",\"docs\":{\"contents\":\"D.\"},"
                  "\"interfaces\":{\"i\":0},\"worlds\":{}}]}"));
}

/* A resource and the handle that owns it are two types; the handle comes where it is needed first. */
static void the_resolved_form_has_handles(void **state)
{
  const Package *package = parse(*state, STR("package n:p; interface i { resource r {\n"
                                             "constructor(); get: async func() -> list<r>; }\n"
                                             "type h = own<r>; f: async func(a: own<r>); }"));
  assert_json(
      *state, package,
      STR("{\"worlds\":[],\"interfaces\":[{\"name\":\"i\",\"types\":{\"r\":0,\"h\":1},\"functions\":{"
          "\"[constructor]r\":{\"name\":\"[constructor]r\",\"kind\":{\"constructor\":0},\"params\":[],"
          "\"result\":3},"
          "\"[method]r.get\":{\"name\":\"[method]r.get\",\"kind\":{\"async-method\":0},\"params\":["
          "{\"name\":\"self\",\"type\":2}],\"result\":4},"
          "\"f\":{\"name\":\"f\",\"kind\":\"async-freestanding\",\"params\":[{\"name\":\"a\",\"type\":3}]}},"
          "\"package\":0}],\"types\":["
          "{\"name\":\"r\",\"kind\":\"resource\",\"owner\":{\"interface\":0}},"
          "{\"name\":\"h\",\"kind\":{\"handle\":{\"own\":0}},\"owner\":{\"interface\":0}},"
          "{\"name\":null,\"kind\":{\"handle\":{\"borrow\":0}},\"owner\":null},"
          "{\"name\":null,\"kind\":{\"handle\":{\"own\":0}},\"owner\":null},"
          "{\"name\":null,\"kind\":{\"list\":3},\"owner\":null}],"
          "\"packages\":[{\"name\":\"n:p\",\"interfaces\":{\"i\":0},\"worlds\":{}}]}"));
}

/* What is included is copied, under the names that it gets; so is an interface written in a world. */
static void the_resolved_form_has_copies(void **state)
{
  const Package *package =
      parse(*state, STR("package n:p; world w { record p { x: u8 } resource s { m: func(y: p) -> list<p>; }\n"
                        "import i: interface { type t = list<u8>; g: func() -> t; } }\n"
                        "world v { include w with { s as z, i as j } }"));
  assert_json(
      *state, package,
      STR("{\"worlds\":[{\"name\":\"w\",\"imports\":{\"i\":{\"interface\":{\"id\":0}},\"p\":{\"type\":0},"
          "\"s\":{\"type\":1},\"[method]s.m\":{\"function\":{\"name\":\"[method]s.m\",\"kind\":"
          "{\"method\":1},\"params\":[{\"name\":\"self\",\"type\":2},{\"name\":\"y\",\"type\":0}],"
          "\"result\":3}}},\"exports\":{},\"package\":0},"
          "{\"name\":\"v\",\"imports\":{\"j\":{\"interface\":{\"id\":1}},\"p\":{\"type\":6},"
          "\"z\":{\"type\":7},\"[method]z.m\":{\"function\":{\"name\":\"[method]z.m\",\"kind\":"
          "{\"method\":7},\"params\":[{\"name\":\"self\",\"type\":8},{\"name\":\"y\",\"type\":6}],"
          "\"result\":9}}},\"exports\":{},\"package\":0}],"
          "\"interfaces\":["
          "{\"name\":null,\"types\":{\"t\":4},\"functions\":{\"g\":{\"name\":\"g\",\"kind\":\"freestanding\","
          "\"params\":[],\"result\":4}},\"package\":0},"
          "{\"name\":null,\"types\":{\"t\":5},\"functions\":{\"g\":{\"name\":\"g\",\"kind\":\"freestanding\","
          "\"params\":[],\"result\":5}},\"package\":0}],"
          "\"types\":["
          "{\"name\":\"p\",\"kind\":{\"record\":{\"fields\":[{\"name\":\"x\",\"type\":\"u8\"}]}},"
          "\"owner\":{\"world\":0}},"
          "{\"name\":\"s\",\"kind\":\"resource\",\"owner\":{\"world\":0}},"
          "{\"name\":null,\"kind\":{\"handle\":{\"borrow\":1}},\"owner\":null},"
          "{\"name\":null,\"kind\":{\"list\":0},\"owner\":null},"
          "{\"name\":\"t\",\"kind\":{\"list\":\"u8\"},\"owner\":{\"interface\":0}},"
          "{\"name\":\"t\",\"kind\":{\"list\":\"u8\"},\"owner\":{\"interface\":1}},"
          "{\"name\":\"p\",\"kind\":{\"record\":{\"fields\":[{\"name\":\"x\",\"type\":\"u8\"}]}},"
          "\"owner\":{\"world\":1}},"
          "{\"name\":\"z\",\"kind\":\"resource\",\"owner\":{\"world\":1}},"
          "{\"name\":null,\"kind\":{\"handle\":{\"borrow\":7}},\"owner\":null},"
          "{\"name\":null,\"kind\":{\"list\":6},\"owner\":null}],"
          "\"packages\":[{\"name\":\"n:p\",\"interfaces\":{},\"worlds\":{\"w\":0,\"v\":1}}]}"));
}

/* A statement's docs and external id are its own; what it implies has its gate only. */
static void the_resolved_form_has_what_a_world_says(void **state)
{
  const Package *package =
      parse_with(*state,
                 STR("package n:p; interface a { type t = u8; }\n"
                     "interface b { use a.{t}; @external-id(\"f\") f: func() -> t; }\n"
                     "world w {\n  // Why.\n  @external-id(\"B\") @unstable(feature = x)\n"
                     "  import b;\n  import c: b;\n}"),
                 STR("x"));
  assert_json(
      *state, package,
      STR("{\"worlds\":[{\"name\":\"w\",\"imports\":{"
          "\"interface-0\":{\"interface\":{\"id\":0,\"stability\":{\"unstable\":{\"feature\":\"x\"}}}},"
          "\"interface-1\":{\"interface\":{\"id\":1,\"stability\":{\"unstable\":{\"feature\":\"x\"}},"
          "\"external_id\":\"B\",\"docs\":{\"contents\":\"Why.\"}}},"
          "\"c\":{\"interface\":{\"id\":1}}},\"exports\":{},\"package\":0}],"
          "\"interfaces\":["
          "{\"name\":\"a\",\"types\":{\"t\":0},\"functions\":{},\"package\":0},"
          "{\"name\":\"b\",\"types\":{\"t\":1},\"functions\":{\"f\":{\"name\":\"f\",\"kind\":"
          "\"freestanding\","
          "\"params\":[],\"result\":1,\"external_id\":\"f\"}},\"package\":0}],"
          "\"types\":[{\"name\":\"t\",\"kind\":{\"type\":\"u8\"},\"owner\":{\"interface\":0}},"
          "{\"name\":\"t\",\"kind\":{\"type\":0},\"owner\":{\"interface\":1}}],"
          "\"packages\":[{\"name\":\"n:p\",\"interfaces\":{\"a\":0,\"b\":1},\"worlds\":{\"w\":0}}]}"));
}

typedef struct Comment {
  const char *raw, *text;
} Comment;

/* What wit-parser makes of comments: it takes the least indentation off, and knows no star before a line. */
static void comments_are_what_the_reference_makes_of_them(void **state)
{
  static const Comment comments[] = {
      {"/// a\n  ///   b\n  ///\n  /// c\n", "a\n  b\n\nc"},
      {"// plain", "plain"},
      {"//// four", "four"},
      {"/** x */", "x"},
      {"/* plain */", "* plain */"},
      {"/**\n   * foo\n   */", "\n   * foo"},
      {"/** a\r\n b */", "a\n b"},
      {"/**/", ""},
      {"/** a /* b */ c */ // d", "a /* b */ c\nd"},
      {"///", ""},
  };
  for (size_t i = 0; i < sizeof comments / sizeof *comments; i++)
    assert_slice(show_comments(*state, str_from_z(comments[i].raw)), str_from_z(comments[i].text));
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
      TEST(all_of_the_language_is_shown),
      TEST(resources_stay_where_they_are),
      TEST(resources_of_the_same_package_stand_behind),
      TEST(a_world_is_shown_on_its_own),
      TEST(names_that_a_file_gives_are_not_kept),
      TEST(long_chains_are_shown),
      TEST(the_resolved_form_has_ids),
      TEST(a_long_resolved_form_comes_in_pieces),
      TEST(the_resolved_form_has_handles),
      TEST(the_resolved_form_has_copies),
      TEST(the_resolved_form_has_what_a_world_says),
      TEST(comments_are_what_the_reference_makes_of_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
