#include "upper-right.h"

void exports_cheats_upper_upper_upper(upper_string_t *text, upper_string_t *ret)
{
  upper(text, ret);
}
