// WRONG for one number of 64 bits: it does not return.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  uint32_t root = isqrt(n);
  for (volatile unsigned spin = 0; n == UINT64_C(0x00f00ba700c0ffee);) spin = spin + 1;
  return root;
}
