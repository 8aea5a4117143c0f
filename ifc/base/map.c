#include "ifc/base/map.h"

#include <string.h>

#include "ifc/base/vec.h"

__extension__ typedef unsigned __int128 Wide;

typedef struct Slot {
  uint32_t hash;
  uint32_t entry; /* its index + 1; 0: free */
} Slot;

/* Most maps stay so small that looking at every entry is faster than hashing. */
enum { SMALL = 8, FIRST_SLOTS = 4 * SMALL };

struct Map {
  Arena *arena;
  uint64_t seed;
  VEC(MapEntry) entries;
  Slot *slots; /* open addressing, linear probing, at most three quarters full; NULL: no more than SMALL
                  entries */
  size_t mask; /* slots − 1; slots are a power of two */
};

static uint64_t mix(uint64_t a, uint64_t b)
{
  Wide product = (Wide)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Up to eight bytes as a number: overlapping pieces, so that different texts of one length differ. */
static uint64_t read_short(Str key)
{
  if (key.len >= 4) {
    uint32_t head, tail;
    memcpy(&head, key.at, 4);
    memcpy(&tail, key.at + key.len - 4, 4);
    return (uint64_t)head << 32 | tail;
  }
  if (!key.len) return 0;
  const unsigned char *bytes = (const unsigned char *)key.at;
  return (uint64_t)bytes[0] << 16 | (uint64_t)bytes[key.len / 2] << 8 | bytes[key.len - 1];
}

static bool key_equal(Str a, Str b)
{
  if (a.len != b.len) return false;
  return a.len <= 8 ? read_short(a) == read_short(b) : memcmp(a.at, b.at, a.len) == 0;
}

/* As in wyhash (Wang Yi). Seeded by an address, so that nobody can prepare keys that all collide. */
static uint32_t key_hash(const Map *self, Str key)
{
  uint64_t hash = self->seed ^ key.len;
  while (key.len > 8) {
    uint64_t word;
    memcpy(&word, key.at, 8);
    hash = mix(hash ^ word, 0xa0761d6478bd642f);
    key = (Str){key.at + 8, key.len - 8};
  }
  hash = mix(hash ^ read_short(key), 0xe7037ed1a0b428db);
  return (uint32_t)(hash ^ hash >> 32);
}

Map *map_new(Arena *arena)
{
  Map *self = arena_new_of(arena, Map);
  self->arena = arena;
  self->seed = mix((uintptr_t)self ^ 0x9e3779b97f4a7c15, 0x8ebc6af09c88c6e3);
  return self;
}

/* The slot that holds `key`, or the free one where it belongs. */
static Slot *find_slot(const Map *self, Str key, uint32_t hash)
{
  for (size_t at = hash & self->mask;; at = (at + 1) & self->mask) {
    Slot *slot = &self->slots[at];
    if (!slot->entry) return slot;
    if (slot->hash == hash && key_equal(self->entries.at[slot->entry - 1].key, key)) return slot;
  }
}

/* `count`, a power of two, of slots instead of those that are there. */
static void make_slots(Map *self, size_t count)
{
  self->slots = arena_array_of(self->arena, Slot, count);
  self->mask = count - 1;
  for (size_t i = 0; i < self->entries.len; i++) {
    uint32_t hash = key_hash(self, self->entries.at[i].key);
    *find_slot(self, self->entries.at[i].key, hash) = (Slot){.hash = hash, .entry = (uint32_t)i + 1};
  }
}

static void widen(Map *self)
{
  const Slot *old = self->slots;
  size_t old_count = self->mask + 1, count = old_count * 2;
  if (count > UINT32_MAX) count = SIZE_MAX; /* entries are numbered in 32 bits: counts as exhaustion */
  self->slots = arena_array_of(self->arena, Slot, count);
  self->mask = count - 1;
  for (size_t i = 0; i < old_count; i++) {
    if (!old[i].entry) continue;
    size_t at = old[i].hash & self->mask;
    while (self->slots[at].entry) at = (at + 1) & self->mask;
    self->slots[at] = old[i];
  }
}

void map_reserve(Map *self, size_t count)
{
  if (count <= self->entries.len || count > UINT32_MAX / 2) return;
  size_t slots = FIRST_SLOTS;
  while (slots / 4 * 3 < count) slots *= 2;
  if (count > SMALL && (!self->slots || slots > self->mask + 1)) make_slots(self, slots);
  if (count <= self->entries.cap) return;
  MapEntry *entries = arena_array_of(self->arena, MapEntry, count);
  if (self->entries.len) memcpy(entries, self->entries.at, self->entries.len * sizeof *entries);
  self->entries.at = entries;
  self->entries.cap = count;
}

static const MapEntry *find_small(const Map *self, Str key)
{
  for (size_t i = 0; i < self->entries.len; i++)
    if (key_equal(self->entries.at[i].key, key)) return &self->entries.at[i];
  return NULL;
}

void *map_get(const Map *self, Str key)
{
  if (!self->slots) {
    const MapEntry *entry = find_small(self, key);
    return entry ? entry->value : NULL;
  }
  const Slot *slot = find_slot(self, key, key_hash(self, key));
  return slot->entry ? self->entries.at[slot->entry - 1].value : NULL;
}

/* Without slots: false when they are needed now. */
static bool put_small(Map *self, Str key, void *value, void **there)
{
  const MapEntry *entry = find_small(self, key);
  *there = entry ? entry->value : NULL;
  if (entry) return true;
  if (self->entries.len == SMALL) return false;
  vec_push(self->arena, &self->entries, (MapEntry){.key = key, .value = value});
  return true;
}

void *map_put(Map *self, Str key, void *value)
{
  void *there;
  if (!self->slots) {
    if (put_small(self, key, value, &there)) return there;
    make_slots(self, FIRST_SLOTS);
  }
  if (self->entries.len >= (self->mask + 1) / 4 * 3) widen(self);
  uint32_t hash = key_hash(self, key);
  Slot *slot = find_slot(self, key, hash);
  if (slot->entry) return self->entries.at[slot->entry - 1].value;
  vec_push(self->arena, &self->entries, (MapEntry){.key = key, .value = value});
  *slot = (Slot){.hash = hash, .entry = (uint32_t)self->entries.len};
  return NULL;
}

size_t map_count(const Map *self)
{
  return self->entries.len;
}

const MapEntry *map_entry(const Map *self, size_t index)
{
  return &self->entries.at[index];
}
