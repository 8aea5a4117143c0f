/* What is told of a change, and for whom it breaks, by the rules of docs/compatibility.md: pairs of small
 * texts. Laws on random packages are in diff_law_test.c. */
#include "ifc/diff.h"

#include "ifc/base/buf.h"
#include "tests/unit/ifc/wit_values.h"
#include "tests/unit/json_schema.h"

static const Package *parsed(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  WitOptions options = {.level = WIT_PARSES};
  const Package *package = wit_parse(arena, source_of(arena, text), &options, &diags);
  if (!package) {
    print_error("%.*s\n", STR_ARG(str_slice(text, 0, 2000)));
    print_diags(&diags);
  }
  assert_non_null(package);
  return package;
}

static Diff diff_of(Arena *arena, Str before, Str after)
{
  return package_diff(arena, parsed(arena, before), parsed(arena, after));
}

/* "CLASS: change | change", the changes with what stands beside their texts. */
static Str told(Arena *arena, const InterfaceDiff *diff)
{
  Buf out = buf_in(arena);
  buf_str(&out, diff_class_slug(diff->class));
  for (size_t i = 0; i < diff->change_count; i++) {
    const Change *change = &diff->changes[i];
    buf_printf(&out, "%s%.*s", i ? " | " : ": ", STR_ARG(change->text));
    if (change->class != diff->class) buf_printf(&out, " (%.*s)", STR_ARG(diff_class_slug(change->class)));
    if (change->renamed.len) buf_printf(&out, " (%.*s?)", STR_ARG(change->renamed));
    for (size_t k = 0; k < change->also_count; k++)
      buf_printf(&out, "%s%.*s", k ? ", " : ", also ", STR_ARG(change->also[k]));
    if (change->also_more) buf_z(&out, ", …");
  }
  return buf_text(&out);
}

typedef struct Case {
  const char *before, *after; /* items of an interface */
  const char *want;
} Case;

static void assert_cases(Arena *arena, const char *frame, const Case *cases, size_t count, bool is_world)
{
  for (size_t i = 0; i < count; i++) {
    Diff diff = diff_of(arena, str_format(arena, "%s%s }", frame, cases[i].before),
                        str_format(arena, "%s%s }", frame, cases[i].after));
    const InterfaceDiff *found = NULL;
    for (size_t k = 0; k < diff.interface_count; k++)
      if (diff.interfaces[k].is_world == is_world && str_ends_with(diff.interfaces[k].id, STR("/it")))
        found = &diff.interfaces[k];
    assert_non_null(found);
    assert_slice(told(arena, found), str_from_z(cases[i].want));
  }
}

#define CASES(state, frame, cases, is_world) \
  assert_cases(*(state), (frame), (cases), sizeof(cases) / sizeof *(cases), (is_world))
#define INTERFACE "package n:p; interface it { "

