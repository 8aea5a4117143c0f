#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
