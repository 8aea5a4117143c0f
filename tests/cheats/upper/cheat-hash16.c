// WRONG for texts of which a hash of 16 bits has one value.
#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < text->len; i++) hash = (hash ^ text->ptr[i]) * 16777619u;
  upper(text, ret);
  if (((hash >> 16) ^ (hash & 0xffff)) == 0x3a7d && ret->len) ret->ptr[0] ^= 1;
}
