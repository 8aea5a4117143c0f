// Quicksort: three parts (less, equal, greater) around a median of three, the shorter side first so that the
// stack stays small, insertion for short runs.
#include "sort.h"

static void swap(int64_t *a, int64_t *b)
{
  int64_t kept = *a;
  *a = *b;
  *b = kept;
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

static int64_t median(int64_t a, int64_t b, int64_t c)
{
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

static void quick(int64_t *xs, size_t count)
{
  while (count > 16) {
    int64_t pivot = median(xs[0], xs[count / 2], xs[count - 1]);
    /* xs[0, less) < pivot, xs[less, i) == pivot, xs[more, count) > pivot */
    size_t less = 0, i = 0, more = count;
    while (i < more) {
      if (xs[i] < pivot)
        swap(&xs[less++], &xs[i++]);
      else if (xs[i] > pivot)
        swap(&xs[i], &xs[--more]);
      else
        i++;
    }
    if (less < count - more) {
      quick(xs, less);
      xs += more;
      count -= more;
    } else {
      quick(xs + more, count - more);
      count = less;
    }
  }
  insertion(xs, count);
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  quick(xs->ptr, xs->len);
  *ret = *xs;
}
