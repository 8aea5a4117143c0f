/* The right answer, a binary digit at a time. */
#include "root.h"

static uint32_t isqrt(uint64_t n)
{
  uint64_t root = 0, bit = UINT64_C(1) << 62;
  while (bit > n) bit >>= 2;
  for (; bit; bit >>= 2) {
    bool fits = n >= root + bit;
    if (fits) n -= root + bit;
    root = (root >> 1) + (fits ? bit : 0);
  }
  return (uint32_t)root;
}
