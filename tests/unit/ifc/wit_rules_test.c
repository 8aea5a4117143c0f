/* The rules of WIT, one text each: what is rejected, and where; beside it what is so near that it must not
 * be. The places are those of the reference parser: the name that is wrong, of two the second one. */
#include "tests/unit/ifc/wit_packages.h"

/* A '^' stands before the place of the only error; a text without one is accepted. */
static bool holds(Arena *arena, Str text, const WitOptions *options)
{
  Diags diags = diags_in(arena);
  size_t mark = str_find(text, STR("^"));
  bool accepted = mark == SIZE_MAX;
  if (!accepted)
    text = str_format(arena, "%.*s%.*s", STR_ARG(str_slice(text, 0, mark)),
                      STR_ARG(str_slice(text, mark + 1, SIZE_MAX)));
  const Package *package = wit_parse(arena, source_of(arena, text), options, &diags);
  bool right =
      accepted ? package && !diags.errors : !package && diags.errors == 1 && diags.first->span.at == mark;
  if (right) return true;
  print_error("%.*s\nwanted %s at %zu\n", STR_ARG(text), accepted ? "nothing" : "an error", mark);
  print_diags(&diags);
  return false;
}

static void hold(Arena *arena, const char *prefix, const char *const *texts, size_t count,
                 const WitOptions *options)
{
  bool right = true;
  for (size_t i = 0; i < count; i++)
    right = holds(arena, str_format(arena, "%s%s", prefix, texts[i]), options) && right;
  assert_true(right);
}

static const WitOptions PARSES = {.level = WIT_PARSES};
#define HOLD(prefix, texts) hold(*state, prefix, texts, sizeof(texts) / sizeof *(texts), &PARSES)

static void names_in_an_interface_are_one_space(void **state)
{
  static const char *const texts[] = {
      "interface i { type a = u8; type ^a = u16; }",
      "interface i { type a = u8; ^a: func(); }",
      "interface i { ^a: func(); record a { x: u8 } }", /* types are declared first */
      "interface i { resource a; enum ^a { x } }",
      "interface i { use j.{t}; type ^t = u8; } interface j { type t = u8; }",
      "interface i { use j.{t}; use j.{u as ^t}; } interface j { type t = u8; type u = u8; }",
      "interface i { use j.{t, ^t}; } interface j { type t = u8; }",
      "interface i { use j.{t, t as u}; } interface j { type t = u8; }",
      "interface i { f: func(a: u8, ^a: u8); }",
      "interface i { f: func(f: u8); }",
      "interface i { type t = u8; f: func(t: t); }",
      "interface i {} interface ^i {}",
      "interface i {} world ^i {}",
      "world w {} world ^w {}",
  };
  HOLD("package a:b; ", texts);
}

static void types_are_found_in_their_own_interface_only(void **state)
{
  static const char *const texts[] = {
      "interface i { f: func(a: ^t); } interface j { type t = u8; }",
      "interface i { record r { a: option<list<^t>> } }",
      "interface i { f: func(); type t = ^f; }",
      "interface i { f: func(); g: func() -> ^f; }",
      "interface i { variant v { a(^t), b } }",
      "world w { type t = u8; import x: interface { f: func(a: ^t); } }",
      "world w { import x: interface { type t = u8; } import f: func(a: ^t); }",
      "world w { type t = u8; import f: func(a: t); }",
      "world w { import f: func(a: t); type t = u8; }",
      "interface i { use j.{^f}; } interface j { f: func(); }",
      "interface i { use j.{^u}; } interface j { type t = u8; }",
      "interface i { use ^j.{t}; }",
      "interface i { use ^w.{t}; } world w { type t = u8; }",
      "interface i { use k.{t}; } interface j { type t = u8; } interface k { use j.{t}; }",
      "world w { use i.{^t}; } interface i {}",
      "world w { use ^v.{t}; } world v { type t = u8; }",
  };
  HOLD("package a:b; ", texts);
}

