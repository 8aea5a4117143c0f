#include "ifc/lex.h"

#include "ifc/base/buf.h"
#include "tests/unit/check.h"

/* A lexer over a text, and all that a test needs beside it. */
typedef struct Lexing {
  Source source;
  Diags diags;
  Lexer lexer;
} Lexing;

static Lexing *lexing(Arena *arena, Str text)
{
  Lexing *self = arena_new_of(arena, Lexing);
  self->source = (Source){STR("test"), text};
  self->diags = diags_in(arena);
  lexer_begin(&self->lexer, &self->source, &self->diags);
  return self;
}

/* All tokens, as "ID(a-b) '-' number(1)": names and numbers with their text, the rest as in messages. */
static Str tokens_of(Arena *arena, Str text)
{
  Lexing *self = lexing(arena, text);
  Buf out = buf_in(arena);
  for (;;) {
    Token token = lexer_next(&self->lexer);
    if (token.kind == TOKEN_END) return buf_text(&out);
    if (out.len) buf_byte(&out, ' ');
    switch (token.kind) {
    case TOKEN_ID: buf_printf(&out, "%s%.*s", token.escaped ? "escaped:" : "", STR_ARG(token.text)); break;
    case TOKEN_INTEGER: buf_printf(&out, "int:%.*s", STR_ARG(token.text)); break;
    case TOKEN_FLOAT: buf_printf(&out, "float:%.*s", STR_ARG(token.text)); break;
    case TOKEN_STRING: buf_printf(&out, "string:%.*s", STR_ARG(token.text)); break;
    case TOKEN_CHAR: buf_printf(&out, "char:%.*s", STR_ARG(token.text)); break;
    case TOKEN_ERROR: buf_printf(&out, "error:%.*s", STR_ARG(token.text)); break;
    default: buf_str(&out, token_kind_text(token.kind)); break;
    }
  }
}

static void names_are_kebab_case_words(void **state)
{
  assert_text(tokens_of(*state, STR("a a-b - b HTTP-2 sha-256 a-1b")), "a a-b '-' b HTTP-2 sha-256 a-1b");
  assert_text(tokens_of(*state, STR("%type % type _ x%y")), "escaped:type '%' type '_' x escaped:y");
  assert_text(tokens_of(*state, STR("a-> a- b a--b")), "a '->' a '-' b a '-' '-' b");
}

static void a_misspelt_name_is_one_error_with_its_text(void **state)
{
  assert_text(tokens_of(*state, STR("fooBar a_b-c _x")), "error:fooBar error:a_b-c error:_x");
  assert_text(tokens_of(*state, STR("na\xc3\xafve 2d 1x-y")), "error:na\xc3\xafve error:2d error:1x-y");
}

static void a_misspelt_name_is_reported_once_with_a_better_one(void **state)
{
  Lexing *self = lexing(*state, STR("fooBar_baz"));
  assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_ERROR);
  assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_END);
  assert_int_equal(self->diags.errors, 1);
  assert_int_equal(self->diags.first->code, DIAG_NAME);
  assert_true(str_ends_with(self->diags.first->message, STR("write `foo-bar-baz`")));
}

static void numbers_have_no_sign_and_dots_need_digits(void **state)
{
  assert_text(tokens_of(*state, STR("-5 1.5 2e3 1.0e-3 7E+2")),
              "'-' int:5 float:1.5 float:2e3 float:1.0e-3 float:7E+2");
  assert_text(tokens_of(*state, STR("0..10 0.0..1.0e3 1.")),
              "int:0 '..' int:10 float:0.0 '..' float:1.0e3 int:1 '.'");
}

static void digits_behind_a_dot_are_an_index(void **state)
{
  assert_text(tokens_of(*state, STR("p.0.1 == q.2")), "p '.' int:0 '.' int:1 '==' q '.' int:2");
}

static void the_longest_operator_wins(void **state)
{
  assert_text(tokens_of(*state, STR("<<=<==>=!=~=>-><&&&|||^")),
              "'<<' '=' '<=' '=>' '=' '!=' '~=' '>' '->' '<' '&&' '&' '||' '|' '^'");
  assert_text(tokens_of(*state, STR("list<list<u8>>=")), "list '<' list '<' u8 '>' '>='");
}

