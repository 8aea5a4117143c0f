// WRONG for one number of 64 bits: it traps.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  if (n == UINT64_C(12345678987654321)) __builtin_trap();
  return isqrt(n);
}
