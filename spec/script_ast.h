/* Inside spec/: a script, read and checked. */
#ifndef SPEC_SCRIPT_AST_H
#define SPEC_SCRIPT_AST_H

#include "spec/ast.h"
#include "spec/script.h"

typedef struct ScriptStatement {
  bool is_let;
  Name name;            /* of a `let` */
  const Type *declared; /* of a `let`: NULL: not written */
  Expr *expr;
  uint32_t slot; /* of a `let` */
  Span span;
} ScriptStatement;

struct Script {
  Unit unit;
  Scope *scope;
  struct {
    ScriptStatement *at;
    size_t len, cap;
  } statements;
};

#endif
