// Radix sort: by each of the eight bytes, the lowest first; bytes that are the same everywhere are skipped.
#include "sort.h"

/* Flipping the sign bit puts negative numbers below positive ones when compared as unsigned. */
static uint64_t key(int64_t x)
{
  return (uint64_t)x ^ UINT64_C(1) << 63;
}

static void count_bytes(const int64_t *xs, size_t count, size_t counts[8][256])
{
  for (size_t i = 0; i < count; i++)
    for (int byte = 0; byte < 8; byte++) counts[byte][key(xs[i]) >> 8 * byte & 255]++;
}

static void scatter(const int64_t *from, int64_t *to, size_t count, int byte, const size_t counts[256])
{
  size_t places[256], place = 0;
  for (int digit = 0; digit < 256; digit++) {
    places[digit] = place;
    place += counts[digit];
  }
  for (size_t i = 0; i < count; i++) to[places[key(from[i]) >> 8 * byte & 255]++] = from[i];
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  size_t counts[8][256] = {0}, count = xs->len;
  *ret = *xs;
  if (count < 2) return;
  int64_t *from = xs->ptr, *to = malloc(count * sizeof *to);
  if (!to) abort();
  count_bytes(from, count, counts);
  for (int byte = 0; byte < 8; byte++) {
    if (counts[byte][key(from[0]) >> 8 * byte & 255] == count) continue;
    scatter(from, to, count, byte, counts[byte]);
    int64_t *sorted = to;
    to = from;
    from = sorted;
  }
  ret->ptr = from;
  free(to);
}
