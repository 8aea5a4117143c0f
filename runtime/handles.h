/* A table of handles, as each side of a call has one: component-model, design/mvp/CanonicalABI.md, "Table
 * State" and "Resource State". Places are given out as that wants it, so that a module sees the same numbers
 * everywhere: never 0, and of those that are free the one that was freed last. Not for what becomes of a
 * resource: destructors are the business of who asks. */
#ifndef RUNTIME_HANDLES_H
#define RUNTIME_HANDLES_H

#include "runtime/fault.h"
#include "runtime/guest_table.h"

/* In use at once, in one table: far fewer than the 2^28 - 1 of the standard, because a module that collects
 * them pays with our memory, not with its own. As many may be lent in one call. */
enum { HANDLES_MAX = 1 << 20 };

/* What handles are of: a resource as one program implements it. The same declaration, implemented by another
 * program, is another type. Compared by address. */
typedef struct ResourceType {
  Str name;
  const struct Program *implementer; /* NULL: none of those that run here */
  AssayCall *destructor;             /* the implementer's; NULL: none */
} ResourceType;

typedef struct Handle {
  const ResourceType *resource; /* NULL: the place is free */
  uint32_t rep;    /* what the implementer knows the resource by; of a free place: the next one */
  uint32_t lends;  /* how often it is lent to the call that goes on */
  uint32_t serial; /* which of all handles that the table has had; see handles_key */
  bool owns;       /* false: borrowed for the call that goes on */
} Handle;

/* Zeroed is empty. Memory is the heap's: handles_release gives it back. */
typedef struct HandleTable {
  Handle *places;
  uint32_t length, capacity; /* places, the one that is never given out among them */
  uint32_t free;             /* the first free place; 0: none */
  uint32_t count;            /* in use */
  uint32_t serial;
  uint32_t *lent; /* places, one for each lend */
  uint32_t lent_count, lent_capacity;
} HandleTable;

void handles_release(HandleTable *self);
/* Makes `self` what `from` is, lends left out. False when there is no memory. */
bool handles_assign(HandleTable *self, const HandleTable *from);

/* All of the following fail with a fault where the standard traps, and then change nothing. */

/* A new handle's place. */
bool handles_add(HandleTable *self, const ResourceType *resource, uint32_t rep, bool owns, uint32_t *index,
                 Fault *fault);
/* What the resource is known by. */
bool handles_rep(const HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                 Fault *fault);
/* Removes a handle that owns and is not lent: it goes to the other side. */
bool handles_take(HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                  Fault *fault);
/* Lends it, until handles_end_call. */
bool handles_lend(HandleTable *self, const ResourceType *resource, uint32_t index, uint32_t *rep,
                  Fault *fault);
void handles_end_call(HandleTable *self);
/* Removes a handle that is not lent, one that owns or one that borrows. */
bool handles_drop(HandleTable *self, const ResourceType *resource, uint32_t index, Handle *dropped,
                  Fault *fault);

/* A number for a handle that no other handle of the table has had, for those who keep it where the table does
 * not see it. Its low half is n for the n-th handle that the table has had: the same whenever the same was
 * done before. */
uint64_t handles_key(const HandleTable *self, uint32_t index);
/* The place of the handle with this key; 0: there is none any more. */
uint32_t handles_find(const HandleTable *self, uint64_t key);

#endif
