/* The formatter: the layout that docs/wit-style.md describes, case by case, and the laws of format_laws.h on
 * the reference's texts. */
#include "ifc/canon.h"
#include "tests/unit/ifc/format_laws.h"
#include "tests/unit/ifc/wit_values.h"

static Str format(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  Str formatted = wit_format(arena, source_of(arena, text), &diags);
  if (diags.errors) print_diags(&diags);
  assert_int_equal(diags.errors, 0);
  return formatted;
}

/* A text, and what becomes of it. */
typedef struct Case {
  const char *before, *after;
} Case;

static void assert_cases(Arena *arena, const Case *cases)
{
  for (; cases->before; cases++) {
    assert_slice(format(arena, str_from_z(cases->before)), str_from_z(cases->after));
    assert_slice(format(arena, str_from_z(cases->after)), str_from_z(cases->after));
  }
}

static void items_stand_on_lines_of_their_own(void **state)
{
  static const Case cases[] = {
      {"package a:b;use c as d;use e;interface i{use f.{g,h as j};type k=u8;l:func();}",
       "package a:b;\n\nuse c as d;\nuse e;\n\ninterface i {\n  use f.{g, h as j};\n  type k = u8;\n"
       "  l: func();\n}\n"},
      {"interface i{record r{a:u8,b:list<u8,4>}variant v{a,b(u8),}enum e{x}flags f{y,z}}",
       "interface i {\n  record r {\n    a: u8,\n    b: list<u8, 4>,\n  }\n\n  variant v {\n    a,\n    "
       "b(u8),\n"
       "  }\n\n  enum e {\n    x,\n  }\n\n  flags f {\n    y,\n    z,\n  }\n}\n"},
      {"interface i{resource a;resource b{}resource c{constructor(d:u8);e:static async func()->"
       "result<_,string>;}}",
       "interface i {\n  resource a;\n\n  resource b {}\n\n  resource c {\n    constructor(d: u8);\n"
       "    e: static async func() -> result<_, string>;\n  }\n}\n"},
      {"world w{import a:b/c@1.0.0;import d:func();export e:interface{f:func();}include g;"
       "include h:i/j@2.0.0-rc.1 with{k as l,m as n}import o:p;}",
       "world w {\n  import a:b/c@1.0.0;\n  import d: func();\n\n  export e: interface {\n    f: func();\n  "
       "}\n\n"
       "  include g;\n  include h:i/j@2.0.0-rc.1 with { k as l, m as n }\n  import o: p;\n}\n"},
      {"package a:b{interface i{}}package c:d@1.0.0{world w{}}",
       "package a:b {\n  interface i {}\n}\n\npackage c:d@1.0.0 {\n  world w {}\n}\n"},
      {"@since(version=1.0.0)@deprecated(version=2.0.0)interface i{@unstable(feature=f)g:func();}",
       "@since(version = 1.0.0)\n@deprecated(version = 2.0.0)\ninterface i {\n  @unstable(feature = f)\n"
       "  g: func();\n}\n"},
      {"\xef\xbb\xbfinterface %type{\r\n\tHTTP:func(%list:map<string,u8>);\r\n}",
       "interface %type {\n  HTTP: func(%list: map<string, u8>);\n}\n"},
      {"", ""},
      {" \n\t\n", ""},
      {0},
  };
  assert_cases(*state, cases);
}

static void empty_lines_are_the_authors_between_items_and_one_between_blocks(void **state)
{
  static const Case cases[] = {
      {"\n\ninterface i {\n\n  a: func();\n\n\n  b: func();\n  c: func();\n\n}\n\n\n",
       "interface i {\n  a: func();\n\n  b: func();\n  c: func();\n}\n"},
      {"interface i {\n  record r {\n\n    a: u8,\n\n\n    b: u8,\n\n  }\n}",
       "interface i {\n  record r {\n    a: u8,\n\n    b: u8,\n  }\n}\n"},
      {"interface i {}\ninterface j {}\n// of k\n\ninterface k {}",
       "interface i {}\n\ninterface j {}\n// of k\n\ninterface k {}\n"},
      {"interface i {}\n// of j\ninterface j {}", "interface i {}\n\n// of j\ninterface j {}\n"},
      {"/// of j\n\ninterface j {\n  @since(version = 1.0.0)\n\n  a: func();\n}",
       "/// of j\ninterface j {\n  @since(version = 1.0.0)\n  a: func();\n}\n"},
      {"// file\n\n\n\n/// of j\ninterface j {}", "// file\n\n/// of j\ninterface j {}\n"},
      {0},
  };
  assert_cases(*state, cases);
}

