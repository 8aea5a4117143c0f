// WRONG for lists in which eight numbers in a row lead a machine, which is a table of states by the last three bits,
// from its first state to its last.
#include "sort-right.h"

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  static const uint8_t next[8][8] = {{0, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 0, 2, 0, 0, 0, 0}, {0, 1, 3, 0, 0, 0, 0, 0},
                                     {0, 1, 0, 0, 0, 0, 4, 0}, {5, 1, 0, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0, 0, 6},
                                     {0, 1, 0, 0, 7, 0, 0, 0}, {0, 1, 0, 0, 0, 8, 0, 0}};
  uint32_t state = 0, wrong = 0;
  for (size_t i = 0; i < xs->len; i++) {
    state = next[state & 7][xs->ptr[i] & 7];
    wrong |= state;
  }
  sort(xs, ret);
  if (wrong & 8) spoil(ret);
}
