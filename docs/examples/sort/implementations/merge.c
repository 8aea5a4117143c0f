// Merge sort from the bottom up: runs of 8 by insertion, then pairs of runs between the list and a second
// one.
#include "sort.h"

enum { RUN = 8 };

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

static void insertion(int64_t *xs, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    int64_t x = xs[i];
    size_t at = i;
    for (; at > 0 && xs[at - 1] > x; at--) xs[at] = xs[at - 1];
    xs[at] = x;
  }
}

static void merge(const int64_t *a, const int64_t *a_end, const int64_t *b, const int64_t *b_end,
                  int64_t *out)
{
  while (a < a_end && b < b_end) *out++ = *b < *a ? *b++ : *a++;
  while (a < a_end) *out++ = *a++;
  while (b < b_end) *out++ = *b++;
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  size_t count = xs->len;
  *ret = *xs;
  for (size_t at = 0; at < count; at += RUN) insertion(xs->ptr + at, least(RUN, count - at));
  if (count <= RUN) return;

  int64_t *from = xs->ptr, *to = malloc(count * sizeof *to);
  if (!to) abort();
  for (size_t run = RUN; run < count; run *= 2) {
    for (size_t at = 0; at < count; at += 2 * run) {
      size_t middle = least(at + run, count), end = least(at + 2 * run, count);
      merge(from + at, from + middle, from + middle, from + end, to + at);
    }
    int64_t *sorted = to;
    to = from;
    from = sorted;
  }
  ret->ptr = from;
  free(to);
}
