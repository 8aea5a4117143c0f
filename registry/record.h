/* Records: in-toto Statements v1 in DSSE envelopes, ed25519, canonical JSON. docs/records.md has the formats.
 */
#ifndef REGISTRY_RECORD_H
#define REGISTRY_RECORD_H

#include "ifc/base/json.h"
#include "registry/key.h"

#define RECORD_PAYLOAD_TYPE "application/vnd.in-toto+json"
enum { ENVELOPE_LIMIT = 1 << 20 }; /* bytes */

/* A DSSE envelope (github.com/secure-systems-lab/dsse, v1.0.2) around any payload: canonical JSON on one
 * line. */
Str envelope_sign(Arena *arena, const NodeKey *key, Str type, Str payload);
/* The payload's exact bytes, if the envelope has this type and a signature of the author's over them; what a
 * signature says about its key decides nothing. */
MUST_CHECK bool envelope_open(Arena *arena, const Source *envelope, Str type, const PublicKey *author,
                              Str *payload, Diags *diags);

/* What a statement is about. */
typedef struct Subject {
  Str name;
  Hash hash;
} Subject;

typedef struct Record {
  Hash id;             /* SHA-256 of the signed payload */
  PublicKey author;    /* whose key the signature was checked with */
  Str predicate_type;  /* an URI */
  const Json *subject; /* array of {digest: {sha256}, name}, not empty; name may be missing */
  const Json *predicate;
  Str payload, envelope; /* exact bytes */
} Record;

/* Signs a statement and gives the envelope, canonical JSON on one line without a newline. */
Str record_sign(Arena *arena, const NodeKey *key, Str predicate_type, const Subject *subjects,
                size_t subject_count, const Json *predicate, Hash *id);
/* Checks an envelope against the author's key: signature over the exact payload bytes first, then form. False
 * with a diagnostic. */
MUST_CHECK bool record_open(Arena *arena, const Source *envelope, const PublicKey *author, Record *out,
                            Diags *diags);

#endif
