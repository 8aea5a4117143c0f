/* evaluate: verified implementations, measured against each other. */
#include "bench/evaluate.h"
#include "cmd/command.h"
#include "cmd/subject.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "registry/results.h"

typedef struct EvaluateCommand {
  WitArguments wit;
  Strs benches;
  Strs with;
  Str interface, registry, seed;
  Budget budget;
  bool json, unverified;
} EvaluateCommand;

static const Option evaluate_options[] = {
    {"--bench", 'b', OPTION_TEXTS, offsetof(EvaluateCommand, benches), "FILE",
     "a benchmark; may be repeated"},
    {"--for", 'f', OPTION_TEXT, offsetof(EvaluateCommand, interface), "INTERFACE",
     "its WIT, where it is not beside the bench"},
    WITH_OPTION(EvaluateCommand, with),
    {"--budget", 0, OPTION_BUDGET, offsetof(EvaluateCommand, budget), "TIME",
     "for all workloads together (default: 10s)"},
    {"--seed", 0, OPTION_TEXT, offsetof(EvaluateCommand, seed), "N",
     "of the random order (default: a new one every time)"},
    {"--unverified", 0, OPTION_FLAG, offsetof(EvaluateCommand, unverified), NULL,
     "rank what was not verified too"},
    {"--json", 0, OPTION_FLAG, offsetof(EvaluateCommand, json), NULL, "the report as JSON"},
    WIT_OPTIONS(EvaluateCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(EvaluateCommand, registry), "DIR",
     "where results are kept for publish"},
    {0},
};
const Usage usage_evaluate = {
    "evaluate IMPL.wasm... --bench FILE...",
    "Measures implementations against each other in random pairs and ranks them; what cannot be\n"
    "told apart shares a rank. Only what `verify` passed is ranked.\n",
    evaluate_options};

static bool evaluate_arguments(Run *run, const EvaluateCommand *command, const Strs *modules,
                               EvaluateOptions *out)
{
  if (!modules->len || !command->benches.len) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "%s",
                            modules->len ? "with which benchmark? --bench FILE"
                                         : "which implementation? evaluate IMPL.wasm...");
    diag_note(&run->diags, diag, SPAN_NONE, "`evaluate --help` explains");
    return false;
  }
  *out =
      (EvaluateOptions){.seed = random_u64(), .budget_ms = command->budget.ms ? command->budget.ms : 10000};
  if (command->budget.count) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "evaluate's --budget is a time, such as 10s");
    return false;
  }
  if (command->seed.len && !str_to_u64(command->seed, &out->seed)) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is not a seed: a number from 0 to 2^64 - 1",
               STR_ARG(command->seed));
    return false;
  }
  return true;
}

static const Suite **evaluate_suites(Run *run, const Source *sources, size_t count,
                                     const Interface *interface)
{
  const Suite **suites = arena_array_of(run->arena, const Suite *, count);
  bool good = true;
  for (size_t i = 0; i < count; i++) {
    suites[i] = suite_parse(run->arena, &sources[i], interface, &run->diags);
    good = good && suites[i];
  }
  return good ? suites : NULL;
}

/* Sorts out what was not verified or failed; those come back as `excluded`. */
static size_t evaluate_admit(Run *run, Str registry, const Interface *interface,
                             Implementation *implementations, size_t count, Excluded **excluded,
                             size_t *excluded_count)
{
  size_t admitted = 0;
  Hash hash = interface_hash(run->arena, interface);
  *excluded = arena_array_of(run->arena, Excluded, count + 1);
  *excluded_count = 0;
  for (size_t i = 0; i < count; i++) {
    Standing standing = results_standing(run->arena, registry, hash, implementations[i].hash);
    if (standing == STANDING_PASSED) {
      implementations[admitted++] = implementations[i];
      continue;
    }
    Implementation *out = arena_new_of(run->arena, Implementation);
    *out = implementations[i];
    Str reason = standing == STANDING_FAILED ? STR("failed verification")
                                             : STR("was not verified; run `verify` first");
    (*excluded)[(*excluded_count)++] = (Excluded){out, reason};
  }
  return admitted;
}

/* The report with the ones that were not let in beside those that fell out while measuring. */
static void report_add_excluded(Arena *arena, EvaluateReport *report, const Excluded *more, size_t count)
{
  Excluded *all = arena_array_of(arena, Excluded, report->excluded_count + count + 1);
  for (size_t i = 0; i < count; i++) all[i] = more[i];
  for (size_t i = 0; i < report->excluded_count; i++) all[count + i] = report->excluded[i];
  report->excluded = all;
  report->excluded_count += count;
}

static int evaluate_nobody(Run *run, const Excluded *excluded, size_t count)
{
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "nothing to rank");
  for (size_t i = 0; i < count; i++)
    diag_note(&run->diags, diag, SPAN_NONE, "%.*s %.*s", STR_ARG(excluded[i].implementation->path),
              STR_ARG(excluded[i].reason));
  if (count) diag_note(&run->diags, diag, SPAN_NONE, "--unverified measures them all the same");
  return 3;
}

static int evaluate_report(Run *run, const EvaluateCommand *command, const EvaluateReport *report)
{
  Buf out = buf_in(run->arena);
  if (command->json)
    jv_print(evaluate_to_json(run->arena, report), &out);
  else
    evaluate_print(report, run->colour, &out);
  bool kept = command->unverified ||
              results_add_evaluate(run->arena, run_registry(run, command->registry), report, &run->diags);
  return run_output(run, buf_text(&out)) && kept ? 0 : 3;
}

int command_evaluate(Run *run)
{
  EvaluateCommand command = {0};
  EvaluateOptions options;
  WitOptions wit;
  Strs operands;
  SubjectFiles modules, benches;
  Source *sources;
  int status;
  if (!run_options(run, &usage_evaluate, &command, &operands, &status)) return status;
  if (!evaluate_arguments(run, &command, &operands, &options)) return 2;
  Str registry = run_registry(run, command.registry);
  if (!subject_files(run, registry, operands, FOUND_MODULE, &modules) ||
      !subject_files(run, registry, command.benches, FOUND_BENCHMARK, &benches) ||
      !subject_sources(run, benches, &sources))
    return 0;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &wit)) return 2;
  const Interface *interface =
      subject_interface(run, command.interface, &wit, sources, command.benches.len, modules);
  if (!interface) return 0;
  const Suite **suites = evaluate_suites(run, sources, command.benches.len, interface);
  if (!suites) return 0;
  size_t count, excluded_count = 0;
  Excluded *excluded = NULL;
  Implementation *implementations =
      subject_implementations(run, modules, interface, command.with, &wit, &count);
  if (!command.unverified)
    count = evaluate_admit(run, registry, interface, implementations, count, &excluded, &excluded_count);
  if (!count) return run->diags.errors ? 0 : evaluate_nobody(run, excluded, excluded_count);
  EvaluateReport report;
  options.progress = run_progress(run);
  bool ran = evaluate(run->arena, interface, suites, command.benches.len, implementations, count, &options,
                      &report, &run->diags);
  progress_end(options.progress);
  if (!ran) return 0;
  report_add_excluded(run->arena, &report, excluded, excluded_count);
  return evaluate_report(run, &command, &report);
}
