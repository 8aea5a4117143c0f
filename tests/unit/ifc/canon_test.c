/* The properties of the canonical text (docs/canonical-interface.md), on pairs of texts in small; whole texts
 * are in tests/golden/ifc. */
#include "ifc/canon.h"

#include "ifc/base/buf.h"
#include "tests/unit/ifc/wit_values.h"

/* The canonical text of the first interface. */
static Str canonical(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), &diags);
  if (!package) {
    print_error("%.*s\n", STR_ARG(text));
    print_diags(&diags);
  }
  assert_non_null(package);
  return interface_canonical(arena, &package->interfaces[0]);
}

typedef struct Pair {
  const char *a, *b;
} Pair;

static void assert_pair(Arena *arena, const Pair *pair, const char *format, bool want_same)
{
  Str a = str_format(arena, "%s%s%s", format, pair->a, *format ? " }" : "");
  Str b = str_format(arena, "%s%s%s", format, pair->b, *format ? " }" : "");
  bool same = str_equal(canonical(arena, a), canonical(arena, b));
  if (same != want_same)
    print_error("%s:\n%.*s\n%.*s\n", same ? "the same" : "different", STR_ARG(a), STR_ARG(b));
  assert_int_equal(same, want_same);
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

static void the_hash_is_that_of_the_text(void **state)
{
  Diags diags = diags_in(*state);
  const Package *package = wit_parse(*state, source_of(*state, STR("package n:p; interface i {}")), &diags);
  /* printf 'assay-interface 1\ninterface n:p/i\n' | sha256sum */
  assert_text(hash_hex(*state, interface_hash(*state, package->interfaces)),
              "04d006966a4b3b4dfb126d20a1b3726bfddb1d11abc8e4e9b9e25261c4e33d9e");
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

static Str package_text(Arena *arena, const Package *package, Str canonical_start)
{
  for (uint32_t i = 0; i < package->interface_count; i++) {
    Str text = interface_canonical(arena, &package->interfaces[i]);
    Str head = str_format(arena, "assay-interface 1\ninterface %.*s\n", STR_ARG(package->interfaces[i].id));
    if (str_starts_with(canonical_start, head)) return text;
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
    const Package *package = wit_parse(arena, source_of(arena, wit), &diags);
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
  assert_int_equal(texts, 3);
  assert_int_equal(hashes, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(spelling_does_not_count),
      TEST(packaging_does_not_count),
      TEST(what_a_caller_sees_counts),
      TEST(where_it_stands_counts),
      TEST(the_size_is_linear_in_the_source),
      TEST(structurally_equal_types_have_one_line),
      TEST(it_names_its_format_and_is_plain_ascii_lines),
      TEST(the_hash_is_that_of_the_text),
      TEST(the_examples_of_the_page_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
