#include "bench/stats.h"

#include <math.h>

#include "tests/unit/check.h"

#define CLOSE(a, b) assert_true(is_close(a, b))
#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_close(double a, double b)
{
  return fabs(a - b) <= 1e-12 + 1e-9 * fabs(b);
}

/* Roughly normal, by the central limit theorem. */
static double noise(Rng *rng)
{
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += rng_unit(rng);
  return sum;
}

static void fill(Rng *rng, double *values, size_t count)
{
  for (size_t i = 0; i < count; i++) values[i] = noise(rng);
}

static void shuffle(Rng *rng, double *values, size_t count)
{
  for (size_t i = count; i > 1; i--) {
    size_t j = rng_below(rng, i);
    double other = values[j];
    values[j] = values[i - 1];
    values[i - 1] = other;
  }
}

static void median_is_the_middle_or_the_mean_of_both(void **state)
{
  (void)state;
  CLOSE(stats_median(NULL, 0), 0);
  CLOSE(stats_median((double[]){7}, 1), 7);
  CLOSE(stats_median((double[]){9, 1, 5}, 3), 5);
  CLOSE(stats_median((double[]){9, 1, 5, 2}, 4), 3.5);
}

/* --- Hodges–Lehmann */

/* Hollander & Wolfe 1973, example 3.3 (R's ?wilcox.test): depression before and after tranquilizers; the
 * estimate is 0.46. */
static const double depression[] = {1.83 - 0.878, 0.50 - 0.647, 1.62 - 0.598, 2.48 - 2.05, 1.68 - 1.06,
                                    1.88 - 1.29,  1.55 - 1.06,  3.06 - 3.14,  1.30 - 1.29};

static double hodges_lehmann_by_definition(Arena *arena, const double *values, size_t count)
{
  double *means = arena_array_of(arena, double, count *(count + 1) / 2);
  size_t used = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t j = i; j < count; j++) means[used++] = (values[i] + values[j]) / 2;
  return stats_median(means, used);
}

static void hodges_lehmann_gives_the_textbook_estimate(void **state)
{
  CLOSE(stats_hodges_lehmann(*state, depression, COUNT(depression)), 0.46);
  CLOSE(stats_hodges_lehmann(*state, NULL, 0), 0);
  CLOSE(stats_hodges_lehmann(*state, (double[]){3}, 1), 3);
  CLOSE(stats_hodges_lehmann(*state, (double[]){1, 2}, 2), 1.5);
  CLOSE(stats_hodges_lehmann(*state, (double[]){0, 1, 10}, 3), 3); /* 0 .5 1 5 5.5 10 */
}

static void hodges_lehmann_agrees_with_its_definition(void **state)
{
  Rng rng = rng_from_seed(1);
  double values[61];
  for (size_t count = 1; count <= COUNT(values); count++) {
    fill(&rng, values, count);
    for (size_t i = 0; count % 3 == 0 && i < count; i++) values[i] = round(values[i] * 2); /* many ties */
    CLOSE(stats_hodges_lehmann(*state, values, count), hodges_lehmann_by_definition(*state, values, count));
  }
}

static void hodges_lehmann_moves_with_shift_and_scale_and_ignores_order(void **state)
{
  Rng rng = rng_from_seed(2);
  double values[40], moved[40];
  fill(&rng, values, 40);
  double before = stats_hodges_lehmann(*state, values, 40);
  for (size_t i = 0; i < 40; i++) moved[i] = values[i] * -3 + 11;
  CLOSE(stats_hodges_lehmann(*state, moved, 40), before * -3 + 11);
  shuffle(&rng, values, 40);
  CLOSE(stats_hodges_lehmann(*state, values, 40), before);
}

/* --- bootstrap */

static void bootstrap_of_equal_values_is_a_point(void **state)
{
  Rng rng = rng_from_seed(3);
  double values[] = {2, 2, 2, 2};
  size_t groups[] = {0, 1, 1, 2};
  Interval interval = stats_bootstrap(*state, values, groups, 4, 3, 0.95, 200, &rng);
  CLOSE(interval.low, 2);
  CLOSE(interval.high, 2);
}

static void bootstrap_of_one_value_or_none_is_defined(void **state)
{
  Rng rng = rng_from_seed(4);
  Interval none = stats_bootstrap(*state, NULL, NULL, 0, 1, 0.95, 100, &rng);
  Interval one = stats_bootstrap(*state, (double[]){5}, (size_t[]){0}, 1, 1, 0.95, 100, &rng);
  CLOSE(none.low, 0);
  CLOSE(none.high, 0);
  CLOSE(one.low, 5);
  CLOSE(one.high, 5);
}

