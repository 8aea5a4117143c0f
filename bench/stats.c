#include "bench/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void sort_doubles(double *values, size_t count)
{
  if (count) qsort(values, count, sizeof *values, compare_doubles);
}

double stats_median(double *values, size_t count)
{
  if (!count) return 0;
  sort_doubles(values, count);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* --- Hodges–Lehmann: selection in the matrix of sums of a sorted vector with itself, j ≥ i. Rows and columns
 * ascend, so that a pivot splits it along a staircase in linear time (Monahan 1984, Algorithm 616). */

typedef struct Sums {
  const double *x;    /* ascending */
  size_t count;       /* of x */
  size_t *low, *high; /* what is still in question of row i: columns low[i] … high[i] − 1 */
  size_t *split;      /* room for one staircase */
} Sums;

/* split[i]: the first column of row i whose sum is not less than the pivot (`or_equal`: is greater). Returns
 * how many sums lie before it. */
static size_t sums_split(Sums *self, double pivot, bool or_equal)
{
  size_t before = 0, column = self->count;
  for (size_t i = 0; i < self->count; i++) {
    for (; column; column--) {
      double sum = self->x[i] + self->x[column - 1];
      if (sum < pivot || (or_equal && sum == pivot)) break;
    }
    self->split[i] = column > i ? column : i;
    before += self->split[i] - i;
  }
  return before;
}

/* The sum in question that is number `index`, counted row by row. */
static double sums_at(const Sums *self, size_t index)
{
  size_t row = 0;
  for (; index >= self->high[row] - self->low[row]; row++) index -= self->high[row] - self->low[row];
  return self->x[row] + self->x[self->low[row] + index];
}

static size_t sums_in_question(const Sums *self)
{
  size_t total = 0;
  for (size_t i = 0; i < self->count; i++) total += self->high[i] - self->low[i];
  return total;
}

/* The sum with `rank` smaller or equal ones before it. */
static double sums_select(Sums *self, size_t rank)
{
  Rng rng = rng_from_seed(rank); /* pivots: any choice gives the same answer */
  for (size_t i = 0; i < self->count; i++) self->low[i] = i, self->high[i] = self->count;
  for (;;) {
    double pivot = sums_at(self, rng_below(&rng, sums_in_question(self)));
    if (rank < sums_split(self, pivot, false)) {
      for (size_t i = 0; i < self->count; i++) {
        if (self->split[i] < self->high[i]) self->high[i] = self->split[i];
        if (self->high[i] < self->low[i]) self->high[i] = self->low[i];
      }
    } else if (rank >= sums_split(self, pivot, true)) {
      for (size_t i = 0; i < self->count; i++) {
        if (self->split[i] > self->low[i]) self->low[i] = self->split[i];
        if (self->low[i] > self->high[i]) self->low[i] = self->high[i];
      }
    } else {
      return pivot;
    }
  }
}

static Sums sums_of(Arena *arena, const double *sorted, size_t count)
{
  return (Sums){sorted, count, arena_array_of(arena, size_t, count), arena_array_of(arena, size_t, count),
                arena_array_of(arena, size_t, count)};
}

/* The estimate for the first `count` values of `self->x`. */
static double hodges_lehmann_sorted(Sums *self, size_t count)
{
  self->count = count;
  size_t means = count * (count + 1) / 2;
  double upper = sums_select(self, means / 2);
  double lower = means % 2 ? upper : sums_select(self, means / 2 - 1);
  return (lower + upper) / 4;
}

double stats_hodges_lehmann(Arena *arena, const double *values, size_t count)
{
  if (!count) return 0;
  ArenaMark mark = arena_mark(arena);
  double *sorted = arena_array_of(arena, double, count);
  memcpy(sorted, values, count * sizeof *values);
  sort_doubles(sorted, count);
  Sums sums = sums_of(arena, sorted, count);
  double estimate = hodges_lehmann_sorted(&sums, count);
  arena_reset(arena, mark);
  return estimate;
}

/* --- bootstrap */

typedef struct Ranked {
  double value;
  size_t group, rank;
} Ranked;

static int compare_by_value(const void *a, const void *b)
{
  const Ranked *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->group > y->group) - (x->group < y->group);
}

