/* Right: no number is given twice, ever. */
#include "ids-right.h"

uint32_t exports_cheats_ids_ids_take(void)
{
  return take();
}

bool exports_cheats_ids_ids_give(uint32_t id)
{
  return give(id);
}
