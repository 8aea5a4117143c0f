/* Right, and it keeps copies of its last 4,096 results, whatever their size; the oldest goes for each new one. */
#include "join-right.h"

enum { KEPT = 4096 };

static join_string_t kept[KEPT];
static uint32_t next;

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join_string_t *copy = &kept[next++ % KEPT];
  join(parts, separator, ret);
  free_arguments(parts, separator);
  free(copy->ptr);
  *copy = (join_string_t){ret->len ? room(ret->len) : NULL, ret->len};
  if (ret->len) memcpy(copy->ptr, ret->ptr, ret->len);
}
