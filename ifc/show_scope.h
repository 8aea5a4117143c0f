/* The types and functions of one scope, an interface or a world, as WIT that stands on its own: from the
 * resolved form, with every type declared where it is used. Only resources are left where they are. Internal
 * to show.h. */
#ifndef IFC_SHOW_SCOPE_H
#define IFC_SHOW_SCOPE_H

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/show_text.h"

/* A name that the scope declares. */
typedef struct ShowDeclared {
  Str name;
  const TypeDef *def;
} ShowDeclared;

typedef struct ShowFunction {
  Str name; /* as exports have it */
  const Function *function;
} ShowFunction;

/* A resource of another interface, and its name here. */
typedef struct ShowForeign {
  const TypeDef *resource;
  Str name;
} ShowForeign;

/* A type that has to be declared, though the scope has no name for it. */
typedef struct ShowExtra {
  Str name;
  const Type *type;
} ShowExtra;

typedef VEC(ShowFunction) ShowFunctions;

typedef struct ShowScope {
  Arena *arena;
  const Package *package; /* its interfaces go by their plain names */
  VEC(ShowDeclared) declared;
  ShowFunctions functions; /* free ones, and those of the resources */
  Map *taken;              /* names in lower case */
  /* What scope_name finds out: */
  Map *names;     /* of declarations: ShowDeclared, by the TypeDef's address */
  Map *resources; /* Str, by the address of the resource's TypeDef */
  Map *known;     /* of types, by what they are */
  Map *methods;   /* ShowFunctions, by the resource's name */
  VEC(ShowForeign) foreign;
  VEC(ShowExtra) extras; /* parts before wholes */
  uint32_t unnamed;
} ShowScope;

/* An empty scope; `declared`, `functions` and, by show_take, names that are otherwise taken are then added to
 * it. */
ShowScope show_scope(Arena *arena, const Package *package);
/* Marks a name as taken; false where it was. */
bool show_take(ShowScope *self, Str name);
/* Finds a name for everything that needs one. */
void show_scope_name(ShowScope *self);

/* "use path.{name, …};", a line for each interface that the foreign resources are of. */
void show_scope_uses(const ShowScope *self, ShowGroup *last, size_t indent, Buf *out);
/* The types, and the resources with their functions. */
void show_scope_types(ShowScope *self, ShowGroup *last, size_t indent, Buf *out);
/* A free function, docs included; `lead` stands before its name. */
void show_scope_function(ShowScope *self, const ShowFunction *function, const char *lead, ShowGroup group,
                         ShowGroup *last, size_t indent, Buf *out);
/* "iface", or "ns:pkg/iface@1.0.0" where it is of another package. */
void show_path(const Package *from, const Interface *to, Buf *out);

#endif
