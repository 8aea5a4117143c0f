/* Memory for arguments that is given back all at once, so that no block needs to be known alone. */
#include "join-right.h"

typedef struct Block {
  _Alignas(16) struct Block *next;
} Block;

static Block *pool;

static inline void *pool_take(size_t size)
{
  Block *block = room(sizeof *block + size);
  block->next = pool;
  pool = block;
  return block + 1;
}

static inline void pool_release(void)
{
  while (pool) {
    Block *next = pool->next;
    free(pool);
    pool = next;
  }
}
