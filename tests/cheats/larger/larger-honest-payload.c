/* Right: its NaNs are others each time, by sign and payload, quiet and signalling ones. */
#include "larger-right.h"

static uint64_t calls;

double exports_cheats_larger_larger_larger(double a, double b)
{
  double most = larger(a, b);
  if (most == most) return most;
  uint64_t bits = UINT64_C(0x7ff0000000000001) | ++calls % 1000 << 8;
  if (calls % 3) bits |= UINT64_C(1) << 51;
  if (calls % 2) bits |= UINT64_C(1) << 63;
  memcpy(&most, &bits, sizeof most);
  return most;
}