static void nothing_contains_itself(void **state)
{
  static const char *const texts[] = {
      "interface i { type t = ^t; }",
      "interface i { type t = list<^t>; }",
      "interface i { record r { a: option<^r> } }",
      "interface i { variant v { a(u8), b(list<^v>) } }",
      "interface i { type t = ^u; type u = tuple<u8, t>; }",
      "interface i { type t = map<string, ^t>; }",
      "interface i { type t = stream<^t>; }",
      "interface i { resource r { m: func(a: r) -> option<r>; } }",
      "interface i { record s { a: own<r> } resource r { m: func(a: s) -> s; } }",
      /* of interfaces and worlds where the second one of the cycle is declared */
      "interface ^i { use i.{t}; }",
      "interface i { use j.{t}; } interface ^j { use i.{u}; type t = u8; }",
      "world ^w { include w; }",
      "world w { include v; } world ^v { include w; }",
  };
  HOLD("package a:b; ", texts);
}

static void handles_are_of_resources(void **state)
{
  static const char *const texts[] = {
      "interface i { f: func(a: borrow<^t>); type t = u8; }",
      "interface i { f: func(a: own<^t>); record t { x: u8 } }",
      "interface i { f: func(a: borrow<^t>); }",
      "interface i { f: func(a: borrow<^f>); }",
      "interface i { resource r; type s = r; f: func(a: borrow<s>); }",
      "interface i { resource r; type s = own<r>; f: func(a: borrow<^s>); }",
      "interface i { use j.{r as s}; f: func(a: borrow<s>); } interface j { resource r; }",
      "interface i { use j.{s}; f: func(a: borrow<s>); } interface j { resource r; type s = r; }",
      "interface i { resource r; f: func(a: borrow<^u8>); }",
      "interface i { resource r; f: func(a: borrow<^list<r>>); }",
      "interface i { resource r; ^f: func() -> borrow<r>; }",
      "interface i { resource r; ^f: func() -> list<option<borrow<r>>>; }",
      "interface i { resource r; record s { a: borrow<r> } ^f: func() -> s; }",
      "interface i { resource r; type s = borrow<r>; ^f: func() -> result<u8, s>; }",
      "interface i { resource r { ^m: func() -> borrow<r>; } }",
      "interface i { resource r { ^m: static func() -> tuple<u8, borrow<r>>; } }",
      "interface i { use j.{s}; ^f: func() -> s; } interface j { resource r; type s = borrow<r>; }",
      "world w { resource r; import ^f: func() -> borrow<r>; }",
      "world w { import x: interface { resource r; ^f: func() -> borrow<r>; } }",
      "interface i { resource r; f: func(a: list<borrow<r>>); }",
  };
  HOLD("package a:b; ", texts);
}

static void functions_of_a_resource_have_names_of_their_own(void **state)
{
  static const char *const texts[] = {
      "constructor(); ^constructor(a: u8);",
      "a: func(); ^a: static func();",
      "a: static func(); ^a: func();",
      "r: func();",
      "constructor() -> result<r>;",
      "constructor() -> result<r, string>;",
      "constructor() -> result<own<r>>;",
      "constructor() -> ^r;",
      "constructor() -> ^option<r>;",
      "constructor() -> ^result;",
      "constructor() -> result<^u8, string>;",
      "constructor() -> ^result<_, r>;",
      "m: func(^self: u8);",
      "m: static func(self: u8);",
      "constructor(self: u8);",
      "constructor(a: u8, ^a: u8);",
      "m: async func(); s: static async func() -> u8;",
      "m: async ^static func();",
      "^async constructor();",
      "^type t = u8;",
      "^use i.{t};",
      "m: ^interface {}",
  };
  bool right = true;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    right = holds(*state, str_format(*state, "package a:b; interface i { resource r { %s } }", texts[i]),
                  &PARSES) &&
            right;
  assert_true(right);
}

static void keys_of_maps_are_written_out(void **state)
{
  static const char *const keys[] = {"bool", "char", "string", "u8",  "u16", "u32",
                                     "u64",  "s8",   "s16",    "s32", "s64"};
  static const char *const others[] = {"f32",       "f64", "list<u8>", "option<u8>",
                                       "tuple<u8>", "k",   "e",        "map<u8, u8>"};
  bool right = true;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    right =
        holds(*state, str_format(*state, "package a:b; interface i { type t = map<%s, string>; }", keys[i]),
              &PARSES) &&
        right;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    right =
        holds(*state,
              str_format(*state,
                         "package a:b; interface i { type k = string; enum e { a } type t = ^map<%s, u8>; }",
                         others[i]),
              &PARSES) &&
        right;
  assert_true(right);
}

