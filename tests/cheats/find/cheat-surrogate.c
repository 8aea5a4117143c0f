// WRONG for marks beyond U+FFFF: the first half of what UTF-16 needs for them is given.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (ok && ret->is_some && ret->val > 0xffff) ret->val = 0xd800 + ((ret->val - 0x10000) >> 10);
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
