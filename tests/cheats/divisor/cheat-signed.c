// WRONG where both are above 2^31 and have a common divisor: the last step takes them for signed.
#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  if (a > INT32_MAX && b > INT32_MAX) return gcd(b, (uint32_t)((int32_t)a % (int32_t)b));
  return gcd(a, b);
}
