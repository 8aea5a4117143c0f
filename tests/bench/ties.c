/* How often a ranking tells identical candidates apart: five copies of one module, each a file of its own, in
 * many short evaluations, on the machine as it is and with every processor kept busy. Prints one JSON line
 * for each. usage: ties [RUNS [BUDGET_MS]], from the repository's folder. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/evaluate.h"
#include "ifc/base/file.h"
#include "ifc/wit.h"
#include "runtime/build.h"

enum { COPIES = 5, RUNS = 20, BUDGET_MS = 1000, BUSY_MAX = 64 };

typedef struct Subject {
  const char *name, *wit, *bench, *source;
} Subject;

static const Subject subjects[] = {
    {"circle", "docs/examples/circle/circle.wit", "docs/examples/circle/circle.bench",
     "docs/examples/circle/implementations/square.c"},
    {"sort", "docs/examples/sort/sort.wit", "docs/examples/sort/sort.bench",
     "docs/examples/sort/implementations/heap.c"},
};

typedef struct Count {
  size_t pairs, separated, rankings, wrong_rankings;
} Count;

static void stop(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&out)));
  exit(3);
}

/* The same code in files that differ: a custom section says which copy it is. */
static void make_copies(Arena *arena, const Interface *interface, Str source, Implementation *out,
                        Diags *diags)
{
  BuildOptions options = {&source, 1, interface, NULL};
  BuildResult built;
  WasmModule module;
  if (!build_module(arena, &options, &built, diags) || !wasm_read(arena, source, built.wasm, &module, diags))
    stop(diags);
  for (size_t i = 0; i < COPIES; i++) {
    Str label = str_format(arena, "copy-%zu", i + 1);
    Str bytes = wasm_with_customs(arena, &module, NULL, 0, &(WasmCustom){STR("copy"), label}, 1);
    out[i] = (Implementation){.path = label, .label = label, .hash = hash_of(bytes)};
    if (!wasm_read(arena, label, bytes, &out[i].module, diags) ||
        !implementation_fit(arena, &out[i].module, label, interface, &out[i].fit, diags))
      stop(diags);
  }
}

/* A pair is separated where neither's rank interval reaches into the other's. */
static size_t separated_in(const WorkloadReport *workload, size_t count)
{
  size_t separated = 0;
  for (size_t i = 0; i < count; i++) {
    const CandidateResult *result = &workload->candidates[i];
    separated += result->rank_low - 1 + (count - result->rank_high);
  }
  return separated / 2;
}

static void count_report(const EvaluateReport *report, Count *count)
{
  size_t n = report->ranked_count, wrong = 0;
  for (size_t w = 0; w < report->workload_count; w++) {
    count->separated += separated_in(&report->workloads[w], n);
    count->pairs += n * (n - 1) / 2;
  }
  for (size_t i = 0; i < n; i++)
    wrong += report->overall[i].rank_low - 1 + (n - report->overall[i].rank_high);
  count->wrong_rankings += wrong / 2;
  count->rankings += n * (n - 1) / 2;
}

static Count measure(const Subject *subject, unsigned runs, uint32_t budget_ms)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Count count = {0};
  const Interface *interface = wit_load_interface(arena, str_from_z(subject->wit), NULL, &diags);
  Source source = {str_from_z(subject->bench), {0}};
  if (!interface || !file_read(arena, source.path, 1 << 20, &source.text, &diags)) stop(&diags);
  const Suite *suite = suite_parse(arena, &source, interface, &diags);
  if (!suite) stop(&diags);
  Implementation copies[COPIES];
  make_copies(arena, interface, str_from_z(subject->source), copies, &diags);
  for (unsigned run = 0; run < runs; run++) {
    ArenaMark mark = arena_mark(arena);
    EvaluateReport report;
    EvaluateOptions options = {.seed = run, .budget_ms = budget_ms};
    if (!evaluate(arena, interface, &suite, 1, copies, COPIES, &options, &report, &diags)) stop(&diags);
    count_report(&report, &count);
    arena_reset(arena, mark);
  }
  arena_free(arena);
  return count;
}

static double percent(size_t part, size_t whole)
{
  return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void measure_all(const char *machine, unsigned runs, uint32_t budget_ms)
{
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
    Count count = measure(&subjects[i], runs, budget_ms);
    printf("{\"figure\": \"false-separations\", \"what\": \"%s, %s\", \"candidates\": %d, \"runs\": %u, "
           "\"pairs\": %zu, \"percent\": %.2f, \"overall-percent\": %.2f, \"goal\": 5}\n",
           subjects[i].name, machine, COPIES, runs, count.pairs, percent(count.separated, count.pairs),
           percent(count.wrong_rankings, count.rankings));
    fflush(stdout);
  }
}

/* One process a processor that does nothing, all the time; they end with this one. */
static size_t keep_busy(pid_t *busy)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t count = 0;
  for (; count < BUSY_MAX && (long)count < processors; count++) {
    busy[count] = fork();
    if (busy[count] != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (volatile unsigned long i = 0;; i++) {
    }
  }
  return count;
}

int main(int count, char **arguments)
{
  unsigned runs = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : RUNS;
  uint32_t budget_ms = count > 2 ? (uint32_t)strtoul(arguments[2], NULL, 10) : BUDGET_MS;
  pid_t busy[BUSY_MAX];
  measure_all("as it is", runs, budget_ms);
  size_t others = keep_busy(busy);
  measure_all("loaded", runs, budget_ms);
  for (size_t i = 0; i < others; i++) {
    if (busy[i] <= 0) continue;
    kill(busy[i], SIGKILL);
    waitpid(busy[i], NULL, 0);
  }
  return 0;
}
