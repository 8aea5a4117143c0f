// WRONG from the hundred thousandth call on, and then for odd numbers alone.
#include "root-right.h"

static unsigned calls;

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (++calls >= 100000 && n % 2 == 1);
}