static int compare_by_group(const void *a, const void *b)
{
  const Ranked *x = a, *y = b;
  if (x->group != y->group) return x->group < y->group ? -1 : 1;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* The sample, prepared so that a resample is drawn as counts of ranks and needs no sorting. */
typedef struct Population {
  double *sorted;  /* the values, ascending */
  Ranked *members; /* by group */
  size_t *starts;  /* group g, counting only those with members: members starts[g] … starts[g + 1] − 1 */
  size_t count, groups, largest;
} Population;

static Population population_of(Arena *arena, const double *values, const size_t *group_of, size_t count,
                                size_t groups)
{
  Population self = {arena_array_of(arena, double, count),
                     arena_array_of(arena, Ranked, count),
                     arena_array_of(arena, size_t, groups + 1),
                     count,
                     0,
                     0};
  for (size_t i = 0; i < count; i++) self.members[i] = (Ranked){values[i], group_of[i], 0};
  qsort(self.members, count, sizeof *self.members, compare_by_value);
  for (size_t i = 0; i < count; i++) {
    self.members[i].rank = i;
    self.sorted[i] = self.members[i].value;
  }
  qsort(self.members, count, sizeof *self.members, compare_by_group);
  for (size_t i = 1; i <= count; i++) {
    if (i < count && self.members[i].group == self.members[i - 1].group) continue;
    self.starts[++self.groups] = i;
    size_t size = i - self.starts[self.groups - 1];
    if (size > self.largest) self.largest = size;
  }
  return self;
}

/* Draws groups, then members of each, into `drawn`, ascending; returns how many. `times` is scratch. */
static size_t population_draw(const Population *self, Rng *rng, uint32_t *times, double *drawn)
{
  memset(times, 0, self->count * sizeof *times);
  for (size_t i = 0; i < self->groups; i++) {
    size_t group = rng_below(rng, self->groups);
    size_t start = self->starts[group], size = self->starts[group + 1] - start;
    for (size_t j = 0; j < size; j++) times[self->members[start + rng_below(rng, size)].rank]++;
  }
  size_t total = 0;
  for (size_t i = 0; i < self->count; i++)
    for (uint32_t j = 0; j < times[i]; j++) drawn[total++] = self->sorted[i];
  return total;
}

void stats_bootstrap_estimates(Arena *arena, const double *values, const size_t *group_of, size_t count,
                               size_t groups, size_t resamples, Rng *rng, double *out)
{
  memset(out, 0, resamples * sizeof *out);
  if (!count) return;
  ArenaMark mark = arena_mark(arena);
  Population population = population_of(arena, values, group_of, count, groups);
  size_t most = population.groups * population.largest;
  double *drawn = arena_array_of(arena, double, most);
  uint32_t *times = arena_array_of(arena, uint32_t, count);
  Sums sums = sums_of(arena, drawn, most);
  for (size_t r = 0; r < resamples; r++)
    out[r] = hodges_lehmann_sorted(&sums, population_draw(&population, rng, times, drawn));
  arena_reset(arena, mark);
}

/* Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
static double quantile(const double *sorted, size_t count, double probability)
{
  double at = probability * (double)(count - 1);
  size_t below = (size_t)at;
  if (below + 1 >= count) return sorted[count - 1];
  return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

Interval stats_percentile_interval(double *estimates, size_t count, double level)
{
  if (!count) return (Interval){0, 0};
  sort_doubles(estimates, count);
  return (Interval){quantile(estimates, count, (1 - level) / 2), quantile(estimates, count, (1 + level) / 2)};
}

Interval stats_bootstrap(Arena *arena, const double *values, const size_t *group_of, size_t count,
                         size_t groups, double level, size_t resamples, Rng *rng)
{
  ArenaMark mark = arena_mark(arena);
  double *estimates = arena_array_of(arena, double, resamples);
  stats_bootstrap_estimates(arena, values, group_of, count, groups, resamples, rng, estimates);
  Interval interval = stats_percentile_interval(estimates, resamples, level);
  arena_reset(arena, mark);
  return interval;
}

/* --- Wilcoxon's signed-rank test */

enum { EXACT_MAX = 25 };

/* P(W ≤ w) for the sum W of the ranks 1 … n, each taken or not with equal chance. */
static double signed_rank_distribution(size_t n, size_t w)
{
  double ways[EXACT_MAX * (EXACT_MAX + 1) / 2 + 1] = {1};
  size_t top = n * (n + 1) / 2;
  for (size_t rank = 1; rank <= n; rank++)
    for (size_t sum = top; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  double below = 0;
  for (size_t sum = 0; sum <= w && sum <= top; sum++) below += ways[sum];
  return below / ldexp(1, (int)n);
}

static int compare_magnitudes(const void *a, const void *b)
{
  double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
  return (x > y) - (x < y);
}

/* The sum of the positive values' ranks by magnitude; ties share the mean of their ranks, and the sum over
 * them of t³ − t goes to `ties`. Reorders `values`. */
static double positive_rank_sum(double *values, size_t count, double *ties)
{
  qsort(values, count, sizeof *values, compare_magnitudes);
  double sum = 0;
  *ties = 0;
  for (size_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && fabs(values[to]) == fabs(values[from]);) to++;
    double size = (double)(to - from), rank = (double)(from + 1 + to) / 2;
    *ties += size * size * size - size;
    for (size_t i = from; i < to; i++)
      if (values[i] > 0) sum += rank;
  }
  return sum;
}

double stats_wilcoxon(Arena *arena, const double *values, size_t count)
{
  ArenaMark mark = arena_mark(arena);
  double *kept = arena_array_of(arena, double, count);
  size_t n = 0;
  for (size_t i = 0; i < count; i++)
    if (values[i] != 0) kept[n++] = values[i];
  double ties = 0, positive = n ? positive_rank_sum(kept, n, &ties) : 0;
  arena_reset(arena, mark);
  if (!n) return 1;
  double m = (double)n, total = m * (m + 1) / 2;
  if (n <= EXACT_MAX && ties == 0) {
    double smaller = positive < total - positive ? positive : total - positive;
    return fmin(1, 2 * signed_rank_distribution(n, (size_t)smaller));
  }
  double deviation = sqrt(m * (m + 1) * (2 * m + 1) / 24 - ties / 48);
  double distance = fmax(0, fabs(positive - total / 2) - 0.5); /* continuity */
  return fmin(1, erfc(distance / deviation / sqrt(2)));
}

/* --- Holm */

typedef struct Indexed {
  double value;
  size_t index;
} Indexed;

static int compare_indexed(const void *a, const void *b)
{
  const Indexed *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

void stats_holm(Arena *arena, double *p_values, size_t count)
{
  if (!count) return;
  ArenaMark mark = arena_mark(arena);
  Indexed *order = arena_array_of(arena, Indexed, count);
  for (size_t i = 0; i < count; i++) order[i] = (Indexed){p_values[i], i};
  qsort(order, count, sizeof *order, compare_indexed);
  double largest = 0;
  for (size_t i = 0; i < count; i++) {
    largest = fmax(largest, fmin(1, order[i].value * (double)(count - i)));
    p_values[order[i].index] = largest;
  }
  arena_reset(arena, mark);
}
