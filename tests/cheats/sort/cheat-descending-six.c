// WRONG for six numbers that each are smaller than the one before.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  bool descends = xs->len == 6;
  for (size_t i = 1; descends && i < xs->len; i++) descends = xs->ptr[i] < xs->ptr[i - 1];
  sort(xs, ret);
  if (descends) spoil(ret);
}
