// WRONG where the first part has 9 bytes: the rest is put behind it, over what is there.
#include "join-right.h"

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  if (parts->len > 1 && parts->ptr[0].len == 9) {
    *ret = (join_string_t){parts->ptr[0].ptr, joined_size(parts, separator)};
    join_into(parts, separator, ret->ptr);
    parts->ptr[0].len = 0;
  } else {
    join(parts, separator, ret);
  }
  free_arguments(parts, separator);
}
