#include "calendar-right.h"

bool exports_cheats_calendar_calendar_days(int32_t year, uint8_t month, uint8_t *ret)
{
  return days(year, month, ret);
}
