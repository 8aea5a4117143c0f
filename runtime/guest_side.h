/* The C text that every shared object is compiled from, beside what wasm2c makes of its module:
 * guest_table.h, guest_support.inc and guest_access.inc, and, generated for each module, imports, trampolines
 * and the table. */
#ifndef RUNTIME_GUEST_SIDE_H
#define RUNTIME_GUEST_SIDE_H

#include "runtime/instrument.h"

/* The whole translation unit for a module with these types, imports and exports. It includes "helpers.c" and
 * "body.c", the two parts of what `wasm2c -n m` makes of the module with plain names. False with a
 * diagnostic: it imports what is no function or takes references. */
bool guest_side_unit(Arena *arena, const WasmModule *module, Str path, WasmVariant variant, uint32_t layout,
                     Str *out, Diags *diags);
/* A translation unit with further functions of the same module, from the file of this name. */
Str guest_side_piece(Arena *arena, const char *source);
/* The two parts: the functions that are the same for all modules, and what is the module's own. The second is
 * empty when another wasm2c writes something else: then the accessors of guest_access.inc come too late to
 * replace its own, and the code is slower and as right. */
void guest_side_split(Str translation, Str *helpers, Str *body);

#endif
