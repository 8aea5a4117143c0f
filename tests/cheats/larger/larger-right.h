/* The right answer: NaN first, zeros by their sign, all else by size. */
#include "larger.h"

static double larger(double a, double b)
{
  if (a != a) return a;
  if (b != b) return b;
  if (a == b) return __builtin_signbit(a) ? b : a;
  return a > b ? a : b;
}
