// WRONG where the first number of all is given back while four others are out: the next two get it.
#include "ids-right.h"

uint32_t exports_cheats_ids_ids_take(void)
{
  return take();
}

bool exports_cheats_ids_ids_give(uint32_t id)
{
  if (!give(id)) return false;
  spare[spares++] = id;
  if (id == 0 && count == 4) spare[spares++] = id;
  return true;
}
