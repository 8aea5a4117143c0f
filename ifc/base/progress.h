/* Progress of long work, told to whoever watches. Libraries call it, commands draw it. */
#ifndef IFC_BASE_PROGRESS_H
#define IFC_BASE_PROGRESS_H

#include "ifc/base/str.h"

typedef struct Progress Progress;
struct Progress {
  /* `done` of `total` (0: unknown) units of `what`. May be called often: drawing is throttled by the watcher.
   */
  void (*update)(Progress *self, Str what, uint64_t done, uint64_t total);
};

/* Tells `self`, which may be NULL. */
static inline void progress_update(Progress *self, Str what, uint64_t done, uint64_t total)
{
  if (self) self->update(self, what, done, total);
}

#endif
