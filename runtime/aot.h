/* Ahead-of-time compilation: a validated module becomes a shared object, through wasm2c and clang, in a
 * compile worker, and is kept in a content-addressed cache. */
#ifndef RUNTIME_AOT_H
#define RUNTIME_AOT_H

#include "ifc/base/diag.h"
#include "ifc/base/progress.h"
#include "runtime/instrument.h"

typedef struct AotOptions {
  WasmVariant variant;
  const char *compiler, *optimisation; /* "gcc", "-O0": to compare; NULL: clang, -O2 */
  bool in_one_piece;                   /* however large it is: to compare */
  bool traces;     /* tells what it compares (guest_table.h): by gcc alone, several times slower */
  uint32_t layout; /* 0: as it comes; 1, 2, …: the same code moved by some bytes, for benchmarks */
} AotOptions;

/* The shared object of this module, from the cache (a few hundred microseconds) or made now. The key is the
 * module's hash, the options, and the fingerprint of toolchain, flags and this program's own guest runtime.
 * Two processes may make the same one at once; a reader never sees half of one. False with a diagnostic: the
 * module is invalid (DIAG_MODULE, with the validator's words), or the toolchain failed (DIAG_TOOLCHAIN). */
bool aot_compile(Arena *arena, const WasmModule *module, Str path, const AotOptions *options, Str *object,
                 Diags *diags);
/* What stands in the object of a module's variant: block k of it is counter k there. */
bool aot_instrumented(Arena *arena, const WasmModule *module, Str path, WasmVariant variant,
                      Instrumented *out, Diags *diags);

#endif
