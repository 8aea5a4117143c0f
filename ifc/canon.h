/* The canonical text of an interface or a world, and its hash: what it *is*. The grammar, and what changes
 * the text and what does not, stand in docs/canonical-interface.md. */
#ifndef IFC_CANON_H
#define IFC_CANON_H

#include "ifc/base/crypto.h"
#include "ifc/type.h"

/* Remembers the hashes that it has computed: who uses a resource of another interface has that interface's
 * hash in its text. */
typedef struct Canon Canon;

Canon *canon_new(Arena *arena);
/* Plain ASCII lines; the same for every spelling of the same interface. Linear in the source's size. */
Str canon_interface(Canon *self, const Interface *interface);
Str canon_world(Canon *self, const World *world);
/* SHA-256 of exactly these bytes. */
Hash canon_interface_hash(Canon *self, const Interface *interface);
Hash canon_world_hash(Canon *self, const World *world);

/* The same, for one. */
Str interface_canonical(Arena *arena, const Interface *self);
Hash interface_hash(Arena *arena, const Interface *self);

#endif
