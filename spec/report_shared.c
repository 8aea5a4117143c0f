#include "ifc/base/utf8.h"
#include "spec/report_internal.h"

static const char *const verdict_names[] = {"passed", "failed", "undecided"};

Str report_text(const Json *object, const char *key)
{
  return jv_as_string(jv_get(object, str_from_z(key)));
}

int64_t report_number(const Json *object, const char *key)
{
  return jv_as_integer(jv_get(object, str_from_z(key)));
}

Verdict report_verdict(const Json *object)
{
  Str name = report_text(object, "verdict");
  if (str_equal(name, STR("passed"))) return VERDICT_PASSED;
  return str_equal(name, STR("failed")) ? VERDICT_FAILED : VERDICT_UNDECIDED;
}

Str report_verdict_name(Verdict verdict)
{
  return str_from_z(verdict_names[verdict]);
}

size_t report_count(const Json *tests, Verdict verdict)
{
  size_t count = 0;
  for (size_t i = 0; i < jv_count(tests); i++) count += report_verdict(jv_at(tests, i)) == verdict;
  return count;
}

int report_exit(const Json *document)
{
  const Json *all = jv_get(document, STR("implementations"));
  if (report_count(all, VERDICT_FAILED)) return 1;
  return jv_count(all) && !report_count(all, VERDICT_UNDECIDED) ? 0 : 3;
}

Str report_words(Arena *arena, const Json *test)
{
  Str group = report_text(test, "group"), name = report_text(test, "name");
  return group.len ? str_format(arena, "%.*s: %.*s", STR_ARG(group), STR_ARG(name)) : name;
}

Str report_spec_path(const Json *document, const Json *test)
{
  int64_t index = report_number(test, "spec");
  const Json *specs = jv_get(document, STR("specs"));
  return index < 0 ? (Str){0} : report_text(jv_at(specs, (size_t)index), "path");
}

void report_put_clean(Str text, Buf *out)
{
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    uint32_t point = utf8_next(text, &at);
    bool bad = point == UINT32_MAX || point < 0x20 || (point >= 0x7f && point < 0xa0);
    if (point == UINT32_MAX) at = from + 1;
    buf_str(out, bad ? STR(" ") : str_slice(text, from, at));
  }
}

Str report_clean(Arena *arena, Str text)
{
  Buf out = buf_in(arena);
  report_put_clean(text, &out);
  return buf_text(&out);
}

static void put_line(Buf *out, Str label, Str text)
{
  report_put_clean(label, out);
  report_put_clean(text, out);
  buf_byte(out, '\n');
}

void report_details(const Json *test, Buf *out)
{
  const Json *failure = jv_get(test, STR("failure"));
  const Json *steps = jv_get(failure, STR("steps")), *inputs = jv_get(failure, STR("inputs"));
  if (!failure) {
    if (report_text(test, "reason").len) put_line(out, (Str){0}, report_text(test, "reason"));
    return;
  }
  put_line(out, (Str){0}, report_text(failure, "message"));
  for (size_t i = 0; i < jv_count(steps); i++)
    put_line(out, str_format(out->arena, "%zu. ", i + 1), jv_as_string(jv_at(steps, i)));
  for (size_t i = 0; i < jv_count(inputs); i++) {
    const Json *input = jv_at(inputs, i);
    put_line(out, str_format(out->arena, "%.*s = ", STR_ARG(report_text(input, "name"))),
             report_text(input, "value"));
  }
  Str actual = report_text(failure, "actual"), expected = report_text(failure, "expected");
  if (!actual.len && !expected.len) return;
  put_line(out, STR("left:  "), actual);
  put_line(out, STR("right: "), expected);
}

/* As a shell reads it back. */
static void put_argument(Str text, Buf *out)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:+@%=";
  bool is_plain = text.len > 0;
  for (size_t i = 0; i < text.len; i++)
    is_plain = is_plain && str_find(STR(plain), str_slice(text, i, i + 1)) != SIZE_MAX;
  if (is_plain) {
    buf_str(out, text);
    return;
  }
  buf_byte(out, '\'');
  for (size_t i = 0; i < text.len; i++)
    if (text.at[i] == '\'')
      buf_z(out, "'\\''");
    else
      buf_byte(out, text.at[i]);
  buf_byte(out, '\'');
}

/* Those that an agreement was tried with. */
static void put_others(const Json *document, const Json *implementation, Buf *out)
{
  const Json *all = jv_get(document, STR("implementations"));
  for (size_t i = 0; i < jv_count(all); i++) {
    if (jv_at(all, i) == implementation) continue;
    buf_byte(out, ' ');
    put_argument(report_text(jv_at(all, i), "path"), out);
  }
}

static void put_with(const Json *implementation, Buf *out)
{
  const Json *with = jv_get(implementation, STR("with"));
  for (size_t i = 0; i < jv_count(with); i++) {
    buf_z(out, " --with ");
    put_argument(report_text(jv_at(with, i), "path"), out);
  }
}

Str report_command(Arena *arena, const Json *document, const Json *implementation, const Json *test)
{
  Str token = report_text(jv_get(test, STR("failure")), "replay");
  Buf out = buf_in(arena);
  if (!token.len) return token;
  buf_z(&out, "assay verify ");
  put_argument(report_text(implementation, "path"), &out);
  if (str_equal(report_text(test, "kind"), STR("agree"))) put_others(document, implementation, &out);
  put_with(implementation, &out);
  buf_z(&out, " --spec ");
  put_argument(report_spec_path(document, test), &out);
  buf_z(&out, " --replay ");
  put_argument(token, &out);
  return report_clean(arena, buf_text(&out));
}
