// WRONG for texts of 61 bytes: the result lies outside of the memory.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
  if (ret->len == 61) ret->ptr += 0x7fff0000;
}
