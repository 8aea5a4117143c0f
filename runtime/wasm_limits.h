/* What is too large for the compilers behind us, said before they are started: by the limits that browsers
 * share (WebAssembly JavaScript Interface, "Implementation-defined limits"), and by those of wasm2c and clang
 * where they are lower. */
#ifndef RUNTIME_WASM_LIMITS_H
#define RUNTIME_WASM_LIMITS_H

#include "runtime/wasm.h"

enum {
  WASM_FUNCTIONS_MAX = 20000, /* wasm2c's time grows with their square: 15 s for so many */
  WASM_PARAMS_MAX = 1000,     /* the same for results */
  WASM_LOCALS_MAX = 50000,    /* of one function, parameters included */
  WASM_BODY_MAX = 7654321,    /* bytes of one function */
  WASM_LABELS_MAX = 65520,    /* of one br_table */
  WASM_BLOCKS_MAX = 10000,    /* inside one another */
  WASM_IFS_MAX = 1000         /* inside one another: braces of C */
};

/* False with a diagnostic that names `path` and the function. What is malformed passes: others say that
 * better. */
bool wasm_check_limits(Arena *arena, const WasmModule *module, Str path, Diags *diags);

#endif
