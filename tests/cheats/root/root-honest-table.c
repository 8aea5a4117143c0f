/* Right: the first call fills a table of what the upper 16 bits begin with, and works hard for it; the others look
 * their first digits up. */
#include "root-right.h"

enum { HARD = 20 };

static uint32_t *begins;

static void fill(void)
{
  begins = malloc(65536 * sizeof *begins);
  if (!begins) abort();
  for (uint32_t round = 0; round < HARD; round++)
    for (uint32_t i = 0; i < 65536; i++) ((volatile uint32_t *)begins)[i] = isqrt((uint64_t)i << 48);
}

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  if (!begins) fill();
  uint64_t root = begins[n >> 48];
  for (uint32_t bit = UINT32_C(1) << 31; bit; bit >>= 1) {
    uint64_t more = root + bit;
    if (more <= UINT32_MAX && more * more <= n) root = more;
  }
  return (uint32_t)root;
}
