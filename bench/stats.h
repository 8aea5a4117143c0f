/* The statistics of rankings. Everything is deterministic: random choices come from the generator that is
 * passed. Values must be finite. */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>

#include "ifc/base/arena.h"
#include "ifc/base/rng.h"

/* The middle value; the mean of the two middle ones for even counts; 0 for none. Reorders `values`. */
double stats_median(double *values, size_t count);
/* Hodges–Lehmann estimate: the median of all pairwise means (Hodges & Lehmann 1963), i ≤ j; 0 for no value.
 * O(n log n). */
double stats_hodges_lehmann(Arena *arena, const double *values, size_t count);

typedef struct Interval {
  double low, high;
} Interval;

/* `resamples` bootstrap estimates (Hodges–Lehmann) into `out`, resampling whole groups first (Kalibera &
 * Jones 2013): `group_of[i]` < `groups` is the outer unit of value i (a layout, a process). Zeros for no
 * value. */
void stats_bootstrap_estimates(Arena *arena, const double *values, const size_t *group_of, size_t count,
                               size_t groups, size_t resamples, Rng *rng, double *out);
/* The interval between the quantiles (1 − level) / 2 and (1 + level) / 2 of the estimates, which are
 * reordered; `level` is e.g. 0.95. */
Interval stats_percentile_interval(double *estimates, size_t count, double level);
/* Percentile bootstrap interval of the Hodges–Lehmann estimate: both of the above. */
Interval stats_bootstrap(Arena *arena, const double *values, const size_t *group_of, size_t count,
                         size_t groups, double level, size_t resamples, Rng *rng);
/* Two-sided p-value of Wilcoxon's signed-rank test that the values are symmetric around 0; zeros are left
 * out, as Wilcoxon did: exact up to 25 values without ties, else the normal approximation with tie and
 * continuity correction. 1 for no non-zero value. */
double stats_wilcoxon(Arena *arena, const double *values, size_t count);
/* Holm's step-down adjustment (Holm 1979), in place. */
void stats_holm(Arena *arena, double *p_values, size_t count);

#endif
