/* A module's memory as the reference's vectors have it: zeroed, with a bump allocator that starts at 16. */
#ifndef TESTS_UNIT_RUNTIME_ABI_MEMORY_H
#define TESTS_UNIT_RUNTIME_ABI_MEMORY_H

#include <string.h>

#include "runtime/abi.h"

enum { BUMP_START = 16, PAGE_BYTES = 65536 };

typedef struct Bump {
  uint32_t next;
  size_t calls;
} Bump;

static inline bool bump_realloc(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer,
                                Fault *fault)
{
  Bump *bump = self->context;
  (void)fault;
  bump->calls++;
  *pointer = (bump->next + align - 1) / align * align;
  bump->next = *pointer + size;
  return true;
}

/* A page of zeros whose allocator has given out nothing. */
static inline AbiMemory *bump_memory(Arena *arena)
{
  AbiMemory *self = arena_new_of(arena, AbiMemory);
  Bump *bump = arena_new_of(arena, Bump);
  bump->next = BUMP_START;
  *self = (AbiMemory){
      .bytes = arena_alloc(arena, PAGE_BYTES), .size = PAGE_BYTES, .realloc = bump_realloc, .context = bump};
  return self;
}

static inline Bump *bump_of(const AbiMemory *self)
{
  return self->context;
}

#endif
