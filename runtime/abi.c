#include "runtime/abi.h"

#include <inttypes.h>

#include "runtime/abi_internal.h"

enum { BLOCKS_KEPT = sizeof((AbiMemory){0}.blocks) / sizeof((AbiMemory){0}.blocks[0]) };

Str abi_type_name(const Type *type)
{
  return type->named ? type->named->name : type_kind_name(type->kind);
}

void abi_canonicalise(TypeKind kind, uint8_t *packed, size_t count)
{
  if (kind == TYPE_F32)
    for (size_t i = 0; i < count; i++)
      abi_write(packed + i * 4, 4, abi_f32((uint32_t)abi_read(packed + i * 4, 4)));
  if (kind == TYPE_F64)
    for (size_t i = 0; i < count; i++) abi_write(packed + i * 8, 8, abi_f64(abi_read(packed + i * 8, 8)));
}

bool abi_check_place(const AbiMemory *self, const Type *type, Layout layout, uint32_t pointer, Fault *fault)
{
  Str name = abi_type_name(type);
  if (pointer % layout.align != 0)
    return fault_set(fault, FAULT_MISALIGNED, "%.*s at 0x%" PRIx32 ", which is not a multiple of %" PRIu32,
                     STR_ARG(name), pointer, layout.align);
  if (pointer > self->size || layout.size > self->size - pointer)
    return fault_set(fault, FAULT_BAD_POINTER, "%.*s at 0x%" PRIx32 " in a memory of %" PRIu64 " bytes",
                     STR_ARG(name), pointer, self->size);
  return true;
}

bool abi_lower_handle(AbiMemory *self, const Type *type, Value value, uint32_t *index, Fault *fault)
{
  if (self->lower_handle) return self->lower_handle(self, type, value, index, fault);
  return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(abi_type_name(type)));
}

bool abi_lift_handle(AbiMemory *self, const Type *type, uint32_t index, Value *out, Fault *fault)
{
  if (self->lift_handle) return self->lift_handle(self, type, index, out, fault);
  return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(abi_type_name(type)));
}

/* The place of a new block among those that are remembered: the first ones stay (the spilled arguments are
 * among them), the last place is given to the newest in turn. */
static uint32_t block_place(uint32_t count)
{
  return count < BLOCKS_KEPT ? count : BLOCKS_KEPT / 2 + count % (BLOCKS_KEPT / 2);
}

static bool check_overlap(const AbiMemory *self, uint32_t at, uint64_t end, Fault *fault)
{
  uint32_t kept = self->block_count < BLOCKS_KEPT ? self->block_count : BLOCKS_KEPT;
  for (uint32_t i = 0; i < kept; i++)
    if (at < self->blocks[i].end && end > self->blocks[i].at)
      return fault_set(fault, FAULT_REALLOC_OVERLAP,
                       "0x%" PRIx32 " to 0x%" PRIx64 ", and 0x%" PRIx32 " to 0x%" PRIx32, at, end,
                       self->blocks[i].at, self->blocks[i].end);
  return true;
}

bool abi_allocate(AbiMemory *self, uint32_t align, uint64_t size, uint32_t *pointer, Fault *fault)
{
  uint32_t at = 0;
  if (size > ABI_BYTES_MAX) return fault_set(fault, FAULT_TOO_LONG, "%" PRIu64 " bytes to be passed", size);
  if (!self->realloc) return fault_set(fault, FAULT_REALLOC_OUT_OF_BOUNDS, "the module has no cabi_realloc");
  if (!self->realloc(self, align, (uint32_t)size, &at, fault)) return false;
  if (at % align != 0)
    return fault_set(fault, FAULT_REALLOC_MISALIGNED, "0x%" PRIx32 ", wanted a multiple of %" PRIu32, at,
                     align);
  if (at > self->size || size > self->size - at)
    return fault_set(fault, FAULT_REALLOC_OUT_OF_BOUNDS,
                     "%" PRIu64 " bytes at 0x%" PRIx32 " in a memory of %" PRIu64 " bytes", size, at,
                     self->size);
  if (size > 0) {
    if (!check_overlap(self, at, at + size, fault)) return false;
    uint32_t place = block_place(self->block_count);
    self->blocks[place].at = at;
    self->blocks[place].end = at + size > UINT32_MAX ? UINT32_MAX : (uint32_t)(at + size);
    self->block_count++;
  }
  *pointer = at;
  return true;
}

/* The parameters as one tuple in memory, past FLAT_PARAMS_MAX slots. */
static bool spill_params(AbiMemory *self, const Function *function, const Value *args, uint64_t *core,
                         Fault *fault)
{
  uint64_t size = 0, at;
  uint32_t align = 1, pointer = 0;
  for (uint32_t i = 0; i < function->param_count; i++) {
    Layout layout = abi_layout(function->params[i].type);
    size = abi_align(size, layout.align) + layout.size;
    align = layout.align > align ? layout.align : align;
    if (size > ABI_BYTES_MAX) break;
  }
  if (!abi_allocate(self, align, abi_align(size, align), &pointer, fault)) return false;
  at = pointer;
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Type *type = function->params[i].type;
    Layout layout = abi_layout(type);
    at = abi_align(at, layout.align);
    if (!abi_store_inside(self, type, args[i], at, fault)) return false;
    at += layout.size;
  }
  core[0] = pointer;
  return true;
}

bool abi_lower_params_as(AbiMemory *self, const Function *function, const CoreSignature *signature,
                         const Value *args, uint64_t *core, Fault *fault)
{
  if (signature->spilled_params) return spill_params(self, function, args, core, fault);
  size_t used = 0;
  for (uint32_t i = 0; i < function->param_count; i++)
    if (!abi_lower_flat(self, function->params[i].type, args[i], core, &used, fault)) return false;
  return true;
}

bool abi_lower_params(AbiMemory *self, const Function *function, const Value *args, uint64_t *core,
                      Fault *fault)
{
  CoreSignature signature = function_export_signature(function);
  return abi_lower_params_as(self, function, &signature, args, core, fault);
}

bool abi_lift_result_as(AbiMemory *self, Arena *arena, const Function *function,
                        const CoreSignature *signature, const uint64_t *core, Value *out, Fault *fault)
{
  size_t used = 0;
  if (!function->result) return true;
  if (signature->spilled_results)
    return abi_load(self, arena, function->result, (uint32_t)core[0], out, fault);
  return abi_lift_flat(self, arena, function->result, core, &used, out, fault);
}

bool abi_lift_result(AbiMemory *self, Arena *arena, const Function *function, const uint64_t *core,
                     Value *out, Fault *fault)
{
  CoreSignature signature = function_export_signature(function);
  return abi_lift_result_as(self, arena, function, &signature, core, out, fault);
}
