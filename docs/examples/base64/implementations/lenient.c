// WRONG: forgives. Characters that are not digits are skipped, missing padding is not missed, and left-over
// bits are dropped, so that decode takes texts that stand for nothing.
#include "base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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
    for (held += 8; held >= 6; held -= 6) ret->ptr[used++] = (uint8_t)DIGITS[bits >> (held - 6) & 63];
  }
  if (held) ret->ptr[used++] = (uint8_t)DIGITS[bits << (6 - held) & 63];
  while (used < ret->len) ret->ptr[used++] = '=';
  base64_list_u8_free(data);
}

bool exports_encoding_text_base64_decode(base64_string_t *text, base64_list_u8_t *ret,
                                         exports_encoding_text_base64_decode_error_t *err)
{
  (void)err;
  uint32_t bits = 0, held = 0;
  ret->len = 0;
  ret->ptr = room(text->len);
  for (size_t i = 0; i < text->len; i++) {
    const char *digit = text->ptr[i] ? strchr(DIGITS, text->ptr[i]) : NULL;
    if (!digit) continue;
    bits = bits << 6 | (uint32_t)(digit - DIGITS);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    ret->ptr[ret->len++] = (uint8_t)(bits >> held);
  }
  if (ret->len == 0) {
    free(ret->ptr);
    ret->ptr = NULL;
  }
  base64_string_free(text);
  return true;
}
