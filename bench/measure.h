/* Inside bench/: what the two sides of measuring share. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "bench/trial.h"

enum {
  BLOCKS_MIN = 3,   /* of each workload, whatever the budget says */
  BLOCKS_MAX = 256, /* more would make no interval narrower: layouts decide by then */
};

/* A message: a header, then of a fault its text, of a block what block_write makes of it. */
typedef enum StopwatchKind { STOPWATCH_TURN, STOPWATCH_BLOCK, STOPWATCH_FAULT } StopwatchKind;
typedef struct StopwatchHeader {
  uint32_t kind, index; /* candidate; of a block: workload */
} StopwatchHeader;

/* The worker's plan; made before it is forked. */
typedef struct Stopwatch {
  const Trial *trial;
  size_t candidate_count;
  const size_t *who; /* candidates that are left: indices into the trial's */
  uint64_t budget_ns;
  struct StopwatchState *state;
} Stopwatch;

Stopwatch *stopwatch_new(const Trial *trial);
/* SandboxJob's */
bool stopwatch_prepare(void *context, SandboxPort *port);
void stopwatch_run(void *context, SandboxPort *port);

#endif
