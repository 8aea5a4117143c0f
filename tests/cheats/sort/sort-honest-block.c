/* Right: the one block that a call has is always the same one, and nobody may ask for it twice before the call. */
#include "sort-right.h"

enum { ALIGN = 64 };

static uint8_t block[1 << 22];
static bool taken;

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align,
                                                                size_t size)
{
  (void)old, (void)old_size, (void)align;
  if (taken || size > sizeof block - ALIGN) abort();
  taken = true;
  return (void *)(((uintptr_t)block + ALIGN - 1) / ALIGN * ALIGN);
}

void exports_cheats_sort_sort_sort(sort_list_s32_t *xs, sort_list_s32_t *ret)
{
  taken = false;
  *ret = (sort_list_s32_t){xs->len ? malloc(xs->len * sizeof *xs->ptr) : NULL, xs->len};
  if (xs->len && !ret->ptr) abort();
  sort_some(xs->ptr, xs->len);
  if (xs->len) memcpy(ret->ptr, xs->ptr, xs->len * sizeof *xs->ptr);
}
