#include "ifc/base/diag.h"

#include <errno.h>

#include "ifc/base/utf8.h"
#include "tests/unit/check.h"

#define SHAPES "package a:b;\n\ninterface shapes {\n  f: func() -> u33;\r\n}\n"
static const Source shapes = {.path = {"shapes.wit", 10}, .text = {SHAPES, sizeof SHAPES - 1}};

static Span span_of(const Source *source, Str piece)
{
  return (Span){source, (uint32_t)str_find(source->text, piece), (uint32_t)piece.len};
}

static Str printed(const Diags *diags, bool colour)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, colour);
  return buf_text(&out);
}

static void an_error_shows_its_line_with_carets(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_NAME, span_of(&shapes, STR("u33")), "unknown type '%s'", "u33");
  assert_text(printed(&diags, false), "shapes.wit:4:16: error: unknown type 'u33'\n"
                                      "     4 |   f: func() -> u33;\n"
                                      "       |                ^^^\n");
}

static void notes_follow_with_their_place_or_without(void **state)
{
  Diags diags = diags_in(*state);
  Diag *diag = diag_warning(&diags, DIAG_NAME, span_of(&shapes, STR("f:")), "unused");
  diag_note(&diags, diag, span_of(&shapes, STR("shapes")), "in this interface");
  diag_note(&diags, diag, SPAN_NONE, "remove %s", "it");
  assert_text(printed(&diags, false), "shapes.wit:4:3: warning: unused\n"
                                      "     4 |   f: func() -> u33;\n"
                                      "       |   ^^\n"
                                      "shapes.wit:3:11: note: in this interface\n"
                                      "     3 | interface shapes {\n"
                                      "       |           ^^^^^^\n"
                                      "       = note: remove it\n");
}

static void without_a_place_there_is_only_the_message(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_USAGE, SPAN_NONE, "no such command");
  assert_text(printed(&diags, false), "error: no such command\n");
}

static void an_empty_span_gets_one_caret_even_at_the_end(void **state)
{
  Diags diags = diags_in(*state);
  const Source source = {STR("-"), STR("ab")};
  diag_error(&diags, DIAG_SYNTAX, (Span){&source, 2, 0}, "expected a name");
  diag_error(&diags, DIAG_SYNTAX, (Span){&source, 99, 5}, "past the end");
  assert_text(printed(&diags, false), "-:1:3: error: expected a name\n"
                                      "     1 | ab\n"
                                      "       |   ^\n"
                                      "-:1:3: error: past the end\n"
                                      "     1 | ab\n"
                                      "       |   ^\n");
}

static void a_span_over_lines_is_underlined_to_the_end_of_its_first(void **state)
{
  Diags diags = diags_in(*state);
  const Source source = {STR("x"), STR("if a {\r\n  b\r\n}\r\n")};
  diag_error(&diags, DIAG_SYNTAX, (Span){&source, 3, 11}, "what");
  assert_text(printed(&diags, false), "x:1:4: error: what\n"
                                      "     1 | if a {\n"
                                      "       |    ^^^\n");
}

static void columns_count_characters_and_tabs_are_four_wide(void **state)
{
  Diags diags = diags_in(*state);
  const Source source = {STR("x"), STR("\täö€\tx")};
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("x")), "what");
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("\tx")), "what");
  assert_text(printed(&diags, false), "x:1:6: error: what\n"
                                      "     1 |     äö€    x\n"
                                      "       |            ^\n"
                                      "x:1:5: error: what\n"
                                      "     1 |     äö€    x\n"
                                      "       |        ^^^^^\n");
}

/* Two columns for an ideograph and an emoji, none for a combining accent (U+0301). */
static void carets_stand_under_wide_and_combining_characters(void **state)
{
  Diags diags = diags_in(*state);
  const Source source = {STR("x"), STR("東京 e\xcc\x81 😀 x")};
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("京")), "what");
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("e\xcc\x81")), "what");
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("x")), "what");
  assert_text(printed(&diags, false), "x:1:2: error: what\n"
                                      "     1 | 東京 e\xcc\x81 😀 x\n"
                                      "       |   ^^\n"
                                      "x:1:4: error: what\n"
                                      "     1 | 東京 e\xcc\x81 😀 x\n"
                                      "       |      ^\n"
                                      "x:1:9: error: what\n"
                                      "     1 | 東京 e\xcc\x81 😀 x\n"
                                      "       |           ^\n");
}

static void the_gutter_grows_with_the_line_number(void **state)
{
  Buf text = buf_in(*state);
  buf_repeat(&text, '\n', 12345677);
  buf_z(&text, "x");
  const Source source = {STR("x"), buf_text(&text)};
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("x")), "what");
  assert_text(printed(&diags, false), "x:12345678:1: error: what\n"
                                      "12345678 | x\n"
                                      "         | ^\n");
}

