#include "ifc/bind.h"

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/wit.h"

/* Interfaces that an interface uses, those that these use, and so on, are imported. */
static void import_used(Arena *arena, const Interface *interface, World *out)
{
  VEC(WorldItem) items = {0};
  Map *seen = map_new(arena);
  const Interface *next = interface;
  for (size_t i = 0; next; next = i < items.len ? items.at[i++].interface : NULL)
    for (uint32_t k = 0; k < next->use_count; k++) {
      Str key = {(const char *)&next->uses[k], sizeof next->uses[k]};
      if (next->uses[k] == interface || map_put(seen, key, out)) continue;
      WorldItem item = {.kind = WORLD_INTERFACE, .interface = next->uses[k], .implied = true};
      vec_push(arena, &items, item);
    }
  out->imports = items.at;
  out->import_count = (uint32_t)items.len;
}

const World *bind_world(Arena *arena, const Interface *interface)
{
  if (interface_is_world(interface)) return interface->world;
  WorldItem *export = arena_new_of(arena, WorldItem);
  *export = (WorldItem){.kind = WORLD_INTERFACE, .interface = interface};
  if (interface->world) export->name = interface->name;
  World *world = arena_new_of(arena, World);
  *world = (World){.name = interface->name,
                   .id = interface->id,
                   .package = interface->package,
                   .exports = export,
                   .export_count = 1};
  import_used(arena, interface, world);
  return world;
}
