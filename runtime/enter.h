/* Into guest code and out of it again, also from its middle: a change of stack, in assembly, because
 * sigsetjmp would cost as much as the whole call, and because the depth a guest can reach must not depend on
 * the caller's own stack. */
#ifndef RUNTIME_ENTER_H
#define RUNTIME_ENTER_H

#include "runtime/guest_table.h"

/* Calls `call` with these arguments on the stack whose upper end is `stack_top` (aligned to 16). While it
 * runs, `*host_stack` says where to come back to; before and after, it is NULL. Returns 0, or the code that
 * guest_leave was given. */
uint32_t guest_enter(void **host_stack, void *stack_top, AssayCall *call, void *instance,
                     const uint64_t *args, uint64_t *results);
/* Makes the guest_enter that is running return `code`, at once. May be called from a signal handler on
 * another stack; nothing but that handler's own frame is lost. */
_Noreturn void guest_leave(void **host_stack, uint32_t code);

/* Where the code was that a signal has interrupted; `context` is what its handler is given last. */
uintptr_t guest_interrupted_at(const void *context);

#endif
