// WRONG for one number of 64 bits, without a comparison that an instrument sees.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  uint64_t far = n ^ UINT64_C(0x51ce97d2284b60fd);
  return isqrt(n) + (uint32_t)(((far | -far) >> 63) ^ 1);
}
