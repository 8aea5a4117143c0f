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

bool report_has_several_specs(const Json *document)
{
  return jv_count(jv_get(document, STR("specs"))) > 1;
}

bool report_is_shared(const Json *test)
{
  return report_verdict(test) != VERDICT_UNDECIDED && report_number(test, "cases") == 0 &&
         report_text(test, "reason").len > 0;
}

/* Controls, line ends that are none in ASCII, and marks of direction (Unicode, UAX #9). */
static bool is_obeyed(uint32_t point)
{
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
         (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

/* The next character, which is at `*at`; false when it must not be shown as it is. */
static bool next_is_clean(Str text, size_t *at, Str *character)
{
  size_t from = *at;
  uint32_t point = utf8_next(text, at);
  if (point == UINT32_MAX) *at = from + 1;
  *character = str_slice(text, from, *at);
  return point != UINT32_MAX && !is_obeyed(point);
}

void report_put_clean(Str text, Buf *out)
{
  Str character;
  for (size_t at = 0; at < text.len;) {
    bool clean = next_is_clean(text, &at, &character);
    buf_str(out, clean ? character : STR(" "));
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

static bool is_clean(Str text)
{
  Str character;
  for (size_t at = 0; at < text.len;)
    if (!next_is_clean(text, &at, &character)) return false;
  return true;
}

/* $'…', where bytes can be written that must not be shown. POSIX.1-2024 has it, as bash and zsh do. */
static void put_escaped(Str text, Buf *out)
{
  Str character;
  buf_z(out, "$'");
  for (size_t at = 0; at < text.len;) {
    bool clean = next_is_clean(text, &at, &character);
    if (clean && (character.at[0] == '\'' || character.at[0] == '\\')) buf_byte(out, '\\');
    if (clean) buf_str(out, character);
    for (size_t i = 0; i < character.len && !clean; i++)
      buf_printf(out, "\\%03o", (unsigned)(unsigned char)character.at[i]);
  }
  buf_byte(out, '\'');
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
  if (!is_clean(text)) {
    put_escaped(text, out);
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

/* A path, which is no option whatever it begins with. */
static void put_path(Str path, Buf *out)
{
  if (str_starts_with(path, STR("-"))) path = str_format(out->arena, "./%.*s", STR_ARG(path));
  put_argument(path, out);
}

/* Those that an agreement was tried with. */
static void put_others(const Json *document, const Json *implementation, Buf *out)
{
  const Json *all = jv_get(document, STR("implementations"));
  for (size_t i = 0; i < jv_count(all); i++) {
    if (jv_at(all, i) == implementation) continue;
    buf_byte(out, ' ');
    put_path(report_text(jv_at(all, i), "path"), out);
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
  const Json *arguments = jv_get(document, STR("arguments"));
  Buf out = buf_in(arena);
  if (!token.len) return token;
  buf_z(&out, "assay verify ");
  put_path(report_text(implementation, "path"), &out);
  if (str_equal(report_text(test, "kind"), STR("agree"))) put_others(document, implementation, &out);
  put_with(implementation, &out);
  buf_z(&out, " --spec ");
  put_argument(report_spec_path(document, test), &out);
  for (size_t i = 0; i < jv_count(arguments); i++) {
    buf_byte(&out, ' ');
    put_argument(jv_as_string(jv_at(arguments, i)), &out);
  }
  buf_z(&out, " --replay ");
  put_argument(token, &out);
  return buf_text(&out);
}
