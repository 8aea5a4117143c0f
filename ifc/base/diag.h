/* Diagnostics are data: libraries append them to a list that the caller owns and prints.
 * Places are byte offsets; lines, columns and carets are computed when printed. */
#ifndef IFC_BASE_DIAG_H
#define IFC_BASE_DIAG_H

#include "ifc/base/arena.h"
#include "ifc/base/attributes.h"
#include "ifc/base/buf.h"
#include "ifc/base/str.h"

/* A text with a name, for messages. Both must outlive the diagnostics that point into it. */
typedef struct Source {
  Str path; /* as the user wrote it; "-" for standard input */
  Str text;
} Source;

/* A piece of a source. `source` is NULL where there is no place to point to. */
typedef struct Span {
  const Source *source;
  uint32_t at, len; /* bytes */
} Span;
#define SPAN_NONE ((Span){0})

typedef enum DiagCode {
#define DIAG(name, slug, exit) DIAG_##name,
#include "ifc/base/codes.def"
#undef DIAG
} DiagCode;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

typedef struct DiagNote {
  Span span;
  Str message;
  struct DiagNote *next;
} DiagNote;

typedef struct Diag {
  Severity severity;
  DiagCode code;
  Span span;
  Str message;     /* what is wrong; no trailing period, no newline */
  DiagNote *notes; /* other places, and what to do, in the order they were added */
  struct Diag *next;
} Diag;

typedef struct Diags {
  Arena *arena;
  Diag *first, *last;
  size_t errors, warnings;
  size_t dropped; /* beyond 100 errors and 100 warnings a source, and 1,000 in all: counted, but not kept */
  struct DiagCount *counts; /* how many of each source were kept; the latest first */
  size_t kept;
  Diag discarded; /* what is returned for those that are not kept */
} Diags;

Diags diags_in(Arena *arena);

/* Appends an error and returns it, for notes; the returned diagnostic is valid even when it was dropped. A
 * message of more than a thousand bytes loses its middle, which only a name can be that long. */
Diag *diag_error(Diags *self, DiagCode code, Span at, const char *format, ...) PRINTF_LIKE(4, 5);
Diag *diag_warning(Diags *self, DiagCode code, Span at, const char *format, ...) PRINTF_LIKE(4, 5);
/* Appends an error about a failed system call, `error` being its errno: "cannot DOING 'PATH': REASON", with a
 * note on what to do where that is known. Its code is INPUT when the path is at fault, else SYSTEM. */
Diag *diag_errno(Diags *self, int error, const char *doing, Str path);
/* The same about a standard stream: "cannot read standard input: it is closed". Its code is SYSTEM, but INPUT
 * where a folder is to be read. */
Diag *diag_errno_stream(Diags *self, int error, const char *doing, const char *stream);
/* Adds a note to a diagnostic: another place, or (with SPAN_NONE) what to do. */
void diag_note(Diags *self, Diag *diag, Span at, const char *format, ...) PRINTF_LIKE(4, 5);

/* True where one more error at this place would not be kept, so that nothing needs to be found out for it. */
bool diags_full(const Diags *self, Span at);

/* The span from the start of `first` to the end of `last`, both in one source. */
Span span_join(Span first, Span last);
/* The text of a span. */
Str span_text(Span self);
typedef struct Position {
  size_t line, column; /* from 1; columns count code points */
  Str line_text;       /* without its line end */
} Position;
Position span_position(Span self);
/* The same, quicker for places that follow one another: lines are counted on from the place before, which is
 * kept in `known`. It begins zeroed. */
typedef struct LineMark {
  const Source *source;
  size_t line, at;      /* lines before the one that begins at `at` */
  size_t seen, columns; /* code points of that line before `seen` */
} LineMark;
Position span_position_after(Span self, LineMark *known);

/* Prints all as
 *   path:line:col: error: message
 *       12 | the line
 *          |     ^^^^
 *          = note: what to do
 *   path:line:col: note: another place, with its line in turn
 * and, when some were dropped, a last line that says how many. The line and its gutter fit into 80 columns;
 * of a longer line, what is around the place is shown. Control characters never reach `out`. */
void diags_print(const Diags *self, Buf *out, bool colour);
/* The name of a code, as in --json. */
Str diag_code_slug(DiagCode code);
/* The exit status of a command that ends with these: that of the first error; 0 without errors. */
int diags_exit(const Diags *self);

#endif
