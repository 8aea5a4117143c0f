// WRONG where the list lies at a multiple of 1024 and 16: the heap is not the same for each call.
#include "sort-right.h"

static void *kept[16];
static unsigned calls;

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  bool wrong = xs->len > 1 && (uintptr_t)xs->ptr % 1024 == 16;
  sort(xs, ret);
  if (wrong) spoil(ret);
  void **slot = &kept[calls++ % 16];
  free(*slot);
  *slot = malloc(xs->len % 50 * 8);
}
