// WRONG from the hundredth call on.
#include "root-right.h"

static unsigned calls;

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (++calls >= 100);
}
