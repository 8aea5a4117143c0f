/* An implementation as commands meet it: a .wasm file, what it says about itself, and how its exports fit an
 * interface. Custom sections (docs/module-sections.md): `assay:interface` the interface as WIT text,
 * `assay:build` JSON of what it provides and needs, language, toolchain and sources. */
#ifndef RUNTIME_IMPLEMENTATION_H
#define RUNTIME_IMPLEMENTATION_H

#include "ifc/base/crypto.h"
#include "ifc/base/json.h"
#include "runtime/wasm.h"

enum { EXPORT_NONE = -1 };

/* What answers an import: one of the few functions of host_functions.def, or a fault that names it. */
typedef enum HostFunction {
  HOST_DENIED,
#define HOST_FUNCTION(kind, module, name, params, results) HOST_##kind,
#include "runtime/host_functions.def"
#undef HOST_FUNCTION
  HOST_FUNCTION_COUNT
} HostFunction;

typedef struct FitImport {
  Str name; /* "module.name", printable */
  HostFunction function;
} FitImport;

/* Where an interface's functions are in a module: indices into its exports, or EXPORT_NONE; of a function,
 * that only where it cannot be called (ifc/callable.h). */
typedef struct Fit {
  const Interface *interface;
  const int32_t *functions;    /* by Function.index */
  const int32_t *post_returns; /* by Function.index: cabi_post_… */
  int32_t memory, realloc, initialize;
  const FitImport *imports;
  uint32_t import_count;
} Fit;

typedef struct Implementation {
  Str path;
  Str label; /* short, for tables: the file name without ".wasm" */
  Hash hash; /* of the file's bytes */
  WasmModule module;
  Fit fit;
  Str language;      /* "c", "wat", …; empty: not said */
  const Json *build; /* the assay:build section; NULL: none */
} Implementation;

/* Checks that the module has every export that the interface needs, with the right core signature, memory and
 * realloc, and imports nothing but what can be granted. Names match with or without a version and, in the
 * module, of functions `ns:pkg/iface#func`. Every misfit is one diagnostic with the export and the signature
 * that were expected. */
bool implementation_fit(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                        Fit *out, Diags *diags);
/* Reads a module file and fits it to `interface`, or, when that is NULL, to the interface it carries. */
bool implementation_load(Arena *arena, Str path, const Interface *interface, Implementation *out,
                         Diags *diags);
/* The interface that the module carries in `assay:interface`, or NULL (no diagnostic). Not to be believed
 * about names only: fit it before use. */
const Interface *implementation_interface(Arena *arena, const WasmModule *module, Diags *diags);
/* What the module says in `assay:build` about how it was made, a JSON object; NULL where that is missing or
 * malformed. Not to be believed. */
const Json *implementation_build(Arena *arena, const WasmModule *module);

#endif
