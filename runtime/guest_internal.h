/* What programs and guests are made of. */
#ifndef RUNTIME_GUEST_INTERNAL_H
#define RUNTIME_GUEST_INTERNAL_H

#include "ifc/base/vec.h"
#include "runtime/abi.h"
#include "runtime/guest.h"
#include "runtime/guest_table.h"
#include "runtime/handles.h"
#include "runtime/plan.h"
#include "runtime/region.h"
#include "runtime/symbols.h"
#include "runtime/trap.h"

/* One function of the interface. */
typedef struct Callee {
  AssayCall *call;
  AssayCall *post_return; /* NULL: none */
  LowerPlan lower;
  LiftPlan lift;
  CoreSignature signature; /* for what goes through abi.h */
} Callee;

/* The memory of every new guest of a program, which is the same for all: its blocks that are not zero. */
typedef struct Snapshot {
  bool taken;
  uint64_t size; /* bytes of memory */
  uint32_t *blocks;
  uint32_t block_count;
  uint8_t *bytes; /* REGION_BLOCK for each */
} Snapshot;

/* A resource of others, by the declaration that a program knows it by. */
typedef struct KnownResource {
  const TypeDef *declared;
  const ResourceType *type;
} KnownResource;

/* One that nobody implements here: its callers stand for who does. */
typedef struct Stranger {
  Str owner; /* the id of its interface or world */
  ResourceType type;
} Stranger;

/* What all programs that were opened together share. */
typedef struct Together {
  const Program *root; /* the one that was asked for: it gives this back */
  Arena *arena;        /* for what is met while they run; NULL: nothing yet */
  VEC(Stranger *) strangers;
} Together;

struct Program {
  Str label;    /* for messages, of those that answer others */
  void *object; /* dlopen's handle */
  const AssayModule *module;
  const Fit *fit;
  const Callee *callees; /* by Function.index */
  AssayCall *realloc, *initialize;
  bool has_memory; /* exported, for the Canonical ABI */
  uint32_t limit_pages, limit_ticks;
  Symbols *symbols; /* NULL: not known */
  /* Who answers Fit.needs; NULL: nobody. Of the program that was opened, all that it needs, directly or not,
   * each once and behind those that it needs itself; `slot` is the place there. */
  Program **answers, **others;
  uint32_t other_count, slot;
  /* Its own: by their place among the interface's typedefs, behind them by that among Fit.others. */
  const ResourceType *resources;
  VEC(KnownResource) known; /* others', as far as it has met them */
  Together *together;
  RegionPool regions;
  Snapshot snapshot;
  Guest *spare; /* freed guests, for use again */
};

/* A table inside the instance, and its elements after guest_new. */
typedef struct GuestTable {
  AssayTable *table;
  uint32_t element_size, initial_size;
  void *initial;
} GuestTable;

/* What guest code is allowed to do at the moment. */
typedef enum GuestPhase {
  PHASE_CALL,
  PHASE_REALLOC, /* no imports may be called */
  PHASE_POST_RETURN
} GuestPhase;

struct Guest {
  TrapScope scope; /* first: host functions find their guest by it */
  Program *program;
  AssayInstanceHead *head;
  void *instance;      /* what the generated code keeps; follows the head */
  void *initial;       /* its bytes after guest_new */
  AssayMemory *memory; /* inside the instance; NULL: none */
  int64_t *fuel;       /* inside the instance; NULL: not metered */
  int64_t fuel_given;
  GuestCounters counters;
  Region region;
  GuestTable *tables;
  uint32_t table_count;
  uint64_t table_bytes;
  HandleTable handles; /* the module's */
  HandleTable initial_handles;
  HandleTable held;  /* its caller's: of the resources that came out of it, or that guest_foreign made */
  uint32_t borrowed; /* handles in `handles` that must be dropped before the call returns */
  GuestPhase phase;
  FaultKind broken; /* the fault after which it must be reset */
  Refusal refusal;  /* of memory, since it was reset */
  Guest *root;      /* the one that guest_new was asked for, maybe itself */
  Guest **others;   /* of the root: by Program.slot */
  Arena *passing;   /* of the root: values on their way from guest to guest; NULL: there were none */
  bool is_called;   /* by another guest, and has not returned */
  Guest *next;      /* in Program.spare */
};

/* program_resource.c: what a program means by a resource that its interface, or one that it uses, declares.
 */
const ResourceType *program_resource(Program *self, const TypeDef *declared);
/* The program's own resource of that declaration; it must have one. */
const ResourceType *program_own_resource(const Program *self, const TypeDef *declared);
/* The program's own, all at once. */
const ResourceType *program_make_resources(Arena *arena, const Program *self);

/* guest_host.c: what guest code calls. */
extern const AssayHost guest_host;

/* guest_handles.c. AbiMemory's hooks, whose context is the guest. In calls from guest to guest, the value of
 * a handle is what the implementer knows the resource by. */
bool guest_lower_handle(AbiMemory *view, const Type *type, Value value, uint32_t *index, Fault *fault);
bool guest_lift_handle(AbiMemory *view, const Type *type, uint32_t index, Value *out, Fault *fault);
/* When a call has returned: what it was lent is its caller's again. */
bool guest_end_loans(Guest *self, Fault *fault);
/* What guest code has done with a handle that owns ends the resource. Runs the destructor when that is
 * another guest's, and returns it when it is its own, for the caller to run; NULL: there is none. May end by
 * trap_raise. */
AssayCall *guest_destroy(Guest *self, const Handle *dropped);
/* guest.c: a call into the module. */
bool guest_run_core(Guest *self, AssayCall *call, const uint64_t *args, uint64_t *results, Fault *fault);

/* The guest's memory for a call whose types are those that `naming` knows: itself, or who answers its import.
 * It remembers no blocks yet; the places for them need not be cleared. */
void guest_open_memory(Guest *self, Program *naming, AbiMemory *view);
/* guest_link.c: an import that another guest answers. Runs on the caller's stack, and may end by trap_raise.
 */
void guest_call_other(Guest *self, const FitImport *import, const uint64_t *args, uint64_t *results);
/* Runs a destructor in the guest that implements the resource, at the end of its handle in `self`; likewise.
 */
void guest_destroy_other(Guest *self, const ResourceType *resource, uint32_t rep);
/* Makes `fault`, which was the other's, one that came up there; false. */
bool guest_fault_of_other(const Guest *other, const Fault *cause, Fault *fault);

/* snapshot.c. Taken from the first guest, right after it was made. */
void snapshot_take(Snapshot *self, const Guest *guest);
bool snapshot_restore(const Snapshot *self, Guest *guest);
void snapshot_release(Snapshot *self);

#endif
