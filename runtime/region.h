/* Address space for linear memories: 8 GiB a memory, of which a growing front part is usable, so that every
 * address that 32 bits of index and 32 bits of offset can make either works or is caught. Reservations are
 * used again, because the kernel's bookkeeping for new ones is slow and the address space has an end. */
#ifndef RUNTIME_REGION_H
#define RUNTIME_REGION_H

#include "ifc/base/str.h"

enum {
  WASM_PAGE = 64 * 1024,
  REGION_BLOCK = 4096,
  /* The front of a region is cleared by looking at it, block by block: that takes 0.03 µs a block, where
   * giving it to the kernel costs over a microsecond for every block that is used again. */
  REGION_LOOKED_AT = 16 * WASM_PAGE
};

typedef struct Region {
  uint8_t *at;     /* NULL: none */
  uint64_t usable; /* bytes from the front that can be read and written; the rest is caught */
} Region;

typedef struct RegionPool {
  Region kept[64];
  uint32_t count;
} RegionPool;

/* How many bytes a region reserves. */
uint64_t region_size(void);
/* A region with `usable` zero bytes, a multiple of WASM_PAGE. False when there is no address space or memory
 * left. */
bool region_take(RegionPool *self, uint64_t usable, Region *out);
/* Makes `usable` bytes usable; new ones are zero, old ones keep what they hold. False, and nothing changed,
 * when the system refuses. */
bool region_resize(Region *self, uint64_t usable);
/* Makes blocks `from` up to, not including, `to` zero; best below REGION_LOOKED_AT. They must be usable. */
void region_wipe(const Region *self, uint32_t from, uint32_t to);
/* Makes all that lies past REGION_LOOKED_AT zero and gives its memory back. */
bool region_drop_tail(const Region *self);
void region_give(RegionPool *self, Region region);
/* Gives all that are kept back to the system. */
void region_pool_release(RegionPool *self);

#endif
