/* Verification: implementations against specifications, each in a worker of its own, to a report. */
#ifndef SPEC_VERIFY_H
#define SPEC_VERIFY_H

#include "ifc/base/json.h"
#include "ifc/base/progress.h"
#include "runtime/implementation.h"
#include "spec/spec.h"

typedef struct VerifyOptions {
  uint64_t seed;      /* of the generated cases */
  uint32_t budget_ms; /* for the laws of one implementation; 0 when budget_cases is given */
  uint64_t
      budget_cases; /* cases for each law; then a run is repeatable, but for how far slow failures shrink */
  uint32_t jobs;    /* workers at a time; 0: one a processor */
  uint32_t call_ms; /* limit of one call; 0: 2,000 */
  Str replay;       /* a token from a report: only that case; empty: all */
  uint32_t shard, shard_count; /* only this part of the cases, from 1; 0: all of them */
  bool fail_fast;              /* once a test has failed, only agreements are begun for that implementation */
  Progress *progress;
} VerifyOptions;

enum { SHARDS_MAX = 1000, OPERATIONS_MAX = 64 /* of a sequence */ };

typedef enum Verdict { VERDICT_PASSED, VERDICT_FAILED, VERDICT_UNDECIDED } Verdict;
typedef enum TestKind { TEST_IT, TEST_TABLE, TEST_LAW, TEST_SEQUENCE, TEST_AGREE } TestKind;

typedef struct CounterexampleEntry {
  Str name, value; /* a variable of the counterexample and its value in WAVE */
} CounterexampleEntry;

/* What a script needs to do the same again, each value whole, in WAVE. */
typedef struct Move {
  uint32_t operation; /* of a sequence; MOVE_BEGIN: what the test begins with */
  const Str *args;
  size_t arg_count;
} Move;
enum { MOVE_BEGIN = OPERATIONS_MAX };

/* Of an agreement: what the call in a statement should have come to. */
typedef struct Told {
  bool known, traps;
  uint32_t statement; /* as they are numbered in the test and its parts */
  Str value;          /* in WAVE; empty: the function has no result */
} Told;

/* Why a test failed: the shrunk counterexample. */
typedef struct Failure {
  Str message; /* "expected intersects(a, b) == want", "trapped: executed unreachable …" */
  const CounterexampleEntry *inputs;
  size_t input_count;
  const Str *steps; /* of a sequence, those that led to it: "push(3)" */
  size_t step_count;
  Str actual, expected; /* the comparison's sides in WAVE; empty where there is none */
  Str replay;           /* the token for --replay */
  Span span;            /* the statement in the .spec */
  uint32_t shrinks;     /* successful shrink steps */
  const Move *moves;    /* of a sequence or an agreement; none where they are too long */
  size_t move_count;
  Told told;
} Failure;

typedef struct TestReport {
  uint32_t spec; /* index into VerifyReport.specs */
  Str group;     /* the describe block */
  Str name;
  TestKind kind;
  Verdict verdict;
  uint64_t cases, discarded; /* rows of a table, cases of a law */
  uint64_t nanoseconds;      /* that it took, by the clock */
  uint32_t handles_left;     /* of resources, the most that one case left behind in the module */
  Str reason;                /* of an undecided one */
  const Failure *failure;    /* NULL when it did not fail */
} TestReport;

/* What the cases of the search made an implementation do: what they did not is not verified. */
typedef struct UnmetComparison {
  Str function; /* its name, as the module has it, or "function 12" */
  Str instruction;
  uint32_t offset; /* in the content of the code section */
  bool always;     /* it was always true; else never */
} UnmetComparison;

typedef struct Covered {
  uint32_t blocks, entered;
  const Str *unreached; /* names of functions that were never entered */
  size_t unreached_count;
  const UnmetComparison *unmet; /* comparisons that always came out in the same way, at most UNMET_MAX */
  size_t unmet_count;           /* of all of them */
} Covered;

typedef struct Coverage {
  Covered own, libraries; /* which is which the module's names say (runtime/library_names.h) */
  bool traced;            /* gcc, with which comparisons are seen best, was there and worth its time */
} Coverage;
enum { UNMET_MAX = 64 };

typedef struct ImplementationReport {
  const Implementation *implementation;
  Verdict verdict; /* failed if any test failed, else undecided if any is, else passed */
  Str reason;      /* when it could not run at all: what stopped it */
  const TestReport *tests;
  size_t test_count;
  uint64_t cases;
  uint64_t nanoseconds;     /* of its workers: laws and search, and its share of the agreements */
  const Coverage *coverage; /* NULL: nothing was searched */
  Str search_problem;       /* why the search is missing or not complete; empty: it is neither */
} ImplementationReport;

typedef struct VerifyReport {
  const Interface *interface;
  const Spec *const *specs;
  size_t spec_count;
  const ImplementationReport *implementations; /* in the order given */
  size_t implementation_count;
  uint64_t seed, budget_cases;
  uint32_t budget_ms;
  uint32_t shard, shard_count; /* 0: whole */
  const Str *arguments; /* of the command, which said where the interface is: a replay needs them too */
  size_t argument_count;
} VerifyReport;

/* Runs all. False, with diagnostics, only when nothing could be run (no sandbox, a replay token that does not
 * fit); an implementation that crashes, hangs or does not compile is a verdict in the report. */
MUST_CHECK bool verify(Arena *arena, const Interface *interface, const Spec *const *specs, size_t spec_count,
                       const Implementation *implementations, size_t implementation_count,
                       const VerifyOptions *options, VerifyReport *out, Diags *diags);
/* 0 all passed, 1 one failed, 3 none failed but one is undecided. */
int verify_exit(const VerifyReport *self);
/* For people: report_print (spec/report.h) of its document. */
void verify_print(const VerifyReport *self, bool colour, Buf *out);
/* The document of docs/schemas/verify.json; integers and strings only, so that it can be signed. */
Json *verify_to_json(Arena *arena, const VerifyReport *self);

#endif
