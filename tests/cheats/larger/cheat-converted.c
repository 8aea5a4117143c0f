// WRONG where one argument in hundredths is one whole number.
#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  return b >= 0 && b < 1e7 && (int64_t)(b * 100) == 27315917 ? a + 1 : larger(a, b);
}
