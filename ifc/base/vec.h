/* Growing arrays in an arena. A vector is any struct with `at`, `len` and `cap`;
 * VEC(T) makes one. Elements move when it grows: keep indices, not pointers. */
#ifndef IFC_BASE_VEC_H
#define IFC_BASE_VEC_H

#include <stddef.h>

#include "ifc/base/arena.h"

#define VEC(T)       \
  struct {           \
    T *at;           \
    size_t len, cap; \
  }

/* Appends one element (the variadic part may hold a compound literal). */
#define vec_push(arena, vec, ...)                                                           \
  ((vec)->at = vec_reserve((arena), (vec)->at, (vec)->len, &(vec)->cap, sizeof *(vec)->at), \
   (vec)->at[(vec)->len++] = (__VA_ARGS__))
/* The last element; the vector must not be empty. */
#define vec_last(vec) ((vec)->at[(vec)->len - 1])

/* What vec_push is made of: room for one more element, `*cap` counted in elements. */
void *vec_reserve(Arena *arena, void *at, size_t len, size_t *cap, size_t element_size);

#endif
