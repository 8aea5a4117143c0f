/* Inside spec/: the laws of a specification as one sequence, in which each of them is an operation. Each has
 * instances of its own otherwise; here they share one, so that what is remembered of the cases of one law
 * shows in another's, or in those of its own that come later. */
#ifndef SPEC_MIXED_H
#define SPEC_MIXED_H

#include "spec/tests.h"

/* Of the laws that have parameters; NULL where there are none, or where the interface has a
 * state that its specification knows of: where there is a sequence, or a law calls a function that gives
 * nothing. Its choices are the same wherever it is made. Lives in `arena`. */
const Test *mixed_test(Arena *arena, const Spec *spec);
/* The same, without steps of the laws that `left_out` says, by test: the choices of its cases mean what they
 * mean in the other. NULL when all are left out. */
const Test *mixed_test_without(Arena *arena, const Spec *spec, const bool *left_out);
/* Which test of the specification a part of the mixed test is; the number of tests: it is none. */
uint32_t mixed_law(const Spec *spec, const Test *part);

#endif
