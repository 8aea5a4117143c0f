/* Inside spec/: what parsing makes, checking types, and evaluation walks. One tree serves all three: checking
 * gives each node its type and the function that evaluates it, so that evaluation is one indirect call a node
 * and decides nothing. */
#ifndef SPEC_AST_H
#define SPEC_AST_H

#include "spec/expr.h"

typedef enum ExprKind {
#define EXPR(kind) EXPR_##kind,
#include "spec/expr_kinds.def"
} ExprKind;

typedef enum Operator {
#define OPERATOR(kind, token, level, class) OP_##kind,
#include "spec/operators.def"
  OPERATOR_COUNT
} Operator;

typedef enum OperatorClass { OP_LOGIC, OP_ORDER, OP_BITS, OP_SHIFT, OP_ARITHMETIC } OperatorClass;

/* The value of a node. Failures do not return: they go to the nearest machine_protect. */
typedef Value Evaluate(Machine *machine, const Expr *self, Value *slots);

/* An arm of a match: case, case(name), case(_) or _. */
typedef struct Arm {
  Name label;       /* empty text: `_` */
  Name binding;     /* of the payload; empty text: none */
  bool has_payload; /* written with parentheses */
  uint32_t slot;
  Expr *body;
} Arm;

typedef struct Library Library;

struct Expr {
  Evaluate *evaluate; /* set by checking, as is `type` */
  Expr **args;        /* operands, elements, arguments, branches, in the order written */
  uint32_t count;     /* of args */
  uint32_t slot;      /* NAME, LET, FOR_ALL, EXISTS, EACH: of the variable; FIELD: the index; CASE: the tag */
  union {
    Value constant;           /* evaluate_constant */
    const Function *function; /* a call of the interface */
    Fn *fn;                   /* a call of a fn */
    const Library *library;
    const Arm *const *arm_of; /* MATCH: by tag */
  };
  const Type *type;
  ExprKind kind;
  uint8_t op;      /* BINARY: an Operator; NUMBER: 1 when negative; BYTES: 1 for hex; CALL: 1 for @name;
                     EACH: 1 when it joins the lists of an inner one */
  bool escaped;    /* NAME, CALL: written with '%' */
  bool bare;       /* NAME: without parentheses; FIELD: a number */
  uint16_t height; /* of the tree below: bounded, see HEIGHT_MAX */
  Span span;
  union {
    Token token; /* literals */
    Name name;   /* names, calls, fields, cases; the variable of LET, FOR_ALL, EXISTS, EACH */
  };
  Name *labels;        /* RECORD: of args; FLAGS: `count` of them, no args */
  const Type *written; /* LET: its declared type; GENERATE: the type */
  const Type *list;    /* INDEX, IN, FOR_ALL, EXISTS, EACH, library calls: the type of the list */
  Domain *domain;      /* IN, FOR_ALL, EXISTS, EACH */
  Arm *arms;           /* MATCH */
  uint32_t arm_count;
};

enum {
  HEIGHT_MAX = 200,  /* of an expression's tree */
  NESTING_MAX = 100, /* of brackets and blocks while parsing */
};

struct Fn {
  Name name;
  Span span; /* of all of it */
  ParamDecls params;
  const Type *result;
  Expr *body;
  uint32_t slot_count;
};

/* --- parse_expr.c */

Expr *expr_new(Cursor *self, ExprKind kind, Span span);
/* let ::= ('let' | 'var') name (':' type)? '=' expr ';'   shared by blocks and statements, which know the
 * word.
 */
typedef struct LetDecl {
  Name name;
  const Type *type; /* NULL: none written */
  Expr *value;
} LetDecl;
bool let_parse(Cursor *self, LetDecl *out);
/* The same from the name on. */
bool let_rest_parse(Cursor *self, LetDecl *out);
/* block ::= (let ';')* expr   what stands behind a fn's '=' and between the braces of `if`. */
Expr *block_parse(Cursor *self);
/* Nesting is bounded: false with a diagnostic when it is too deep. Each true needs a cursor_ascend. */
bool cursor_descend(Cursor *self);
void cursor_ascend(Cursor *self);

/* --- scope.c */

typedef struct Binding Binding;
struct Binding {
  Name name;
  const Type *type;   /* NULL: not known yet, or wrong */
  Expr *value;        /* of a `let` whose type waits for its first use */
  bool failed;        /* an error was reported: no more of them */
  bool is_fractional; /* while waiting: it has a number with a fraction, so that it is no integer */
  uint32_t slot;
  Binding *next; /* the names that were visible where this one was bound */
};

struct Scope {
  Unit *unit;
  Binding *names; /* innermost first */
  Str no_calls;
  uint32_t depth; /* of the node that is being checked, in its expression */
  struct {
    Binding **at;
    size_t len, cap;
  } bindings; /* all of them, by slot */
};

Binding *scope_lookup(const Scope *self, Str name);
/* Settles the type of a waiting `let`, from `want` where there is one. NULL when it failed, now or before. */
const Type *binding_type(Scope *self, Binding *binding, const Type *want);

/* --- check*.c: each says the type of the node and sets its evaluator; NULL after a diagnostic */

const Type *check_literal(Scope *scope, Expr *self, const Type *want);
/* As expr_check, but for a literal that stands without its `some` or `ok`: such a one is refused. */
const Type *check_written(Scope *scope, Expr *self, const Type *want);
const Type *check_name(Scope *scope, Expr *self, const Type *want);
const Type *check_call(Scope *scope, Expr *self, const Type *want);
const Type *check_field(Scope *scope, Expr *self, const Type *want);
const Type *check_index(Scope *scope, Expr *self, const Type *want);
const Type *check_operator(Scope *scope, Expr *self, const Type *want);
const Type *check_block(Scope *scope, Expr *self, const Type *want);

