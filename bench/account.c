/* What the ranked candidates need beside time: the metered cost of their calls, the memory that is theirs
 * afterwards, and what it takes to get the first result from nothing. docs/measurement.md has the
 * definitions. */
#include "bench/trial.h"

#include "ifc/base/clock.h"
#include "runtime/aot.h"
#include "runtime/guest.h"

enum {
  STOPS_MAX = 24,   /* readings of one workload; CALLS_MAX is less than 2^20 */
  ENOUGH = 1 << 28, /* units of cost: nobody goes on counting in a workload beyond that */
  STARTS = 5,       /* from nothing; the least of them counts */
  START_MS = 600    /* no more of them after that */
};
static const uint64_t call_fuel = UINT64_C(1) << 34;

/* The calls of a workload after which there is a reading: 1, 2, 4, … and all that are counted at most. */
static size_t stop_at(size_t k, size_t most)
{
  return k < STOPS_MAX - 1 && (size_t)1 << k < most ? (size_t)1 << k : most;
}

/* Only calls whose results were judged; where time was too short for all, how many does not hang on little.
 */
static size_t calls_counted(const TrialWorkload *workload)
{
  size_t most = 1, checked = workload->checked;
  if (checked == workload->list.measured.len) return checked;
  while (most * 2 <= checked) most *= 2;
  return most;
}

static const Call *tour_call(const TrialWorkload *workload, size_t index)
{
  return &workload->list.measured.at[workload->tour[index]];
}

/* --- in the worker: cost and memory */

typedef struct Reading {
  uint32_t workload, stop;
  uint64_t cost, memory;
} Reading;

typedef struct Accountant {
  const Trial *trial;
  const Candidate *candidate;
  Arena *arena;
  SandboxPort *port;
  Program *program;
  Guest *guest;
} Accountant;

static bool accountant_prepare(void *context, SandboxPort *port)
{
  Accountant *self = context;
  self->port = port;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {.call_ms = self->trial->call_ms};
  self->program = program_open(self->arena, self->candidate->objects[LAYOUT_METERED],
                               &self->candidate->metered, &limits, &diags);
  return self->program;
}

static bool fresh_guest(Accountant *self)
{
  Fault fault = {0};
  if (self->guest) return guest_reset(self->guest, &fault);
  self->guest = guest_new(self->program, &fault);
  return self->guest;
}

/* One call with its cost; false: it took too long, or more than was to be expected. */
static bool charge_call(Accountant *self, const Call *call, uint64_t *cost)
{
  Fault fault = {0};
  Value result;
  ArenaMark mark = arena_mark(self->arena);
  guest_set_fuel(self->guest, call_fuel);
  bool returned = guest_call(self->guest, call->function, call->args, self->arena, &result, &fault);
  arena_reset(self->arena, mark);
  *cost += guest_cost(self->guest);
  return returned;
}

static void account_workload(Accountant *self, size_t index)
{
  const TrialWorkload *workload = &self->trial->workloads[index];
  Reading reading = {.workload = (uint32_t)index};
  size_t most = calls_counted(workload);
  for (size_t i = 0; i < most && reading.cost < ENOUGH; i++) {
    if (!charge_call(self, tour_call(workload, i), &reading.cost)) return;
    if (i + 1 < stop_at(reading.stop, most)) continue;
    reading.memory = guest_memory_size(self->guest);
    sandbox_send(self->port, (Str){(const char *)&reading, sizeof reading});
    reading.stop++;
  }
}

static void accountant_run(void *context, SandboxPort *port)
{
  Accountant *self = context;
  (void)port;
  for (size_t i = 0; i < self->trial->workload_count; i++) {
    if (!fresh_guest(self)) return;
    account_workload(self, i);
  }
}

/* --- in the parent */

/* What one candidate's worker has told: by workload, readings in order. */
typedef struct Ledger {
  const Trial *trial;
  Reading (*readings)[STOPS_MAX];
  uint32_t *counts;
} Ledger;

static bool ledger_receive(void *context, Str message)
{
  Ledger *self = context;
  Reading reading;
  if (message.len != sizeof reading) return false;
  memcpy(&reading, message.at, sizeof reading);
  if (reading.workload >= self->trial->workload_count || reading.cost > INT64_MAX ||
      reading.memory > INT64_MAX)
    return false;
  uint32_t *count = &self->counts[reading.workload];
  if (*count == STOPS_MAX || reading.stop != *count) return false;
  self->readings[reading.workload][(*count)++] = reading;
  return true;
}

static Ledger ledger_new(const Trial *trial)
{
  Ledger self = {.trial = trial, .counts = arena_array_of(trial->arena, uint32_t, trial->workload_count)};
  self.readings = arena_alloc_array(trial->arena, trial->workload_count, sizeof *self.readings);
  return self;
}

