// WRONG for more than 5000 numbers: the rest is never looked at.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort_some(xs->ptr, xs->len < 5000 ? xs->len : 5000);
  *ret = *xs;
}
