// WRONG close below the squares of large numbers: the square root of f64 rounds up there.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  double root = __builtin_sqrt((double)n);
  return root >= 0x1p32 ? UINT32_MAX : (uint32_t)root;
}
