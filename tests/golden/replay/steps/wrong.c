/* The module's own queue gives the newest of two; one of a resource forgets a name of two letters once it was
 * asked for what it has not; one of a list leaves out all but two. */
#include "steps.h"

#include <stdlib.h>
#include <string.h>

typedef exports_test_replay_steps_queue_t Queue;
typedef exports_test_replay_steps_own_queue_t Own;
typedef exports_test_replay_steps_borrow_queue_t Borrowed;

enum { ROOM = 64 };

struct exports_test_replay_steps_queue_t {
  uint32_t items[ROOM], count;
  steps_string_t name;
};

static Queue own;

static void put(Queue *self, uint32_t x)
{
  if (self->count < ROOM) self->items[self->count++] = x;
}

static bool take(Queue *self, uint32_t *out)
{
  if (!self->count) return false;
  *out = self->items[0];
  memmove(self->items, self->items + 1, --self->count * sizeof *self->items);
  return true;
}

void exports_test_replay_steps_put(uint32_t x)
{
  put(&own, x);
}

bool exports_test_replay_steps_take(uint32_t *ret)
{
  if (own.count < 2) return take(&own, ret);
  *ret = own.items[--own.count];
  return true;
}

Own exports_test_replay_steps_constructor_queue(steps_string_t *name)
{
  Queue *self = calloc(1, sizeof *self);
  self->name = *name;
  return exports_test_replay_steps_queue_new(self);
}

void exports_test_replay_steps_method_queue_put(Borrowed self, uint32_t x)
{
  put(self, x);
}

bool exports_test_replay_steps_method_queue_take(Borrowed self, uint32_t *ret)
{
  if (!self->count && self->name.len == 2) self->name.len = 0;
  return take(self, ret);
}

void exports_test_replay_steps_method_queue_name(Borrowed self, steps_string_t *ret)
{
  ret->ptr = malloc(self->name.len + 1);
  ret->len = self->name.len;
  if (ret->len) memcpy(ret->ptr, self->name.ptr, ret->len);
}

Own exports_test_replay_steps_static_queue_of(steps_list_u32_t *xs)
{
  Queue *self = calloc(1, sizeof *self);
  for (size_t i = 0; i < xs->len && i < 2; i++) put(self, xs->ptr[i]);
  steps_list_u32_free(xs);
  return exports_test_replay_steps_queue_new(self);
}

void exports_test_replay_steps_static_queue_both(Borrowed a, Borrowed b, steps_list_u32_t *ret)
{
  ret->len = a->count + b->count;
  ret->ptr = malloc((ret->len + 1) * sizeof *ret->ptr);
  memcpy(ret->ptr, a->items, a->count * sizeof *ret->ptr);
  memcpy(ret->ptr + a->count, b->items, b->count * sizeof *ret->ptr);
}

void exports_test_replay_steps_queue_destructor(Queue *rep)
{
  steps_string_free(&rep->name);
  free(rep);
}
