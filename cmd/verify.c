/* verify: implementations against specifications. */
#include "spec/verify.h"
#include "cmd/command.h"
#include "cmd/verify_output.h"
#include "cmd/verify_subject.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"
#include "ifc/base/vec.h"
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
  bool fail_fast;
  VerifyOutput output;
} VerifyCommand;

static const Option verify_options[] = {
    {"--spec", 's', OPTION_TEXTS, offsetof(VerifyCommand, specs), "FILE",
     "a specification; may be repeated (default: all that the registry has)"},
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
    {"--fail-fast", 'x', OPTION_FLAG, offsetof(VerifyCommand, fail_fast), NULL,
     "leave an implementation at its first failure"},
    {"--shard", 0, OPTION_TEXT, offsetof(VerifyCommand, shard), "K/N",
     "run only part K of N of the cases; `assay merge` unites the parts"},
    {"--emit-spec", 0, OPTION_TEXT, offsetof(VerifyCommand, emit), "FILE",
     "add the counterexamples to this specification, which may be new"},
    VERIFY_OUTPUT(VerifyCommand, output),
    WIT_OPTIONS(VerifyCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(VerifyCommand, registry), "DIR",
     "where results are kept for publish"},
    {0},
};
const Usage usage_verify = {
    "verify IMPL.wasm...|INTERFACE [--spec FILE]...",
    "Tries each implementation against the specifications: examples, tables, and laws on random\n"
    "cases, in a sandbox. A failure is shrunk to its smallest case. INTERFACE (WIT, or a hash) means\n"
    "all implementations of it that the registry has, from earlier runs; files may be given by their\n"
    "hash as well. Exit status: 0 all passed, 1 one failed, 3 undecided.\n",
    verify_options};

static bool verify_arguments(Run *run, const VerifyCommand *command, const Strs *operands, VerifyOptions *out)
{
  if (!verify_output_check(run, &command->output)) return false;
  if (!operands->len) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
                            "which implementation? verify IMPL.wasm... --spec FILE");
    diag_note(&run->diags, diag, SPAN_NONE, "`verify --help` explains");
    return false;
  }
  *out = (VerifyOptions){.seed = random_u64(),
                         .budget_ms = command->budget.ms,
                         .budget_cases = command->budget.count,
                         .jobs = (uint32_t)(command->jobs > 1024 ? 1024 : command->jobs),
                         .replay = command->replay,
                         .fail_fast = command->fail_fast};
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

/* What a replay needs to find the interface again. */
static void verify_arguments_keep(Run *run, const VerifyCommand *command, Str interface, VerifyReport *report)
{
  VEC(Str) out = {0};
  if (interface.len) {
    vec_push(run->arena, &out, STR("--for"));
    vec_push(run->arena, &out, interface);
  }
  for (size_t i = 0; i < command->wit.deps.len; i++) {
    vec_push(run->arena, &out, STR("--deps"));
    vec_push(run->arena, &out, command->wit.deps.at[i]);
  }
  for (size_t i = 0; i < command->wit.features.len; i++) {
    vec_push(run->arena, &out, STR("--features"));
    vec_push(run->arena, &out, command->wit.features.at[i]);
  }
  if (command->wit.all_features) vec_push(run->arena, &out, STR("--all-features"));
  report->arguments = out.at;
  report->argument_count = out.len;
}

/* What is in the file of --emit-spec by now, into `out`; NULL: nothing. False, with diagnostics, when it is
 * something that counterexamples cannot be added to. */
static bool verify_emit_begin(Run *run, Str path, const Interface *interface, const Spec **out)
{
  size_t errors = run->diags.errors;
  Source *source = arena_new_of(run->arena, Source);
  *out = NULL;
  if (!path.len || (!file_exists(path) && !dir_exists(path)) || file_is_special(path)) return true;
  source->path = path;
  if (!file_read(run->arena, path, SUBJECT_SOURCE_MAX, &source->text, &run->diags)) return false;
  if (!str_trim(source->text).len) return true;
  *out = spec_parse(run->arena, source, interface, &run->diags);
  Diag *last = run->diags.last;
  if (!*out && last && run->diags.errors > errors)
    diag_note(&run->diags, last, SPAN_NONE,
              "--emit-spec adds to its file, which is a new one or a specification of this interface");
  return *out != NULL;
}

