/* merge: reports of verify as one. */
#include "cmd/command.h"
#include "cmd/verify_output.h"
#include "ifc/base/file.h"
#include "spec/report.h"

enum { REPORT_LIMIT = 64 << 20 };

typedef struct MergeCommand {
  VerifyOutput output;
} MergeCommand;

static const Option merge_options[] = {VERIFY_OUTPUT(MergeCommand, output), {0}};
const Usage usage_merge = {
    "merge REPORT.json...",
    "Unites what `verify --json` wrote: the shards of one run, which add up, and runs about\n"
    "different modules. Interface, specifications, seed and budget must be the same, and no\n"
    "shard may be missing. Exit status as verify's: 0 all passed, 1 one failed, 3 undecided.\n",
    merge_options};

static bool read_report(Run *run, Str path, ReportFile *out)
{
  Source *source = arena_new_of(run->arena, Source);
  source->path = out->path = path;
  if (!file_read(run->arena, path, REPORT_LIMIT, &source->text, &run->diags)) return false;
  out->document = jv_parse(run->arena, source, &run->diags);
  return out->document != NULL;
}

int command_merge(Run *run)
{
  MergeCommand command = {0};
  Strs paths;
  int status;
  if (!run_options(run, &usage_merge, &command, &paths, &status)) return status;
  if (!verify_output_check(run, &command.output)) return 2;
  if (!paths.len) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "which reports? merge REPORT.json...");
    diag_note(&run->diags, diag, SPAN_NONE, "`verify --json` writes them");
    return 2;
  }
  ReportFile *files = arena_array_of(run->arena, ReportFile, paths.len);
  for (size_t i = 0; i < paths.len; i++)
    if (!read_report(run, paths.at[i], &files[i])) return 0;
  const Json *document = report_merge(run->arena, files, paths.len, &run->diags);
  if (!document) return 0;
  return verify_output(run, &command.output, document) ? report_exit(document) : 3;
}
