/* The worker's side of measuring: which calls, how often, in which order. */
#include <math.h>

#include "ifc/base/clock.h"
#include "ifc/base/rng.h"

#include "bench/lap.h"
#include "bench/measure.h"

static const double turn_ns = 1e6;       /* the timed part of a turn: pairs belong within milliseconds */
static const double least_turn_ns = 1e5; /* where the budget is short */
static const double least_pass_ns =
    2e3; /* shorter passes are repeated in one instance, or the clock would be seen */
static const double least_piece_ns = 1e4;
enum {
  TURN_LIMIT = 4,     /* a turn may take so many times its timed part's goal: slow candidates, untimed work */
  BLOCKS_WANTED = 40, /* turns are as short as it takes to make so many in the budget */
  VERIFY_EVERY = 8,   /* blocks: comparing results costs more than many a call */
  TURN_CALLS_MAX = 1 << 24,
  CALIBRATIONS = 3 /* the least of so many: the first call of all pays for much that no other does */
};

/* How much of a block a candidate does: what fits its time. */
typedef struct Pace {
  double call_ns; /* the timed part of a call */
  double cost_ns; /* with what is not timed: lowering, lifting, resetting */
  uint32_t pieces;
  uint32_t every; /* takes part in every so many blocks */
} Pace;

/* A workload being measured. */
typedef struct Course {
  const Function **functions;
  size_t function_count;
  size_t pass;             /* calls that are made on one instance; a turn repeats them on fresh ones */
  size_t ends[PIECES_MAX]; /* of a turn's pieces, in calls from its start; each as long as all before it */
  uint32_t piece_count;
  Pace *paces;   /* by candidate */
  size_t cursor; /* where in the tour the next block begins */
  uint32_t blocks;
  uint64_t used_ns;
} Course;

typedef struct Runner {
  Program *program;
  Guest *guest;
} Runner;

typedef struct StopwatchState {
  Arena *arena;
  SandboxPort *port;
  Runner *runners; /* candidate × layouts + layout */
  bool *failed;    /* by candidate */
  Course *courses; /* by workload */
  size_t *order;   /* scratch: of turns */
  Turn *turns;     /* scratch: of a block */
  PreparedCall *batch;
  uint64_t clock_cost;
  Rng rng;
} State;

Stopwatch *stopwatch_new(const Trial *trial)
{
  Stopwatch *self = arena_new_of(trial->arena, Stopwatch);
  size_t *who = arena_array_of(trial->arena, size_t, trial->candidate_count), n = 0;
  for (size_t i = 0; i < trial->candidate_count; i++)
    if (!trial->candidates[i].excluded) who[n++] = i;
  State *state = arena_new_of(trial->arena, State);
  *state = (State){.arena = trial->arena,
                   .runners = arena_array_of(trial->arena, Runner, n * trial->layouts),
                   .failed = arena_array_of(trial->arena, bool, n),
                   .courses = arena_array_of(trial->arena, Course, trial->workload_count),
                   .order = arena_array_of(trial->arena, size_t, n),
                   .turns = arena_array_of(trial->arena, Turn, n),
                   .batch = arena_array_of(trial->arena, PreparedCall, BATCH_MAX),
                   .rng = rng_from_seed_and_label(trial->seed, 0x73746f70)};
  uint64_t now = clock_ns(), end = trial->began + trial->budget_ns, half = trial->budget_ns / 2;
  *self = (Stopwatch){trial, n, who, end > now + half ? end - now : half, state};
  return self;
}

/* --- telling the parent */

static void tell(Stopwatch *self, StopwatchKind kind, size_t index, Str content)
{
  State *state = self->state;
  ArenaMark mark = arena_mark(state->arena);
  Buf message = buf_in(state->arena);
  StopwatchHeader header = {kind, (uint32_t)index};
  buf_str(&message, (Str){(const char *)&header, sizeof header});
  buf_str(&message, content);
  sandbox_send(state->port, buf_text(&message));
  arena_reset(state->arena, mark);
}

static void fail(Stopwatch *self, size_t candidate, Str why)
{
  self->state->failed[candidate] = true;
  tell(self, STOPWATCH_FAULT, candidate, why);
}

