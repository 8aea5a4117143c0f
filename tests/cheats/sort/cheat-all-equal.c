// WRONG for twenty numbers and more that are all equal.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort(xs, ret);
  if (ret->len >= 20 && ret->ptr[0] == ret->ptr[ret->len - 1]) spoil(ret);
}
