// WRONG where the low 16 bits have one value.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + ((n & 0xffff) == 0xa5c3);
}
