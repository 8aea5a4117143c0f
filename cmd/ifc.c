/* ifc: interfaces on their own. */
#include <stdio.h>

#include "cmd/command.h"
#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "ifc/canon.h"
#include "ifc/show.h"
#include "ifc/wit.h"

typedef struct IfcOptions {
  bool json;
  Str language, output;
} IfcOptions;

static const Option no_options[] = {{0}};
static const Option show_options[] = {
    {"--json", 0, OPTION_FLAG, offsetof(IfcOptions, json), NULL, "the resolved form, as JSON"},
    {0},
};
static const Option bind_options[] = {
    {"--lang", 'l', OPTION_TEXT, offsetof(IfcOptions, language), "LANGUAGE", "c"},
    {"--output", 'o', OPTION_TEXT, offsetof(IfcOptions, output), "DIR", "where the files go (default: here)"},
    {0},
};

typedef struct HashLine {
  Str id, hash;
} HashLine;

static int hash_line_compare(const void *a, const void *b)
{
  const HashLine *x = a, *y = b;
  int order = str_compare(x->id, y->id);
  return order ? order : str_compare(x->hash, y->hash);
}

static const Usage hash_usage = {
    "ifc hash PATH...", "Prints the hash of every interface in these files or folders, sorted by name.\n",
    no_options};

static int ifc_hash(Run *run)
{
  Strs paths;
  int status;
  if (!run_options(run, &hash_usage, NULL, &paths, &status)) return status;
  if (!paths.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "which file? ifc hash PATH...");
  VEC(HashLine) lines = {0};
  for (size_t i = 0; i < paths.len; i++) {
    const Package *package = wit_load(run->arena, paths.at[i], &run->diags);
    for (uint32_t k = 0; package && k < package->interface_count; k++) {
      const Interface *interface = &package->interfaces[k];
      vec_push(run->arena, &lines,
               (HashLine){interface->id, hash_text(run->arena, interface_hash(run->arena, interface))});
    }
  }
  if (lines.len) qsort(lines.at, lines.len, sizeof *lines.at, hash_line_compare);
  Buf out = buf_in(run->arena);
  for (size_t i = 0; i < lines.len; i++)
    buf_printf(&out, "%.*s  %.*s\n", STR_ARG(lines.at[i].hash), STR_ARG(lines.at[i].id));
  run_output(run, buf_text(&out));
  return 0;
}

static const Usage canon_usage = {
    "ifc canon PATH [INTERFACE]",
    "Prints the canonical text: exactly the bytes that are hashed. PATH#INTERFACE works too.\n", no_options};

static int ifc_canon(Run *run)
{
  Strs operands;
  int status;
  if (!run_options(run, &canon_usage, NULL, &operands, &status)) return status;
  if (operands.len < 1 || operands.len > 2) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: ifc canon PATH [INTERFACE]");
    return 2;
  }
  Str reference = operands.at[0];
  if (operands.len == 2)
    reference = str_format(run->arena, "%.*s#%.*s", STR_ARG(reference), STR_ARG(operands.at[1]));
  const Interface *interface = wit_load_interface(run->arena, reference, &run->diags);
  if (interface) run_output(run, interface_canonical(run->arena, interface));
  return 0;
}

/* Errors in what was read are the answer "no"; files that could not be read are no answer. */
static int check_status(const Diags *diags)
{
  if (!diags->errors) return 0;
  for (const Diag *d = diags->first; d; d = d->next)
    if (d->severity == SEVERITY_ERROR && !d->span.source) return 2;
  return 1;
}

static const Usage check_usage = {"ifc check PATH...",
                                  "Parses and validates; says what is wrong and where.\n", no_options};

static int ifc_check(Run *run)
{
  Strs paths;
  int status;
  if (!run_options(run, &check_usage, NULL, &paths, &status)) return status;
  if (!paths.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "which file? ifc check PATH...");
  for (size_t i = 0; i < paths.len; i++) wit_load(run->arena, paths.at[i], &run->diags);
  return check_status(&run->diags);
}

