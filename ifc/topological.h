/* The order in which things can be made that are made of each other. */
#ifndef IFC_TOPOLOGICAL_H
#define IFC_TOPOLOGICAL_H

#include "ifc/base/arena.h"
#include "ifc/base/vec.h"
#include <stdint.h>

typedef struct Dependency {
  uint32_t whole, part; /* `part` comes first */
} Dependency;

typedef VEC(Dependency) Dependencies;

/* The numbers below `count`, each behind those that it depends on, and among those that could come next
 * always the least first, as the reference parser does. What is in a cycle, or depends on one, is left out:
 * `*ordered` says how many came out. O((count + dependencies) log count). */
uint32_t *topological_order(Arena *arena, uint32_t count, const Dependencies *dependencies,
                            uint32_t *ordered);

#endif
