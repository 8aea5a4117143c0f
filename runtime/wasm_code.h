/* Function bodies, instruction by instruction. Reads without trust: whether a body is valid is decided
 * elsewhere (aot.h), but what is read here is never longer than its section. Internal to what rewrites
 * modules and what looks into them. WebAssembly Core 2.0, §5.4 and §5.5.13. */
#ifndef RUNTIME_WASM_CODE_H
#define RUNTIME_WASM_CODE_H

#include "runtime/wasm_internal.h"

typedef enum WasmOpcode {
#define OPCODE(code, name, text, immediate, weight) OPCODE_##name = (code),
#include "runtime/opcodes.def"
} WasmOpcode;

typedef struct WasmInstruction {
  WasmOpcode opcode;
  uint32_t index;    /* the first immediate that is an index: of a local, a function, a label, … */
  uint64_t constant; /* of a constant: its bits, those of an i32 or f32 in the low half */
  Str bytes;         /* as it is encoded */
} WasmInstruction;

/* The bodies of a module's own functions, in order. */
typedef struct WasmBodies {
  WasmReader in;
  uint32_t count, next;
} WasmBodies;

typedef struct WasmBody {
  uint32_t function;    /* its index, imported functions first */
  uint32_t local_count; /* parameters too */
  uint32_t group_count; /* of `locals` */
  Str locals;           /* the groups of declared locals, without their count */
  WasmReader code;      /* its instructions, with the last `end` */
} WasmBody;

extern const char wasm_too_many_locals[];
/* The bodies of a module that wasm_read has read; none where it has no code section. */
WasmBodies wasm_bodies(const WasmModule *module);
/* The next one; false at the end, or when `in.problem` says what is malformed; wasm_too_many_locals is one
 * such text. */
bool wasm_next_body(WasmBodies *self, const WasmModule *module, WasmBody *out);
/* The next instruction; false at the end of `code`, or when its `problem` says what is malformed or unknown.
 */
bool wasm_next_instruction(WasmReader *code, WasmInstruction *out);
/* "i32.add" */
const char *wasm_opcode_text(WasmOpcode opcode);
/* What one execution costs: docs/metering.md. */
uint32_t wasm_opcode_weight(WasmOpcode opcode);

#endif
