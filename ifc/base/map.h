/* A hash map from slices to pointers, in an arena; iterates in insertion order. */
#ifndef IFC_BASE_MAP_H
#define IFC_BASE_MAP_H

#include "ifc/base/arena.h"
#include "ifc/base/str.h"

typedef struct Map Map;
typedef struct MapEntry {
  Str key; /* not copied: must outlive the map */
  void *value;
} MapEntry;

Map *map_new(Arena *arena);
/* Makes room for `count` entries in all, so that no memory is left behind by growing up to there. */
void map_reserve(Map *self, size_t count);
/* The value put under `key`, or NULL. */
void *map_get(const Map *self, Str key);
/* Puts `value` under `key` if there is none yet and returns NULL, else returns what is there. */
void *map_put(Map *self, Str key, void *value);
size_t map_count(const Map *self);
/* The entry that was put as number `index`, counted from 0. */
const MapEntry *map_entry(const Map *self, size_t index);

#endif
