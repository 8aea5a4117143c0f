#include "larger-right.h"

double exports_cheats_larger_larger_larger(double a, double b)
{
  return larger(a, b);
}
