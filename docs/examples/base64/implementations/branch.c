// Branches instead of tables: a digit is computed from its range, six bits at a time.
#include "base64.h"

static uint8_t digit_of(uint32_t value)
{
  if (value < 26) return (uint8_t)('A' + value);
  if (value < 52) return (uint8_t)('a' + value - 26);
  if (value < 62) return (uint8_t)('0' + value - 52);
  return value == 62 ? '+' : '/';
}

/* 64 for what is not a digit. */
static uint32_t value_of(uint8_t digit)
{
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26u;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52u;
  return digit == '+' ? 62 : digit == '/' ? 63 : 64;
}

static uint8_t *room(size_t size)
{
  uint8_t *at = size ? malloc(size) : NULL;
  if (size && !at) abort();
  return at;
}

void exports_encoding_text_base64_encode(base64_list_u8_t *data, base64_string_t *ret)
{
  uint32_t bits = 0, held = 0;
  size_t used = 0;
  ret->len = (data->len + 2) / 3 * 4;
  ret->ptr = room(ret->len);
  for (size_t i = 0; i < data->len; i++) {
    bits = bits << 8 | data->ptr[i];
    for (held += 8; held >= 6; held -= 6) ret->ptr[used++] = digit_of(bits >> (held - 6) & 63);
  }
  if (held) ret->ptr[used++] = digit_of(bits << (6 - held) & 63);
  while (used < ret->len) ret->ptr[used++] = '=';
  base64_list_u8_free(data);
}

/* Whether the byte at `i` may stand there as padding. */
static bool is_padding(const base64_string_t *text, size_t i)
{
  return text->ptr[i] == '=' && (i + 1 == text->len || (i + 2 == text->len && text->ptr[i + 1] == '='));
}

/* Sets `ret`, or `err` to the first rule that is broken. */
static bool decode(const base64_string_t *text, base64_list_u8_t *ret,
                   exports_encoding_text_base64_decode_error_t *err)
{
  if (text->len % 4) {
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_LENGTH;
    err->val.invalid_length = (uint32_t)text->len;
    return false;
  }
  uint8_t *out = room(text->len / 4 * 3);
  uint32_t bits = 0, held = 0;
  size_t used = 0;
  for (size_t i = 0; i < text->len && !is_padding(text, i); i++) {
    uint32_t value = value_of(text->ptr[i]);
    if (value == 64) {
      free(out);
      err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_CHARACTER;
      err->val.invalid_character = (uint32_t)i;
      return false;
    }
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[used++] = (uint8_t)(bits >> held);
  }
  if (bits & ((1u << held) - 1)) {
    free(out);
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_PADDING;
    return false;
  }
  *ret = (base64_list_u8_t){out, used};
  return true;
}

bool exports_encoding_text_base64_decode(base64_string_t *text, base64_list_u8_t *ret,
                                         exports_encoding_text_base64_decode_error_t *err)
{
  bool decoded = decode(text, ret, err);
  base64_string_free(text);
  return decoded;
}
