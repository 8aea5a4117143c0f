/* What every command is given, and the table of commands. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/options.h"
#include "ifc/base/progress.h"
#include "ifc/type.h"

typedef struct Run {
  Arena *arena;
  Diags diags;     /* printed to standard error when the command ends */
  const Str *args; /* after the command's name */
  size_t arg_count;
  bool colour;                  /* standard output is a terminal that wants colours */
  const struct WitOptions *wit; /* what wit_arguments_read made; NULL: no WIT is read */
} Run;

/* A command's own description, for its help page. */
typedef struct Usage {
  const char *lines; /* "verify IMPL.wasm... [OPTION]...\n" */
  const char *text;  /* what it does, in a few lines */
  const Option *options;
} Usage;

typedef struct Command {
  Str name;
  const char *summary;
  int (*run)(Run *run); /* the exit status; diagnostics with errors raise a 0 to theirs */
  const Usage *usage;   /* NULL: it has subcommands */
} Command;

/* All commands, and those of ifc and spec, in the order of the help. */
typedef struct Commands {
  const Command *at;
  size_t count;
} Commands;
Commands commands_all(void);
Commands commands_of_ifc(void);
Commands commands_of_spec(void);

/* Parses the command line; handles --help. True: go on; false: end with `*status`. */
bool run_options(Run *run, const Usage *usage, void *result, Strs *operands, int *status);
/* Writes to standard output. An output that cannot be written (a full disk) is a diagnostic; false then. */
bool run_output(Run *run, Str text);
/* The registry's folder: `given`, else home_folder(). */
Str run_registry(Run *run, Str given);
/* A progress line on standard error, NULL when that is no terminal; ends with progress_end. */
Progress *run_progress(Run *run);
void progress_end(Progress *self);

#define COMMAND(name, summary)  \
  int command_##name(Run *run); \
  extern const Usage usage_##name;
#include "cmd/commands.def"
#undef COMMAND

#endif
