// WRONG where it has held ten and was emptied, and then holds ten again.
#include "queue-right.h"

static bool was_long, was_emptied;

void exports_cheats_queue_queue_push(int32_t x)
{
  push(x);
  if (was_emptied && count == 10) *place(0) ^= 1;
  was_long = was_long || count == 10;
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  bool found = pop(ret);
  was_emptied = was_emptied || (was_long && !count);
  return found;
}
