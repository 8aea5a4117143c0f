/* Memory for the items of interfaces that are looked at once: some interfaces in a row share a pool, which is
 * used for other things when the last of them is done. */
#include "ifc/wit_parse.h"

/* Items take some times the size of their text. */
enum { POOL_TEXT = 400 << 10, SIZE_TO_TEXT = 10 };

struct AstPool {
  AstPool *next;
  Arena *arena;   /* NULL: given back */
  uint32_t from;  /* where in the text the first of its interfaces stands */
  uint32_t users; /* interfaces that are not released */
};

static AstPool *pool_new(const Parser *self, AstPool *next)
{
  AstPool *pool = arena_new_of(self->arena, AstPool);
  uint32_t from = self->token.span.at;
  size_t text = self->lexer.source->text.len - from;
  size_t size = (text < POOL_TEXT ? text : POOL_TEXT) * SIZE_TO_TEXT;
  *pool = (AstPool){.next = next, .arena = arena_new_for(size), .from = from};
  return pool;
}

void pool_enter(Parser *self, AstInterface *interface)
{
  if (!self->pools) return;
  if (!*self->pools || self->token.span.at - (*self->pools)->from > POOL_TEXT)
    *self->pools = pool_new(self, *self->pools);
  interface->pool = *self->pools;
  interface->pool->users++;
  self->body = interface->pool->arena;
}

void ast_release(AstInterface *self, Arena *arena)
{
  AstPool *pool = self->pool;
  if (!pool) return;
  self->pool = NULL;
  self->items = NULL;
  self->item_count = 0;
  if (--pool->users) return;
  arena_absorb(arena, pool->arena);
  pool->arena = NULL;
}

void ast_release_file(AstFile *self)
{
  for (AstPool *pool = self->pools; pool; pool = pool->next) arena_free(pool->arena);
  self->pools = NULL;
}
