/* ifc: interfaces on their own. */
#include "cmd/ifc.h"

#include <stdio.h>

#include "ifc/near.h"

static const Option no_options[] = {{0}};

static const Command subcommands[] = {
#define IFC_COMMAND(name, summary) {{#name, sizeof #name - 1}, summary, ifc_##name, &usage_ifc_##name},
#include "cmd/ifc_commands.def"
#undef IFC_COMMAND
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
  buf_z(&out, "\n`ifc COMMAND --help` explains one. PATH is a file, a folder (a WIT package, with\n"
              "its deps/) or `-`; WASM a module; HASH what the registry has, by its first six\n"
              "digits or more.\n");
  if (asked) return run_output(run, buf_text(&out)) ? 0 : 3;
  fwrite(out.at, 1, out.len, stderr);
  return 2;
}

int command_ifc(Run *run)
{
  if (run->arg_count == 0) return ifc_help(run, false);
  Str name = run->args[0];
  if (str_equal(name, STR("--help")) || str_equal(name, STR("-h"))) return ifc_help(run, true);
  Near near = {.wanted = name};
  for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
    near_consider(&near, subcommands[i].name);
    if (!str_equal(subcommands[i].name, name)) continue;
    run->args++, run->arg_count--;
    return subcommands[i].run(run);
  }
  Diag *diag =
      diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "there is no command 'ifc %.*s'", STR_ARG(name));
  if (near.best.len)
    diag_note(&run->diags, diag, SPAN_NONE, "did you mean 'ifc %.*s'?", STR_ARG(near.best));
  else
    diag_note(&run->diags, diag, SPAN_NONE, "`ifc --help` lists the commands");
  return 2;
}
