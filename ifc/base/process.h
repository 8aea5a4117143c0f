/* Running another program: no shell, bounded time, bounded output, nothing inherited
 * but what is named. */
#ifndef IFC_BASE_PROCESS_H
#define IFC_BASE_PROCESS_H

#include "ifc/base/arena.h"
#include "ifc/base/attributes.h"
#include "ifc/base/diag.h"
#include "ifc/base/str.h"

typedef struct ProcessOptions {
  const char *const *argv; /* NULL-terminated; argv[0] is looked up on the PATH */
  const char *const *env;  /* NULL-terminated "NAME=value"; NULL: PATH only */
  Str folder;              /* where it runs; empty: here */
  Str input;               /* its standard input */
  uint32_t timeout_ms;     /* 0: none. When over, its whole process group is killed */
  size_t output_limit;     /* bytes kept of each of its outputs; the rest is read and dropped; 0: 1 MiB */
  /* Runs in the child just before exec; must be async-signal-safe. False: the child ends with 126. */
  bool (*before_exec)(void *context);
  void *context;
} ProcessOptions;

typedef enum ProcessEnd { PROCESS_EXITED, PROCESS_SIGNALLED, PROCESS_TIMED_OUT } ProcessEnd;

typedef struct ProcessResult {
  ProcessEnd end;
  int status; /* exit status, or the signal's number */
  Str output, errors;
  bool output_cut; /* more than output_limit came */
} ProcessResult;

/* Runs it to its end, in a process group of its own that is killed when its leader has ended, so that nothing
 * stays behind; if the calling thread dies meanwhile, the leader is killed too. False, with a diagnostic that
 * names the Debian package where one is known, only when it could not be started; its own failure is in
 * `out`. */
MUST_CHECK bool process_run(Arena *arena, const ProcessOptions *options, ProcessResult *out, Diags *diags);
/* The full path of a program on the PATH (relative folders there are passed over), or the empty slice. */
Str process_find(Arena *arena, Str program);

#endif
