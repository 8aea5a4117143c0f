#include "runtime/handles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

void handles_release(HandleTable *self)
{
  free(self->places);
  free(self->lent);
  *self = (HandleTable){0};
}

/* Room for `wanted` elements; NULL when there is no memory. */
static void *reserve(void *at, uint32_t *capacity, uint32_t wanted, size_t size)
{
  if (at && wanted <= *capacity) return at;
  uint32_t grown = *capacity ? *capacity : FIRST_CAPACITY;
  while (grown < wanted) grown *= 2;
  void *moved = realloc(at, grown * size);
  if (moved) *capacity = grown;
  return moved;
}

bool handles_assign(HandleTable *self, const HandleTable *from)
{
  if (from->length) {
    Handle *places = reserve(self->places, &self->capacity, from->length, sizeof *places);
    if (!places) return false;
    self->places = memcpy(places, from->places, from->length * sizeof *places);
  }
  self->length = from->length;
  self->free = from->free;
  self->count = from->count;
  self->serial = from->serial;
  self->lent_count = 0;
  return true;
}

/* --- finding one */

/* The handle at this place, which must be one of the resource's. */
static Handle *find(const HandleTable *self, const ResourceType *resource, uint32_t index, Fault *fault)
{
  Handle *handle = index < self->length ? &self->places[index] : NULL;
  if (index == 0 || !handle || !handle->resource) {
    fault_set(fault, FAULT_UNKNOWN_HANDLE, "%" PRIu32 " as a %.*s", index, STR_ARG(resource->name));
    return NULL;
  }
  if (handle->resource == resource) return handle;
  fault_set(fault, FAULT_WRONG_RESOURCE, "%" PRIu32 " is a %.*s, not a %.*s", index,
            STR_ARG(handle->resource->name), STR_ARG(resource->name));
  return NULL;
}

static Handle *find_not_lent(const HandleTable *self, const ResourceType *resource, uint32_t index,
                             Fault *fault)
{
  Handle *handle = find(self, resource, index, fault);
  if (!handle || !handle->lends) return handle;
  fault_set(fault, FAULT_HANDLE_LENT, "%" PRIu32 ", a %.*s", index, STR_ARG(resource->name));
  return NULL;
}

bool handles_rep(const HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                 Fault *fault)
{
  const Handle *handle = find(self, resource, index, fault);
  if (!handle) return false;
  *rep = handle->rep;
  return true;
}

/* --- changes */

/* Place 0 is made with the first one, and never free. */
static uint32_t new_place(HandleTable *self)
{
  uint32_t index = self->length ? self->length : 1;
  Handle *places = reserve(self->places, &self->capacity, index + 1, sizeof *places);
  if (!places) return 0;
  self->places = places;
  if (index == 1) places[0] = (Handle){0};
  self->length = index + 1;
  return index;
}

bool handles_add(HandleTable *self, const ResourceType *resource, uint32_t rep, bool owns, uint32_t *index,
                 Fault *fault)
{
  if (self->count >= HANDLES_MAX)
    return fault_set(fault, FAULT_MEMORY_LIMIT, "more than %d handles", HANDLES_MAX);
  uint32_t place = self->free;
  if (place)
    self->free = self->places[place].rep;
  else
    place = new_place(self);
  if (!place) return fault_set(fault, FAULT_MEMORY_LIMIT, "a table of %" PRIu32 " handles", self->length);
  self->places[place] = (Handle){.resource = resource, .rep = rep, .serial = ++self->serial, .owns = owns};
  self->count++;
  *index = place;
  return true;
}

static void give_back(HandleTable *self, Handle *handle)
{
  *handle = (Handle){.rep = self->free};
  self->free = (uint32_t)(handle - self->places);
  self->count--;
}

bool handles_take(HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                  Fault *fault)
{
  Handle *handle = find_not_lent(self, resource, index, fault);
  if (!handle) return false;
  if (!handle->owns)
    return fault_set(fault, FAULT_HANDLE_BORROWED, "%" PRIu32 ", a %.*s", index, STR_ARG(resource->name));
  *rep = handle->rep;
  give_back(self, handle);
  return true;
}

bool handles_drop(HandleTable *self, const ResourceType *resource, uint32_t index, Handle *dropped,
                  Fault *fault)
{
  Handle *handle = find_not_lent(self, resource, index, fault);
  if (!handle) return false;
  *dropped = *handle;
  give_back(self, handle);
  return true;
}

bool handles_lend(HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                  Fault *fault)
{
  Handle *handle = find(self, resource, index, fault);
  if (!handle) return false;
  if (self->lent_count >= HANDLES_MAX)
    return fault_set(fault, FAULT_MEMORY_LIMIT, "more than %d handles lent", HANDLES_MAX);
  uint32_t *lent = reserve(self->lent, &self->lent_capacity, self->lent_count + 1, sizeof *lent);
  if (!lent) return fault_set(fault, FAULT_MEMORY_LIMIT, "%" PRIu32 " handles lent", self->lent_count);
  self->lent = lent;
  lent[self->lent_count++] = index;
  handle->lends++;
  *rep = handle->rep;
  return true;
}

void handles_end_call(HandleTable *self)
{
  while (self->lent_count) self->places[self->lent[--self->lent_count]].lends--;
}

/* --- keys */

uint64_t handles_key(const HandleTable *self, uint32_t index)
{
  return (uint64_t)index << 32 | self->places[index].serial;
}

uint32_t handles_find(const HandleTable *self, uint64_t key)
{
  uint32_t index = (uint32_t)(key >> 32);
  bool is_there = index && index < self->length && self->places[index].resource &&
                  self->places[index].serial == (uint32_t)key;
  return is_there ? index : 0;
}
