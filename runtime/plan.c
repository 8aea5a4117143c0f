#include "runtime/plan.h"

#include <stddef.h>
#include <string.h>

enum { FLAGS_MAX = 32, INDEX_MAX = UINT16_MAX / (int)sizeof(Value) - 1 };

static void plan_leaf(LowerPlan *self, uint32_t node, LeafKind kind, size_t offset, unsigned shift)
{
  if (self->leaf_count >= FLAT_PARAMS_MAX) self->is_direct = false;
  if (!self->is_direct) return;
  self->leaves[self->leaf_count++] =
      (PlanLeaf){(uint8_t)node, (uint8_t)kind, (uint8_t)shift, (uint16_t)offset};
}

/* A node for the items of a record or tuple. */
static uint32_t plan_node(LowerPlan *self, uint32_t parent, size_t offset)
{
  if (self->node_count >= PLAN_NODES_MAX) {
    self->is_direct = false;
    return 0;
  }
  self->nodes[self->node_count] = (PlanNode){(uint16_t)parent, (uint16_t)offset};
  return self->node_count++;
}

static void plan_value(LowerPlan *self, const Type *type, uint32_t node, uint32_t index);

static void plan_flags(LowerPlan *self, const Type *type, uint32_t node, size_t bits)
{
  if (type->count == 0 || type->count > FLAGS_MAX) self->is_direct = false;
  plan_leaf(self, node, LEAF_BITS, bits, 0);
}

static void plan_fields(LowerPlan *self, const Type *type, uint32_t node, size_t items)
{
  uint32_t inner = plan_node(self, node, items);
  for (uint32_t i = 0; i < type->count && self->is_direct; i++)
    plan_value(self, type->fields[i].type, inner, i);
}

/* The value at `index` in `node`. */
static void plan_value(LowerPlan *self, const Type *type, uint32_t node, uint32_t index)
{
  size_t at = index * sizeof(Value), bits = at + offsetof(Value, bits);
  /* A tag is the upper half of the second word. */
  size_t tag = at + offsetof(Value, count);
  if (index > INDEX_MAX) self->is_direct = false;
  switch (value_shape(type)) {
  case VALUE_NUMBER: {
    LeafKind kind = type->kind == TYPE_F32 ? LEAF_F32 : type->kind == TYPE_F64 ? LEAF_F64 : LEAF_BITS;
    plan_leaf(self, node, kind, bits, 0);
    return;
  }
  case VALUE_ENUM: plan_leaf(self, node, LEAF_BITS, tag, 32); return;
  case VALUE_FLAGS: plan_flags(self, type, node, bits); return;
  case VALUE_FIELDS: plan_fields(self, type, node, at + offsetof(Value, items)); return;
  case VALUE_STRING:
  case VALUE_LIST:
  case VALUE_MAP:
  case VALUE_CASE:
  case VALUE_HANDLE: self->is_direct = false;
  }
}

_Static_assert(offsetof(Value, tag) == offsetof(Value, count) + 4, "a tag is half of a word");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "WebAssembly's order, and packed lists'");

LowerPlan lower_plan(const Function *function)
{
  LowerPlan self = {.is_direct = !function_export_signature(function).spilled_params, .node_count = 1};
  for (uint32_t i = 0; i < function->param_count && self.is_direct; i++)
    plan_value(&self, function->params[i].type, 0, i);
  return self;
}

LiftPlan lift_plan(const Function *function)
{
  const Type *type = function->result;
  if (!type) return (LiftPlan){0};
  bool small_flags = type->kind == TYPE_FLAGS && type->count > 0 && type->count <= FLAGS_MAX;
  bool is_scalar = type_is_primitive(type) || type->kind == TYPE_ENUM || small_flags;
  return (LiftPlan){.is_scalar = is_scalar, .kind = type->kind, .count = type->count};
}

static uint64_t canonical_f64(uint64_t bits)
{
  return (bits & INT64_MAX) > 0x7ff0000000000000 ? 0x7ff8000000000000 : bits;
}

static uint64_t canonical_f32(uint64_t bits)
{
  uint32_t low = (uint32_t)bits;
  return (low & INT32_MAX) > 0x7f800000 ? 0x7fc00000 : low;
}

void plan_lower(const LowerPlan *self, const Value *args, uint64_t *core)
{
  const char *nodes[PLAN_NODES_MAX];
  nodes[0] = (const char *)args;
  for (uint32_t i = 1; i < self->node_count; i++)
    memcpy(&nodes[i], nodes[self->nodes[i].parent] + self->nodes[i].offset, sizeof nodes[i]);
  for (uint32_t i = 0; i < self->leaf_count; i++) {
    const PlanLeaf *leaf = &self->leaves[i];
    uint64_t bits;
    memcpy(&bits, nodes[leaf->node] + leaf->offset, sizeof bits);
    if (leaf->kind == LEAF_F64)
      bits = canonical_f64(bits);
    else if (leaf->kind == LEAF_F32)
      bits = canonical_f32(bits);
    else
      bits >>= leaf->shift;
    core[i] = bits;
  }
}

static uint64_t sign_extended(uint64_t core, unsigned bits)
{
  return (uint64_t)((int64_t)(core << (64 - bits)) >> (64 - bits));
}

static bool lift_char(uint32_t code_point, Value *out, Fault *fault)
{
  if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
    return fault_set(fault, FAULT_BAD_CHAR, "0x%x", code_point);
  *out = value_u64(code_point);
  return true;
}

static bool lift_enum(uint32_t tag, uint32_t count, Value *out, Fault *fault)
{
  if (tag >= count) return fault_set(fault, FAULT_BAD_DISCRIMINANT, "%u of %u cases", tag, count);
  *out = (Value){.tag = tag};
  return true;
}

bool plan_lift(const LiftPlan *self, uint64_t core, Value *out, Fault *fault)
{
  uint32_t low = (uint32_t)core;
  switch (self->kind) {
  case TYPE_BOOL: *out = value_bool(low != 0); return true;
  case TYPE_S8: *out = (Value){.bits = sign_extended(core, 8)}; return true;
  case TYPE_S16: *out = (Value){.bits = sign_extended(core, 16)}; return true;
  case TYPE_S32: *out = (Value){.bits = sign_extended(core, 32)}; return true;
  case TYPE_U8: *out = value_u64((uint8_t)core); return true;
  case TYPE_U16: *out = value_u64((uint16_t)core); return true;
  case TYPE_U32: *out = value_u64(low); return true;
  case TYPE_F32: *out = (Value){.bits = canonical_f32(core)}; return true;
  case TYPE_F64: *out = (Value){.bits = canonical_f64(core)}; return true;
  case TYPE_CHAR: return lift_char(low, out, fault);
  case TYPE_ENUM: return lift_enum(low, self->count, out, fault);
  case TYPE_FLAGS: *out = value_u64(low & (UINT32_MAX >> (FLAGS_MAX - self->count))); return true;
  default: *out = (Value){.bits = core}; return true;
  }
}
