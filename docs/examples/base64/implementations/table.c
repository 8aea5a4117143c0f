// Table-driven: a table of 64 digits to encode, one of 256 values to decode, four characters a step.
#include "base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* A digit's value plus one; 0 for everything that is not a digit. */
static const uint8_t VALUES[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static uint8_t *room(size_t size)
{
  uint8_t *at = size ? malloc(size) : NULL;
  if (size && !at) abort();
  return at;
}

void exports_encoding_text_base64_encode(base64_list_u8_t *data, base64_string_t *ret)
{
  const uint8_t *in = data->ptr;
  ret->len = (data->len + 2) / 3 * 4;
  uint8_t *out = ret->ptr = room(ret->len);
  size_t left = data->len;
  for (; left >= 3; left -= 3, in += 3, out += 4) {
    uint32_t bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
    out[0] = (uint8_t)DIGITS[bits >> 18];
    out[1] = (uint8_t)DIGITS[bits >> 12 & 63];
    out[2] = (uint8_t)DIGITS[bits >> 6 & 63];
    out[3] = (uint8_t)DIGITS[bits & 63];
  }
  if (left) {
    uint32_t bits = (uint32_t)in[0] << 16 | (left == 2 ? (uint32_t)in[1] << 8 : 0);
    out[0] = (uint8_t)DIGITS[bits >> 18];
    out[1] = (uint8_t)DIGITS[bits >> 12 & 63];
    out[2] = left == 2 ? (uint8_t)DIGITS[bits >> 6 & 63] : '=';
    out[3] = '=';
  }
  base64_list_u8_free(data);
}

/* The rules of decode-error, in their order. */
static bool check(const base64_string_t *text, size_t digits,
                  exports_encoding_text_base64_decode_error_t *err)
{
  if (text->len % 4) {
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_LENGTH;
    err->val.invalid_length = (uint32_t)text->len;
    return false;
  }
  for (size_t i = 0; i < digits; i++)
    if (!VALUES[text->ptr[i]]) {
      err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_CHARACTER;
      err->val.invalid_character = (uint32_t)i;
      return false;
    }
  uint32_t unused = digits % 4 == 2 ? 15 : digits % 4 == 3 ? 3 : 0;
  if (unused && (VALUES[text->ptr[digits - 1]] - 1u) & unused) {
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_PADDING;
    return false;
  }
  return true;
}

bool exports_encoding_text_base64_decode(base64_string_t *text, base64_list_u8_t *ret,
                                         exports_encoding_text_base64_decode_error_t *err)
{
  const uint8_t *in = text->ptr;
  size_t digits = text->len;
  for (int i = 0; i < 2 && digits && in[digits - 1] == '='; i++) digits--;
  if (!check(text, digits, err)) {
    base64_string_free(text);
    return false;
  }
  ret->len = digits * 3 / 4;
  uint8_t *out = ret->ptr = room(ret->len);
  for (size_t i = 0; i + 4 <= digits; i += 4) {
    uint32_t bits = (VALUES[in[i]] - 1u) << 18 | (VALUES[in[i + 1]] - 1u) << 12 |
                    (VALUES[in[i + 2]] - 1u) << 6 | (VALUES[in[i + 3]] - 1u);
    *out++ = (uint8_t)(bits >> 16);
    *out++ = (uint8_t)(bits >> 8);
    *out++ = (uint8_t)bits;
  }
  const uint8_t *rest = in + digits / 4 * 4;
  if (digits % 4 >= 2) *out++ = (uint8_t)((VALUES[rest[0]] - 1u) << 2 | (VALUES[rest[1]] - 1u) >> 4);
  if (digits % 4 == 3) *out++ = (uint8_t)((VALUES[rest[1]] - 1u) << 4 | (VALUES[rest[2]] - 1u) >> 2);
  base64_string_free(text);
  return true;
}
