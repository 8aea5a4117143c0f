/* How a module has its strings in memory. */
#ifndef RUNTIME_STRING_ENCODING_H
#define RUNTIME_STRING_ENCODING_H

#include "runtime/wasm.h"

typedef enum StringEncoding {
  STRINGS_UTF8,
  STRINGS_UTF16,
  STRINGS_LATIN1_UTF16, /* each string as it fits, and its length tells */
} StringEncoding;

/* What the module's `component-type` sections say, as wit-bindgen and wit-component write them: each has a
 * component, and in that the section `wit-component-encoding` of a version and an encoding. UTF-8 where
 * nothing is said. False where it cannot be told what is meant. */
bool wasm_string_encoding(const WasmModule *module, StringEncoding *out);

#endif
