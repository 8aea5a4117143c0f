/* JUnit's XML. Nobody owns the format; this keeps to what the schemas of Jenkins' and GitLab's readers share:
 * of times three decimals. */
#include "ifc/base/utf8.h"
#include "spec/report_internal.h"

/* XML 1.0, production 2: what is no Char becomes U+FFFD. */
static bool is_char(uint32_t point)
{
  if (point == UINT32_MAX || point == 0xfffe || point == 0xffff) return false;
  return point >= 0x20 || point == '\t' || point == '\n' || point == '\r';
}

static void put_xml(Str text, Buf *out)
{
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    uint32_t point = utf8_next(text, &at);
    if (point == UINT32_MAX) at = from + 1;
    if (!is_char(point))
      buf_code_point(out, 0xfffd);
    else if (point == '<' || point == '>' || point == '&' || point == '"' || point < 0x20)
      buf_printf(out, "&#%u;", (unsigned)point);
    else
      buf_str(out, str_slice(text, from, at));
  }
}

static void put_attribute(const char *name, Str text, Buf *out)
{
  buf_printf(out, " %s=\"", name);
  put_xml(text, out);
  buf_byte(out, '"');
}

static void put_number(const char *name, int64_t number, Buf *out)
{
  buf_printf(out, " %s=\"%lld\"", name, (long long)number);
}

static void put_seconds(int64_t milliseconds, Buf *out)
{
  if (milliseconds < 0) milliseconds = 0;
  buf_printf(out, " time=\"%lld.%03d\"", (long long)(milliseconds / 1000), (int)(milliseconds % 1000));
}

typedef struct Sums {
  size_t tests, failures, errors;
  int64_t milliseconds;
} Sums;

static Sums sums_of(const Json *implementation)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  return (Sums){jv_count(tests), report_count(tests, VERDICT_FAILED), report_count(tests, VERDICT_UNDECIDED),
                report_number(implementation, "milliseconds")};
}

static void put_sums(const Sums *self, Buf *out)
{
  put_number("tests", (int64_t)self->tests, out);
  put_number("failures", (int64_t)self->failures, out);
  put_number("errors", (int64_t)self->errors, out);
  put_seconds(self->milliseconds, out);
}

static void put_property(const char *name, Str value, Buf *out)
{
  buf_z(out, "      <property");
  put_attribute("name", str_from_z(name), out);
  put_attribute("value", value, out);
  buf_z(out, "/>\n");
}

static void put_problem(const Json *document, const Json *implementation, const Json *test, Buf *out)
{
  const Json *failure = jv_get(test, STR("failure"));
  const char *element = report_verdict(test) == VERDICT_FAILED ? "failure" : "error";
  Str command = report_command(out->arena, document, implementation, test),
      path = report_spec_path(document, test);
  Buf details = buf_in(out->arena);
  if (failure) buf_printf(&details, "%.*s:%lld\n", STR_ARG(path), (long long)report_number(failure, "line"));
  report_details(test, &details);
  buf_str(&details, command);
  buf_printf(out, "      <%s", element);
  put_attribute("message", failure ? report_text(failure, "message") : report_text(test, "reason"), out);
  put_attribute("type", report_verdict_name(report_verdict(test)), out);
  buf_byte(out, '>');
  put_xml(buf_text(&details), out);
  buf_printf(out, "</%s>\n", element);
}

/* implementation.group, and with the file between them where there are several: readers tell cases apart by
 * this and the name. */
static Str class_name(Arena *arena, const Json *document, const Json *implementation, const Json *test)
{
  Str file = report_has_several_specs(document) ? report_spec_path(document, test) : (Str){0};
  Str group = report_text(test, "group"), name = report_text(implementation, "label");
  if (str_ends_with(file, STR(".spec"))) file.len -= 5;
  if (file.len) name = str_format(arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(file));
  return group.len ? str_format(arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(group)) : name;
}

static void put_case(const Json *document, const Json *implementation, const Json *test, Buf *out)
{
  buf_z(out, "    <testcase");
  put_attribute("classname", class_name(out->arena, document, implementation, test), out);
  put_attribute("name", report_text(test, "name"), out);
  if (jv_get(test, STR("milliseconds"))) put_seconds(report_number(test, "milliseconds"), out);
  if (report_verdict(test) == VERDICT_PASSED) {
    buf_z(out, "/>\n");
    return;
  }
  buf_z(out, ">\n");
  put_problem(document, implementation, test, out);
  buf_z(out, "    </testcase>\n");
}

static void put_suite(const Json *document, const Json *implementation, Buf *out)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  Sums sums = sums_of(implementation);
  buf_z(out, "  <testsuite");
  put_attribute("name", report_text(implementation, "label"), out);
  put_sums(&sums, out);
  put_number("skipped", 0, out);
  buf_z(out, ">\n    <properties>\n");
  Str hash = report_text(implementation, "hash"); /* of a module that could not be used there is none */
  if (hash.len) put_property("module", hash, out);
  put_property("interface", report_text(jv_get(document, STR("interface")), "hash"), out);
  put_property("seed", report_text(document, "seed"), out);
  buf_z(out, "    </properties>\n");
  for (size_t i = 0; i < jv_count(tests); i++) put_case(document, implementation, jv_at(tests, i), out);
  buf_z(out, "  </testsuite>\n");
}

void report_junit(const Json *document, Buf *out)
{
  const Json *all = jv_get(document, STR("implementations"));
  Sums sums = {0};
  for (size_t i = 0; i < jv_count(all); i++) {
    Sums one = sums_of(jv_at(all, i));
    sums.tests += one.tests;
    sums.failures += one.failures;
    sums.errors += one.errors;
    sums.milliseconds += one.milliseconds;
  }
  buf_z(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
  put_attribute("name", report_text(jv_get(document, STR("interface")), "id"), out);
  put_sums(&sums, out);
  buf_z(out, ">\n");
  for (size_t i = 0; i < jv_count(all); i++) put_suite(document, jv_at(all, i), out);
  buf_z(out, "</testsuites>\n");
}
