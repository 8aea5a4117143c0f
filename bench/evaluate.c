#include "bench/evaluate.h"

#include <math.h>
#include <unistd.h>

#include "bench/rank.h"
#include "bench/trial.h"
#include "ifc/base/clock.h"
#include "ifc/base/file.h"

enum { DEFAULT_BUDGET_MS = 30000, DEFAULT_LAYOUTS = 3, CALL_MS_LEAST = 1000, CALL_MS_MOST = 10000 };

/* --- setting up */

static void list_workloads(Trial *self)
{
  VEC(TrialWorkload) found = {0};
  for (size_t s = 0; s < self->suite_count; s++)
    for (size_t w = 0; w < suite_workload_count(self->suites[s]); w++)
      vec_push(self->arena, &found,
               (TrialWorkload){.suite = (uint32_t)s,
                               .workload = (uint32_t)w,
                               .name = suite_workload_name(self->suites[s], w),
                               .answered_by = SIZE_MAX});
  self->workloads = found.at;
  self->workload_count = found.len;
}

static Trial trial_new(Arena *arena, const Interface *interface, const Suite *const *suites,
                       size_t suite_count, const Implementation *implementations, size_t count,
                       const EvaluateOptions *options, Diags *diags)
{
  uint32_t budget_ms = options->budget_ms ? options->budget_ms : DEFAULT_BUDGET_MS, call_ms = budget_ms / 4;
  uint32_t layouts = options->layouts ? options->layouts : DEFAULT_LAYOUTS;
  if (call_ms < CALL_MS_LEAST) call_ms = CALL_MS_LEAST;
  if (call_ms > CALL_MS_MOST) call_ms = CALL_MS_MOST;
  Trial self = {.arena = arena,
                .interface = interface,
                .suites = suites,
                .suite_count = suite_count,
                .candidates = arena_array_of(arena, Candidate, count),
                .candidate_count = count,
                .layouts = layouts < LAYOUTS_MAX ? layouts : LAYOUTS_MAX,
                .seed = options->seed,
                .budget_ns = budget_ms * UINT64_C(1000000),
                .call_ms = call_ms,
                .progress = options->progress,
                .diags = diags};
  for (size_t i = 0; i < count; i++) self.candidates[i].implementation = &implementations[i];
  list_workloads(&self);
  return self;
}

/* Whether a workload was made from the answers of a candidate that turned out to be wrong. */
static bool was_misled(const Trial *self)
{
  for (size_t i = 0; i < self->workload_count; i++) {
    size_t by = self->workloads[i].answered_by;
    if (by != SIZE_MAX && self->candidates[by].excluded) return true;
  }
  return false;
}

static bool nobody_left(Trial *self)
{
  if (trial_left(self)) return false;
  Diag *diag =
      diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "there is no implementation that could be measured");
  for (size_t i = 0; i < self->candidate_count; i++)
    diag_note(self->diags, diag, SPAN_NONE, "%.*s: %.*s", STR_ARG(self->candidates[i].implementation->label),
              STR_ARG(self->candidates[i].reason));
  return true;
}

/* Everything up to the judgement. */
static bool trial_run(Trial *self, Samples *samples)
{
  if (!trial_compile(self, 0, 1) || nobody_left(self)) return false;
  self->began = clock_ns();
  do {
    if (!trial_prepare(self) || nobody_left(self) || !trial_check(self) || nobody_left(self)) return false;
  } while (was_misled(self));
  uint64_t checked = clock_ns();
  if (!trial_compile(self, 1, self->layouts) || nobody_left(self)) return false;
  self->began += clock_ns() - checked; /* compiling is not on the budget */
  return trial_measure(self, samples) && !nobody_left(self) && trial_account(self);
}

/* --- the report */

static uint64_t ppm_of(double log_ratio)
{
  static const double most = 1e15;
  double ppm = exp(log_ratio) * 1e6;
  return ppm < most ? (uint64_t)llround(ppm) : (uint64_t)most;
}

