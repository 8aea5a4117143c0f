/* The static site: one page an interface and an index, from records alone; no JavaScript, inline SVG. The
 * same records and objects give the same bytes. */
#ifndef REGISTRY_SITE_H
#define REGISTRY_SITE_H

#include "registry/record.h"

#define PREDICATE_TEST_RESULT "https://in-toto.io/attestation/test-result/v0.1"
#define PREDICATE_EVALUATION "urn:assay:predicate:evaluation:1"

typedef struct SitePage {
  Str interface; /* id */
  Str path;      /* of the page */
} SitePage;

typedef struct Site {
  const SitePage *pages; /* sorted by id */
  size_t page_count;
  Str index;
} Site;

/* Writes to `folder`, page by page, each atomically; later records replace earlier ones about the same thing.
 * Sources that `registry` does not have are shown as missing; a record whose report is missing or damaged is
 * left out with a warning; records of other types are passed over. */
MUST_CHECK bool site_write(Arena *arena, Str registry, Str folder, const Record *records, size_t count,
                           Site *out, Diags *diags);

#endif
