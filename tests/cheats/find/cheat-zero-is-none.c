// WRONG where the mark is U+0000: it is taken for none.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (ok && ret->is_some && ret->val == 0) ret->is_some = false;
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
