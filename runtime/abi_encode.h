/* A value under the Canonical ABI in a memory of its own, as the component model's executable reference makes
 * it: memory starts zeroed, realloc is a bump allocator that starts at 16. For people who debug a binding. */
#ifndef RUNTIME_ABI_ENCODE_H
#define RUNTIME_ABI_ENCODE_H

#include "ifc/layout.h"
#include "ifc/value.h"
#include "runtime/fault.h"

enum { ABI_ENCODE_START = 16, ABI_ENCODE_FLAT_MAX = 1 << 16 };

typedef struct AbiEncoding {
  const CoreType *flat_types;
  const uint64_t *flat; /* i32 and f32 in the low half */
  size_t flat_count;
  Str flat_heap;    /* what lowering to flat values wrote, from ABI_ENCODE_START on */
  uint32_t pointer; /* where the value is stored in another such memory */
  Str heap;         /* that memory, from ABI_ENCODE_START on */
} AbiEncoding;

/* The type must have no obstacle (ifc/callable.h) and at most ABI_ENCODE_FLAT_MAX flat values. False with a
 * fault. */
bool abi_encode(Arena *arena, const Type *type, Value value, AbiEncoding *out, Fault *fault);

#endif