static void bootstrap_repeats_with_the_seed_and_ignores_order(void **state)
{
  Rng a = rng_from_seed(5), b = rng_from_seed(5);
  double values[] = {1, 5, 2, 8, 3}, turned[] = {3, 8, 2, 5, 1};
  size_t group_of[] = {0, 0, 1, 1, 2}, turned_groups[] = {2, 1, 1, 0, 0};
  Interval x = stats_bootstrap(*state, values, group_of, 5, 3, 0.9, 300, &a);
  Interval y = stats_bootstrap(*state, turned, turned_groups, 5, 3, 0.9, 300, &b);
  CLOSE(x.low, y.low);
  CLOSE(x.high, y.high);
  assert_true(x.low < x.high);
}

/* Three tight groups far apart: the uncertainty is that of three values, not of thirty. */
static void bootstrap_resamples_whole_groups(void **state)
{
  Rng rng = rng_from_seed(6);
  double values[30];
  size_t by_group[30], alone[30];
  for (size_t i = 0; i < 30; i++) {
    values[i] = (double)(i / 10) + noise(&rng) / 1000;
    by_group[i] = i / 10;
    alone[i] = i;
  }
  Interval grouped = stats_bootstrap(*state, values, by_group, 30, 3, 0.95, 1000, &rng);
  Interval single = stats_bootstrap(*state, values, alone, 30, 30, 0.95, 1000, &rng);
  assert_true(grouped.low < 0.1 && grouped.high > 1.9); /* all three draws alike has chance 1/27 each */
  assert_true(single.low > 0.4 && single.high < 1.6);
}

/* The interval's promise: it holds the truth about as often as its level says. */
static void bootstrap_covers_the_truth(void **state)
{
  Rng rng = rng_from_seed(7);
  int held = 0;
  for (int trial = 0; trial < 300; trial++) {
    double values[40];
    size_t group_of[40];
    fill(&rng, values, 40);
    for (size_t i = 0; i < 40; i++) group_of[i] = i;
    Interval interval = stats_bootstrap(*state, values, group_of, 40, 40, 0.95, 200, &rng);
    held += interval.low <= 0 && 0 <= interval.high;
  }
  assert_in_range(held, 300 * 90 / 100, 300 * 98 / 100);
}

static void percentile_interval_interpolates(void **state)
{
  (void)state;
  double estimates[] = {50, 10, 20, 40, 30}; /* R: quantile(c(10,20,30,40,50), c(.05, .95)) is 12, 48 */
  Interval interval = stats_percentile_interval(estimates, 5, 0.9);
  CLOSE(interval.low, 12);
  CLOSE(interval.high, 48);
}

/* --- Wilcoxon */

/* The distribution from its definition: all 2ⁿ ways to give signs to these magnitudes. */
static double wilcoxon_by_enumeration(const double *values, size_t n)
{
  size_t top = n * (n + 1) / 2, seen = 0, extreme = 0;
  for (size_t i = 0; i < n; i++) {
    size_t rank = 1;
    for (size_t j = 0; j < n; j++) rank += fabs(values[j]) < fabs(values[i]);
    if (values[i] > 0) seen += rank;
  }
  size_t far = seen < top - seen ? seen : top - seen;
  for (size_t signs = 0; signs < (size_t)1 << n; signs++) {
    size_t sum = 0;
    for (size_t rank = 1; rank <= n; rank++) sum += signs >> (rank - 1) & 1 ? rank : 0;
    extreme += sum <= far || sum >= top - far;
  }
  return fmin(1, (double)extreme / (double)((size_t)1 << n));
}

static void wilcoxon_gives_published_p_values(void **state)
{
  /* R's ?wilcox.test: V = 40, one-sided p = 0.01953. */
  CLOSE(stats_wilcoxon(*state, depression, COUNT(depression)), 0.0390625);
  /* SciPy's documentation: Darwin's plants (Fisher 1935), statistic 24, p = 0.041259765625. */
  double plants[] = {6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75};
  CLOSE(stats_wilcoxon(*state, plants, COUNT(plants)), 0.041259765625);
}

/* Critical values of the two-sided test at 5 % (Wilcoxon & Wilcox 1964; in any table): the largest smaller
 * rank sum that is significant. */
static void wilcoxon_agrees_with_the_table_of_critical_values(void **state)
{
  static const struct {
    size_t n, critical;
  } table[] = {{6, 0},   {7, 2},   {8, 3},   {9, 5},   {10, 8},  {11, 10}, {12, 13},
               {13, 17}, {14, 21}, {15, 25}, {16, 29}, {17, 34}, {18, 40}, {19, 46},
               {20, 52}, {21, 58}, {22, 65}, {23, 73}, {24, 81}, {25, 89}};
  for (size_t t = 0; t < COUNT(table); t++)
    for (size_t extra = 0; extra <= 1; extra++) {
      double values[25];
      size_t left = table[t].critical + extra;
      for (size_t rank = table[t].n; rank; rank--) { /* negative ranks that sum to `left`: greedily */
        bool taken = rank <= left;
        values[rank - 1] = taken ? -(double)rank : (double)rank;
        if (taken) left -= rank;
      }
      assert_int_equal(left, 0);
      assert_int_equal(stats_wilcoxon(*state, values, table[t].n) <= 0.05, !extra);
    }
}

