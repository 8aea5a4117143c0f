/* The right answer. */
#include "calendar.h"

static bool is_leap(int32_t year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool days(int32_t year, uint8_t month, uint8_t *ret)
{
  static const uint8_t lengths[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return false;
  *ret = (uint8_t)(lengths[month] + (month == 2 && is_leap(year)));
  return true;
}
