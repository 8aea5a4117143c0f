/* Evaluation: verified implementations of one interface measured against each other, in one worker process,
 * in random pairs; ratios with intervals, ranks with ties. */
#ifndef BENCH_EVALUATE_H
#define BENCH_EVALUATE_H

#include "bench/suite.h"
#include "ifc/base/json.h"
#include "ifc/base/progress.h"
#include "runtime/implementation.h"

typedef struct EvaluateOptions {
  uint64_t seed;
  uint32_t budget_ms; /* for all workloads together */
  uint32_t layouts;   /* builds of each candidate at shifted addresses; 0: 3 */
  Progress *progress;
} EvaluateOptions;

/* A ratio of times with its 95 % interval, in parts per million: 1,000,000 is as fast as the reference,
 * 2,000,000 takes twice as long. */
typedef struct Ratio {
  uint64_t ppm, low_ppm, high_ppm;
} Ratio;

typedef struct CandidateResult {
  Ratio ratio;                  /* against the report's reference */
  uint32_t rank_low, rank_high; /* from 1; a tie is an interval that overlaps */
  uint64_t picoseconds;         /* median time of one call */
  uint64_t floor_ppm;           /* what moving its code alone does to its time */
  uint32_t pairs;               /* measured of it; few when it is very slow */
  bool is_counted;              /* else `cost` and `memory` are not known */
  uint64_t cost;                /* of WorkloadReport.counted calls: docs/metering.md; exact */
  uint64_t memory;              /* bytes of linear memory after them */
  uint64_t start_ns;            /* processor time from the cached object to the first result; 0: not known */
} CandidateResult;

typedef struct WorkloadReport {
  uint32_t suite; /* index into EvaluateReport.suites */
  Str name;
  uint64_t calls;     /* measured calls in one pass over the workload */
  uint64_t counted;   /* the first so many of them are those whose cost is known; 0: none */
  uint64_t floor_ppm; /* the widest layout floor; two are separated only beyond both their own together */
  uint32_t pairs;     /* measured of each candidate that is not too slow for it */
  const CandidateResult *candidates; /* by index into EvaluateReport.ranked */
} WorkloadReport;

typedef struct OverallResult {
  Ratio geometric_mean;
  uint64_t worst_ppm; /* the worst workload's ratio */
  uint32_t rank_low, rank_high;
} OverallResult;

typedef struct Excluded {
  const Implementation *implementation;
  Str reason; /* "gave a different result in workload …", "trapped: …" */
} Excluded;

typedef struct EvaluateReport {
  const Interface *interface;
  const Suite *const *suites;
  size_t suite_count;
  const Implementation *const *ranked; /* best first */
  const OverallResult *overall;        /* by index into `ranked` */
  size_t ranked_count;
  const Excluded *excluded;
  size_t excluded_count;
  const WorkloadReport *workloads;
  size_t workload_count;
  uint32_t reference; /* index into `ranked`: whom the ratios compare with */
  uint64_t seed;
  Str machine; /* processor model and number of processors */
} EvaluateReport;

/* Measures all. Implementations that trap, hang or answer differently from the majority are excluded, with
 * the reason. False with diagnostics when nothing could be measured, or no implementation is left. The report
 * points into the arguments. */
MUST_CHECK bool evaluate(Arena *arena, const Interface *interface, const Suite *const *suites,
                         size_t suite_count, const Implementation *implementations,
                         size_t implementation_count, const EvaluateOptions *options, EvaluateReport *out,
                         Diags *diags);
/* A table of at most 80 columns. */
void evaluate_print(const EvaluateReport *self, bool colour, Buf *out);
/* The document of docs/schemas/evaluate.json; integers and strings only, so that it can be signed. */
Json *evaluate_to_json(Arena *arena, const EvaluateReport *self);

#endif
