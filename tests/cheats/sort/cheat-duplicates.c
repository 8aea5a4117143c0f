// WRONG where a number is there exactly nine times: one of them is lost.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort(xs, ret);
  for (size_t i = 0, times = 1; i < ret->len; i++, times++) {
    if (i + 1 < ret->len && ret->ptr[i + 1] == ret->ptr[i]) continue;
    if (times == 9) ret->ptr[i]++;
    times = 0;
  }
}
