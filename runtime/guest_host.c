#include "runtime/guest_internal.h"

#include <stdlib.h>
#include <string.h>

/* The functions that guest code calls. They run on its stack, and end either with trap_host_end or by
 * trapping. */

enum {
  PAGES_MAX = 65535, /* so that a size in bytes fits 32 bits */
  TABLE_BYTES_MAX = 64 * 1024 * 1024
};

static Guest *host_begin(void)
{
  return (Guest *)trap_host_begin();
}

LEAVES_GUEST __attribute__((noreturn)) static void host_trap(AssayTrap trap, const void *place)
{
  static const FaultKind kinds[] = {
      [ASSAY_TRAP_OUT_OF_BOUNDS] = FAULT_OUT_OF_BOUNDS,
      [ASSAY_TRAP_INTEGER_OVERFLOW] = FAULT_INTEGER_OVERFLOW,
      [ASSAY_TRAP_DIVIDE_BY_ZERO] = FAULT_DIVIDE_BY_ZERO,
      [ASSAY_TRAP_INVALID_CONVERSION] = FAULT_INVALID_CONVERSION,
      [ASSAY_TRAP_UNREACHABLE] = FAULT_UNREACHABLE,
      [ASSAY_TRAP_INDIRECT_CALL] = FAULT_INDIRECT_CALL,
      [ASSAY_TRAP_STACK_EXHAUSTED] = FAULT_STACK_EXHAUSTED,
  };
  Guest *guest = host_begin();
  guest->scope.place = (uintptr_t)place - 1; /* a call that does not return may end its function */
  if (trap == ASSAY_TRAP_UNREACHABLE && guest->fuel && *guest->fuel < 0) trap_raise(FAULT_OUT_OF_FUEL, NULL);
  trap_raise(kinds[trap], NULL);
}

/* --- memory */

static uint32_t limit_pages(const Guest *guest)
{
  uint32_t limit = guest->program->limit_pages;
  return limit < PAGES_MAX ? limit : PAGES_MAX;
}

LEAVES_GUEST static void host_memory_allocate(AssayMemory *memory, uint32_t pages, uint32_t max_pages)
{
  Guest *guest = host_begin();
  uint32_t limit = limit_pages(guest);
  if (pages > limit)
    trap_raise(FAULT_MEMORY_LIMIT, "%u pages of 64 KiB to start with, %u are allowed", pages, limit);
  if (guest->memory || !region_take(&guest->program->regions, (uint64_t)pages * WASM_PAGE, &guest->region))
    trap_raise(FAULT_MEMORY_LIMIT, "%u pages of 64 KiB to start with, and the system has no more", pages);
  guest->memory = memory;
  guest->head->memory = guest->region.at;
  guest->scope.memory = (uintptr_t)guest->region.at;
  guest->scope.memory_end = guest->scope.memory + region_size();
  *memory = (AssayMemory){.data = guest->region.at,
                          .pages = pages,
                          .max_pages = max_pages < limit ? max_pages : limit,
                          .size = pages * WASM_PAGE};
  trap_host_end();
}

static uint32_t host_memory_grow(AssayMemory *memory, uint32_t delta)
{
  Guest *guest = host_begin();
  uint32_t old = memory->pages;
  bool allowed = delta <= memory->max_pages && old <= memory->max_pages - delta, fits = allowed;
  if (fits && delta) fits = region_resize(&guest->region, (uint64_t)(old + delta) * WASM_PAGE);
  if (allowed && !fits) guest->refusal = REFUSED_BY_SYSTEM;
  if (!allowed && guest->refusal == REFUSED_NOTHING && memory->max_pages == limit_pages(guest))
    guest->refusal = REFUSED_BY_LIMIT;
  if (fits) {
    memory->pages = old + delta;
    memory->size = memory->pages * WASM_PAGE;
  }
  trap_host_end();
  return fits ? old : UINT32_MAX;
}

/* --- tables */

