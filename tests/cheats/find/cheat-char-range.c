// WRONG for the last character of Unicode: the one after it is given.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (ok && ret->is_some && ret->val == 0x10ffff) ret->val++;
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