/* Costs are of the same calls for all: of as many as everybody went through who went through any. */
static void settle_workload(Trial *self, size_t index, const Ledger *ledgers)
{
  TrialWorkload *workload = &self->workloads[index];
  uint32_t stops = UINT32_MAX;
  for (size_t i = 0; i < self->candidate_count; i++)
    if (ledgers[i].counts && ledgers[i].counts[index] && ledgers[i].counts[index] < stops)
      stops = ledgers[i].counts[index];
  if (stops == UINT32_MAX) return;
  workload->counted = stop_at(stops - 1, calls_counted(workload));
  for (size_t i = 0; i < self->candidate_count; i++) {
    if (!ledgers[i].counts || !ledgers[i].counts[index]) continue;
    const Reading *reading = &ledgers[i].readings[index][stops - 1];
    workload->accounts[i].cost = reading->cost;
    workload->accounts[i].memory = reading->memory;
    workload->accounts[i].is_counted = true;
  }
}

static bool count_costs(Trial *self)
{
  Ledger *ledgers = arena_array_of(self->arena, Ledger, self->candidate_count);
  uint64_t wall_ms = 2 * (self->workload_count * (uint64_t)self->call_ms + 5000);
  SandboxLimits limits = {.wall_ms = wall_ms < UINT32_MAX ? (uint32_t)wall_ms : UINT32_MAX};
  for (size_t i = 0; i < self->candidate_count; i++) {
    const Candidate *candidate = &self->candidates[i];
    if (candidate->excluded || !candidate->objects[LAYOUT_METERED].len) continue;
    progress_update(self->progress, STR("counting cost"), i, self->candidate_count);
    ledgers[i] = ledger_new(self);
    Accountant accountant = {.trial = self, .candidate = candidate, .arena = self->arena};
    SandboxJob job = {accountant_prepare, accountant_run, &accountant};
    SandboxOutcome outcome; /* a worker that did not go all the way has told less */
    if (!sandbox_run(&job, &limits, ledger_receive, &ledgers[i], &outcome, self->diags)) return false;
  }
  for (size_t w = 0; w < self->workload_count; w++) settle_workload(self, w, ledgers);
  return true;
}

/* --- starting cold: loading the cached object, an instance, the workload's first call */

typedef struct Starter {
  const Trial *trial;
  const Candidate *candidate;
  const TrialWorkload *workload;
  Arena *arena;
  Program *program;
  uint64_t loading_ns;
} Starter;

static bool starter_prepare(void *context, SandboxPort *port)
{
  Starter *self = context;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {.call_ms = self->trial->call_ms};
  (void)port;
  uint64_t began = clock_processor_ns();
  self->program = program_open(self->arena, self->candidate->objects[0],
                               &self->candidate->implementation->fit, &limits, &diags);
  self->loading_ns = clock_processor_ns() - began;
  return self->program;
}

static void starter_run(void *context, SandboxPort *port)
{
  Starter *self = context;
  const Call *call = tour_call(self->workload, 0);
  Fault fault = {0};
  Value result;
  uint64_t began = clock_processor_ns();
  Guest *guest = guest_new(self->program, &fault);
  if (!guest || !guest_call(guest, call->function, call->args, self->arena, &result, &fault)) return;
  uint64_t all = clock_processor_ns() - began + self->loading_ns;
  sandbox_send(port, (Str){(const char *)&all, sizeof all});
}

static bool take_start(void *context, Str message)
{
  uint64_t *least = context, took;
  if (message.len != sizeof took) return false;
  memcpy(&took, message.at, sizeof took);
  if (took && took <= INT64_MAX && (!*least || took < *least)) *least = took;
  return true;
}

static bool time_start(Trial *self, size_t candidate, TrialWorkload *workload)
{
  SandboxLimits limits = {.wall_ms = 2 * self->call_ms + 5000};
  uint64_t deadline = clock_ns() + START_MS * UINT64_C(1000000);
  for (int i = 0; i < STARTS && (!i || clock_ns() < deadline); i++) {
    Starter starter = {
        .trial = self, .candidate = &self->candidates[candidate], .workload = workload, .arena = self->arena};
    SandboxJob job = {starter_prepare, starter_run, &starter};
    SandboxOutcome outcome;
    if (!sandbox_run(&job, &limits, take_start, &workload->accounts[candidate].start_ns, &outcome,
                     self->diags))
      return false;
  }
  return true;
}

bool trial_account(Trial *self)
{
  for (size_t w = 0; w < self->workload_count; w++)
    self->workloads[w].accounts = arena_array_of(self->arena, Account, self->candidate_count);
  trial_compile_metered(self);
  if (!count_costs(self)) return false;
  for (size_t w = 0; w < self->workload_count; w++)
    for (size_t i = 0; i < self->candidate_count; i++) {
      if (self->candidates[i].excluded) continue;
      progress_update(self->progress, STR("starting cold"), w * self->candidate_count + i,
                      self->workload_count * self->candidate_count);
      if (!time_start(self, i, &self->workloads[w])) return false;
    }
  return true;
}
