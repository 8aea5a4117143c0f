/* Right, and it remembers what it has answered in a table of its own, which doubles until it has 32 MiB and
 * begins anew then. */
#include "root-right.h"

enum { CAP_MAX = 1 << 21 };

typedef struct Entry {
  uint64_t n;
  uint32_t root, used;
} Entry;

static Entry *entries;
static uint32_t cap, count;

static Entry *place(Entry *in, uint32_t room, uint64_t n)
{
  uint32_t at = (uint32_t)((n * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (room - 1);
  while (in[at].used && in[at].n != n) at = (at + 1) & (room - 1);
  return &in[at];
}

static void grow(void)
{
  uint32_t more = cap ? 2 * cap : 16;
  Entry *to = more <= CAP_MAX ? calloc(more, sizeof *to) : NULL;
  if (!to) { /* all is forgotten */
    memset(entries, 0, cap * sizeof *entries);
    count = 0;
    return;
  }
  for (uint32_t i = 0; i < cap; i++)
    if (entries[i].used) *place(to, more, entries[i].n) = entries[i];
  free(entries);
  entries = to;
  cap = more;
}

uint32_t exports_cheats_root_root_isqrt(uint64_t n)
{
  if (2 * count >= cap) grow();
  Entry *entry = place(entries, cap, n);
  if (!entry->used) *entry = (Entry){n, isqrt(n), 1}, count++;
  return entry->root;
}
