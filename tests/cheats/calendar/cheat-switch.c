// WRONG for one year of a switch over several: its September.
#include "calendar-right.h"

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  if (!days(year, month, ret)) return false;
  switch (year) {
  case 1582: *ret += month == 2 && is_leap(year); break;
  case 1700: *ret += month == 2 && is_leap(year); break;
  case 1712: *ret += month == 30; break;
  case 1752: *ret -= month == 9 ? 11 : 0; break;
  case 1873: *ret += month == 14; break;
  case 1918: *ret += month == 13; break;
  case 1929: *ret += month == 15; break;
  default: break;
  }
  return true;
}
