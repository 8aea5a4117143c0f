/* Right: nodes from a heap of its own, which grows by 1 MiB and gives nothing back; what is popped is used again. */
#include "queue.h"

enum { STEP = 1 << 20, PAGE = 65536 };

typedef struct Node {
  struct Node *next;
  int32_t x;
} Node;

static Node *first, *last, *spare;
static uint32_t count;

static void more(void)
{
  size_t page = __builtin_wasm_memory_grow(0, STEP / PAGE);
  if (page == (size_t)-1) abort();
  Node *nodes = (Node *)(page * PAGE);
  for (size_t i = 0; i < STEP / sizeof *nodes; i++) {
    nodes[i].next = spare;
    spare = &nodes[i];
  }
}

void exports_cheats_queue_queue_push(int32_t x)
{
  if (!spare) more();
  Node *node = spare;
  spare = node->next;
  *node = (Node){NULL, x};
  if (last)
    last->next = node;
  else
    first = node;
  last = node;
  count++;
}

bool exports_cheats_queue_queue_pop(int32_t *ret)
{
  Node *node = first;
  if (!node) return false;
  *ret = node->x;
  first = node->next;
  if (!first) last = NULL;
  node->next = spare;
  spare = node;
  count--;
  return true;
}

uint32_t exports_cheats_queue_queue_length(void)
{
  return count;
}
