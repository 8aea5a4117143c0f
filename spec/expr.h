/* The expression language that .spec and .bench files share (docs/spec-language.md): reading, checking types,
 * evaluating. For spec/ and bench/ only. What a file is made of around its expressions (tests, workloads) is
 * not known here.
 *
 * The life of a file, for a program that reads one:
 *
 *   Unit unit = {.arena = arena, .source = source, .interface = interface, .diags = diags};
 *   Cursor cursor;
 *   if (!cursor_begin(&cursor, &unit)) …                the text is not even UTF-8
 *   cursor_subject(&cursor, STR("bench"), &id);         bench geometry:shapes/circle;
 *   fn_parse(&cursor);                                  fn twice(n: s64) -> s64 = n * 2;
 *   Expr *value = expr_parse(&cursor);                  1 + twice(n)
 *   …                                                   all of the file is read before anything is checked
 *   unit_check(&unit);                                  the fns
 *   Scope *scope = scope_new(&unit);                    one for each script
 *   uint32_t slot = scope_let(scope, &name, NULL, value);
 *   expr_check(scope, other, type_of_kind(TYPE_BOOL));
 *   scope_finish(scope);                                then diags->errors says whether all is well
 *
 * and then, as often as wanted, with an array of scope_slot_count(scope) Values:
 *
 *   Machine machine = {.arena = case_arena, .fuel = 1000000};
 *   if (!expr_evaluate(&machine, value, slots, &slots[slot])) … machine.failure says why
 */
#ifndef SPEC_EXPR_H
#define SPEC_EXPR_H

#include "ifc/lex.h"
#include "ifc/value.h"

typedef struct Expr Expr;
typedef struct Scope Scope;
typedef struct Fn Fn;
typedef struct Map Map;

/* What the expressions of one file share. Zero what is not set. */
typedef struct Unit {
  Arena *arena;
  const Source *source;
  const Interface *interface;
  Diags *diags;
  bool may_generate; /* generate(type, size: N, seed: N) is allowed */
  /* Says what is wrong with calling the interface's functions in expressions ("only `measure` calls …");
   * empty: it is allowed. Scopes may differ: scope_forbid_calls. */
  Str no_calls;
  Map *fns;   /* of Fn, by name; made by cursor_begin */
  bool calls; /* set by checking: some expression calls the interface */
  /* Of the test that is checked: it has steps. Set by checking: what the interface's functions give may
   * depend on earlier calls. */
  bool in_steps, has_state;
} Unit;

/* --- reading */

/* A lexer with one token of look-ahead. Errors are appended to the unit's diagnostics. */
typedef struct Cursor {
  Unit *unit;
  Lexer lexer;
  Token token;       /* the next one, not taken yet */
  Span last;         /* of the token taken last */
  uint32_t depth;    /* of nesting: bounded, so that no input exhausts the stack */
  uint32_t blocks;   /* braces of `if` and `match` that are open, for recovery */
  bool closes;       /* they are closed for sure: a statement stands in them */
  uint32_t stuck_at; /* the place of an error that was reported: no second one there */
} Cursor;

/* A name as it stands in the source. */
typedef struct Name {
  Str text;
  Span span;
} Name;

/* False with diagnostics when the text cannot be read at all. */
bool cursor_begin(Cursor *self, Unit *unit);
/* Takes the next token, whatever it is. */
Token cursor_take(Cursor *self);
bool cursor_at(const Cursor *self, TokenKind kind);
/* True before the unescaped name `word`. */
bool cursor_at_word(const Cursor *self, Str word);
/* Takes the next token if it is this one. */
bool cursor_accept(Cursor *self, TokenKind kind);
bool cursor_accept_word(Cursor *self, Str word);
/* Takes the next token, which must be this one: else reports "expected ';', found …" and returns false. */
bool cursor_expect(Cursor *self, TokenKind kind);
bool cursor_expect_word(Cursor *self, Str word);
/* Reports "expected WHAT, found …" at the next token. */
void cursor_error(Cursor *self, const char *what);
/* Takes a name; `what` is for the message: "a name for the test". */
bool cursor_name(Cursor *self, const char *what, Name *out);
/* Takes a string and gives its content. */
bool cursor_string(Cursor *self, const char *what, Name *out);
/* After an error: skips past the ';' that ends the statement, or up to the '}' behind it, or to the end. */
void cursor_recover(Cursor *self);

/* subject ::= KEYWORD name ':' name '/' name ('@' version)? ';'   the id, without a version, into `id`. */
bool cursor_subject(Cursor *self, Str keyword, Name *id);
/* type ::= as in WIT, with the interface's own names. NULL with a diagnostic. */
const Type *type_parse(Cursor *self);

typedef struct ParamDecl {
  Name name;
  const Type *type;
} ParamDecl;
typedef struct ParamDecls {
  ParamDecl *at;
  size_t len, cap;
} ParamDecls;
/* params ::= '(' (name ':' type),* ')' */
bool params_parse(Cursor *self, ParamDecls *out);

/* An expression, not checked yet. NULL with a diagnostic. */
Expr *expr_parse(Cursor *self);
/* fn ::= 'fn' name params '->' type '=' (let ';')* expr ';'   added to the unit. */
bool fn_parse(Cursor *self);

