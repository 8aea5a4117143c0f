// WRONG where one number of 32 bits is pushed, and right after it another one.
#include "queue-right.h"

static bool knows;

void exports_cheats_queue_queue_push(int32_t x)
{
  push(x);
  if (knows && x == -559038737) *place(0) ^= 1;
  knows = x == 1592594996;
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  return pop(ret);
}
