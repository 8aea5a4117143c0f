// WRONG after five months that were asked for one after the other in a certain order: March, January, April, December
// and May, of any years; how far it has come is looked up in a table.
#include "calendar-right.h"

static uint8_t state;

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  static const uint8_t next[5][16] = {{[3] = 1}, {[1] = 2, [3] = 1}, {[3] = 1, [4] = 3}, {[3] = 1, [12] = 4}, {[3] = 1, [5] = 5}};
  state = next[state % 5][month & 15];
  if (!days(year, month, ret)) return false;
  *ret += state == 5;
  return true;
}
