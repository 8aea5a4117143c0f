/* Inside spec/: what a .spec file holds: its tests, checked and ready to run. */
#ifndef SPEC_TESTS_H
#define SPEC_TESTS_H

#include "spec/ast.h"
#include "spec/spec.h"
#include "spec/verify.h"

typedef enum StatementKind {
  STATEMENT_LET,    /* let x = e; */
  STATEMENT_EXPECT, /* expect e; */
  STATEMENT_TRAPS,  /* expect f(x) traps; */
  STATEMENT_CALL,   /* f(x); */
} StatementKind;

typedef struct Statement {
  StatementKind kind;
  Name name;            /* LET */
  const Type *declared; /* LET: the type written; NULL: none */
  Expr *expr;
  uint32_t slot; /* LET */
  Span span;
} Statement;

typedef struct Row {
  Expr **cells; /* one for each parameter */
  uint32_t count;
  Span span;
} Row;

typedef struct Plan Plan;

/* A condition of a where clause. */
typedef struct Condition {
  Expr *expr;
  bool generated; /* the generators keep it, so that it need not be asked */
} Condition;

typedef struct Test {
  TestKind kind;
  Str group;
  Name name;
  ParamDecls params; /* slot i is parameter i */
  struct {
    Row *at;
    size_t len, cap;
  } rows;
  uint32_t row_slot_count;
  struct {
    Condition *at;
    size_t len, cap;
  } conditions;
  struct {
    Statement *at;
    size_t len, cap;
  } statements;
  Scope *scope;
  uint32_t slot_count;
  Plan **plans;    /* LAW: by parameter */
  uint32_t *order; /* LAW: in which the parameters are generated */
} Test;

struct Spec {
  Unit unit;
  Name subject;
  Str canonical;
  Hash hash;
  struct {
    Test *at;
    size_t len, cap;
  } tests;
};

/* parse_spec.c: the file's tests, not checked. False when nothing could be read. */
bool spec_read(Spec *self);
/* check_spec.c */
void test_check(Unit *unit, Test *self);

#endif
