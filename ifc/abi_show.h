/* `ifc abi`: what a binding has to agree with, for people who debug one. Core signatures as wit-component
 * expects them and the layouts of types, by layout.h. */
#ifndef IFC_ABI_SHOW_H
#define IFC_ABI_SHOW_H

#include "ifc/base/json.h"
#include "ifc/type.h"

/* Functions and types that one interface, or a world itself, has. */
typedef struct AbiScope {
  Str id;      /* "geometry:shapes/circle"; of a world its id */
  Str prefix;  /* of exports: "geometry:shapes/circle@1.0.0#"; of a world's own functions empty */
  Str imports; /* the core module that they are imported from: "geometry:shapes/circle@1.0.0", "$root" */
  const Function **functions;
  uint32_t function_count;
  const TypeDef **types; /* those declared here, not those brought in by `use` */
  uint32_t type_count;
} AbiScope;

AbiScope abi_scope_of_interface(Arena *arena, const Interface *interface);
AbiScope abi_scope_of_world(Arena *arena, const World *world);
/* The function of this name: "area", "[method]blob.read", or "blob.read" for the latter; NULL where there is
 * none. */
const Function *abi_scope_function(const AbiScope *self, Str name);
/* The scope with this function only, and the types that it names. */
AbiScope abi_scope_with(Arena *arena, const AbiScope *self, const Function *function);

/* Everything, for people, at most 80 columns where names allow it. */
Str abi_show(Arena *arena, const AbiScope *self);
/* One element of `scopes` in the document that docs/schemas/abi.json describes. */
Json *abi_to_json(Arena *arena, const AbiScope *self);

#endif
