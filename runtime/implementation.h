/* An implementation as commands meet it: a .wasm file, what it says about itself, and how its exports fit an
 * interface. Custom sections (docs/module-sections.md): `assay:interface` the interface as WIT text,
 * `assay:build` JSON of what it provides and needs, language, toolchain and sources. */
#ifndef RUNTIME_IMPLEMENTATION_H
#define RUNTIME_IMPLEMENTATION_H

#include "ifc/base/crypto.h"
#include "ifc/base/json.h"
#include "runtime/aot.h"
#include "runtime/string_encoding.h"

enum { EXPORT_NONE = -1 };
#define NEED_NONE UINT32_MAX

/* What answers an import: one of the few functions of host_functions.def, or a fault that names it. */
typedef enum HostFunction {
  HOST_DENIED,
#define HOST_FUNCTION(kind, module, name, params, results) HOST_##kind,
#define RESOURCE_FUNCTION(kind, prefix, params, results) HOST_##kind,
#include "runtime/host_functions.def"
#undef RESOURCE_FUNCTION
#undef HOST_FUNCTION
  HOST_FUNCTION_COUNT
} HostFunction;

typedef struct FitImport {
  Str name; /* "module.name", printable */
  HostFunction function;
  const TypeDef *resource; /* of HOST_RESOURCE_…: whose handles it is for */
  const Function *linked;  /* a function of another interface; NULL: none */
  bool is_own;             /* of `resource`: it is for handles of the module's own */
  uint32_t need;           /* of `linked`, and of a resource of who answers: whose, among Fit.needs */
} FitImport;

typedef struct Implementation Implementation;

/* An interface that a module imports functions of, or whose implementer's resources it passes. */
typedef struct FitNeed {
  const Interface *interface;
  const Implementation *provider; /* who answers; NULL: nobody, and the module cannot be run */
  Str object;                     /* the provider, compiled; see implementation_load_with */
} FitNeed;

/* A resource of another interface than the fitted one that the module implements too: it exports several. */
typedef struct FitResource {
  const TypeDef *resource;
  int32_t destructor;
} FitResource;

/* Where an interface's functions are in a module: indices into its exports, or EXPORT_NONE; of a function,
 * that only where it cannot be called (ifc/callable.h). */
typedef struct Fit {
  const Interface *interface;
  const WasmModule *module;    /* a copy */
  const int32_t *functions;    /* by Function.index */
  const int32_t *post_returns; /* by Function.index: cabi_post_… */
  const int32_t *destructors;  /* of the resources, by their place among the interface's typedefs */
  const FitResource *others;
  uint32_t other_count;
  int32_t memory, realloc, initialize;
  const FitImport *imports;
  uint32_t import_count;
  const FitNeed *needs;
  uint32_t need_count;
  StringEncoding strings;
} Fit;

struct Implementation {
  Str problem; /* why it cannot be used: then only path and label are set. Empty: it can */
  Str path;
  Str label; /* short, for tables: the file name without ".wasm" */
  Hash hash; /* of the file's bytes */
  WasmModule module;
  Fit fit;
  Str language;      /* "c", "wat", …; empty: not said */
  const Json *build; /* the assay:build section; NULL: none */
};

/* Checks that the module has every export that the interface needs, with the right core signature, memory and
 * realloc, and imports nothing but what can be granted: host_functions.def. Names match with or without a
 * version and, in the module, of functions `ns:pkg/iface#func`; those of destructors as wit-component spells
 * them, `#[dtor]blob-store`, and as wit-bindgen's C does, `#[dtor]blob_store`. Every misfit is one diagnostic
 * with the export and the signature that were expected. */
bool implementation_fit(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                        Fit *out, Diags *diags);
/* The same for a module whose imports are answered by `providers`; of the interfaces that it imports, those
 * that have none of these are taken from what `interface` was resolved with. */
bool implementation_fit_with(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                             const Implementation *providers, size_t provider_count, Fit *out, Diags *diags);
/* The same fit, with those that answer compiled with `options`, directly or not: for a module that was
 * compiled as WASM_METERED, whose fuel and cost go for all together. */
bool fit_compile_needs(Arena *arena, const Fit *self, const AotOptions *options, Fit *out, Diags *diags);
/* The interface of this id, with or without a version, that the fitted one is or was resolved with; NULL:
 * none.
 */
const Interface *fit_known_interface(const Fit *self, Str id);
/* Whether the interface declares resources. */
bool interface_has_resources(const Interface *self);
/* Whether the module is who implements this resource, as the interface's functions pass it: it is one of the
 * interface's own, or of another that the module exports. A world's own functions pass what is imported. */
bool fit_implements(const Fit *self, const TypeDef *resource);
/* What it is called for short: the file's name, without ".wasm". */
Str implementation_label(Str path);
/* Reads a module file and fits it to `interface`, or, when that is NULL, to the interface it carries. */
bool implementation_load(Arena *arena, Str path, const Interface *interface, Implementation *out,
                         Diags *diags);
/* The same for one that imports functions of other interfaces: each must have an implementation among
 * `providers`, which stay where they are, and where the module says which interface it needs (`assay:build`)
 * it must be that one by its hash. Providers are compiled. */
bool implementation_load_with(Arena *arena, Str path, const Interface *interface,
                              const Implementation *providers, size_t provider_count, Implementation *out,
                              Diags *diags);
/* The interface that the module carries in `assay:interface`, or NULL (no diagnostic). Not to be believed
 * about names only: fit it before use. */
const Interface *implementation_interface(Arena *arena, const WasmModule *module, Diags *diags);
/* What the module says in `assay:build` about how it was made, a JSON object; NULL where that is missing or
 * malformed. Not to be believed. */
const Json *implementation_build(Arena *arena, const WasmModule *module);

#endif