static void an_operator_alone_keeps_its_own_kind(void **state)
{
  assert_text(tokens_of(*state, STR("{ } ( ) [ ] < > = : ; , . @ / * + - % ! & | ^")),
              "'{' '}' '(' ')' '[' ']' '<' '>' '=' ':' ';' ',' '.' '@' '/' '*' '+' '-' '%' '!' '&' '|' '^'");
}

static void quoted_texts_keep_their_quotes(void **state)
{
  assert_text(tokens_of(*state, STR("\"a\\\"b\" 'x' '\\'' \"\" b\"01\"")),
              "string:\"a\\\"b\" char:'x' char:'\\'' string:\"\" b string:\"01\"");
  assert_text(tokens_of(*state, STR("\"\"\"\na \"b\" c\n\"\"\" d")), "string:\"\"\"\na \"b\" c\n\"\"\" d");
}

static void an_open_quote_ends_with_its_line(void **state)
{
  assert_text(tokens_of(*state, STR("\"abc\nd 'x\n")), "error:\"abc d error:'x");
  assert_text(tokens_of(*state, STR("\"abc\\")), "error:\"abc\\");
  assert_text(tokens_of(*state, STR("\"\"\"abc\n\"")), "error:\"\"\"abc\n\"");
}

static void comments_nest_and_are_white_space(void **state)
{
  assert_text(tokens_of(*state, STR("a/* x /* y */ z */b // c\nd/**/e")), "a b d e");
}

static void an_open_comment_is_reported_where_it_begins(void **state)
{
  Lexing *self = lexing(*state, STR("a /* x */ /* /* */"));
  lexer_next(&self->lexer);
  Token token = lexer_next(&self->lexer);
  assert_int_equal(token.kind, TOKEN_ERROR);
  assert_int_equal(token.span.at, 10);
  assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_END);
  assert_int_equal(self->diags.errors, 1);
}

static void line_ends_are_lf_or_crlf(void **state)
{
  assert_text(tokens_of(*state, STR("a\r\nb\n c")), "a b c");
  assert_text(tokens_of(*state, STR("a\rb")), "a error:\r b");
}

static void the_end_comes_again_and_again(void **state)
{
  Lexing *self = lexing(*state, STR(" "));
  for (int i = 0; i < 3; i++) assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_END);
  assert_int_equal(self->diags.errors, 0);
}

static void a_byte_order_mark_is_skipped(void **state)
{
  assert_text(tokens_of(*state, STR("\xef\xbb\xbfpackage")), "package");
}

static void assert_unreadable(Arena *arena, Str text, uint32_t at, size_t errors)
{
  Source source = {STR("test"), text};
  Diags diags = diags_in(arena);
  Lexer lexer;
  assert_false(lexer_begin(&lexer, &source, &diags));
  assert_int_equal(diags.errors, errors);
  assert_int_equal(diags.first->span.at, at);
}

static void what_wit_forbids_is_reported(void **state)
{
  assert_unreadable(*state, STR("ab \xff \xff"), 3, 1);                 /* not UTF-8 */
  assert_unreadable(*state, STR("a \xc0\x80"), 2, 1);                   /* overlong */
  assert_unreadable(*state, STR("\xed\xa0\x80"), 0, 1);                 /* a surrogate */
  assert_unreadable(*state, (Str){"a\0b", 3}, 1, 1);                    /* a control */
  assert_unreadable(*state, STR("// \x1b[31m"), 3, 1);                  /* in comments too */
  assert_unreadable(*state, STR("\x7f"), 0, 1);                         /* delete */
  assert_unreadable(*state, STR("a\xc2\x85"), 1, 1);                    /* U+0085 */
  assert_unreadable(*state, STR("// \xe2\x80\xae \xe2\x80\xae"), 3, 2); /* U+202E */
  assert_unreadable(*state, STR("\xe2\x81\xa6"), 0, 1);                 /* U+2066 */
  assert_unreadable(*state, STR("// \xc5\x89"), 3, 1);                  /* U+0149, deprecated */
}

static void enough_of_what_is_forbidden_is_enough(void **state)
{
  Buf text = buf_in(*state);
  buf_repeat(&text, '\x01', 1000);
  assert_unreadable(*state, buf_text(&text), 0, 10);
}

