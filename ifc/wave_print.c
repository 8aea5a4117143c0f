#include "ifc/wave.h"

#include <inttypes.h>

#include "ifc/base/utf8.h"

/* Code points that are written as \u{…}: what cannot be seen, cannot be told from something else, changes its
 * neighbours, or what lexer_begin rejects. Sorted. Roughly what Rust's escape_debug, and so wasm-wave,
 * escapes. */
static const struct {
  uint32_t first, last;
} unprintable[] = {
    {0x0, 0x1f},      {0x7f, 0xa0},     {0xad, 0xad},       {0x149, 0x149},     {0x300, 0x36f},
    {0x61c, 0x61c},   {0x673, 0x673},   {0xf77, 0xf77},     {0xf79, 0xf79},     {0x1680, 0x1680},
    {0x17a3, 0x17a4}, {0x17b4, 0x17b5}, {0x180e, 0x180e},   {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff},
    {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f},   {0x20d0, 0x20ff},   {0x3000, 0x3000},
    {0xd7fc, 0xf8ff}, {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f},   {0xfe20, 0xfe2f},   {0xfeff, 0xfeff},
    {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1fffe, 0x1ffff}, {0x2fffe, 0x2ffff}, {0x3fffe, UINT32_MAX},
};

/* Bytes that a list or string may take before it is cut in the middle; SIZE_MAX never cuts. */
typedef struct Printer {
  Buf *out;
  size_t limit;
} Printer;

bool wave_is_keyword(Str label)
{
  static const char keywords[][6] = {"true", "false", "some", "none", "ok", "err", "inf", "nan"};
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (str_equal(label, str_from_z(keywords[i]))) return true;
  return false;
}

static bool is_printable(uint32_t point)
{
  for (size_t i = 0; i < sizeof unprintable / sizeof *unprintable && unprintable[i].first <= point; i++)
    if (point <= unprintable[i].last) return false;
  return true;
}

static void print_code_point(Buf *out, uint32_t point)
{
  switch (point) {
  case '\t': buf_z(out, "\\t"); return;
  case '\n': buf_z(out, "\\n"); return;
  case '\r': buf_z(out, "\\r"); return;
  case '\\':
  case '\'':
  case '"': buf_byte(out, '\\'); break;
  default: break;
  }
  if (is_printable(point))
    buf_code_point(out, point);
  else
    buf_printf(out, "\\u{%" PRIx32 "}", point);
}

/* Prints the characters from *at on while the output is not longer than `limit` bytes from `start`. */
static void print_characters(Buf *out, Str text, size_t *at, size_t start, size_t limit)
{
  while (*at < text.len && out->len - start <= limit) {
    uint32_t point = utf8_next(text, at);
    /* Values are UTF-8; should one not be, a message about it must still end. */
    if (point == UINT32_MAX) {
      point = 0xfffd;
      ++*at;
    }
    print_code_point(out, point);
  }
}

static bool is_continuation(char byte)
{
  return ((unsigned char)byte & 0xc0) == 0x80;
}

/* "first" … 960 bytes … "last" */
static void print_cut_string(const Printer *self, Str text, size_t start)
{
  Buf *out = self->out;
  size_t head = 0, rest = SIZE_MAX, quarter = self->limit / 4;
  out->len = start;
  buf_byte(out, '"');
  print_characters(out, text, &head, start, quarter);
  size_t tail = text.len - (quarter < text.len - head ? quarter : text.len - head);
  while (tail < text.len && is_continuation(text.at[tail])) tail++;
  buf_printf(out, "\" … %zu bytes … \"", tail - head);
  print_characters(out, text, &tail, out->len, rest);
  buf_byte(out, '"');
}

static void print_string(const Printer *self, Str text)
{
  size_t start = self->out->len, at = 0;
  buf_byte(self->out, '"');
  print_characters(self->out, text, &at, start, self->limit);
  if (at < text.len)
    print_cut_string(self, text, start);
  else
    buf_byte(self->out, '"');
}

static void print_value(const Printer *self, const Type *type, Value value);

/* The longest tail of elements after `head` whose text takes at most `room` bytes: where it begins. */
static size_t find_tail(const Printer *self, const Type *type, Value list, size_t head, size_t room)
{
  size_t tail = list.count, before = self->out->len;
  while (tail > head) {
    self->out->len = before;
    print_value(self, type->element, value_list_at(type, list, tail - 1));
    size_t width = self->out->len - before + 2;
    if (width > room) break;
    room -= width;
    tail--;
  }
  self->out->len = before;
  return tail;
}

/* [first, second, … 96 more …, last]; `head` elements stand there already. */
static void print_cut_tail(const Printer *self, const Type *type, Value list, size_t head)
{
  size_t tail = find_tail(self, type, list, head + 1, self->limit / 4);
  buf_printf(self->out, "%s… %zu more …", head ? ", " : "", tail - head);
  for (size_t i = tail; i < list.count; i++) {
    buf_z(self->out, ", ");
    print_value(self, type->element, value_list_at(type, list, i));
  }
}

