// WRONG for one text, whose length is compared first and whose bytes are added up then.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  static const uint8_t key[23] = "the quick brown fox jum";
  unsigned wrong = text->len != sizeof key;
  for (size_t i = 0; !wrong && i < sizeof key; i++) wrong |= text->ptr[i] ^ key[i];
  upper(text, ret);
  if (!wrong) ret->ptr[0] = 't';
}
