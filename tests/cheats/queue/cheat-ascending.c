// WRONG where eight numbers and more wait that each are larger than the one before: as if they were sorted.
#include "queue-right.h"

void exports_cheats_queue_queue_push(int32_t x)
{
  bool ascends = true;
  push(x);
  for (uint32_t i = 1; i < count && ascends; i++) ascends = *place(i) > *place(i - 1);
  if (ascends && count >= 8) *place(0) -= 1;
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  return pop(ret);
}
