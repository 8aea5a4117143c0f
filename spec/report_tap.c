/* TAP 14: testanything.org/tap-version-14-specification.html */
#include "spec/report_internal.h"

/* A description: nothing in it may look like a directive. */
static void put_description(Str text, Buf *out)
{
  Str clean = report_clean(out->arena, text);
  for (size_t i = 0; i < clean.len; i++) {
    if (clean.at[i] == '#' || clean.at[i] == '\\') buf_byte(out, '\\');
    buf_byte(out, clean.at[i]);
  }
}

static void put_point(const char *indent, Verdict verdict, size_t number, Str description, Buf *out)
{
  buf_printf(out, "%s%sok %zu - ", indent, verdict == VERDICT_PASSED ? "" : "not ", number);
  put_description(description, out);
  buf_byte(out, '\n');
}

/* A string of JSON is one of YAML. */
static void put_entry(int indent, const char *key, Str text, Buf *out)
{
  buf_repeat(out, ' ', (size_t)indent);
  buf_printf(out, "%s: ", key);
  jv_print_canonical(jv_string(out->arena, report_clean(out->arena, text)), out);
  buf_byte(out, '\n');
}

static void put_inputs(const Json *inputs, Buf *out)
{
  if (!jv_count(inputs)) return;
  buf_z(out, "      inputs:\n");
  for (size_t i = 0; i < jv_count(inputs); i++) {
    put_entry(8, "- name", report_text(jv_at(inputs, i), "name"), out);
    put_entry(10, "value", report_text(jv_at(inputs, i), "value"), out);
  }
}

static void put_steps(const Json *steps, Buf *out)
{
  if (!jv_count(steps)) return;
  buf_z(out, "      steps:\n");
  for (size_t i = 0; i < jv_count(steps); i++) {
    buf_z(out, "        - ");
    jv_print_canonical(jv_string(out->arena, report_clean(out->arena, jv_as_string(jv_at(steps, i)))), out);
    buf_byte(out, '\n');
  }
}

static void put_failure(const Json *document, const Json *implementation, const Json *test, Buf *out)
{
  const Json *failure = jv_get(test, STR("failure"));
  Str command = report_command(out->arena, document, implementation, test);
  put_entry(6, "message", report_text(failure, "message"), out);
  buf_z(out, "      at:\n");
  put_entry(8, "file", report_spec_path(document, test), out);
  buf_printf(out, "        line: %lld\n", (long long)report_number(failure, "line"));
  put_steps(jv_get(failure, STR("steps")), out);
  put_inputs(jv_get(failure, STR("inputs")), out);
  if (report_text(failure, "actual").len || report_text(failure, "expected").len) {
    put_entry(6, "left", report_text(failure, "actual"), out);
    put_entry(6, "right", report_text(failure, "expected"), out);
  }
  if (command.len) put_entry(6, "replay", command, out);
}

/* With the file that it is from, where there are several. */
static Str words(Arena *arena, const Json *document, const Json *test)
{
  Str text = report_words(arena, test);
  if (!report_has_several_specs(document)) return text;
  return str_format(arena, "%.*s: %.*s", STR_ARG(report_spec_path(document, test)), STR_ARG(text));
}

static void put_test(const Json *document, const Json *implementation, size_t index, Buf *out)
{
  const Json *test = jv_at(jv_get(implementation, STR("tests")), index);
  Verdict verdict = report_verdict(test);
  put_point("    ", verdict, index + 1, words(out->arena, document, test), out);
  if (verdict == VERDICT_PASSED) return;
  buf_z(out, "      ---\n");
  put_entry(6, "severity", verdict == VERDICT_FAILED ? STR("fail") : STR("undecided"), out);
  if (jv_get(test, STR("failure")))
    put_failure(document, implementation, test, out);
  else
    put_entry(6, "message", report_text(test, "reason"), out);
  buf_z(out, "      ...\n");
}

void report_tap(const Json *document, Buf *out)
{
  const Json *all = jv_get(document, STR("implementations"));
  buf_printf(out, "TAP version 14\n1..%zu\n", jv_count(all));
  for (size_t i = 0; i < jv_count(all); i++) {
    const Json *one = jv_at(all, i), *tests = jv_get(one, STR("tests"));
    buf_z(out, "# Subtest: ");
    report_put_clean(report_text(one, "label"), out);
    buf_printf(out, "\n    1..%zu\n", jv_count(tests));
    for (size_t k = 0; k < jv_count(tests); k++) put_test(document, one, k, out);
    put_point("", report_verdict(one), i + 1, report_text(one, "label"), out);
  }
}
