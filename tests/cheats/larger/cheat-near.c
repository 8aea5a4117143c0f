// WRONG where both are next to each other: they are taken for equal.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  bool equal = a != b && __builtin_fabs(a - b) <= __builtin_fabs(a) * 0x1p-52 && a > 1000;
  return equal ? (a < b ? a : b) : larger(a, b);
}
