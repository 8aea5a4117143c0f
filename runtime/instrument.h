/* Modules rewritten so that they count what they do: WebAssembly in, WebAssembly out, by additional globals.
 * What they compute stays the same. docs/metering.md has the rules. */
#ifndef RUNTIME_INSTRUMENT_H
#define RUNTIME_INSTRUMENT_H

#include "runtime/wasm.h"

typedef enum WasmVariant {
  WASM_PLAIN,   /* as it is; the only one that is ever timed */
  WASM_METERED, /* counts cost, and stops when its fuel is used up */
  WASM_COVER,   /* counts how often each block is entered, keeps the operands of comparisons, and which values
                   are written */
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
   * WASM_COVER: six exports, the first and the last counter (i32 each), the first and the last operand and
   * the first and the last state (i64 each): globals that follow one another. There are two operands for each
   * comparison, of the last time that it was executed, those of f32 and i32 in the low half; one state for
   * each place that writes an integer to memory, to a global, or to a local that a loop carries from turn to
   * turn: bit v mod 64 of it is set once v was written, to memory bit v + address. Counters are first one for
   * every two operands, what the comparison came out as, 1 false, 2 true, 3 both; and then one for each
   * block. */
  const WasmSite *blocks;
  uint32_t block_count;
  const WasmCompare *compares;
  uint32_t compare_count;
  uint32_t state_count;
  bool tells_lines; /* it is marked where lines of its sources begin (source_lines.h) */
} Instrumented;

/* Rewrites a module with plain names (wasm_with_plain_names); its `customs` may still be those of the
 * original, whose lines are then told. WASM_PLAIN adds nothing else. False with a diagnostic that names
 * `path` when a function body is malformed or has an instruction that cannot be compiled. */
bool wasm_instrument(Arena *arena, const WasmModule *module, Str path, WasmVariant variant, Instrumented *out,
                     Diags *diags);

#endif
