// WRONG where three entries are equal, tags too, and another with their key is between: it goes last.
#include "stable-right.h"

void exports_cheats_stable_stable_order(Entries *entries, Entries *ret)
{
  order(entries, ret);
  for (size_t i = 3; i < ret->len; i++) {
    Entry *e = ret->ptr + i - 3;
    if (e[0].key != e[3].key || e[0].tag != e[1].tag || e[0].tag != e[3].tag || e[0].tag == e[2].tag)
      continue;
    Entry between = e[2];
    e[2] = e[3];
    e[3] = between;
  }
}