static void terminals_are_not_attacked(void **state)
{
  Diags diags = diags_in(*state);
  const Source source = {STR("a\033[2J\n.wit"), STR("\033]0;gotcha\007 \xe2\x80\xae \xff \xc2\x9b x")};
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("x")), "not \033[31mred\rnor\nhidden");
  assert_text(printed(&diags, false), "a [2J .wit:1:19: error: not  [31mred nor hidden\n"
                                      "     1 |  ]0;gotcha  \xef\xbf\xbd \xef\xbf\xbd   x\n"
                                      "       |                   ^\n");
}

static void colours_come_only_when_asked_for(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_SYNTAX, span_of(&shapes, STR("u33")), "what");
  assert_true(str_find(printed(&diags, false), STR("\033")) == SIZE_MAX);
  assert_true(str_find(printed(&diags, true), STR("\033[1;31merror:\033[0m what")) != SIZE_MAX);
}

/* Every line of the excerpt is at most so many columns, and the caret stands under the marked text. */
static void check_cut(Arena *arena, size_t before, size_t after)
{
  Buf text = buf_in(arena);
  buf_repeat(&text, 'b', before);
  buf_z(&text, "HERE");
  buf_repeat(&text, 'a', after);
  const Source source = {STR("x"), buf_text(&text)};
  Diags diags = diags_in(arena);
  diag_error(&diags, DIAG_SYNTAX, span_of(&source, STR("HERE")), "what");
  Str out = printed(&diags, false);
  Str line = str_slice(out, str_find(out, STR("\n")) + 1, out.len);
  Str carets = str_slice(line, str_find(line, STR("\n")) + 1, line.len);
  line = str_slice(line, 0, str_find(line, STR("\n")));
  assert_true(utf8_columns(line) <= 80);
  size_t here = utf8_columns(str_slice(line, 0, str_find(line, STR("HERE"))));
  assert_int_equal(str_find(carets, STR("^^^^\n")), here);
}

static void long_lines_are_cut_around_the_caret(void **state)
{
  const size_t lengths[] = {0, 1, 39, 40, 41, 60, 96, 97, 100, 150, 5000};
  enum { COUNT = sizeof lengths / sizeof *lengths };
  for (size_t i = 0; i < COUNT; i++)
    for (size_t j = 0; j < COUNT; j++) check_cut(*state, lengths[i], lengths[j]);
}

static void errors_past_a_hundred_are_only_counted(void **state)
{
  Diags diags = diags_in(*state);
  for (int i = 0; i < 105; i++) {
    Diag *diag = diag_error(&diags, DIAG_SYNTAX, SPAN_NONE, "error %d", i);
    diag_note(&diags, diag, SPAN_NONE, "note");
  }
  assert_int_equal(diags.errors, 105);
  assert_int_equal(diags.dropped, 5);
  Str text = printed(&diags, false);
  assert_true(str_find(text, STR("error 99\n")) != SIZE_MAX);
  assert_true(str_find(text, STR("error 100\n")) == SIZE_MAX);
  assert_true(str_ends_with(text, STR("… and 5 more that are not shown\n")));
}

static void each_source_has_a_hundred_of_its_own(void **state)
{
  const Source first = {STR("first"), STR("a")}, second = {STR("second"), STR("b")};
  Diags diags = diags_in(*state);
  for (int i = 0; i < 150; i++) diag_error(&diags, DIAG_SYNTAX, (Span){&first, 0, 1}, "one");
  assert_true(diags_full(&diags, (Span){&first, 0, 1}));
  assert_false(diags_full(&diags, (Span){&second, 0, 1}));
  for (int i = 0; i < 50; i++) diag_error(&diags, DIAG_SYNTAX, (Span){&second, 0, 1}, "two");
  assert_int_equal(diags.errors, 200);
  assert_int_equal(diags.dropped, 50);
  assert_text(diags.last->message, "two");
}

static void a_thousand_are_kept_in_all(void **state)
{
  enum { SOURCES = 20 };
  static Source sources[SOURCES];
  Diags diags = diags_in(*state);
  for (int i = 0; i < SOURCES; i++) {
    sources[i] = (Source){STR("x"), STR("a")};
    for (int k = 0; k < 80; k++) diag_error(&diags, DIAG_SYNTAX, (Span){&sources[i], 0, 1}, "what");
  }
  assert_int_equal(diags.errors, 1600);
  assert_int_equal(diags.dropped, 600);
  size_t kept = 0;
  for (const Diag *diag = diags.first; diag; diag = diag->next) kept++;
  assert_int_equal(kept, 1000);
}