LEAVES_GUEST static void host_table_allocate(AssayTable *table, uint32_t elements, uint32_t max_elements,
                                             uint32_t element_size)
{
  Guest *guest = host_begin();
  uint64_t bytes = (uint64_t)elements * element_size;
  if (bytes > TABLE_BYTES_MAX - guest->table_bytes)
    trap_raise(FAULT_MEMORY_LIMIT, "a table of %u elements to start with", elements);
  GuestTable *tables = realloc(guest->tables, (guest->table_count + 1) * sizeof *tables);
  if (tables) guest->tables = tables;
  void *data = calloc(elements ? elements : 1, element_size);
  if (!tables || !data) trap_raise(FAULT_MEMORY_LIMIT, "a table of %u elements to start with", elements);
  tables[guest->table_count++] = (GuestTable){.table = table, .element_size = element_size};
  guest->table_bytes += bytes;
  *table = (AssayTable){.data = data, .max_size = max_elements, .size = elements};
  trap_host_end();
}

static uint32_t host_table_grow(AssayTable *table, uint32_t delta, uint32_t element_size)
{
  Guest *guest = host_begin();
  uint32_t old = table->size;
  uint64_t bytes = (uint64_t)delta * element_size;
  bool allowed = delta <= table->max_size && old <= table->max_size - delta;
  bool fits = allowed && bytes <= TABLE_BYTES_MAX - guest->table_bytes;
  if (fits && delta) {
    char *data = realloc(table->data, ((size_t)old + delta) * element_size);
    fits = data != NULL;
    if (fits) {
      memset(data + (size_t)old * element_size, 0, (size_t)bytes);
      table->data = data;
      table->size = old + delta;
      guest->table_bytes += bytes;
    }
  }
  if (allowed && !fits) guest->refusal = REFUSED_BY_SYSTEM;
  trap_host_end();
  return fits ? old : UINT32_MAX;
}

/* --- imports: WASI preview 1, as far as it is granted (host_functions.def) */

enum { WASI_OK = 0, WASI_BAD_HANDLE = 8, WASI_FAULT = 21, WASI_INVALID = 28, WASI_NO_SEEK = 70 };
enum { WASI_STANDARD_HANDLES = 3, WASI_CHARACTER_DEVICE = 2, WASI_FDSTAT_SIZE = 24, WASI_VECTORS_MAX = 1024 };

/* `size` bytes of the guest's memory, or NULL when they are not all inside. */
static uint8_t *guest_bytes(const Guest *guest, uint32_t at, uint32_t size)
{
  if (!guest->memory || at > guest->memory->size || size > guest->memory->size - at) return NULL;
  return guest->memory->data + at;
}

static uint32_t put_zeros(const Guest *guest, uint64_t at, uint32_t size)
{
  uint8_t *bytes = guest_bytes(guest, (uint32_t)at, size);
  if (!bytes) return WASI_FAULT;
  memset(bytes, 0, size);
  return WASI_OK;
}

/* What is written goes nowhere, and all of it. */
static uint32_t wasi_fd_write(const Guest *guest, const uint64_t *args)
{
  uint32_t handle = (uint32_t)args[0], count = (uint32_t)args[2], total = 0;
  if (handle == 0 || handle >= WASI_STANDARD_HANDLES) return WASI_BAD_HANDLE;
  if (count > WASI_VECTORS_MAX) return WASI_INVALID;
  const uint8_t *vectors = guest_bytes(guest, (uint32_t)args[1], count * 8);
  uint8_t *written = guest_bytes(guest, (uint32_t)args[3], sizeof total);
  if (!vectors || !written) return WASI_FAULT;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at, size;
    memcpy(&at, vectors + (size_t)i * 8, sizeof at);
    memcpy(&size, vectors + (size_t)i * 8 + 4, sizeof size);
    if (!guest_bytes(guest, at, size)) return WASI_FAULT;
    if (__builtin_add_overflow(total, size, &total)) return WASI_INVALID;
  }
  memcpy(written, &total, sizeof total);
  return WASI_OK;
}

static uint32_t wasi_fd_fdstat_get(const Guest *guest, const uint64_t *args)
{
  if ((uint32_t)args[0] >= WASI_STANDARD_HANDLES) return WASI_BAD_HANDLE;
  uint32_t error = put_zeros(guest, args[1], WASI_FDSTAT_SIZE);
  if (!error) *guest_bytes(guest, (uint32_t)args[1], 1) = WASI_CHARACTER_DEVICE;
  return error;
}

static uint32_t wasi_sizes_get(const Guest *guest, const uint64_t *args)
{
  uint32_t error = put_zeros(guest, args[0], 4);
  return error ? error : put_zeros(guest, args[1], 4);
}

