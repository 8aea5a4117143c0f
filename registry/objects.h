/* Objects: files by the SHA-256 of their bytes (modules, sources, canonical texts, reports), under
 * REGISTRY/objects/<2 hex>/<62 hex>. Checked against their hash whenever they are read. */
#ifndef REGISTRY_OBJECTS_H
#define REGISTRY_OBJECTS_H

#include "ifc/base/crypto.h"
#include "ifc/base/diag.h"

/* Stores bytes; nothing is written when they are there whole. */
MUST_CHECK bool object_put(Arena *arena, Str registry, Str bytes, Hash *out, Diags *diags);
/* Reads an object of at most 256 MiB and checks it; the bytes are in `arena`. */
MUST_CHECK bool object_get(Arena *arena, Str registry, Hash hash, Str *out, Diags *diags);
/* Where it is, or would be. */
Str object_path(Arena *arena, Str registry, Hash hash);
bool object_exists(Arena *arena, Str registry, Hash hash);

#endif
