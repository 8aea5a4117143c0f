/* The second pass: all candidates in one worker, timed block by block: in each block every candidate has one
 * turn, in random order, on the same calls, in a random one of its layouts. This file is the parent's side;
 * stopwatch.c is the worker's. */
#include "bench/measure.h"

#include "ifc/base/clock.h"

/* What came from the worker so far. */
typedef struct Collection {
  Trial *trial;
  const Stopwatch *plan;
  VEC(Block) * blocks; /* by workload */
  Str *faults;         /* by the stopwatch's candidates; empty: none */
  size_t turn;         /* whose turn it was last; SIZE_MAX: nobody's yet */
} Collection;

static bool take_block(Collection *self, size_t workload, Str content)
{
  Block block;
  if (self->blocks[workload].len == BLOCKS_MAX ||
      !block_read(self->trial->arena, content, self->plan->candidate_count, self->trial->layouts, &block))
    return false;
  vec_push(self->trial->arena, &self->blocks[workload], block);
  progress_update(self->trial->progress, STR("measuring"), clock_ns() - self->trial->began,
                  self->trial->budget_ns);
  return true;
}

static bool receive(void *context, Str message)
{
  Collection *self = context;
  StopwatchHeader header;
  if (message.len < sizeof header) return false;
  memcpy(&header, message.at, sizeof header);
  Str content = str_slice(message, sizeof header, message.len);
  switch (header.kind) {
  case STOPWATCH_TURN:
    if (header.index >= self->plan->candidate_count) return false;
    self->turn = header.index;
    return true;
  case STOPWATCH_BLOCK:
    return header.index < self->trial->workload_count && take_block(self, header.index, content);
  case STOPWATCH_FAULT:
    if (header.index >= self->plan->candidate_count) return false;
    self->faults[header.index] = str_copy(self->trial->arena, str_slice(content, 0, 1000));
    return true;
  default: return false;
  }
}

static bool has_enough(const Collection *self)
{
  for (size_t i = 0; i < self->trial->workload_count; i++)
    if (self->blocks[i].len < BLOCKS_MIN) return false;
  return true;
}

/* Excludes who failed in this run; false when the run is worth nothing because of it and must be repeated. */
static bool settle(Collection *self, const SandboxOutcome *outcome)
{
  Trial *trial = self->trial;
  for (size_t i = 0; i < self->plan->candidate_count; i++)
    if (self->faults[i].len) trial_exclude(trial, self->plan->who[i], self->faults[i]);
  if (outcome->end != SANDBOX_DONE && outcome->end != SANDBOX_TIMED_OUT && self->turn != SIZE_MAX)
    trial_exclude(trial, self->plan->who[self->turn],
                  str_format(trial->arena, "when it was measured, it %.*s",
                             STR_ARG(sandbox_outcome_text(trial->arena, outcome))));
  if (!trial_left(trial) || has_enough(self)) return true;
  if (outcome->end == SANDBOX_DONE || self->turn == SIZE_MAX) return false;
  trial_exclude(trial, self->plan->who[self->turn], STR("took so long that nothing could be measured"));
  return !trial_left(trial);
}

/* The samples without the candidates that were excluded meanwhile. */
static Samples samples_of_left(const Collection *self, size_t workload)
{
  const Trial *trial = self->trial;
  Samples out = {.layouts = trial->layouts, .block_count = self->blocks[workload].len};
  out.blocks = arena_array_of(trial->arena, Block, out.block_count);
  for (size_t b = 0; b < out.block_count; b++) {
    const Block *block = &self->blocks[workload].at[b];
    out.blocks[b] = *block;
    out.blocks[b].turns = arena_array_of(trial->arena, Turn, self->plan->candidate_count);
    out.candidates = 0;
    for (size_t i = 0; i < self->plan->candidate_count; i++)
      if (!trial->candidates[self->plan->who[i]].excluded)
        out.blocks[b].turns[out.candidates++] = block->turns[i];
  }
  return out;
}

static bool run_once(Trial *self, Collection *collection, SandboxOutcome *outcome)
{
  Stopwatch *stopwatch = stopwatch_new(self);
  *collection = (Collection){.trial = self, .plan = stopwatch, .turn = SIZE_MAX};
  collection->blocks = arena_alloc_array(self->arena, self->workload_count, sizeof *collection->blocks);
  collection->faults = arena_array_of(self->arena, Str, stopwatch->candidate_count);
  SandboxJob job = {stopwatch_prepare, stopwatch_run, stopwatch};
  uint64_t wall_ms =
      2 * stopwatch->budget_ns / 1000000 +
      (uint64_t)BLOCKS_MIN * stopwatch->candidate_count * self->workload_count * self->call_ms + 10000;
  SandboxLimits limits = {.wall_ms = wall_ms < UINT32_MAX ? (uint32_t)wall_ms : UINT32_MAX};
  return sandbox_run(&job, &limits, receive, collection, outcome, self->diags);
}

bool trial_measure(Trial *self, Samples *out)
{
  Collection collection;
  SandboxOutcome outcome;
  do {
    if (!trial_left(self)) return true;
    if (!run_once(self, &collection, &outcome)) return false;
  } while (!settle(&collection, &outcome) && outcome.end != SANDBOX_DONE && collection.turn != SIZE_MAX);
  if (trial_left(self) && !has_enough(&collection)) {
    diag_error(self->diags, DIAG_SANDBOX, SPAN_NONE, "the measuring worker %.*s",
               STR_ARG(sandbox_outcome_text(self->arena, &outcome)));
    return false;
  }
  for (size_t i = 0; i < self->workload_count; i++) out[i] = samples_of_left(&collection, i);
  return true;
}
