/* What the files that write counterexamples as scripts share. */
#ifndef SPEC_EMIT_INTERNAL_H
#define SPEC_EMIT_INTERNAL_H

#include "spec/tests.h"

/* A name as it stands in the source, with the escape before it. */
Str emit_name(const Name *name);
/* emit_steps.c: the statements that do a sequence's or agreement's failing case again; empty when they cannot
 * be written. What the failure says of it is not believed. */
Str emit_moves(Arena *arena, const Test *test, const Failure *failure);

#endif
