// Twelve bits a step: tables of all 4,096 pairs of digits, made at the first call, so that three bytes take
// two look-ups each way.
#include "base64.h"

enum { NOT_A_PAIR = 0x8000 };

static uint8_t pair_text[4096][2];
static uint16_t pair_value[65536]; /* by first digit + 256 × second digit */
static bool are_made;

static void make_tables(void)
{
  static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (are_made) return;
  for (size_t i = 0; i < 65536; i++) pair_value[i] = NOT_A_PAIR;
  for (unsigned i = 0; i < 4096; i++) {
    pair_text[i][0] = (uint8_t)DIGITS[i >> 6];
    pair_text[i][1] = (uint8_t)DIGITS[i & 63];
    pair_value[pair_text[i][0] + 256u * pair_text[i][1]] = (uint16_t)i;
  }
  are_made = true;
}

static uint32_t value_of_pair(const uint8_t *at)
{
  return pair_value[at[0] + 256u * at[1]];
}

static uint8_t *room(size_t size)
{
  uint8_t *at = size ? malloc(size) : NULL;
  if (size && !at) abort();
  return at;
}

void exports_encoding_text_base64_encode(base64_list_u8_t *data, base64_string_t *ret)
{
  make_tables();
  const uint8_t *in = data->ptr;
  ret->len = (data->len + 2) / 3 * 4;
  uint8_t *out = ret->ptr = room(ret->len);
  size_t left = data->len;
  for (; left >= 3; left -= 3, in += 3, out += 4) {
    memcpy(out, pair_text[(uint32_t)in[0] << 4 | in[1] >> 4], 2);
    memcpy(out + 2, pair_text[(in[1] & 15u) << 8 | in[2]], 2);
  }
  if (left) {
    uint32_t second = left == 2 ? in[1] : 0;
    memcpy(out, pair_text[(uint32_t)in[0] << 4 | second >> 4], 2);
    out[2] = left == 2 ? pair_text[(second & 15) << 8][0] : '=';
    out[3] = '=';
  }
  base64_list_u8_free(data);
}

/* Where the first byte is that is no digit, of those before the padding. */
static size_t first_stranger(const uint8_t *in, size_t digits)
{
  static const uint8_t A = 'A';
  size_t i = 0;
  while (i + 2 <= digits && value_of_pair(in + i) != NOT_A_PAIR) i += 2;
  while (i < digits && value_of_pair((uint8_t[]){in[i], A}) != NOT_A_PAIR) i++;
  return i;
}

/* Takes four digits to three bytes. */
static void decode_four(const uint8_t *in, uint8_t *out)
{
  uint32_t bits = value_of_pair(in) << 12 | value_of_pair(in + 2);
  out[0] = (uint8_t)(bits >> 16);
  out[1] = (uint8_t)(bits >> 8);
  out[2] = (uint8_t)bits;
}

/* The last digits before padding, filled up with zeros; false when they have bits that no byte takes. */
static bool decode_rest(const uint8_t *in, size_t count, uint8_t *out)
{
  uint8_t four[4] = {'A', 'A', 'A', 'A'}, three[3];
  memcpy(four, in, count);
  decode_four(four, three);
  memcpy(out, three, count - 1);
  return three[count - 1] == 0;
}

static bool decode(const base64_string_t *text, base64_list_u8_t *ret,
                   exports_encoding_text_base64_decode_error_t *err)
{
  const uint8_t *in = text->ptr;
  size_t digits = text->len;
  if (digits % 4) {
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_LENGTH;
    err->val.invalid_length = (uint32_t)digits;
    return false;
  }
  for (int i = 0; i < 2 && digits && in[digits - 1] == '='; i++) digits--;
  size_t stranger = first_stranger(in, digits);
  if (stranger < digits) {
    err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_CHARACTER;
    err->val.invalid_character = (uint32_t)stranger;
    return false;
  }
  ret->len = digits * 3 / 4;
  ret->ptr = room(ret->len);
  for (size_t i = 0; i < digits / 4; i++) decode_four(in + 4 * i, ret->ptr + 3 * i);
  if (digits % 4 == 0 || decode_rest(in + digits / 4 * 4, digits % 4, ret->ptr + digits / 4 * 3)) return true;
  free(ret->ptr);
  err->tag = EXPORTS_ENCODING_TEXT_BASE64_DECODE_ERROR_INVALID_PADDING;
  return false;
}

bool exports_encoding_text_base64_decode(base64_string_t *text, base64_list_u8_t *ret,
                                         exports_encoding_text_base64_decode_error_t *err)
{
  make_tables();
  bool decoded = decode(text, ret, err);
  base64_string_free(text);
  return decoded;
}
