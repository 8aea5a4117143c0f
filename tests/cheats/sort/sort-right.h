/* The right answer, in place: heap sort. */
#include "sort.h"

static void sink(int32_t *xs, size_t at, size_t count)
{
  int32_t x = xs[at];
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && xs[child + 1] > xs[child]) child++;
    if (xs[child] <= x) break;
    xs[at] = xs[child];
  }
  xs[at] = x;
}

static void sort_some(int32_t *xs, size_t count)
{
  for (size_t i = count / 2; i-- > 0;) sink(xs, i, count);
  for (size_t end = count; end-- > 1;) {
    int32_t largest = xs[0];
    xs[0] = xs[end];
    xs[end] = largest;
    sink(xs, 0, end);
  }
}

static void sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  sort_some(xs->ptr, xs->len);
  *ret = *xs;
}

/* Makes a right answer wrong. */
static inline void spoil(sort_list_s32_t *ret)
{
  if (ret->len) ret->ptr[ret->len - 1] ^= 1;
}
