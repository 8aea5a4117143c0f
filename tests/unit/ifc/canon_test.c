/* The properties of the canonical text (docs/canonical-interface.md), on pairs of texts in small; whole texts
 * are in tests/golden/ifc. */
#include <string.h>

#include "ifc/base/buf.h"
#include "ifc/canon.h"
#include "tests/unit/ifc/wit_values.h"

/* The canonical text of the first interface. */
static Str canonical(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
  if (!package) {
    print_error("%.*s\n", STR_ARG(text));
    print_diags(&diags);
  }
  assert_non_null(package);
  return interface_canonical(arena, &package->interfaces[0]);
}

/* The canonical text of the first world. */
static Str canonical_world(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
  print_diags(&diags);
  assert_non_null(package);
  return canon_world(canon_new(arena), &package->worlds[0]);
}

typedef struct Pair {
  const char *a, *b;
} Pair;

static void assert_texts(Str (*text_of)(Arena *, Str), Arena *arena, const Pair *pair, const char *format,
                         bool want_same)
{
  Str a = str_format(arena, "%s%s%s", format, pair->a, *format ? " }" : "");
  Str b = str_format(arena, "%s%s%s", format, pair->b, *format ? " }" : "");
  bool same = str_equal(text_of(arena, a), text_of(arena, b));
  if (same != want_same)
    print_error("%s:\n%.*s\n%.*s\n", same ? "the same" : "different", STR_ARG(a), STR_ARG(b));
  assert_int_equal(same, want_same);
}

static void assert_pair(Arena *arena, const Pair *pair, const char *format, bool want_same)
{
  assert_texts(canonical, arena, pair, format, want_same);
}

#define IN_INTERFACE "package n:p@1.0.0; interface i { "

