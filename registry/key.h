/* The node's key pair: made on first use, kept in $ASSAY_HOME/key (mode 0600). */
#ifndef REGISTRY_KEY_H
#define REGISTRY_KEY_H

#include "ifc/base/crypto.h"
#include "ifc/base/diag.h"

typedef struct NodeKey {
  PublicKey public_key;
  SecretKey secret_key;
} NodeKey;

/* Reads the key under `home`, or makes one (two processes at once end up with the same); `*made` says which.
 * False with a diagnostic when the file is there but unreadable, malformed or readable by others. */
MUST_CHECK bool node_key_load(Arena *arena, Str home, NodeKey *out, bool *made, Diags *diags);
/* "ed25519:" + 64 hex digits. */
Str node_key_text(Arena *arena, const PublicKey *self);

#endif
