/* Workers: processes that untrusted bytes may meet. Compile workers run a tool; run workers run a function of
 * ours that loads and calls untrusted code. Both are under seccomp, rlimits, no new privileges, an empty
 * environment and, where the kernel has it, Landlock; neither has a network. Whatever happens in a worker is
 * an outcome, never the end of the caller. */
#ifndef RUNTIME_SANDBOX_H
#define RUNTIME_SANDBOX_H

#include "ifc/base/diag.h"
#include "ifc/base/process.h"

/* --- run workers
 * ------------------------------------------------------------------------------------------------ */

typedef struct SandboxLimits {
  uint32_t wall_ms;      /* the worker is killed after that; 0: 60,000 */
  uint64_t memory_bytes; /* writable private memory beyond what the caller has; 0: 2 GiB */
  uint64_t output_bytes; /* all messages together, each counted 8 bytes longer; 0: 64 MiB */
} SandboxLimits;

/* The worker's end of its only connection to the world. */
typedef struct SandboxPort SandboxPort;
/* Sends one message to the supervisor; blocks while it is busy. */
void sandbox_send(SandboxPort *self, Str message);

typedef struct SandboxJob {
  /* Before the doors close: may open files (shared objects), must not call untrusted code. Returns false,
   * after sending a message that says why, to end the worker. May be NULL. */
  bool (*prepare)(void *context, SandboxPort *port);
  /* After the doors closed: arithmetic, memory, and sandbox_send; nothing else. */
  void (*run)(void *context, SandboxPort *port);
  void *context; /* in the worker: a copy-on-write copy of the caller's memory */
} SandboxJob;

typedef enum SandboxEnd {
  SANDBOX_DONE,      /* run returned, or prepare returned false */
  SANDBOX_CRASHED,   /* by a signal: `signal` */
  SANDBOX_FORBIDDEN, /* it tried a system call that workers do not have */
  SANDBOX_ABORTED,   /* it gave up: what our own code does when it has no memory left (arena.h) */
  SANDBOX_TIMED_OUT, /* wall_ms were over */
  SANDBOX_FLOODED,   /* more than output_bytes */
  SANDBOX_STOPPED,   /* the receiver returned false */
} SandboxEnd;

typedef struct SandboxOutcome {
  SandboxEnd end;
  int signal;           /* 0 in a crash: it exited before run returned */
  uint64_t limit;       /* the wall_ms or output_bytes that were exceeded */
  uint64_t nanoseconds; /* from its start to its end, by the clock */
} SandboxOutcome;

/* Receives each message in the caller's process. What it is given is hostile until checked. False: stop the
 * worker. */
typedef bool (*SandboxReceive)(void *context, Str message);

/* Forks a worker, runs the job in it, receives until it ends. False with a diagnostic only when no worker
 * could be started or isolated. The caller must have a single thread and flushed its stdio. */
MUST_CHECK bool sandbox_run(const SandboxJob *job, const SandboxLimits *limits, SandboxReceive receive,
                            void *receive_context, SandboxOutcome *outcome, Diags *diags);
/* The same for several jobs, at most `at_once` workers at a time, each with its own receive context and
 * outcome; `outcomes[i]` belongs to `jobs[i]`. */
MUST_CHECK bool sandbox_run_all(const SandboxJob *jobs, size_t count, size_t at_once,
                                const SandboxLimits *limits, SandboxReceive receive, void **receive_contexts,
                                SandboxOutcome *outcomes, Diags *diags);
/* "was killed by signal 11 (segmentation fault)": for messages. */
Str sandbox_outcome_text(Arena *arena, const SandboxOutcome *self);

/* --- compile workers
 * -------------------------------------------------------------------------------------------- */

/* Runs a tool (argv as in process.h) that may read and execute what is in the system's folders and `readable`
 * (files or folders), write only below `folder`, start its own helpers, and reach no network. It runs in
 * `folder`, which is its HOME and TMPDIR as well; other variables than these, PATH and LC_ALL=C it has not.
 * It is stopped after 60 s of processor time in one process, or 10 minutes; may have 4 GiB of memory, files
 * of 256 MiB; 1 MiB of each of its outputs is kept. False with a diagnostic only when it could not be started
 * or isolated. */
MUST_CHECK bool sandbox_tool(Arena *arena, const char *const *argv, Str folder, const Str *readable,
                             size_t readable_count, Str input, ProcessResult *out, Diags *diags);
/* The same within other limits; `output_bytes` is what is kept of each output. */
MUST_CHECK bool sandbox_tool_within(Arena *arena, const SandboxLimits *limits, const char *const *argv,
                                    Str folder, const Str *readable, size_t readable_count, Str input,
                                    ProcessResult *out, Diags *diags);
/* How it ended, limits and forbidden system calls included: "ended with status 1". */
Str sandbox_tool_text(Arena *arena, const ProcessResult *self);

#endif