static void comments_stay_where_they_are(void **state)
{
  static const Case cases[] = {
      {"interface i{// one\na:func();// two\n// three\n}// four\n// five",
       "interface i { // one\n  a: func(); // two\n  // three\n} // four\n// five\n"},
      {"interface i{enum e{a,// of a\nb// of b\n}flags f{/* none */}}",
       "interface i {\n  enum e {\n    a, // of a\n    b, // of b\n  }\n\n  flags f {\n    /* none */\n  "
       "}\n}\n"},
      {"interface i{a:func(/* x */b:u8/* y */,)/* z */;/* w */c:func();}",
       "interface i {\n  a: func(/* x */ b: u8 /* y */) /* z */;\n  /* w */ c: func();\n}\n"},
      {"interface i{a:func(b:u8,// of b\n/// of c\nc:u8)->u8;}",
       "interface i {\n  a: func(\n    b: u8, // of b\n    /// of c\n    c: u8,\n  ) -> u8;\n}\n"},
      {"interface i{type// why\na=// what\nu8;}",
       "interface i {\n  type // why\n    a = // what\n    u8;\n}\n"},
      {"interface i // why\n{}", "interface i // why\n{}\n"},
      {"interface i{use a.{b,/* c */d};use e.{/* f */};}world w{include g with{/* h */}}",
       "interface i {\n  use a.{b, /* c */ d};\n  use e.{/* f */};\n}\n\nworld w {\n"
       "  include g with {/* h */}\n}\n"},
      {"interface i{}/* end */", "interface i {} /* end */\n"},
      {"// only", "// only\n"},
      {"world w{import a:b/ /* c */ d;}", "world w {\n  import a:b/ /* c */ d;\n}\n"},
      {0},
  };
  assert_cases(*state, cases);
}

static void block_comments_move_as_a_whole(void **state)
{
  static const Case cases[] = {
      {"interface i {\n      /**\n       * One\n       *   Two\n       */\n      a: func();\n}",
       "interface i {\n  /**\n   * One\n   *   Two\n   */\n  a: func();\n}\n"},
      {"interface i {\n\t/*\n\t * One \t\r\n\n\t */\n\ta: func();\n}",
       "interface i {\n  /*\n   * One\n\n   */\n  a: func();\n}\n"},
      {"interface i {\n    /* One\n  Two */ a: func();\n}",
       "interface i {\n  /* One\nTwo */ a: func();\n}\n"},
      {0},
  };
  assert_cases(*state, cases);
}

static void long_lines_are_broken_at_lists(void **state)
{
  static const Case cases[] = {
      /* 100 columns, and 101. */
      {"interface i {\n  f: func(initial-parameter: list<string>, second-parameter: option<string>) -> "
       "result<"
       "u8, strings>;\n}\n",
       "interface i {\n  f: func(initial-parameter: list<string>, second-parameter: option<string>) -> "
       "result<"
       "u8, strings>;\n}\n"},
      {"interface i {\n  f: func(initial-parameter: list<string>, second-parameter: option<string>) -> "
       "result<"
       "u16, strings>;\n}\n",
       "interface i {\n  f: func(\n    initial-parameter: list<string>,\n    second-parameter: "
       "option<string>,\n"
       "  ) -> result<u16, strings>;\n}\n"},
      {"interface i {\n  f: func(\n    short: u8\n  );\n}\n", "interface i {\n  f: func(short: u8);\n}\n"},
      {"interface i {\n  f: func() -> tuple<list<string>, list<list<string>>, list<list<list<string>>>, "
       "list<list<list<list<u8>>>>>;\n}\n",
       "interface i {\n  f: func() -> tuple<\n    list<string>,\n    list<list<string>>,\n"
       "    list<list<list<string>>>,\n    list<list<list<list<u8>>>>,\n  >;\n}\n"},
      {"interface i {\n  use another-package:with-names/of-quite-some-length@1.2.3-rc.1.{first-name, "
       "second-name "
       "as "
       "third-name};\n}\n",
       "interface i {\n  use another-package:with-names/of-quite-some-length@1.2.3-rc.1.{\n    first-name,\n"
       "    second-name as third-name,\n  };\n}\n"},
      {"world w {\n  include another-package:with-names/of-quite-some-length@1.2.3-rc.1 with { first-name as "
       "second-name }\n}\n",
       "world w {\n  include another-package:with-names/of-quite-some-length@1.2.3-rc.1 with {\n"
       "    first-name as second-name,\n  }\n}\n"},
      {0},
  };
  assert_cases(*state, cases);
}

