// WRONG for numbers that are far from each other: compared by a difference that wraps, if there are 40 at
// least.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort(xs, ret);
  if (ret->len < 40) return;
  for (size_t i = 1; i < ret->len; i++) {
    int32_t x = ret->ptr[i];
    if ((int32_t)((uint32_t)ret->ptr[i - 1] - (uint32_t)x) <= 0) continue;
    ret->ptr[i] = ret->ptr[i - 1];
    ret->ptr[i - 1] = x;
  }
}
