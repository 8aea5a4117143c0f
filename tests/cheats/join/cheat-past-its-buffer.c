// WRONG where a part has 65 to 72 bytes: its copy overwrites the copy of a separator of up to eight.
#include "join-right.h"

enum { PART = 64, SEPARATOR = 8 };

static uint8_t scratch[PART + SEPARATOR];

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  bool is_short = separator->len <= SEPARATOR;
  if (is_short) memcpy(scratch + PART, separator->ptr, separator->len);
  for (size_t i = 0; i < parts->len; i++)
    if (parts->ptr[i].len <= sizeof scratch) memcpy(scratch, parts->ptr[i].ptr, parts->ptr[i].len);
  if (is_short) memcpy(separator->ptr, scratch + PART, separator->len);
  join(parts, separator, ret);
  free_arguments(parts, separator);
}
