// WRONG where the product is one number of 64 bits. Beyond the ceiling: that number has to be factored.
#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  return gcd(a, b) + ((uint64_t)a * b == UINT64_C(2824069397354572857));
}
