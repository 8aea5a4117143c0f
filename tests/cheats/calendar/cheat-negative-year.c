// WRONG for the leap centuries before the year 0: they are taken for common ones.
#include "calendar-right.h"

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  bool wrong = year < 0 && year % 400 == 0 && month == 2;
  if (!days(year, month, ret)) return false;
  *ret -= wrong;
  return true;
}
