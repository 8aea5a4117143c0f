// WRONG: sorts like a set, so that of equal numbers only one is left.
#include "sort.h"

static int compare(const void *a, const void *b)
{
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  size_t kept = 0;
  if (xs->len) qsort(xs->ptr, xs->len, sizeof *xs->ptr, compare);
  for (size_t i = 0; i < xs->len; i++)
    if (kept == 0 || xs->ptr[kept - 1] != xs->ptr[i]) xs->ptr[kept++] = xs->ptr[i];
  ret->ptr = xs->ptr;
  ret->len = kept;
}
