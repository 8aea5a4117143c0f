#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  return gcd(a, b);
}
