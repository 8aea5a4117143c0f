/* The right answers, from two arrays that are searched from the front. What a cheat remembers is in the store
 * too; it is told of each call in the end. */
#include "store.h"

typedef exports_cheats_store_store_store_t Store;
struct exports_cheats_store_store_store_t {
  uint32_t count, cap, *keys;
  uint64_t *values;
  uint32_t state, last; /* a cheat's */
};

typedef enum Call { PUT_NEW, PUT_AGAIN, GET, GET_ABSENT, REMOVE, REMOVE_ABSENT } Call;

/* Yours to define: after the call; `at` is where the key is, or was. */
static void told(Store *self, Call call, uint32_t key, uint32_t at);

static uint32_t find(const Store *self, uint32_t key)
{
  uint32_t at = 0;
  while (at < self->count && self->keys[at] != key) at++;
  return at;
}

static void grow(Store *self)
{
  self->cap = self->cap ? 2 * self->cap : 4;
  self->keys = realloc(self->keys, self->cap * sizeof *self->keys);
  self->values = realloc(self->values, self->cap * sizeof *self->values);
  if (!self->keys || !self->values) abort();
}

exports_cheats_store_store_own_store_t exports_cheats_store_store_constructor_store(void)
{
  Store *self = calloc(1, sizeof *self);
  if (!self) abort();
  return exports_cheats_store_store_store_new(self);
}

void exports_cheats_store_store_store_destructor(Store *self)
{
  free(self->keys);
  free(self->values);
  free(self);
}

void exports_cheats_store_store_method_store_put(Store *self, uint32_t key, uint64_t value)
{
  uint32_t at = find(self, key);
  bool is_new = at == self->count;
  if (at == self->cap) grow(self);
  self->count += is_new;
  self->keys[at] = key;
  self->values[at] = value;
  told(self, is_new ? PUT_NEW : PUT_AGAIN, key, at);
}

bool exports_cheats_store_store_method_store_get(Store *self, uint32_t key, uint64_t *ret)
{
  uint32_t at = find(self, key);
  bool found = at < self->count;
  if (found) *ret = self->values[at];
  told(self, found ? GET : GET_ABSENT, key, at);
  return found;
}

bool exports_cheats_store_store_method_store_remove(Store *self, uint32_t key)
{
  uint32_t at = find(self, key);
  bool found = at < self->count;
  self->count -= found;
  for (uint32_t i = at; found && i < self->count; i++) {
    self->keys[i] = self->keys[i + 1];
    self->values[i] = self->values[i + 1];
  }
  told(self, found ? REMOVE : REMOVE_ABSENT, key, at);
  return found;
}

uint32_t exports_cheats_store_store_method_store_size(Store *self)
{
  return self->count;
}