/* --- loading */

static void load(Stopwatch *self, size_t candidate)
{
  State *state = self->state;
  const Candidate *loaded = &self->trial->candidates[self->who[candidate]];
  GuestLimits limits = {.call_ms = self->trial->call_ms};
  tell(self, STOPWATCH_TURN, candidate, (Str){0});
  for (size_t layout = 0; layout < self->trial->layouts; layout++) {
    Diags diags = diags_in(state->arena);
    Runner *runner = &state->runners[candidate * self->trial->layouts + layout];
    runner->program =
        program_open(state->arena, loaded->objects[layout], &loaded->implementation->fit, &limits, &diags);
    if (runner->program) continue;
    fail(self, candidate, diags.first ? diags.first->message : STR("could not be loaded"));
    return;
  }
}

bool stopwatch_prepare(void *context, SandboxPort *port)
{
  Stopwatch *self = context;
  self->state->port = port;
  for (size_t i = 0; i < self->candidate_count; i++) load(self, i);
  return true;
}

static void make_guests(Stopwatch *self, size_t candidate)
{
  State *state = self->state;
  tell(self, STOPWATCH_TURN, candidate, (Str){0});
  for (size_t layout = 0; layout < self->trial->layouts && !state->failed[candidate]; layout++) {
    Fault fault = {0};
    Runner *runner = &state->runners[candidate * self->trial->layouts + layout];
    runner->guest = guest_new(runner->program, &fault);
    if (!runner->guest) fail(self, candidate, fault_text(state->arena, &fault));
  }
}

/* --- planning */

static Lap lap_for(Stopwatch *self, size_t workload, size_t candidate, size_t layout)
{
  State *state = self->state;
  const Course *course = &state->courses[workload];
  return (Lap){.arena = state->arena,
               .workload = &self->trial->workloads[workload],
               .functions = course->functions,
               .function_count = course->function_count,
               .guest = state->runners[candidate * self->trial->layouts + layout].guest,
               .checked = self->trial->candidates[self->who[candidate]].checked[workload],
               .clock_cost = state->clock_cost,
               .batch = state->batch};
}

static bool reset(Lap *lap)
{
  Fault fault = {0};
  if (guest_reset(lap->guest, &fault)) return true;
  lap->failure = fault_text(lap->arena, &fault);
  return false;
}

/* The least time, timed and in all, that `count` calls take. */
static bool calibrate_with(Lap *lap, size_t count, double *timed, double *all)
{
  *timed = *all = INFINITY;
  for (int i = 0; i < CALIBRATIONS && (!i || *all < turn_ns); i++) {
    uint64_t began = clock_ns();
    lap->nanoseconds = 0;
    if (!reset(lap) || !lap_run(lap, 0, count)) return false;
    *all = fmin(*all, (double)(clock_ns() - began));
    *timed = fmin(*timed, (double)lap->nanoseconds);
  }
  return true;
}

/* About how long one call takes: more and more of them until the time is worth something. */
static void calibrate(Stopwatch *self, size_t workload, size_t candidate)
{
  Lap lap = lap_for(self, workload, candidate, 0);
  Pace *pace = &self->state->courses[workload].paces[candidate];
  size_t most = self->trial->workloads[workload].checked, count = 1;
  double timed, all;
  tell(self, STOPWATCH_TURN, candidate, (Str){0});
  for (;; count = count * 4 < most ? count * 4 : most) {
    if (!calibrate_with(&lap, count, &timed, &all)) {
      fail(self, candidate, lap.failure);
      return;
    }
    if (count == most || all > least_turn_ns) break;
  }
  pace->call_ns = fmax(0.5, timed / (double)count);
  pace->cost_ns = fmax(pace->call_ns, all / (double)count);
}

static void find_functions(Arena *arena, const TrialWorkload *workload, Course *course)
{
  VEC(const Function *) found = {0};
  for (size_t i = 0; i < workload->list.measured.len; i++) {
    const Function *function = workload->list.measured.at[i].function;
    bool known = false;
    for (size_t j = 0; j < found.len && !known; j++) known = found.at[j] == function;
    if (!known) vec_push(arena, &found, function);
  }
  course->functions = found.at;
  course->function_count = found.len;
}

