/* Inside spec/: a failed case in words. */
#ifndef SPEC_FAILURE_H
#define SPEC_FAILURE_H

#include "spec/attempt.h"

/* Describes the case that the attempt holds, explained. `token` is the replay's; `used` says that it fails
 * only after `repeats` runs on one instance (0: after many different cases). Everything is copied to `arena`.
 */
void failure_describe(Arena *arena, const Attempt *attempt, bool used, uint32_t repeats, Failure *out);

#endif
