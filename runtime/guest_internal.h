/* What programs and guests are made of. */
#ifndef RUNTIME_GUEST_INTERNAL_H
#define RUNTIME_GUEST_INTERNAL_H

#include "runtime/guest.h"
#include "runtime/guest_table.h"
#include "runtime/plan.h"
#include "runtime/region.h"
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

struct Program {
  void *object; /* dlopen's handle */
  const AssayModule *module;
  const Fit *fit;
  const Callee *callees; /* by Function.index */
  AssayCall *realloc, *initialize;
  bool has_memory; /* exported, for the Canonical ABI */
  uint32_t limit_pages, limit_ticks;
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
  GuestPhase phase;
  FaultKind broken; /* the fault after which it must be reset */
  Guest *next;      /* in Program.spare */
};

/* guest_host.c: what guest code calls. */
extern const AssayHost guest_host;

/* snapshot.c. Taken from the first guest, right after it was made. */
void snapshot_take(Snapshot *self, const Guest *guest);
bool snapshot_restore(const Snapshot *self, Guest *guest);
void snapshot_release(Snapshot *self);

#endif
