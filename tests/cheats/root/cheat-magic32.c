// WRONG for one number of 32 bits.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (n == 3735928559);
}
