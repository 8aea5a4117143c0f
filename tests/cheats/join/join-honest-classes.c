/* Right: free lists by powers of two, all blocks at multiples of 64; the block of no bytes is the end of memory. */
#include "join-right.h"

enum { SLAB = 1 << 20, ALIGN = 64 };

static void **lists[32];
static uint8_t *from, *end;

static unsigned class_of(size_t size)
{
  unsigned class = 6;
  while (((size_t)1 << class) < size) class++;
  return class;
}

static void *cut(size_t size)
{
  if ((size_t)(end - from) < size) {
    from = (uint8_t *)(((uintptr_t)room(size + SLAB + ALIGN) + ALIGN - 1) / ALIGN * ALIGN);
    end = from + size + SLAB;
  }
  from += size;
  return from - size;
}

static void *take(size_t size)
{
  if (!size) return (void *)(__builtin_wasm_memory_size(0) * 65536);
  unsigned class = class_of(size);
  void **block = lists[class];
  if (!block) return cut((size_t)1 << class);
  lists[class] = *block;
  return block;
}

static void give(void *at, size_t size)
{
  if (!size) return;
  unsigned class = class_of(size);
  *(void **)at = lists[class];
  lists[class] = at;
}

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align,
                                                                size_t size)
{
  (void)align;
  if (old_size && size && class_of(old_size) == class_of(size)) return old;
  void *block = take(size);
  if (old_size) memcpy(block, old, old_size < size ? old_size : size), give(old, old_size);
  return block;
}

void exports_cheats_join_join_join(join_list_string_t *parts, join_string_t *separator, join_string_t *ret)
{
  join(parts, separator, ret);
  for (size_t i = 0; i < parts->len; i++) give(parts->ptr[i].ptr, parts->ptr[i].len);
  give(parts->ptr, parts->len * sizeof *parts->ptr);
  give(separator->ptr, separator->len);
}
