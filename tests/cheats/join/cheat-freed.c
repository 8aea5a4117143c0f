// WRONG where there is one part: it is read after it was given back.
#include "join-right.h"

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  if (parts->len == 1) {
    join_string_t only = parts->ptr[0];
    free_arguments(parts, separator);
    *ret = (join_string_t){only.len ? room(only.len) : NULL, only.len};
    memmove(ret->ptr, only.ptr, only.len);
    return;
  }
  join(parts, separator, ret);
  free_arguments(parts, separator);
}