/* The calls of a pass: the whole workload where it fits a turn, often enough for the clock; else a part. */
static size_t pass_calls(size_t available, const Pace *fastest, double turn)
{
  double pass = fastest->call_ns * (double)available, limit = TURN_LIMIT * turn / fastest->cost_ns;
  double calls = (double)available;
  if (pass < least_pass_ns) calls *= fmin(ceil(least_pass_ns / pass), fmax(1, floor(limit / calls)));
  if (pass > turn) calls = turn / fastest->call_ns;
  calls = fmin(fmin(calls, limit), TURN_CALLS_MAX);
  return calls < 1 ? 1 : (size_t)calls;
}

/* As many passes as fit, and the pieces they are cut into. */
static void plan_pieces(Course *course, const Pace *fastest, double turn)
{
  double limit = fmin(TURN_LIMIT * turn / fastest->cost_ns, TURN_CALLS_MAX);
  double passes = floor(fmin(turn / fastest->call_ns, limit) / (double)course->pass);
  size_t calls = course->pass * (passes < 1 ? 1 : (size_t)passes);
  course->piece_count = 1;
  while (course->piece_count < PIECES_MAX) {
    size_t first = calls >> course->piece_count;
    if (!first || (double)first * fastest->call_ns < least_piece_ns) break;
    course->piece_count++;
  }
  for (uint32_t p = 0; p < course->piece_count; p++) course->ends[p] = calls >> (course->piece_count - 1 - p);
}

/* First fewer pieces, then fewer turns. */
static void plan_pace(const Course *course, Pace *pace, double limit_ns)
{
  pace->pieces = course->piece_count;
  while (pace->pieces > 1 && pace->cost_ns * (double)course->ends[pace->pieces - 1] > limit_ns)
    pace->pieces--;
  double least = pace->cost_ns * (double)course->ends[pace->pieces - 1] / limit_ns;
  pace->every = (uint32_t)fmin(BLOCKS_MAX, ceil(fmax(1, least)));
}

static const Pace *find_fastest(const Stopwatch *self, const Course *course)
{
  const Pace *fastest = NULL;
  for (size_t i = 0; i < self->candidate_count; i++)
    if (!self->state->failed[i] && (!fastest || course->paces[i].call_ns < fastest->call_ns))
      fastest = &course->paces[i];
  return fastest;
}

static void plan(Stopwatch *self, size_t workload)
{
  Course *course = &self->state->courses[workload];
  const Pace *fastest = find_fastest(self, course);
  if (!fastest) return;
  double turns = (double)self->trial->workload_count * (double)self->candidate_count * BLOCKS_WANTED;
  double turn = fmin(turn_ns, fmax(least_turn_ns, (double)self->budget_ns / turns));
  course->pass = pass_calls(self->trial->workloads[workload].checked, fastest, turn);
  plan_pieces(course, fastest, turn);
  /* One call may take longer than a turn should. */
  double limit = TURN_LIMIT * fmax(turn, fastest->cost_ns * (double)course->ends[course->piece_count - 1]);
  for (size_t i = 0; i < self->candidate_count; i++) plan_pace(course, &course->paces[i], limit);
}

/* --- measuring */

/* The calls of a turn from number `from` up to, not including, `end`: each pass on an instance as new. */
static bool run_piece(Lap *lap, const Course *course, size_t from, size_t end)
{
  while (from < end) {
    size_t at = from % course->pass, count = course->pass - at;
    if (count > end - from) count = end - from;
    if (!at && !reset(lap)) return false;
    if (!lap_run(lap, course->cursor + at, count)) return false;
    from += count;
    lap->verifies = false; /* the same calls again */
  }
  return true;
}

/* Caches and predictors are to leave the last candidate behind before the clock runs. */
static bool warm_up(Lap *lap, const Course *course)
{
  return course->piece_count < 3 || run_piece(lap, course, 0, course->ends[0]);
}

