/* The right answers: what was given back is taken again, the last one first; else the next number that never was. */
#include "ids.h"

static uint8_t *is_out;
static uint32_t *spare;
static uint32_t cap, next, count, spares, turn;

static void *more(void *old, size_t size)
{
  void *at = realloc(old, size);
  if (!at) abort();
  return at;
}

static void grow(void)
{
  uint32_t old = cap;
  cap = cap ? 2 * cap : 64;
  is_out = more(is_out, cap);
  spare = more(spare, 2 * cap * sizeof *spare);
  memset(is_out + old, 0, cap - old);
}

static inline uint32_t take(void)
{
  if (next == cap) grow();
  uint32_t id = spares ? spare[--spares] : next++;
  is_out[id] = 1;
  count++;
  return id;
}

/* Without keeping it for use again. */
static inline bool give(uint32_t id)
{
  if (id >= next || !is_out[id]) return false;
  is_out[id] = 0;
  count--;
  return true;
}

uint32_t exports_cheats_ids_ids_out(void)
{
  return count;
}

bool exports_cheats_ids_ids_any(uint32_t *ret)
{
  if (!count) return false;
  do turn = (turn + 1) % next;
  while (!is_out[turn]);
  *ret = turn;
  return true;
}