static void wilcoxon_agrees_with_enumeration(void **state)
{
  Rng rng = rng_from_seed(8);
  for (size_t n = 1; n <= 14; n++) {
    double values[14];
    fill(&rng, values, n);
    for (size_t i = 0; i < n; i++) values[i] += 0.5;
    CLOSE(stats_wilcoxon(*state, values, n), wilcoxon_by_enumeration(values, n));
  }
}

static void wilcoxon_approximates_beyond_25_values_and_with_ties(void **state)
{
  double many[30], tied[10] = {1, 1, 1, -1, 1, 1, 1, -1, 1, 1};
  for (size_t i = 0; i < 30; i++) many[i] = (double)i + 1;
  /* z = (465 − 232.5 − 0.5) / √(30·31·61/24) */
  CLOSE(stats_wilcoxon(*state, many, 30), 1.825371456361214e-06);
  /* All ranks 5.5: z = (44 − 27.5 − 0.5) / √(10·11·21/24 − (10³ − 10)/48) */
  CLOSE(stats_wilcoxon(*state, tied, 10), 0.06578723158845516);
}

static void wilcoxon_ignores_zeros_order_sign_and_scale(void **state)
{
  Rng rng = rng_from_seed(9);
  double values[20], turned[20];
  assert_true(stats_wilcoxon(*state, (double[]){0, 0, 0}, 3) == 1);
  assert_true(stats_wilcoxon(*state, NULL, 0) == 1);
  fill(&rng, values, 20);
  values[3] = values[11] = 0;
  double p = stats_wilcoxon(*state, values, 20);
  for (size_t i = 0; i < 20; i++) turned[i] = values[i] * -7;
  shuffle(&rng, turned, 20);
  CLOSE(stats_wilcoxon(*state, turned, 20), p);
}

/* Under the null hypothesis at most 5 % of the tests say otherwise. */
static void wilcoxon_keeps_its_level(void **state)
{
  Rng rng = rng_from_seed(10);
  int exact = 0, approximate = 0;
  for (int trial = 0; trial < 2000; trial++) {
    double values[40];
    fill(&rng, values, 40);
    exact += stats_wilcoxon(*state, values, 12) <= 0.05;
    approximate += stats_wilcoxon(*state, values, 40) <= 0.05;
  }
  assert_in_range(exact, 2000 * 3 / 100, 2000 * 6 / 100);
  assert_in_range(approximate, 2000 * 3 / 100, 2000 * 6 / 100);
}

/* --- Holm */

/* R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"). */
static void holm_gives_the_worked_example(void **state)
{
  double p[] = {0.01, 0.04, 0.03, 0.005};
  stats_holm(*state, p, 4);
  CLOSE(p[0], 0.03);
  CLOSE(p[1], 0.06);
  CLOSE(p[2], 0.06);
  CLOSE(p[3], 0.02);
}

static void holm_never_exceeds_one_and_keeps_order(void **state)
{
  double p[] = {0.9, 0.2, 0.5};
  stats_holm(*state, p, 3);
  CLOSE(p[1], 0.6);
  CLOSE(p[2], 1);
  CLOSE(p[0], 1);
  stats_holm(*state, NULL, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(median_is_the_middle_or_the_mean_of_both),
      TEST(hodges_lehmann_gives_the_textbook_estimate),
      TEST(hodges_lehmann_agrees_with_its_definition),
      TEST(hodges_lehmann_moves_with_shift_and_scale_and_ignores_order),
      TEST(bootstrap_of_equal_values_is_a_point),
      TEST(bootstrap_of_one_value_or_none_is_defined),
      TEST(bootstrap_repeats_with_the_seed_and_ignores_order),
      TEST(bootstrap_resamples_whole_groups),
      TEST(bootstrap_covers_the_truth),
      TEST(percentile_interval_interpolates),
      TEST(wilcoxon_gives_published_p_values),
      TEST(wilcoxon_agrees_with_the_table_of_critical_values),
      TEST(wilcoxon_agrees_with_enumeration),
      TEST(wilcoxon_approximates_beyond_25_values_and_with_ties),
      TEST(wilcoxon_ignores_zeros_order_sign_and_scale),
      TEST(wilcoxon_keeps_its_level),
      TEST(holm_gives_the_worked_example),
      TEST(holm_never_exceeds_one_and_keeps_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
