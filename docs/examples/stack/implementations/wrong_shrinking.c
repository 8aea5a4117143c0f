/* An array that grows and shrinks; what is on top when it shrinks is lost. */
#include "stack.h"

struct exports_collections_basic_stack_stack_t {
  uint32_t *items;
  size_t len, capacity;
};

typedef exports_collections_basic_stack_stack_t Stack;
typedef exports_collections_basic_stack_own_stack_t OwnStack;
typedef exports_collections_basic_stack_borrow_stack_t BorrowStack;

enum { ITEMS_MAX = 1000 };

static uint32_t living;

static Stack *stack_new(void)
{
  Stack *self = calloc(1, sizeof *self);
  if (!self) __builtin_trap();
  living++;
  return self;
}

static void push(Stack *self, uint32_t x)
{
  if (self->len == self->capacity) {
    self->capacity = self->capacity ? 2 * self->capacity : 4;
    self->items = realloc(self->items, self->capacity * sizeof *self->items);
    if (!self->items) __builtin_trap();
  }
  self->items[self->len++] = x;
}

void exports_collections_basic_stack_stack_destructor(Stack *rep)
{
  free(rep->items);
  free(rep);
  living--;
}

OwnStack exports_collections_basic_stack_constructor_stack(void)
{
  return exports_collections_basic_stack_stack_new(stack_new());
}

void exports_collections_basic_stack_method_stack_push(BorrowStack self, uint32_t x)
{
  push(self, x);
}

static void shrink(Stack *self)
{
  uint32_t *items = calloc(self->capacity / 2, sizeof *items);
  if (!items) __builtin_trap();
  memcpy(items, self->items, (self->len - 1) * sizeof *items);
  free(self->items);
  self->items = items;
  self->capacity /= 2;
}

bool exports_collections_basic_stack_method_stack_pop(BorrowStack self, uint32_t *ret)
{
  if (self->len == 0) return false;
  *ret = self->items[--self->len];
  if (self->capacity > 4 && self->len == self->capacity / 4) shrink(self);
  return true;
}

uint32_t exports_collections_basic_stack_method_stack_len(BorrowStack self)
{
  return (uint32_t)self->len;
}

bool exports_collections_basic_stack_static_stack_of(stack_list_u32_t *xs, OwnStack *ret, stack_string_t *err)
{
  if (xs->len > ITEMS_MAX) {
    stack_string_dup(err, "too many");
    stack_list_u32_free(xs);
    return false;
  }
  Stack *made = stack_new();
  for (size_t i = 0; i < xs->len; i++) push(made, xs->ptr[i]);
  *ret = exports_collections_basic_stack_stack_new(made);
  stack_list_u32_free(xs);
  return true;
}

OwnStack exports_collections_basic_stack_static_stack_merged(OwnStack lower, OwnStack upper)
{
  Stack *to = exports_collections_basic_stack_stack_rep(lower);
  const Stack *from = exports_collections_basic_stack_stack_rep(upper);
  for (size_t i = 0; i < from->len; i++) push(to, from->items[i]);
  exports_collections_basic_stack_stack_drop_own(upper);
  return lower;
}

void exports_collections_basic_stack_method_stack_items(BorrowStack self, stack_list_u32_t *ret)
{
  ret->len = self->len;
  ret->ptr = self->len ? malloc(self->len * sizeof *ret->ptr) : NULL;
  if (self->len) memcpy(ret->ptr, self->items, self->len * sizeof *ret->ptr);
}

void exports_collections_basic_stack_split(OwnStack it, uint32_t at,
                                           exports_collections_basic_stack_two_parts_t *ret)
{
  Stack *low = exports_collections_basic_stack_stack_rep(it);
  size_t count = at < low->len ? low->len - at : 0;
  ret->high.len = count;
  ret->high.ptr = count ? malloc(count * sizeof *ret->high.ptr) : NULL;
  for (size_t i = 0; i < count; i++) {
    Stack *one = stack_new();
    push(one, low->items[at + i]);
    ret->high.ptr[i] = exports_collections_basic_stack_stack_new(one);
  }
  low->len -= count;
  ret->low = it;
}

uint64_t exports_collections_basic_stack_total(exports_collections_basic_stack_list_borrow_stack_t *all)
{
  uint64_t total = 0;
  for (size_t i = 0; i < all->len; i++)
    for (size_t k = 0; k < all->ptr[i]->len; k++) total += all->ptr[i]->items[k];
  exports_collections_basic_stack_list_borrow_stack_free(all);
  return total;
}

uint32_t exports_collections_basic_stack_living(void)
{
  return living;
}
