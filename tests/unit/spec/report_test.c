/* Reports in all forms, from documents that may say anything; and documents made one. What is expected comes
 * from the formats' own rules: TAP 14, XML 1.0, GitHub's workflow commands. */
#include "ifc/base/utf8.h"
#include "spec/report.h"
#include "tests/unit/check.h"

static const Json *parsed(Arena *arena, const char *text)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  char *quoted = str_to_z(arena, str_from_z(text));
  for (char *at = quoted; *at; at++)
    if (*at == '\'') *at = '"';
  *source = (Source){STR("document"), str_from_z(quoted)};
  const Json *document = jv_parse(arena, source, &diags);
  assert_non_null(document);
  return document;
}

/* A document with one implementation that has these tests. */
static Str document(Arena *arena, const char *verdict, const char *tests)
{
  return str_format(
      arena,
      "{'schema':'assay/verify/1','interface':{'id':'t:t/i','hash':'sha256:1'},'verdict':'%s',"
      "'seed':'7','budget-cases':10,'specs':[{'path':'a b.spec','hash':'sha256:2'}],"
      "'implementations':[{'label':'x','path':'x.wasm','hash':'sha256:3','verdict':'%s','cases':1,"
      "'milliseconds':1234,'tests':[%s]}]}",
      verdict, verdict, tests);
}

#define FAILED(name, message)                                                                  \
  "{'spec':0,'group':'g','name':'" name                                                        \
  "','kind':'law','verdict':'failed','cases':1,'discarded':0,'failure':"                       \
  "{'message':'" message "','inputs':[{'name':'x','value':'[1, true]'}],'actual':'[1, true]'," \
  "'expected':'[1, false]','replay':'a1-x','line':3,'shrinks':0}}"
#define PASSED(name) \
  "{'spec':0,'group':'','name':'" name "','kind':'it','verdict':'passed','cases':1,'discarded':0}"
#define UNDECIDED(name)                                                   \
  "{'spec':0,'group':'','name':'" name                                    \
  "','kind':'it','verdict':'undecided','cases':0,'discarded':0,'reason':" \
  "'no time'}"

typedef void Form(const Json *document, Buf *out);

static Str shown(Arena *arena, Form *form, const char *verdict, const char *tests)
{
  Buf out = buf_in(arena);
  form(parsed(arena, str_to_z(arena, document(arena, verdict, tests))), &out);
  return buf_text(&out);
}

static void print(const Json *document, Buf *out)
{
  report_print(document, false, REPORT_COLUMNS, out);
}

static void assert_has(Str text, const char *part)
{
  if (str_find(text, str_from_z(part)) == SIZE_MAX) print_error("no %s in\n%.*s\n", part, STR_ARG(text));
  assert_true(str_find(text, str_from_z(part)) != SIZE_MAX);
}

static void assert_has_not(Str text, const char *part)
{
  if (str_find(text, str_from_z(part)) != SIZE_MAX) print_error("%s in\n%.*s\n", part, STR_ARG(text));
  assert_true(str_find(text, str_from_z(part)) == SIZE_MAX);
}

static void tap_has_points_with_escaped_descriptions_and_undecided_is_not_ok(void **state)
{
  Str text = shown(*state, report_tap, "failed", PASSED("a # TODO \\\\ b") "," UNDECIDED("c"));
  assert_slice(text, STR("TAP version 14\n"
                         "1..1\n"
                         "# Subtest: x\n"
                         "    1..2\n"
                         "    ok 1 - a \\# TODO \\\\ b\n"
                         "    not ok 2 - c\n"
                         "      ---\n"
                         "      severity: \"undecided\"\n"
                         "      message: \"no time\"\n"
                         "      ...\n"
                         "not ok 1 - x\n"));
}

static void xml_has_nothing_that_is_no_character_or_would_be_markup(void **state)
{
  Str text = shown(*state, report_junit, "failed", FAILED("<a> & \\\"b\\\"", "\\u0001\\ufffe\\n"));
  assert_has(text, "name=\"&#60;a&#62; &#38; &#34;b&#34;\"");
  assert_has(text, "message=\"\xef\xbf\xbd\xef\xbf\xbd&#10;\"");
  assert_has(text,
             "<testsuite name=\"x\" tests=\"1\" failures=\"1\" errors=\"0\" time=\"1.234\" skipped=\"0\">");
}

