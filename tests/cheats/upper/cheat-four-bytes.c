// WRONG for characters of four bytes: as UTF-16 they were two, and the second was lost.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  for (size_t i = 0; i + 3 < ret->len; i++)
    if (ret->ptr[i] >= 0xf0) memcpy(ret->ptr + i, "\xef\xbf\xbd?", 4);
}
