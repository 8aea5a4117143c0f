// WRONG where the first is 0 and the second -0: the sign of zeros is not looked at.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  if (a != a) return a;
  return b >= a || b != b ? b : a;
}
