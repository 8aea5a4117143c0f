/* Inside spec/: what a .spec file holds: its tests, checked and ready to run. */
#ifndef SPEC_TESTS_H
#define SPEC_TESTS_H

#include "spec/ast.h"
#include "spec/spec.h"
#include "spec/verify.h"

typedef enum StatementKind {
  STATEMENT_LET,    /* let x = e; */
  STATEMENT_VAR,    /* var x = e; of a sequence */
  STATEMENT_SET,    /* x = e; of a var */
  STATEMENT_EXPECT, /* expect e; */
  STATEMENT_TRAPS,  /* expect f(x) traps; */
  STATEMENT_CALL,   /* f(x); */
} StatementKind;

typedef struct Statement {
  StatementKind kind;
  Name name;            /* LET, VAR, SET */
  const Type *declared; /* LET, VAR: the type written; NULL: none */
  Expr *expr;
  uint32_t slot; /* LET, VAR, SET */
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

/* A name of a sequence, in the scope of one of its operations or invariants. */
typedef struct Shared {
  Name name;
  const Type *type;
  uint32_t slot; /* in the sequence; in the part it is that of its index, behind the part's parameters */
  bool is_var;
} Shared;

typedef struct Test Test;
typedef struct Parts {
  Test *at;
  size_t len, cap;
} Parts;

struct Test {
  TestKind kind;
  Str group;
  Name name;
  Span span;     /* of all of it */
  Hash identity; /* of its tokens and those of the fns that it names: tests with the same are the same test */
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
  bool is_broken; /* some of it could not be read */
  bool has_state; /* results may depend on earlier calls: the specification shows that they do */
  Scope *scope;
  uint32_t slot_count;
  Plan **plans;    /* of generated tests: by parameter */
  uint32_t *order; /* of generated tests: in which the parameters are generated */
  struct {
    Name *at;
    size_t len, cap;
  } jury; /* AGREE: the implementations that the others must agree with, as written; none: most of all */
  /* SEQUENCE, AGREE: its own statements run first, then operations, and after each step all invariants. They
   * are tests of its kind: an operation has parameters, conditions and statements, an invariant statements.
   */
  Parts operations, invariants;
  const Shared *shared; /* of an operation or invariant: what it knows of its sequence */
  uint32_t shared_count;
  uint32_t first_statement; /* of an operation or invariant: how many the sequence has before its own */
};

/* Does it have steps: is it a sequence, or an agreement about one? */
static inline bool test_has_steps(const Test *self)
{
  return self->operations.len > 0;
}

/* Are its inputs generated? */
static inline bool test_is_generated(TestKind kind)
{
  return kind == TEST_LAW || kind == TEST_SEQUENCE || kind == TEST_AGREE;
}

struct Spec {
  Unit unit;
  Name subject;
  Map *names; /* of the tests, while they are read */
  Str canonical;
  Hash hash, interface_hash;
  struct {
    Test *at;
    size_t len, cap;
  } tests;
};

/* parse_spec.c: the file's tests, not checked. False when nothing could be read. */
bool spec_read(Spec *self);
/* One statement, into the test; false after a diagnostic. */
bool statement_parse(Cursor *self, Test *test);
bool where_parse(Cursor *self, Test *test);
/* parse_sequence.c: what stands between the braces of a sequence. */
bool sequence_body_parse(Cursor *self, Test *test);
/* canonical.c: the fns that a text of the file names, and those that they name. */
typedef struct Fns {
  Fn **at;
  size_t len, cap;
} Fns;
Fns fns_of(const Unit *unit, Str text);
/* Of the test's tokens, and of those of the fns that it needs. */
Hash test_identity(const Unit *unit, const Test *test);
/* check_spec.c */
void test_check(Unit *unit, Test *self);
void statement_check(Unit *unit, Scope *scope, Statement *self);
void conditions_check(Scope *scope, Test *self);
bool test_expects_something(const Test *self);
/* check_sequence.c: the operations and invariants; its own statements are checked. */
void sequence_check(Unit *unit, Test *self);

#endif
