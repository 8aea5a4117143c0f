/* For commands that are given many packages, of which some need others: what was resolved once need not be
 * again. */
#ifndef IFC_WIT_KNOWN_H
#define IFC_WIT_KNOWN_H

#include "ifc/wit.h"

/* What wit_load would give for the folder `path`, if it was among what the package `loaded` needs and was
 * resolved in the very same way: `loaded` is what the folder `loaded_path` beside it gave, with the same
 * options, neither has `deps` of its own, and nothing is nested in any file. Else NULL. Its `resolve` is that
 * of `loaded`. */
const Package *wit_known(Arena *arena, const Package *loaded, Str loaded_path, Str path);

#endif
