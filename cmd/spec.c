/* spec: specifications on their own, without implementations. */
#include "spec/spec.h"
#include "cmd/formatting.h"
#include "cmd/subcommands.h"
#include "cmd/subject.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/diag_json.h"
#include "spec/format.h"

static const Option no_options[] = {{0}};

/* --- check */

typedef struct CheckCommand {
  WitArguments wit;
  Str interface;
  bool json;
} CheckCommand;

static const Option check_options[] = {
    {"--for", 'f', OPTION_TEXT, offsetof(CheckCommand, interface), "INTERFACE",
     "its WIT, where it is not beside the file"},
    {"--json", 0, OPTION_FLAG, offsetof(CheckCommand, json), NULL,
     "what is wrong, as JSON, on standard output"},
    WIT_OPTIONS(CheckCommand, wit),
    {0},
};
static const Usage usage_check = {
    "assay spec check FILE... [--for INTERFACE]",
    "Reads specifications and checks their types against the interface; says what is wrong,\n"
    "and where. Exit status: 0 nothing, 1 errors were found, 2 a file cannot be read.\n",
    check_options};

static int check_status(const Diags *diags)
{
  for (const Diag *diag = diags->first; diag; diag = diag->next)
    if (diag->severity == SEVERITY_ERROR && !diag->span.source) return 2;
  return diags->errors ? 1 : 0;
}

/* The operands' texts. */
static bool read_specs(Run *run, Strs operands, Source **out)
{
  SubjectFiles files;
  return subject_files(run, run_registry(run, (Str){0}), operands, FOUND_SPECIFICATION, &files) &&
         subject_sources(run, files, out);
}

static int spec_check(Run *run)
{
  CheckCommand command = {0};
  WitOptions options;
  Strs paths;
  Source *sources;
  int status;
  if (!run_options(run, &usage_check, &command, &paths, &status)) return status;
  if (!paths.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "check what? assay spec check FILE...");
  if (!paths.len || !wit_arguments_read(run, &command.wit, WIT_VALID, &options)) return 2;
  if (!read_specs(run, paths, &sources)) return 2;
  for (size_t i = 0; i < paths.len; i++) {
    const Interface *interface =
        subject_interface(run, command.interface, &options, &sources[i], 1, (SubjectFiles){0});
    if (interface) (void)spec_parse(run->arena, &sources[i], interface, &run->diags);
  }
  status = check_status(&run->diags);
  if (!command.json) return status;
  Diags found = run->diags;
  run->diags = diags_in(run->arena); /* they are said once */
  Buf out = buf_in(run->arena);
  jv_print(diags_to_json(run->arena, &found), &out);
  return run_output(run, buf_text(&out)) ? status : 3;
}

/* --- fmt */

static const Usage usage_fmt = {
    "assay spec fmt PATH... [--check]",
    "Lays specifications out in one way, in place, and prints which it changed. Of a folder\n"
    "all *.spec in it. `-` formats standard input to standard output. Comments stay, hashes\n"
    "too.\n",
    formatting_options};

static int spec_fmt(Run *run)
{
  static const Formatting formatting = {"assay spec fmt", spec_format, "spec", SUBJECT_SOURCE_MAX};
  return formatting_run(run, &usage_fmt, &formatting);
}

/* --- hash, canon */

static const Usage usage_hash = {
    "assay spec hash FILE...",
    "Prints the hash of each specification and what it is for. It does not need the\n"
    "interface, and so does not check types. `assay spec canon FILE` prints the bytes that\n"
    "are hashed.\n",
    no_options};

static int spec_hash_print(Run *run)
{
  Strs paths;
  Source *sources;
  int status;
  if (!run_options(run, &usage_hash, NULL, &paths, &status)) return status;
  if (!paths.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "hash what? assay spec hash FILE...");
  if (!paths.len || !read_specs(run, paths, &sources)) return 2;
  Buf out = buf_in(run->arena);
  for (size_t i = 0; i < paths.len; i++) {
    Str id = spec_subject(run->arena, &sources[i], &run->diags);
    Str text = id.len ? spec_canonical_text(run->arena, &sources[i], &run->diags) : id;
    if (!text.len) continue;
    Str hash = hash_text(run->arena, hash_of(text));
    buf_printf(&out, "%.*s  %.*s  %.*s\n", STR_ARG(hash), STR_ARG(id), STR_ARG(paths.at[i]));
  }
  run_output(run, buf_text(&out));
  return 0;
}

static const Usage usage_canon = {
    "assay spec canon FILE",
    "Prints the canonical text of a specification: exactly the bytes that are hashed, so that\n"
    "`assay spec canon FILE | sha256sum` gives the same.\n",
    no_options};

static int spec_canon(Run *run)
{
  Strs paths;
  Source *sources;
  int status;
  if (!run_options(run, &usage_canon, NULL, &paths, &status)) return status;
  if (paths.len != 1) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: assay spec canon FILE");
    return 2;
  }
  if (!read_specs(run, paths, &sources)) return 2;
  if (spec_subject(run->arena, &sources[0], &run->diags).len)
    run_output(run, spec_canonical_text(run->arena, &sources[0], &run->diags));
  return 0;
}

static const Command subcommands[] = {
    {{"check", 5}, "read and check types", spec_check, &usage_check},
    {{"fmt", 3}, "lay specifications out in one way", spec_fmt, &usage_fmt},
    {{"hash", 4}, "the hash of each", spec_hash_print, &usage_hash},
    {{"canon", 5}, "the canonical text that is hashed", spec_canon, &usage_canon},
};

const Usage usage_spec = {"assay spec COMMAND [ARGUMENT]...", "Specifications on their own.\n", no_options};

Commands commands_of_spec(void)
{
  return (Commands){subcommands, sizeof subcommands / sizeof *subcommands};
}

int command_spec(Run *run)
{
  return subcommands_run(
      run, &(Subcommands){"assay spec", commands_of_spec(), " FILE is a .spec file, or `-`.\n"});
}
