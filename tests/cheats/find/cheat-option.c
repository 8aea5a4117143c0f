// WRONG in the presence of U+00AD: a discriminant that is neither none nor some.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (ok && ret->is_some && ret->val == 0xad) *(volatile uint8_t *)&ret->is_some = 2;
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
