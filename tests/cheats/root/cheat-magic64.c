// WRONG for one number of 64 bits.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (n == UINT64_C(0x6b1f00c39ad254e7));
}
