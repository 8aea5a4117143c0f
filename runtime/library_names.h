/* Which of a module's functions come out of libraries, and not out of the implementation's own sources, as
 * far as their names say. Nothing else tells it in a finished module, and names are what whoever made it
 * wrote: so this is for saying where to look first, and never for leaving anything out. docs/search.md has
 * the rules. */
#ifndef RUNTIME_LIBRARY_NAMES_H
#define RUNTIME_LIBRARY_NAMES_H

#include "runtime/function_names.h"

/* What the names of AssemblyScript's library begin with, and those that `build` gives to the functions that
 * it links from archives: "~lib/libc/dlmalloc". */
#define LIBRARY_PREFIX "~lib/"

/* Whether a function of this name is a library's: it begins with LIBRARY_PREFIX, or is one of Rust's, mangled
 * or not, and names no crate but those of the standard library. */
bool is_library_name(Str name);
/* Of each function; `names` are those of the module. A function that is exported is the implementation's own,
 * whatever it is called, unless it is only cabi_realloc, cabi_post_… or _initialize. */
const bool *library_functions(Arena *arena, const WasmModule *module, const FunctionNames *names);

#endif
