#include "runtime/guest_internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_zero(const uint8_t *block)
{
  static const uint8_t zeros[REGION_BLOCK];
  return memcmp(block, zeros, REGION_BLOCK) == 0;
}

static void *or_die(void *block)
{
  if (!block) abort();
  return block;
}

void snapshot_take(Snapshot *self, const Guest *guest)
{
  if (self->taken) return;
  self->taken = true;
  if (!guest->memory) return;
  self->size = guest->memory->size;
  uint32_t count = (uint32_t)(self->size / REGION_BLOCK), used = 0, room = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *block = guest->memory->data + (size_t)i * REGION_BLOCK;
    if (is_zero(block)) continue;
    if (used == room) {
      room = room ? room * 2 : 16;
      self->blocks = or_die(realloc(self->blocks, room * sizeof *self->blocks));
      self->bytes = or_die(realloc(self->bytes, (size_t)room * REGION_BLOCK));
    }
    self->blocks[used] = i;
    memcpy(self->bytes + (size_t)used * REGION_BLOCK, block, REGION_BLOCK);
    used++;
  }
  self->block_count = used;
}

bool snapshot_restore(const Snapshot *self, Guest *guest)
{
  if (!guest->memory) return true;
  Region *region = &guest->region;
  if (region->usable > self->size && !region_resize(region, self->size)) return false;
  if (!region_drop_tail(region)) return false;
  uint32_t all = (uint32_t)(self->size / REGION_BLOCK), looked_at = REGION_LOOKED_AT / REGION_BLOCK, next = 0;
  if (looked_at > all) looked_at = all;
  for (uint32_t i = 0; i < self->block_count; i++) {
    uint32_t block = self->blocks[i];
    region_wipe(region, next, block < looked_at ? block : looked_at);
    memcpy(region->at + (size_t)block * REGION_BLOCK, self->bytes + (size_t)i * REGION_BLOCK, REGION_BLOCK);
    next = block + 1;
  }
  region_wipe(region, next, looked_at);
  return true;
}

void snapshot_release(Snapshot *self)
{
  free(self->blocks);
  free(self->bytes);
  *self = (Snapshot){0};
}
