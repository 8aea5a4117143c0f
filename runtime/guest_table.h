/* The seam between this program and the shared objects it makes: two tables of functions. This text is
 * compiled into both sides; a change of it makes other objects (it is part of the cache's key). */
#ifndef RUNTIME_GUEST_TABLE_H
#define RUNTIME_GUEST_TABLE_H

#include <stdint.h>

enum { ASSAY_TABLE_VERSION = 4 };

/* How generated code stops itself. */
typedef enum AssayTrap {
  ASSAY_TRAP_OUT_OF_BOUNDS,
  ASSAY_TRAP_INTEGER_OVERFLOW,
  ASSAY_TRAP_DIVIDE_BY_ZERO,
  ASSAY_TRAP_INVALID_CONVERSION,
  ASSAY_TRAP_UNREACHABLE,
  ASSAY_TRAP_INDIRECT_CALL,
  ASSAY_TRAP_STACK_EXHAUSTED
} AssayTrap;

/* wasm_rt_memory_t and wasm_rt_*_table_t, for the side that does not know wasm-rt.h. */
typedef struct AssayMemory {
  uint8_t *data;
  uint32_t pages, max_pages;
  uint32_t size; /* bytes */
} AssayMemory;
typedef struct AssayTable {
  void *data;
  uint32_t max_size, size; /* elements */
} AssayTable;

/* Stands right before an instance. */
typedef struct AssayInstanceHead {
  uint64_t unused; /* keeps the instance aligned to 16 */
  uint8_t *memory; /* where linear memory begins; set once */
} AssayInstanceHead;

/* What the shared object calls. The functions that allocate may trap instead of returning. */
typedef struct AssayHost {
  /* `place`: in the function that traps. */
  void (*trap)(AssayTrap trap, const void *place) __attribute__((noreturn));
  void (*memory_allocate)(AssayMemory *memory, uint32_t pages, uint32_t max_pages);
  /* The old size in pages, or UINT32_MAX. */
  uint32_t (*memory_grow)(AssayMemory *memory, uint32_t delta);
  /* Elements are zero: null. */
  void (*table_allocate)(AssayTable *table, uint32_t elements, uint32_t max_elements, uint32_t element_size);
  /* The old size in elements, or UINT32_MAX. New elements are zero. */
  uint32_t (*table_grow)(AssayTable *table, uint32_t delta, uint32_t element_size);
  void (*import_call)(uint32_t import, const uint64_t *args, uint64_t *results);
} AssayHost;

/* Core values are 64 bits each, i32 and f32 in the low half. */
typedef void AssayCall(void *instance, const uint64_t *args, uint64_t *results);

/* What an object compared, where it was compiled to tell (AotOptions.traces): floats by their bits. */
typedef struct AssayCompared {
  uint64_t left, right;
  uint32_t width; /* bits */
  uint32_t is_float;
} AssayCompared;
enum { ASSAY_TRACE_MAX = 1 << 12 };
typedef struct AssayTrace {
  uint64_t count; /* of comparisons since it was set to 0; the last ASSAY_TRACE_MAX are there */
  AssayCompared at[ASSAY_TRACE_MAX];
} AssayTrace;

/* What the shared object offers, under the one name `assay_module`. */
typedef struct AssayModule {
  uint32_t version;
  uint32_t export_count;
  uint64_t instance_size; /* bytes, without the head; all is zero before `instantiate` */
  uint32_t variant;       /* WasmVariant */
  /* Once, before anything else. */
  void (*bind)(const AssayHost *host);
  AssayCall *instantiate;
  /* Where the instance has what instrument.h added: the fuel; or the first and the last counter, operand and
   * state. */
  void (*added)(void *instance, void **globals);
  /* By index of the module's exports; NULL for what is no function, or takes references. */
  AssayCall *const *calls;
  AssayTrace *trace; /* NULL: it does not tell */
} AssayModule;

#endif
