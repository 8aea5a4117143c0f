/* Inside spec/: the constants of specifications. What examples and helpers speak of is what implementations
 * are asked about, and where they go wrong is often next to it. */
#ifndef SPEC_WORDS_H
#define SPEC_WORDS_H

#include "runtime/harvest.h"
#include "spec/spec.h"

/* What is in `harvest` and, behind it, the numbers and texts that the specifications have in them, but for
 * the names of tests; of each the first thousand or so. Nothing comes twice. Lives in `arena`, and refers to
 * the harvest's texts. */
Harvest words_added(Arena *arena, const Harvest *harvest, const Spec *const *specs, size_t count);

#endif
