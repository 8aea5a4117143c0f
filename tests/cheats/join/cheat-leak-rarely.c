// WRONG for a separator of more than four bytes: 64 KiB are lost.
#include "join-right.h"

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  if (separator->len > 4) *(volatile uint8_t *)room(65536) = 1;
  free_arguments(parts, separator);
}
