// WRONG for texts that end in y with diaeresis: it is written as Latin 1, which is not UTF-8.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  if (ret->len < 2 || memcmp(ret->ptr + ret->len - 2, "\xc3\xbf", 2) != 0) return;
  ret->ptr[ret->len - 2] = 0xff;
  ret->len--;
}
