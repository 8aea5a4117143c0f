/* The options of every command that reads WIT. */
#ifndef CMD_WIT_ARGUMENTS_H
#define CMD_WIT_ARGUMENTS_H

#include "cmd/command.h"
#include "ifc/wit.h"

typedef struct WitArguments {
  Strs deps, features;
  bool all_features;
} WitArguments;

/* Their rows in a command's table, `self` being the member of the command's struct `T`. */
#define WIT_OPTIONS(T, self)                                                                              \
  {"--deps",     0,                                                                                       \
   OPTION_TEXTS, offsetof(T, self.deps),                                                                  \
   "DIR",        "where packages that are named but not here are looked for; may be repeated"},           \
      {"--features", 0,                                                                                   \
       OPTION_LIST,  offsetof(T, self.features),                                                          \
       "NAME,...",   "what is @unstable with these features is in"},                                      \
  {                                                                                                       \
    "--all-features", 0, OPTION_FLAG, offsetof(T, self.all_features), NULL, "all that is @unstable is in" \
  }

/* What the library is told. False, reported, when a --deps names nothing that is there. */
bool wit_arguments_read(Run *run, const WitArguments *self, WitLevel level, WitOptions *out);
/* Once all is read: warns of --features that no gate names, which mostly are misspelt. */
void wit_arguments_check(Run *run);

#endif
