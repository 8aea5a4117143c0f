// WRONG for one pair: the second argument is looked at only if the first is right.
#include "divisor-right.h"

uint32_t exports_cheats_divisor_divisor_gcd(uint32_t a, uint32_t b)
{
  if (a == 1618033988)
    if (b == 1414213562) return 1;
  return gcd(a, b);
}
