/* Inside bench/: the innermost part of measuring, in the worker: some calls of a workload on one guest,
 * timed. Arguments are lowered and results lifted outside the timed part. */
#ifndef BENCH_LAP_H
#define BENCH_LAP_H

#include "bench/trial.h"
#include "runtime/guest.h"

enum {
  BATCH_MAX = 1024,            /* calls run between two looks at the clock */
  BATCH_ARGS_MAX = 256 * 1024, /* bytes of arguments that wait in the guest's memory meanwhile */
  CHECKED_A_BATCH = 8,         /* results of a batch that are compared again; single calls': all */
};

typedef struct Lap {
  Arena *arena; /* for results; reset after each */
  const TrialWorkload *workload;
  const Function *const *functions; /* that the workload measures, each once */
  size_t function_count;
  Guest *guest;
  size_t
      checked; /* calls of the tour whose results were checked before; those after are compared each time */
  uint64_t clock_cost; /* nanoseconds between two looks at the clock with nothing between them */
  bool verifies;       /* compares results of the others again */
  int64_t nanoseconds; /* the sum, without the clock's cost */
  Str failure;         /* why it ended, in `arena` */
  PreparedCall *batch; /* room for BATCH_MAX */
} Lap;

/* Runs `count` calls of the workload's tour from number `from` on, around and around, function by function,
 * and adds their time. False with `failure` set; then the guest is to be reset. */
bool lap_run(Lap *self, size_t from, size_t count);
/* What looking at the clock costs. */
uint64_t lap_clock_cost(void);

/* Calls of this function may be run in one batch: their results are not in memory, where the next call would
 * overwrite them. */
bool function_is_batchable(const Function *function);

#endif
