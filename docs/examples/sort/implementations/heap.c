// Heapsort: a heap in the list itself, whose greatest element moves to the end again and again.
#include "sort.h"

/* Lets `x` sink from `at` to its place among `count`. */
static void sink(int64_t *heap, size_t at, size_t count, int64_t x)
{
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= x) break;
    heap[at] = heap[child];
  }
  heap[at] = x;
}

void exports_algorithms_sorting_sort_sort(sort_list_s64_t *xs, sort_list_s64_t *ret)
{
  int64_t *heap = xs->ptr;
  for (size_t at = xs->len / 2; at-- > 0;) sink(heap, at, xs->len, heap[at]);
  for (size_t last = xs->len; last-- > 1;) {
    int64_t x = heap[last];
    heap[last] = heap[0];
    sink(heap, 0, last, x);
  }
  *ret = *xs;
}
