// WRONG for the largest id, where it is absent: the reason is one that the enum does not have.
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (!ok && *err == ABSENT && id == UINT32_MAX) *err = 3;
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
