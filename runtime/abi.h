/* The Canonical ABI: values to a module's core values and linear memory (lowering) and back (lifting),
 * after component-model, design/mvp/CanonicalABI.md. Lifting is strict: what breaks a rule is a fault
 * with the rule's name. NaNs are canonicalised both ways. Layouts are in ifc/layout.h. */
#ifndef RUNTIME_ABI_H
#define RUNTIME_ABI_H

#include "ifc/layout.h"
#include "ifc/value.h"
#include "runtime/fault.h"
#include "runtime/string_encoding.h"

/* A module's memory and allocator, as the ABI sees them. One a call: it remembers the blocks it was given,
 * so that overlapping ones are found. */
typedef struct AbiMemory AbiMemory;
struct AbiMemory {
  uint8_t *bytes; /* NULL: the module has no memory */
  uint64_t size;  /* bytes; realloc may make it grow */
  /* Calls the module's cabi_realloc(0, 0, align, size); updates `bytes` and `size` of `self`. Not called when
   * the module has none. False with a fault. */
  bool (*realloc)(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault);
  /* A handle to an index of the module's table and back; NULL: no function of the interface has handles. */
  bool (*lower_handle)(AbiMemory *self, const Type *type, Value value, uint32_t *index, Fault *fault);
  bool (*lift_handle)(AbiMemory *self, const Type *type, uint32_t index, Value *value, Fault *fault);
  void *context, *naming; /* for the hooks */
  StringEncoding strings;
  /* Blocks handed out in this call, for the overlap check; when there are more, the first and the latest. */
  struct {
    uint32_t at, end;
  } blocks[32];
  uint32_t block_count;
  /* Bytes of lists and strings lifted in this call. Lists may share memory, so that a few bytes can stand for
   * any number of elements: all together may have the 2^28 - 1 bytes that one may have. */
  uint64_t lifted;
};

/* Asks for a block and checks it: alignment, bounds, no overlap with blocks of this call. Also for size 0, as
 * the reference does. */
bool abi_allocate(AbiMemory *self, uint32_t align, uint64_t size, uint32_t *pointer, Fault *fault);

/* Writes the value at `pointer`, which must be aligned and in bounds (else a fault). */
bool abi_store(AbiMemory *self, const Type *type, Value value, uint32_t pointer, Fault *fault);
/* Appends the value's flat core values (i32 and f32 in the low half) at `flat[*used]`. There must be room. */
bool abi_lower_flat(AbiMemory *self, const Type *type, Value value, uint64_t *flat, size_t *used,
                    Fault *fault);
/* Reads the value at `pointer` into `arena`. */
bool abi_load(AbiMemory *self, Arena *arena, const Type *type, uint32_t pointer, Value *out, Fault *fault);
/* Takes the value from `flat[*used]` on, `*used` moves past it. */
bool abi_lift_flat(AbiMemory *self, Arena *arena, const Type *type, const uint64_t *flat, size_t *used,
                   Value *out, Fault *fault);

/* All of a call's arguments to core arguments, spilling past 16; `core` has room for FLAT_PARAMS_MAX. */
bool abi_lower_params(AbiMemory *self, const Function *function, const Value *args, uint64_t *core,
                      Fault *fault);
/* The same for a caller who keeps the function's signature, which is most of the work for small arguments. */
bool abi_lower_params_as(AbiMemory *self, const Function *function, const CoreSignature *signature,
                         const Value *args, uint64_t *core, Fault *fault);
/* A call's result from the core result (a value, or a pointer when spilled). Untouched for functions without
 * one. */
bool abi_lift_result(AbiMemory *self, Arena *arena, const Function *function, const uint64_t *core,
                     Value *out, Fault *fault);
bool abi_lift_result_as(AbiMemory *self, Arena *arena, const Function *function,
                        const CoreSignature *signature, const uint64_t *core, Value *out, Fault *fault);

/* abi_import.c: the same two for a function that the module calls; `core` is what it gave its import. */
bool abi_lift_params(AbiMemory *self, Arena *arena, const Function *function, const uint64_t *core,
                     Value *args, Fault *fault);
bool abi_lower_result(AbiMemory *self, const Function *function, const uint64_t *core, Value result,
                      uint64_t *results, Fault *fault);

#endif
