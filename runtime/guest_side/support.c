/* The guest's half of the runtime: compiled into every shared object, together with table.h before it and
 * the generated C after it. To the program itself it is a text (guest_side.c); only there is ASSAY_GUEST_SIDE
 * not defined. */
#ifdef ASSAY_GUEST_SIDE

#include <stdarg.h>
#include <stddef.h>
#include <wasm-rt.h>

_Static_assert(offsetof(wasm_rt_memory_t, data) == offsetof(AssayMemory, data), "memory layout");
_Static_assert(offsetof(wasm_rt_memory_t, pages) == offsetof(AssayMemory, pages), "memory layout");
_Static_assert(offsetof(wasm_rt_memory_t, max_pages) == offsetof(AssayMemory, max_pages), "memory layout");
_Static_assert(offsetof(wasm_rt_memory_t, size) == offsetof(AssayMemory, size), "memory layout");
_Static_assert(sizeof(wasm_rt_memory_t) == sizeof(AssayMemory), "memory layout");
_Static_assert(offsetof(wasm_rt_funcref_table_t, data) == offsetof(AssayTable, data), "table layout");
_Static_assert(offsetof(wasm_rt_funcref_table_t, max_size) == offsetof(AssayTable, max_size), "table layout");
_Static_assert(offsetof(wasm_rt_funcref_table_t, size) == offsetof(AssayTable, size), "table layout");
_Static_assert(sizeof(wasm_rt_funcref_table_t) == sizeof(AssayTable), "table layout");
_Static_assert(sizeof(wasm_rt_externref_table_t) == sizeof(AssayTable), "table layout");
_Static_assert(WASM_RT_MEMCHECK_SIGNAL_HANDLER && !WASM_RT_USE_STACK_DEPTH_COUNT, "checks are by signal");

static const AssayHost *assay_host;

void wasm_rt_trap(wasm_rt_trap_t trap)
{
  switch (trap) {
  case WASM_RT_TRAP_OOB: assay_host->trap(ASSAY_TRAP_OUT_OF_BOUNDS);
  case WASM_RT_TRAP_INT_OVERFLOW: assay_host->trap(ASSAY_TRAP_INTEGER_OVERFLOW);
  case WASM_RT_TRAP_DIV_BY_ZERO: assay_host->trap(ASSAY_TRAP_DIVIDE_BY_ZERO);
  case WASM_RT_TRAP_INVALID_CONVERSION: assay_host->trap(ASSAY_TRAP_INVALID_CONVERSION);
  case WASM_RT_TRAP_CALL_INDIRECT: assay_host->trap(ASSAY_TRAP_INDIRECT_CALL);
  case WASM_RT_TRAP_EXHAUSTION: assay_host->trap(ASSAY_TRAP_STACK_EXHAUSTED);
  default: assay_host->trap(ASSAY_TRAP_UNREACHABLE);
  }
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t max_pages)
{
  assay_host->memory_allocate((AssayMemory *)memory, pages, max_pages);
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t delta)
{
  return assay_host->memory_grow((AssayMemory *)memory, delta);
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements)
{
  assay_host->table_allocate((AssayTable *)table, elements, max_elements, sizeof *table->data);
}

void wasm_rt_allocate_externref_table(wasm_rt_externref_table_t *table, uint32_t elements,
                                      uint32_t max_elements)
{
  assay_host->table_allocate((AssayTable *)table, elements, max_elements, sizeof *table->data);
}

uint32_t wasm_rt_grow_funcref_table(wasm_rt_funcref_table_t *table, uint32_t delta, wasm_rt_funcref_t init)
{
  uint32_t old = assay_host->table_grow((AssayTable *)table, delta, sizeof *table->data);
  if (old != UINT32_MAX)
    for (uint32_t i = 0; i < delta; i++) table->data[old + i] = init;
  return old;
}

uint32_t wasm_rt_grow_externref_table(wasm_rt_externref_table_t *table, uint32_t delta,
                                      wasm_rt_externref_t init)
{
  uint32_t old = assay_host->table_grow((AssayTable *)table, delta, sizeof *table->data);
  if (old != UINT32_MAX)
    for (uint32_t i = 0; i < delta; i++) table->data[old + i] = init;
  return old;
}

/* The host owns an instance's memory and tables, and takes them back itself. */
void wasm_rt_free_memory(wasm_rt_memory_t *memory)
{
  (void)memory;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table)
{
  (void)table;
}

void wasm_rt_free_externref_table(wasm_rt_externref_table_t *table)
{
  (void)table;
}

/* Function types that were registered: the same id for the same type. ASSAY_TYPE_COUNT and ASSAY_TYPE_CODES
 * (all their parameters and results together) come with the generated text. A hash table, because a hostile
 * module may have a million of them. */
enum { ASSAY_TYPE_SLOTS = 4 * ASSAY_TYPE_COUNT + 1 };
static struct {
  uint32_t ids[ASSAY_TYPE_SLOTS]; /* 0: free */
  struct {
    uint32_t at, params, results;
  } types[ASSAY_TYPE_COUNT + 1];
  uint8_t codes[ASSAY_TYPE_CODES + 1];
  uint32_t count, used;
} assay_types;

static uint32_t assay_type_slot(uint32_t params, uint32_t results, const uint8_t *codes)
{
  uint64_t hash = params;
  for (uint32_t i = 0; i < params + results; i++) hash = (hash ^ codes[i]) * 0x100000001b3;
  uint32_t slot = (uint32_t)(hash % ASSAY_TYPE_SLOTS);
  for (uint32_t id; (id = assay_types.ids[slot]) != 0; slot = (slot + 1) % ASSAY_TYPE_SLOTS)
    if (assay_types.types[id].params == params && assay_types.types[id].results == results &&
        memcmp(&assay_types.codes[assay_types.types[id].at], codes, params + results) == 0)
      break;
  return slot;
}

uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...)
{
  if (assay_types.count >= ASSAY_TYPE_COUNT || params + results > ASSAY_TYPE_CODES - assay_types.used)
    wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  uint8_t *codes = &assay_types.codes[assay_types.used];
  va_list args;
  va_start(args, results);
  for (uint32_t i = 0; i < params + results; i++) codes[i] = (uint8_t)va_arg(args, int);
  va_end(args);
  uint32_t slot = assay_type_slot(params, results, codes);
  if (assay_types.ids[slot]) return assay_types.ids[slot];
  uint32_t id = assay_types.ids[slot] = ++assay_types.count;
  assay_types.types[id].at = assay_types.used;
  assay_types.types[id].params = params;
  assay_types.types[id].results = results;
  assay_types.used += params + results;
  return id;
}

#endif
