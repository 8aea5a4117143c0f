/* From measurements to verdicts: who is surely faster than whom, by how much, and which ranks that leaves
 * open. docs/measurement.md says why it is done this way. */
#ifndef BENCH_RANK_H
#define BENCH_RANK_H

#include <stdbool.h>

#include "bench/samples.h"
#include "bench/stats.h"

/* All candidates against each other. Matrices are candidates × candidates, row against column. */
typedef struct Contest {
  size_t candidates;
  double *log_ratio; /* Hodges–Lehmann estimate of log(time of row / time of column) */
  double *floor;     /* of the pair, as a log-ratio: a smaller difference does not separate the two; on the
                      * diagonal, the spread between the candidate's own layouts */
  bool *faster;      /* the row is surely faster than the column */
} Contest;

/* The contest in one workload. */
Contest contest_of(Arena *arena, const Samples *samples);
/* The contest in all of `workloads` together, by the geometric mean of their ratios. */
Contest contest_overall(Arena *arena, const Samples *samples, const Contest *workloads, size_t count);

/* The ranks that the contest leaves open: from 1 + how many are surely faster to all − how many are surely
 * slower. */
void contest_ranks(const Contest *self, size_t candidate, uint32_t *low, uint32_t *high);
/* The candidates, fastest first, into `order`; the first is the reference that ratios are best given
 * against. */
void contest_order(Arena *arena, const Contest *self, size_t *order);
/* What moving the candidate's code alone does to its time. */
double contest_floor(const Contest *self, size_t candidate);

/* The bootstrap's estimates of log(time of candidate / time of reference), resampling pairs of layouts first.
 */
enum { RATIO_RESAMPLES = 1000 };
void ratio_estimates(Arena *arena, const Samples *samples, size_t candidate, size_t reference, Rng *rng,
                     double *out);

/* Median time of a call, in picoseconds; how many blocks the candidate took part in. */
uint64_t samples_call_time(Arena *arena, const Samples *samples, size_t candidate);
uint32_t samples_blocks_of(const Samples *samples, size_t candidate);

#endif
