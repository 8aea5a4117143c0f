/* Maps as what they mean: sorted by key, the last pair of a key alone. */
#include <string.h>

#include "ifc/value.h"

static const Type *key_type(const Type *map)
{
  return map->element->fields[0].type;
}

static int compare_keys(const Type *map, Value a, Value b)
{
  return value_compare(key_type(map), a.items[0], b.items[0]);
}

bool value_map_is_sorted(const Type *map, Value self)
{
  for (uint32_t i = 1; i < self.count; i++)
    if (compare_keys(map, self.items[i - 1], self.items[i]) >= 0) return false;
  return true;
}

/* Merges two sorted runs; pairs of the same key stay in their order. */
static void merge(const Type *map, const Value *from, size_t middle, size_t end, Value *to)
{
  size_t left = 0, right = middle;
  for (size_t at = 0; at < end; at++) {
    bool from_right = left == middle || (right < end && compare_keys(map, from[left], from[right]) > 0);
    to[at] = from_right ? from[right++] : from[left++];
  }
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Bottom-up, between two arrays; returns the one that holds the result. */
static Value *sort(const Type *map, Value *pairs, Value *scratch, size_t count)
{
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t at = 0; at < count; at += 2 * width) {
      size_t end = least(count - at, 2 * width);
      merge(map, pairs + at, least(end, width), end, scratch + at);
    }
    Value *sorted = scratch;
    scratch = pairs;
    pairs = sorted;
  }
  return pairs;
}

static uint32_t keep_last_of_each(const Type *map, Value *pairs, uint32_t count)
{
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    bool is_replaced = i + 1 < count && compare_keys(map, pairs[i], pairs[i + 1]) == 0;
    if (!is_replaced) pairs[kept++] = pairs[i];
  }
  return kept;
}

Value value_map_sorted(Arena *arena, const Type *map, Value self)
{
  if (value_map_is_sorted(map, self)) return self;
  Value *pairs = arena_array_of(arena, Value, self.count),
        *scratch = arena_array_of(arena, Value, self.count);
  memcpy(pairs, self.items, self.count * sizeof *pairs);
  Value *sorted = sort(map, pairs, scratch, self.count);
  return (Value){.items = sorted, .count = keep_last_of_each(map, sorted, self.count)};
}

const Value *value_map_find(const Type *map, Value self, Value key)
{
  for (uint32_t i = self.count; i > 0; i--)
    if (value_equal(key_type(map), self.items[i - 1].items[0], key)) return &self.items[i - 1].items[1];
  return NULL;
}
