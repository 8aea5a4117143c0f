/* WebAssembly modules as files: reading their sections, and writing them back changed. Reads only structure
 * and needs no trust: whether function bodies are valid is decided in the sandbox (aot.h). WebAssembly
 * Core 2.0, §5. */
#ifndef RUNTIME_WASM_H
#define RUNTIME_WASM_H

#include "ifc/base/diag.h"
#include "ifc/layout.h"

typedef enum WasmKind { WASM_FUNCTION, WASM_TABLE, WASM_MEMORY, WASM_GLOBAL, WASM_TAG } WasmKind;

/* A core function type; parameter and result types as their binary codes (0x7f i32, 0x7e i64, 0x7d f32, 0x7c
 * f64, …). */
typedef struct WasmType {
  const uint8_t *params, *results;
  uint32_t param_count, result_count;
} WasmType;

typedef struct WasmImport {
  Str module, name;
  WasmKind kind;
  uint32_t type; /* functions: index into types */
} WasmImport;

typedef struct WasmExport {
  Str name;
  WasmKind kind;
  uint32_t index; /* in its kind's index space, imports first */
} WasmExport;

typedef struct WasmCustom {
  Str name, bytes;
} WasmCustom;

typedef struct WasmModule {
  Str bytes;
  const WasmType *types;
  uint32_t type_count;
  const WasmImport *imports;
  uint32_t import_count;
  const WasmExport *exports;
  uint32_t export_count;
  const WasmCustom *customs;
  uint32_t custom_count;
  const uint32_t *functions; /* type index of each function, imported ones first */
  uint32_t function_count, imported_function_count;
  uint32_t memory_count;     /* imported and defined */
  uint64_t memory_min_pages; /* of memory 0 */
  uint64_t memory_max_pages; /* UINT64_MAX: none given */
  bool has_start;
} WasmModule;

/* Reads the sections; slices point into `bytes`. False with a diagnostic that names `path` and the byte
 * offset. A component, and features that are not supported (64-bit memory, shared memory, several memories),
 * are named. */
bool wasm_read(Arena *arena, Str path, Str bytes, WasmModule *out, Diags *diags);
const WasmExport *wasm_export(const WasmModule *self, Str name);
/* The type of an exported or imported function by its index; NULL when out of range. */
const WasmType *wasm_function_type(const WasmModule *self, uint32_t function_index);
/* The bytes of the first custom section of this name; `at` is NULL where there is none. */
Str wasm_custom(const WasmModule *self, Str name);
/* "(i32, i64) -> f64". */
Str wasm_type_text(Arena *arena, const WasmType *self);

/* The module without its custom sections of these names (all, when `names` is NULL) and with `added` at its
 * end. */
Str wasm_with_customs(Arena *arena, const WasmModule *self, const Str *removed, size_t removed_count,
                      const WasmCustom *added, size_t added_count);
/* The module with export k named "eK", import k named "i"."iK", and no custom sections: what the compiler
 * sees, so that no name can do anything to generated C. */
Str wasm_with_plain_names(Arena *arena, const WasmModule *self);

#endif
