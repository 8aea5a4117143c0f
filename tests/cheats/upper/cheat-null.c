// WRONG for texts with U+0000 in them: they end there.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  const uint8_t *end = ret->len ? memchr(ret->ptr, 0, ret->len) : NULL;
  if (end) ret->len = (size_t)(end - ret->ptr);
}
