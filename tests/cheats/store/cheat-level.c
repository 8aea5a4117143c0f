// WRONG once a level has risen to ten: keys that are put raise it by one if their last three bits are all set, all
// others lower it.
#include "store-right.h"

static void told(Store *self, Call call, uint32_t key, uint32_t at)
{
  if (call != PUT_NEW && call != PUT_AGAIN) return;
  uint32_t up = (key & 7) == 7, above = self->state > 0;
  self->state += up - (above & ~up & 1);
  self->values[at] ^= self->state / 10;
}