/* What a loop runs over: the elements of a list, or the integers from `low` up to `high`, which belongs to
 * them when `closed`. domain ::= expr | expr '..' '='? expr */
typedef struct Domain {
  Expr *list;
  Expr *low, *high;
  bool closed;
  const Type *element;   /* set by domain_check */
  const Type *list_type; /* list<element>, set by domain_check */
} Domain;
bool domain_parse(Cursor *self, Domain *out);

/* --- checking */

/* Checks all fns. Before anything that calls them is evaluated. */
void unit_check(Unit *self);

/* The names of one script; each has a slot for its value. A name may be bound again: the nearest is meant. */
Scope *scope_new(Unit *unit);
/* From here on, calls of the interface's functions are errors with this text. Empty: allowed again. */
void scope_forbid_calls(Scope *self, Str why);
/* A variable of a known type: a parameter, a loop variable. Returns its slot. */
uint32_t scope_bind(Scope *self, const Name *name, const Type *type);
/* `let name = value;` or, when `declared` is not NULL, `let name: declared = value;`. A value made of
 * literals takes its type from the variable's first use, so the type is known only after scope_finish. */
uint32_t scope_let(Scope *self, const Name *name, const Type *declared, Expr *value);
/* Names bound after scope_enter are not seen after scope_leave; slots are not reused. */
typedef struct ScopeMark {
  void *names;
} ScopeMark;
ScopeMark scope_enter(Scope *self);
void scope_leave(Scope *self, ScopeMark mark);
/* Gives every `let` whose type no use has fixed its type: s64 and f64 for numbers, and so on. */
void scope_finish(Scope *self);
uint32_t scope_slot_count(const Scope *self);
/* After scope_finish. NULL where there was an error. */
const Type *scope_slot_type(const Scope *self, uint32_t slot);

/* Checks the expression and says its type; `want`, when not NULL, is the type it must have, and gives
 * literals theirs. Once for each expression. NULL with a diagnostic. */
const Type *expr_check(Scope *self, Expr *expr, const Type *want);
/* Sets the domain's types. False with a diagnostic. */
bool domain_check(Scope *self, Domain *domain);

/* The place of an expression. */
Span expr_span(const Expr *self);
/* After expr_check: its type. */
const Type *expr_type(const Expr *self);
/* After expr_check: the function of the interface that the expression is a call of, and its arguments, as
 * many as the function has parameters; NULL when it is anything else. */
const Function *expr_call(const Expr *self, Expr *const **args);

/* --- evaluating */

typedef enum FailureKind {
  FAILURE_SCRIPT, /* division by zero, an index out of range, … */
  FAILURE_CALL,   /* the call hook returned false */
  FAILURE_FUEL,   /* the expression takes too long or recurses too deeply */
  FAILURE_MEMORY, /* its values take more than Machine.memory, or than there is */
} FailureKind;

/* Why an evaluation stopped. */
typedef struct EvalFailure {
  FailureKind kind;
  Span span;
  char text[160]; /* NUL-terminated; for FAILURE_CALL empty unless the hook sets it */
} EvalFailure;

/* A handle that the specification owns, and where it came from. */
typedef struct Held {
  const TypeDef *resource;
  Value handle;
  Span span;
} Held;

typedef struct Machine Machine;
struct Machine {
  Arena *arena;  /* values are made here; the caller resets it */
  uint64_t fuel; /* steps left: calls of fns, turns of loops, elements that library functions touch */
  /* How many bytes the arena may have. Then what nobody needs any more is given back, the turns' values of a
   * loop for one, so that hooks must keep no value; and exhaustion is a failure. 0: none of that. */
  uint64_t memory;
  /* A call of the interface's function: its result into `result` (untouched for functions without one), in
   * the machine's arena. False stops the evaluation. NULL: calls are failures. */
  bool (*call)(Machine *self, const Function *function, const Value *args, Value *result);
  /* Drops a handle; as `call`. */
  bool (*drop)(Machine *self, const TypeDef *resource, Value handle);
  struct {
    Held *at;
    size_t len, cap;
  } held;        /* in the arena: emptied by who resets that */
  void *context; /* of the hooks' owner */
  EvalFailure failure;
  void *state; /* of the evaluator */
};

/* False with `self->failure` set; `out` is untouched then. Expressions of one scope share `slots`. The value
 * of a call without result is all zero. Literals' values live in the unit's arena, others in the machine's.
 */
MUST_CHECK bool expr_evaluate(Machine *self, const Expr *expr, Value *slots, Value *out);
/* The domain's elements as one list of type `domain->list_type`. */
MUST_CHECK bool domain_evaluate(Machine *self, const Domain *domain, Value *slots, Value *out);

/* --- generating */

/* A value from a seed, as generate(type, size: …, seed: …) gives it: lists at the top have exactly `size`
 * elements, strings that many code points; what is inside is small. No special floats: for workloads, not for
 * finding faults. The same arguments give the same value on every machine. */
Value value_generate(Arena *arena, const Type *type, uint64_t size, uint64_t seed);

/* --- identity */

/* The canonical text of a file: its tokens, one space or line end apart, without comments, layout and the
 * version of its subject, every quoted text in one spelling, after a first line that names this format. What
 * follows that line reads as the same file. Empty, with diagnostics, when the file is not made of tokens. */
Str unit_canonical(Arena *arena, Str format, const Source *source, Diags *diags);

#endif
