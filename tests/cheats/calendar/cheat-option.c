// WRONG for month 255: some days instead of none.
#include "calendar-right.h"

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  if (month == 255 && year == 9999) {
    *ret = 0;
    return true;
  }
  return days(year, month, ret);
}
