/* ifc: interfaces on their own. */
#include "cmd/ifc.h"
#include "cmd/subcommands.h"

static const Option no_options[] = {{0}};

static const Command subcommands[] = {
#define IFC_COMMAND(name, summary) {{#name, sizeof #name - 1}, summary, ifc_##name, &usage_ifc_##name},
#include "cmd/ifc_commands.def"
#undef IFC_COMMAND
};

const Usage usage_ifc = {"ifc COMMAND [ARGUMENT]...", "Interfaces on their own.\n", no_options};

Commands commands_of_ifc(void)
{
  return (Commands){subcommands, sizeof subcommands / sizeof *subcommands};
}

int command_ifc(Run *run)
{
  return subcommands_run(
      run, &(Subcommands){"ifc", commands_of_ifc(),
                          " PATH is a file, a folder (a WIT package, with\n"
                          "its deps/) or `-`; WASM a module; HASH what the registry has, by its first six\n"
                          "digits or more.\n"});
}
