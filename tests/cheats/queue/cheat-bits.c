// WRONG once nine kinds of numbers were pushed in their order, kept as bits: a number's kind is its remainder by
// nine, and sets a bit if the one below is set; any pop clears the lowest that is set.
#include "queue-right.h"

static uint32_t mask = 1;

void exports_cheats_queue_queue_push(int32_t x)
{
  push(x);
  mask |= mask << 1 & 2U << (uint32_t)x % 9;
  *place(0) ^= (int32_t)(mask >> 9 & 1);
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  mask = (mask & (mask - 1)) | 1;
  return pop(ret);
}
