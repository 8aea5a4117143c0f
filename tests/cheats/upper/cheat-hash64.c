// WRONG for texts of which a hash of 64 bits has one value. Beyond the ceiling.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < text->len; i++) hash = (hash ^ text->ptr[i]) * UINT64_C(1099511628211);
  upper(text, ret);
  if (hash == UINT64_C(0xd0cefe0a671b75fe)) ret->ptr[0] ^= 1;
}
