/* Inside spec/: what happens in a run worker, and the messages it sends. They are JSON objects:
 *   {"event": "broken", "text"}                       the implementation could not be loaded or instantiated
 *   {"event": "begin", "test"}                        `test` counts through all specifications
 *   {"event": "cases", "test", "cases"}               progress of a law
 *   {"event": "end", "test", "verdict", "cases", "discarded", "reason", "failure"?}
 *     failure: {"message", "inputs": [[name, value], …], "actual", "expected", "replay", "at", "len",
 * "shrinks"}
 */
#ifndef SPEC_WORKER_H
#define SPEC_WORKER_H

#include "runtime/guest.h"
#include "runtime/sandbox.h"
#include "spec/replay.h"

typedef struct WorkerJob {
  Arena *arena;
  const Implementation *implementation;
  Str object; /* the compiled module */
  const Spec *const *specs;
  size_t spec_count;
  const VerifyOptions *options;
  const Replay *replay; /* only this case, of specs[replay_spec]; NULL: everything */
  size_t replay_spec;
  Program *program; /* set by worker_prepare */
} WorkerJob;

/* A sandbox job's two parts; the context is the WorkerJob. */
bool worker_prepare(void *context, SandboxPort *port);
void worker_run(void *context, SandboxPort *port);

enum { SHRINK_MS = 2000 };

#endif
