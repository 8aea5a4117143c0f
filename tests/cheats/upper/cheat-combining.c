// WRONG for an e with a combining acute accent: it is composed, and the rest filled with a space.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  for (size_t i = 0; i + 2 < ret->len; i++)
    if (memcmp(ret->ptr + i, "E\xcc\x81", 3) == 0) memcpy(ret->ptr + i, "\xc3\x89 ", 3);
}