static void what_does_not_parse_is_refused(void **state)
{
  static const char *const texts[] = {
      "interface i {", "interface i { a: func() }",      "package a;",
      "/* no end",     "interface i { type t = \xff; }", "interface i { fooBar: func(); }"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Diags diags = diags_in(*state);
    assert_text(wit_format(*state, source_of(*state, str_from_z(texts[i])), &diags), "");
    assert_true(diags.errors > 0);
  }
}

static void the_hash_stays(void **state)
{
  Str text = STR("package a:b@1.0.0; interface i { // of r\n record r { a: u8, // of a\n b: string } "
                 "variant v { x(r), y } f: func(p: r, /* q */ q: list<v>,) -> result<_, u8>; }");
  Diags diags = diags_in(*state);
  const Package *before = wit_parse(*state, source_of(*state, text), NULL, &diags);
  const Package *after = wit_parse(*state, source_of(*state, format(*state, text)), NULL, &diags);
  assert_true(before && after);
  Hash a = interface_hash(*state, &before->interfaces[0]), b = interface_hash(*state, &after->interfaces[0]);
  assert_memory_equal(&a, &b, sizeof a);
}

static void the_style_page_keeps_to_its_style(void **state)
{
  Diags diags = diags_in(*state);
  Str page;
  assert_true(file_read(*state, STR("docs/wit-style.md"), SIZE_MAX, &page, &diags));
  size_t from = str_find(page, STR("```wit\n"));
  assert_true(from != SIZE_MAX);
  Str example = str_slice(page, from + 7, page.len);
  example = str_slice(example, 0, str_find(example, STR("```")));
  assert_slice(format(*state, example), example);
}

/* Formats the WIT files of a folder, at any depth, as far as they parse. */
static size_t check_folder(Arena *arena, Str folder)
{
  Diags diags = diags_in(arena);
  Str *names, text;
  size_t count, checked = 0;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(arena, folder, names[i]);
    if (dir_exists(path)) checked += check_folder(arena, path);
    if (dir_exists(path) || !str_ends_with(path, STR(".wit"))) continue;
    assert_true(file_read(arena, path, SIZE_MAX, &text, &diags));
    Diags messages = diags_in(arena);
    Str formatted = wit_format(arena, source_of(arena, text), &messages);
    if (messages.errors) continue;
    const char *broken = format_law_broken(arena, text, formatted);
    if (broken) print_error("%.*s: %s\n", STR_ARG(path), broken);
    assert_null(broken);
    checked++;
  }
  return checked;
}

static void the_reference_texts_lose_nothing(void **state)
{
  static const char *const folders[] = {"wit/ok", "wit/fail", "wasi-0.2.0", "wasi-0.2.12"};
  if (!dir_exists(STR("../shared/conformance"))) {
    fprintf(stderr, "skipped: ../shared/conformance is not there\n");
    skip();
  }
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    Str folder = path_join(*state, STR("../shared/conformance"), str_from_z(folders[i]));
    assert_true(check_folder(*state, folder) >= 25);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(items_stand_on_lines_of_their_own),
      TEST(empty_lines_are_the_authors_between_items_and_one_between_blocks),
      TEST(comments_stay_where_they_are),
      TEST(block_comments_move_as_a_whole),
      TEST(long_lines_are_broken_at_lists),
      TEST(what_does_not_parse_is_refused),
      TEST(the_hash_stays),
      TEST(the_style_page_keeps_to_its_style),
      TEST(the_reference_texts_lose_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