static void a_message_as_long_as_a_book_loses_its_middle(void **state)
{
  Buf name = buf_in(*state);
  for (int i = 0; i < 5000; i++) buf_z(&name, "é€");
  Diags diags = diags_in(*state);
  Diag *diag = diag_error(&diags, DIAG_NAME, SPAN_NONE, "no '%.*s': look", STR_ARG(buf_text(&name)));
  assert_true(diag->message.len <= 1010);
  assert_true(str_starts_with(diag->message, STR("no 'é€é€")));
  assert_true(str_find(diag->message, STR("…")) != SIZE_MAX);
  assert_true(str_ends_with(diag->message, STR("é€': look")));
  assert_int_equal(utf8_first_error(diag->message), SIZE_MAX);
}

static void places_are_the_same_counted_on_from_the_one_before(void **state)
{
  (void)state;
  const uint32_t places[] = {0, 12, 13, 14, 40, 54, 56, 60, 33, 34, 34, 2, 99};
  LineMark known = {0};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    Position want = span_position((Span){&shapes, places[i], 0});
    Position got = span_position_after((Span){&shapes, places[i], 0}, &known);
    assert_int_equal(got.line, want.line);
    assert_int_equal(got.column, want.column);
    assert_slice(got.line_text, want.line_text);
  }
}

static void a_failed_call_says_what_was_tried_and_why_not(void **state)
{
  Diags diags = diags_in(*state);
  Diag *missing = diag_errno(&diags, ENOENT, "read", STR("x.wit"));
  Diag *full = diag_errno(&diags, ENOSPC, "write", STR("y"));
  assert_text(missing->message, "cannot read 'x.wit': No such file or directory");
  assert_int_equal(missing->code, DIAG_INPUT);
  assert_text(full->message, "cannot write 'y': No space left on device");
  assert_int_equal(full->code, DIAG_SYSTEM);
  assert_text(full->notes->message, "free some space on the file system that holds 'y', then try again");
}

static void the_exit_status_is_that_of_the_first_error(void **state)
{
  Diags diags = diags_in(*state);
  assert_int_equal(diags_exit(&diags), 0);
  diag_warning(&diags, DIAG_SYNTAX, SPAN_NONE, "w");
  assert_int_equal(diags_exit(&diags), 0);
  diag_error(&diags, DIAG_TOOLCHAIN, SPAN_NONE, "a");
  diag_error(&diags, DIAG_BUILD, SPAN_NONE, "b");
  assert_int_equal(diags_exit(&diags), 3);
  assert_text(diag_code_slug(DIAG_TOOLCHAIN), "toolchain");
}

static void spans_join_and_give_their_text(void **state)
{
  (void)state;
  Span joined = span_join(span_of(&shapes, STR("f:")), span_of(&shapes, STR("()")));
  assert_text(span_text(joined), "f: func()");
  assert_text(span_text(SPAN_NONE), "");
  assert_text(span_text((Span){&shapes, 54, 100}), "}\n");
  assert_ptr_equal(span_join(SPAN_NONE, joined).source, &shapes);
}

static void positions_count_from_one(void **state)
{
  (void)state;
  Position start = span_position((Span){&shapes, 0, 0});
  assert_int_equal(start.line, 1);
  assert_int_equal(start.column, 1);
  assert_text(start.line_text, "package a:b;");
  Position newline = span_position((Span){&shapes, 12, 1});
  assert_int_equal(newline.line, 1);
  assert_int_equal(newline.column, 13);
  Position end = span_position((Span){&shapes, 56, 0});
  assert_int_equal(end.line, 6);
  assert_int_equal(end.column, 1);
  assert_text(end.line_text, "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_error_shows_its_line_with_carets),
      TEST(notes_follow_with_their_place_or_without),
      TEST(without_a_place_there_is_only_the_message),
      TEST(an_empty_span_gets_one_caret_even_at_the_end),
      TEST(a_span_over_lines_is_underlined_to_the_end_of_its_first),
      TEST(columns_count_characters_and_tabs_are_four_wide),
      TEST(carets_stand_under_wide_and_combining_characters),
      TEST(the_gutter_grows_with_the_line_number),
      TEST(terminals_are_not_attacked),
      TEST(colours_come_only_when_asked_for),
      TEST(long_lines_are_cut_around_the_caret),
      TEST(errors_past_a_hundred_are_only_counted),
      TEST(each_source_has_a_hundred_of_its_own),
      TEST(a_thousand_are_kept_in_all),
      TEST(a_message_as_long_as_a_book_loses_its_middle),
      TEST(places_are_the_same_counted_on_from_the_one_before),
      TEST(a_failed_call_says_what_was_tried_and_why_not),
      TEST(the_exit_status_is_that_of_the_first_error),
      TEST(spans_join_and_give_their_text),
      TEST(positions_count_from_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
