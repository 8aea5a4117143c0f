/* What the names in a module say it provides and needs, where it carries nothing better: exports and imports
 * as wit-bindgen and wit-component name them ("ns:pkg/iface@1.0.0#func", "[method]blob.read", "cabi_post_…").
 * Only the names and the core signatures are known of it; WIT types are not. */
#ifndef RUNTIME_MODULE_NAMES_H
#define RUNTIME_MODULE_NAMES_H

#include "runtime/wasm.h"

typedef struct NamedFunction {
  Str name;             /* "area", "[method]blob.read", as the module has it */
  const WasmType *type; /* NULL: the module does not say */
  bool has_post_return;
  bool is_async; /* exported as "[async-lift]…" */
} NamedFunction;

typedef struct NamedInterface {
  Str id;      /* "geometry:shapes/circle", or the name of a core module; empty: the world itself */
  Str version; /* "0.2.0", or empty */
  const NamedFunction *functions; /* in the module's order */
  uint32_t function_count;
} NamedInterface;

typedef struct NamedInterfaces {
  NamedInterface *at;
  size_t len, cap;
} NamedInterfaces;

typedef struct ModuleNames {
  NamedInterfaces provides;
  NamedInterfaces needs;
  NamedInterfaces own_resources; /* what the host does for resources that the module implements: intrinsics,
                                    by the interface that it exports them in */
  NamedInterfaces core_imports;  /* what is imported from modules that are no interfaces; the name in `id` */
  const Str *other_exports;      /* memories, cabi_realloc, _initialize, … */
  uint32_t other_export_count;
  const WasmCustom *component_types; /* sections in which wit-component looks for the world's WIT, encoded */
  uint32_t component_type_count;
} ModuleNames;

/* Names are hostile bytes: print them escaped (wasm_name_text). Linear in the module's names. */
ModuleNames module_names(Arena *arena, const WasmModule *module);
/* Some name of a module for people: what is not printable ASCII escaped, cut at 1,000 bytes. */
Str wasm_name_text(Arena *arena, Str name);

#endif
