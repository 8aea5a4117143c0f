/* Interfaces as text for people (WIT) and for programs (JSON). */
#ifndef IFC_SHOW_H
#define IFC_SHOW_H

#include "ifc/base/json.h"
#include "ifc/type.h"

/* The package as WIT, docs kept, formatted; parses to the same interfaces. */
Str package_show(Arena *arena, const Package *self);
/* One interface with its package line, self-contained: types brought in by `use` are written out in place.
 * Parses to an interface with the same hash. */
Str interface_show(Arena *arena, const Interface *self);
/* The resolved form, laid out as the reference parser prints it (arenas worlds, interfaces, types, packages).
 */
Json *package_to_json(Arena *arena, const Package *self);

#endif
