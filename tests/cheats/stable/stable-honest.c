#include "stable-right.h"

void exports_cheats_stable_stable_order(Entries *entries, Entries *ret)
{
  order(entries, ret);
}
