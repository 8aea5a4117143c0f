/* What a module is likely to compare its inputs with: the constants in its code, and the words and texts in
 * its data. Reads hostile bytes; what is malformed is left out. */
#ifndef RUNTIME_HARVEST_H
#define RUNTIME_HARVEST_H

#include "ifc/base/map.h"
#include "runtime/wasm.h"

enum {
  HARVEST_NUMBERS_MAX = 4096,
  HARVEST_TEXTS_MAX = 1024,
  HARVEST_TEXT_MAX = 256, /* bytes; longer ones are cut */
};

/* Each list without duplicates, code before data, in the order of the module. */
typedef struct Harvest {
  const uint64_t *integers; /* i32: extended with their sign */
  uint32_t integer_count;
  const uint64_t *reals; /* the bits of f64; f32 were extended */
  uint32_t real_count;
  const uint32_t *lengths; /* integers that a length could be compared with */
  uint32_t length_count;
  const Str *texts; /* UTF-8, of two bytes and more */
  uint32_t text_count;
} Harvest;

/* Of a module that wasm_read has read. */
Harvest wasm_harvest(Arena *arena, const WasmModule *module);
/* Of several together; none takes room from those after it. */
Harvest wasm_harvest_all(Arena *arena, const WasmModule *const *modules, size_t count);
/* For lists without duplicates: are these bytes not in `seen` yet, as this kind of constant? Then they are
 * now.
 */
bool harvest_is_new(Arena *arena, Map *seen, char kind, Str bytes);

#endif
