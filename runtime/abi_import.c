#include "runtime/abi.h"

/* Parameters that do not fit lie in memory as a tuple does. */
static bool load_params(AbiMemory *self, Arena *arena, const Function *function, uint32_t pointer,
                        Value *args, Fault *fault)
{
  Field *fields = arena_array_of(arena, Field, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  Type tuple = {.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
  Value value = {0};
  if (!abi_load(self, arena, &tuple, pointer, &value, fault)) return false;
  for (uint32_t i = 0; i < function->param_count; i++) args[i] = value.items[i];
  return true;
}

bool abi_lift_params(AbiMemory *self, Arena *arena, const Function *function, const uint64_t *core,
                     Value *args, Fault *fault)
{
  CoreSignature signature = function_import_signature(function);
  size_t used = 0;
  if (signature.spilled_params) return load_params(self, arena, function, (uint32_t)core[0], args, fault);
  for (uint32_t i = 0; i < function->param_count; i++)
    if (!abi_lift_flat(self, arena, function->params[i].type, core, &used, &args[i], fault)) return false;
  return true;
}

bool abi_lower_result(AbiMemory *self, const Function *function, const uint64_t *core, Value result,
                      uint64_t *results, Fault *fault)
{
  CoreSignature signature = function_import_signature(function);
  size_t used = 0;
  if (!function->result) return true;
  if (!signature.spilled_results)
    return abi_lower_flat(self, function->result, result, results, &used, fault);
  uint32_t pointer = (uint32_t)core[signature.param_count - 1];
  return abi_store(self, function->result, result, pointer, fault);
}
