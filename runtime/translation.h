/* What wasm2c writes, taken apart so that several compilers can work on it at once: C text in, C texts out.
 * Knows the layout of wasm2c 1.0.32's output; of another's it takes nothing apart. */
#ifndef RUNTIME_TRANSLATION_H
#define RUNTIME_TRANSLATION_H

#include "ifc/base/arena.h"
#include "ifc/base/str.h"

/* The translation in as many pieces as its size asks for. How many there are depends on nothing else: the
 * same module gives the same code on every machine. */
typedef struct Translation {
  Str helpers;          /* what is the same for all modules; to be included by every piece */
  Str body;             /* the module's own state, tables and exports, and the first functions */
  Str *pieces;          /* the other functions; each needs the helpers, and nothing of `body` */
  uint32_t piece_count; /* 0: all is in `body` */
} Translation;

/* `in_one_piece`: only the helpers are taken out. `module_file` is where the module stands for the compiler
 * (the data of its segments is taken from there), and `module` its bytes. */
Translation translation_split(Arena *arena, Str text, Str module, const char *module_file, bool in_one_piece);

#endif
