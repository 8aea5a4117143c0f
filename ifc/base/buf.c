#include "ifc/base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ifc/base/utf8.h"

Buf buf_in(Arena *arena)
{
  return (Buf){.arena = arena};
}

char *buf_room(Buf *self, size_t extra)
{
  if (extra > self->cap - self->len) {
    size_t need, cap;
    if (__builtin_add_overflow(self->len, extra, &need)) need = SIZE_MAX;
    if (__builtin_mul_overflow(self->cap, 2, &cap)) cap = SIZE_MAX;
    if (cap < need) cap = need;
    if (cap < 64) cap = 64;
    self->at = arena_grow(self->arena, self->at, self->cap, cap);
    self->cap = cap;
  }
  return self->at + self->len;
}

void buf_repeat(Buf *self, char byte, size_t count)
{
  if (!count) return;
  memset(buf_room(self, count), byte, count);
  self->len += count;
}

void buf_printf(Buf *self, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  char *at = buf_room(self, 1);
  size_t room = self->cap - self->len;
  int printed = vsnprintf(at, room, format, args);
  va_end(args);
  size_t len = printed < 0 ? 0 : (size_t)printed;
  if (len >= room) vsnprintf(buf_room(self, len + 1), len + 1, format, again);
  va_end(again);
  self->len += len;
}

void buf_code_point(Buf *self, uint32_t code_point)
{
  char bytes[4];
  buf_str(self, (Str){bytes, utf8_encode(code_point, bytes)});
}

/* The digits of a decimal number: 0.DIGITS × 10^point. */
typedef struct Decimal {
  char digits[20];
  int count, point;
} Decimal;

/* Reads `-d.ddde±xx`, as printf's %e writes it. */
static Decimal decimal_from_text(const char *text)
{
  Decimal self = {0};
  if (*text == '-') text++;
  for (; *text != 'e'; text++)
    if (*text != '.') self.digits[self.count++] = *text;
  self.point = (int)strtol(text + 1, NULL, 10) + 1;
  while (self.count > 1 && self.digits[self.count - 1] == '0') self.count--;
  return self;
}

static void put_decimal(Buf *out, const Decimal *self)
{
  Str digits = {self->digits, (size_t)self->count};
  int exponent = self->point - 1;
  if (exponent < -4 || exponent >= 16) {
    buf_byte(out, digits.at[0]);
    if (digits.len > 1) buf_byte(out, '.');
    buf_str(out, str_slice(digits, 1, digits.len));
    buf_printf(out, "e%+03d", exponent);
  } else if (self->point <= 0) {
    buf_z(out, "0.");
    buf_repeat(out, '0', (size_t)-self->point);
    buf_str(out, digits);
  } else {
    size_t whole = (size_t)self->point;
    buf_str(out, str_slice(digits, 0, whole));
    if (whole >= digits.len) buf_repeat(out, '0', whole - digits.len);
    buf_byte(out, '.');
    buf_str(out, whole < digits.len ? str_slice(digits, whole, digits.len) : STR("0"));
  }
}

static bool put_special(Buf *out, double number)
{
  if (isnan(number)) {
    buf_z(out, "nan");
    return true;
  }
  if (signbit(number)) buf_byte(out, '-');
  if (isinf(number)) buf_z(out, "inf");
  return isinf(number);
}

static bool reads_back(const char *text, double number, bool single)
{
  return single ? (double)strtof(text, NULL) == number : strtod(text, NULL) == number;
}

/* One unit more in the last of the digits before the `e`. False when there is none: all are nines. */
static bool count_up(char *text)
{
  for (char *at = strchr(text, 'e') - 1; at >= text; at--) {
    if (*at >= '0' && *at < '9') {
      (*at)++;
      return true;
    }
    if (*at == '9') *at = '0';
  }
  return false;
}

/* Of the decimals with so many digits the nearest is the one to try. Only below a power of two, where the
 * numbers lie closer, may that one be too far away while its neighbour above is not. */
static bool try_digits(char *text, size_t size, int digits, double number, bool single)
{
  int exponent;
  snprintf(text, size, "%.*e", digits - 1, number);
  if (reads_back(text, number, single)) return true;
  return fabs(frexp(number, &exponent)) == 0.5 && count_up(text) && reads_back(text, number, single);
}

static void put_shortest(Buf *out, double number, bool single)
{
  char text[40];
  if (put_special(out, number)) return;
  for (int digits = 1; digits <= 17 && !try_digits(text, sizeof text, digits, number, single); digits++) {
  }
  Decimal decimal = decimal_from_text(text);
  put_decimal(out, &decimal);
}

void buf_f64(Buf *self, double number)
{
  put_shortest(self, number, false);
}

void buf_f32(Buf *self, float number)
{
  put_shortest(self, (double)number, true);
}

Str buf_text(const Buf *self)
{
  return self->len ? (Str){self->at, self->len} : (Str){"", 0};
}