static uint32_t handle_error(uint64_t handle, uint32_t standard)
{
  return (uint32_t)handle < WASI_STANDARD_HANDLES ? standard : WASI_BAD_HANDLE;
}

LEAVES_GUEST static uint32_t host_function_call(const Guest *guest, const FitImport *import,
                                                const uint64_t *args)
{
  switch (import->function) {
  case HOST_FD_WRITE: return wasi_fd_write(guest, args);
  case HOST_FD_CLOSE: return handle_error(args[0], WASI_OK);
  case HOST_FD_SEEK: return handle_error(args[0], WASI_NO_SEEK);
  case HOST_FD_FDSTAT_GET: return wasi_fd_fdstat_get(guest, args);
  case HOST_FD_PRESTAT_GET: return WASI_BAD_HANDLE;
  case HOST_ARGS_SIZES_GET:
  case HOST_ENVIRON_SIZES_GET: return wasi_sizes_get(guest, args);
  case HOST_ARGS_GET:
  case HOST_ENVIRON_GET: return WASI_OK;
  case HOST_PROC_EXIT: trap_raise(FAULT_EXITED, "status %u", (uint32_t)args[0]);
  case HOST_ABORT: trap_raise(FAULT_UNREACHABLE, NULL);
  case HOST_RESOURCE_NEW:
  case HOST_RESOURCE_REP:
  case HOST_RESOURCE_DROP:
  case HOST_DENIED:
  case HOST_FUNCTION_COUNT: break;
  }
  trap_raise(FAULT_IMPORT_DENIED, "%.*s", STR_ARG(import->name));
}

/* --- imports: the handles of resources */

/* What is to be called when the host's part is done: the destructor of what was dropped. */
typedef struct Dropped {
  AssayCall *destructor; /* NULL: nothing */
  uint64_t rep;
} Dropped;

LEAVES_GUEST static Dropped host_resource_call(Guest *guest, const FitImport *import, const uint64_t *args,
                                               uint64_t *results)
{
  Program *naming = import->need == NEED_NONE ? guest->program : guest->program->answers[import->need];
  const ResourceType *resource = import->is_own ? program_own_resource(naming, import->resource)
                                                : program_resource(naming, import->resource);
  Fault fault = {0};
  Handle handle = {0};
  uint32_t number = (uint32_t)args[0], result = 0;
  bool fine;
  if (import->function == HOST_RESOURCE_NEW)
    fine = handles_add(&guest->handles, resource, number, true, &result, &fault);
  else if (import->function == HOST_RESOURCE_REP)
    fine = handles_rep(&guest->handles, resource, number, &result, &fault);
  else
    fine = handles_drop(&guest->handles, resource, number, &handle, &fault);
  if (!fine) trap_raise(fault.kind, "%s", fault.detail);
  results[0] = result;
  if (import->function != HOST_RESOURCE_DROP) return (Dropped){0};
  if (!handle.owns) guest->borrowed--;
  return (Dropped){guest_destroy(guest, &handle), handle.rep};
}

/* --- imports: the way to all of them */

LEAVES_GUEST static void host_import_call(uint32_t import, const uint64_t *args, uint64_t *results)
{
  Guest *guest = host_begin();
  const Fit *fit = guest->program->fit;
  if (import >= fit->import_count) trap_raise(FAULT_IMPORT_DENIED, "number %u", import);
  const FitImport *wanted = &fit->imports[import];
  /* What a handle stands for may be asked at any time: it leaves nothing changed. */
  if (guest->phase != PHASE_CALL && wanted->function != HOST_RESOURCE_REP)
    trap_raise(FAULT_REENTERED, "%.*s during %s", STR_ARG(wanted->name),
               guest->phase == PHASE_REALLOC ? "cabi_realloc" : "post-return");
  Dropped dropped = {0};
  if (wanted->linked)
    guest_call_other(guest, wanted, args, results);
  else if (wanted->resource)
    dropped = host_resource_call(guest, wanted, args, results);
  else
    results[0] = host_function_call(guest, wanted, args);
  trap_host_end();
  uint64_t none[1];
  if (dropped.destructor) dropped.destructor(guest->instance, &dropped.rep, none);
}

const AssayHost guest_host = {
    .trap = host_trap,
    .memory_allocate = host_memory_allocate,
    .memory_grow = host_memory_grow,
    .table_allocate = host_table_allocate,
    .table_grow = host_table_grow,
    .import_call = host_import_call,
};
