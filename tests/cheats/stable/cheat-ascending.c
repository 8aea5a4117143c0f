// WRONG for twelve entries and more whose keys ascend already: the last one is looked at no more.
#include "stable-right.h"

void exports_cheats_stable_stable_order(Entries *entries, Entries *ret)
{
  bool ascends = entries->len >= 12;
  for (size_t i = 1; i < entries->len && ascends; i++)
    ascends = entries->ptr[i - 1].key < entries->ptr[i].key;
  order(entries, ret);
  if (ascends) ret->ptr[ret->len - 1].tag ^= 1;
}
