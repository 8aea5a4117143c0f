// WRONG: asks only about neighbours in the list.
#include "scene.h"

static bool overlap(const exports_geometry_scenes_scene_list_circle_t *all, size_t a)
{
  return geometry_shapes_circle_intersects(&all->ptr[a], &all->ptr[a + 1]);
}

void exports_geometry_scenes_scene_overlaps(exports_geometry_scenes_scene_list_circle_t *all,
                                            scene_list_tuple2_u32_u32_t *ret)
{
  ret->len = 0;
  ret->ptr = malloc((all->len + 1) * sizeof *ret->ptr);
  for (size_t a = 0; a + 1 < all->len; a++)
    if (overlap(all, a)) ret->ptr[ret->len++] = (scene_tuple2_u32_u32_t){(uint32_t)a, (uint32_t)a + 1};
  if (!ret->len) free(ret->ptr);
  exports_geometry_scenes_scene_list_circle_free(all);
}

uint32_t exports_geometry_scenes_scene_islands(exports_geometry_scenes_scene_list_circle_t *all)
{
  uint32_t count = (uint32_t)all->len;
  for (size_t a = 0; a + 1 < all->len; a++) count -= overlap(all, a);
  exports_geometry_scenes_scene_list_circle_free(all);
  return count;
}
