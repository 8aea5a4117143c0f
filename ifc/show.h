/* Interfaces as text for people (WIT) and for programs (JSON). */
#ifndef IFC_SHOW_H
#define IFC_SHOW_H

#include "ifc/base/arena.h"
#include "ifc/base/str.h"
#include "ifc/type.h"

/* The package as WIT, docs kept, formatted: its files in one, with the packages nested in them, and with what
 * is selected only. Gates stay, so what is unstable must be selected again to be read again. */
Str package_show(Arena *arena, const Package *self);
/* The same with all packages that it was resolved with, nested, so that it can be read alone. */
Str resolve_show(Arena *arena, const Resolve *self);
/* One interface with its package line, self-contained: types brought in by `use` are written out in place;
 * what has a resource that it uses stands behind it, in the same package or in a nested one. There are no
 * gates. The first interface of the text is the one shown, and has the same hash when it is read again; one
 * that is written in a world is shown under its name there. */
Str interface_show(Arena *arena, const Interface *self);
/* One world in the same way, elaborated, with all interfaces that it imports or exports. The only world of
 * the text is the one shown, and has the same hash. */
Str world_show(Arena *arena, const World *self);
/* The resolved form as the reference parser prints it (arenas worlds, interfaces, types, packages), of the
 * package and of all that it was resolved with: JSON, handed over piece by piece. */
typedef void ShowPiece(void *context, Str piece);
void package_print_json(Arena *arena, const Package *self, ShowPiece *put, void *context);
/* The same in one piece. */
Str package_json(Arena *arena, const Package *self);

#endif