static const Usage show_usage = {
    "ifc show PATH [--json]", "Prints what is in a package, as WIT or in its resolved form.\n", show_options};

static int ifc_show(Run *run)
{
  IfcOptions options = {0};
  Strs paths;
  int status;
  if (!run_options(run, &show_usage, &options, &paths, &status)) return status;
  if (paths.len != 1) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: ifc show PATH [--json]");
    return 2;
  }
  const Package *package = wit_load(run->arena, paths.at[0], &run->diags);
  if (!package) return 0;
  Buf json = buf_in(run->arena);
  if (options.json) jv_print(package_to_json(run->arena, package), &json);
  run_output(run, options.json ? buf_text(&json) : package_show(run->arena, package));
  return 0;
}

static const Usage bind_usage = {"ifc bind --lang c PATH[#INTERFACE] [-o DIR]",
                                 "Writes guest bindings, source-compatible with wit-bindgen's.\n",
                                 bind_options};

static int ifc_bind(Run *run)
{
  IfcOptions options = {0};
  Strs paths;
  int status;
  if (!run_options(run, &bind_usage, &options, &paths, &status)) return status;
  if (paths.len != 1 || !options.language.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: ifc bind --lang c PATH[#INTERFACE] [-o DIR]");
    return 2;
  }
  if (!str_equal(options.language, STR("c"))) {
    Diag *diag = diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "no bindings for language '%.*s'",
                            STR_ARG(options.language));
    diag_note(&run->diags, diag, SPAN_NONE, "languages: c");
    return 2;
  }
  const Interface *interface = wit_load_interface(run->arena, paths.at[0], &run->diags);
  if (!interface) return 0;
  Binding binding = bind_c(run->arena, interface);
  Str header = path_join(run->arena, options.output, binding.header_name);
  Str source = path_join(run->arena, options.output, binding.source_name);
  if (file_write(header, binding.header, &run->diags) && file_write(source, binding.source, &run->diags))
    run_output(run, str_format(run->arena, "%.*s\n%.*s\n", STR_ARG(header), STR_ARG(source)));
  return 0;
}

static const Command subcommands[] = {
    {{"hash", 4}, "the hash of every interface", ifc_hash, &hash_usage},
    {{"canon", 5}, "the canonical text that is hashed", ifc_canon, &canon_usage},
    {{"check", 5}, "parse and validate", ifc_check, &check_usage},
    {{"show", 4}, "what is in a package", ifc_show, &show_usage},
    {{"bind", 4}, "guest bindings for implementers", ifc_bind, &bind_usage},
};
enum { SUBCOMMAND_COUNT = sizeof subcommands / sizeof *subcommands };

const Usage usage_ifc = {"ifc COMMAND [ARGUMENT]...", "Interfaces on their own.\n", no_options};

Commands commands_of_ifc(void)
{
  return (Commands){subcommands, SUBCOMMAND_COUNT};
}

static int ifc_help(Run *run, bool asked)
{
  Buf out = buf_in(run->arena);
  buf_z(&out, "usage: ifc COMMAND [ARGUMENT]...\n\n");
  for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
    buf_printf(&out, "  %-10.*s%s\n", STR_ARG(subcommands[i].name), subcommands[i].summary);
  if (asked) return run_output(run, buf_text(&out)) ? 0 : 3;
  fwrite(out.at, 1, out.len, stderr);
  return 2;
}

int command_ifc(Run *run)
{
  if (run->arg_count == 0) return ifc_help(run, false);
  Str name = run->args[0];
  if (str_equal(name, STR("--help")) || str_equal(name, STR("-h"))) return ifc_help(run, true);
  for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
    if (!str_equal(subcommands[i].name, name)) continue;
    run->args++, run->arg_count--;
    return subcommands[i].run(run);
  }
  Diag *diag =
      diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "there is no command 'ifc %.*s'", STR_ARG(name));
  diag_note(&run->diags, diag, SPAN_NONE, "`ifc --help` lists the commands");
  return 2;
}
