#include "ifc/wit_resolve.h"

/* A world holds all that it includes, so that worlds which include each other in a row can be far larger than
 * their text: so many items are in all worlds of one run. */
enum { WORLD_ITEMS_MAX = 4000000 };

void items_init(ItemList *self, Arena *arena)
{
  *self = (ItemList){.arena = arena, .by_name = map_new(arena), .by_interface = map_new(arena)};
}

WorldItem *items_find(const ItemList *self, Str name, const Interface *interface)
{
  const void *index = name.len
                          ? map_get(self->by_name, name)
                          : map_get(self->by_interface, (Str){(const char *)&interface, sizeof interface});
  return index ? &self->items.at[(uintptr_t)index - 1] : NULL;
}

bool items_add(Resolver *resolver, ItemList *self, WorldItem item)
{
  resolver->is_full = resolver->world_items + self->items.len >= WORLD_ITEMS_MAX;
  if (resolver->is_full) return false;
  vec_push(self->arena, &self->items, item);
  void *index = (void *)(uintptr_t)self->items.len; // NOLINT(performance-no-int-to-ptr)
  if (item.name.len) {
    map_put(self->by_name, item.name, index);
  } else {
    const Interface **key = arena_new_of(self->arena, const Interface *);
    *key = item.interface;
    map_put(self->by_interface, (Str){(const char *)key, sizeof *key}, index);
  }
  return true;
}