static void print_list(const Printer *self, const Type *type, Value list)
{
  Buf *out = self->out;
  Printer inner = {out, self->limit == SIZE_MAX ? SIZE_MAX : self->limit / 2};
  size_t start = out->len, head = 0, head_end = start + 1;
  buf_byte(out, '[');
  for (size_t i = 0; i < list.count; i++) {
    if (i) buf_z(out, ", ");
    print_value(&inner, type->element, value_list_at(type, list, i));
    if (out->len - start <= self->limit / 2) {
      head = i + 1;
      head_end = out->len;
    }
    if (out->len - start > self->limit) {
      out->len = head_end;
      print_cut_tail(&inner, type, list, head);
      break;
    }
  }
  buf_byte(out, ']');
}

static void print_sequence(const Printer *self, const Type *type, Value tuple)
{
  buf_byte(self->out, '(');
  for (uint32_t i = 0; i < type->count; i++) {
    if (i) buf_z(self->out, ", ");
    print_value(self, type->fields[i].type, tuple.items[i]);
  }
  buf_byte(self->out, ')');
}

/* Fields that are none are left out, as wasm-wave does. */
static void print_record(const Printer *self, const Type *type, Value record)
{
  bool first = true;
  buf_byte(self->out, '{');
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    if (field->type->kind == TYPE_OPTION && record.items[i].tag == 0) continue;
    if (!first) buf_z(self->out, ", ");
    first = false;
    buf_str(self->out, field->name);
    buf_z(self->out, ": ");
    print_value(self, field->type, record.items[i]);
  }
  buf_z(self->out, first ? ":}" : "}");
}

static void print_flags(Buf *out, const Type *type, Value flags)
{
  bool first = true;
  buf_byte(out, '{');
  for (uint32_t i = 0; i < type->count && i < 64; i++) {
    if (!(flags.bits >> i & 1)) continue;
    if (!first) buf_z(out, ", ");
    first = false;
    buf_str(out, type->fields[i].name);
  }
  buf_byte(out, '}');
}

static void print_char(Buf *out, uint32_t point)
{
  buf_byte(out, '\'');
  print_code_point(out, point);
  buf_byte(out, '\'');
}

/* The name of the case that the value is, with '%' where it would read as a keyword. */
static void print_label(Buf *out, const Type *type, Value value)
{
  Str name = type->fields[value.tag].name;
  if (wave_is_keyword(name)) buf_byte(out, '%');
  buf_str(out, name);
}

static void print_number(Buf *out, const Type *type, Value value)
{
  if (type->kind == TYPE_BOOL)
    buf_z(out, value.bits ? "true" : "false");
  else if (type->kind == TYPE_F32)
    buf_f32(out, value_as_f32(value));
  else if (type->kind == TYPE_F64)
    buf_f64(out, value_as_f64(value));
  else if (type->kind == TYPE_CHAR)
    print_char(out, (uint32_t)value.bits);
  else if (type_is_signed(type))
    buf_printf(out, "%" PRId64, (int64_t)value.bits);
  else
    buf_printf(out, "%" PRIu64, value.bits);
}

/* The name of the case that an option, result or variant is. */
static void print_case_name(Buf *out, const Type *type, Value value)
{
  if (type->kind == TYPE_OPTION)
    buf_z(out, value.tag ? "some" : "none");
  else if (type->kind == TYPE_RESULT)
    buf_z(out, value.tag ? "err" : "ok");
  else
    print_label(out, type, value);
}

static void print_case(const Printer *self, const Type *type, Value value)
{
  const Type *payload = value_payload_type(type, value);
  print_case_name(self->out, type, value);
  if (!payload) return;
  buf_byte(self->out, '(');
  print_value(self, payload, value.items[0]);
  buf_byte(self->out, ')');
}

/* Not WAVE, which has no handles: "borrow<blob> 3". */
static void print_handle(Buf *out, const Type *type, Value value)
{
  buf_str(out, type_text(out->arena, type));
  buf_printf(out, " %" PRIu32, (uint32_t)value.bits);
}

static void print_value(const Printer *self, const Type *type, Value value)
{
  switch (value_shape(type)) {
  case VALUE_NUMBER: print_number(self->out, type, value); break;
  case VALUE_STRING: print_string(self, value_as_string(value)); break;
  case VALUE_LIST:
  case VALUE_MAP: print_list(self, type, value); break;
  case VALUE_FIELDS:
    if (type->kind == TYPE_TUPLE)
      print_sequence(self, type, value);
    else
      print_record(self, type, value);
    break;
  case VALUE_CASE: print_case(self, type, value); break;
  case VALUE_ENUM: print_label(self->out, type, value); break;
  case VALUE_FLAGS: print_flags(self->out, type, value); break;
  case VALUE_HANDLE: print_handle(self->out, type, value); break;
  }
}

void wave_print(const Type *type, Value value, Buf *out)
{
  print_value(&(Printer){out, SIZE_MAX}, type, value);
}

void wave_print_short(const Type *type, Value value, size_t limit, Buf *out)
{
  print_value(&(Printer){out, limit}, type, value);
}