static void take_turn(Stopwatch *self, size_t workload, size_t candidate, Turn *turn)
{
  const Course *course = &self->state->courses[workload];
  uint32_t pieces = course->paces[candidate].pieces;
  size_t layout = rng_below(&self->state->rng, self->trial->layouts), from = 0;
  Lap lap = lap_for(self, workload, candidate, layout);
  Turn taken = {.layout = (uint32_t)layout, .pieces = pieces};
  tell(self, STOPWATCH_TURN, candidate, (Str){0});
  bool ok = warm_up(&lap, course);
  lap.verifies = course->blocks % VERIFY_EVERY == 0;
  for (uint32_t p = 0; p < pieces && ok; p++) {
    lap.nanoseconds = 0;
    ok = run_piece(&lap, course, from, course->ends[p]);
    taken.picoseconds[p] = lap.nanoseconds > 0 ? (uint64_t)lap.nanoseconds * 1000 : 1;
    from = course->ends[p];
  }
  if (ok && reset(&lap)) /* it gives its memory back */
    *turn = taken;
  else
    fail(self, candidate, lap.failure);
}

/* Who takes part in the course's next block, in random order. */
static size_t draw_order(Stopwatch *self, const Course *course)
{
  State *state = self->state;
  size_t count = 0;
  for (size_t i = 0; i < self->candidate_count; i++)
    if (!state->failed[i] && (course->blocks < BLOCKS_MIN || course->blocks % course->paces[i].every == 0))
      state->order[count++] = i;
  for (size_t i = count; i > 1; i--) {
    size_t j = rng_below(&state->rng, i), other = state->order[j];
    state->order[j] = state->order[i - 1];
    state->order[i - 1] = other;
  }
  return count;
}

static void run_block(Stopwatch *self, size_t workload)
{
  State *state = self->state;
  Course *course = &state->courses[workload];
  uint64_t began = clock_ns();
  Block block = {.turns = state->turns};
  for (uint32_t p = 0; p < course->piece_count; p++)
    block.calls[p] = (uint32_t)(course->ends[p] - (p ? course->ends[p - 1] : 0));
  memset(state->turns, 0, self->candidate_count * sizeof *state->turns);
  size_t count = draw_order(self, course);
  for (size_t i = 0; i < count; i++)
    take_turn(self, workload, state->order[i], &state->turns[state->order[i]]);
  ArenaMark mark = arena_mark(state->arena);
  tell(self, STOPWATCH_BLOCK, workload, block_write(state->arena, &block, self->candidate_count));
  arena_reset(state->arena, mark);
  course->cursor = (course->cursor + course->pass) % self->trial->workloads[workload].checked;
  course->blocks++;
  course->used_ns += clock_ns() - began;
}

/* The workload to measure next: the one that has had the least time; SIZE_MAX: all is done. */
static size_t next_workload(const Stopwatch *self, bool is_over)
{
  size_t next = SIZE_MAX;
  const Course *courses = self->state->courses;
  for (size_t i = 0; i < self->trial->workload_count; i++) {
    if (courses[i].blocks >= (is_over ? BLOCKS_MIN : BLOCKS_MAX)) continue;
    if (next == SIZE_MAX || courses[i].used_ns < courses[next].used_ns) next = i;
  }
  return next;
}

static bool anybody_left(const Stopwatch *self)
{
  for (size_t i = 0; i < self->candidate_count; i++)
    if (!self->state->failed[i]) return true;
  return false;
}

void stopwatch_run(void *context, SandboxPort *port)
{
  Stopwatch *self = context;
  State *state = self->state;
  (void)port;
  uint64_t deadline = clock_ns() + self->budget_ns;
  state->clock_cost = lap_clock_cost();
  for (size_t i = 0; i < self->candidate_count; i++) make_guests(self, i);
  for (size_t w = 0; w < self->trial->workload_count; w++) {
    state->courses[w].paces = arena_array_of(state->arena, Pace, self->candidate_count);
    find_functions(state->arena, &self->trial->workloads[w], &state->courses[w]);
    for (size_t i = 0; i < self->candidate_count; i++)
      if (!state->failed[i]) calibrate(self, w, i);
    plan(self, w);
  }
  while (anybody_left(self)) {
    size_t next = next_workload(self, clock_ns() >= deadline);
    if (next == SIZE_MAX) break;
    run_block(self, next);
  }
}
