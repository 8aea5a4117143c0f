/* verify: implementations against specifications. */
#include "spec/verify.h"
#include "cmd/command.h"
#include "cmd/subject.h"
#include "cmd/verify_output.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"
#include "registry/results.h"
#include "spec/emit.h"

typedef struct VerifyCommand {
  WitArguments wit;
  Strs specs;
  Strs with;
  Str interface, replay, registry, emit, shard;
  Budget budget;
  Str seed;
  uint64_t jobs;
  VerifyOutput output;
} VerifyCommand;

static const Option verify_options[] = {
    {"--spec", 's', OPTION_TEXTS, offsetof(VerifyCommand, specs), "FILE", "a specification; may be repeated"},
    {"--for", 'f', OPTION_TEXT, offsetof(VerifyCommand, interface), "INTERFACE",
     "its WIT, where it is not beside the spec"},
    WITH_OPTION(VerifyCommand, with),
    {"--budget", 'b', OPTION_BUDGET, offsetof(VerifyCommand, budget), "BUDGET",
     "time for the laws of each implementation, or cases for each law (default: 1s)"},
    {"--seed", 0, OPTION_TEXT, offsetof(VerifyCommand, seed), "N",
     "of the random cases (default: a new one every time)"},
    {"--replay", 0, OPTION_TEXT, offsetof(VerifyCommand, replay), "TOKEN",
     "run only the case that a report names"},
    {"--jobs", 'j', OPTION_NUMBER, offsetof(VerifyCommand, jobs), "N",
     "workers at a time (default: one a processor)"},
    {"--shard", 0, OPTION_TEXT, offsetof(VerifyCommand, shard), "K/N",
     "run only part K of N of the cases; `assay merge` unites the parts"},
    {"--emit-spec", 0, OPTION_TEXT, offsetof(VerifyCommand, emit), "FILE",
     "write the counterexamples as a specification of their own"},
    VERIFY_OUTPUT(VerifyCommand, output),
    WIT_OPTIONS(VerifyCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(VerifyCommand, registry), "DIR",
     "where results are kept for publish"},
    {0},
};
const Usage usage_verify = {
    "verify IMPL.wasm... --spec FILE...",
    "Tries each implementation against the specifications: examples, tables, and laws on random\n"
    "cases, in a sandbox. A failure is shrunk to its smallest case. Exit status: 0 all passed,\n"
    "1 one failed, 3 undecided.\n",
    verify_options};

static bool verify_arguments(Run *run, const VerifyCommand *command, const Strs *modules, VerifyOptions *out)
{
  if (!verify_output_check(run, &command->output)) return false;
  if (!modules->len || !command->specs.len) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "%s",
                            modules->len ? "against which specification? --spec FILE"
                                         : "which implementation? verify IMPL.wasm...");
    diag_note(&run->diags, diag, SPAN_NONE, "`verify --help` explains");
    return false;
  }
  *out = (VerifyOptions){.seed = random_u64(),
                         .budget_ms = command->budget.ms,
                         .budget_cases = command->budget.count,
                         .jobs = (uint32_t)(command->jobs > 1024 ? 1024 : command->jobs),
                         .replay = command->replay};
  if (!out->budget_ms && !out->budget_cases) out->budget_ms = 1000;
  if (command->seed.len && !str_to_u64(command->seed, &out->seed)) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is not a seed: a number from 0 to 2^64 - 1",
               STR_ARG(command->seed));
    return false;
  }
  return true;
}

/* K/N */
static bool verify_shard(Run *run, Str text, VerifyOptions *out)
{
  size_t slash = str_find(text, STR("/"));
  uint64_t index, count;
  if (!text.len) return true;
  if (slash != SIZE_MAX && str_to_u64(str_slice(text, 0, slash), &index) &&
      str_to_u64(str_slice(text, slash + 1, text.len), &count) && index >= 1 && index <= count &&
      count <= SHARDS_MAX) {
    out->shard = (uint32_t)index;
    out->shard_count = (uint32_t)count;
    return true;
  }
  diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
             "'%.*s' is no shard: K/N, as 2/3 for the second of three; at most %d", STR_ARG(text),
             SHARDS_MAX);
  return false;
}

static const Spec **verify_specs(Run *run, const Source *sources, size_t count, const Interface *interface)
{
  const Spec **specs = arena_array_of(run->arena, const Spec *, count);
  bool good = true;
  for (size_t i = 0; i < count; i++) {
    specs[i] = spec_parse(run->arena, &sources[i], interface, &run->diags);
    good = good && specs[i];
  }
  return good ? specs : NULL;
}

/* False with a diagnostic when the file cannot be written. */
static bool verify_emit_spec(Run *run, Str path, const VerifyReport *report)
{
  EmittedSpec emitted;
  if (!path.len) return true;
  verify_emit(run->arena, report, &emitted);
  if (emitted.left_out)
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE,
                 "%zu counterexample%s not in '%.*s': no single script repeats %s", emitted.left_out,
                 emitted.left_out == 1 ? " is" : "s are", STR_ARG(path),
                 emitted.left_out == 1 ? "it" : "them");
  if (!emitted.written) {
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE,
                 "'%.*s' is not written: there is no counterexample to put in it", STR_ARG(path));
    return true;
  }
  return file_write(path, emitted.text, &run->diags);
}

static int verify_report(Run *run, const VerifyCommand *command, const VerifyReport *report)
{
  bool shown = verify_output(run, &command->output, verify_to_json(run->arena, report));
  shown = verify_emit_spec(run, command->emit, report) && shown;
  bool kept = command->replay.len || report->shard_count ||
              results_add_verify(run->arena, run_registry(run, command->registry), report, &run->diags);
  if (!shown || !kept) return 3;
  return verify_exit(report);
}

int command_verify(Run *run)
{
  VerifyCommand command = {0};
  VerifyOptions options;
  WitOptions wit;
  Strs modules;
  Source *sources;
  int status;
  if (!run_options(run, &usage_verify, &command, &modules, &status)) return status;
  if (!verify_arguments(run, &command, &modules, &options)) return 2;
  if (!verify_shard(run, command.shard, &options)) return 2;
  if (!subject_sources(run, command.specs, &sources)) return 0;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &wit)) return 2;
  const Interface *interface =
      subject_interface(run, command.interface, &wit, sources, command.specs.len, modules);
  if (!interface) return 0;
  const Spec **specs = verify_specs(run, sources, command.specs.len, interface);
  if (!specs) return 0;
  size_t count;
  Implementation *implementations =
      subject_implementations(run, modules, interface, command.with, &wit, &count);
  if (!count) return 0;
  VerifyReport report;
  options.progress = run_progress(run);
  bool ran = verify(run->arena, interface, specs, command.specs.len, implementations, count, &options,
                    &report, &run->diags);
  progress_end(options.progress);
  return ran ? verify_report(run, &command, &report) : 0;
}