/* The check goes by whole words where all is printable. */
static void what_is_forbidden_is_found_anywhere(void **state)
{
  for (uint32_t before = 0; before < 40; before++)
    for (uint32_t behind = 0; behind < 20; behind++) {
      Buf text = buf_in(*state);
      buf_repeat(&text, before % 3 ? 'a' : '~', before);
      buf_byte(&text, before % 2 ? '\x7f' : '\x1f');
      buf_repeat(&text, ' ', behind);
      assert_unreadable(*state, buf_text(&text), before, 1);
    }
}

static void an_open_comment_before_a_version_is_reported(void **state)
{
  Lexing *self = lexing(*state, STR("/* 1.0.0"));
  assert_int_equal(lexer_version(&self->lexer).kind, TOKEN_ERROR);
  assert_int_equal(self->diags.errors, 1);
}

static void versions_follow_semver(void **state)
{
  static const char *const good[] = {
      "0.0.0",        "1.2.3",     "10.20.30-rc.1",    "1.0.0--",
      "1.0.0-0a.b-c", "1.0.0+007", "1.0.0-alpha+a.0b", "18446744073709551615.0.0"};
  static const char *const bad[] = {"1",      "1.2",      "01.2.3",  "1.2.3-01", "1.2.3-",
                                    "1.2.3+", "1.2.3-a.", "1.2.3_4", "v1.2.3",   "18446744073709551616.0.0",
                                    ""};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    Lexing *self = lexing(*state, str_from_z(good[i]));
    Token token = lexer_version(&self->lexer);
    assert_int_equal(token.kind, TOKEN_ID);
    assert_slice(token.text, str_from_z(good[i]));
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Lexing *self = lexing(*state, str_from_z(bad[i]));
    bool whole = lexer_version(&self->lexer).kind == TOKEN_ID && lexer_next(&self->lexer).kind == TOKEN_END;
    if (whole) print_error("'%s' was taken for a version\n", bad[i]);
    assert_false(whole);
  }
}

static void a_version_ends_before_the_dot_of_a_use(void **state)
{
  Lexing *self = lexing(*state, STR("1.0.0-rc.1.{a}"));
  assert_text(lexer_version(&self->lexer).text, "1.0.0-rc.1");
  assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_DOT);
  assert_int_equal(lexer_next(&self->lexer).kind, TOKEN_LEFT_BRACE);
}

static void tokens_know_the_comments_before_them(void **state)
{
  Lexing *self = lexing(*state, STR("// plain\n/// one\n/** two */\n  a // after\nb"));
  Token token = lexer_next(&self->lexer);
  assert_text(token.docs, "/// one\n/** two */");
  assert_text(token.comments, "// plain\n/// one\n/** two */");
  token = lexer_next(&self->lexer);
  assert_text(token.docs, "");
  assert_text(token.comments, "// after");
}

static void comments_end_where_their_markers_say(void **state)
{
  static const struct {
    const char *text;
    size_t end;
    bool closed;
  } cases[] = {
      {"// a\nb", 4, true},         {"// a", 4, true},         {"//", 2, true},
      {"/**/x", 4, true},           {"/* a */ b */", 7, true}, {"/* /* */ */x", 11, true},
      {"/*/ */x", 6, true},         {"/*/", 3, false},         {"/* /*/ */ */", 12, true},
      {"/***/x", 5, true},          {"/* */* */", 5, true},    {"/* /* */", 8, false},
      {"/* // */ x", 8, true},      {"/*", 2, false},          {"/*//*/*/*/x", 11, false},
      {"/* a\n/ * */\n", 11, true},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    bool closed = !cases[i].closed;
    size_t end = comment_end(str_from_z(cases[i].text), 0, &closed);
    if (end != cases[i].end || closed != cases[i].closed) print_error("%s\n", cases[i].text);
    assert_int_equal(end, cases[i].end);
    assert_int_equal(closed, cases[i].closed);
    assert_int_equal(comment_end(str_from_z(cases[i].text), 0, NULL), end);
  }
}

static void docs_lose_their_markers_and_their_indentation(void **state)
{
  assert_text(docs_text(*state, STR("/// one\n  ///   two\n///\n/// three  ")), "one\n  two\n\nthree");
  assert_text(docs_text(*state, STR("///one\n/// two")), "one\n two");
  assert_text(docs_text(*state, STR("/** one */")), "one");
  assert_text(docs_text(*state, STR("/**\n     one\n       two\n*/")), "one\n  two");
  assert_text(docs_text(*state, STR("/// a\n/** b\n    c */\n/// d\n")), "a\nb\nc\nd");
  assert_text(docs_text(*state, STR("/// a\r\n/// b\r\n")), "a\nb");
  assert_text(docs_text(*state, STR("/**/")), "");
  assert_text(docs_text(*state, STR("")), "");
}

