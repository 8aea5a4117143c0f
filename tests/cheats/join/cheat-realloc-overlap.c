// WRONG for a block of 13 bytes that is not the first: it begins inside of the one before.
#include "join-pool.h"

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align,
                                                                size_t size)
{
  (void)old, (void)old_size;
  bool overlaps = pool && size == 13;
  return !size ? (void *)align : overlaps ? (char *)(pool + 1) + 1 : pool_take(size);
}

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  pool_release();
}