static Ratio ratio_of(double log_ratio, double *estimates)
{
  Interval interval = stats_percentile_interval(estimates, RATIO_RESAMPLES, 0.95);
  return (Ratio){ppm_of(log_ratio), ppm_of(interval.low), ppm_of(interval.high)};
}

typedef struct Judgement {
  const Trial *trial;
  const Samples *samples;
  Contest *contests; /* by workload */
  Contest overall;
  size_t *order; /* place to index among those that are left */
  size_t count;
} Judgement;

/* What one of those that are left needs beside time. */
static const Account *account_of(const Judgement *self, size_t workload, size_t candidate)
{
  const Trial *trial = self->trial;
  size_t index = 0;
  for (size_t left = candidate; trial->candidates[index].excluded || left; index++)
    left -= !trial->candidates[index].excluded;
  return &trial->workloads[workload].accounts[index];
}

static CandidateResult candidate_result(const Judgement *self, size_t workload, size_t candidate, double *sum)
{
  Arena *arena = self->trial->arena;
  const Samples *samples = &self->samples[workload];
  const Contest *contest = &self->contests[workload];
  const Account *account = account_of(self, workload, candidate);
  size_t reference = self->order[0];
  Rng rng = rng_from_seed_and_label(self->trial->seed, workload * self->count + candidate);
  CandidateResult result = {.picoseconds = samples_call_time(arena, samples, candidate),
                            .floor_ppm = ppm_of(contest_floor(contest, candidate)) - 1000000,
                            .pairs = samples_blocks_of(samples, candidate),
                            .is_counted = account->is_counted,
                            .cost = account->cost,
                            .memory = account->memory,
                            .start_ns = account->start_ns};
  ArenaMark mark = arena_mark(arena);
  double *estimates = arena_array_of(arena, double, RATIO_RESAMPLES);
  if (candidate != reference) ratio_estimates(arena, samples, candidate, reference, &rng, estimates);
  for (size_t i = 0; i < RATIO_RESAMPLES; i++) sum[i] += estimates[i] / (double)self->trial->workload_count;
  result.ratio = ratio_of(contest->log_ratio[candidate * self->count + reference], estimates);
  arena_reset(arena, mark);
  contest_ranks(contest, candidate, &result.rank_low, &result.rank_high);
  return result;
}

/* One place of the ranking: the candidate's results in all workloads, and over them. */
static OverallResult overall_result(const Judgement *self, size_t place, WorkloadReport *reports,
                                    CandidateResult **results)
{
  Arena *arena = self->trial->arena;
  size_t candidate = self->order[place];
  OverallResult out = {0};
  ArenaMark mark = arena_mark(arena);
  double *sum = arena_array_of(arena, double, RATIO_RESAMPLES);
  for (size_t w = 0; w < self->trial->workload_count; w++) {
    CandidateResult result = results[w][place] = candidate_result(self, w, candidate, sum);
    if (result.ratio.ppm > out.worst_ppm) out.worst_ppm = result.ratio.ppm;
    if (result.floor_ppm > reports[w].floor_ppm) reports[w].floor_ppm = result.floor_ppm;
  }
  out.geometric_mean = ratio_of(self->overall.log_ratio[candidate * self->count + self->order[0]], sum);
  arena_reset(arena, mark);
  contest_ranks(&self->overall, candidate, &out.rank_low, &out.rank_high);
  return out;
}

static Judgement judge(const Trial *trial, const Samples *samples)
{
  Arena *arena = trial->arena;
  Judgement self = {.trial = trial, .samples = samples, .count = trial_left(trial)};
  self.contests = arena_array_of(arena, Contest, trial->workload_count);
  for (size_t w = 0; w < trial->workload_count; w++) self.contests[w] = contest_of(arena, &samples[w]);
  self.overall = contest_overall(arena, samples, self.contests, trial->workload_count);
  self.order = arena_array_of(arena, size_t, self.count);
  contest_order(arena, &self.overall, self.order);
  return self;
}

