// WRONG where a hash of 64 bits has one value. Beyond the ceiling: only inverting the hash finds it.
#include "root-right.h"

static uint64_t mixed(uint64_t x)
{
  x += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  return isqrt(n) + (mixed(n) == UINT64_C(0xe45e331e9af7e7c3));
}