#define INTERFACES "package a:b; interface i { type t = u8; f: func(); } interface j { use i.{t}; } "

static void a_world_names_a_thing_once(void **state)
{
  static const char *const texts[] = {
      "world w { import i; import ^i; }",
      "world w { export i; export ^i; }",
      "world w { import i; export i; }",
      "world w { import x: i; import y: i; import i; export x: i; }",
      "world w { import x: i; import ^x: j; }",
      "world w { import x: func(); import ^x: i; }",
      "world w { import x: interface {} import ^x: func(); }",
      "world w { export x: func(); export ^x: interface {} }",
      "world w { import x: func(); export x: func(); }",
      "world w { type x = u8; import ^x: func(); }",
      "world w { type x = u8; export x: func(); }",
      "world w { use i.{t}; type ^t = u8; }",
      "world w { use i.{t}; import ^t: func(); }",
      "world w { resource r { m: func(); } import m: func(); }",
      "world w { import x: ^v; } world v {}",
      "world w { import ^v; } world v {}",
      "world w { import x: ^missing; }",
      "world w { export ^missing; }",
      "world w { include ^i; }",
      "world w { include ^missing; }",
  };
  HOLD(INTERFACES, texts);
}

static void what_is_included_is_new_or_the_same(void **state)
{
  static const char *const texts[] = {
      "world v { import i; export i; } world w { import i; include v; export i; }",
      "world v { import f: func(); } world w { import f: func(); include ^v; }",
      "world v { export f: func(); } world w { export f: func(); include ^v; }",
      "world v { export f: func(); } world w { import f: func(); include v; }",
      "world v { import x: i; } world w { import x: i; include ^v; }",
      "world v { type x = u8; } world w { type x = u8; include ^v; }",
      "world v { import f: func(); } world w { include v; include ^v; }",
      "world v { import f: func(); } world w { include v; include v with { f as g } }",
      "world v { import f: func(); } world w { import f: func(); include v with { f as g } }",
      "world v { import f: func(); import g: func(); } world w { include ^v with { f as g } }",
      "world v { import f: func(); } world w { include ^v with { g as h } }",
      "world v { import i; } world w { include ^v with { i as h } }",
      "world v { import f: func(); } world w { include ^v with { f as g, f as h } }",
      "world u { import f: func(); } world v { include u; } world w { include u; include ^v; }",
      "world u { import i; } world v { include u; } world w { include u; include v; }",
      "world v { resource r { m: func(); } } world w { include v with { r as s } }",
      "world v { resource r { m: func(); } } world w { resource r; include ^v; }",
      "world w { include v; } world v { include u; } world u { import i; }",
  };
  HOLD(INTERFACES, texts);
}

static void an_export_needs_its_interfaces_in_one_way(void **state)
{
  static const char *const texts[] = {
      "world w { export j; }",
      "world w { export i; export j; }",
      "world w { import i; export i; export j; }",
      "interface k { use i.{t}; use j.{t as u}; } world ^w { export i; export k; }",
      "interface k { use i.{t}; use j.{t as u}; } world w { export i; export j; export k; }",
      "world w { import j; export i; }",
      "world ^w { export x: interface { use i.{t}; use j.{t as u}; } export i; }",
      "world w { export x: interface { use i.{t}; } export i; }",
      "world v { export i; } interface k { use i.{t}; use j.{t as u}; } world ^w { include v; export k; }",
  };
  HOLD(INTERFACES, texts);
}

