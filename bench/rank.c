#include "bench/rank.h"

#include <math.h>
#include <stdlib.h>

static const double level = 0.05;
/* With fewer pairs than the rank test needs to say anything, only what nobody would doubt counts: at least
 * this many pairs, all of them different by this factor in the same direction. */
enum { OBVIOUS_PAIRS = 3 };
static const double obvious_factor = 1.5;

/* The paired log-ratios of two candidates, with the pair of layouts each was measured on. */
typedef struct Pairs {
  double *log_ratios;
  size_t *layouts; /* a's layout × layouts + b's layout */
  size_t count;
} Pairs;

/* log(a's time / b's time) on the calls that both did in this block. False when there are none. */
static bool block_log_ratio(const Block *block, size_t a, size_t b, double *out)
{
  const Turn *x = &block->turns[a], *y = &block->turns[b];
  uint32_t common = x->pieces < y->pieces ? x->pieces : y->pieces;
  double time_a = 0, time_b = 0;
  for (uint32_t p = 0; p < common; p++) {
    time_a += (double)x->picoseconds[p];
    time_b += (double)y->picoseconds[p];
  }
  if (!(time_a > 0) || !(time_b > 0)) return false;
  *out = log(time_a / time_b);
  return true;
}

static Pairs pairs_of(Arena *arena, const Samples *samples, size_t a, size_t b)
{
  Pairs self = {arena_array_of(arena, double, samples->block_count),
                arena_array_of(arena, size_t, samples->block_count), 0};
  for (size_t i = 0; i < samples->block_count; i++) {
    const Block *block = &samples->blocks[i];
    if (!block_log_ratio(block, a, b, &self.log_ratios[self.count])) continue;
    self.layouts[self.count++] = block->turns[a].layout * samples->layouts + block->turns[b].layout;
  }
  return self;
}

static Contest contest_new(Arena *arena, size_t candidates)
{
  size_t cells = candidates * candidates;
  return (Contest){candidates, arena_array_of(arena, double, cells), arena_array_of(arena, double, cells),
                   arena_array_of(arena, bool, cells)};
}

/* --- the layout floor */

/* How far each block is from what the candidate's estimates against the others say, for its blocks on one
 * layout; the median of these. False where it never had this layout. */
static bool layout_location(Arena *arena, const Samples *samples, const Contest *contest, size_t candidate,
                            size_t layout, double *out)
{
  double *residuals = arena_array_of(arena, double, samples->block_count);
  size_t count = 0;
  for (size_t i = 0; i < samples->block_count; i++) {
    const Block *block = &samples->blocks[i];
    if (!block->turns[candidate].pieces || block->turns[candidate].layout != layout) continue;
    double sum = 0, others = 0, log_ratio;
    for (size_t other = 0; other < samples->candidates; other++) {
      if (other == candidate || !block_log_ratio(block, candidate, other, &log_ratio)) continue;
      sum += log_ratio - contest->log_ratio[candidate * samples->candidates + other];
      others++;
    }
    if (others > 0) residuals[count++] = sum / others;
  }
  if (count) *out = stats_median(residuals, count);
  return count;
}

/* The spread between the candidate's own layouts. */
static double layout_spread(Arena *arena, const Samples *samples, const Contest *contest, size_t candidate)
{
  double low = 0, high = 0, at;
  bool any = false;
  for (size_t layout = 0; layout < samples->layouts; layout++) {
    ArenaMark mark = arena_mark(arena);
    bool found = layout_location(arena, samples, contest, candidate, layout, &at);
    arena_reset(arena, mark);
    if (!found) continue;
    low = any ? fmin(low, at) : at;
    high = any ? fmax(high, at) : at;
    any = true;
  }
  return high - low;
}

/* A pair's floor is both spreads together, as independent errors add up: with three layouts each, equal
 * candidates then differ by more in fewer than one of twenty cases. */
static void find_floors(Arena *arena, const Samples *samples, Contest *contest)
{
  size_t n = contest->candidates;
  double *spreads = arena_array_of(arena, double, n);
  for (size_t i = 0; i < n; i++) spreads[i] = layout_spread(arena, samples, contest, i);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      contest->floor[i * n + j] = i == j ? spreads[i] : hypot(spreads[i], spreads[j]);
}

double contest_floor(const Contest *self, size_t candidate)
{
  return self->floor[candidate * self->candidates + candidate];
}

/* --- separation */

static bool is_obvious(const double *log_ratios, size_t count)
{
  if (count < OBVIOUS_PAIRS) return false;
  for (size_t i = 0; i < count; i++)
    if (fabs(log_ratios[i]) < log(obvious_factor) || (log_ratios[i] > 0) != (log_ratios[0] > 0)) return false;
  return true;
}

/* The smallest p-value that the test can give for so many pairs, were there nothing to adjust for. */
static bool can_decide(size_t pairs, size_t comparisons)
{
  return pairs > 60 || ldexp(2, -(int)pairs) * (double)comparisons < level;
}

/* Fills `faster` from the paired log-ratios of i against j < i, at `pairs[i * n + j]`; log_ratio and floor
 * are there already. */
static void separate(Arena *arena, Contest *contest, const Pairs *pairs)
{
  size_t n = contest->candidates, comparisons = n * (n - 1) / 2, used = 0;
  double *p_values = arena_array_of(arena, double, comparisons);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      p_values[used++] = stats_wilcoxon(arena, pairs[i * n + j].log_ratios, pairs[i * n + j].count);
  stats_holm(arena, p_values, comparisons);
  used = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++, used++) {
      const Pairs *pair = &pairs[i * n + j];
      double log_ratio = contest->log_ratio[i * n + j];
      bool significant = p_values[used] < level ||
                         (!can_decide(pair->count, comparisons) && is_obvious(pair->log_ratios, pair->count));
      if (!significant || fabs(log_ratio) <= contest->floor[i * n + j]) continue;
      contest->faster[log_ratio < 0 ? i * n + j : j * n + i] = true;
    }
}

