/* What is WIT and what is not, as wasm-tools 0.259 has it (each text was tried with it), and where errors
 * are. Messages are in tests/golden/ifc. */
#include "ifc/ast.h"

#include <string.h>

#include "tests/unit/check.h"

typedef struct Parsed {
  Source source;
  Diags diags;
  const AstFile *file;
} Parsed;

static Parsed *parse(Arena *arena, Str text)
{
  Parsed *self = arena_new_of(arena, Parsed);
  self->source = (Source){STR("test.wit"), text};
  self->diags = diags_in(arena);
  self->file = wit_parse_file(arena, &self->source, &self->diags);
  return self;
}

/* Puts each text into "PREFIX…SUFFIX" and tries it. */
static void try_all(Arena *arena, const char *prefix, const char *const *texts, const char *suffix,
                    bool right)
{
  for (; *texts; texts++) {
    Parsed *parsed = parse(arena, str_format(arena, "%s%s%s", prefix, *texts, suffix));
    if (!parsed->diags.errors != right) print_error("«%s»\n", *texts);
    assert_int_equal(!parsed->diags.errors, right);
  }
}

static void types(void **state)
{
  static const char *const right[] = {"bool",
                                      "s8",
                                      "error-context",
                                      "list<u8>",
                                      "list<u8, 4>",
                                      "list<u8, 007>",
                                      "list<u8, 4294967295>",
                                      "map<string, list<u8>>",
                                      "option<a-b>",
                                      "result",
                                      "result<u8>",
                                      "result<u8, u8>",
                                      "result<_, u8>",
                                      "tuple<>",
                                      "tuple<u8,>",
                                      "tuple<u8, u8>",
                                      "stream",
                                      "stream<u8>",
                                      "future",
                                      "future<future>",
                                      "own<a>",
                                      "borrow<%type>",
                                      "%list",
                                      "A-b",
                                      NULL};
  static const char *const wrong[] = {"",
                                      "list",
                                      "list<>",
                                      "list<u8,>",
                                      "list<u8, n>",
                                      "list<u8, 4,>",
                                      "list<u8, 4294967296>",
                                      "list<u8, -1>",
                                      "list<u8, 4.0>",
                                      "map<u8>",
                                      "map<u8,>",
                                      "map<u8, u8,>",
                                      "option",
                                      "option<u8,>",
                                      "option<u8, u8>",
                                      "result<>",
                                      "result<_>",
                                      "result<_, _>",
                                      "result<u8, _>",
                                      "result<u8,>",
                                      "tuple",
                                      "tuple<,>",
                                      "stream<>",
                                      "stream<u8,>",
                                      "own",
                                      "own<u32>",
                                      "own<list<a>>",
                                      "borrow<>",
                                      "bool<u8>",
                                      "string<u8>",
                                      "func()",
                                      "type",
                                      "aB",
                                      "a--b",
                                      "1",
                                      "a.b",
                                      "list<u8>>",
                                      "_",
                                      NULL};
  try_all(*state, "package a:b; interface i { type t = ", right, "; }", true);
  try_all(*state, "package a:b; interface i { type t = ", wrong, "; }", false);
}

static void types_nest_a_hundred_deep(void **state)
{
  for (size_t depth = 98; depth <= 101; depth++) {
    Buf text = buf_in(*state);
    buf_z(&text, "package a:b; interface i { type t = ");
    for (size_t i = 1; i < depth; i++) buf_z(&text, "list<");
    buf_z(&text, "u8");
    for (size_t i = 1; i < depth; i++) buf_z(&text, ">");
    buf_z(&text, "; }");
    assert_int_equal(parse(*state, buf_text(&text))->diags.errors, depth > 100);
  }
}

