/* What the programs behind `make bench` share that measure in a worker: figures and how they are told. */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stdio.h>

#include "ifc/base/rng.h"
#include "ifc/value.h"
#include "runtime/sandbox.h"

/* The middle value; reorders. By insertion: glibc's qsort asks sysinfo, which workers may not. */
static inline double figures_median(double *values, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    double value = values[i];
    size_t k = i;
    for (; k && values[k - 1] > value; k--) values[k] = values[k - 1];
    values[k] = value;
  }
  return values[count / 2];
}

/* A list of so many random elements, each of `size` bytes. */
static inline Value figures_list(Arena *arena, uint32_t count, size_t size, Rng *rng)
{
  size_t words = (count * size + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  uint64_t *bytes = arena_alloc_array(arena, words, sizeof *bytes);
  for (size_t i = 0; i < words; i++) bytes[i] = rng_next(rng);
  return (Value){.packed = bytes, .count = count};
}

/* A SandboxReceive: what the worker says is a line of the output. */
static inline bool figures_print(void *context, Str message)
{
  (void)context;
  printf("%.*s\n", STR_ARG(message));
  return true;
}

/* Runs the job, unless something went wrong before, and says what went wrong. The program's exit status. */
static inline int figures_run(const SandboxJob *job, bool is_ready, Arena *arena, Diags *diags)
{
  SandboxLimits limits = {0};
  SandboxOutcome outcome = {0};
  bool good = is_ready && sandbox_run(job, &limits, figures_print, NULL, &outcome, diags) &&
              outcome.end == SANDBOX_DONE;
  Buf messages = buf_in(arena);
  diags_print(diags, &messages, false);
  if (outcome.end != SANDBOX_DONE) buf_str(&messages, sandbox_outcome_text(arena, &outcome));
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&messages)));
  return good ? 0 : 3;
}

#endif
