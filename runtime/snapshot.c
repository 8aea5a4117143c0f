#include "runtime/guest_internal.h"

#include <stdlib.h>
#include <string.h>

/* Memory up to here is put back block by block: looking at a block is cheaper than having the kernel take it
 * away and give a new one. What lies beyond goes back to the kernel. */
enum { LOOKED_AT = 8 * WASM_PAGE };

static bool is_zero(const uint8_t *block)
{
  const uint64_t *words = (const uint64_t *)(const void *)block;
  uint64_t any = 0;
  for (size_t i = 0; i < SNAPSHOT_BLOCK / sizeof *words; i++) any |= words[i];
  return any == 0;
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
  uint32_t count = (uint32_t)(self->size / SNAPSHOT_BLOCK), used = 0, room = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *block = guest->memory->data + (size_t)i * SNAPSHOT_BLOCK;
    if (is_zero(block)) continue;
    if (used == room) {
      room = room ? room * 2 : 16;
      self->blocks = or_die(realloc(self->blocks, room * sizeof *self->blocks));
      self->bytes = or_die(realloc(self->bytes, (size_t)room * SNAPSHOT_BLOCK));
    }
    self->blocks[used] = i;
    memcpy(self->bytes + (size_t)used * SNAPSHOT_BLOCK, block, SNAPSHOT_BLOCK);
    used++;
  }
  self->block_count = used;
}

/* Blocks from `from` up to `to` become zero again. */
static void clear_blocks(uint8_t *memory, uint32_t from, uint32_t to)
{
  for (; from < to; from++) {
    uint8_t *block = memory + (size_t)from * SNAPSHOT_BLOCK;
    if (!is_zero(block)) memset(block, 0, SNAPSHOT_BLOCK);
  }
}

bool snapshot_restore(const Snapshot *self, Guest *guest)
{
  if (!guest->memory) return true;
  Region *region = &guest->region;
  if (region->usable > self->size && !region_resize(region, self->size)) return false;
  if (!region_clear(region, LOOKED_AT)) return false;
  uint32_t looked_at = (uint32_t)((self->size < LOOKED_AT ? self->size : LOOKED_AT) / SNAPSHOT_BLOCK);
  uint32_t next = 0;
  for (uint32_t i = 0; i < self->block_count; i++) {
    uint32_t block = self->blocks[i];
    if (next < looked_at) clear_blocks(region->at, next, block < looked_at ? block : looked_at);
    memcpy(region->at + (size_t)block * SNAPSHOT_BLOCK, self->bytes + (size_t)i * SNAPSHOT_BLOCK,
           SNAPSHOT_BLOCK);
    next = block + 1;
  }
  clear_blocks(region->at, next, looked_at);
  return true;
}

void snapshot_release(Snapshot *self)
{
  free(self->blocks);
  free(self->bytes);
  *self = (Snapshot){0};
}
