/* A node's append-only log of records, in a bare git repository: segments of 1,024 envelopes, one a line, and
 * a signed head {key, sequence, previous head, root}. docs/records.md has the layout. */
#ifndef REGISTRY_LOG_H
#define REGISTRY_LOG_H

#include "registry/record.h"

typedef struct Log Log;

/* Opens or makes the repository at `folder`; NULL with a diagnostic. Close it with log_close; it uses `arena`
 * until then. */
Log *log_open(Arena *arena, Str folder, Diags *diags);
void log_close(Log *self);
/* Appends envelopes, each one line that record_open accepts for `key`, in one commit with a new signed head:
 * all or none, safe against other processes and kill -9. */
MUST_CHECK bool log_append(Log *self, const NodeKey *key, const Str *envelopes, size_t count, Diags *diags);
/* How many records the author's log has, 0 without one; checked against its signed head, but not record by
 * record. */
MUST_CHECK bool log_count(Log *self, const PublicKey *author, uint64_t *out, Diags *diags);
/* The authors that have a log here. */
MUST_CHECK bool log_authors(Log *self, Arena *arena, PublicKey **out, size_t *count, Diags *diags);
/* All records of an author, in order, each checked. A record that does not check is a diagnostic and ends it.
 */
MUST_CHECK bool log_read(Log *self, Arena *arena, const PublicKey *author, Record **out, size_t *count,
                         Diags *diags);

#endif
