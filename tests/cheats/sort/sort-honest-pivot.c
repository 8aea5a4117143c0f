/* Right: quick sort, whose pivots depend on where the numbers lie and on how many calls there were. No numbers lie
 * at the end of memory. */
#include "sort-right.h"

static uint32_t calls;

static void swap(int32_t *a, int32_t *b)
{
  int32_t x = *a;
  *a = *b;
  *b = x;
}

static void quick(int32_t *xs, size_t count, uint32_t seed)
{
  while (count > 1) {
    seed = seed * 1664525 + 1013904223 + (uint32_t)(uintptr_t)xs;
    int32_t pivot = xs[(seed >> 8) % count];
    size_t low = 0, high = count;
    for (size_t i = 0; i < high;) {
      if (xs[i] < pivot)
        swap(&xs[i++], &xs[low++]);
      else if (xs[i] > pivot)
        swap(&xs[i], &xs[--high]);
      else
        i++;
    }
    bool low_first = low < count - high;
    quick(low_first ? xs : xs + high, low_first ? low : count - high, seed);
    xs += low_first ? high : 0;
    count = low_first ? count - high : low;
  }
}

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  quick(xs->ptr, xs->len, ++calls * UINT32_C(2654435761));
  *ret = *xs;
  if (!ret->len) ret->ptr = (int32_t *)(__builtin_wasm_memory_size(0) * 65536);
}