static void set_log_ratio(Contest *self, size_t i, size_t j, double log_ratio)
{
  self->log_ratio[i * self->candidates + j] = log_ratio;
  self->log_ratio[j * self->candidates + i] = -log_ratio;
}

Contest contest_of(Arena *arena, const Samples *samples)
{
  size_t n = samples->candidates;
  Contest self = contest_new(arena, n);
  ArenaMark mark = arena_mark(arena);
  Pairs *pairs = arena_array_of(arena, Pairs, n * n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      Pairs pair = pairs[i * n + j] = pairs_of(arena, samples, i, j);
      set_log_ratio(&self, i, j, stats_hodges_lehmann(arena, pair.log_ratios, pair.count));
    }
  find_floors(arena, samples, &self);
  separate(arena, &self, pairs);
  arena_reset(arena, mark);
  return self;
}

/* --- all workloads together */

/* The k-th pairs of all workloads, averaged: paired log-ratios of the geometric mean. */
static Pairs combined_pairs(Arena *arena, const Samples *samples, size_t count, size_t a, size_t b)
{
  Pairs self = {0};
  for (size_t w = 0; w < count; w++) {
    Pairs pair = pairs_of(arena, &samples[w], a, b);
    if (!w || pair.count < self.count) self.count = pair.count;
    if (!w) self.log_ratios = arena_array_of(arena, double, pair.count);
    for (size_t i = 0; i < self.count; i++) self.log_ratios[i] += pair.log_ratios[i] / (double)count;
  }
  return self;
}

Contest contest_overall(Arena *arena, const Samples *samples, const Contest *workloads, size_t count)
{
  size_t n = count ? samples->candidates : 0;
  Contest self = contest_new(arena, n);
  ArenaMark mark = arena_mark(arena);
  for (size_t cell = 0; cell < n * n; cell++)
    for (size_t w = 0; w < count; w++) {
      self.log_ratio[cell] += workloads[w].log_ratio[cell] / (double)count;
      self.floor[cell] += workloads[w].floor[cell] / (double)count;
    }
  Pairs *pairs = arena_array_of(arena, Pairs, n * n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) pairs[i * n + j] = combined_pairs(arena, samples, count, i, j);
  if (n) separate(arena, &self, pairs);
  arena_reset(arena, mark);
  return self;
}

/* --- ranks, order, ratios */

void contest_ranks(const Contest *self, size_t candidate, uint32_t *low, uint32_t *high)
{
  size_t n = self->candidates, faster = 0, slower = 0;
  for (size_t other = 0; other < n; other++) {
    faster += self->faster[other * n + candidate];
    slower += self->faster[candidate * n + other];
  }
  *low = (uint32_t)(1 + faster);
  *high = (uint32_t)(n - slower);
}

typedef struct Place {
  double key;
  size_t candidate;
} Place;

static int compare_places(const void *a, const void *b)
{
  const Place *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* Estimates need not be transitive: the reference is who is fastest against all others on average, the rest
 * follow by their ratio to it. Surely faster ones stand before whom they beat as long as ratios agree. */
void contest_order(Arena *arena, const Contest *self, size_t *order)
{
  size_t n = self->candidates;
  if (!n) return;
  ArenaMark mark = arena_mark(arena);
  Place *places = arena_array_of(arena, Place, n);
  for (size_t i = 0; i < n; i++) {
    places[i].candidate = i;
    for (size_t j = 0; j < n; j++) places[i].key += self->log_ratio[i * n + j];
  }
  qsort(places, n, sizeof *places, compare_places);
  size_t reference = places[0].candidate;
  for (size_t i = 0; i < n; i++) {
    size_t candidate = places[i].candidate;
    places[i].key = candidate == reference ? -INFINITY : self->log_ratio[candidate * n + reference];
  }
  qsort(places, n, sizeof *places, compare_places);
  for (size_t i = 0; i < n; i++) order[i] = places[i].candidate;
  arena_reset(arena, mark);
}

void ratio_estimates(Arena *arena, const Samples *samples, size_t candidate, size_t reference, Rng *rng,
                     double *out)
{
  ArenaMark mark = arena_mark(arena);
  Pairs pairs = pairs_of(arena, samples, candidate, reference);
  stats_bootstrap_estimates(arena, pairs.log_ratios, pairs.layouts, pairs.count,
                            samples->layouts * samples->layouts, RATIO_RESAMPLES, rng, out);
  arena_reset(arena, mark);
}

uint64_t samples_call_time(Arena *arena, const Samples *samples, size_t candidate)
{
  ArenaMark mark = arena_mark(arena);
  double *times = arena_array_of(arena, double, samples->block_count);
  size_t count = 0;
  for (size_t i = 0; i < samples->block_count; i++) {
    const Block *block = &samples->blocks[i];
    double time = 0, calls = 0;
    for (uint32_t p = 0; p < block->turns[candidate].pieces; p++) {
      time += (double)block->turns[candidate].picoseconds[p];
      calls += block->calls[p];
    }
    if (calls > 0) times[count++] = time / calls;
  }
  double median = stats_median(times, count);
  arena_reset(arena, mark);
  return (uint64_t)llround(median);
}

uint32_t samples_blocks_of(const Samples *samples, size_t candidate)
{
  uint32_t count = 0;
  for (size_t i = 0; i < samples->block_count; i++) count += samples->blocks[i].turns[candidate].pieces > 0;
  return count;
}
