/* The inside of a run worker, and the frames by which it talks to its supervisor. Not for use outside the
 * sandbox. */
#ifndef RUNTIME_WORKER_LINUX_H
#define RUNTIME_WORKER_LINUX_H

#include <sys/types.h>

#include "runtime/sandbox.h"
#include "runtime/seccomp_linux.h"

typedef enum FrameKind {
  FRAME_READY,   /* isolated; from here on nothing in the pipe is to be trusted */
  FRAME_FAILED,  /* could not be isolated; the payload is a WorkerFailure */
  FRAME_MESSAGE, /* from the job */
  FRAME_DONE,    /* the job has returned */
} FrameKind;

typedef struct FrameHeader {
  uint32_t kind;   /* FrameKind */
  uint32_t length; /* of the payload that follows */
} FrameHeader;

typedef struct WorkerFailure {
  int32_t error; /* errno */
  char step[60]; /* NUL-terminated: "cannot …" */
} WorkerFailure;

/* What every worker of one supervisor has in common. */
typedef struct WorkerPlan {
  pid_t supervisor;
  uint64_t data_bytes; /* RLIMIT_DATA */
  uint64_t cpu_seconds;
  SyscallFilter prepare, run;
} WorkerPlan;

/* What the child does after fork: isolates itself, runs the job, ends. `port` is the pipe's writing end. */
_Noreturn void worker_become(const WorkerPlan *plan, const SandboxJob *job, int port);

#endif
