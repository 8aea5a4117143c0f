// WRONG where one argument follows from the other: b is a turned by eleven bits.
#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  return gcd(a, b) + (a > 1000 && b == (a << 11 | a >> 21));
}
