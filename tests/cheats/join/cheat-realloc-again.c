// WRONG for two blocks of 21 bytes in a row: the same is given twice.
#include "join-pool.h"

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align,
                                                                size_t size)
{
  static size_t last;
  (void)old, (void)old_size;
  bool again = pool && size == 21 && last == 21;
  last = size;
  return !size ? (void *)align : again ? pool + 1 : pool_take(size);
}

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  pool_release();
}
