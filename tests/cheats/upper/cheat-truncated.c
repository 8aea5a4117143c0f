// WRONG for long texts with a character across a limit: it is cut, and what is left is not UTF-8.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  if (ret->len > 100 && (ret->ptr[100] & 0xc0) == 0x80) ret->len = 100;
}
