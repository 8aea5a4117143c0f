/* The WIT front end: from files to resolved interfaces (type.h). */
#ifndef IFC_WIT_H
#define IFC_WIT_H

#include "ifc/type.h"

/* Reads a package from one file, a folder (its *.wit, not recursively) or "-", and resolves it. All errors of
 * a run are reported, with places; NULL when there was one. Sources stay in `arena`, for diagnostics. */
const Package *wit_load(Arena *arena, Str path, Diags *diags);
/* The same for one text. */
const Package *wit_parse(Arena *arena, const Source *source, Diags *diags);
/* The interface that "PATH" or "PATH#NAME" means; NAME may be left out when the package has only one. */
const Interface *wit_load_interface(Arena *arena, Str reference, Diags *diags);
/* The interface of a package by name ("circle" or "geometry:shapes/circle"), or NULL. */
const Interface *package_interface(const Package *self, Str name);

#endif
