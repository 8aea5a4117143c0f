#include "ifc/base/vec.h"

#include <stdint.h>

/* Most vectors stay short, and there are many. */
static size_t first_cap(size_t element_size)
{
  enum { FIRST_BYTES = 64, LEAST = 2, MOST = 8 };
  size_t cap = FIRST_BYTES / (element_size ? element_size : 1);
  if (cap < LEAST) return LEAST;
  return cap < MOST ? cap : MOST;
}

void *vec_reserve(Arena *arena, void *at, size_t len, size_t *cap, size_t element_size)
{
  if (len < *cap) return at;
  size_t new_cap = *cap ? *cap * 2 : first_cap(element_size), new_size;
  if (*cap > SIZE_MAX / 2 || __builtin_mul_overflow(new_cap, element_size, &new_size)) new_size = SIZE_MAX;
  void *moved = arena_grow(arena, at, *cap * element_size, new_size);
  *cap = new_cap;
  return moved;
}
