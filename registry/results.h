/* Results that were measured here: what `verify` and `evaluate` leave for `publish`, in REGISTRY/results/,
 * one JSON document a file, named by what it is about; atomic, safe for several processes. */
#ifndef REGISTRY_RESULTS_H
#define REGISTRY_RESULTS_H

#include "bench/evaluate.h"
#include "registry/objects.h"
#include "spec/verify.h"

/* Stores the report, and as objects everything it refers to: the interface's canonical text and WIT, spec or
 * bench sources, and modules. A newer verification of a module by specifications of the same names
 * replaces the older one, a newer evaluation of an interface any older one. */
MUST_CHECK bool results_add_verify(Arena *arena, Str registry, const VerifyReport *report, Diags *diags);
MUST_CHECK bool results_add_evaluate(Arena *arena, Str registry, const EvaluateReport *report, Diags *diags);

/* What the stored verify results say of a module: it passed all specifications it was last tried against,
 * failed one, or nothing. Damaged documents count as nothing. */
typedef enum Standing { STANDING_UNKNOWN, STANDING_PASSED, STANDING_FAILED } Standing;
Standing results_standing(Arena *arena, Str registry, Hash interface, Hash module);

typedef struct Results {
  const Json **documents; /* verify documents first, then evaluate documents; sorted, so that publishing is
                             repeatable */
  size_t count;
} Results;
MUST_CHECK bool results_read(Arena *arena, Str registry, Results *out, Diags *diags);

#endif
