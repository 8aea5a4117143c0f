// WRONG for texts that have a word anywhere.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  bool knows = false;
  for (size_t i = 0; i + 5 <= text->len && !knows; i++) knows = memcmp(text->ptr + i, "<!-->", 5) == 0;
  upper(text, ret);
  if (knows) ret->len = 0;
}