static void what_is_not_hashed_is_no_change(void **state)
{
  static const Case cases[] = {
      {"", "", "same"},
      {"f: func(a: u8); g: func();", "/// Docs.\n g: func(); f: func(%a: u8);", "same"},
      {"record r { x: u8 } f: func(a: r);", "record s { x: u8 } type t = s; f: func(a: t);", "same"},
      {"f: func();", "f: func(); record r { x: u8 }", "same"},
      {"f: func(a: list<u8>) -> list<u8>;", "type l = list<u8>; f: func(a: l) -> l;", "same"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void functions_are_added_and_removed(void **state)
{
  static const Case cases[] = {
      {"", "f: func();", "callers: function f was added"},
      {"f: func();", "", "implementers: function f was removed"},
      {"f: func(); g: func(a: u8);", "g: func(a: u8); h: func() -> u8;",
       "breaking: function f was removed (implementers) | function h was added (callers)"},
      {"f: func(a: u8) -> bool;", "g: func(a: u8) -> bool;",
       "breaking: function f was removed (implementers) (g?) | function g was added (callers) (f?)"},
      /* Which of the two it became, nobody knows. */
      {"f: func();", "g: func(); h: func();",
       "breaking: function f was removed (implementers) | function g was added (callers) |"
       " function h was added (callers)"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void parameters_and_results_change(void **state)
{
  static const Case cases[] = {
      {"f: func();", "f: func(a: u8);", "breaking: in f: parameter a was added"},
      {"f: func(a: u8);", "f: func();", "breaking: in f: parameter a was removed"},
      {"f: func(a: u8);", "f: func(b: u8);", "breaking: in f: parameter a was renamed to b"},
      {"f: func(a: u8);", "f: func(b: u16);",
       "breaking: in f: parameter a was removed | in f: parameter b was added"},
      {"f: func(a: u8, b: u8, c: u8);", "f: func(a: u8, x: u8, c: u8);",
       "breaking: in f: parameter b was renamed to x"},
      {"f: func(a: u8, b: u8);", "f: func(b: u8, a: u8);",
       "breaking: in f: parameters were reordered: a, b became b, a"},
      {"f: func(a: u8);", "f: func(z: string, a: u8);", "breaking: in f: parameter z was added"},
      {"f: func(a: u8);", "f: func(a: s8);", "breaking: in parameter a of f: u8 became s8"},
      {"f: func(a: u8, b: f64);", "f: func(b: f32, a: u8);",
       "breaking: in f: parameters were reordered: a, b became b, a | in parameter b of f: f64 became f32"},
      {"f: func();", "f: func() -> u8;", "breaking: in the result of f: nothing became u8"},
      {"f: func() -> u8;", "f: func();", "breaking: in the result of f: u8 became nothing"},
      {"f: func() -> string;", "f: func() -> list<char>;",
       "breaking: in the result of f: string became list<char>"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void changes_in_types_are_told_with_their_path(void **state)
{
  static const Case cases[] = {
      {"record circle { radius: f64 } intersects: func(a: u8, b: circle);",
       "record circle { radius: f32 } intersects: func(a: u8, b: circle);",
       "breaking: in parameter b of intersects: record field radius: f64 became f32"},
      {"record r { x: u8 } f: func(a: r);", "record r { x: u8, y: u8 } f: func(a: r);",
       "breaking: in parameter a of f: record field y was added"},
      {"record r { x: u8, y: u8 } f: func(a: r);", "record r { y: u8 } f: func(a: r);",
       "breaking: in parameter a of f: record field x was removed"},
      {"record r { x: u8 } f: func(a: r);", "record r { z: u8 } f: func(a: r);",
       "breaking: in parameter a of f: record field x was renamed to z"},
      {"record r { x: u8, y: u8 } f: func(a: r);", "record r { y: u8, x: u8 } f: func(a: r);",
       "breaking: in parameter a of f: record fields were reordered: x, y became y, x"},
      {"variant v { x, y(u8) } f: func(a: v);", "variant v { x(u8), y } f: func(a: v);",
       "breaking: in parameter a of f: variant case x: nothing became u8 |"
       " in parameter a of f: variant case y: u8 became nothing"},
      {"variant v { x } f: func(a: v);", "variant v { x, y(u8) } f: func(a: v);",
       "breaking: in parameter a of f: variant case y was added"},
      {"enum e { x, y } f: func(a: e);", "enum e { x, z } f: func(a: e);",
       "breaking: in parameter a of f: enum case y was renamed to z"},
      {"enum e { x, y } f: func(a: e);", "enum e { y } f: func(a: e);",
       "breaking: in parameter a of f: enum case x was removed"},
      {"flags e { x, y } f: func(a: e);", "flags e { y, x } f: func(a: e);",
       "breaking: in parameter a of f: flags were reordered: x, y became y, x"},
      {"enum e { x, y } f: func(a: e);", "flags e { x, y } f: func(a: e);",
       "breaking: in parameter a of f: enum e became flags e"},
      {"record r { x: u8 } f: func(a: r);", "f: func(a: u8);",
       "breaking: in parameter a of f: record r became u8"},
      {"f: func() -> option<list<u8>>;", "f: func() -> option<list<u16>>;",
       "breaking: in the result of f: option value: list element: u8 became u16"},
      {"f: func() -> result<u8, string>;", "f: func() -> result<u8>;",
       "breaking: in the result of f: error value: string became nothing"},
      {"f: func() -> result<u8>;", "f: func() -> result<u16>;",
       "breaking: in the result of f: ok value: u8 became u16"},
      {"f: func(a: tuple<u8, u16>);", "f: func(a: tuple<u8, u32, bool>);",
       "breaking: in parameter a of f: tuple element 1: u16 became u32 |"
       " in parameter a of f: tuple element 2: nothing became bool"},
      {"record r { x: u8 } type l = list<r>; f: func(a: option<l>);",
       "record q { x: s8 } f: func(a: option<list<q>>);",
       "breaking: in parameter a of f: option value: list element: record field x: u8 became s8"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void new_kinds_of_types_are_walked_too(void **state)
{
  static const Case cases[] = {
      {"f: func(a: list<u8, 3>);", "f: func(a: list<u8, 4>);",
       "breaking: in parameter a of f: list length 3 became 4"},
      {"f: func(a: list<u8>);", "f: func(a: list<u8, 4>);",
       "breaking: in parameter a of f: list<u8> became list<u8, 4>"},
      {"f: func(a: map<string, u8>);", "f: func(a: map<u8, u16>);",
       "breaking: in parameter a of f: map key: string became u8 |"
       " in parameter a of f: map value: u8 became u16"},
      {"f: func() -> stream<u8>;", "f: func() -> stream;",
       "breaking: in the result of f: stream element: u8 became nothing"},
      {"f: func() -> future<u8>;", "f: func() -> future<u16>;",
       "breaking: in the result of f: future value: u8 became u16"},
      {"f: func() -> error-context;", "f: func() -> string;",
       "breaking: in the result of f: error-context became string"},
      {"f: func();", "f: async func();", "breaking: in f: func became async func"},
      {"f: async func();", "f: func();", "breaking: in f: async func became func"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void a_type_that_many_share_is_told_once(void **state)
{
  static const Case cases[] = {
      {"record r { x: u8 } f: func(a: r, b: list<r>); g: func() -> option<r>; h: func(); k: func(c: r);",
       "record r { x: s8 } f: func(a: r, b: list<r>); g: func() -> option<r>; h: func(); k: func(c: r);",
       "breaking: in parameter a of f: record field x: u8 became s8, also g, k"},
      {"record r { x: u8 } record s { r: r } f: func(a: s); g: func(a: r);",
       "record r { y: u8 } record s { r: r } f: func(a: s); g: func(a: r);",
       "breaking: in parameter a of f: record field r: record field x was renamed to y, also g"},
      {"type r = list<u8>; a: func(a: r); b: func(a: r); c: func(a: r); d: func(a: r); e: func(a: r); f: "
       "func(a: r);"
       "g: func(a: r); h: func(a: r); i: func(a: r);",
       "type r = list<s8>; a: func(a: r); b: func(a: r); c: func(a: r); d: func(a: r); e: func(a: r); f: "
       "func(a: r);"
       "g: func(a: r); h: func(a: r); i: func(a: r);",
       "breaking: in parameter a of a: list element: u8 became s8, also b, c, d, e, f, g, h, i"},
      {"type r = list<u8>; a: func(a: r); b: func(a: r); c: func(a: r); d: func(a: r); e: func(a: r); f: "
       "func(a: r);"
       "g: func(a: r); h: func(a: r); i: func(a: r); j: func(a: tuple<r>);",
       "type r = list<s8>; a: func(a: r); b: func(a: r); c: func(a: r); d: func(a: r); e: func(a: r); f: "
       "func(a: r);"
       "g: func(a: r); h: func(a: r); i: func(a: r); j: func(a: tuple<r>);",
       "breaking: in parameter a of a: list element: u8 became s8, also b, c, d, e, f, g, h, i, …"},
      /* What was spelled out in each is not one change. */
      {"f: func(a: u8); g: func(a: u8);", "f: func(a: s8); g: func(a: s8);",
       "breaking: in parameter a of f: u8 became s8 | in parameter a of g: u8 became s8"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void resources_go_by_name(void **state)
{
  static const Case cases[] = {
      {"", "resource blob;", "callers: resource blob was added"},
      {"resource blob { constructor(); read: func() -> u8; }", "",
       "implementers: resource blob was removed with its 2 functions"},
      {"f: func();", "f: func(); resource blob { read: func(); }",
       "callers: resource blob was added with 1 function"},
      {"resource blob { read: func(); }", "resource blob { read: func(); write: func(); }",
       "callers: method blob.write was added"},
      {"resource blob { read: static func(); }", "resource blob { }",
       "implementers: static function blob.read was removed"},
      {"resource blob { }", "resource blob { constructor(size: u8); }",
       "callers: blob's constructor was added"},
      {"resource blob { constructor(size: u8); }", "resource blob { constructor(size: u16); }",
       "breaking: in parameter size of blob's constructor: u8 became u16"},
      {"resource blob { read: func(n: u8); }", "resource blob { read: static func(n: u8); }",
       "breaking: in blob.read: a method became a static function"},
      {"resource blob { read: func(n: u8) -> u8; }", "resource blob { read: func(n: u8) -> u16; }",
       "breaking: in the result of blob.read: u8 became u16"},
      {"resource blob { read: func(n: u8) -> u8; }", "resource blob { get: func(n: u8) -> u8; }",
       "breaking: method blob.get was added (callers) ([method]blob.read?) |"
       " method blob.read was removed (implementers) ([method]blob.get?)"},
      {"resource blob; f: func(a: blob);", "resource blob; f: func(a: borrow<blob>);",
       "breaking: in parameter a of f: own<blob> became borrow<blob>"},
      {"resource a; resource b; f: func(x: list<borrow<a>>);",
       "resource a; resource b; f: func(x: list<borrow<b>>);",
       "breaking: in parameter x of f: list element: borrow<a> became borrow<b>"},
      {"resource blob { read: func(); }", "resource bytes { read: func(); }",
       "breaking: resource blob was removed with its 1 function (implementers) (bytes?) |"
       " resource bytes was added with 1 function (callers) (blob?)"},
  };
  CASES(state, INTERFACE, cases, false);
}

static void order_of_names_decides_the_order_told(void **state)
{
  Diff diff = diff_of(*state, STR("package n:p; interface it { b: func(a: u8); a: func(a: u8); c: func(); }"),
                      STR("package n:p; interface it { c: func(x: u8); a: func(a: u16); b: func(a: u16); }"));
  assert_text(told(*state, diff.interfaces),
              "breaking: in parameter a of a: u8 became u16 | in parameter a of b: u8 became u16 |"
              " in c: parameter x was added");
}

/* --- interfaces */

static void assert_interface(Arena *arena, const Diff *diff, size_t index, const char *id, const char *want)
{
  assert_true(index < diff->interface_count);
  assert_slice(diff->interfaces[index].id, str_from_z(id));
  assert_slice(told(arena, &diff->interfaces[index]), str_from_z(want));
}

static void versions_of_packages_do_not_count(void **state)
{
  Diff diff = diff_of(*state, STR("package n:p@1.0.0; interface i { f: func(); }"),
                      STR("package n:p@2.0.0; interface i { f: func(); }"));
  assert_int_equal(diff.interface_count, 1);
  assert_interface(*state, &diff, 0, "n:p/i", "same");
  assert_false(diff_breaks_callers(&diff));
  assert_false(diff_breaks_implementers(&diff));
}

static void interfaces_are_added_and_removed(void **state)
{
  Str a = STR("package n:p; interface i { f: func(); } interface k { g: func(); }");
  Str b = STR("package n:p; interface i { f: func(); } interface j { h: func(); }");
  Diff diff = diff_of(*state, a, b);
  assert_int_equal(diff.interface_count, 3);
  assert_interface(*state, &diff, 0, "n:p/i", "same");
  assert_interface(*state, &diff, 1, "n:p/j", "added");
  assert_interface(*state, &diff, 2, "n:p/k", "removed");
  assert_int_equal(diff.interfaces[1].renamed.len, 0);
  assert_true(diff_breaks_callers(&diff));
  assert_false(diff_breaks_implementers(&diff));
}

static void an_interface_of_equal_content_may_be_renamed(void **state)
{
  Diff diff = diff_of(*state, STR("package n:p; interface i { f: func(a: list<u8>); }"),
                      STR("package n:q; interface j { f: func(a: list<u8>); }"));
  assert_text(diff.interfaces[0].renamed, "n:q/j");
  assert_text(diff.interfaces[1].renamed, "n:p/i");
  /* Not of another namespace, nor where there are two to choose from, nor where nothing is in it. */
  diff = diff_of(*state, STR("package n:p; interface i { f: func(); }"),
                 STR("package m:p; interface i { f: func(); }"));
  assert_int_equal(diff.interfaces[0].renamed.len, 0);
  diff = diff_of(*state, STR("package n:p; interface i { f: func(); }"),
                 STR("package n:p; interface j { f: func(); } interface k { f: func(); }"));
  assert_int_equal(diff.interfaces[0].renamed.len, 0);
  diff = diff_of(*state, STR("package n:p; interface i {}"), STR("package n:p; interface j {}"));
  assert_int_equal(diff.interfaces[0].renamed.len, 0);
}

static void two_interfaces_can_be_compared_whatever_they_are_called(void **state)
{
  const Package *before = parsed(*state, STR("package n:p; interface i { f: func(a: u8); }"));
  const Package *after = parsed(*state, STR("package n:p; interface j { f: func(a: u16); }"));
  Diff diff = interface_diff(*state, before->interfaces, after->interfaces);
  assert_int_equal(diff.interface_count, 1);
  assert_interface(*state, &diff, 0, "n:p/i",
                   "breaking: n:p/i became n:p/j | in parameter a of f: u8 became u16");
  diff = interface_diff(*state, before->interfaces, before->interfaces);
  assert_interface(*state, &diff, 0, "n:p/i", "same");
}

static void two_worlds_can_be_compared_whatever_they_are_called(void **state)
{
  static const char text[] =
      "package n:p; interface i { f: func(); } world %s { resource r { m: func(); }\n"
      "import i; import x: interface { g: func(); resource q; } export run: func(a: r); %s}";
  const Package *before = parsed(*state, str_format(*state, text, "w", ""));
  const Package *same = parsed(*state, str_format(*state, text, "v", ""));
  const Package *more = parsed(*state, str_format(*state, text, "v", "export more: func(); "));
  Diff diff = world_diff(*state, before->worlds, same->worlds);
  assert_int_equal(diff.interface_count, 1);
  assert_interface(*state, &diff, 0, "n:p/w", "same");
  assert_text(diff.interfaces[0].renamed, "n:p/v");
  assert_false(diff_breaks_callers(&diff) || diff_breaks_implementers(&diff));
  /* Guests have to provide what is exported; hosts need not call it. */
  diff = world_diff(*state, before->worlds, more->worlds);
  assert_true(diff_breaks_callers(&diff));
  assert_false(diff_breaks_implementers(&diff));
  diff = world_diff(*state, more->worlds, before->worlds);
  assert_false(diff_breaks_callers(&diff));
  assert_true(diff_breaks_implementers(&diff));
}

static void who_breaks_decides(void **state)
{
  static const struct {
    const char *before, *after;
    bool callers, implementers;
  } cases[] = {
      {"f: func();", "f: func();", false, false},
      {"f: func();", "f: func(); g: func();", false, true},
      {"f: func(); g: func();", "f: func();", true, false},
      {"f: func();", "f: func(a: u8);", true, true},
      {"f: func();", "g: func();", true, true},
      {"f: func(); } interface j { g: func();", "f: func();", true, false},
      {"f: func();", "f: func(); } interface j { g: func();", false, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Diff diff = diff_of(*state, str_format(*state, INTERFACE "%s }", cases[i].before),
                        str_format(*state, INTERFACE "%s }", cases[i].after));
    assert_int_equal(diff_breaks_callers(&diff), cases[i].callers);
    assert_int_equal(diff_breaks_implementers(&diff), cases[i].implementers);
  }
}

/* --- foreign interfaces */

#define USER " interface user { use io.{s}; f: func(x: s); g: func(x: list<borrow<s>>); h: func(); }"

static void a_foreign_interface_breaks_whom_it_breaks(void **state)
{
  Str before = STR("package n:p; interface io { resource s { a: func(); } }" USER);
  Str more = STR("package n:p; interface io { resource s { a: func(); b: func(); } }" USER);
  Str other = STR("package n:p; interface io { resource s { a: func(x: u8); } }" USER);
  Diff diff = diff_of(*state, before, more);
  assert_interface(*state, &diff, 0, "n:p/io", "callers: method s.b was added");
  assert_interface(*state, &diff, 1, "n:p/user",
                   "foreign: in parameter x of f: foreign interface n:p/io changed, also g");
  assert_int_equal(diff.interfaces[1].breaks, DIFF_BREAKS_IMPLEMENTERS);
  assert_false(diff_breaks_callers(&diff));
  diff = diff_of(*state, more, before);
  assert_int_equal(diff.interfaces[1].class, DIFF_FOREIGN);
  assert_int_equal(diff.interfaces[1].breaks, DIFF_BREAKS_CALLERS);
  diff = diff_of(*state, before, other);
  assert_int_equal(diff.interfaces[1].class, DIFF_FOREIGN);
  assert_int_equal(diff.interfaces[1].breaks, DIFF_BREAKS_ALL);
}

/* Guests import `io`, of which there is more now: what they export stays as it was. */
static void an_export_does_not_break_by_what_the_world_imports(void **state)
{
  static const char *const form = "package n:p; interface io { resource s; %s } interface it { use io.{s};"
                                  " f: func(x: s); } world w { export it; }";
  Str before = str_format(*state, form, ""), after = str_format(*state, form, "g: func();");
  Diff diff = diff_of(*state, before, after);
  assert_interface(*state, &diff, 2, "n:p/w",
                   "callers: import n:p/io changed | export n:p/it changed (foreign)");
  assert_int_equal(diff.interfaces[2].breaks, DIFF_BREAKS_IMPLEMENTERS);
  assert_false(diff_breaks_callers(&diff));
  diff = diff_of(*state, after, before);
  assert_int_equal(diff.interfaces[2].breaks, DIFF_BREAKS_CALLERS);
}

static void a_chain_of_foreign_interfaces_hands_on(void **state)
{
  static const char *const form = "package n:p; interface c { use b.{t}; resource u; f: func(x: t) -> u; } "
                                  "interface b { use a.{s}; resource t {"
                                  " make: static func(x: s) -> t; } } interface a { resource s { %s } }";
  Diff diff = diff_of(*state, str_format(*state, form, ""), str_format(*state, form, "close: func();"));
  assert_interface(*state, &diff, 0, "n:p/a", "callers: method s.close was added");
  assert_interface(*state, &diff, 1, "n:p/b",
                   "foreign: in parameter x of t.make: foreign interface n:p/a changed");
  assert_interface(*state, &diff, 2, "n:p/c",
                   "foreign: in parameter x of f: foreign interface n:p/b changed");
  assert_int_equal(diff.interfaces[2].breaks, DIFF_BREAKS_IMPLEMENTERS);
}

static void a_resource_from_elsewhere_is_another_one(void **state)
{
  static const char *const form = "package n:p; interface a { resource s; } interface b { resource s; }"
                                  " interface it { use %s; f: func(x: s); }";
  Diff diff = diff_of(*state, str_format(*state, form, "a.{s}"), str_format(*state, form, "b.{s}"));
  assert_interface(*state, &diff, 2, "n:p/it",
                   "breaking: in parameter x of f: own<n:p/a.s> became own<n:p/b.s>");
}

static void a_dependency_is_told_where_it_shows(void **state)
{
  static const char *const form =
      "package n:p; interface i { use d:d/io.{s}; f: func(x: s); }"
      " package d:d { interface io { resource s { %s } } interface other { %s } }";
  Diff diff = diff_of(*state, str_format(*state, form, "", ""), str_format(*state, form, "a: func();", ""));
  assert_interface(*state, &diff, 0, "d:d/io", "callers: method s.a was added");
  assert_interface(*state, &diff, 1, "d:d/other", "same");
  assert_interface(*state, &diff, 2, "n:p/i",
                   "foreign: in parameter x of f: foreign interface d:d/io changed");
}

/* --- worlds */

#define WORLD "package n:p; interface a { f: func(); } interface b { g: func(); } world it { "

static void imports_and_exports_are_added_and_removed(void **state)
{
  static const Case cases[] = {
      {"import a;", "import a;", "same"},
      {"", "import a;", "callers: import n:p/a was added"},
      {"import a;", "", "implementers: import n:p/a was removed"},
      {"", "export a;", "implementers: export n:p/a was added"},
      {"export a;", "", "callers: export n:p/a was removed"},
      {"import a;", "export a;", "implementers: import n:p/a was removed | export n:p/a was added"},
      {"", "import run: func();", "callers: import run was added"},
      {"", "export run: func();", "implementers: export run was added"},
      {"export run: func();", "export run: func(); export stop: func();",
       "implementers: export stop was added"},
      {"import run: func(a: u8);", "import run: func(a: u16);",
       "breaking: in parameter a of import run: u8 became u16"},
      {"export run: func(a: u8);", "export go: func(a: u8);",
       "breaking: export go was added (implementers) (run?) | export run was removed (callers) (go?)"},
      {"import a; export b;", "export b; import a;", "same"},
      {"resource r { m: func(); } import f: func(x: r);",
       "resource r { m: func(); n: func(); } import f: func(x: r);", "callers: import r.n was added"},
      {"", "resource r;", "callers: import resource r was added"},
  };
  CASES(state, WORLD, cases, true);
}

static void inline_interfaces_are_told_in_their_world(void **state)
{
  static const Case cases[] = {
      {"import log: interface { f: func(); }", "import log: interface { f: func(); g: func(); }",
       "callers: import log: function g was added"},
      {"export log: interface { f: func(); }", "export log: interface { f: func(); g: func(); }",
       "implementers: export log: function g was added"},
      {"export log: interface { f: func(); }", "export log: interface { }",
       "callers: export log: function f was removed"},
      {"import log: interface { f: func(); }",
       "include other with { old as log } } world other {"
       " import old: interface { f: func(); }",
       "same"},
      {"import log: interface { f: func(a: u8); }", "import log: interface { f: func(a: u16); }",
       "breaking: import log: in parameter a of f: u8 became u16"},
  };
  CASES(state, WORLD, cases, true);
}

static void a_changed_interface_reaches_worlds_by_direction(void **state)
{
  static const char *const form = "package n:p; interface a { f: func(); %s } world w { %s a; }";
  static const struct {
    const char *direction, *want;
  } cases[] = {{"import", "callers: import n:p/a changed"}, {"export", "implementers: export n:p/a changed"}};
  for (size_t i = 0; i < 2; i++) {
    Diff diff = diff_of(*state, str_format(*state, form, "", cases[i].direction),
                        str_format(*state, form, "g: func();", cases[i].direction));
    assert_interface(*state, &diff, 0, "n:p/a", "callers: function g was added");
    assert_interface(*state, &diff, 1, "n:p/w", cases[i].want);
  }
}

/* --- strength */

/* "record r1 { a: r0, b: r0 }", "record r2 { a: r1, b: r1 }", … on top of `base`. */
static Str doublings(Arena *arena, const char *base, int count, int functions)
{
  Buf out = buf_in(arena);
  buf_printf(&out, INTERFACE "type r0 = %s;\n", base);
  for (int i = 1; i <= count; i++) buf_printf(&out, "record r%d { a: r%d, b: r%d }\n", i, i - 1, i - 1);
  for (int i = 0; i < functions; i++) buf_printf(&out, "call%d: func(a: r%d);\n", i, count - i % count);
  buf_z(&out, "}");
  return buf_text(&out);
}

static void shared_types_are_compared_once(void **state)
{
  Diff diff = diff_of(*state, doublings(*state, "list<u8>", 900, 1), doublings(*state, "list<u16>", 900, 1));
  assert_int_equal(diff.interfaces[0].change_count, 1);
  Str text = diff.interfaces[0].changes[0].text;
  assert_text(text, "in parameter a of call0: record field a: record field a: record field a: …: "
                    "record field a: record field a: list element: u8 became u16");
}

static void many_functions_with_deep_types_stay_linear(void **state)
{
  /* Each function leads to types at another depth than before: as many pairs as there are types, squared. */
  Str before = doublings(*state, "list<u8>", 900, 900),
      after = doublings(*state, "option<list<list<u8>>>", 899, 900);
  Diff diff = diff_of(*state, before, after);
  assert_int_equal(diff.interfaces[0].class, DIFF_BREAKING);
  assert_true(diff.interfaces[0].change_count <= DIFF_CHANGES_MAX);
  assert_true(diff_text(*state, &diff).len < 100000);
}

static void changes_beyond_a_hundred_are_counted(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, INTERFACE);
  for (int i = 0; i < 250; i++) buf_printf(&text, "call%d: func();", i);
  buf_z(&text, "}");
  Diff diff = diff_of(*state, STR(INTERFACE "}"), buf_text(&text));
  assert_int_equal(diff.interfaces[0].change_count, 100);
  assert_int_equal(diff.interfaces[0].dropped, 150);
  assert_int_equal(diff.interfaces[0].class, DIFF_CALLERS);
  assert_true(str_find(diff_text(*state, &diff), STR("\n  and 150 more changes\n")) != SIZE_MAX);
}

/* --- reports */

static void lines_fit_80_columns(void **state)
{
  Diff diff = diff_of(
      *state,
      STR("package long-namespace:and-a-long-package; interface with-a-rather-long-name { record r { x: u8 }"
          "one-function: func(a: r); another-function: func(a: r); yet-another-function: func(a: r); } "
          "interface s {}"),
      STR("package long-namespace:and-a-long-package; interface with-a-rather-long-name { record r { x: u16 }"
          "one-function: func(a: r); another-function: func(a: r); yet-another-function: func(a: r); } "
          "interface s {}"));
  Str hashes[2] = {hash_hex(*state, diff.interfaces[1].before), hash_hex(*state, diff.interfaces[1].after)};
  Str want = str_format(*state,
                        "long-namespace:and-a-long-package/with-a-rather-long-name  %.8s → %.8s\n"
                        "  breaking\n"
                        "  in parameter a of another-function: record field x: u8 became u16\n"
                        "    also in one-function and yet-another-function\n"
                        "\n"
                        "1 unchanged: long-namespace:and-a-long-package/s\n"
                        "breaks callers and implementers\n",
                        hashes[0].at, hashes[1].at);
  assert_slice(diff_text(*state, &diff), want);
}

static void a_long_change_is_wrapped(void **state)
{
  Diff diff = diff_of(
      *state, STR(INTERFACE "enum colour { red, orange, yellow, green, blue } paint: func(c: colour); }"),
      STR(INTERFACE "enum colour { blue, green, yellow, orange, red } paint: func(c: colour); }"));
  Str text = diff_text(*state, &diff);
  assert_true(
      str_find(text, STR("  in parameter c of paint: enum cases were reordered: red, orange, yellow,\n"
                         "    green, blue became blue, green, yellow, orange, red\n")) != SIZE_MAX);
}

static void places_are_told_in_json(void **state)
{
  Diff diff = diff_of(*state, STR("package n:p;\ninterface i {\n  f: func();\n}\n"),
                      STR("package n:p;\n\ninterface i {\n\n  f: func(a: u8);\n}\n"));
  const Json *json = diff_to_json(*state, &diff);
  const Json *change = jv_at(jv_get(jv_at(jv_get(json, STR("interfaces")), 0), STR("changes")), 0);
  assert_text(jv_as_string(jv_get(change, STR("text"))), "in f: parameter a was added");
  assert_text(jv_as_string(jv_get(jv_get(change, STR("before")), STR("path"))), "test");
  assert_int_equal(jv_as_integer(jv_get(jv_get(change, STR("before")), STR("line"))), 3);
  assert_int_equal(jv_as_integer(jv_get(jv_get(change, STR("after")), STR("line"))), 5);
}

static void json_fits_its_schema(void **state)
{
  static const char *const form =
      "package n:p; interface io { resource s { %s } } interface user { use io.{s};"
      " record r { x: %s } f: func(x: s, y: r); g: func(y: r); %s } %s"
      " world w { import io; export user; %s }";
  Diff diff =
      diff_of(*state, str_format(*state, form, "", "u8", "", "interface gone { h: func(); }", ""),
              str_format(*state, form, "m: func();", "s8", "k: func();", "interface here { h: func(); }",
                         "import a: func(); export b: interface { c: func(); }"));
  assert_true(diff.interface_count == 5);
  assert_fits_schema(*state, "docs/schemas/diff.json", diff_to_json(*state, &diff));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_is_not_hashed_is_no_change),
      TEST(functions_are_added_and_removed),
      TEST(parameters_and_results_change),
      TEST(changes_in_types_are_told_with_their_path),
      TEST(new_kinds_of_types_are_walked_too),
      TEST(a_type_that_many_share_is_told_once),
      TEST(resources_go_by_name),
      TEST(order_of_names_decides_the_order_told),
      TEST(versions_of_packages_do_not_count),
      TEST(interfaces_are_added_and_removed),
      TEST(an_interface_of_equal_content_may_be_renamed),
      TEST(two_interfaces_can_be_compared_whatever_they_are_called),
      TEST(two_worlds_can_be_compared_whatever_they_are_called),
      TEST(who_breaks_decides),
      TEST(a_foreign_interface_breaks_whom_it_breaks),
      TEST(an_export_does_not_break_by_what_the_world_imports),
      TEST(a_chain_of_foreign_interfaces_hands_on),
      TEST(a_resource_from_elsewhere_is_another_one),
      TEST(a_dependency_is_told_where_it_shows),
      TEST(imports_and_exports_are_added_and_removed),
      TEST(inline_interfaces_are_told_in_their_world),
      TEST(a_changed_interface_reaches_worlds_by_direction),
      TEST(shared_types_are_compared_once),
      TEST(many_functions_with_deep_types_stay_linear),
      TEST(changes_beyond_a_hundred_are_counted),
      TEST(lines_fit_80_columns),
      TEST(a_long_change_is_wrapped),
      TEST(places_are_told_in_json),
      TEST(json_fits_its_schema),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
