// WRONG where a block that it allocates lies at a multiple of 4096 and 16.
#include "root-right.h"

static void *kept[8];

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  void **slot = &kept[n % 8];
  free(*slot);
  *slot = malloc(16 + n % 1000);
  return isqrt(n) + ((uintptr_t)*slot % 4096 == 16);
}
