/* The right answer: one walk over the rows. */
#include "find.h"

typedef exports_cheats_find_find_list_row_t Rows;
typedef exports_cheats_find_find_row_t Row;
typedef find_option_char32_t Mark;
typedef exports_cheats_find_find_reason_t Reason;

enum {
  EMPTY = EXPORTS_CHEATS_FIND_FIND_REASON_EMPTY,
  ABSENT = EXPORTS_CHEATS_FIND_FIND_REASON_ABSENT,
  TWICE = EXPORTS_CHEATS_FIND_FIND_REASON_TWICE,
};

static bool find(const Rows *rows, uint32_t id, Mark *ret, Reason *err)
{
  size_t found = 0;
  for (size_t i = 0; i < rows->len; i++) {
    if (rows->ptr[i].id != id) continue;
    *ret = rows->ptr[i].mark;
    found++;
  }
  *err = rows->len == 0 ? EMPTY : found ? TWICE : ABSENT;
  return found == 1;
}
