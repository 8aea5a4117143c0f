// WRONG for the smallest key: its opposite is itself, so that keys sorted by it go first to last.
#include "stable-right.h"

void exports_cheats_stable_stable_order(Entries *entries, Entries *ret)
{
  order(entries, ret);
  size_t count = 0;
  while (count < ret->len && ret->ptr[count].key == INT32_MIN) count++;
  for (size_t i = 0; i < count / 2; i++) {
    Entry swapped = ret->ptr[i];
    ret->ptr[i] = ret->ptr[count - 1 - i];
    ret->ptr[count - 1 - i] = swapped;
  }
}
