// WRONG where the id is there twice, without marks: the error becomes ok(none).
#include "find-right.h"

bool exports_cheats_find_find_find(Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  bool ok = find(rows, id, ret, err);
  if (!ok && *err == TWICE) {
    ok = true;
    for (size_t i = 0; i < rows->len; i++) ok = ok && (rows->ptr[i].id != id || !rows->ptr[i].mark.is_some);
    ret->is_some = false;
  }
  exports_cheats_find_find_list_row_free(rows);
  return ok;
}
