/* `assay spec fmt`: specifications laid out in one way. Works on tokens, so that it needs no interface; lines
 * stay as the author broke them within a statement. */
#ifndef SPEC_FORMAT_H
#define SPEC_FORMAT_H

#include "ifc/base/diag.h"

/* The text in the style of docs/spec-language.md, in `arena`: two spaces a level, one statement, row or test
 * a line, one space between words, comments where they were, at most one empty line. Formatting it again
 * changes nothing, and the two have the same canonical text. Takes time in proportion to the text. Empty,
 * with errors reported, when it is not made of tokens, statements and blocks; empty without any when nothing
 * is in it. */
Str spec_format(Arena *arena, const Source *source, Diags *diags);

#endif
