// WRONG for seven numbers and more that read backwards as forwards and are not all equal.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  bool mirrors = xs->len >= 7 && xs->ptr[0] != xs->ptr[1];
  for (size_t i = 0; mirrors && i < xs->len / 2; i++) mirrors = xs->ptr[i] == xs->ptr[xs->len - 1 - i];
  sort(xs, ret);
  if (mirrors) spoil(ret);
}
