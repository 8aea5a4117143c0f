/* Lowering and lifting made straight: a function whose parameters are flat scalars, alone or in records and
 * tuples, has them gathered by two short loops, and a scalar result is taken as it is. Everything else goes
 * through abi.h, with the same results. */
#ifndef RUNTIME_PLAN_H
#define RUNTIME_PLAN_H

#include "ifc/layout.h"
#include "ifc/value.h"
#include "runtime/fault.h"

/* How the bits of a leaf become its core value. */
typedef enum LeafKind {
  LEAF_BITS, /* as they are */
  LEAF_F32,  /* with NaNs made the canonical one */
  LEAF_F64
} LeafKind;

enum { PLAN_NODES_MAX = 16 };

/* Node 0 is the arguments; node n > 0 the items of the value at `offset` bytes into node `parent`, which
 * comes before it. */
typedef struct PlanNode {
  uint16_t parent, offset;
} PlanNode;

/* 64 bits at `offset` bytes into node `node`, shifted down. */
typedef struct PlanLeaf {
  uint8_t node, kind, shift;
  uint16_t offset;
} PlanLeaf;

typedef struct LowerPlan {
  bool is_direct; /* false: through abi.h */
  uint32_t node_count, leaf_count;
  PlanNode nodes[PLAN_NODES_MAX];
  PlanLeaf leaves[FLAT_PARAMS_MAX];
} LowerPlan;

typedef struct LiftPlan {
  bool is_scalar; /* false: through abi.h, unless there is no result */
  TypeKind kind;
  uint32_t count; /* cases of an enum, flags of a flags type */
} LiftPlan;

LowerPlan lower_plan(const Function *function);
LiftPlan lift_plan(const Function *function);
/* `core` has room for FLAT_PARAMS_MAX. */
void plan_lower(const LowerPlan *self, const Value *args, uint64_t *core);
/* A scalar result; false with a fault when it breaks its type's rule. */
bool plan_lift(const LiftPlan *self, uint64_t core, Value *out, Fault *fault);

#endif
