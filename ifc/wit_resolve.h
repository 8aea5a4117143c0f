/* From syntax (ast.h) to interfaces (type.h): what the parts of the resolver share. Internal to it.
 * A package has names for interfaces and worlds; an interface has a scope of names for types and functions.
 */
#ifndef IFC_WIT_RESOLVE_H
#define IFC_WIT_RESOLVE_H

#include "ifc/ast.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"

/* Constructs that are parsed but not resolved yet; each is reported once. */
typedef enum Unsupported {
  UNSUPPORTED_RESOURCE,
  UNSUPPORTED_ASYNC,
  UNSUPPORTED_STREAM,
  UNSUPPORTED_FUTURE,
  UNSUPPORTED_MAP,
  UNSUPPORTED_FIXED_LIST,
  UNSUPPORTED_ERROR_CONTEXT,
  UNSUPPORTED_OTHER_PACKAGE,
  UNSUPPORTED_NESTED_PACKAGE,
} Unsupported;

/* How far a depth-first walk has come with a node. */
typedef enum Visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE } Visit;

typedef struct Scope Scope;

/* A name in an interface. */
typedef struct Symbol {
  Str name;
  Span span;
  AstItem *item;           /* the type, function or `use` that declares it */
  const AstRename *rename; /* of a `use` */
  TypeDef *def;            /* NULL: a function, or left out */
  uint32_t depth;          /* nesting of the type */
  Visit visit;
} Symbol;

/* An interface while it is resolved. */
struct Scope {
  AstInterface *ast;
  const AstFile *file;
  Interface *out; /* NULL: left out */
  Map *names;     /* Symbols, by name in lower case */
  Map *file_uses; /* the file's "use … as …": TopNames */
  TypeDef *typedefs;
  Visit visit;
};

/* A name in a package: one of the two. */
typedef struct TopName {
  Scope *scope;
  AstWorld *world;
  AstName name;
  const AstFile *file;
} TopName;

typedef struct Resolver {
  Arena *arena;
  Diags *diags;
  Package *package;
  AstPackage *written;
  Map *names; /* TopNames, by name in lower case */
  VEC(Scope *) scopes;
  uint32_t reported;         /* bits: Unsupported */
  bool reported_unversioned; /* the package */
} Resolver;

void report_unsupported(Resolver *self, Unsupported what, Span at);

/* wit_gate.c: whether an item with this gate is selected. Reports gates that contradict the package. */
bool gate_selects(Resolver *self, const AstGate *gate);

/* wit_scope.c */
/* Reports that `name` is declared twice. */
void report_duplicate(Resolver *self, AstName name, AstName first);
/* Reports names that occur twice among fields, cases, flags or parameters. */
void check_fields(Resolver *self, const AstItem *item);
/* Declares what stands in the interface, and makes room for its typedefs and functions. */
void scope_declare(Resolver *self, Scope *scope);
Symbol *scope_find(Resolver *self, const Scope *scope, Str name);
/* The type of that name; NULL, reported, when there is none that can be used. `viewer` is the interface that
 * the name is written in. */
Symbol *scope_find_type(Resolver *self, const Scope *scope, const Scope *viewer, Str name, Span at);
/* The scope that the path of a `use` means, or NULL, reported. */
Scope *scope_of_path(Resolver *self, const Scope *from, const AstPath *path);

/* wit_world.c: checks the names in a world; local ones are those that `scope` sees. */
void world_check(Resolver *self, const Scope *scope, const AstWorld *world);

/* wit_types.c: the types and functions of an interface, once those that it uses are resolved. */
void scope_resolve(Resolver *self, Scope *scope);

#endif
