/* Which function of a module, and which line of its sources, a place in its compiled object belongs to: by
 * the object's own symbols and line table, which are only read when somebody asks. */
#ifndef RUNTIME_SYMBOLS_H
#define RUNTIME_SYMBOLS_H

#include "ifc/base/arena.h"
#include "runtime/line_program.h"

typedef struct Symbols Symbols;

/* Maps the file of a loaded object; `table` is any of its addresses in this process, `module` what it was
 * made from. NULL where that fails; then nothing is known. */
Symbols *symbols_open(Arena *arena, Str object, const void *table, const WasmModule *module);
/* NULL is allowed. */
void symbols_close(Symbols *self);

/* `self` may be NULL. What the function around `place` is called, for people (function_names.h); empty: it is
 * none of the module's. Functions that were inlined are their callers, where the module does not tell its
 * lines. */
Str symbols_function(Symbols *self, uintptr_t place);
/* The line of the sources, where the module tells it; the file's name is for people. Of functions that were
 * inlined it is their own. False: it is not known. */
bool symbols_line(Symbols *self, uintptr_t place, SourceLine *out);

#endif
