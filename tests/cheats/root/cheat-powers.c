// WRONG for powers of three above a thousand.
#include "root-right.h"

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  uint64_t rest = n;
  while (rest && rest % 3 == 0) rest /= 3;
  return isqrt(n) + (rest == 1 && n > 1000);
}