static void items_of_interfaces(void **state)
{
  static const char *const right[] = {"f: func();",
                                      "f: async func() -> u8;",
                                      "f: func(a: u8, b: u8,);",
                                      "%func: func();",
                                      "type t = u8;",
                                      "record r {}",
                                      "record r { a: u8 }",
                                      "record r { a: u8, }",
                                      "variant v { a(u8), b }",
                                      "enum e { a, b, }",
                                      "flags f {}",
                                      "resource r;",
                                      "resource r {}",
                                      "use a.{};",
                                      "use a.{b as c, d,};",
                                      "use a:b/c@1.0.0.{d};",
                                      "use a:b/c@1.0.0-rc.1.{d};",
                                      "use a : b / c . { d } ;",
                                      NULL};
  static const char *const wrong[] = {"f: func()",
                                      "f: func;",
                                      "f: func() -> ();",
                                      "f: func() -> (a: u8);",
                                      "f: static func();",
                                      "func f();",
                                      "f: async async func();",
                                      "f: func(a);",
                                      "f: func(u8);",
                                      "f: func(a: u8 b: u8);",
                                      "f: func(,);",
                                      "f();",
                                      "func: func();",
                                      "type t;",
                                      "type t = u8",
                                      "type = u8;",
                                      "record r {};",
                                      "record r { a }",
                                      "record r { a: u8; }",
                                      "record { a: u8 }",
                                      "variant v { a() }",
                                      "variant v { a(u8, u8) }",
                                      "variant v { a: u8 }",
                                      "enum e { a(u8) }",
                                      "flags f { a: u8 }",
                                      "resource r",
                                      "resource r {};",
                                      "use a;",
                                      "use a.b;",
                                      "use a.{b}",
                                      "use a.{,};",
                                      "use a:b.{c};",
                                      "use a:b/c.d.{e};",
                                      "use a:b/c@1.0.{d};",
                                      "import a;",
                                      "include a;",
                                      "interface j {}",
                                      "world w {}",
                                      ";",
                                      "record r { @since(version = 1.0.0) a: u8 }",
                                      "union u { u8 }",
                                      NULL};
  try_all(*state, "package a:b; interface i { ", right, " }", true);
  try_all(*state, "package a:b; interface i { ", wrong, " }", false);
}

static void functions_of_resources(void **state)
{
  static const char *const right[] = {"constructor();",
                                      "constructor(a: u8) -> result<r, string>;",
                                      "m: func();",
                                      "m: async func();",
                                      "m: static func();",
                                      "m: static async func() -> r;",
                                      "%constructor: func();",
                                      "@since(version = 1.0.0) constructor();",
                                      NULL};
  static const char *const wrong[] = {"constructor()",
                                      "constructor: func();",
                                      "async constructor();",
                                      "m: async static func();",
                                      "m: static;",
                                      "static m: func();",
                                      "constructor() ->;",
                                      "type t = u8;",
                                      "m();",
                                      NULL};
  try_all(*state, "package a:b; interface i { resource r { ", right, " } }", true);
  try_all(*state, "package a:b; interface i { resource r { ", wrong, " } }", false);
}

static void items_of_worlds(void **state)
{
  static const char *const right[] = {"import a;",
                                      "export a:b/c;",
                                      "import a:b/c@1.0.0;",
                                      "import f: func();",
                                      "export f: async func() -> u8;",
                                      "import i: interface {}",
                                      "import i: interface { f: func(); }",
                                      "import a: b;",
                                      "import a: b:c/d@1.0.0;",
                                      "import a : b / c ;",
                                      "include a;",
                                      "include a:b/c@1.0.0 with { d as e, }",
                                      "include a with {}",
                                      "use a.{b};",
                                      "type t = u8;",
                                      "resource r;",
                                      "record r { a: u8 }",
                                      "enum e { a }",
                                      "flags f { a }",
                                      "variant v { a }",
                                      NULL};
  static const char *const wrong[] = {"import a",
                                      "import f: func()",
                                      "import i: interface {};",
                                      "import a/b;",
                                      "import a:b;c",
                                      "import a: b/;",
                                      "import func;",
                                      "import f: async;",
                                      "include a with {};",
                                      "include a with { b };",
                                      "include a with { b as }",
                                      "include a with b as c;",
                                      "f: func();",
                                      "import a.{b};",
                                      "package a:b {}",
                                      "interface i {}",
                                      "export;",
                                      "import a: static func();",
                                      NULL};
  try_all(*state, "package a:b; world w { ", right, " }", true);
  try_all(*state, "package a:b; world w { ", wrong, " }", false);
}

static void files(void **state)
{
  static const char *const right[] = {"",
                                      "package a:b;",
                                      "package a:b@1.2.3-rc.1+b;",
                                      "package a : b @ 1.0.0 ;",
                                      "package a:b {}",
                                      "package a:b; package c:d { interface i {} }",
                                      "package a:b {} package c:d {}",
                                      "package a:b { package c:d {} }",
                                      "use a;",
                                      "use a as b;",
                                      "use a:b/c@1.0.0 as d;",
                                      "\xef\xbb\xbfpackage a:b;",
                                      "package a:b;\r\n// x \r y\r\ninterface i {}",
                                      "// a /*\n/* /* */ // */ package a:b; /**/ /// b",
                                      NULL};
  static const char *const wrong[] = {"package",
                                      "package a;",
                                      "package a:b",
                                      "package a:b:c;",
                                      "package a:b/c;",
                                      "package a:b@1.0;",
                                      "package a:b@1.0.0",
                                      "package a:b@ 1.0 .0;",
                                      "package a:b; package c:d;",
                                      "package a:b {};",
                                      "interface i;",
                                      "interface {}",
                                      "world w",
                                      "use a.{b};",
                                      "use a",
                                      "use a:b;",
                                      "type t = u8;",
                                      "f: func();",
                                      "}",
                                      "/* /* */",
                                      "package a:b;\rinterface i {}",
                                      "package a:b;\xc2\xa0interface i {}",
                                      "package a:b; \xef\xbb\xbf",
                                      "\"a\"",
                                      "default interface i {}",
                                      NULL};
  try_all(*state, "", right, "", true);
  try_all(*state, "", wrong, "", false);
}

