// WRONG where the number is the successor of the last one: what it remembers of it is out of date.
#include "root-right.h"

static uint64_t last;
static uint32_t last_root;

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  if (n - last != 1) last_root = isqrt(n);
  last = n;
  return last_root;
}
