/* Inside spec/: running one case of a test: its inputs, its statements, and what came of them. */
#ifndef SPEC_ATTEMPT_H
#define SPEC_ATTEMPT_H

#include "runtime/fault.h"
#include "spec/plan.h"

/* What is tested: one instance of an implementation. Its functions may be a guest's or a stand-in's. */
typedef struct Subject {
  void *context;
  /* As guest_call and guest_reset. */
  bool (*call)(void *context, const Function *function, const Value *args, Arena *arena, Value *result,
               Fault *fault);
  bool (*reset)(void *context, Fault *fault);
  bool broken;    /* after a fault: it must be reset first */
  uint64_t calls; /* so far */
} Subject;

typedef enum CaseEnd {
  CASE_PASSED,
  CASE_FAILED,
  CASE_DISCARDED, /* the inputs do not meet the conditions */
  CASE_UNDECIDED, /* the specification's own computation went wrong: `text` says how */
} CaseEnd;

typedef struct Attempt {
  const Test *test;
  Machine machine;
  Value *slots;
  Draws draws;
  Subject *subject;
  ArenaMark mark;       /* values of a case are behind it */
  Choice *kept, *tried; /* room for CHOICES_MAX each: a case to come back to, and a simpler one to try */
  uint64_t fuel;        /* of each case; set by attempt_init */
  CaseEnd end;
  uint32_t statement; /* that failed, or that is running */
  bool running;       /* statements: not inputs or conditions */
  bool faulted;       /* it failed by a fault of the implementation */
  Fault fault;
  bool digests; /* collect the results of calls in `digest` */
  uint64_t digest;
  /* Set by attempt_explain_…: what the failed statement compared, and the loop variables it stopped at. */
  bool explains, compared;
  const Type *compared_type;
  Value actual, expected;
  const Expr *loops[4];
  uint32_t loop_count;
} Attempt;

/* For cases of `test`; lives in `arena`, which it also uses for the cases' values. */
void attempt_init(Attempt *self, Arena *arena, const Test *test);
/* Runs one case. The inputs of a law are what self->draws was begun with; `row` is of a table. The values it
 * made are there until the next one. */
CaseEnd attempt_run(Attempt *self, Subject *subject, const Row *row);
/* True when both failed in the same way, so that one can stand for the other. */
bool attempt_same_failure(const Attempt *self, uint32_t statement, bool faulted, FaultKind fault);
/* The same case again, to say what was compared. */
void attempt_explain(Attempt *self, Subject *subject, const Row *row);

#endif