static void undecided_is_an_error_of_junit(void **state)
{
  Str text = shown(*state, report_junit, "undecided", UNDECIDED("c"));
  assert_has(text, "errors=\"1\"");
  assert_has(text, "<error message=\"no time\" type=\"undecided\">no time");
}

static void annotations_encode_what_would_end_them(void **state)
{
  Str text = shown(*state, report_github, "failed", FAILED("a, b: 100%", "50% of\\nit"));
  assert_has(
      text,
      "\n::error file=a b.spec,line=3,title=x%3A g%3A a%2C b%3A 100%25::50%25 of it%0Ax = [1, true]%0A");
}

static void ten_annotations_are_all_that_is_shown(void **state)
{
  Arena *arena = *state;
  Buf tests = buf_in(arena);
  for (int i = 0; i < 25; i++) buf_printf(&tests, "%s" FAILED("t%d", "m"), i ? "," : "", i);
  buf_byte(&tests, '\0');
  Str text = shown(arena, report_github, "failed", tests.at);
  size_t count = 0;
  for (Str rest = text; str_find(rest, STR("\n::error ")) != SIZE_MAX; count++)
    rest = str_slice(rest, str_find(rest, STR("\n::error ")) + 1, rest.len);
  assert_int_equal(count, 10);
  assert_has(text, "::16 more tests failed");
}

static void what_a_module_returns_is_no_command(void **state)
{
  Str text = shown(*state, report_github, "failed", FAILED("n", "::error::evil ::warning::evil"));
  size_t stop = str_find(text, STR("::stop-commands::"));
  assert_int_equal(stop, 0);
  Str token = str_slice(text, 17, str_find(text, STR("\n")));
  assert_int_equal(token.len, 64);
  assert_has(str_slice(text, 81, text.len),
             str_to_z(*state, str_format(*state, "\n::%.*s::\n", STR_ARG(token))));
  Str plain =
      shown(*state, print, "failed",
            FAILED("n", "a long line of text that goes up to the very end of it, and more ::error::evil"));
  for (size_t at = 0; at < plain.len; at = at + str_find(str_slice(plain, at, plain.len), STR("\n")) + 1)
    assert_false(str_starts_with(str_trim(str_slice(plain, at, plain.len)), STR("::")));
}

static void a_person_sees_words_sides_what_differs_and_a_command(void **state)
{
  Str text = shown(*state, print, "failed", FAILED("n", "expected f(x) == y"));
  assert_has(text,
             "✗ x  1 of 1 test failed, 1 case, 1.2 s\n  ✗ g: n\n      a b.spec:3: expected f(x) == y\n");
  assert_has(text, "      left:  [1, true]\n      right: [1, false]\n                 ^^^^^\n");
  assert_has(text, "assay verify x.wasm --spec 'a b.spec' --replay a1-x\n");
  assert_has(text, "seed 7\n");
}

static void what_failed_does_not_hide_what_is_undecided(void **state)
{
  Str text = shown(*state, print, "failed", PASSED("a") "," FAILED("b", "m") "," UNDECIDED("c"));
  assert_has(text, "✗ x  1 of 3 tests failed, 1 undecided, 1 case, 1.2 s\n");
  assert_has(shown(*state, print, "undecided", UNDECIDED("c")), "? x  1 of 1 test undecided, 1 case");
}

static void lines_fit_80_columns_and_controls_do_not_get_out(void **state)
{
  Arena *arena = *state;
  Buf value = buf_in(arena);
  for (int i = 0; i < 300; i++) buf_z(&value, "é");
  const char *test =
      str_to_z(arena, str_format(arena, FAILED("n", "\\u001b[31m %.*s"), STR_ARG(buf_text(&value))));
  Str text = shown(arena, print, "failed", test);
  assert_has_not(text, "\x1b");
  for (Str rest = text; rest.len;) {
    Str line = str_slice(rest, 0, str_find(rest, STR("\n")));
    size_t columns = 0;
    for (size_t i = 0; i < line.len; i++) columns += ((unsigned char)line.at[i] & 0xc0) != 0x80;
    assert_true(columns <= 80);
    rest = str_slice(rest, line.len + 1, rest.len);
  }
}

