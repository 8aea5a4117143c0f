#include "bench/rank.h"

#include <math.h>

#include "ifc/base/rng.h"
#include "tests/unit/check.h"

/* A machine to measure on: every number is a standard deviation of a log-time. */
typedef struct World {
  size_t candidates, layouts, blocks;
  double speed[8];  /* log of the candidates' true times */
  double layout;    /* between layouts of one candidate */
  double drift;     /* of the machine, from block to block, alike for all */
  double noise;     /* of one turn */
  double disturbed; /* chance that a turn is disturbed, and takes up to three times as long */
} World;

static double normal(Rng *rng)
{
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += rng_unit(rng);
  return sum;
}

static Samples measure(Arena *arena, const World *world, Rng *rng)
{
  Samples out = {world->candidates, world->layouts, arena_array_of(arena, Block, world->blocks),
                 world->blocks};
  double effect[8][8], drift = 0;
  for (size_t i = 0; i < world->candidates; i++)
    for (size_t l = 0; l < world->layouts; l++) effect[i][l] = world->layout * normal(rng);
  for (size_t b = 0; b < world->blocks; b++) {
    Block *block = &out.blocks[b];
    drift = 0.85 * drift + world->drift * normal(rng);
    block->turns = arena_array_of(arena, Turn, world->candidates);
    block->calls[0] = 100;
    for (size_t i = 0; i < world->candidates; i++) {
      size_t layout = rng_below(rng, world->layouts);
      double log_time = world->speed[i] + effect[i][layout] + drift + world->noise * normal(rng);
      if (rng_unit(rng) < world->disturbed) log_time += rng_unit(rng);
      block->turns[i] =
          (Turn){.layout = (uint32_t)layout, .pieces = 1, .picoseconds = {(uint64_t)(exp(log_time) * 1e9)}};
    }
  }
  return out;
}

/* The share of pairs that are separated, in per cent, over many runs of the same world. */
static double separated(Arena *arena, const World *world, int runs, Rng *rng)
{
  size_t count = 0, n = world->candidates;
  for (int run = 0; run < runs; run++) {
    ArenaMark mark = arena_mark(arena);
    Samples samples = measure(arena, world, rng);
    Contest contest = contest_of(arena, &samples);
    for (size_t cell = 0; cell < n * n; cell++) count += contest.faster[cell];
    arena_reset(arena, mark);
  }
  return 100.0 * (double)count / (double)((size_t)runs * n * (n - 1) / 2);
}

static bool is_near(double a, double b, double tolerance)
{
  return fabs(a - b) <= tolerance;
}

static void identical_candidates_are_seldom_separated(void **state)
{
  Rng rng = rng_from_seed(1);
  World still = {5, 3, 60, {0}, 0, 0.05, 0.01, 0.05};
  World shifting = {5, 3, 60, {0}, 0.02, 0.05, 0.01, 0.05};
  World short_run = {5, 3, 15, {0}, 0.02, 0.05, 0.05, 0.3};
  World many_layouts = {5, 6, 200, {0}, 0.03, 0.05, 0.01, 0.05};
  assert_true(separated(*state, &still, 100, &rng) <= 5);
  assert_true(separated(*state, &shifting, 100, &rng) <= 5);
  assert_true(separated(*state, &short_run, 100, &rng) <= 5);
  assert_true(separated(*state, &many_layouts, 30, &rng) <= 5);
}

static void clear_differences_are_found(void **state)
{
  Rng rng = rng_from_seed(2);
  World world = {5, 3, 60, {0, 0.1, 0.2, 0.3, 0.4}, 0.01, 0.05, 0.01, 0.05};
  assert_true(separated(*state, &world, 40, &rng) >= 95);
}

static void estimates_are_near_the_truth(void **state)
{
  Rng rng = rng_from_seed(3);
  World world = {3, 3, 100, {0, log(2), log(1.05)}, 0, 0.1, 0.02, 0.1};
  Samples samples = measure(*state, &world, &rng);
  Contest contest = contest_of(*state, &samples);
  assert_true(is_near(contest.log_ratio[1 * 3 + 0], log(2), 0.01));
  assert_true(is_near(contest.log_ratio[0 * 3 + 1], -log(2), 0.01));
  assert_true(is_near(contest.log_ratio[2 * 3 + 1], log(1.05 / 2), 0.01));
}

