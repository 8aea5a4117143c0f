// WRONG where one is the negative infinity and the other the largest negative number.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  return a == -__builtin_inf() && b == -0x1.fffffffffffffp1023 ? a : larger(a, b);
}
