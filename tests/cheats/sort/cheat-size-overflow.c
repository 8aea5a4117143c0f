// WRONG for 16384 numbers and more: their size in bytes is kept in 16 bits.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  uint16_t size = (uint16_t)(xs->len * sizeof *xs->ptr);
  sort_some(xs->ptr, size / sizeof *xs->ptr);
  *ret = *xs;
}
