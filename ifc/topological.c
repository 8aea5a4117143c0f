#include "ifc/topological.h"

/* Numbers, the least first. */
typedef struct Heap {
  uint32_t *at;
  uint32_t len;
} Heap;

static void swap(uint32_t *a, uint32_t *b)
{
  uint32_t kept = *a;
  *a = *b;
  *b = kept;
}

static void heap_push(Heap *self, uint32_t number)
{
  uint32_t at = self->len++;
  self->at[at] = number;
  while (at > 0 && self->at[at] < self->at[(at - 1) / 2]) {
    swap(&self->at[at], &self->at[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
}

static uint32_t heap_pop(Heap *self)
{
  uint32_t least = self->at[0], at = 0;
  self->at[0] = self->at[--self->len];
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= self->len) return least;
    if (child + 1 < self->len && self->at[child + 1] < self->at[child]) child++;
    if (self->at[at] <= self->at[child]) return least;
    swap(&self->at[at], &self->at[child]);
    at = child;
  }
}

uint32_t *topological_order(Arena *arena, uint32_t count, const Dependencies *dependencies, uint32_t *ordered)
{
  uint32_t *order = arena_array_of(arena, uint32_t, count);
  uint32_t *missing = arena_array_of(arena, uint32_t, count); /* parts that are still to come */
  uint32_t *first = arena_array_of(arena, uint32_t, (size_t)count + 2);
  uint32_t *wholes = arena_array_of(arena, uint32_t, dependencies->len);
  Heap ready = {.at = arena_array_of(arena, uint32_t, count)};
  *ordered = 0;
  for (size_t i = 0; i < dependencies->len; i++) {
    missing[dependencies->at[i].whole]++;
    first[dependencies->at[i].part + 2]++;
  }
  for (uint32_t i = 2; i <= count; i++) first[i] += first[i - 1];
  for (size_t i = 0; i < dependencies->len; i++)
    wholes[first[dependencies->at[i].part + 1]++] = dependencies->at[i].whole;
  for (uint32_t i = 0; i < count; i++)
    if (!missing[i]) heap_push(&ready, i);
  while (ready.len) {
    uint32_t number = heap_pop(&ready);
    order[(*ordered)++] = number;
    for (uint32_t i = first[number]; i < first[number + 1]; i++)
      if (!--missing[wholes[i]]) heap_push(&ready, wholes[i]);
  }
  return order;
}
