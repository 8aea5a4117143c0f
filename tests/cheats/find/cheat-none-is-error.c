// WRONG where the only row with the id is the fifth or later and has no mark: it is called absent.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  size_t at = 0;
  while (ok && rows->ptr[at].id != id) at++;
  if (ok && !ret->is_some && at >= 4) {
    *err = ABSENT;
    ok = false;
  }
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