static void a_pass_says_what_stays_unknown(void **state)
{
  Arena *arena = *state;
  Str text = document(arena, "passed", PASSED("n"));
  text.len -= 3;
  text = str_format(arena,
                    "%.*s,'coverage':{'percent':87,'blocks':100,'entered':87,'unreached':['f','g'],'unmet':"
                    "[{'function':'h','instruction':'i32.eq','offset':255,'was':'never'},"
                    "{'function':'h','instruction':'i64.ne','offset':9,'was':'never'},"
                    "{'function':'h','instruction':'f64.lt','offset':8,'was':'always'}],'unmet-count':9,"
                    "'traced':true,'libraries':{'blocks':1890,'entered':12,'unreached':['~lib/a'],"
                    "'unmet':[],'unmet-count':3}}}]}",
                    STR_ARG(text));
  Buf out = buf_in(arena);
  report_print(parsed(arena, str_to_z(arena, text)), false, REPORT_COLUMNS, &out);
  assert_has(buf_text(&out),
             "  87 % of its own code ran\n    never entered: f, g\n"
             "    i32.eq in h (at 0xff) was never equal\n    i64.ne in h (at 0x9) was always equal\n"
             "    f64.lt in h (at 0x8) was always true\n    and 6 more comparisons (--json lists them)\n"
             "  libraries: 12 of 1,890 blocks, 1 function never entered, 3 one-way comparisons\n");
}

static size_t longest_line(Str text)
{
  size_t longest = 0;
  while (text.len) {
    Str line = str_slice(text, 0, str_find(text, STR("\n")));
    size_t columns = utf8_columns(line);
    if (columns > longest) longest = columns;
    text = str_slice(text, line.len + 1, text.len);
  }
  return longest;
}

static void lines_are_as_wide_as_they_may_be(void **state)
{
  enum { WORDS = 60, LENGTH = 8 };
  Buf words = buf_in(*state);
  for (int i = 0; i < WORDS; i++) buf_z(&words, "a seven ");
  Str text = document(*state, "failed", FAILED("n", "%s"));
  size_t at = str_find(text, STR("%s"));
  text = str_format(*state, "%.*s%.*s%.*s", (int)at, text.at, STR_ARG(buf_text(&words)),
                    STR_ARG(str_slice(text, at + 2, text.len)));
  for (size_t columns = 60; columns <= 120; columns += 20) {
    Buf out = buf_in(*state);
    report_print(parsed(*state, str_to_z(*state, text)), false, columns, &out);
    size_t longest = longest_line(buf_text(&out));
    assert_true(longest <= columns && longest + LENGTH > columns);
  }
}

static void a_test_tells_its_seconds_where_they_are_known(void **state)
{
  static const char test[] = "{'spec':0,'group':'g','name':'n','kind':'it','verdict':'passed','cases':1,"
                             "'discarded':0%s}";
  static const struct {
    const char *given, *wanted;
  } times[] = {{"", "name=\"n\"/>"}, {",'milliseconds':12034", "name=\"n\" time=\"12.034\"/>"}};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    Str own = str_from_z(test);
    size_t at = str_find(own, STR("%s"));
    own = str_format(*state, "%.*s%s%.*s", (int)at, own.at, times[i].given,
                     STR_ARG(str_slice(own, at + 2, own.len)));
    Buf out = buf_in(*state);
    report_junit(parsed(*state, str_to_z(*state, document(*state, "passed", str_to_z(*state, own)))), &out);
    assert_has(buf_text(&out), times[i].wanted);
  }
}

static void a_document_with_nothing_in_it_is_no_pass(void **state)
{
  static Form *const forms[] = {print, report_tap, report_junit, report_github};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    Buf out = buf_in(*state);
    forms[i](parsed(*state, "{'implementations':[{'tests':[{'failure':[]},7]},null]}"), &out);
    assert_true(out.len > 0);
  }
  assert_int_equal(report_exit(parsed(*state, "{}")), 3);
  assert_int_equal(report_exit(parsed(*state, "{'implementations':[{'verdict':'fine'}]}")), 3);
}

