#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort(xs, ret);
}