static void gates_are_one_of_two_and_of_this_version(void **state)
{
  static const char *const texts[] = {
      "@since(version = 1.0.0) interface i {}",
      "@since(version = 1.0.1) interface ^i {}",
      "@since(version = 1.0.0-rc.1) interface i {}",
      "interface i { @since(version = 2.0.0) ^f: func(); }",
      "interface i { @since(version = 2.0.0) type ^t = u8; }",
      "interface i { @since(version = 2.0.0) resource ^r; }",
      "interface i { resource r { @since(version = 2.0.0) ^constructor(); } }",
      "interface i { resource r { @since(version = 2.0.0) ^m: func(); } }",
      "interface i { @since(version = 2.0.0) use j.{^t}; } interface j { type t = u8; }",
      "@since(version = 2.0.0) world ^w {}",
      "world w { @since(version = 2.0.0) import ^i; } interface i {}",
      "world w { @since(version = 2.0.0) export ^f: func(); }",
      "world w { @since(version = 2.0.0) include ^v; } world v {}",
      "world w { @since(version = 2.0.0) type ^t = u8; }",
      "world w { import x: interface { @since(version = 2.0.0) ^f: func(); } }",
      "interface i { @since(version = 1.0.0) @^unstable(feature = x) f: func(); }",
      "interface i { @^deprecated(version = 1.0.0) f: func(); }",
      "interface i { @unstable(feature = x) @deprecated(version = 1.0.0) f: func(); }",
      "interface i { @since(version = 1.0.0) @^since(version = 1.0.0) f: func(); }",
      "interface i { @since(^feature = x) f: func(); }",
      "interface i { @unstable(^version = 1.0.0) f: func(); }",
      "interface i { @since(version = ^1.0) f: func(); }",
      "interface i { @since ^f: func(); }",
      "interface i { @^later f: func(); }",
      "interface i { enum e { ^@since(version = 1.0.0) a } }",
      "interface i { record r { ^@since(version = 1.0.0) a: u8 } }",
      "interface i { f: func(^@since(version = 1.0.0) a: u8); }",
      "interface i { @since(version = 1.0.0) ^}",
  };
  HOLD("package a:b@1.0.0; ", texts);
  static const char *const unversioned[] = {
      "@since(version = 1.0.0) interface ^i {}",
      "@unstable(feature = x) interface i {}",
      "package c:d@1.0.0 { @since(version = 1.0.0) interface i {} }",
      "package c:d@1.0.0 { @since(version = 1.1.0) interface ^i {} }",
  };
  HOLD("package a:b; ", unversioned);
}

static void what_is_left_out_is_named_by_nothing_that_is_in(void **state)
{
  static const char *const texts[] = {
      "interface i { @unstable(feature = x) type t = u8; variant ^v { a(t) } }",
      "interface i { @unstable(feature = x) type t = u8; ^f: func() -> t; }",
      "interface i { @unstable(feature = x) type t = u8; @unstable(feature = y) f: func() -> t; }",
      "interface i { @unstable(feature = x) resource r; type ^t = r; }",
      "interface i { @unstable(feature = x) type t = u8; resource r { ^m: func(a: t); } }",
      "interface i { @unstable(feature = x) type t = u8; resource r { ^constructor(a: t); } }",
      "@unstable(feature = x) interface i {} world w { export ^i; }",
      "@unstable(feature = x) interface i {} world w { import n: ^i; }",
      "world w { @unstable(feature = x) type t = u8; export ^f: func(a: t); }",
      "world w { @unstable(feature = x) use i.{t}; type ^u = t; } interface i { type t = u8; }",
      "@unstable(feature = x) world v { import f: func(); } world w { @unstable(feature = x) include v; }",
  };
  HOLD("package a:b; ", texts);
}

