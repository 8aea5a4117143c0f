/* Commands that have commands of their own: `ifc`, `spec`. */
#ifndef CMD_SUBCOMMANDS_H
#define CMD_SUBCOMMANDS_H

#include "cmd/command.h"

typedef struct Subcommands {
  const char *name; /* "ifc", as it is typed alone; "assay spec" where it is not */
  Commands commands;
  const char *words; /* the last lines of the help: what the arguments are */
} Subcommands;

/* Runs the one that the first argument names, or prints the help. */
int subcommands_run(Run *run, const Subcommands *self);

#endif
