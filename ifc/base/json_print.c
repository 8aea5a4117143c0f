#include <math.h>
#include <stdlib.h>

#include "ifc/base/json.h"
#include "ifc/base/utf8.h"

static void put_escaped(Buf *out, uint8_t byte)
{
  switch (byte) {
  case '"': buf_z(out, "\\\""); break;
  case '\\': buf_z(out, "\\\\"); break;
  case '\b': buf_z(out, "\\b"); break;
  case '\t': buf_z(out, "\\t"); break;
  case '\n': buf_z(out, "\\n"); break;
  case '\f': buf_z(out, "\\f"); break;
  case '\r': buf_z(out, "\\r"); break;
  default: buf_printf(out, "\\u%04x", byte);
  }
}

static bool is_plain(uint8_t byte)
{
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* RFC 8785 §3.2.2.2. A malformed byte becomes U+FFFD, so that what is printed is always JSON. */
void jv_print_string(Str text, Buf *out)
{
  buf_byte(out, '"');
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    while (at < text.len && is_plain((uint8_t)text.at[at])) at++;
    buf_str(out, str_slice(text, from, at));
    if (at == text.len) break;
    if ((uint8_t)text.at[at] < 0x80) {
      put_escaped(out, (uint8_t)text.at[at++]);
      continue;
    }
    uint32_t code_point = utf8_next(text, &at);
    at += code_point == UINT32_MAX;
    buf_code_point(out, code_point == UINT32_MAX ? 0xfffd : code_point);
  }
  buf_byte(out, '"');
}

static void put_real(Buf *out, double value)
{
  if (isfinite(value))
    buf_f64(out, value);
  else
    buf_z(out, "null");
}

/* Everything but arrays and objects. */
static void put_scalar(Buf *out, const Json *self, bool reals)
{
  switch (jv_kind(self)) {
  case JV_BOOL: buf_z(out, jv_as_bool(self) ? "true" : "false"); break;
  case JV_INTEGER: buf_printf(out, "%lld", (long long)jv_as_integer(self)); break;
  case JV_REAL: put_real(out, reals ? jv_as_real(self) : (double)NAN); break;
  case JV_STRING: jv_print_string(jv_as_string(self), out); break;
  default: buf_z(out, "null");
  }
}

static void put_line(Buf *out, size_t depth)
{
  buf_byte(out, '\n');
  buf_repeat(out, ' ', depth * 2);
}

static void put_indented(Buf *out, const Json *self, size_t depth)
{
  JsonKind kind = jv_kind(self);
  if (kind != JV_ARRAY && kind != JV_OBJECT) {
    put_scalar(out, self, true);
    return;
  }
  size_t count = jv_count(self);
  buf_byte(out, kind == JV_ARRAY ? '[' : '{');
  for (size_t i = 0; i < count; i++) {
    if (i) buf_byte(out, ',');
    put_line(out, depth + 1);
    if (kind == JV_OBJECT) {
      jv_print_string(jv_key_at(self, i), out);
      buf_z(out, ": ");
    }
    put_indented(out, kind == JV_OBJECT ? jv_value_at(self, i) : jv_at(self, i), depth + 1);
  }
  if (count) put_line(out, depth);
  buf_byte(out, kind == JV_ARRAY ? ']' : '}');
}

void jv_print(const Json *self, Buf *out)
{
  put_indented(out, self, 0);
  buf_byte(out, '\n');
}

typedef struct Sorted {
  Str key;
  const Json *value;
} Sorted;

/* In UTF-16, what needs surrogates (D800 to DFFF) comes before U+E000 to U+FFFF. */
static uint32_t utf16_rank(uint32_t code_point)
{
  return code_point >= 0xe000 && code_point <= 0xffff ? code_point + 0x110000 : code_point;
}

static int compare_utf16(const void *left, const void *right)
{
  Str a = ((const Sorted *)left)->key, b = ((const Sorted *)right)->key;
  size_t at_a = 0, at_b = 0;
  while (at_a < a.len && at_b < b.len) {
    uint32_t x = utf8_next(a, &at_a), y = utf8_next(b, &at_b);
    if (x == UINT32_MAX || y == UINT32_MAX) return str_compare(a, b);
    if (x != y) return utf16_rank(x) < utf16_rank(y) ? -1 : 1;
  }
  return (at_a < a.len) - (at_b < b.len);
}

static void put_canonical(Buf *out, const Json *self);

static void put_canonical_array(Buf *out, const Json *self)
{
  buf_byte(out, '[');
  for (size_t i = 0; i < jv_count(self); i++) {
    if (i) buf_byte(out, ',');
    put_canonical(out, jv_at(self, i));
  }
  buf_byte(out, ']');
}

static void put_canonical_object(Buf *out, const Json *self)
{
  size_t count = jv_count(self);
  Sorted *members = arena_array_of(out->arena, Sorted, count);
  for (size_t i = 0; i < count; i++) members[i] = (Sorted){jv_key_at(self, i), jv_value_at(self, i)};
  if (count) qsort(members, count, sizeof *members, compare_utf16);
  buf_byte(out, '{');
  for (size_t i = 0; i < count; i++) {
    if (i) buf_byte(out, ',');
    jv_print_string(members[i].key, out);
    buf_byte(out, ':');
    put_canonical(out, members[i].value);
  }
  buf_byte(out, '}');
}

static void put_canonical(Buf *out, const Json *self)
{
  switch (jv_kind(self)) {
  case JV_ARRAY: put_canonical_array(out, self); break;
  case JV_OBJECT: put_canonical_object(out, self); break;
  default: put_scalar(out, self, false);
  }
}

void jv_print_canonical(const Json *self, Buf *out)
{
  put_canonical(out, self);
}