/* check_flat.c: WAVE's payloads that stand for themselves, `1` where an option<u8> is wanted. */
bool stands_flat(Scope *scope, const Expr *self, const Type *want);
const Type *check_flat(Scope *scope, Expr *self, const Type *want);

/* check_call.c: a call of the interface's function with the node's arguments. */
const Type *check_function(Scope *scope, Expr *self, const Function *function);

/* check_resource.c */
const Type *check_method(Scope *scope, Expr *self);
bool check_is_constructor(const Scope *scope, const Expr *self);
const Type *check_constructor(Scope *scope, Expr *self);
const Type *check_drop(Scope *scope, Expr *self);
bool check_argument(Scope *scope, Expr *arg, const Type *want);
bool type_has_handles(Arena *arena, const Type *type);
/* Does a call of it change who owns what? */
bool function_moves_handles(Arena *arena, const Function *function);

/* True for an expression made of literals only, whose type the context must say. */
bool expr_is_open(Scope *scope, const Expr *self);
/* Of an open one: not even a usual type can be given to it, as to `none` and `[]`. */
bool expr_is_blank(Scope *scope, const Expr *self);
/* Of an open one: it has a number that no integer type holds. */
bool expr_is_fractional(Scope *scope, const Expr *self);
/* Which of several expressions knows its own type best. */
size_t deciding(Scope *scope, Expr *const *exprs, size_t count);
/* Checks expressions that must have one type: `want`, or that of the one which knows its own best. */
const Type *check_together(Scope *scope, Expr *const *exprs, size_t count, const Type *want);
const Type *check_pair(Scope *scope, Expr *left, Expr *right, const Type *want);
/* Makes a node whose operands are all constants one itself. */
void fold_constant(Scope *scope, Expr *self);
bool expr_is_constant(const Expr *self);
void expr_set_constant(Expr *self, Value value);
const Type *list_type(Arena *arena, const Type *element);
/* Types as messages name them: "a record", "circle", "no result". */
Str type_words(Arena *arena, const Type *type);
/* The type of a call of a function without result: the empty tuple. */
const Type *type_nothing(void);
/* The declared variant or enum of the interface that has this case; NULL when none or several have. */
const Type *unit_type_with_case(const Unit *self, Str name);
/* Is it a case of this type? Its number. some, none, ok, err, true and false belong here too. */
bool type_find_case(const Type *type, Str name, uint32_t *tag);
/* The field or flag of this name. */
bool type_find_field(const Type *type, Str name, uint32_t *index);

/* --- evaluation */

/* Runs `body`; false when it failed, with machine->failure. */
bool machine_protect(Machine *self, void (*body)(Machine *self, void *context), void *context);
/* Ends the evaluation. */
_Noreturn void machine_fail(Machine *self, FailureKind kind, Span span, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* What comes between is given back by machine_give_back, but for handles that came. */
typedef struct Scratch {
  ArenaMark mark;
  const Held *held;
  size_t held_cap;
} Scratch;
static inline Scratch machine_scratch(const Machine *self)
{
  return (Scratch){arena_mark(self->arena), self->held.at, self->held.cap};
}
static inline void machine_give_back(Machine *self, const Scratch *since)
{
  bool is_held = self->held.at != since->held || self->held.cap != since->held_cap;
  if (self->memory && !is_held) arena_reset(self->arena, since->mark);
}
/* The hooks; a failure of theirs ends the evaluation. */
void machine_call(Machine *self, const Expr *call, const Value *args, Value *result);
void machine_drop(Machine *self, const TypeDef *resource, Value handle, Span span);
/* Takes `steps` off the fuel. */
void machine_step(Machine *self, const Expr *at, uint64_t steps);

static inline Value evaluate(Machine *machine, const Expr *expr, Value *slots)
{
  return expr->evaluate(machine, expr, slots);
}

static inline bool evaluate_bool(Machine *machine, const Expr *expr, Value *slots)
{
  return evaluate(machine, expr, slots).bits != 0;
}

Evaluate evaluate_constant, evaluate_name, evaluate_list, evaluate_fields, evaluate_case, evaluate_flag,
    evaluate_field, evaluate_name_field, evaluate_index, evaluate_lookup, evaluate_function, evaluate_fn,
    evaluate_if, evaluate_match, evaluate_let, evaluate_for_all, evaluate_exists, evaluate_each,
    evaluate_generate, evaluate_resource_call, evaluate_drop;

/* --- arithmetic.c: the evaluator of an operator at a type; NULL where it has none */

Evaluate *operator_evaluator(Operator op, const Type *type);
Evaluate *negate_evaluator(const Type *type);
Evaluate evaluate_not, evaluate_near, evaluate_in_list, evaluate_in_range;
OperatorClass operator_class(Operator op);
Str operator_text(Operator op);
/* x < y as `<` has it: IEEE 754 for floats, else the order of value_compare. */
bool value_less(const Type *type, Value a, Value b);
bool value_at_most(const Type *type, Value a, Value b);

/* --- library.c */

const Library *library_find(Str name);
Evaluate *library_evaluator(const Library *self);
const Type *check_library(Scope *scope, Expr *self, const Type *want);
/* The result has the type of the first argument, so that it is open when that is. */
bool library_keeps_type(const Library *self);
/* All arguments have one type, as those of min(a, b). */
bool library_joins_types(const Library *self);
Str library_name_at(size_t index); /* empty behind the last */

#endif
