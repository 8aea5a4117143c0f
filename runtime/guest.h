/* Running a compiled module: programs (code, shared), guests (one instance each, with memory and globals),
 * typed calls. Only ever used inside a run worker (sandbox.h): program_open before the doors close, the rest
 * after. */
#ifndef RUNTIME_GUEST_H
#define RUNTIME_GUEST_H

#include "ifc/value.h"
#include "runtime/fault.h"
#include "runtime/implementation.h"

typedef struct Program Program;
typedef struct Guest Guest;

typedef struct GuestLimits {
  uint32_t call_ms;      /* a call that takes longer is a TIME_LIMIT fault (resolution: 10 ms); 0: 2,000 */
  uint32_t memory_pages; /* of 64 KiB; growing past it fails as the module sees it; 0: 16,384 (1 GiB) */
} GuestLimits;

/* Loads the shared object. The fit must be that of the same module. NULL with a diagnostic. */
Program *program_open(Arena *arena, Str object, const Fit *fit, const GuestLimits *limits, Diags *diags);

/* Gives everything back. Its guests must have been freed. NULL is allowed; so is not to call it at all, in a
 * worker that ends. */
void program_close(Program *self);

/* A fresh instance, `_initialize` called where there is one. NULL with a fault. Cheap enough for 50,000 in a
 * process. */
Guest *guest_new(Program *program, Fault *fault);
/* Back to the state after guest_new: memory, globals, tables, handles. Much cheaper than a new one. */
bool guest_reset(Guest *self, Fault *fault);
void guest_free(Guest *self);
/* The limit of a call that it was opened with. */
uint32_t program_call_ms(const Program *self);
/* Another limit for the calls of this guest from now on, as GuestLimits.call_ms; 0: the program's. */
void guest_limit_calls(Guest *self, uint32_t call_ms);

/* One call: lowers, calls, lifts into `arena`, calls post-return. `result` is untouched for functions without
 * one. False with a fault; after a fault the guest must be reset or freed before its next call. */
bool guest_call(Guest *self, const Function *function, const Value *args, Arena *arena, Value *result,
                Fault *fault);

/* The same in steps, for measuring. Prepared calls of one guest may be many; each is run once. */
typedef struct PreparedCall {
  uint64_t core[FLAT_PARAMS_MAX]; /* core arguments */
  uint64_t result[FLAT_RESULTS_MAX];
} PreparedCall;
/* Functions that borrow another's resources cannot be prepared. */
bool guest_prepare(Guest *self, const Function *function, const Value *args, PreparedCall *out, Fault *fault);
/* Runs `count` prepared calls one after the other, nothing else; core results go into them. */
bool guest_run(Guest *self, const Function *function, PreparedCall *calls, size_t count, Fault *fault);
/* Lifts the result of a call that was run, then calls post-return. A result in memory must be lifted before
 * the next call is run. */
bool guest_finish(Guest *self, const Function *function, const PreparedCall *call, Arena *arena,
                  Value *result, Fault *fault);

/* Resources. The value of a handle is a number that only its guest knows: what came out of a call may be
 * given to later calls of the same guest, until it was given away (as own<…>), dropped, or the guest was
 * reset; after that, it is a fault of the class CALLER. The n-th handle that comes out of a guest has the
 * same number, with n in its low half, whenever the same was done before. */

/* Drops what the caller owns; its destructor runs, where there is one, in the module that implements the
 * resource. False with a fault. */
bool guest_drop(Guest *self, const TypeDef *resource, Value handle, Fault *fault);
/* A handle of a resource that neither the module nor one that it is linked with implements, to be given to
 * functions that take one: the caller stands for who does, and knows it by `rep`. False with a fault. */
bool guest_foreign(Guest *self, const TypeDef *resource, uint32_t rep, Value *out, Fault *fault);
/* What the implementer knows the resource by, for a handle that the caller owns. */
bool guest_handle_rep(const Guest *self, const TypeDef *resource, Value handle, uint32_t *rep, Fault *fault);
/* Handles that the module has: what it has made or was given, and has neither given away nor dropped. */
uint32_t guest_handle_count(const Guest *self);
/* Handles that its caller has. */
uint32_t guest_held_count(const Guest *self);

/* Of a program that was compiled as WASM_METERED: gives the guest so much fuel, at most 2^63 - 1, in units of
 * cost (docs/metering.md), for itself and those that it calls (fit_compile_needs). A call that uses up more
 * ends in the fault OUT_OF_FUEL. New and reset guests have as much as there is. */
void guest_set_fuel(Guest *self, uint64_t fuel);
/* What was used up since then. */
uint64_t guest_cost(const Guest *self);

/* What a program that was compiled as WASM_COVER has counted (instrument.h), in the guest's own globals:
 * guest_reset sets them back to what they were after guest_new. Counters wrap around. */
typedef struct GuestCounters {
  uint32_t *blocks;
  uint32_t block_count;
  uint64_t *operands; /* two for each comparison */
  uint32_t operand_count;
  uint32_t *results; /* one for each comparison: RESULT_… bits */
  uint32_t result_count;
  uint64_t *states; /* the values modulo 64 that were written, as bits, for each place that writes some */
  uint32_t state_count;
} GuestCounters;
enum { RESULT_FALSE = 1, RESULT_TRUE = 2 };
GuestCounters guest_counters(const Guest *self);

/* What a program that was compiled with AotOptions.traces compared, of all its guests: guest_table.h. */
typedef struct AssayTrace GuestTrace;
/* NULL: it was not. */
GuestTrace *program_trace(const Program *self);

/* Takes a block of its memory by cabi_realloc, where it has one, and keeps it: what it allocates afterwards
 * lies elsewhere. A guest that traps at that is reset. */
void guest_take_block(Guest *self, uint32_t bytes);
/* Bytes of linear memory at the moment. */
uint64_t guest_memory_size(const Guest *self);
/* How far into it anything stands: the end of the last eight bytes that are not all zero. Of a large memory,
 * its size. */
uint64_t guest_memory_reach(const Guest *self);
/* Has it, or one that answers its imports, been refused memory since it was reset? Then what it did after
 * that may not be its fault. */
typedef enum Refusal { REFUSED_NOTHING, REFUSED_BY_LIMIT, REFUSED_BY_SYSTEM } Refusal;
Refusal guest_refusal(const Guest *self);

#endif
