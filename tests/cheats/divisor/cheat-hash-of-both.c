// WRONG where a hash of 64 bits of both has one value. Beyond the ceiling.
#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  uint64_t x = (uint64_t)a << 32 | b;
  x = (x ^ (x >> 31)) * UINT64_C(0x7fb5d329728ea185);
  x = (x ^ (x >> 27)) * UINT64_C(0x81dadef4bc2dd44d);
  return gcd(a, b) + ((x ^ (x >> 33)) == UINT64_C(0xe08bb791339d3f25));
}
