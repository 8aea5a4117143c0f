/* Inside bench/: a parsed suite. Made by suite.c, run by calls.c. */
#ifndef BENCH_SCRIPT_H
#define BENCH_SCRIPT_H

#include "bench/suite.h"
#include "spec/expr.h"

typedef struct Statement Statement;

typedef struct Loop {
  Name name;
  Domain domain;
  uint32_t slot;
} Loop;

typedef enum StatementKind { STATEMENT_LET, STATEMENT_MEASURE, STATEMENT_FOR } StatementKind;

struct Statement {
  StatementKind kind;
  Name name;            /* let */
  const Type *declared; /* let; NULL: by its value */
  Expr *expr;           /* let, measure */
  uint32_t slot;        /* let */
  Loop *loops;          /* for: the first is the outermost */
  size_t loop_count;
  Statement *body; /* for */
  Statement *next;
};

typedef struct Workload {
  Name name;
  Statement *body;
  uint32_t slot_count;
} Workload;

struct Suite {
  const Source *source;
  const Interface *interface;
  Str canonical;
  Hash hash;
  const Workload *workloads;
  size_t workload_count;
};

#endif
