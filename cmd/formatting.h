/* `ifc fmt` and `assay spec fmt`: files laid out in place. What they do alike. */
#ifndef CMD_FORMATTING_H
#define CMD_FORMATTING_H

#include "cmd/command.h"

/* The text laid out in `arena`; meaningless when errors were reported. */
typedef Str FormatText(Arena *arena, const Source *source, Diags *diags);

typedef struct Formatting {
  const char *command; /* "ifc fmt" */
  FormatText *format;
  const char *extension; /* of a folder the files of this one are meant: "wit" */
  size_t limit;          /* bytes of a file */
} Formatting;

/* Their options, for Usage. */
extern const Option formatting_options[];

/* The whole command: prints which files it changed, or with --check would change. `-` goes from standard
 * input to standard output. What is read-only is refused; a file that has further names (hard links) is
 * replaced under the one that was given, with a warning. Returns the exit status. */
int formatting_run(Run *run, const Usage *usage, const Formatting *self);

#endif
