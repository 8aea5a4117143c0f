/* The commands of `ifc`, one file each or a few that belong together. */
#ifndef CMD_IFC_H
#define CMD_IFC_H

#include "cmd/command.h"

#define IFC_COMMAND(name, summary) \
  int ifc_##name(Run *run);        \
  extern const Usage usage_ifc_##name;
#include "cmd/ifc_commands.def"
#undef IFC_COMMAND

#endif
