/* Right: a skip list, the levels of whose nodes come from their addresses. Nodes are used again; a store that is
 * dropped is given back when eight more have been. */
#include "store.h"

enum { LEVELS = 12, LATER = 8 };

typedef struct Node {
  uint32_t key, levels;
  uint64_t value;
  struct Node *next[LEVELS];
} Node;

typedef exports_cheats_store_store_store_t Store;
struct exports_cheats_store_store_store_t {
  Node head;
  uint32_t count;
};

static Node *spare;
static Store *dropped[LATER];
static uint32_t drops;

static void node_give(Node *node)
{
  node->next[0] = spare;
  spare = node;
}

static Node *node_new(uint32_t key, uint64_t value)
{
  Node *self = spare ? spare : malloc(sizeof *self);
  if (!self) abort();
  if (spare) spare = spare->next[0];
  uint32_t mixed = (uint32_t)(uintptr_t)self * UINT32_C(2654435761);
  *self = (Node){.key = key, .value = value, .levels = 1};
  while (self->levels < LEVELS && mixed >> (31 - self->levels) & 1) self->levels++;
  return self;
}

/* The last node before the key on each level; the node of the key, or NULL. */
static Node *find(Store *self, uint32_t key, Node *before[LEVELS])
{
  Node *at = &self->head;
  for (int level = LEVELS; level-- > 0;) {
    while (at->next[level] && at->next[level]->key < key) at = at->next[level];
    before[level] = at;
  }
  return at->next[0] && at->next[0]->key == key ? at->next[0] : NULL;
}

exports_cheats_store_store_own_store_t exports_cheats_store_store_constructor_store(void)
{
  Store *self = calloc(1, sizeof *self);
  if (!self) abort();
  return exports_cheats_store_store_store_new(self);
}

void exports_cheats_store_store_store_destructor(Store *self)
{
  Store **place = &dropped[drops++ % LATER], *old = *place;
  *place = self;
  if (!old) return;
  for (Node *node = old->head.next[0], *next; node; node = next) {
    next = node->next[0];
    node_give(node);
  }
  free(old);
}

void exports_cheats_store_store_method_store_put(Store *self, uint32_t key, uint64_t value)
{
  Node *before[LEVELS], *node = find(self, key, before);
  if (node) {
    node->value = value;
    return;
  }
  node = node_new(key, value);
  for (uint32_t level = 0; level < node->levels; level++) {
    node->next[level] = before[level]->next[level];
    before[level]->next[level] = node;
  }
  self->count++;
}

bool exports_cheats_store_store_method_store_get(Store *self, uint32_t key, uint64_t *ret)
{
  Node *before[LEVELS], *node = find(self, key, before);
  if (node) *ret = node->value;
  return node;
}

bool exports_cheats_store_store_method_store_remove(Store *self, uint32_t key)
{
  Node *before[LEVELS], *node = find(self, key, before);
  if (!node) return false;
  for (uint32_t level = 0; level < node->levels; level++) before[level]->next[level] = node->next[level];
  node_give(node);
  self->count--;
  return true;
}

uint32_t exports_cheats_store_store_method_store_size(Store *self)
{
  return self->count;
}
