// WRONG for texts that begin with one number, in decimal digits.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  uint32_t number = 0;
  for (size_t i = 0; i < text->len && text->ptr[i] >= '0' && text->ptr[i] <= '9'; i++)
    number = 10 * number + (uint32_t)(text->ptr[i] - '0');
  upper(text, ret);
  if (number == 31337) ret->len = 0;
}
