/* Publishing: signs what was verified and evaluated, appends it to the node's log, writes the static site. */
#ifndef REGISTRY_PUBLISH_H
#define REGISTRY_PUBLISH_H

#include "registry/log.h"
#include "registry/results.h"
#include "registry/site.h"

typedef struct PublishReport {
  PublicKey author;
  bool key_made;     /* this was the first use */
  uint64_t appended; /* new records */
  uint64_t records;  /* now in the log */
  Site site;
} PublishReport;

/* Publishes all results of `registry` that are not in the log yet and writes the site to `site` from the log
 * alone: byte for byte the same for the same log. */
MUST_CHECK bool publish(Arena *arena, Str registry, Str site, PublishReport *out, Diags *diags);

#endif
