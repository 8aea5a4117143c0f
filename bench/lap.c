#include "bench/lap.h"

#include "ifc/base/clock.h"

bool function_is_batchable(const Function *function)
{
  return !function_export_signature(function).spilled_results;
}

uint64_t lap_clock_cost(void)
{
  uint64_t least = UINT64_MAX, sum = 0;
  enum { ROUNDS = 64, LOOKS = 64 };
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t began = clock_ns();
    for (int i = 0; i < LOOKS; i++) sum += clock_ns();
    uint64_t took = clock_ns() - began;
    if (took < least) least = took;
  }
  return sum ? least / (LOOKS + 1) : 0;
}

/* The place in the tour, and so in the digests, of call number `index`. */
static size_t place_of(const Lap *self, size_t index)
{
  return index % self->workload->checked;
}

static const Call *call_of(const Lap *self, size_t index)
{
  return &self->workload->list.measured.at[self->workload->tour[place_of(self, index)]];
}

static bool lap_failed(Lap *self, const Call *call, Str why)
{
  Str text = call_text(self->arena, call);
  self->failure = str_format(self->arena, "in workload \"%.*s\", when it was measured: %.*s %.*s",
                             STR_ARG(self->workload->name), STR_ARG(text), STR_ARG(why));
  return false;
}

static bool is_right(const Lap *self, size_t index, Value result)
{
  uint64_t right = self->workload->digests[self->workload->list.prepared.len + place_of(self, index)];
  return value_digest(self->arena, call_of(self, index)->function->result, result) == right;
}

/* Lifts the result, lets the guest free it, and compares it where that is wanted. */
static bool finish(Lap *self, size_t index, const PreparedCall *prepared, bool verify)
{
  const Call *call = call_of(self, index);
  Fault fault = {0};
  Value result = {0};
  ArenaMark mark = arena_mark(self->arena);
  bool ok = guest_finish(self->guest, call->function, prepared, self->arena, &result, &fault);
  bool right = ok && (!verify || is_right(self, index, result));
  arena_reset(self->arena, mark);
  if (!ok) return lap_failed(self, call, fault_text(self->arena, &fault));
  return right || lap_failed(self, call, STR("did not give the right result"));
}

static bool run_timed(Lap *self, const Call *call, PreparedCall *prepared, size_t count)
{
  Fault fault = {0};
  uint64_t began = clock_ns();
  bool ok = guest_run(self->guest, call->function, prepared, count, &fault);
  uint64_t ended = clock_ns();
  self->nanoseconds += (int64_t)(ended - began) - (int64_t)self->clock_cost;
  return ok || lap_failed(self, call, fault_text(self->arena, &fault));
}

static bool prepare(Lap *self, const Call *call, PreparedCall *out)
{
  Fault fault = {0};
  return guest_prepare(self->guest, call->function, call->args, out, &fault) ||
         lap_failed(self, call, fault_text(self->arena, &fault));
}

/* Calls whose results are in memory: one by one. */
static bool run_singles(Lap *self, const Function *function, size_t from, size_t end)
{
  for (size_t i = from; i < end; i++) {
    const Call *call = call_of(self, i);
    if (call->function != function) continue;
    if (!prepare(self, call, self->batch) || !run_timed(self, call, self->batch, 1) ||
        !finish(self, i, self->batch, self->verifies || place_of(self, i) >= self->checked))
      return false;
  }
  return true;
}

/* The next calls of this function that make a batch, `*from` moves past them; `*first` is the first one's
 * number. */
static bool fill_batch(Lap *self, const Function *function, size_t *from, size_t end, size_t *first,
                       size_t *filled)
{
  uint64_t bytes = 0;
  bool has_memory = function_needs_realloc(function);
  *filled = 0;
  for (; *from < end && *filled < BATCH_MAX && bytes < BATCH_ARGS_MAX; ++*from) {
    const Call *call = call_of(self, *from);
    if (call->function != function) continue;
    if (!*filled) *first = *from;
    if (!prepare(self, call, &self->batch[(*filled)++])) return false;
    if (has_memory) bytes += args_size(call);
  }
  return true;
}

/* Compares what was never checked, and the first few of the others where that is wanted. */
static bool verify_batch(Lap *self, const Function *function, size_t first, size_t filled)
{
  size_t again = self->verifies ? CHECKED_A_BATCH : 0;
  if (!again && self->checked >= self->workload->checked) return true;
  for (size_t i = 0, index = first; i < filled; index++) {
    if (call_of(self, index)->function != function) continue;
    bool is_new = place_of(self, index) >= self->checked;
    if ((is_new || again) && !finish(self, index, &self->batch[i], true)) return false;
    if (!is_new && again) again--;
    i++;
  }
  return true;
}

static bool run_batches(Lap *self, const Function *function, size_t from, size_t end)
{
  size_t first = 0, filled;
  while (from < end) {
    if (!fill_batch(self, function, &from, end, &first, &filled)) return false;
    if (!filled) break;
    if (!run_timed(self, call_of(self, first), self->batch, filled)) return false;
    if (!verify_batch(self, function, first, filled)) return false;
  }
  return true;
}

bool lap_run(Lap *self, size_t from, size_t count)
{
  for (size_t i = 0; i < self->function_count; i++) {
    const Function *function = self->functions[i];
    bool ok = function_is_batchable(function) ? run_batches(self, function, from, from + count)
                                              : run_singles(self, function, from, from + count);
    if (!ok) return false;
  }
  return true;
}
