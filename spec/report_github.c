/* GitHub's workflow commands: docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
#include "ifc/base/crypto.h"
#include "spec/report_internal.h"

enum { ANNOTATIONS_MAX = 10 }; /* of errors, and of warnings, in one step; the others are not shown */

/* A percent-encoded text; in a property, what separates properties is encoded too. */
static void put_encoded(Str text, bool property, Buf *out)
{
  for (size_t i = 0; i < text.len; i++) {
    char byte = text.at[i];
    if (byte == '%' || byte == '\r' || byte == '\n' || (property && (byte == ':' || byte == ',')))
      buf_printf(out, "%%%02X", (unsigned)byte);
    else
      buf_byte(out, byte);
  }
}

static void put_property(const char *name, Str text, Buf *out)
{
  buf_printf(out, "%s=", name);
  put_encoded(report_clean(out->arena, text), true, out);
}

/* Is it undecided for what has kept all of the implementation from being tried? */
static bool concerns_all(const Json *implementation, const Json *test)
{
  Str reason = report_text(test, "reason");
  return report_verdict(test) == VERDICT_UNDECIDED && reason.len &&
         str_equal(reason, report_text(implementation, "reason"));
}

/* The implementation's tests with this verdict that have something to say: what concerns all is said once. */
static size_t list_tests(const Json *implementation, Verdict verdict, const Json **out)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  bool said = false;
  size_t count = 0;
  for (size_t i = 0; i < jv_count(tests); i++) {
    const Json *test = jv_at(tests, i);
    if (report_verdict(test) != verdict) continue;
    bool again = concerns_all(implementation, test) && said;
    said = said || concerns_all(implementation, test);
    if (!again) out[count++] = test;
  }
  return count;
}

static void put_annotation(const Json *document, const Json *implementation, const Json *test, Buf *out)
{
  Arena *arena = out->arena;
  bool failed = report_verdict(test) == VERDICT_FAILED;
  int64_t line = report_number(jv_get(test, STR("failure")), "line");
  Str label = report_text(implementation, "label"), words = report_words(arena, test);
  Str title = concerns_all(implementation, test)
                  ? label
                  : str_format(arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(words));
  Buf text = buf_in(arena);
  buf_printf(out, "::%s ", failed ? "error" : "warning");
  put_property("file", report_spec_path(document, test), out);
  if (line > 0) buf_printf(out, ",line=%lld", (long long)line);
  buf_byte(out, ',');
  put_property("title", title, out);
  report_details(test, &text);
  buf_str(&text, report_command(arena, document, implementation, test));
  buf_z(out, "::");
  put_encoded(str_trim(buf_text(&text)), false, out);
  buf_byte(out, '\n');
}

/* All tests with this verdict; where there are too many, the last annotation counts those that are not shown.
 */
static void put_annotations(const Json *document, Verdict verdict, Buf *out)
{
  const Json *all = jv_get(document, STR("implementations"));
  size_t implementations = jv_count(all), count = 0, shown = 0;
  const Json ***listed = arena_array_of(out->arena, const Json **, implementations);
  size_t *counts = arena_array_of(out->arena, size_t, implementations);
  for (size_t i = 0; i < implementations; i++) {
    const Json *one = jv_at(all, i);
    listed[i] = arena_array_of(out->arena, const Json *, jv_count(jv_get(one, STR("tests"))));
    counts[i] = list_tests(one, verdict, listed[i]);
    count += counts[i];
  }
  size_t room = count > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : count;
  for (size_t i = 0; i < implementations; i++)
    for (size_t k = 0; k < counts[i] && shown < room; k++, shown++)
      put_annotation(document, jv_at(all, i), listed[i][k], out);
  if (count > shown)
    buf_printf(out, "::%s title=assay::%zu more tests %s; the log of this step has them all\n",
               verdict == VERDICT_FAILED ? "error" : "warning", count - shown,
               verdict == VERDICT_FAILED ? "failed" : "are undecided");
}

/* Counterexamples are what a module returned: their text must not be obeyed by the runner. The token is a
 * hash of what stands between, so that nothing there can contain it. */
static void put_report(const Json *document, Buf *out)
{
  Buf text = buf_in(out->arena);
  report_print(document, false, REPORT_COLUMNS, &text);
  Str token = hash_hex(out->arena, hash_of(buf_text(&text)));
  buf_printf(out, "::stop-commands::%.*s\n", STR_ARG(token));
  buf_str(out, buf_text(&text));
  buf_printf(out, "::%.*s::\n", STR_ARG(token));
}

void report_github(const Json *document, Buf *out)
{
  put_report(document, out);
  put_annotations(document, VERDICT_FAILED, out);
  put_annotations(document, VERDICT_UNDECIDED, out);
}