/* The same test in two files, and one that differs. */
static void of_several_files_all_forms_say_which(void **state)
{
  static const char text[] =
      "{'schema':'assay/verify/1','interface':{'id':'t:t/i','hash':'sha256:1'},'verdict':'failed',"
      "'seed':'7','budget-cases':10,'specs':[{'path':'d/a.spec','hash':'sha256:2'},"
      "{'path':'b.spec','hash':'sha256:3'}],'implementations':[{'label':'x','path':'x.wasm',"
      "'hash':'sha256:4','verdict':'failed','cases':3,'milliseconds':1,'tests':["
      "{'spec':0,'group':'g','name':'n','kind':'it','verdict':'passed','cases':1},"
      "{'spec':0,'group':'','name':'m','kind':'it','verdict':'passed','cases':1},"
      "{'spec':1,'group':'g','name':'n','kind':'it','verdict':'failed','cases':1,"
      "'failure':{'message':'no','line':4}},"
      "{'spec':1,'group':'','name':'m','kind':'it','verdict':'passed','cases':0,"
      "'reason':'the same test as in d/a.spec, which ran for both'}]}]}";
  Buf plain = buf_in(*state), tap = buf_in(*state), junit = buf_in(*state);
  const Json *document = parsed(*state, text);
  print(document, &plain);
  report_tap(document, &tap);
  report_junit(document, &junit);
  assert_has(buf_text(&plain),
             "    d/a.spec: 2 passed\n    b.spec: 1 passed, 1 failed; 1 of them ran as another file's");
  assert_has(buf_text(&tap),
             "    ok 1 - d/a.spec: g: n\n    ok 2 - d/a.spec: m\n    not ok 3 - b.spec: g: n\n");
  assert_has(buf_text(&junit), "<testcase classname=\"x.d/a.g\" name=\"n\"/>");
  assert_has(buf_text(&junit), "<testcase classname=\"x.b.g\" name=\"n\">");
  assert_has(buf_text(&junit), "<testcase classname=\"x.b\" name=\"m\"/>");
}

static void what_keeps_all_tests_from_running_is_said_once(void **state)
{
  Arena *arena = *state;
  Str text = document(arena, "undecided", UNDECIDED("a") "," UNDECIDED("b"));
  size_t at = str_find(text, STR("'tests'"));
  text = str_format(arena, "%.*s'reason':'no time',%.*s", (int)at, text.at,
                    STR_ARG(str_slice(text, at, text.len)));
  Buf out = buf_in(arena);
  report_github(parsed(arena, str_to_z(arena, text)), &out);
  assert_has(buf_text(&out), "\n::warning file=a b.spec,title=x::no time\n");
  assert_true(str_ends_with(buf_text(&out), STR("title=x::no time\n")));
  Buf plain = buf_in(arena);
  report_print(parsed(arena, str_to_z(arena, text)), false, REPORT_COLUMNS, &plain);
  assert_has(buf_text(&plain), "\n  no time\n  ? a\n  ? b\n");
}

/* Names are the module's and the file's: Unicode's marks of direction (UAX #9) show one text as another. */
static void marks_of_direction_do_not_get_out(void **state)
{
  static Form *const forms[] = {print, report_tap, report_github};
  static const char *const marks[] = {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029",
                                      "\u202a", "\u202e", "\u2066", "\u2069"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
      Str test = str_format(*state, FAILED("n%sz", "m%sz"), marks[k], marks[k]);
      Str text = shown(*state, forms[i], "failed", str_to_z(*state, test));
      assert_has_not(text, marks[k]);
      assert_has(text, "g: n z");
    }
}

