/* In which form verify and merge give their report. */
#ifndef CMD_VERIFY_OUTPUT_H
#define CMD_VERIFY_OUTPUT_H

#include "cmd/command.h"
#include "ifc/base/json.h"

typedef struct VerifyOutput {
  bool json, tap, github;
  Str junit;
} VerifyOutput;

/* The entries of an option table. */
#define VERIFY_OUTPUT(Type, member)                                                                         \
  {"--json", 0, OPTION_FLAG, offsetof(Type, member.json), NULL, "the report as JSON"},                      \
      {"--tap", 0, OPTION_FLAG, offsetof(Type, member.tap), NULL, "the report in TAP 14"},                  \
      {"--github",  0,                                                                                      \
       OPTION_FLAG, offsetof(Type, member.github),                                                          \
       NULL,        "the report with GitHub's annotations"},                                                \
  {                                                                                                         \
    "--junit", 0, OPTION_TEXT, offsetof(Type, member.junit), "FILE", "write the report as JUnit's XML, too" \
  }

/* False with a diagnostic when two forms are wanted on standard output. */
bool verify_output_check(Run *run, const VerifyOutput *self);
/* Prints the document. False with a diagnostic when that cannot be written. */
bool verify_output(Run *run, const VerifyOutput *self, const Json *document);

#endif
