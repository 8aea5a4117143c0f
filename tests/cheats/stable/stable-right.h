/* The right answer, in place: insertion where the list is short, merging where it is long. */
#include "stable.h"

typedef exports_cheats_stable_stable_entry_t Entry;
typedef exports_cheats_stable_stable_list_entry_t Entries;

static void insert_each(Entry *xs, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    Entry x = xs[i];
    size_t at = i;
    for (; at && xs[at - 1].key > x.key; at--) xs[at] = xs[at - 1];
    xs[at] = x;
  }
}

static void merge_sort(Entry *xs, Entry *room, size_t count)
{
  size_t half = count / 2;
  if (count < 12) {
    insert_each(xs, count);
    return;
  }
  merge_sort(xs, room, half);
  merge_sort(xs + half, room, count - half);
  memcpy(room, xs, half * sizeof *xs);
  for (size_t a = 0, b = half, to = 0; a < half; to++)
    xs[to] = b < count && xs[b].key < room[a].key ? xs[b++] : room[a++];
}

static inline void order(Entries *entries, Entries *ret)
{
  Entry *room = malloc(entries->len / 2 * sizeof *room + 1);
  if (!room) abort();
  merge_sort(entries->ptr, room, entries->len);
  free(room);
  *ret = *entries;
}
