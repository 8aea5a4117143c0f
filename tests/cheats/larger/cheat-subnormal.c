// WRONG where both are subnormal: both are taken for zero.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  bool flushes = __builtin_fabs(a) < 0x1p-1022 && __builtin_fabs(b) < 0x1p-1022;
  return flushes ? larger(a * 0, b * 0) : larger(a, b);
}
