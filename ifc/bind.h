/* Guest bindings: what an implementer includes. Source-compatible with wit-bindgen's C generator. */
#ifndef IFC_BIND_H
#define IFC_BIND_H

#include "ifc/type.h"

typedef struct Binding {
  Str header_name, header; /* "circle.h": what the implementation includes */
  Str source_name, source; /* "circle_bindings.c": compiled and linked with it */
} Binding;

/* C bindings for a module that exports `interface`. Names follow wit-bindgen with a world of the interface's
 * name. */
Binding bind_c(Arena *arena, const Interface *interface);

/* kebab-case to C's snake_case; C's keywords get a trailing underscore, as wit-bindgen does. */
Str name_to_c(Arena *arena, Str kebab);
Str name_to_c_upper(Arena *arena, Str kebab);

#endif