static void intervals_hold_the_truth(void **state)
{
  Rng rng = rng_from_seed(4);
  World world = {2, 1, 40, {0, log(1.1)}, 0, 0.1, 0.02, 0.1};
  int held = 0;
  for (int run = 0; run < 60; run++) {
    ArenaMark mark = arena_mark(*state);
    Samples samples = measure(*state, &world, &rng);
    double estimates[RATIO_RESAMPLES];
    /* With one layout the block is the outer unit: a layout for each, and none to compare. */
    samples.layouts = world.blocks;
    for (size_t b = 0; b < world.blocks; b++)
      samples.blocks[b].turns[0].layout = samples.blocks[b].turns[1].layout = (uint32_t)b;
    ratio_estimates(*state, &samples, 1, 0, &rng, estimates);
    Interval interval = stats_percentile_interval(estimates, RATIO_RESAMPLES, 0.95);
    held += interval.low <= log(1.1) && log(1.1) <= interval.high;
    arena_reset(*state, mark);
  }
  assert_in_range(held, 53, 60);
}

/* Two layouts each, 10 % apart; the candidates' means differ by 3 %, measured as often as one likes. */
static void a_difference_below_the_layout_floor_separates_nobody(void **state)
{
  Block blocks[100];
  Turn turns[100][2];
  for (size_t b = 0; b < 100; b++) {
    uint32_t first = b % 2, second = b / 2 % 2;
    turns[b][0] = (Turn){.layout = first, .pieces = 1, .picoseconds = {1000000 + 100000 * first + b}};
    turns[b][1] = (Turn){.layout = second, .pieces = 1, .picoseconds = {1030000 + 103000 * second + 3 * b}};
    blocks[b] = (Block){.calls = {1}, .turns = turns[b]};
  }
  Samples samples = {2, 2, blocks, 100};
  Contest contest = contest_of(*state, &samples);
  assert_true(is_near(contest_floor(&contest, 0), log(1.1), 0.02));
  assert_true(is_near(contest.log_ratio[2], log(1.03), 0.02));
  assert_false(contest.faster[1]);
  /* Without the layouts the same numbers say otherwise. */
  for (size_t b = 0; b < 100; b++) turns[b][0].layout = turns[b][1].layout = 0;
  assert_true(contest_of(*state, &samples).faster[1]);
}

static Samples few(Arena *arena, size_t count, double factor)
{
  World world = {2, 3, count, {0, log(factor)}, 0.01, 0.05, 0.02, 0};
  Rng rng = rng_from_seed(5);
  return measure(arena, &world, &rng);
}

static void few_pairs_separate_only_the_obvious(void **state)
{
  Samples twice = few(*state, 3, 2), hardly = few(*state, 3, 1.2), once = few(*state, 2, 100);
  assert_true(contest_of(*state, &twice).faster[1]);
  assert_false(contest_of(*state, &hardly).faster[1]);
  assert_false(contest_of(*state, &once).faster[1]);
}

static void only_calls_that_both_did_are_compared(void **state)
{
  Turn turns[] = {{.pieces = 2, .picoseconds = {1000, 900000}}, {.pieces = 1, .picoseconds = {3000}}, {0}};
  Block block = {.calls = {1, 9}, .turns = turns};
  Samples samples = {3, 1, &block, 1};
  Contest contest = contest_of(*state, &samples);
  assert_true(is_near(contest.log_ratio[1 * 3 + 0], log(3), 1e-12));
  assert_true(is_near(contest.log_ratio[2 * 3 + 0], 0, 0)); /* never met */
  assert_int_equal(samples_call_time(*state, &samples, 0), 90100);
  assert_int_equal(samples_call_time(*state, &samples, 1), 3000);
  assert_int_equal(samples_blocks_of(&samples, 1), 1);
  assert_int_equal(samples_blocks_of(&samples, 2), 0);
}

static void a_slower_clock_changes_nothing(void **state)
{
  Rng rng = rng_from_seed(6);
  World world = {3, 2, 30, {0, 0.1, 0.3}, 0.02, 0.05, 0.02, 0.1};
  Samples samples = measure(*state, &world, &rng);
  Contest before = contest_of(*state, &samples);
  for (size_t b = 0; b < 30; b++)
    for (size_t i = 0; i < 3; i++) samples.blocks[b].turns[i].picoseconds[0] *= 7;
  Contest after = contest_of(*state, &samples);
  for (size_t cell = 0; cell < 9; cell++) {
    assert_true(is_near(before.log_ratio[cell], after.log_ratio[cell], 1e-9));
    assert_true(before.faster[cell] == after.faster[cell]);
  }
}

