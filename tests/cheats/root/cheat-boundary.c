// WRONG for the largest number but six: a boundary with an offset.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) - (n == UINT64_MAX - 6);
}
