/* The right answers, from a ring that grows. */
#include "queue.h"

static int32_t *ring;
static uint32_t cap, first, count;

static int32_t *place(uint32_t index)
{
  return &ring[(first + index) % cap];
}

static void *room(size_t size)
{
  void *at = malloc(size);
  if (!at) abort();
  return at;
}

static inline void grow(void)
{
  uint32_t more = cap ? 2 * cap : 4;
  int32_t *to = room(more * sizeof *to);
  for (uint32_t i = 0; i < count; i++) to[i] = *place(i);
  free(ring);
  ring = to;
  cap = more;
  first = 0;
}

static inline void push(int32_t x)
{
  if (count == cap) grow();
  *place(count++) = x;
}

static inline bool pop(int32_t *ret)
{
  if (!count) return false;
  *ret = *place(0);
  first = (first + 1) % cap;
  count--;
  return true;
}

uint32_t exports_cheats_queue_queue_length(void)
{
  return count;
}
