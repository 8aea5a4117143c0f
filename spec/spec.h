/* Specifications: reading a .spec file and checking its types against an interface. The language is described
 * in docs/spec-language.md. */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include "ifc/base/crypto.h"
#include "ifc/type.h"

typedef struct Spec Spec;

/* The interface that the first line of a .spec or .bench names ("geometry:shapes/circle"); empty, with a
 * diagnostic, when it has none. */
Str spec_subject(Arena *arena, const Source *source, Diags *diags);
/* Parses and type-checks; all errors of the file are reported. NULL when there was one. */
const Spec *spec_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags);
/* SHA-256 of its canonical text: what it means, not how it is laid out or commented. */
Hash spec_hash(const Spec *self);
Str spec_canonical(const Spec *self);
/* The same of any file that has a subject, without checking more of it. Empty with a diagnostic when it is
 * not made of tokens. */
Str spec_canonical_text(Arena *arena, const Source *source, Diags *diags);
Str spec_path(const Spec *self);
/* The text it was parsed from. */
const Source *spec_source(const Spec *self);

#endif
