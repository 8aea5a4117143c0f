#include "blocks.hpp"

#include <algorithm>

void merge(int64_t *xs, size_t middle, size_t count, int64_t *room)
{
  if (xs[middle - 1] <= xs[middle]) return;
  std::copy(xs, xs + middle, room);
  // What is written never overtakes what is still to be read: it is behind by what is left in `room`.
  size_t left = 0, right = middle, at = 0;
  while (left < middle && right < count) xs[at++] = xs[right] < room[left] ? xs[right++] : room[left++];
  std::copy(room + left, room + middle, xs + at);
}
