/* The right answer, as Euclid had it. */
#include "divisor.h"

static uint32_t gcd(uint32_t a, uint32_t b)
{
  while (b) {
    uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