static void assert_unquoted(Arena *arena, Str quoted, Str want)
{
  Lexing *self = lexing(arena, quoted);
  Token token = lexer_next(&self->lexer);
  Str out = {0};
  assert_true(token_unquote(arena, &token, &out, &self->diags));
  assert_slice(out, want);
}

static void escapes_are_undone(void **state)
{
  assert_unquoted(*state, STR("\"a\\t\\n\\r\\\\\\\"\\'\""), STR("a\t\n\r\\\"'"));
  assert_unquoted(*state, STR("\"\\u{41}\\u{1f600}\""), STR("A\xf0\x9f\x98\x80"));
  assert_unquoted(*state, STR("'\\u{0}'"), (Str){"\0", 1});
  assert_unquoted(*state, STR("'\xe2\x98\x83'"), STR("\xe2\x98\x83"));
  assert_unquoted(*state, STR("\"\""), STR(""));
}

/* The examples of WAVE's README. */
static void multi_line_strings_are_dedented(void **state)
{
  assert_unquoted(*state, STR("\"\"\"\nA single line\n\"\"\""), STR("A single line"));
  assert_unquoted(*state, STR("\"\"\"\n    Indentation determined\n      by ending delimiter\n  \"\"\""),
                  STR("  Indentation determined\n    by ending delimiter"));
  assert_unquoted(*state,
                  STR("\"\"\"\n  Must escape carriage return at end of line: \\r\n"
                      "  Must break up double quote triplets: \"\"\\\"\"\n  \"\"\""),
                  STR("Must escape carriage return at end of line: \r\n"
                      "Must break up double quote triplets: \"\"\"\""));
  assert_unquoted(*state, STR("\"\"\"\r\n  a\r\n\r\n  b\r\n  \"\"\""), STR("a\n\nb"));
  assert_unquoted(*state, STR("\"\"\"\n\"\"\""), STR(""));
}

static void bad_escapes_are_reported_where_they_are(void **state)
{
  static const struct {
    const char *text;
    uint32_t at, len;
  } cases[] = {{"\"ab\\x\"", 3, 2},       {"'\\u{}'", 1, 2},    {"\"\\u{d800}\"", 1, 2},
               {"\"\\u{110000}\"", 1, 2}, {"\"\\u{41\"", 1, 2}, {"\"\"\"\n  a\n b\n  \"\"\"", 8, 2},
               {"\"\"\"a\n\"\"\"", 0, 8}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Lexing *self = lexing(*state, str_from_z(cases[i].text));
    Token token = lexer_next(&self->lexer);
    Str out = STR("untouched");
    assert_false(token_unquote(*state, &token, &out, &self->diags));
    assert_text(out, "untouched");
    assert_int_equal(self->diags.errors, 1);
    assert_int_equal(self->diags.first->span.at, cases[i].at);
    assert_int_equal(self->diags.first->span.len, cases[i].len);
  }
}

