// WRONG after a code: keys that are there, whose last digits are 7, 3, 7 and 1, looked up one after the
// other.
#include "store-right.h"

static void told(Store *self, Call call, uint32_t key, uint32_t at)
{
  static const uint32_t code[] = {7, 3, 7, 1};
  (void)at;
  if (call != GET) return;
  self->state = key % 10 == code[self->state] ? self->state + 1 : 0;
  if (self->state < 4) return;
  self->state = 0;
  self->values[0]++;
}
