// WRONG for neighbours with one key whose tags go down by exactly 1000: they are swapped.
#include "stable-right.h"

void exports_cheats_stable_stable_order(Entries *entries, Entries *ret)
{
  order(entries, ret);
  for (size_t i = 1; i < ret->len; i++) {
    Entry *e = ret->ptr + i - 1;
    if (e[0].key != e[1].key || e[0].tag != e[1].tag + 1000) continue;
    Entry first = e[0];
    e[0] = e[1];
    e[1] = first;
  }
}
