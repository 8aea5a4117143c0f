/* Inside spec/: what happens in a run worker, and the messages it sends. They are JSON objects:
 *   {"event": "broken", "text"}                       the implementation could not be loaded or instantiated
 *   {"event": "unusable", "text"}                     nor could one that it uses, which is not its fault
 *   {"event": "begin", "test"}                        `test` counts through all specifications
 *   {"event": "cases", "test", "cases"}               progress of a law
 *   {"event": "end", "test", "verdict", "cases", "discarded", "nanoseconds", "reason",
 *    "failure"?}
 *   {"event": "keep", "test", "replay"}               a search's case for the next time
 *   {"event": "seen", "blocks", "results"}            what a search saw: an octal digit for each block and
 *                                                     comparison
 *     failure: {"message", "inputs": [[name, value], …], "steps": [text, …], "actual", "expected", "replay",
 *               "at", "len", "shrinks", "moves": [[operation, value, …], …], "told"?}
 *     told: {"traps", "statement", "value"}
 */
#ifndef SPEC_WORKER_H
#define SPEC_WORKER_H

#include "runtime/guest.h"
#include "runtime/instrument.h"
#include "runtime/sandbox.h"
#include "spec/corpus.h"

typedef struct WorkerJob {
  Arena *arena;
  const Implementation *implementation;
  Str object; /* the compiled module */
  const Spec *const *specs;
  size_t spec_count;
  const VerifyOptions *options;
  const Replay *replay; /* only this case, of specs[replay_spec]; NULL: everything */
  size_t replay_spec;
  const size_t
      *same_as; /* by test, counted likewise: the first one that is the same, which runs for it too */
  /* A search: of the laws that are wanted, instead of everything. */
  const bool *searches; /* by test, counted through all specifications; NULL: no search */
  Str cover_object;     /* of WASM_COVER, and what is in it */
  const Instrumented *cover;
  Str traced_object;    /* of AotOptions.traces; empty: there is none */
  const KeptCase *kept; /* cases to begin with */
  size_t kept_count;
  Program *program, *cover_program, *traced_program; /* set by worker_prepare */
} WorkerJob;

/* All implementations that can be run, for the `agree`s of the specifications. What this worker says is about
 * one of them: every message has {"implementation": its number} as well. */
typedef struct AgreeJob {
  Arena *arena;
  const WorkerJob *jobs; /* of all implementations */
  const size_t *of;      /* those that take part, by their numbers */
  size_t count;
  const VerifyOptions *search; /* how to go on by a search, of those that have a cover_object; NULL: not */
  Program **programs;          /* set by agree_prepare; NULL: it cannot be loaded */
  Program **covers, **traced;  /* likewise; NULL: there is none */
} AgreeJob;
bool agree_prepare(void *context, SandboxPort *port);
void agree_work(void *context, SandboxPort *port);

/* A sandbox job's two parts; the context is the WorkerJob. */
bool worker_prepare(void *context, SandboxPort *port);
void worker_run(void *context, SandboxPort *port);

enum { SHRINK_MS = 2000 /* of one failure */, SHRINK_ALL_MS = 10000 /* of one worker */ };

#endif
