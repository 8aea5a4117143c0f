/* What the forms of a report share. */
#ifndef SPEC_REPORT_INTERNAL_H
#define SPEC_REPORT_INTERNAL_H

#include "spec/report.h"

/* Of an implementation, a test or the whole; what is no verdict is undecided. */
Verdict report_verdict(const Json *object);
Str report_verdict_name(Verdict verdict);
size_t report_count(const Json *tests, Verdict verdict);
/* "group: name" */
Str report_words(Arena *arena, const Json *test);
Str report_text(const Json *object, const char *key);
int64_t report_number(const Json *object, const char *key);
/* Are there several specifications, so that a report has to say which one a test is of? */
bool report_has_several_specs(const Json *document);
/* Did it run as a test of another file, which is the same? */
bool report_is_shared(const Json *test);
/* The specification that a test is of. */
Str report_spec_path(const Json *document, const Json *test);
/* What a person needs to know of a failed or undecided test, a line each: message, steps, inputs, sides. */
void report_details(const Json *test, Buf *out);
/* The command that runs the failing case again; empty: there is none. */
Str report_command(Arena *arena, const Json *document, const Json *implementation, const Json *test);
/* The text with a space for every control character, for what makes a terminal write from right to left, and
 * for every byte that is not UTF-8. */
void report_put_clean(Str text, Buf *out);
Str report_clean(Arena *arena, Str text);

#endif