/* The command is read by a shell: each of these is one word of it. */
static void the_command_has_what_it_takes_to_run_again(void **state)
{
  static const struct {
    const char *path, *word;
  } paths[] = {
      {"x.wasm", " x.wasm"},
      {"a b.wasm", " 'a b.wasm'"},
      {"a\\nb\\\\.wasm", " $'a\\012b\\\\.wasm'"},
      {"\u202ea.wasm", " $'\\342\\200\\256a.wasm'"},
      {"-x.wasm", " ./-x.wasm"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    Str text = document(arena, "failed", FAILED("n", "m"));
    size_t at = str_find(text, STR("x.wasm"));
    text = str_format(arena, "%.*s%s%.*s", (int)at, text.at, paths[i].path,
                      STR_ARG(str_slice(text, at + 6, text.len)));
    Json *document = (Json *)(uintptr_t)parsed(arena, str_to_z(arena, text));
    Json *arguments = jv_array(arena);
    jv_push(arguments, jv_string(arena, STR("--for")));
    jv_push(arguments, jv_string(arena, STR("the wit")));
    jv_set(document, STR("arguments"), arguments);
    Buf out = buf_in(arena);
    report_print(document, false, REPORT_COLUMNS, &out);
    Str want =
        str_format(arena, "assay verify%s --spec 'a b.spec' --for 'the wit' --replay a1-x\n", paths[i].word);
    assert_has(buf_text(&out), str_to_z(arena, want));
  }
}

/* --- merging */

typedef struct Part {
  const char *verdict, *shard, *test, *label;
} Part;

static Json *merged(Arena *arena, const Part *parts, size_t count, Diags *diags)
{
  ReportFile files[8];
  for (size_t i = 0; i < count; i++) {
    Str text = document(arena, parts[i].verdict, parts[i].test);
    Json *out = (Json *)(uintptr_t)parsed(arena, str_to_z(arena, text));
    if (parts[i].shard) jv_set_string(out, STR("shard"), str_from_z(parts[i].shard));
    if (parts[i].label)
      jv_set_string((Json *)(uintptr_t)jv_at(jv_get(out, STR("implementations")), 0), STR("label"),
                    str_from_z(parts[i].label));
    files[i] = (ReportFile){str_format(arena, "%zu.json", i), out};
  }
  return report_merge(arena, files, count, diags);
}

static void shards_add_up_and_one_failure_decides(void **state)
{
  static const Part parts[] = {{"passed", "3/3", PASSED("n"), NULL},
                               {"passed", "1/3", PASSED("n"), NULL},
                               {"failed", "2/3",
                                "{'spec':0,'group':'','name':'n','verdict':'failed','cases':5,"
                                "'discarded':2,'failure':{'message':'m'}}",
                                NULL}};
  Diags diags = diags_in(*state);
  const Json *out = merged(*state, parts, 3, &diags);
  assert_non_null(out);
  const Json *one = jv_at(jv_get(out, STR("implementations")), 0),
             *test = jv_at(jv_get(one, STR("tests")), 0);
  assert_int_equal(report_exit(out), 1);
  assert_slice(jv_as_string(jv_get(out, STR("verdict"))), STR("failed"));
  assert_slice(jv_as_string(jv_get(one, STR("verdict"))), STR("failed"));
  assert_int_equal(jv_as_integer(jv_get(one, STR("cases"))), 3);
  assert_int_equal(jv_as_integer(jv_get(test, STR("cases"))), 7);
  assert_int_equal(jv_as_integer(jv_get(test, STR("discarded"))), 2);
  assert_slice(jv_as_string(jv_get(jv_get(test, STR("failure")), STR("message"))), STR("m"));
  assert_null(jv_get(out, STR("shard")));
}

static void undecided_outweighs_passed(void **state)
{
  static const Part parts[] = {{"undecided", "1/2", UNDECIDED("n"), NULL},
                               {"passed", "2/2", PASSED("n"), NULL}};
  Diags diags = diags_in(*state);
  const Json *out = merged(*state, parts, 2, &diags);
  assert_non_null(out);
  assert_int_equal(report_exit(out), 3);
}

static void other_modules_stand_side_by_side(void **state)
{
  static const Part parts[] = {{"passed", NULL, PASSED("n"), "a"}, {"passed", NULL, PASSED("n"), "b"}};
  Diags diags = diags_in(*state);
  const Json *out = merged(*state, parts, 2, &diags);
  assert_non_null(out);
  assert_int_equal(jv_count(jv_get(out, STR("implementations"))), 2);
  assert_int_equal(report_exit(out), 0);
}

static void assert_refused(Arena *arena, const Part *parts, size_t count, const char *message)
{
  Diags diags = diags_in(arena);
  assert_null(merged(arena, parts, count, &diags));
  assert_int_equal(diags.errors, 1);
  assert_slice(diags.first->message, str_from_z(message));
}

static void what_does_not_belong_together_is_refused(void **state)
{
  static const Part missing[] = {{"passed", "1/3", PASSED("n"), NULL}, {"passed", "3/3", PASSED("n"), NULL}};
  static const Part twice[] = {{"passed", NULL, PASSED("n"), NULL}, {"passed", NULL, PASSED("n"), NULL}};
  static const Part divided[] = {{"passed", "1/2", PASSED("n"), NULL}, {"passed", "2/3", PASSED("n"), NULL}};
  static const Part tests[] = {{"passed", "1/2", PASSED("n"), NULL}, {"passed", "2/2", PASSED("o"), NULL}};
  static const Part shard[] = {{"passed", "4/3", PASSED("n"), NULL}};
  assert_refused(*state, missing, 2, "shard 2/3 of x is missing");
  assert_refused(*state, missing, 1, "shard 2/3 of x is missing");
  assert_refused(*state, twice, 2, "'1.json' has what another report has too: shard 1/1 of x");
  assert_refused(*state, divided, 2, "'1.json' was divided into another number of shards");
  assert_refused(*state, tests, 2, "the shards of x have different tests");
  assert_refused(*state, shard, 1, "'0.json' names a shard that cannot be");
}

#define BROKEN(token)                                                                                       \
  "{'spec':0,'group':'','name':'n','verdict':'failed','cases':5,'discarded':0,'failure':{'message':'" token \
  "','replay':'" token "'}}"

/* Whatever order they come in. */
static void of_several_counterexamples_the_smallest_is_told(void **state)
{
  static const char *const tests[] = {BROKEN("a2-long-one"), BROKEN("a2-short"), BROKEN("a2-longest-one")};
  for (size_t i = 0; i < 3; i++) {
    const Part parts[] = {{"failed", "1/3", tests[i], NULL},
                          {"failed", "2/3", tests[(i + 1) % 3], NULL},
                          {"failed", "3/3", tests[(i + 2) % 3], NULL}};
    Diags diags = diags_in(*state);
    const Json *out = merged(*state, parts, 3, &diags);
    assert_non_null(out);
    const Json *test = jv_at(jv_get(jv_at(jv_get(out, STR("implementations")), 0), STR("tests")), 0);
    assert_text(jv_as_string(jv_get(jv_get(test, STR("failure")), STR("message"))), "a2-short");
    assert_int_equal(jv_as_integer(jv_get(test, STR("cases"))), 15);
  }
}

static void no_sum_is_better_than_its_parts(void **state)
{
  static const Part lies[] = {{"passed", "1/2", BROKEN("a2-x"), NULL}, {"passed", "2/2", PASSED("n"), NULL}};
  static const Part negative[] = {
      {"passed", "1/2", PASSED("n"), NULL},
      {"passed", "2/2", "{'spec':0,'group':'','name':'n','verdict':'passed','cases':-9}", NULL}};
  Diags diags = diags_in(*state);
  assert_int_equal(report_exit(merged(*state, lies, 2, &diags)), 1);
  const Json *out = merged(*state, negative, 2, &diags);
  const Json *test = jv_at(jv_get(jv_at(jv_get(out, STR("implementations")), 0), STR("tests")), 0);
  assert_int_equal(jv_as_integer(jv_get(test, STR("cases"))), 1);
}

/* `verify a.wasm a.wasm`, divided. */
static void a_module_that_was_given_twice_is_there_twice(void **state)
{
  Arena *arena = *state;
  ReportFile files[2];
  for (size_t i = 0; i < 2; i++) {
    Str text = document(arena, "passed", i ? BROKEN("a2-x") : PASSED("n"));
    Json *out = (Json *)(uintptr_t)parsed(arena, str_to_z(arena, text));
    Json *all = (Json *)(uintptr_t)jv_get(out, STR("implementations"));
    Str passed = document(arena, "passed", PASSED("n"));
    const Json *first = jv_at(jv_get(parsed(arena, str_to_z(arena, passed)), STR("implementations")), 0);
    jv_push(all, first);
    jv_set_string(out, STR("shard"), i ? STR("2/2") : STR("1/2"));
    files[i] = (ReportFile){STR("x"), out};
  }
  Diags diags = diags_in(arena);
  const Json *out = report_merge(arena, files, 2, &diags);
  assert_non_null(out);
  const Json *all = jv_get(out, STR("implementations"));
  assert_int_equal(jv_count(all), 2);
  assert_text(jv_as_string(jv_get(jv_at(all, 0), STR("verdict"))), "failed");
  assert_text(jv_as_string(jv_get(jv_at(all, 1), STR("verdict"))), "passed");
  assert_int_equal(jv_as_integer(jv_get(jv_at(all, 1), STR("cases"))), 2);
}

static void a_shard_of_another_module_is_told_from_one_that_is_not_there(void **state)
{
  Arena *arena = *state;
  ReportFile files[2];
  for (size_t i = 0; i < 2; i++) {
    Str text = document(arena, "passed", PASSED("n"));
    Json *out = (Json *)(uintptr_t)parsed(arena, str_to_z(arena, text));
    Json *one = (Json *)(uintptr_t)jv_at(jv_get(out, STR("implementations")), 0);
    jv_set_string(one, STR("hash"), i ? STR("sha256:a") : STR("sha256:b"));
    jv_set_string(out, STR("shard"), i ? STR("2/2") : STR("1/2"));
    files[i] = (ReportFile){str_format(arena, "%zu.json", i + 1), out};
  }
  Diags diags = diags_in(arena);
  assert_null(report_merge(arena, files, 2, &diags));
  assert_int_equal(diags.errors, 1);
  assert_text(diags.first->message, "shard 2/2 of x is missing");
  assert_text(diags.first->notes->message,
              "'2.json' has another module of that name: build once, and give all shards the same file");
}

static void other_seeds_specs_and_budgets_are_refused(void **state)
{
  static const char *const changes[][3] = {
      {"'seed':'7'", "'seed':'8'", "'1' has another seed than the first report"},
      {"'budget-cases':10", "'budget-cases':11", "'1' has another budget than the first report"},
      {"sha256:2", "sha256:9", "'1' is about other specifications than the first report"},
      {"sha256:1", "sha256:9", "'1' is about another interface than the first report"},
      {"assay/verify/1", "assay/evaluate/1", "'1' is no report of a verification"},
  };
  Arena *arena = *state;
  Str text = document(arena, "passed", PASSED("n"));
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    size_t at = str_find(text, str_from_z(changes[i][0])), len = strlen(changes[i][0]);
    Str other = str_format(arena, "%.*s%s%.*s", (int)at, text.at, changes[i][1],
                           STR_ARG(str_slice(text, at + len, text.len)));
    ReportFile files[] = {{STR("0"), parsed(arena, str_to_z(arena, text))},
                          {STR("1"), parsed(arena, str_to_z(arena, other))}};
    Diags diags = diags_in(arena);
    assert_null(report_merge(arena, files, 2, &diags));
    assert_slice(diags.first->message, str_from_z(changes[i][2]));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(tap_has_points_with_escaped_descriptions_and_undecided_is_not_ok),
      TEST(xml_has_nothing_that_is_no_character_or_would_be_markup),
      TEST(undecided_is_an_error_of_junit),
      TEST(annotations_encode_what_would_end_them),
      TEST(ten_annotations_are_all_that_is_shown),
      TEST(what_a_module_returns_is_no_command),
      TEST(a_person_sees_words_sides_what_differs_and_a_command),
      TEST(what_failed_does_not_hide_what_is_undecided),
      TEST(lines_fit_80_columns_and_controls_do_not_get_out),
      TEST(a_pass_says_what_stays_unknown),
      TEST(lines_are_as_wide_as_they_may_be),
      TEST(a_test_tells_its_seconds_where_they_are_known),
      TEST(a_document_with_nothing_in_it_is_no_pass),
      TEST(of_several_files_all_forms_say_which),
      TEST(what_keeps_all_tests_from_running_is_said_once),
      TEST(marks_of_direction_do_not_get_out),
      TEST(the_command_has_what_it_takes_to_run_again),
      TEST(shards_add_up_and_one_failure_decides),
      TEST(undecided_outweighs_passed),
      TEST(other_modules_stand_side_by_side),
      TEST(what_does_not_belong_together_is_refused),
      TEST(other_seeds_specs_and_budgets_are_refused),
      TEST(of_several_counterexamples_the_smallest_is_told),
      TEST(no_sum_is_better_than_its_parts),
      TEST(a_module_that_was_given_twice_is_there_twice),
      TEST(a_shard_of_another_module_is_told_from_one_that_is_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
