/* ifc check: is it well-formed, may a component contain it? */
#include "cmd/ifc.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/diag_json.h"

typedef struct CheckCommand {
  WitArguments wit;
  bool parses, json;
} CheckCommand;

static const Option check_options[] = {
    {"--parses", 0, OPTION_FLAG, offsetof(CheckCommand, parses), NULL,
     "ask only what the reference parser asks, not what a component may contain"},
    {"--json", 0, OPTION_FLAG, offsetof(CheckCommand, json), NULL,
     "what is wrong, as JSON, on standard output"},
    WIT_OPTIONS(CheckCommand, wit),
    {0},
};
const Usage usage_ifc_check = {
    "ifc check PATH...",
    "Parses and validates; says what is wrong, and where. Exit status: 0 nothing, 1 errors\n"
    "were found, 2 a file cannot be read.\n",
    check_options};

/* Errors in what was read are the answer "no"; files that could not be read are no answer. */
static int check_status(const Diags *diags)
{
  for (const Diag *d = diags->first; d; d = d->next)
    if (d->severity == SEVERITY_ERROR && !d->span.source) return 2;
  return diags->errors ? 1 : 0;
}

int ifc_check(Run *run)
{
  CheckCommand command = {0};
  WitOptions options;
  Strs paths;
  int status;
  if (!run_options(run, &usage_ifc_check, &command, &paths, &status)) return status;
  if (!paths.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "check what? ifc check PATH...");
  if (!paths.len || !wit_arguments_read(run, &command.wit, command.parses ? WIT_PARSES : WIT_VALID, &options))
    return 2;
  Diags *diags = &run->diags, found = diags_in(run->arena);
  if (command.json) diags = &found; /* they are said once */
  options.drops_syntax = true;
  for (size_t i = 0; i < paths.len; i++) wit_load(run->arena, paths.at[i], &options, diags);
  status = check_status(diags);
  if (!command.json) return status;
  Buf out = buf_in(run->arena);
  jv_print(diags_to_json(run->arena, diags), &out);
  return run_output(run, buf_text(&out)) ? status : 3;
}
