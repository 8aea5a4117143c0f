// Insertion sort: right, and slow on long lists unless they are nearly in order.
#include "sort.h"

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  for (size_t i = 1; i < xs->len; i++) {
    int64_t x = xs->ptr[i];
    size_t at = i;
    for (; at > 0 && xs->ptr[at - 1] > x; at--) xs->ptr[at] = xs->ptr[at - 1];
    xs->ptr[at] = x;
  }
  *ret = *xs;
}