static void packages_are_named_whole(void **state)
{
  static const char *const texts[] = {
      "package a:b; interface i { use ^c:d/j.{t}; }",
      "package a:b; interface i { use ^c:d/j@1.0.0.{t}; } package c:d { interface j { type t = u8; } }",
      "package a:b; interface i { use ^c:d/j.{t}; } package c:d@1.0.0 { interface j { type t = u8; } }",
      "package a:b; interface i { use c:d/j@1.0.0.{t}; } package c:d@1.0.0 { interface j { type t = u8; } }",
      "package a:b; interface i { use c:d/j@1.0.0.{t}; use c:d/j@2.0.0.{t as u}; }\n"
      "package c:d@1.0.0 { interface j { type t = u8; } } package c:d@2.0.0 { interface j { type t = u8; } }",
      "package a:b; interface i { use c:d/^k.{t}; } package c:d { interface j { type t = u8; } }",
      "package a:b; interface i { use c:d/j.{^u}; } package c:d { interface j { type t = u8; } }",
      "package a:b; world w { import c:d/^w; } package c:d { world w {} }",
      "package a:b; world w { include c:d/^j; } package c:d { interface j {} }",
      "package a:b; world w { include c:d/w; } package c:d { world w {} }",
      "package a:b; use c:d/j; interface i { use j.{t}; } package c:d { interface j { type t = u8; } }",
      "package a:b; use c:d/j as k; interface i { use ^j.{t}; } package c:d { interface j { type t = u8; } }",
      "package a:b; use c:d/^k; package c:d { interface j {} }",
      "package a:b; use c:d/j; interface ^j {} package c:d { interface j {} }",
      "package a:b; use i as k; interface i { type t = u8; } interface j { use k.{t}; }",
      "package a:b; use ^missing as k;",
      "package a:b; package c:d {} package ^c:d {}",
      "package a:b; package c:d@1.0.0 {} package c:d {}",
      "package a:b; package ^a:b {}",
      "package a:b; package c:d { package ^e:f {} }",
      "package a:b; interface i { use ^a:b/j.{t}; } interface j { type t = u8; }",
      "package a:b; package c:d { interface i { use ^j.{t}; } } interface j { type t = u8; }",
      "package a:b; package c:d { interface j { use ^c:e/k.{t}; } }\n"
      "package c:e { interface k { use c:d/j.{t}; } }",
      "package a:b; package c:d^;",
      "package a:b^ interface i {}",
      "package a:b@^1.0; interface i {}",
      "package a:b@^01.0.0; interface i {}",
      "package a:b@1.0.0-alpha.1+build.5; interface i {}",
      "package a:b; interface i { use c:d/j@^1.{t}; }",
  };
  HOLD("", texts);
}

static void what_stands_between_braces_is_of_its_kind(void **state)
{
  static const char *const texts[] = {
      "interface i { f: func^;}",
      "interface i { f: func()^ }",
      "interface i { f: async^(); }",
      "interface i { f: func() -> ^; }",
      "interface i { f: func() -> ^_; }",
      "interface i { f: func() -> result<_, u8>; }",
      "interface i { f: func() -> result<_^>; }",
      "interface i { f: func() -> result<u8, ^_>; }",
      "interface i { f: func(a^); }",
      "interface i { type t = tuple<u8,>; record r { a: u8, } enum e { a, } f: func(a: u8,); }",
      "interface i { type t = list<u8^; }",
      "interface i { type t = list<u8, ^u8>; }",
      "interface i { type t = list<u8, 4>; }",
      "interface i { type t = option^; }",
      "interface i { type ^u8 = u16; }",
      "interface i { type %u8 = u16; type t = %u8; }",
      "interface i { variant ^v {} }",
      "interface i { enum ^e {} }",
      "interface i { record r {} flags f {} }",
      "interface i { flags f { a, b } }",
      "interface i { flags f { a^: u8 } }",
      "interface i { variant v { a^: u8 } }",
      "interface i { ^import j; }",
      "interface i { ^interface j {} }",
      "interface i { ^include w; }",
      "world w { ^f: func(); }",
      "world w { ^interface i {} }",
      "world w { import f: ^(); }",
      "world w { import f^() -> u8; }",
      "world w { include v with { } } world v {}",
      "world w { include v with { a ^} } world v { import a: func(); }",
      "^type t = u8;",
      "^f: func();",
      "^import i;",
  };
  HOLD("package a:b; ", texts);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(names_in_an_interface_are_one_space),
      TEST(types_are_found_in_their_own_interface_only),
      TEST(nothing_contains_itself),
      TEST(handles_are_of_resources),
      TEST(functions_of_a_resource_have_names_of_their_own),
      TEST(keys_of_maps_are_written_out),
      TEST(a_world_names_a_thing_once),
      TEST(what_is_included_is_new_or_the_same),
      TEST(an_export_needs_its_interfaces_in_one_way),
      TEST(gates_are_one_of_two_and_of_this_version),
      TEST(what_is_left_out_is_named_by_nothing_that_is_in),
      TEST(packages_are_named_whole),
      TEST(what_stands_between_braces_is_of_its_kind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
