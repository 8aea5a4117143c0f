/* The Canonical ABI's arithmetic: how values lie in linear memory and which core values they flatten to.
 * component-model, design/mvp/CanonicalABI.md, "Alignment", "Element Size", "Flattening". Lists of fixed
 * length lie inline; a map is a list of pairs; handles are one i32. */
#ifndef IFC_LAYOUT_H
#define IFC_LAYOUT_H

#include "ifc/type.h"

enum {
  FLAT_PARAMS_MAX = 16,
  FLAT_RESULTS_MAX = 1,
};

typedef enum CoreType { CORE_I32, CORE_I64, CORE_F32, CORE_F64 } CoreType;

/* All that follows, in one walk; none where the type keeps it. Linear in the type's distinct parts for any
 * type. */
Layout type_layout(const Type *self);

/* Bytes; the alignment is 1, 2, 4 or 8. */
uint32_t type_align(const Type *self);
/* Bytes, at least 0; UINT64_MAX where it does not fit 64 bits. */
uint64_t type_size(const Type *self);
/* Bytes of a variant-like type's discriminant (1, 2 or 4) and the offset of its payload. */
uint32_t type_discriminant_size(const Type *self);
uint32_t type_payload_offset(const Type *self);
/* Field i's offset in a record or tuple, all of them at once into `offsets[self->count]`. */
void type_field_offsets(const Type *self, uint32_t *offsets);
/* The flat core types into `out[limit]`; returns how many there would be, which may exceed the limit
 * (counting stops at limit + 1). */
size_t type_flatten(const Type *self, CoreType *out, size_t limit);
/* How many flat core types there are, as far as the limit: at most limit + 1. */
size_t type_flat_count(const Type *self, size_t limit);

/* A core function type. */
typedef struct CoreSignature {
  uint32_t param_count, result_count;
  CoreType params[FLAT_PARAMS_MAX + 1]; /* imports may have a return pointer on top */
  CoreType results[FLAT_RESULTS_MAX];
  bool spilled_params;  /* one pointer to the tuple of parameters */
  bool spilled_results; /* exports return a pointer to the result; imports take one */
} CoreSignature;

/* The signature that a module's export of this function must have. */
CoreSignature function_export_signature(const Function *self);
/* The signature by which a module imports it. */
CoreSignature function_import_signature(const Function *self);
/* Whether its lowering or lifting touches linear memory, and whether arguments need cabi_realloc. */
bool function_needs_memory(const Function *self);
bool function_needs_realloc(const Function *self);
/* "(i32, i64) -> f64", "() -> ()". */
Str core_signature_text(Arena *arena, const CoreSignature *self);
Str core_type_name(CoreType type);

#endif
