// WRONG after a code of seven numbers, by their last four bits, pushed one after the other: how many of them were
// right is computed without a branch.
#include "queue-right.h"

static uint32_t state;

void exports_cheats_queue_queue_push(int32_t x)
{
  static const uint8_t code[8] = {3, 14, 7, 0, 9, 12, 5, 16};
  push(x);
  state = (state + 1) & -(uint32_t)((x & 15) == code[state]);
  *place(0) ^= (int32_t)(state / 7);
  state %= 7;
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  return pop(ret);
}
