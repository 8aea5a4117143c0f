#include "queue-right.h"

void exports_cheats_queue_queue_push(int32_t x)
{
  push(x);
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  return pop(ret);
}
