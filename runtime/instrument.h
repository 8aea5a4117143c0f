/* Modules rewritten so that they count what they do: WebAssembly in, WebAssembly out, by additional globals.
 * What they compute stays the same. docs/metering.md has the rules. */
#ifndef RUNTIME_INSTRUMENT_H
#define RUNTIME_INSTRUMENT_H

#include "runtime/wasm.h"

typedef enum WasmVariant {
  WASM_PLAIN,   /* as it is; the only one that is ever timed */
  WASM_METERED, /* counts cost, and stops when its fuel is used up */
  WASM_COVER,   /* counts how often each block is entered, and keeps the operands of comparisons */
} WasmVariant;

/* Where in the module something is counted. */
typedef struct WasmSite {
  uint32_t function; /* its index */
  uint32_t offset;   /* of the instruction, in bytes from the start of the code section's content */
} WasmSite;

/* A comparison of two operands. */
typedef struct WasmCompare {
  WasmSite site;
  uint16_t opcode; /* WasmOpcode */
} WasmCompare;

typedef struct Instrumented {
  Str bytes; /* the module; its new exports follow those it had */
  /* WASM_METERED: one export, the fuel that is left, an i64 that is negative once it is used up.
   * WASM_COVER: four exports, the first and the last counter (i32 each) and the first and the last operand
   * (i64 each): globals that follow one another, one counter for each block, two operands for each
   * comparison, of the last time that it was executed; those of f32 and i32 in the low half. */
  const WasmSite *blocks;
  uint32_t block_count;
  const WasmCompare *compares;
  uint32_t compare_count;
  bool tells_lines; /* it is marked where lines of its sources begin (source_lines.h) */
} Instrumented;

/* Rewrites a module with plain names (wasm_with_plain_names); its `customs` may still be those of the
 * original, whose lines are then told. WASM_PLAIN adds nothing else. False with a diagnostic that names
 * `path` when a function body is malformed or has an instruction that cannot be compiled. */
bool wasm_instrument(Arena *arena, const WasmModule *module, Str path, WasmVariant variant, Instrumented *out,
                     Diags *diags);

#endif
