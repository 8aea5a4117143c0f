/* Inside bench/: an evaluation at work. Its steps are one file each: prepare.c makes the calls, check.c finds
 * out whose results are right, measure.c takes the times, account.c what is needed beside time, rank.c
 * judges, evaluate.c puts it together. */
#ifndef BENCH_TRIAL_H
#define BENCH_TRIAL_H

#include "bench/calls.h"
#include "bench/evaluate.h"
#include "bench/samples.h"
#include "ifc/base/vec.h"
#include "runtime/sandbox.h"

enum {
  LAYOUTS_MAX = 8,
  LAYOUT_METERED = LAYOUTS_MAX /* its place among a candidate's objects; never timed */
};

/* What a candidate needs for a workload beside time. */
typedef struct Account {
  bool is_counted;   /* else cost and memory are not known */
  uint64_t cost;     /* of the first TrialWorkload.counted calls of the tour, on one fresh instance */
  uint64_t memory;   /* bytes of linear memory after them */
  uint64_t start_ns; /* processor time from the object to the first call's result; 0: not known */
} Account;

/* The order in which a workload's `count` calls are checked and measured: any stretch of it is spread over
 * the whole workload, so that a part stands for all (bit-reversed, van der Corput 1935). */
uint32_t *tour_of(Arena *arena, size_t count);

typedef struct TrialWorkload {
  uint32_t suite, workload; /* where its script is */
  Str name;
  CallList list;
  size_t answered_by;   /* the candidate that answered its prepared calls; SIZE_MAX: it has none */
  const uint32_t *tour; /* of the measured calls */
  /* What check.c found: digests of the right results, of the prepared calls and then of the measured ones in
   * the tour's order; how many calls of the tour most candidates did. Only these are measured. */
  uint64_t *digests;
  size_t checked;
  size_t counted;    /* calls whose cost is known; 0: none */
  Account *accounts; /* by candidate */
} TrialWorkload;

typedef struct Candidate {
  const Implementation *implementation;
  Str objects[LAYOUTS_MAX + 1];
  Fit metered;     /* of the object at LAYOUT_METERED: those that it calls count too */
  size_t *checked; /* by workload: how many calls of the tour it did in time; a slow one may lack some */
  bool excluded;
  Str reason;
} Candidate;

typedef struct Trial {
  Arena *arena;
  const Interface *interface;
  const Suite *const *suites;
  size_t suite_count;
  Candidate *candidates;
  size_t candidate_count;
  TrialWorkload *workloads;
  size_t workload_count;
  size_t layouts;
  uint64_t seed;
  uint64_t budget_ns; /* of checking and measuring together */
  uint64_t began;     /* clock_ns when the checking began */
  uint32_t call_ms;   /* what one call may take */
  Progress *progress;
  Diags *diags;
} Trial;

/* Compiles what is not in the cache yet, from layout `first` up to, not including, `end`. Candidates that are
 * no valid modules are excluded. False with diagnostics when the toolchain is at fault. */
MUST_CHECK bool trial_compile(Trial *self, size_t first, size_t end);
/* Runs all scripts; a call outside `measure` is answered by the first candidate that can. */
MUST_CHECK bool trial_prepare(Trial *self);
/* Runs every candidate, alone, through the calls, and excludes those that trap, hang or differ. */
MUST_CHECK bool trial_check(Trial *self);
/* Takes the times of those that are left, by workload into `out`; its candidates are those that are left
 * afterwards, in their order. */
MUST_CHECK bool trial_measure(Trial *self, Samples *out);
/* Fills in the accounts of those that are left. What cannot be found out stays unknown. False with
 * diagnostics only when there can be no worker. */
MUST_CHECK bool trial_account(Trial *self);
/* Compiles the metered builds of those that are left; who has none stays without. */
void trial_compile_metered(Trial *self);

size_t trial_left(const Trial *self);
void trial_exclude(Trial *self, size_t candidate, Str reason);
/* "sort([3, 1, 2])", cut where it is long. */
Str call_text(Arena *arena, const Call *call);

/* A value in few bits: SHA-256 of its content, cut to 64 bits. Equal values have equal ones, and nobody can
 * make a wrong result that has the right one's. `type` NULL: no result. */
uint64_t value_digest(Arena *scratch, const Type *type, Value value);
/* About how many bytes of linear memory the arguments need. */
uint64_t args_size(const Call *call);

#endif
