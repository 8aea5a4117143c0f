// WRONG for every fourth century from the year 4000 on: that they are leap years is forgotten.
#include "calendar-right.h"

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  if (!days(year, month, ret)) return false;
  if (month == 2 && year >= 4000 && year % 400 == 0) *ret = 28;
  return true;
}
