/* The C text that every shared object is compiled from, beside what wasm2c makes of its module: guest_table.h
 * and guest_support.inc, and, generated for each module, imports, trampolines and the table. */
#ifndef RUNTIME_GUEST_SIDE_H
#define RUNTIME_GUEST_SIDE_H

#include "runtime/wasm.h"

/* The part that is the same for all modules. */
Str guest_side_text(void);
/* The whole translation unit for a module with these types, imports and exports. It includes "m.c", which is
 * what `wasm2c -n m` makes of the module with plain names. False with a diagnostic: it imports what is no
 * function or takes references. */
bool guest_side_unit(Arena *arena, const WasmModule *module, Str path, uint32_t layout, Str *out,
                     Diags *diags);

#endif
