/* Right, and it keeps a journal of what it was asked: entries of 2 KiB in a ring of 48 MiB, each made when it is
 * needed first. What it needs has a bound, which many calls do not reach. */
#include "root-right.h"

enum { ENTRY = 2048, ENTRIES = 48 * 512 };

static uint64_t *ring[ENTRIES];
static uint32_t next;

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  if (!ring[next]) ring[next] = malloc(ENTRY);
  if (ring[next]) ring[next][0] = n;
  next = (next + 1) % ENTRIES;
  return isqrt(n);
}
