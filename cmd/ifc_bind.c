/* ifc bind: guest bindings. */
#include "ifc/bind.h"

#include "cmd/ifc.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"

typedef struct BindCommand {
  WitArguments wit;
  Str language, output;
} BindCommand;

static const Option bind_options[] = {
    {"--lang", 'l', OPTION_TEXT, offsetof(BindCommand, language), "LANGUAGE", "c"},
    {"--output", 'o', OPTION_TEXT, offsetof(BindCommand, output), "DIR",
     "where the files go (default: here)"},
    WIT_OPTIONS(BindCommand, wit),
    {0},
};
const Usage usage_ifc_bind = {
    "ifc bind --lang c PATH[#INTERFACE] [-o DIR]",
    "Writes guest bindings, source-compatible with wit-bindgen's, and prints the paths\n"
    "of the files.\n",
    bind_options};

static bool bind_arguments(Run *run, const BindCommand *command, const Strs *paths)
{
  if (paths->len != 1 || !command->language.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: %s", usage_ifc_bind.lines);
    return false;
  }
  if (str_equal(command->language, STR("c"))) return true;
  Diag *diag = diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "no bindings for language '%.*s'",
                          STR_ARG(command->language));
  diag_note(&run->diags, diag, SPAN_NONE, "languages: c");
  return false;
}

int ifc_bind(Run *run)
{
  BindCommand command = {0};
  WitOptions options;
  Strs paths;
  int status;
  if (!run_options(run, &usage_ifc_bind, &command, &paths, &status)) return status;
  if (!bind_arguments(run, &command, &paths)) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &options)) return 2;
  const Interface *interface = wit_load_interface(run->arena, paths.at[0], &options, &run->diags);
  if (!interface) return 0;
  Binding binding = bind_c(run->arena, interface);
  Str header = path_join(run->arena, command.output, binding.header_name);
  Str source = path_join(run->arena, command.output, binding.source_name);
  if (file_write(header, binding.header, &run->diags) && file_write(source, binding.source, &run->diags))
    run_output(run, str_format(run->arena, "%.*s\n%.*s\n", STR_ARG(header), STR_ARG(source)));
  return 0;
}
