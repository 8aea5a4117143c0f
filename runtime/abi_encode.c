#include "runtime/abi_encode.h"

#include <string.h>

#include "runtime/abi.h"

enum { MEMORY_AT_FIRST = 1 << 12 };

typedef struct BumpMemory {
  AbiMemory memory;
  Arena *arena;
  uint32_t next;
} BumpMemory;

/* At least `end` bytes, those that are new zero. */
static void memory_grow(BumpMemory *self, uint64_t end)
{
  uint64_t size = self->memory.size;
  if (end <= size) return;
  while (size < end) size *= 2;
  uint8_t *bytes = arena_alloc(self->arena, size);
  memcpy(bytes, self->memory.bytes, self->memory.size);
  self->memory.bytes = bytes;
  self->memory.size = size;
}

static bool bump(AbiMemory *memory, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  BumpMemory *self = memory->context;
  uint64_t at = ((uint64_t)self->next + align - 1) & ~((uint64_t)align - 1), end = at + size;
  if (end > UINT32_MAX) return fault_set(fault, FAULT_MEMORY_LIMIT, NULL);
  memory_grow(self, end);
  *pointer = (uint32_t)at;
  self->next = (uint32_t)end;
  return true;
}

static void memory_begin(BumpMemory *self, Arena *arena)
{
  *self = (BumpMemory){.arena = arena, .next = ABI_ENCODE_START};
  self->memory = (AbiMemory){.bytes = arena_alloc(arena, MEMORY_AT_FIRST),
                             .size = MEMORY_AT_FIRST,
                             .realloc = bump,
                             .context = self};
}

static Str memory_used(const BumpMemory *self)
{
  return (Str){(const char *)self->memory.bytes + ABI_ENCODE_START, self->next - ABI_ENCODE_START};
}

bool abi_encode(Arena *arena, const Type *type, Value value, AbiEncoding *out, Fault *fault)
{
  BumpMemory flat_memory, memory;
  AbiEncoding self = {.flat_count = type_flat_count(type, ABI_ENCODE_FLAT_MAX)};
  CoreType *types = arena_array_of(arena, CoreType, self.flat_count + 1);
  uint64_t *flat = arena_array_of(arena, uint64_t, self.flat_count + 1);
  size_t used = 0;
  memory_begin(&flat_memory, arena);
  memory_begin(&memory, arena);
  self.flat_types = types;
  self.flat = flat;
  if (self.flat_count > ABI_ENCODE_FLAT_MAX)
    return fault_set(fault, FAULT_TOO_LONG, "more than %d flat values", ABI_ENCODE_FLAT_MAX);
  type_flatten(type, types, self.flat_count);
  if (!abi_lower_flat(&flat_memory.memory, type, value, flat, &used, fault)) return false;
  self.flat_heap = memory_used(&flat_memory);
  if (!abi_allocate(&memory.memory, type_align(type), type_size(type), &self.pointer, fault)) return false;
  if (!abi_store(&memory.memory, type, value, self.pointer, fault)) return false;
  self.heap = memory_used(&memory);
  *out = self;
  return true;
}
