/* The canonical text of an interface, and its hash: what an interface *is*. The grammar, and what changes
 * the text and what does not, stand in docs/canonical-interface.md. */
#ifndef IFC_CANON_H
#define IFC_CANON_H

#include "ifc/base/crypto.h"
#include "ifc/type.h"

/* Plain ASCII lines; the same for every spelling of the same interface. Linear in the source's size. */
Str interface_canonical(Arena *arena, const Interface *self);
/* SHA-256 of exactly these bytes. */
Hash interface_hash(Arena *arena, const Interface *self);

#endif