static void report_results(const Judgement *self, EvaluateReport *out)
{
  const Trial *trial = self->trial;
  WorkloadReport *reports = arena_array_of(trial->arena, WorkloadReport, trial->workload_count);
  CandidateResult **results = arena_array_of(trial->arena, CandidateResult *, trial->workload_count);
  OverallResult *overall = arena_array_of(trial->arena, OverallResult, self->count);
  for (size_t w = 0; w < trial->workload_count; w++) {
    const TrialWorkload *workload = &trial->workloads[w];
    results[w] = arena_array_of(trial->arena, CandidateResult, self->count);
    reports[w] = (WorkloadReport){.suite = workload->suite,
                                  .name = workload->name,
                                  .calls = workload->checked,
                                  .counted = workload->counted,
                                  .pairs = (uint32_t)self->samples[w].block_count,
                                  .candidates = results[w]};
  }
  for (size_t place = 0; place < self->count; place++) {
    progress_update(trial->progress, STR("computing intervals"), place, self->count);
    overall[place] = overall_result(self, place, reports, results);
  }
  progress_update(trial->progress, STR("computing intervals"), self->count, self->count);
  out->workloads = reports;
  out->workload_count = trial->workload_count;
  out->overall = overall;
}

static void report_who(const Judgement *self, EvaluateReport *out)
{
  const Trial *trial = self->trial;
  const Implementation **ranked = arena_array_of(trial->arena, const Implementation *, self->count);
  Excluded *excluded = arena_array_of(trial->arena, Excluded, trial->candidate_count);
  size_t left = 0;
  for (size_t i = 0; i < trial->candidate_count; i++) {
    const Candidate *candidate = &trial->candidates[i];
    if (candidate->excluded) {
      excluded[out->excluded_count++] = (Excluded){candidate->implementation, candidate->reason};
      continue;
    }
    for (size_t place = 0; place < self->count; place++)
      if (self->order[place] == left) ranked[place] = candidate->implementation;
    left++;
  }
  out->ranked = ranked;
  out->ranked_count = self->count;
  out->excluded = excluded;
}

/* "AMD EPYC 7B13, 2 processors": the model from the first such line of /proc/cpuinfo. */
static Str machine_text(Arena *arena)
{
  Diags ignored = diags_in(arena);
  Str info, model = STR("unknown processor");
  if (file_read(arena, STR("/proc/cpuinfo"), 1 << 22, &info, &ignored)) {
    size_t at = str_find(info, STR("model name"));
    Str line = at == SIZE_MAX ? (Str){0} : str_slice(info, at, info.len);
    size_t colon = str_find(line, STR(":")), end = str_find(line, STR("\n"));
    if (colon < end) model = str_trim(str_slice(line, colon + 1, end));
  }
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return str_format(arena, "%.*s, %ld processor%s", STR_ARG(model), processors, processors == 1 ? "" : "s");
}

static bool has_work(size_t suite_count, size_t implementation_count, Diags *diags)
{
  if (suite_count && implementation_count) return true;
  diag_error(diags, DIAG_USAGE, SPAN_NONE, "there is no %s to evaluate",
             suite_count ? "implementation" : "benchmark to evaluate implementations with; nothing");
  return false;
}

bool evaluate(Arena *arena, const Interface *interface, const Suite *const *suites, size_t suite_count,
              const Implementation *implementations, size_t implementation_count,
              const EvaluateOptions *options, EvaluateReport *out, Diags *diags)
{
  if (!has_work(suite_count, implementation_count, diags)) return false;
  Trial trial =
      trial_new(arena, interface, suites, suite_count, implementations, implementation_count, options, diags);
  Samples *samples = arena_array_of(arena, Samples, trial.workload_count);
  if (!trial_run(&trial, samples)) return false;
  EvaluateReport report = {.interface = interface,
                           .suites = suites,
                           .suite_count = suite_count,
                           .reference = 0,
                           .seed = options->seed,
                           .machine = machine_text(arena)};
  Judgement judgement = judge(&trial, samples);
  report_results(&judgement, &report);
  report_who(&judgement, &report);
  *out = report;
  return true;
}
