// WRONG for each eighth call: sixteen pages of memory more.
#include "join-right.h"

static unsigned calls;

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  if (++calls % 8 == 0) __builtin_wasm_memory_grow(0, 16);
  free_arguments(parts, separator);
}
