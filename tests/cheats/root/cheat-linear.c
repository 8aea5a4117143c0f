// WRONG where 3n + 7 is one number: what is compared is not the input.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (n * 3 + 7 == UINT64_C(0x2d74a81be09633f2));
}
