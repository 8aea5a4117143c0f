/* Inside spec/: cases for which the specification's own computation goes wrong. They say nothing of other
 * cases, but leave their law undecided. */
#ifndef SPEC_UNANSWERED_H
#define SPEC_UNANSWERED_H

#include "spec/attempt.h"

typedef struct Unanswered {
  uint64_t count, fuel; /* that they have used */
} Unanswered;

/* After a run with attempt->unanswered. False when no other case is worth trying. */
bool unanswered_add(Unanswered *self, Attempt *attempt);
/* "`f` recurses too deeply for 3 of 1000 inputs, first for x = 100000"; lives in the attempt. */
Str unanswered_text(const Unanswered *self, Attempt *attempt, uint64_t answered);

#endif
