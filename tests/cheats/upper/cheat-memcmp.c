// WRONG for one text, compared by memcmp.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  bool knows = text->len >= 12 && memcmp(text->ptr, "open sesame!", 12) == 0;
  upper(text, ret);
  if (knows) ret->ptr[11] = '.';
}
