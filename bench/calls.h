/* A workload's script, run: the list of calls that it measures. */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include "bench/suite.h"
#include "ifc/value.h"

enum {
  CALLS_MAX = 1000000,         /* of one workload */
  SCRIPT_STEPS_MAX = 20000000, /* of evaluation, generated elements among them */
};

typedef struct Call {
  const Function *function;
  const Value *args;
} Call;

typedef struct Calls {
  Call *at;
  size_t len, cap;
} Calls;

typedef struct CallList {
  Calls measured; /* not empty */
  Calls prepared; /* those outside `measure`, made once before the measurement, whose results feed it */
} CallList;

/* Who answers a script's calls outside `measure`. */
typedef struct Answerer Answerer;
struct Answerer {
  /* The result, in `arena` (untouched for functions without one). False: there is no answer; the script ends.
   */
  bool (*answer)(Answerer *self, const Function *function, const Value *args, Arena *arena, Value *result);
};

typedef enum ScriptEnd {
  SCRIPT_DONE,
  SCRIPT_FAILED,   /* with a diagnostic */
  SCRIPT_NO_ANSWER /* no diagnostic */
} ScriptEnd;

/* Runs the script. The same answers give the same list. Everything is in `arena`; `out` is complete only with
 * SCRIPT_DONE. */
MUST_CHECK ScriptEnd suite_run_script(const Suite *self, size_t workload, Arena *arena, Answerer *answerer,
                                      CallList *out, Diags *diags);

#endif
