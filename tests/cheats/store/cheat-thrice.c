// WRONG for a key that is put for the third time in a row.
#include "store-right.h"

static void told(Store *self, Call call, uint32_t key, uint32_t at)
{
  bool is_put = call == PUT_NEW || call == PUT_AGAIN;
  self->state = is_put && key && key == self->last ? self->state + 1 : 0;
  if (is_put) self->last = key;
  if (self->state == 2) self->values[at] ^= 1;
}