static void gates_before_every_item(void **state)
{
  static const char *const right[] = {"@since(version = 1.0.0)",
                                      "@unstable(feature = a-b)",
                                      "@since(version = 1.0.0) @deprecated(version = 1.0.1)",
                                      "@deprecated(version = 1.0.0)@unstable(feature=a)",
                                      "@ since ( version = 1.0.0-rc.1 )",
                                      "@%since(%version = 1.0.0)",
                                      NULL};
  static const char *const wrong[] = {"@",
                                      "@since",
                                      "@since()",
                                      "@since(1.0.0)",
                                      "@since(version = 1.0)",
                                      "@since(version = 1.0.0,)",
                                      "@since(version: 1.0.0)",
                                      "@since(feature = a)",
                                      "@unstable(version = 1.0.0)",
                                      "@unstable(feature = 1)",
                                      "@unstable(feature = type)",
                                      "@deprecated(version = 1.0.0)",
                                      "@since(version = 1.0.0) @unstable(feature = a)",
                                      "@since(version = 1.0.0) @since(version = 1.0.0)",
                                      "@type(version = 1.0.0)",
                                      "@stable(feature = a)",
                                      "@since(version = \"1.0.0\")",
                                      NULL};
  static const char *const places[][2] = {{"", "interface i {}"},
                                          {"", "world w {}"},
                                          {"world w { ", "import a; }"},
                                          {"world w { ", "export f: func(); }"},
                                          {"world w { ", "include a; }"},
                                          {"world w { ", "use a.{b}; }"},
                                          {"world w { ", "type t = u8; }"},
                                          {"interface i { ", "f: func(); }"},
                                          {"interface i { ", "use a.{b}; }"},
                                          {"interface i { ", "resource r; }"},
                                          {"interface i { resource r { ", "constructor(); } }"},
                                          {"interface i { resource r { ", "m: func(); } }"}};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    try_all(*state, places[i][0], right, places[i][1], true);
    try_all(*state, places[i][0], wrong, places[i][1], false);
  }
}

static void gates_stand_nowhere_else(void **state)
{
  static const char *const wrong[] = {"@since(version = 1.0.0) package a:b;",
                                      "package a:b; @since(version = 1.0.0) use c;",
                                      "package a:b; @since(version = 1.0.0) package c:d {}",
                                      "interface i { f: func(@since(version = 1.0.0) a: u8); }",
                                      "interface i { enum e { @since(version = 1.0.0) a } }",
                                      "interface i { use a.{@since(version = 1.0.0) b}; }",
                                      "interface i { f: @since(version = 1.0.0) func(); }",
                                      "interface i { @since(version = 1.0.0) }",
                                      NULL};
  try_all(*state, "", wrong, "", false);
}

/* As wasm-tools 0.263 has it, which allows fewer places than those before. */
static void external_ids_stand_before_what_is_imported_exported_or_declared(void **state)
{
  static const char *const right[] = {
      "world w { @external-id(\"https://a.b/c\\u{41}\") import f: func(); }",
      "@since(version = 1.0.0) @external-id(\"\") world w {}", "world w { @external-id(\"x\") export a: b; }",
      "interface i { @external-id(\"x\") resource r { @external-id(\"y\") constructor(); } }", NULL};
  static const char *const wrong[] = {"@external-id(\"x\") interface i {}",
                                      "world w { @external-id(\"x\") include a; }",
                                      "world w { @external-id(x) import f: func(); }",
                                      "world w { @external-id import f: func(); }",
                                      "world w { @external-id() import f: func(); }",
                                      "world w { @external-id(\"x\", \"y\") import f: func(); }",
                                      "world w { @external-id(\"x\") @external-id(\"y\") import f: func(); }",
                                      "world w { @external-id(\"\\q\") import f: func(); }",
                                      NULL};
  try_all(*state, "package a:b; ", right, "", true);
  try_all(*state, "package a:b; ", wrong, "", false);

  const AstFile *file =
      parse(*state, STR("package a:b; world w { @external-id(\"a\\u{41}\") import f: func(); }"))->file;
  const AstGate *gate = file->tops[0].world->items[0].gate;
  assert_text(gate->external_id.text, "aA");
  assert_text(span_text(gate->external_id.span), "external-id");
}

