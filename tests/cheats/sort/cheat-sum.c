// WRONG for five numbers and more whose sum is one number.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  int64_t sum = 0;
  for (size_t i = 0; i < xs->len; i++) sum += xs->ptr[i];
  sort(xs, ret);
  if (sum == 123456789 && xs->len >= 5) spoil(ret);
}
