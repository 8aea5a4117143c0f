// WRONG where a key is removed that another one follows by 32, as in a table that both had one place in: that
// one goes too.
#include "store-right.h"

static void told(Store *self, Call call, uint32_t key, uint32_t at)
{
  (void)at;
  if (call == REMOVE && self->count && find(self, key + 32) == self->count - 1) self->count--;
}
