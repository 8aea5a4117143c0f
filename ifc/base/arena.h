/* Memory that is given back all at once. A command makes one arena and passes it
 * down; hot loops mark it and reset to the mark. Memory exhaustion ends the process:
 * no caller could do better, unless arena_limit says who can. */
#ifndef IFC_BASE_ARENA_H
#define IFC_BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;
typedef struct ArenaMark {
  void *chunk;
  size_t used;
} ArenaMark;

/* A new, empty arena; free it with arena_free. */
Arena *arena_new(void);
/* The same, with room for `size` bytes at once. */
Arena *arena_new_for(size_t size);
/* Gives all memory back. NULL is allowed. */
void arena_free(Arena *self);
/* The end of `other`, whose memory is used again for what `self` needs next. */
void arena_absorb(Arena *self, Arena *other);

/* `size` bytes, zeroed, aligned to 16. Never NULL. Under AddressSanitizer neighbours are fenced. */
void *arena_alloc(Arena *self, size_t size) __attribute__((malloc, returns_nonnull));
/* As arena_alloc, but not zeroed. */
void *arena_alloc_raw(Arena *self, size_t size) __attribute__((malloc, returns_nonnull));
/* `count` × `size` bytes, zeroed; an overflow of the product counts as exhaustion. */
void *arena_alloc_array(Arena *self, size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* Grows the block at `old` in place where it is the newest, else copies it. The tail is not zeroed. */
void *arena_grow(Arena *self, void *old, size_t old_size, size_t new_size);

/* A point to go back to; everything allocated after it is gone when arena_reset returns.
 * Chunks are kept for reuse. */
ArenaMark arena_mark(const Arena *self);
void arena_reset(Arena *self, ArenaMark mark);

/* From now on the arena may have at most so many bytes (0: as many as there are), and exhaustion, of these or
 * of the system's, calls `leave`, which must not return. NULL: it ends the process again. */
void arena_limit(Arena *self, size_t bytes, void (*leave)(void *context), void *context);
/* After a reset: gives back the chunks that are kept for reuse, when the arena has more than `bytes`. */
void arena_trim(Arena *self, size_t bytes);

/* One object, or `count` objects, of a type. */
#define arena_new_of(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define arena_array_of(arena, T, count) ((T *)arena_alloc_array((arena), (count), sizeof(T)))

#endif
