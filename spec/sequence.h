/* Inside spec/: sequences: operations on one instance, in any order (after the state machines of Erlang's
 * QuickCheck and Hypothesis). A step is one choice, which operation it is, and those of its parameters; the
 * conditions of an operation that does not fit the state leave the step out. */
#ifndef SPEC_SEQUENCE_H
#define SPEC_SEQUENCE_H

#include "spec/attempt.h"

/* A step that was made, with its operation's arguments. */
typedef struct Step {
  const Test *operation;
  const Value *args;
} Step;

/* Room for the values of the parts. Lives in `arena`. */
void sequence_init(Attempt *attempt, Arena *arena);
/* Behind the sequence's own statements: all its steps. False when one failed, with attempt->end. */
bool sequence_run(Attempt *attempt);

#endif
