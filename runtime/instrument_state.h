/* Which instructions of a module write its state: what one call leaves to the next one, or one turn of a loop
 * to the next. Internal to instrument.c. */
#ifndef RUNTIME_INSTRUMENT_STATE_H
#define RUNTIME_INSTRUMENT_STATE_H

#include "runtime/wasm_code.h"

typedef struct StateSites StateSites;

/* For the module's bodies, one after the other; lives in `arena`. `globals` is the content of its section. */
StateSites *state_sites_new(Arena *arena, const WasmModule *module, Str globals);
/* The body that comes next. */
void state_sites_enter(StateSites *self, const WasmBody *body);
/* Its next instruction, `offset` bytes into the code section: the type of the integer that it writes to
 * memory, to a global, or to a local that a loop around it reads before it writes it, by its binary code; 0:
 * it writes none. A local that only counts on by a constant tells no more than how often its block was
 * entered, and is none. What stands in dead code counts likewise. */
uint8_t state_sites_take(StateSites *self, const WasmInstruction *instruction, uint32_t offset);

#endif