static void overall_is_the_geometric_mean(void **state)
{
  Rng rng = rng_from_seed(7);
  World first = {2, 2, 40, {0, log(4)}, 0, 0.05, 0.01, 0}, second = {2, 2, 30, {log(2), 0}, 0, 0.05, 0.01, 0};
  Samples samples[] = {measure(*state, &first, &rng), measure(*state, &second, &rng)};
  Contest contests[] = {contest_of(*state, &samples[0]), contest_of(*state, &samples[1])};
  Contest overall = contest_overall(*state, samples, contests, 2);
  assert_true(contests[0].faster[1] && contests[1].faster[2]);
  assert_true(is_near(overall.log_ratio[2], log(2) / 2 + 0.0, 0.02)); /* √(4 · ½) = √2 */
  assert_true(overall.faster[1]);
}

static void opposite_workloads_make_a_tie(void **state)
{
  Rng rng = rng_from_seed(8);
  World first = {2, 3, 40, {0, 0.5}, 0.02, 0.05, 0.02, 0}, second = {2, 3, 40, {0.5, 0}, 0.02, 0.05, 0.02, 0};
  Samples samples[] = {measure(*state, &first, &rng), measure(*state, &second, &rng)};
  Contest contests[] = {contest_of(*state, &samples[0]), contest_of(*state, &samples[1])};
  Contest overall = contest_overall(*state, samples, contests, 2);
  assert_false(overall.faster[1] || overall.faster[2]);
}

static void ranks_leave_open_what_is_not_sure(void **state)
{
  (void)state;
  /* 0 beats 2 and 3; 1 beats 3. */
  bool faster[16] = {[2] = true, [3] = true, [1 * 4 + 3] = true};
  Contest contest = {4, NULL, NULL, faster};
  static const uint32_t want[4][2] = {{1, 2}, {1, 3}, {2, 4}, {3, 4}};
  for (size_t i = 0; i < 4; i++) {
    uint32_t low, high;
    contest_ranks(&contest, i, &low, &high);
    assert_int_equal(low, want[i][0]);
    assert_int_equal(high, want[i][1]);
  }
}

static void the_fastest_is_the_reference_and_the_rest_follow_by_ratio(void **state)
{
  Rng rng = rng_from_seed(9);
  World world = {4, 2, 40, {0.3, 0.1, 0.2, 0}, 0, 0.05, 0.01, 0};
  Samples samples = measure(*state, &world, &rng);
  Contest contest = contest_of(*state, &samples);
  size_t order[4];
  contest_order(*state, &contest, order);
  static const size_t want[4] = {3, 1, 2, 0};
  for (size_t i = 0; i < 4; i++) assert_int_equal(order[i], want[i]);
}

static void one_candidate_is_first(void **state)
{
  Rng rng = rng_from_seed(10);
  World world = {1, 3, 20, {0}, 0.01, 0.05, 0.01, 0};
  Samples samples = measure(*state, &world, &rng);
  Contest contest = contest_of(*state, &samples), overall = contest_overall(*state, &samples, &contest, 1);
  uint32_t low, high;
  size_t order[1];
  contest_ranks(&overall, 0, &low, &high);
  contest_order(*state, &overall, order);
  assert_int_equal(low, 1);
  assert_int_equal(high, 1);
  assert_int_equal(order[0], 0);
  assert_true(samples_call_time(*state, &samples, 0) > 1000000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(identical_candidates_are_seldom_separated),
      TEST(clear_differences_are_found),
      TEST(estimates_are_near_the_truth),
      TEST(intervals_hold_the_truth),
      TEST(a_difference_below_the_layout_floor_separates_nobody),
      TEST(few_pairs_separate_only_the_obvious),
      TEST(only_calls_that_both_did_are_compared),
      TEST(a_slower_clock_changes_nothing),
      TEST(overall_is_the_geometric_mean),
      TEST(opposite_workloads_make_a_tie),
      TEST(ranks_leave_open_what_is_not_sure),
      TEST(the_fastest_is_the_reference_and_the_rest_follow_by_ratio),
      TEST(one_candidate_is_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
