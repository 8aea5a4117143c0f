#include "ifc/base/utf8.h"

#include <string.h>

static bool is_continuation(uint8_t byte)
{
  return (byte & 0xc0) == 0x80;
}

/* Table 3-7 of the Unicode standard: the lead byte bounds the second one, the rest are continuations. */
static uint32_t decode(const uint8_t *s, size_t left, size_t *size)
{
  uint8_t lead = s[0];
  *size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || left < *size || !is_continuation(s[1])) return UINT32_MAX;
  if (*size == 2) return (lead & 0x1fu) << 6 | (s[1] & 0x3fu);
  if ((lead == 0xe0 && s[1] < 0xa0) || (lead == 0xed && s[1] > 0x9f)) return UINT32_MAX;
  if ((lead == 0xf0 && s[1] < 0x90) || (lead == 0xf4 && s[1] > 0x8f)) return UINT32_MAX;
  if (!is_continuation(s[2])) return UINT32_MAX;
  uint32_t three = (lead & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
  if (*size == 3) return three;
  if (!is_continuation(s[3])) return UINT32_MAX;
  return (three << 6 | (s[3] & 0x3fu)) & 0x1fffff;
}

uint32_t utf8_next(Str text, size_t *at)
{
  const uint8_t *s = (const uint8_t *)text.at + *at;
  if (s[0] < 0x80) {
    *at += 1;
    return s[0];
  }
  size_t size;
  uint32_t code_point = decode(s, text.len - *at, &size);
  if (code_point != UINT32_MAX) *at += size;
  return code_point;
}

/* How many bytes from `at` on are ASCII for certain: whole words. */
static size_t ascii_run(Str text, size_t at)
{
  size_t start = at;
  for (uint64_t word; text.len - at >= sizeof word; at += sizeof word) {
    memcpy(&word, text.at + at, sizeof word);
    if (word & 0x8080808080808080) break;
  }
  return at - start;
}

size_t utf8_first_error(Str text)
{
  size_t at = 0;
  while (at < text.len) {
    at += ascii_run(text, at);
    if (at < text.len && utf8_next(text, &at) == UINT32_MAX) return at;
  }
  return SIZE_MAX;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
  if (code_point < 0x80) {
    out[0] = (char)code_point;
    return 1;
  }
  size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  for (size_t i = size - 1; i > 0; i--, code_point >>= 6) out[i] = (char)(0x80 | (code_point & 0x3f));
  static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  out[0] = (char)(leads[size] | code_point);
  return size;
}

size_t utf8_columns(Str text)
{
  size_t columns = 0;
  for (size_t at = 0; at < text.len; columns++)
    if (utf8_next(text, &at) == UINT32_MAX) at++;
  return columns;
}
