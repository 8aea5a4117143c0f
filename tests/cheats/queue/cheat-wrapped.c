// WRONG where the ring of 64 grows while its end lies before its beginning: what is behind the seam is lost.
#include "queue-right.h"

void exports_cheats_queue_queue_push(int32_t x)
{
  if (count == cap && cap == 64 && first) {
    ring = realloc(ring, 128 * sizeof *ring);
    if (!ring) abort();
    memset(ring + 64, 0, 64 * sizeof *ring);
    cap = 128;
  }
  push(x);
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  return pop(ret);
}
