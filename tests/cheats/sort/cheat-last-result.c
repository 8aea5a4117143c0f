// WRONG where a list of 16 and more is as long as the last one and begins and ends alike: the last result is
// given again.
#include "sort-right.h"

static sort_list_s32_t last;
static int32_t first_in, last_in;

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  bool same =
      xs->len >= 16 && last.len == xs->len && first_in == xs->ptr[0] && last_in == xs->ptr[xs->len - 1];
  if (same) {
    memcpy(xs->ptr, last.ptr, last.len * sizeof *last.ptr);
    *ret = *xs;
    return;
  }
  if (xs->len) first_in = xs->ptr[0], last_in = xs->ptr[xs->len - 1];
  sort(xs, ret);
  sort_list_s32_free(&last);
  last = (sort_list_s32_t){ret->len ? malloc(ret->len * sizeof *ret->ptr) : NULL, ret->len};
  if (last.len && !last.ptr) abort();
  if (last.len) memcpy(last.ptr, ret->ptr, ret->len * sizeof *ret->ptr);
}
