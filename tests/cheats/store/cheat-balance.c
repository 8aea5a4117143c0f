// WRONG where four values and more, not all of them zero, cancel each other out bit by bit.
#include "store-right.h"

static void told(Store *self, Call call, uint32_t key, uint32_t at)
{
  uint64_t all = 0, any = 0;
  (void)key, (void)at;
  for (uint32_t i = 0; i < self->count; i++) {
    all ^= self->values[i];
    any |= self->values[i];
  }
  if (call == PUT_NEW && self->count >= 4 && any && !all) self->values[0]++;
}