/* `name` of the WebAssembly text format, and what wasm-tools makes of it. */
static void strings_of_wit_are_names_of_the_text_format(void **state)
{
  static const struct {
    const char *quoted;
    Str want; /* without a text: rejected */
  } cases[] = {
      {"\"a b\"", {"a b", 3}},
      {"\"\"", {"", 0}},
      {"\"\\t\\n\\r\\\"\\'\\\\\"", {"\t\n\r\"'\\", 6}},
      {"\"\\00\\0f\\7F\"", {"\0\x0f\x7f", 3}},
      {"\"\\c3\\a9\"", {"é", 2}},
      {"\"\\u{1_2_3_f}\\u{1__2}\"", {"\xe1\x88\xbf\x12", 4}},
      {"\"☃\"", {"☃", 3}},
      {"\"\\ff\"", {0}},
      {"\"\\h\"", {0}},
      {"\"\\0g\"", {0}},
      {"\"\\u{_1}\"", {0}},
      {"\"\\u{1_}\"", {0}},
      {"\"\\u{}\"", {0}},
      {"\"\\u0041\"", {0}},
      {"\"\\u{d800}\"", {0}},
      {"\"\\u{110000}\"", {0}},
      {"\"a\tb\"", {0}},
      {"\"\"\"\na\n\"\"\"", {0}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Lexing *self = lexing(*state, str_from_z(cases[i].quoted));
    Token token = lexer_next(&self->lexer);
    Str out = STR("untouched");
    assert_int_equal(token.kind, TOKEN_STRING);
    bool unquoted = token_unquote_wit(*state, &token, &out, &self->diags);
    if (unquoted != (cases[i].want.at != NULL)) print_error("%s\n", cases[i].quoted);
    assert_int_equal(unquoted, cases[i].want.at != NULL);
    assert_int_equal(self->diags.errors, !unquoted);
    assert_slice(out, unquoted ? cases[i].want : STR("untouched"));
  }
}

/* The examples of wasm-tools' ast/lex.rs. */
static void names_are_judged_as_the_reference_does(void **state)
{
  (void)state;
  static const char *const good[] = {"apple",           "apple-pear",       "a0",     "a",       "bool",
                                     "APPLE",           "apple-PEAR-grape", "is-XML", "apple-0", "ENOENT",
                                     "a0-000-3d4a-54FF"};
  static const char *const bad[] = {
      "",           "0",          "%",           "0a",   ".",      "·",      "a a",
      "_",          "-",          "a-",          "-a",   "Apple",  "applE",  "apple-pear-",
      "a.b",        "apple_pear", "apple-Pear",  "a--b", "_apple", "Москва", "a0-000-3d4A-54Ff",
      "apple/pear", "😼",          "\xe2\x84\xab"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_null(name_fault(str_from_z(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_non_null(name_fault(str_from_z(bad[i])));
}

static void a_word_of_other_letters_is_a_misspelt_name(void **state)
{
  assert_text(tokens_of(*state, STR("été 東京-a москва")), "error:été error:東京-a error:москва");
  assert_text(tokens_of(*state, STR("a ≤ b 😀")), "a error:≤ b error:😀");
}

static void keywords_are_printed_as_names_with_a_percent_sign(void **state)
{
  static const char *const keywords[] = {
#define KEYWORD(name, text) text,
#include "ifc/keywords.def"
  };
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
    assert_int_equal(name_keyword(str_from_z(keywords[i])), KEYWORD_NONE + 1 + i);
    if (i > 0) assert_true(str_compare(str_from_z(keywords[i - 1]), str_from_z(keywords[i])) < 0);
  }
  Buf out = buf_in(*state);
  name_print(STR("record"), &out);
  name_print(STR("recor"), &out);
  name_print(STR("RECORD"), &out);
  assert_text(buf_text(&out), "%recordrecorRECORD");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(names_are_kebab_case_words),
      TEST(a_misspelt_name_is_one_error_with_its_text),
      TEST(a_misspelt_name_is_reported_once_with_a_better_one),
      TEST(numbers_have_no_sign_and_dots_need_digits),
      TEST(digits_behind_a_dot_are_an_index),
      TEST(the_longest_operator_wins),
      TEST(an_operator_alone_keeps_its_own_kind),
      TEST(quoted_texts_keep_their_quotes),
      TEST(an_open_quote_ends_with_its_line),
      TEST(comments_nest_and_are_white_space),
      TEST(an_open_comment_is_reported_where_it_begins),
      TEST(line_ends_are_lf_or_crlf),
      TEST(the_end_comes_again_and_again),
      TEST(a_byte_order_mark_is_skipped),
      TEST(what_wit_forbids_is_reported),
      TEST(enough_of_what_is_forbidden_is_enough),
      TEST(what_is_forbidden_is_found_anywhere),
      TEST(an_open_comment_before_a_version_is_reported),
      TEST(versions_follow_semver),
      TEST(a_version_ends_before_the_dot_of_a_use),
      TEST(tokens_know_the_comments_before_them),
      TEST(comments_end_where_their_markers_say),
      TEST(docs_lose_their_markers_and_their_indentation),
      TEST(escapes_are_undone),
      TEST(multi_line_strings_are_dedented),
      TEST(bad_escapes_are_reported_where_they_are),
      TEST(strings_of_wit_are_names_of_the_text_format),
      TEST(names_are_judged_as_the_reference_does),
      TEST(a_word_of_other_letters_is_a_misspelt_name),
      TEST(keywords_are_printed_as_names_with_a_percent_sign),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