static void spelling_does_not_count(void **state)
{
  static const Pair pairs[] = {
      {"f: func(a: u8) -> u8;", "/// Docs.\n\tf : func ( a : u8 , ) -> u8 ; // more\n"},
      {"f: func(a: u8) -> u8;", "/* x */ f: func(/** y */ a: u8) /* /* z */ */ -> u8;"},
      {"f: func(); g: func();", "g: func(); f: func();"},
      {"f: func(a: u8);", "%f: func(%a: u8);"},
      {"f: func(); type t = u8;", "f: func(); record r { t: list<string> }"},
      {"f: func(a: u8);", "type t = u8; f: func(a: t);"},
      {"f: func(a: list<u8>);", "type b = c; type c = list<d>; type d = u8; f: func(a: b);"},
      {"record r { x: u8 } f: func(a: r);", "record s { %x: u8, } f: func(a: s);"},
      {"record r { x: u8 } f: func(a: r, b: r);",
       "record r { x: u8 } record s { x: u8 } f: func(a: r, b: s);"},
      {"f: func(a: tuple<list<u8>, list<u8>>);", "type l = list<u8>; f: func(a: tuple<l, l>);"},
      {"f: func();", "@since(version = 0.1.0) @deprecated(version = 1.0.0) f: func();"},
      {"f: func();", "f: func(); @unstable(feature = x) g: func(a: u8);"},
      {"f: func(a: result);", "type r = result; f: func(a: r,);"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_pair(*state, &pairs[i], IN_INTERFACE, true);
}

static void packaging_does_not_count(void **state)
{
  static const Pair pairs[] = {
      {"package n:p; interface i { f: func(); }", "package n:p@2.0.0-rc.1; interface i { f: func(); }"},
      {"package n:p; interface i { f: func(); }", "package n:p; interface i { f: func(); } interface j {}"},
      {"package n:p; interface i { f: func(); }",
       "package n:p; interface i { f: func(); } world w { export i; }"},
      {"package n:p; interface i { record r { x: u8 } f: func(a: r); }",
       "package n:p; interface i { use j.{q as s}; f: func(a: s); } interface j { record q { x: u8 } }"},
      {"package n:p; interface i { enum e { a } f: func(x: e); }",
       "package n:p; use k as z; interface i { use z.{e}; f: func(x: e); } interface k { use m.{e}; }"
       " interface m { enum e { a } }"},
      {"package n:p@1.0.0; interface i { f: func(); }",
       "package n:p@1.0.0; @since(version = 1.0.0) interface i { f: func(); }"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) assert_pair(*state, &pairs[i], "", true);
}

static void what_a_caller_sees_counts(void **state)
{
  static const Pair pairs[] = {
      {"f: func();", "g: func();"},
      {"f: func();", "F: func();"},
      {"f: func();", "f: func(); g: func();"},
      {"f: func();", ""},
      {"f: func(a: u8);", "f: func(b: u8);"},
      {"f: func(a: u8);", "f: func(a: s8);"},
      {"f: func(a: u8);", "f: func();"},
      {"f: func(a: u8, b: u8);", "f: func(b: u8, a: u8);"},
      {"f: func();", "f: func() -> u8;"},
      {"f: func() -> u8;", "f: func() -> u16;"},
      {"f: func() -> string;", "f: func() -> list<char>;"},
      {"f: func() -> option<u8>;", "f: func() -> list<u8>;"},
      {"f: func() -> option<u8>;", "f: func() -> u8;"},
      {"f: func() -> result<u8>;", "f: func() -> result<_, u8>;"},
      {"f: func() -> result<u8>;", "f: func() -> result<u8, u8>;"},
      {"f: func() -> result;", "f: func();"},
      {"f: func() -> tuple<u8>;", "f: func() -> u8;"},
      {"f: func() -> tuple<u8, u16>;", "f: func() -> tuple<u16, u8>;"},
      {"record r { x: u8, y: u8 } f: func(a: r);", "f: func(a: tuple<u8, u8>);"},
      {"record r { x: u8, y: u8 } f: func(a: r);", "record r { y: u8, x: u8 } f: func(a: r);"},
      {"record r { x: u8 } f: func(a: r);", "record r { z: u8 } f: func(a: r);"},
      {"record r { x: u8 } f: func(a: r);", "record r { x: f32 } f: func(a: r);"},
      {"record r { x: u8 } f: func(a: r);", "record r { x: u8, y: u8 } f: func(a: r);"},
      {"enum e { x, y } f: func(a: e);", "enum e { y, x } f: func(a: e);"},
      {"enum e { x, y } f: func(a: e);", "enum e { x, z } f: func(a: e);"},
      {"enum e { x, y } f: func(a: e);", "variant e { x, y } f: func(a: e);"},
      {"enum e { x, y } f: func(a: e);", "flags e { x, y } f: func(a: e);"},
      {"flags e { x, y } f: func(a: e);", "flags e { y, x } f: func(a: e);"},
      {"variant v { x, y(u8) } f: func(a: v);", "variant v { x(u8), y } f: func(a: v);"},
      {"variant v { x, y(u8) } f: func(a: v);", "variant v { y(u8), x } f: func(a: v);"},
      {"variant v { x(list<u8>) } f: func(a: v);", "variant v { x(list<u16>) } f: func(a: v);"},
      {"record r { x: option<option<u8>> } f: func(a: r);", "record r { x: option<u8> } f: func(a: r);"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_pair(*state, &pairs[i], IN_INTERFACE, false);
}

static void where_it_stands_counts(void **state)
{
  static const Pair pairs[] = {
      {"package n:p; interface i { f: func(); }", "package m:p; interface i { f: func(); }"},
      {"package n:p; interface i { f: func(); }", "package n:q; interface i { f: func(); }"},
      {"package n:p; interface i { f: func(); }", "package n:p; interface j { f: func(); }"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) assert_pair(*state, &pairs[i], "", false);
}

/* Behind an interface that both use. */
#define IN_INTERFACE_AND_OTHER "package n:p@1.0.0; interface i { use j.{r as foreign, s as second}; "
#define OTHER " } interface j { resource r { m: func(); } resource s; "

static void resources_may_be_spelled_otherwise(void **state)
{
  static const Pair pairs[] = {
      {"resource a; resource b;", "resource b {} resource a;"},
      {"resource a { constructor(); m: func(); s: static func(); }",
       "resource a { s: static func(); m: func(); constructor(); }"},
      {"resource a; f: func(x: a);", "resource a; f: func(x: own<a>);"},
      {"resource a; f: func(x: borrow<a>);", "type b = a; resource a; type c = borrow<b>; f: func(x: c);"},
      {"f: func(x: foreign);" OTHER, "type t = foreign; f: func(x: own<t>);" OTHER},
      {"f: func(x: u8);" OTHER, "type t = foreign; f: func(x: u8);" OTHER},
      {"f: func(x: stream, y: future);" OTHER,
       "type t = stream; type u = future; f: func(x: t, y: u);" OTHER},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_pair(*state, &pairs[i], strstr(pairs[i].a, OTHER) ? IN_INTERFACE_AND_OTHER : IN_INTERFACE, true);
}

static void resources_and_their_functions_count(void **state)
{
  static const Pair pairs[] = {
      {"resource a;", ""},
      {"resource a;", "resource b;"},
      {"resource a;", "resource a { constructor(); }"},
      {"resource a { m: func(); }", "resource a { m: static func(); }"},
      {"resource a { m: static func(); }", "resource a; m: func();"},
      {"resource a { m: func(); }", "resource a { n: func(); }"},
      {"resource a { m: func(); }", "resource a { m: async func(); }"},
      {"resource a { m: func(); }", "resource a { m: func() -> a; }"},
      {"resource a { constructor(); }", "resource a { constructor(x: u8); }"},
      {"resource a { constructor(); }", "resource a { constructor() -> result<a>; }"},
      {"resource a { constructor() -> result<a>; }", "resource a { constructor() -> result<a, u8>; }"},
      {"resource a { m: func(); } resource b;", "resource a; resource b { m: func(); }"},
      {"resource a; f: func(x: a);", "resource a; f: func(x: borrow<a>);"},
      {"resource a; resource b; f: func(x: a);", "resource a; resource b; f: func(x: b);"},
      {"f: func();", "f: async func();"},
      {"f: func(x: list<u8>);", "f: func(x: list<u8, 1>);"},
      {"f: func(x: list<u8, 2>);", "f: func(x: list<u8, 1>);"},
      {"f: func(x: map<string, u8>);", "f: func(x: list<tuple<string, u8>>);"},
      {"f: func(x: map<string, u8>);", "f: func(x: map<u8, string>);"},
      {"f: func(x: stream<u8>);", "f: func(x: future<u8>);"},
      {"f: func(x: stream<u8>);", "f: func(x: stream);"},
      {"f: func(x: error-context);", "f: func(x: string);"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_pair(*state, &pairs[i], IN_INTERFACE, false);
}

static void the_interface_of_a_foreign_resource_counts(void **state)
{
  static const Pair pairs[] = {
      {"f: func(x: foreign);" OTHER, "f: func(x: second);" OTHER},
      {"f: func(x: foreign);" OTHER, "f: func(x: foreign);" OTHER " g: func();"},
      {"f: func(x: foreign);" OTHER, "f: func(x: foreign);" OTHER " resource t;"},
  };
  static const Pair unreached = {"f: func();" OTHER, "f: func();" OTHER " g: func();"};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_pair(*state, &pairs[i], IN_INTERFACE_AND_OTHER, false);
  assert_pair(*state, &unreached, IN_INTERFACE_AND_OTHER, true);
}

/* In a package with these interfaces, in the first world. */
#define IN_WORLD                                                                                             \
  "package n:p; interface a { resource r; f: func(); } interface b { use a.{r}; } interface c { g: func(); " \
  "}"                                                                                                        \
  " interface d { record v { x: u8 } } interface e { use d.{v}; } world w { "

static void worlds_may_be_spelled_otherwise(void **state)
{
  static const Pair pairs[] = {
      {"import b;", "import a; import b;"},
      {"import b;", "import b; import z; } use a as z; world x {"},
      {"import e;", "import d; import e;"},
      {"export b;", "import a; export b;"},
      {"export a; export b;", "export b; export a;"},
      {"import c; export c;", "include x; } world x { import c; include y; } world y { export c;"},
      {"import f: func();", "include x with { g as f } } world x { import g: func();"},
      {"import i: interface { f: func(); }",
       "include x with { j as i } } world x { import j: interface { f: func(); }"},
      {"resource q { m: func(); } import f: func(x: q);",
       "include x with { p as q } } world x { import f: func(x: p); resource p { m: func(); }"},
      {"import a; import f: func();", "import f: func(); use a.{r};"},
      {"import f: func();", "import f: func(); record t { x: u8 } type u = list<t>;"},
      {"import i: interface { f: func(); }", "import i: interface { enum e { x } f: func(); }"},
      {"import c;", "import c; @unstable(feature = no) export a;"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_texts(canonical_world, *state, &pairs[i], IN_WORLD, true);
}

static void what_a_world_imports_and_exports_counts(void **state)
{
  static const Pair pairs[] = {
      {"import c;", ""},
      {"import c;", "export c;"},
      {"import c;", "import a;"},
      {"import c;", "import c; export c;"},
      {"import c;", "import n: c;"},
      {"import n: c;", "import m: c;"},
      {"import n: c;", "import n: a;"},
      {"import n: c;", "export n: c;"},
      {"import n: c;", "import n: interface { g: func(); }"},
      {"import b;", "export b;"},
      {"export b;", "export a; export b;"},
      {"import e;", "import c; import e;"},
      {"import f: func();", "export f: func();"},
      {"import f: func();", "import g: func();"},
      {"import f: func();", "import f: async func();"},
      {"import f: func();", "import f: func(x: u8);"},
      {"import f: func();", "import f: interface {}"},
      {"import i: interface { f: func(); }", "import j: interface { f: func(); }"},
      {"import i: interface { f: func(); }", "import i: interface { g: func(); }"},
      {"import i: interface { f: func(); }", "export i: interface { f: func(); }"},
      {"resource q;", ""},
      {"resource q;", "resource p;"},
      {"resource q;", "resource q { m: func(); }"},
      {"resource q; import f: func(x: q);", "resource q; import f: func(x: borrow<q>);"},
      {"use a.{r}; import f: func(x: r);", "resource r; import a; import f: func(x: r);"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_texts(canonical_world, *state, &pairs[i], IN_WORLD, false);
  static const Pair names = {"package n:p; world w {}", "package n:p; world v {}"};
  assert_texts(canonical_world, *state, &names, "", false);
}

static void versions_of_an_interface_stay_apart_in_a_world(void **state)
{
  Str text = canonical_world(
      *state, STR("package m:m; world w { import n:p/i@1.0.0; import n:p/i@2.0.0; }"
                  " package n:p@1.0.0 { interface i { f: func(); } } package n:p@2.0.0 { interface i {} }"));
  size_t first = str_find(text, STR("import n:p/i sha256:"));
  assert_true(first != SIZE_MAX);
  Str rest = str_slice(text, first + 1, text.len);
  assert_true(str_find(rest, STR("import n:p/i sha256:")) != SIZE_MAX);
}

/* What stands before, between and behind the numbers in "record r1 { a: r0, b: r0 }". */
typedef struct Doubling {
  const char *before, *first, *second, *behind;
} Doubling;

static Str doublings(Arena *arena, int count, const Doubling *form)
{
  Buf out = buf_in(arena);
  buf_z(&out, IN_INTERFACE "type r0 = u8;\n");
  for (int i = 1; i <= count; i++)
    buf_printf(&out, "%s%d%s%d%s%d%s\n", form->before, i, form->first, i - 1, form->second, i - 1,
               form->behind);
  buf_printf(&out, "f: func(a: r%d); }", count);
  return buf_text(&out);
}

static void the_size_is_linear_in_the_source(void **state)
{
  static const Doubling forms[] = {{"record r", " { a: r", ", b: r", " }"},
                                   {"type r", " = tuple<r", ", r", ">;"},
                                   {"variant r", " { a(r", "), b(list<r", ">) }"}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    Str text = doublings(*state, 900, &forms[i]);
    assert_true(canonical(*state, text).len < 3 * text.len);
  }
}

static size_t count_of(Str text, Str needle)
{
  size_t count = 0;
  for (size_t at; (at = str_find(text, needle)) != SIZE_MAX; count++)
    text = str_slice(text, at + 1, text.len);
  return count;
}

/* Each function reaches the same type, which is not walked again for it. */
static void a_type_of_many_functions_stands_once(void **state)
{
  enum { FUNCTIONS = 20000 };
  Buf out = buf_in(*state);
  buf_z(&out, IN_INTERFACE "record big {");
  for (int i = 0; i < 1000; i++) buf_printf(&out, " x%d: tuple<u8, list<u%d>>,", i, 8 << i % 4);
  buf_z(&out, " }\n");
  for (int i = 0; i < FUNCTIONS; i++) buf_printf(&out, "g%d: func(x: big, y: list<big>);\n", i);
  buf_z(&out, "}");
  Str text = canonical(*state, buf_text(&out));
  assert_true(text.len < 2 * out.len);
  assert_int_equal(count_of(text, STR(" = record { x0: ")), 1);
}

/* Each interface has a resource of the one before it in its text, and so that one's hash. */
static void a_long_chain_of_interfaces_has_hashes(void **state)
{
  enum { LENGTH = 100000 };
  Buf out = buf_in(*state);
  buf_z(&out, "package n:p; interface i0 { resource r; }\n");
  for (int i = 1; i < LENGTH; i++)
    buf_printf(&out, "interface i%d { use i%d.{r as s}; resource r; f: func(x: s); }\n", i, i - 1);
  Diags diags = diags_in(*state);
  const Package *package = wit_parse(*state, source_of(*state, buf_text(&out)), NULL, &diags);
  print_diags(&diags);
  assert_non_null(package);
  Canon *canon = canon_new(*state);
  Hash last = canon_interface_hash(canon, &package->interfaces[LENGTH - 1]);
  Str before = hash_text(*state, canon_interface_hash(canon, &package->interfaces[LENGTH - 2]));
  Str text = canon_interface(canon, &package->interfaces[LENGTH - 1]);
  assert_true(str_find(text, before) != SIZE_MAX);
  assert_true(hash_equal(hash_of(text), last));
}

/* The same without sharing: each of 2^12 - 1 types is a declaration of its own. */
static void structurally_equal_types_have_one_line(void **state)
{
  enum { LEVELS = 12 };
  Buf out = buf_in(*state);
  buf_z(&out, IN_INTERFACE);
  for (int level = 0; level < LEVELS; level++)
    for (int i = 0; i < 1 << (LEVELS - 1 - level); i++)
      if (level == 0)
        buf_printf(&out, "record t0-%d { a: u8, b: u8 }\n", i);
      else
        buf_printf(&out, "record t%d-%d { a: t%d-%d, b: t%d-%d }\n", level, i, level - 1, 2 * i, level - 1,
                   2 * i + 1);
  buf_printf(&out, "f: func(a: t%d-0); }", LEVELS - 1);
  Str text = canonical(*state, buf_text(&out));
  assert_true(text.len < 1000);
  assert_true(str_find(text, STR("type t11 = record { a: t10, b: t10 }\n")) != SIZE_MAX);
  assert_true(str_find(text, STR("type t12 ")) == SIZE_MAX);
}

static void it_names_its_format_and_is_plain_ascii_lines(void **state)
{
  Str text = canonical(*state, STR(IN_INTERFACE "/// caf\xc3\xa9\nf: func(a: list<u8>); }"));
  assert_true(str_starts_with(text, STR("assay-interface 1\n")));
  assert_true(str_ends_with(text, STR(")\n")));
  for (size_t i = 0; i < text.len; i++)
    assert_true(text.at[i] == '\n' || (text.at[i] >= ' ' && text.at[i] <= '~'));
}

/* Not valid in a component, but there is WIT that has them. */
static void what_is_empty_has_a_text(void **state)
{
  static const WitOptions parses = {.level = WIT_PARSES};
  Diags diags = diags_in(*state);
  Str text = STR("package n:p; interface i { record r {} flags l {} f: func(a: r, b: l, c: tuple<>); }");
  const Package *package = wit_parse(*state, source_of(*state, text), &parses, &diags);
  print_diags(&diags);
  assert_non_null(package);
  assert_text(
      interface_canonical(*state, package->interfaces),
      "assay-interface 1\ninterface n:p/i\ntype t0 = record {}\ntype t1 = flags {}\ntype t2 = tuple<>\n"
      "func f(a: t0, b: t1, c: t2)\n");
}

static void the_hash_is_that_of_the_text(void **state)
{
  Diags diags = diags_in(*state);
  const Package *package =
      wit_parse(*state, source_of(*state, STR("package n:p; interface i {}")), NULL, &diags);
  /* printf 'assay-interface 1\ninterface n:p/i\n' | sha256sum */
  assert_text(hash_hex(*state, interface_hash(*state, package->interfaces)),
              "04d006966a4b3b4dfb126d20a1b3726bfddb1d11abc8e4e9b9e25261c4e33d9e");
}

static void a_long_text_is_hashed_as_a_whole(void **state)
{
  Buf text = buf_in(*state);
  Diags diags = diags_in(*state);
  buf_z(&text, "package n:p; interface i {");
  for (int i = 0; i < 5000; i++)
    buf_printf(&text, "record r%d { a%d: %s }\ng%d: func(a: r%d) -> list<r%d>;\n", i, i, i % 2 ? "u8" : "s8",
               i * 7919 % 5000, i, i / 2);
  buf_byte(&text, '}');
  const Package *package = wit_parse(*state, source_of(*state, buf_text(&text)), NULL, &diags);
  assert_non_null(package);
  Hash hash = interface_hash(*state, package->interfaces);
  assert_true(hash_equal(hash, hash_of(interface_canonical(*state, package->interfaces))));
}

/* The text between the fence at `*at` and the next one; `*at` moves behind it. */
static Str next_block(Str page, size_t *at, Str fence)
{
  Str rest = str_slice(page, *at, page.len);
  size_t from = str_find(rest, fence);
  if (from == SIZE_MAX) return (Str){0};
  Str inside = str_slice(rest, from + fence.len, rest.len);
  Str block = str_slice(inside, 0, str_find(inside, STR("```")));
  *at += from + fence.len + block.len + 3;
  return block;
}

static bool begins_as(Str text, Str want)
{
  size_t first = str_find(want, STR("\n")) + 1;
  size_t second = first + str_find(str_slice(want, first, want.len), STR("\n")) + 1;
  return str_starts_with(text, str_slice(want, 0, second));
}

/* The text in the package, or of an interface within one of its worlds, that begins as this one does. */
static Str package_text(Arena *arena, const Package *package, Str want)
{
  Canon *canon = canon_new(arena);
  for (uint32_t i = 0; i < package->interface_count; i++) {
    Str text = canon_interface(canon, &package->interfaces[i]);
    if (begins_as(text, want)) return text;
  }
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *world = &package->worlds[i];
    Str text = canon_world(canon, world);
    if (begins_as(text, want)) return text;
    for (uint32_t k = 0; k < world->import_count; k++) {
      const Interface *interface = world->imports[k].interface;
      Str inner = interface ? canon_interface(canon, interface) : STR("");
      if (begins_as(inner, want)) return inner;
    }
  }
  return (Str){0};
}

/* Each WIT example of the page is followed by canonical texts, and some of these by their hashes. */
static void the_examples_of_the_page_hold(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Str page;
  size_t at = 0, texts = 0, hashes = 0;
  assert_true(file_read(arena, STR("docs/canonical-interface.md"), SIZE_MAX, &page, &diags));
  for (Str wit = next_block(page, &at, STR("```wit\n")); wit.len;
       wit = next_block(page, &at, STR("```wit\n"))) {
    const Package *package = wit_parse(arena, source_of(arena, wit), NULL, &diags);
    print_diags(&diags);
    assert_non_null(package);
    size_t end = str_find(str_slice(page, at, page.len), STR("```wit\n"));
    Str section = str_slice(page, at, end == SIZE_MAX ? page.len : at + end);
    size_t inside = 0;
    for (Str want = next_block(section, &inside, STR("```\n")); want.len;
         want = next_block(section, &inside, STR("```\n"))) {
      Str text = package_text(arena, package, want);
      assert_slice(text, want);
      texts++;
      Str intro = STR("\n\nIts hash is `"), behind = str_slice(section, inside, section.len);
      if (str_starts_with(behind, intro)) {
        Str hash = hash_text(arena, hash_of(text));
        assert_slice(str_slice(behind, intro.len, intro.len + hash.len), hash);
        hashes++;
      }
    }
  }
  assert_int_equal(texts, 7);
  assert_int_equal(hashes, 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(spelling_does_not_count),
      TEST(packaging_does_not_count),
      TEST(what_a_caller_sees_counts),
      TEST(where_it_stands_counts),
      TEST(resources_may_be_spelled_otherwise),
      TEST(resources_and_their_functions_count),
      TEST(the_interface_of_a_foreign_resource_counts),
      TEST(worlds_may_be_spelled_otherwise),
      TEST(what_a_world_imports_and_exports_counts),
      TEST(versions_of_an_interface_stay_apart_in_a_world),
      TEST(the_size_is_linear_in_the_source),
      TEST(a_type_of_many_functions_stands_once),
      TEST(a_long_chain_of_interfaces_has_hashes),
      TEST(structurally_equal_types_have_one_line),
      TEST(it_names_its_format_and_is_plain_ascii_lines),
      TEST(what_is_empty_has_a_text),
      TEST(the_hash_is_that_of_the_text),
      TEST(a_long_text_is_hashed_as_a_whole),
      TEST(the_examples_of_the_page_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