/* The places are those of wasm-tools' messages, or right behind what something is missing after. */
static void errors_are_where_they_are_made(void **state)
{
  static const struct {
    const char *text, *at; /* `at` is the text that is marked; the first one of that text */
  } cases[] = {
      {"package a:b; interface i { type t = own<u32>; }", "u32"},
      {"package a:b; interface i { type option = u32; }", "option"},
      {"package a:b; interface i { f: func() -> (); }", "() -> ("},
      {"@deprecated(since = 1.2.3) world w {}", "since"},
      {"@since(feature = foo, version = 1.0.0) world w {}", "feature"},
      {"package a:b; interface i { resource r { x: async static func(); } }", "static"},
      {"package a:b; interface i { resource r { interface foo {} } }", "interface foo"},
      {"package a:b; interface i { type a = list<u32,>; }", ">;"},
      {"package a:b; package b:c;", ";"},
      {"package a:b; /* /* */", "/*"},
      {"package a:b; interface i { fooBar: func(); }", "fooBar"},
      {"@external-id(\"x\") interface i {}", "external-id"},
      {"package a:b; interface i { $ }", "$"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Parsed *parsed = parse(*state, str_from_z(cases[i].text));
    assert_true(parsed->diags.errors > 0);
    size_t want = str_find(parsed->source.text, str_from_z(cases[i].at));
    if (i == 2) want += strlen("() -> ");
    if (i == 8) want = parsed->source.text.len - 1;
    if (parsed->diags.first->span.at != want) print_error("«%s»\n", cases[i].text);
    assert_int_equal(parsed->diags.first->span.at, want);
  }
}

/* Each line of these has one mistake, and nothing else may be found fault with. */
static void one_mistake_is_one_error(void **state)
{
  static const char *const mistakes[] = {"f: func() u8;",
                                         "f: func(a u8);",
                                         "f func();",
                                         "func f();",
                                         "record r { a u8 }",
                                         "record r { a: u8 b: u8 }",
                                         "record r { a: u8; }",
                                         "enum e { a(u8) }",
                                         "variant v { a(u8 }",
                                         "type t u8;",
                                         "type t = list<>;",
                                         "f: func() -> (u8, u8);",
                                         "use a.b;",
                                         "recrod r { a: u8 }",
                                         "@sinc(version = 1.0.0) f: func();",
                                         "resource r { constructor() }",
                                         "resource r { m: func(); interface x {} n: func(); }",
                                         "f: fn();",
                                         "a--b: func();",
                                         "\"text\";",
                                         "interface x { f: func(); }",
                                         NULL};
  for (const char *const *mistake = mistakes; *mistake; mistake++) {
    Parsed *parsed = parse(*state, str_format(*state,
                                              "package a:b;\ninterface i {\n  before: func();\n  %s\n"
                                              "  after: func();\n}\nworld w {}\n",
                                              *mistake));
    if (parsed->diags.errors != 1) print_error("«%s»: %zu errors\n", *mistake, parsed->diags.errors);
    assert_int_equal(parsed->diags.errors, 1);
    assert_int_equal(parsed->file->top_count, 2);
    const AstInterface *interface = parsed->file->tops[0].interface;
    assert_text(interface->items[interface->item_count - 1].name.text, "after");
  }
}

static void what_is_missing_at_the_end_is_shown_with_what_it_closes(void **state)
{
  Parsed *parsed = parse(*state, STR("package a:b;\ninterface i {\n  record r {\n    a: u8\n"));
  assert_int_equal(parsed->diags.errors, 2);
  assert_text(span_text(parsed->diags.first->notes->span), "{");
  assert_int_equal(span_position(parsed->diags.first->notes->span).line, 3);
  assert_int_equal(span_position(parsed->diags.last->notes->span).line, 2);
}

/* Memory stays in proportion when every byte is an error. */
static void a_hundred_errors_are_kept_of_a_million(void **state)
{
  Buf text = buf_in(*state);
  for (int i = 0; i < 250000; i++) buf_z(&text, "$ ;\n");
  Parsed *parsed = parse(*state, buf_text(&text));
  assert_true(parsed->diags.errors >= 250000);
  assert_int_equal(parsed->diags.dropped, parsed->diags.errors - 100);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(types),
      TEST(types_nest_a_hundred_deep),
      TEST(items_of_interfaces),
      TEST(functions_of_resources),
      TEST(items_of_worlds),
      TEST(files),
      TEST(gates_before_every_item),
      TEST(gates_stand_nowhere_else),
      TEST(external_ids_stand_before_what_is_imported_exported_or_declared),
      TEST(errors_are_where_they_are_made),
      TEST(one_mistake_is_one_error),
      TEST(what_is_missing_at_the_end_is_shown_with_what_it_closes),
      TEST(a_hundred_errors_are_kept_of_a_million),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
