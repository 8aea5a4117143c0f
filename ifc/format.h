/* `ifc fmt`: WIT laid out in one way. Works on what was written, not on what it means: comments, docs, gates
 * that are not selected and names that do not resolve all stay. */
#ifndef IFC_FORMAT_H
#define IFC_FORMAT_H

#include "ifc/base/diag.h"

/* The text in the style of docs/wit-style.md, in `arena`: two spaces a level, one item a line, comments where
 * they were, at most one empty line between items. Formatting it again changes nothing, and the two texts
 * have the same hashes and docs. Takes time in proportion to the text. Empty, with errors reported, when the
 * text does not parse; empty without any when there is nothing in it. */
Str wit_format(Arena *arena, const Source *source, Diags *diags);

#endif
