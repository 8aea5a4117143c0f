/* What the text and the JSON of `ifc abi` share. */
#ifndef IFC_ABI_INTERNAL_H
#define IFC_ABI_INTERNAL_H

#include "ifc/abi_show.h"
#include "ifc/layout.h"

typedef struct AbiFunction {
  const Function *function;
  Str export_name;
  CoreSignature export, import;
  uint32_t *offsets; /* of the parameters, where they are spilled */
  Layout params;     /* of their tuple, where they are spilled */
} AbiFunction;
AbiFunction abi_function(Arena *arena, const AbiScope *scope, const Function *function);

enum { ABI_FLAT_TOLD = 64 };
/* The flat types, or the first of them. */
typedef struct AbiFlat {
  CoreType types[ABI_FLAT_TOLD];
  size_t count;
  bool is_cut;
} AbiFlat;
AbiFlat abi_flat(const Type *type);

/* Options, results, variants and enums: what has a discriminant. */
bool abi_has_cases(const Type *type);

#endif
