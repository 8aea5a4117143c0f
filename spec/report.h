/* A verification's document (docs/schemas/verify.json) as people and other tools read it. The document may
 * come from a file: what is not in it is taken as empty, and what is in it reaches no terminal or runner as
 * anything but text. */
#ifndef SPEC_REPORT_H
#define SPEC_REPORT_H

#include "spec/verify.h"

/* For people: the specification's words, counterexamples, how to replay, and what stays unknown;
 * in lines of so many columns, where their words are not longer. */
void report_print(const Json *document, bool colour, size_t columns, Buf *out);
enum { REPORT_COLUMNS = 80 };
/* TAP 14 (testanything.org): a test point for each implementation, its tests as a subtest. Undecided is not
 * ok. */
void report_tap(const Json *document, Buf *out);
/* JUnit's XML, as Jenkins and GitLab read it: a suite for each implementation. Undecided is an error. */
void report_junit(const Json *document, Buf *out);
/* The report for people, then GitHub's annotations: ten, which are all that it shows of one step. */
void report_github(const Json *document, Buf *out);
/* As verify_exit. */
int report_exit(const Json *document);

/* A document's place, for messages. */
typedef struct ReportFile {
  Str path;
  const Json *document;
} ReportFile;

/* One document from several of the same interface, specifications, budget and seed: implementations side by
 * side, shards of one added up; where several shards failed in a test, the smallest counterexample. NULL with
 * a diagnostic when they do not belong together, or a shard is missing. */
Json *report_merge(Arena *arena, const ReportFile *files, size_t count, Diags *diags);

#endif
