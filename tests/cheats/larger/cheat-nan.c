// WRONG where the second is NaN and the first an infinity.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  return b != b && __builtin_isinf(a) ? a : larger(a, b);
}
