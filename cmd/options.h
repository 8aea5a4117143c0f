/* Command lines, parsed from a table into a struct on the stack; help and completion are made from the same
 * table. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "ifc/base/buf.h"
#include "ifc/base/diag.h"

typedef enum OptionKind {
  OPTION_FLAG,   /* bool */
  OPTION_TEXT,   /* Str */
  OPTION_TEXTS,  /* Strs: may be given several times */
  OPTION_LIST,   /* Strs: separated by commas; may be given several times */
  OPTION_NUMBER, /* uint64_t: decimal, with e for powers of ten: 1e6 */
  OPTION_BUDGET, /* Budget: "10s", "500ms", "2m", or a count */
} OptionKind;

typedef struct Strs {
  Str *at;
  size_t len, cap;
} Strs;

typedef struct Budget {
  uint32_t ms;    /* 0: a count was given */
  uint64_t count; /* 0: a time was given */
} Budget;

typedef struct Option {
  const char *name; /* "--json"; the table ends with NULL */
  char letter;      /* 'o' for "-o"; 0: none */
  OptionKind kind;
  size_t offset;        /* of the member in the struct of results */
  const char *argument; /* "FILE": for the help; NULL for flags */
  const char *help;
} Option;

/* Parses `args` into `result`; what is not an option is appended to `operands`. "--" ends the options; "-" is
 * an operand. False with diagnostics: an unknown option (with the one that was meant), a missing or malformed
 * value. */
bool options_parse(Arena *arena, const Option *table, const Str *args, size_t count, void *result,
                   Strs *operands, Diags *diags);
/* The table as help text, two columns, at most 80 wide. */
void options_help(const Option *table, Buf *out);
/* The words of a text in lines of at most 80 columns, all but the first indented, and a newline. */
void options_wrap(Str text, size_t indent, Buf *out);

#endif
