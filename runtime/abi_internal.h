/* What the parts of the Canonical ABI share: abi.c calls, abi_lower.c values to memory and slots, abi_lift.c
 * back, abi_string.c strings both ways. */
#ifndef RUNTIME_ABI_INTERNAL_H
#define RUNTIME_ABI_INTERNAL_H

#include <string.h>

#include "runtime/abi.h"

enum {
  ABI_BYTES_MAX = (1 << 28) - 1, /* of a list or string: MAX_LIST_BYTE_LENGTH */
};

#define ABI_F32_NAN UINT32_C(0x7fc00000)
#define ABI_F64_NAN UINT64_C(0x7ff8000000000000)

static inline uint64_t abi_align(uint64_t offset, uint32_t align)
{
  return (offset + align - 1) & ~(uint64_t)(align - 1);
}

/* NaNs become the one that WebAssembly calls canonical. */
static inline uint32_t abi_f32(uint32_t bits)
{
  return (bits & 0x7fffffff) > 0x7f800000 ? ABI_F32_NAN : bits;
}

static inline uint64_t abi_f64(uint64_t bits)
{
  return (bits & ~(UINT64_C(1) << 63)) > UINT64_C(0x7ff0000000000000) ? ABI_F64_NAN : bits;
}

/* A little-endian number of 1, 2, 4 or 8 bytes. */
static inline uint64_t abi_read(const uint8_t *at, size_t size)
{
  uint8_t byte;
  uint16_t half;
  uint32_t word;
  uint64_t whole;
  switch (size) {
  case 1: memcpy(&byte, at, sizeof byte); return byte;
  case 2: memcpy(&half, at, sizeof half); return half;
  case 4: memcpy(&word, at, sizeof word); return word;
  default: memcpy(&whole, at, sizeof whole); return whole;
  }
}

static inline void abi_write(uint8_t *at, size_t size, uint64_t bits)
{
  switch (size) {
  case 1: memcpy(at, &bits, 1); break;
  case 2: memcpy(at, &bits, 2); break;
  case 4: memcpy(at, &bits, 4); break;
  default: memcpy(at, &bits, 8);
  }
}

/* Bytes of each primitive kind, 0 for the others: what most fields of most records are is decided here,
 * without a call. */
static const uint8_t abi_primitive_size[TYPE_KIND_COUNT] = {
#define PRIMITIVE(kind, name, bytes) bytes,
#define TYPE(kind, name) 0,
#include "ifc/types.def"
};

static inline Layout abi_layout(const Type *type)
{
  uint8_t size = abi_primitive_size[type->kind];
  return size ? (Layout){.size = size, .align = size, .flat_count = 1} : type_layout(type);
}

/* How many cases a type with a discriminant has. */
static inline uint32_t abi_case_count(const Type *type)
{
  return type->kind == TYPE_OPTION || type->kind == TYPE_RESULT ? 2 : type->count;
}

/* Floats in a packed list of them; others are left alone. */
void abi_canonicalise(TypeKind kind, uint8_t *packed, size_t count);
/* The type's own name, or its kind's: for details of faults. */
Str abi_type_name(const Type *type);
/* The memory's hooks, or a fault where it has none. */
bool abi_lower_handle(AbiMemory *self, const Type *type, Value value, uint32_t *index, Fault *fault);
bool abi_lift_handle(AbiMemory *self, const Type *type, uint32_t index, Value *out, Fault *fault);
/* Faults unless [pointer, pointer + layout.size) is aligned and inside memory. */
bool abi_check_place(const AbiMemory *self, const Type *type, Layout layout, uint32_t pointer, Fault *fault);

/* Faults unless `count` elements of this layout lie at `pointer`, which are then counted as lifted. `what`
 * and `name` are for messages: "list of" u32. */
bool abi_check_block(AbiMemory *self, const char *what, Str name, Layout element, uint32_t pointer,
                     uint32_t count, Fault *fault);
/* abi_string.c. `units` is the length as the module has it. */
bool abi_lower_string(AbiMemory *self, Value value, uint32_t *pointer, uint32_t *units, Fault *fault);
bool abi_lift_string(AbiMemory *self, Arena *arena, uint32_t pointer, uint32_t units, Value *out,
                     Fault *fault);

/* abi_store at a place that is known to be inside memory. */
bool abi_store_inside(AbiMemory *self, const Type *type, Value value, uint64_t at, Fault *fault);

#endif
