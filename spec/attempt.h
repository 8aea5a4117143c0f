/* Inside spec/: running one case of a test: its inputs, its statements, and what came of them. */
#ifndef SPEC_ATTEMPT_H
#define SPEC_ATTEMPT_H

#include "runtime/guest.h"
#include "spec/plan.h"

/* What is tested: one instance of an implementation. Its functions may be a guest's or a stand-in's. */
typedef struct Subject {
  void *context;
  /* As guest_call and guest_reset. */
  bool (*call)(void *context, const Function *function, const Value *args, Arena *arena, Value *result,
               Fault *fault);
  bool (*reset)(void *context, Fault *fault);
  uint64_t (*memory)(void *context); /* bytes that it has taken; NULL: it cannot be told */
  uint64_t (*reach)(void *context);  /* as guest_memory_reach; NULL: it cannot be told */
  /* Moves what it allocates next by about so many bytes, where it can. NULL: it cannot. */
  void (*move)(void *context, uint32_t bytes);
  /* As guest_limit_calls; NULL: its calls have no limit of time. What the limit is at first. */
  void (*limit)(void *context, uint32_t call_ms);
  uint32_t call_ms;
  bool (*drop)(void *context, const TypeDef *resource, Value handle, Fault *fault); /* as guest_drop */
  Refusal (*refusal)(void *context);  /* as guest_refusal; NULL: never any */
  uint32_t (*handles)(void *context); /* as guest_handle_count; NULL: it has none */
  bool broken;                        /* after a fault: it must be reset first */
  const char
      *complaint; /* of a call that came to nothing without a fault: what to say of it, after the call */
  uint64_t calls; /* so far */
} Subject;

typedef struct Step Step;

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
  Value **part_slots; /* of a sequence: by operation, then by invariant */
  Draws draws;
  Subject *subject;
  ArenaMark mark;       /* values of a case are behind it */
  Choice *kept, *tried; /* room for CHOICES_MAX each: a case to come back to, and a simpler one to try */
  uint64_t fuel;        /* of each case; set by attempt_init */
  uint64_t fuel_used;   /* the most that a case needed which has passed */
  bool saves_fuel;      /* a case had too little */
  bool has_inputs;      /* all of them are made */
  bool unanswered; /* it is undecided as the specification's own computation went wrong, for its inputs */
  /* What went wrong for the first of them, which were its inputs, and what is said of all, by law_run. */
  char first_unanswered[160], first_inputs[320], unanswered_text[640];
  CaseEnd end;
  /* The statement that failed, or that is running: its number in the test, in whose parts they are numbered
   * on; the test itself, or a part of it; and that one's values. */
  uint32_t statement;
  const Test *part;
  Value *values;
  bool running;  /* statements: not inputs or conditions */
  bool faulted;  /* it failed by a fault of the implementation */
  bool dropping; /* the test's own handles are being dropped, at its end */
  Fault fault;
  uint32_t handles_left; /* the most that one case left in the subject's table, though it dropped its own */
  bool digests;          /* collect the results of calls in `digest` */
  uint64_t digest;
  /* Set by attempt_explain_…: what the failed statement compared, and the loop variables it stopped at. */
  bool explains, compared;
  const Type *compared_type;
  Value actual, expected;
  const Expr *loops[4];
  uint32_t loop_count;
  struct {
    Step *at;
    size_t len, cap;
  } steps; /* of a sequence, up to the failure */
} Attempt;

/* For cases of `test`; lives in `arena`, which it also uses for the cases' values. */
void attempt_init(Attempt *self, Arena *arena, const Test *test);
/* Runs one case. The inputs of a law are what self->draws was begun with; `row` is of a table. The values it
 * made are there until the next one. */
CaseEnd attempt_run(Attempt *self, Subject *subject, const Row *row);
/* From now on such cases are given up sooner, though not before they need several times what others did. */
void attempt_save_fuel(Attempt *self);
/* For sequences: the statements of a part; false, with `end`, when one fails. Whether its conditions hold. */
bool attempt_run_part(Attempt *self, const Test *part, Value *values);
bool attempt_meets(Attempt *self, const Test *part, Value *values);
/* The statement that failed; NULL when none was running. */
const Statement *attempt_statement(const Attempt *self);
/* True when both failed in the same way, so that one can stand for the other. */
bool attempt_same_failure(const Attempt *self, uint32_t statement, bool faulted, FaultKind fault);
/* Has the instance been refused memory? */
Refusal attempt_refusal(const Attempt *self);
/* The same case again, to say what was compared. */
void attempt_explain(Attempt *self, Subject *subject, const Row *row);

#endif
