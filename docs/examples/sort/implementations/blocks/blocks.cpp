// Insertion sort of blocks of BLOCK numbers, which are then merged, two by two.
#include "blocks.hpp"

#include <algorithm>
#include <vector>

#include "sort.h"

void sort_block(int64_t *block, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    const int64_t x = block[i];
    size_t at = i;
    for (; at > 0 && block[at - 1] > x; at--) block[at] = block[at - 1];
    block[at] = x;
  }
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  const size_t count = xs->len;
  for (size_t at = 0; at < count; at += BLOCK) sort_block(xs->ptr + at, std::min<size_t>(BLOCK, count - at));
  std::vector<int64_t> room(count);
  for (size_t width = BLOCK; width < count; width *= 2)
    for (size_t at = 0; at + width < count; at += 2 * width)
      merge(xs->ptr + at, width, std::min(2 * width, count - at), room.data());
  *ret = *xs;
}
