#include "ifc/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define FENCE 16
#else
#define FENCE 0
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum {
  ALIGNMENT = 16,
  FIRST_CHUNK = 16 * 1024,
  LARGEST_STEP = 4 * 1024 * 1024,
  HUGE_PAGE = 2 * 1024 * 1024,
  /* Small blocks are zeroed by stores of this fixed size, which may run past the block but not past the
   * chunk: so many bytes at its end are never given out. */
  SMALL = 64
};

typedef struct Chunk {
  struct Chunk *next;
  size_t size; /* of the part that is given out */
  _Alignas(ALIGNMENT) char bytes[];
} Chunk;

struct Arena {
  char *at, *end; /* what is left of the current chunk; both are multiples of ALIGNMENT */
  Chunk *current;
  Chunk *first;
  size_t total;                 /* of all chunks */
  size_t limit;                 /* 0: none */
  void (*leave)(void *context); /* on exhaustion */
  void *context;
};

static _Noreturn void exhausted(const Arena *self)
{
  if (self && self->leave) self->leave(self->context);
  static const char message[] = "error: out of memory\n";
  ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
  (void)ignored;
  abort();
}

static inline size_t round_up(size_t size)
{
  return (size + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

/* Memory for a chunk; a large one begins at a huge page, where the system has them: touching it for the first
 * time takes most of the time that large inputs spend. */
static void *chunk_memory(size_t size)
{
  if (size < HUGE_PAGE) return malloc(size);
  void *at = NULL;
  if (posix_memalign(&at, HUGE_PAGE, size)) return NULL;
  madvise(at, size, MADV_HUGEPAGE);
  return at;
}

static Chunk *chunk_new(Arena *arena, size_t size, Chunk *next)
{
  if (arena->limit && size > arena->limit - (arena->total < arena->limit ? arena->total : arena->limit))
    exhausted(arena);
  Chunk *self = chunk_memory(sizeof *self + size + SMALL);
  if (!self) exhausted(arena);
  arena->total += size;
  self->next = next;
  self->size = size;
  ASAN_POISON_MEMORY_REGION(self->bytes, size + SMALL);
  return self;
}

static void chunk_free(Chunk *self)
{
  ASAN_UNPOISON_MEMORY_REGION(self->bytes, self->size + SMALL);
  free(self);
}

static void enter_chunk(Arena *self, Chunk *chunk, size_t used)
{
  self->current = chunk;
  self->at = chunk->bytes + used;
  self->end = chunk->bytes + chunk->size;
}

Arena *arena_new_for(size_t size)
{
  Arena *self = calloc(1, sizeof *self);
  if (!self) exhausted(NULL);
  if (size > SIZE_MAX / 2) exhausted(NULL);
  self->first = chunk_new(self, round_up(size), NULL);
  enter_chunk(self, self->first, 0);
  return self;
}

Arena *arena_new(void)
{
  return arena_new_for(FIRST_CHUNK);
}

void arena_free(Arena *self)
{
  if (!self) return;
  for (Chunk *chunk = self->first, *next; chunk; chunk = next) {
    next = chunk->next;
    chunk_free(chunk);
  }
  free(self);
}

/* Makes the current chunk one with room for `size` bytes: a kept one, or a new one twice as large as the
 * last. Kept chunks that are too small go, so that a loop of ever larger needs does not pile them up. */
static __attribute__((noinline)) void next_chunk(Arena *self, size_t size)
{
  if (size > SIZE_MAX / 2) exhausted(self);
  size_t need = round_up(size) + FENCE;
  Chunk *next = self->current->next;
  while (next && next->size < need) {
    Chunk *after = next->next;
    self->total -= next->size;
    chunk_free(next);
    next = after;
  }
  self->current->next = next;
  if (!next) {
    /* The largest ones fill their huge pages, and begin no further one. */
    size_t largest = (LARGEST_STEP - sizeof(Chunk) - SMALL) & ~(size_t)(ALIGNMENT - 1);
    size_t step = self->current->size < LARGEST_STEP / 2 ? self->current->size * 2 : largest;
    next = chunk_new(self, need > step ? need : step, NULL);
  }
  self->current->next = next;
  enter_chunk(self, next, 0);
}

static inline char *take(Arena *self, size_t size)
{
  /* What is left is a multiple of the alignment, so a size that fits does so rounded up as well. */
  size_t left = (size_t)(self->end - self->at);
  if (__builtin_expect(size > left || (FENCE && round_up(size) + FENCE > left), 0)) next_chunk(self, size);
  char *block = self->at;
  self->at += round_up(size) + FENCE;
  ASAN_UNPOISON_MEMORY_REGION(block, size);
  return block;
}

void *arena_alloc(Arena *self, size_t size)
{
  char *block = take(self, size);
  if (!FENCE && size <= SMALL)
    memset(block, 0, SMALL);
  else
    memset(block, 0, size);
  return block;
}

void *arena_alloc_raw(Arena *self, size_t size)
{
  return take(self, size);
}

void *arena_alloc_array(Arena *self, size_t count, size_t size)
{
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) exhausted(self);
  return arena_alloc(self, total);
}

void *arena_grow(Arena *self, void *old, size_t old_size, size_t new_size)
{
  if (!old) return take(self, new_size);
  if (new_size <= old_size) return old;
  char *block = old;
  if (block + round_up(old_size) + FENCE == self->at) {
    size_t room = (size_t)(self->end - block);
    if (new_size <= room && round_up(new_size) + FENCE <= room) {
      self->at = block + round_up(new_size) + FENCE;
      ASAN_UNPOISON_MEMORY_REGION(block, new_size);
      return block;
    }
  }
  block = take(self, new_size);
  memcpy(block, old, old_size);
  return block;
}

ArenaMark arena_mark(const Arena *self)
{
  return (ArenaMark){.chunk = self->current, .used = (size_t)(self->at - self->current->bytes)};
}

static void fence_from(Chunk *chunk, size_t used)
{
  for (; FENCE && chunk; chunk = chunk->next, used = 0)
    ASAN_POISON_MEMORY_REGION(chunk->bytes + used, chunk->size + SMALL - used);
}

void arena_reset(Arena *self, ArenaMark mark)
{
  enter_chunk(self, mark.chunk, mark.used);
  fence_from(self->current, mark.used);
}

void arena_limit(Arena *self, size_t bytes, void (*leave)(void *context), void *context)
{
  self->limit = bytes;
  self->leave = leave;
  self->context = context;
}

void arena_trim(Arena *self, size_t bytes)
{
  if (self->total <= bytes) return;
  for (Chunk *chunk = self->current->next, *next; chunk; chunk = next) {
    next = chunk->next;
    self->total -= chunk->size;
    chunk_free(chunk);
  }
  self->current->next = NULL;
}

void arena_absorb(Arena *self, Arena *other)
{
  Chunk *last = other->first;
  fence_from(last, 0);
  while (last->next) last = last->next;
  last->next = self->current->next;
  self->current->next = other->first;
  self->total += other->total;
  free(other);
}
