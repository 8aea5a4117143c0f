// Asks the implementation of geometry:shapes/circle about every pair.
#include "scene.h"

typedef exports_geometry_scenes_scene_list_circle_t circles;

static bool overlap(const circles *all, size_t a, size_t b)
{
  return geometry_shapes_circle_intersects(&all->ptr[a], &all->ptr[b]);
}

void exports_geometry_scenes_scene_overlaps(circles *all, scene_list_tuple2_u32_u32_t *ret)
{
  size_t room = all->len * (all->len - (all->len > 0)) / 2;
  ret->len = 0;
  ret->ptr = malloc((room ? room : 1) * sizeof *ret->ptr);
  for (size_t a = 0; a < all->len; a++)
    for (size_t b = a + 1; b < all->len; b++)
      if (overlap(all, a, b)) ret->ptr[ret->len++] = (scene_tuple2_u32_u32_t){(uint32_t)a, (uint32_t)b};
  if (!ret->len) free(ret->ptr);
  exports_geometry_scenes_scene_list_circle_free(all);
}

/* The circle that stands for the island that this one is on. */
static uint32_t island(const uint32_t *next, uint32_t of)
{
  while (next[of] != of) of = next[of];
  return of;
}

uint32_t exports_geometry_scenes_scene_islands(circles *all)
{
  uint32_t count = (uint32_t)all->len, *next = malloc((count ? count : 1) * sizeof *next);
  for (uint32_t i = 0; i < all->len; i++) next[i] = i;
  for (uint32_t a = 0; a < all->len; a++)
    for (uint32_t b = a + 1; b < all->len; b++) {
      uint32_t one = island(next, a), other = island(next, b);
      if (one == other || !overlap(all, a, b)) continue;
      next[one] = other;
      count--;
    }
  free(next);
  exports_geometry_scenes_scene_list_circle_free(all);
  return count;
}
