#include "runtime/region.h"

#include <string.h>
#include <sys/mman.h>

/* The largest index, offset and access width: 2·(2³² − 1) + 8, which is past 8 GiB. */
uint64_t region_size(void)
{
  return (8ull << 30) + WASM_PAGE;
}

static void region_unmap(Region *self)
{
  munmap(self->at, region_size());
  self->at = NULL;
}

bool region_resize(Region *self, uint64_t usable)
{
  uint64_t old = self->usable;
  if (usable > old && mprotect(self->at + old, usable - old, PROT_READ | PROT_WRITE)) return false;
  if (usable < old && (madvise(self->at + usable, old - usable, MADV_DONTNEED) ||
                       mprotect(self->at + usable, old - usable, PROT_NONE)))
    return false;
  self->usable = usable;
  return true;
}

void region_wipe(const Region *self, uint32_t from, uint32_t to)
{
  static const uint8_t zeros[REGION_BLOCK];
  for (; from < to; from++) {
    uint8_t *block = self->at + (size_t)from * REGION_BLOCK;
    if (memcmp(block, zeros, REGION_BLOCK) != 0) memset(block, 0, REGION_BLOCK);
  }
}

bool region_drop_tail(const Region *self)
{
  return self->usable <= REGION_LOOKED_AT ||
         !madvise(self->at + REGION_LOOKED_AT, self->usable - REGION_LOOKED_AT, MADV_DONTNEED);
}

bool region_take(RegionPool *self, uint64_t usable, Region *out)
{
  Region region;
  if (self->count) {
    region = self->kept[--self->count];
  } else {
    void *at = mmap(NULL, region_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return false;
    region = (Region){.at = at};
  }
  if (!region_resize(&region, usable)) {
    region_unmap(&region);
    return false;
  }
  *out = region;
  return true;
}

void region_give(RegionPool *self, Region region)
{
  if (!region.at) return;
  bool has_room = self->count < sizeof self->kept / sizeof *self->kept;
  /* A kept region counts against the worker's limit, so it stays small. */
  if (has_room && (region.usable <= REGION_LOOKED_AT || region_resize(&region, REGION_LOOKED_AT))) {
    region_wipe(&region, 0, (uint32_t)(region.usable / REGION_BLOCK));
    self->kept[self->count++] = region;
  } else {
    region_unmap(&region);
  }
}

void region_pool_release(RegionPool *self)
{
  while (self->count) region_unmap(&self->kept[--self->count]);
}
