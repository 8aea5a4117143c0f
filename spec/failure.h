/* Inside spec/: a failed case in words. */
#ifndef SPEC_FAILURE_H
#define SPEC_FAILURE_H

#include "spec/shrink.h"

enum {
  STEPS_SHOWN_MAX =
      200,         /* of a sequence's, equal ones in a row as one; one more says how many are left out */
  MOVES_MAX = 1000 /* that are kept to be written as a script */
};

/* The source on one line, cut where it is long. */
Str failure_source_text(Arena *arena, Span span);
/* Describes the case that the attempt holds, explained. `token` is the replay's; `used` says that it fails
 * only after `repeats` runs on one instance (0: after many different cases). Everything is copied to `arena`.
 */
void failure_describe(Arena *arena, const Attempt *attempt, bool used, uint32_t repeats, Failure *out);

/* What emit.h needs to do a case of a sequence or an agreement again: into `moves`. */
void failure_moves(Arena *arena, const Attempt *attempt, Failure *out);

/* Of a failure on an instance whose blocks were moved: that it comes of that. */
void failure_describe_place(Arena *arena, const Attempt *attempt, Failure *out);

/* Of a failure of a mixed test: that it needs the cases before it, which are of the same law alone, or of
 * others. */
void failure_describe_mixed(Arena *arena, bool is_alone, Failure *out);

/* Of a failure among other cases of its law: the earlier ones as steps, and that it needs them. The attempt's
 * values are gone then. */
void failure_describe_history(Arena *arena, Attempt *attempt, const ChoiceList *cases, uint32_t count,
                              Failure *out);

#endif
