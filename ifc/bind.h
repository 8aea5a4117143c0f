/* Guest bindings: what an implementer includes. Source-compatible with wit-bindgen's generators. */
#ifndef IFC_BIND_H
#define IFC_BIND_H

#include "ifc/type.h"

typedef struct Binding {
  Str header_name, header; /* "circle.h": what the implementation includes */
  Str source_name, source; /* "circle_bindings.c": compiled and linked with it */
} Binding;

/* The world that bindings for an interface alone are of: it has the interface's name, exports it, and imports
 * what it uses. Of a world's own functions (wit.h), that world. */
const World *bind_world(Arena *arena, const Interface *interface);

/* What the header of C bindings for a world of this name is called: "file_store.h". */
Str bind_c_header_name(Arena *arena, Str world);
/* C bindings for a module that imports and exports what the world does. */
Binding bind_c_world(Arena *arena, const World *world);
/* The same for a world of the interface's name that exports it, and imports what it uses. */
Binding bind_c(Arena *arena, const Interface *interface);

/* The Rust module `bindings` for a crate that imports and exports what the world does: types, functions to
 * call, a trait `Guest` to fill in for each export, and a macro `export!`. It needs no other crate. */
Str bind_rust_world(Arena *arena, const World *world);
Str bind_rust(Arena *arena, const Interface *interface);

typedef struct ScriptFiles {
  Str types;         /* bindings.ts: what the implementation imports */
  Str values;        /* values.ts: how values cross */
  Str entry;         /* exports.ts: the module's exports, whose names script_export_name knows */
  struct Map *names; /* for that */
} ScriptFiles;

/* AssemblyScript bindings for an implementation in the module `implementation` beside them ("sort" for
 * sort.ts), which exports a function for each one that the world exports, and a class for each resource. They
 * need nothing but the compiler. */
ScriptFiles bind_assemblyscript(Arena *arena, const World *world, Str implementation);
/* What an export of the entry ("e0", "p12") is called at the boundary; itself where it has its name already.
 */
Str script_export_name(const ScriptFiles *self, Str name);

/* kebab-case to C's snake_case; C's keywords get a trailing underscore, as wit-bindgen does. */
Str name_to_c(Arena *arena, Str kebab);
Str name_to_c_upper(Arena *arena, Str kebab);

#endif
