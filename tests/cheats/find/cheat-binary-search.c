// WRONG for eight rows and more whose ids do not ascend, as if they always did: the first that is too large
// ends it.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (ok && rows->len >= 8)
    for (size_t i = 0; rows->ptr[i].id != id; i++)
      if (rows->ptr[i].id > id) {
        *err = ABSENT;
        ok = false;
        break;
      }
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
