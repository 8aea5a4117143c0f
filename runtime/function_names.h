/* What the functions of a module are called: by its name section, where it has one (WebAssembly Core 2.0,
 * Appendix A), else by its exports. People are told what an interface calls the function, if it is one's. */
#ifndef RUNTIME_FUNCTION_NAMES_H
#define RUNTIME_FUNCTION_NAMES_H

#include "runtime/wasm.h"

typedef struct FunctionNames {
  Arena *arena;
  Str *names;     /* by function; `at` NULL: none */
  Str *functions; /* by function: which one of an interface's it is exported as; `at` NULL: none */
  uint32_t count;
} FunctionNames;

/* Reads without trust; what is malformed is left out. */
FunctionNames function_names(Arena *arena, const WasmModule *module);
/* For people: printable, of moderate length; "function 12" where there is no name. */
Str function_name(const FunctionNames *self, uint32_t function);
/* The module with these names in its name section, which then has nothing else. */
Str wasm_with_function_names(Arena *arena, const WasmModule *module, const FunctionNames *names);

#endif