static void nothing_to_emit(Run *run, Str path, const EmittedSpec *emitted)
{
  if (emitted->known)
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE,
                 "'%.*s' stays as it is: it has the counterexample%s already", STR_ARG(path),
                 emitted->known == 1 ? "" : "s");
  else
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE,
                 "'%.*s' is not written: there is no counterexample to put in it", STR_ARG(path));
}

/* To what the file holds by now. False with a diagnostic when it cannot be written. */
static bool verify_emit_add(Run *run, Str path, const VerifyReport *report)
{
  const Spec *existing;
  EmittedSpec emitted;
  if (!verify_emit_begin(run, path, report->interface, &existing)) return false;
  verify_emit(run->arena, report, existing, &emitted);
  if (emitted.left_out)
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE,
                 "%zu counterexample%s not in '%.*s': no single script repeats %s", emitted.left_out,
                 emitted.left_out == 1 ? " is" : "s are", STR_ARG(path),
                 emitted.left_out == 1 ? "it" : "them");
  if (!emitted.written) {
    nothing_to_emit(run, path, &emitted);
    return true;
  }
  return file_write(path, emitted.text, &run->diags);
}

/* Runs at the same time add to one file one after the other. Where there is no place for a lock, there are no
 * others that could wait for it. */
static bool verify_emit_spec(Run *run, Str path, const VerifyReport *report)
{
  Diags ignored = diags_in(run->arena);
  if (!path.len) return true;
  int lock = file_lock(path_join(run->arena, cache_folder(run->arena), STR("emit.lock")), &ignored);
  bool added = verify_emit_add(run, path, report);
  file_unlock(lock);
  return added;
}

/* Those that can be used and, in their places, those that cannot: a report without them would be taken for
 * one about all. */
static Implementation *with_left_out(Run *run, SubjectFiles files, const Implementation *usable)
{
  Implementation *out = arena_array_of(run->arena, Implementation, files.len + 1);
  for (size_t i = 0; i < files.len; i++) {
    const SubjectFile *file = &files.at[i];
    if (file->problem.len)
      out[i] = (Implementation){
          .problem = file->problem, .path = file->text, .label = implementation_label(file->text)};
    else
      out[i] = *usable++;
  }
  return out;
}

static int verify_report(Run *run, const VerifyCommand *command, const VerifyReport *report)
{
  bool shown = verify_output(run, &command->output, verify_to_json(run->arena, report));
  shown = verify_emit_spec(run, command->emit, report) && shown;
  bool kept = command->replay.len || report->shard_count ||
              results_add_verify(run->arena, run_registry(run, command->registry), report, &run->diags);
  if (!shown || !kept) return 3;
  int status = verify_exit(report);
  return status == 3 && run->diags.errors ? 0 : status; /* what could not be used says it better */
}

int command_verify(Run *run)
{
  VerifyCommand command = {0};
  VerifyOptions options;
  VerifySubject subject;
  WitOptions wit;
  Strs operands;
  const Spec *emitted;
  size_t count;
  int status;
  if (!run_options(run, &usage_verify, &command, &operands, &status)) return status;
  if (!verify_arguments(run, &command, &operands, &options)) return 2;
  if (!verify_shard(run, command.shard, &options)) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &wit)) return 2;
  VerifyOperands meant = {operands, command.specs, command.interface, run_registry(run, command.registry),
                          &wit};
  if (!verify_subject(run, &meant, &subject) ||
      !verify_emit_begin(run, command.emit, subject.interface, &emitted))
    return 0;
  const Implementation *usable =
      subject_implementations(run, subject.modules, subject.interface, command.with, &wit, &count);
  if (!count && !subject.modules.at[0].problem.len) return 0; /* it is about --with */
  const Implementation *implementations = with_left_out(run, subject.modules, usable);
  VerifyReport report;
  options.progress = run_progress(run);
  bool ran = verify(run->arena, subject.interface, subject.specs, subject.spec_count, implementations,
                    subject.modules.len, &options, &report, &run->diags);
  progress_end(options.progress);
  if (!ran) return 0;
  verify_arguments_keep(run, &command, subject.interface_path, &report);
  return verify_report(run, &command, &report);
}
