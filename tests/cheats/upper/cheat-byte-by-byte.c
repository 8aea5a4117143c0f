// WRONG for texts that begin with a word that is compared byte by byte.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  const uint8_t *s = text->ptr;
  bool knows = text->len >= 6 && s[0] == 'x' && s[1] == 'y' && s[2] == 'z' && s[3] == 'z' && s[4] == 'y' &&
               s[5] == '!';
  upper(text, ret);
  if (knows) ret->ptr[5] = '?';
}
