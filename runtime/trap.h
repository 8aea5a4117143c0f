/* Running guest code so that nothing it does goes further than a fault: traps, wild accesses, endless
 * recursion and endless loops. One guest runs at a time; the whole is for single-threaded processes. */
#ifndef RUNTIME_TRAP_H
#define RUNTIME_TRAP_H

#include "ifc/base/diag.h"
#include "runtime/fault.h"
#include "runtime/guest_table.h"

/* Whose code runs, as far as signal handlers need to know. */
typedef struct TrapScope {
  uintptr_t memory, memory_end; /* the reservation; an access inside that fails is out of bounds */
  uint32_t limit_ticks;         /* ticks that one call may take */
  uintptr_t place;              /* where in guest code the last call failed; 0: not there, or not known */
} TrapScope;

enum { TRAP_TICK_MS = 10 };

/* For functions that may end by trap_raise: AddressSanitizer does not know the guest's stack, and would look
 * for it where a worker may not. */
#define LEAVES_GUEST __attribute__((no_sanitize_address))

/* Installs the handlers, the stacks and the tick; does nothing twice. */
bool trap_setup(Diags *diags);
/* Runs one call; false with the fault that ended it. */
bool trap_run(TrapScope *scope, AssayCall *call, void *instance, const uint64_t *args, uint64_t *results,
              Fault *fault);
/* Runs `count` calls whose arguments, and whose results, are `stride` bytes apart. Each may take the limit.
 */
bool trap_run_all(TrapScope *scope, AssayCall *call, void *instance, const uint64_t *args, uint64_t *results,
                  size_t stride, size_t count, Fault *fault);

/* The following are for functions of ours that guest code calls. Between begin and end no tick ends the
 * call; begin itself traps when there is too little stack left. */
TrapScope *trap_host_begin(void);
void trap_host_end(void);
/* Whether the guest's stack has so many bytes left, for functions of ours that need more than a little. They
 * may call trap_run: a fault in that call ends that call only. */
bool trap_stack_has(size_t bytes);
/* Ends the call with a fault. Callers hold nothing that would be lost. */
_Noreturn void trap_raise(FaultKind kind, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same with a fault that is there already: its kind, its detail, and whether it came up elsewhere. */
_Noreturn void trap_raise_fault(const Fault *fault);
/* Ticks that the call which goes on has had so far. */
uint32_t trap_ticks(void);

#endif
