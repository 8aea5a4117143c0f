// The C++ library's sort.
#include <algorithm>

#include "sort.h"

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  std::sort(xs->ptr, xs->ptr + xs->len);
  *ret = *xs;
}
