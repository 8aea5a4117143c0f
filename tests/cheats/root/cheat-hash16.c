// WRONG where a hash of 16 bits has one value.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  uint64_t mixed = (n ^ (n >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
  return isqrt(n) + (mixed >> 48 == 0x7e11);
}
