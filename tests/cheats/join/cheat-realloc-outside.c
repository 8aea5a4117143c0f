// WRONG for a block of 37 bytes: its end lies outside of the memory.
#include "join-pool.h"

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align,
                                                                size_t size)
{
  (void)old, (void)old_size;
  if (size == 37) return (void *)(__builtin_wasm_memory_size(0) * 65536 - 36);
  return size ? pool_take(size) : (void *)align;
}

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  pool_release();
}
