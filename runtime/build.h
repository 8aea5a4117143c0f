/* From sources to a module: drivers by file ending, one pipeline for all: compile, validate, optimise, fit to
 * the interface, describe in custom sections (docs/module-sections.md). The same source with the same
 * toolchain gives the same bytes; what was built before, without a warning, comes from the cache. */
#ifndef RUNTIME_BUILD_H
#define RUNTIME_BUILD_H

#include "ifc/base/diag.h"
#include "ifc/type.h"
#include "runtime/implementation.h"

typedef struct BuildSource {
  Str path;  /* as given */
  Str name;  /* without a folder, or relative to the folder of an impl.json */
  Str bytes; /* its content, read by build_module */
} BuildSource;

typedef struct BuildOptions {
  /* All of one language, except that C and C++ may come with headers; or one impl.json, or a folder with one,
   * which names the sources and flags (docs/languages.md). */
  const Str *paths;
  size_t path_count;
  const Interface *interface;
  /* Whose world_interface that is: all that it exports must be there, and bindings are those of it. NULL: it
   * was not named; C sources still say by the header that they include whose bindings they are written for.
   */
  const World *world;
} BuildOptions;

typedef struct BuildResult {
  Str wasm;
  Str language;
  const BuildSource *sources; /* what it was built from, for publishing */
  size_t source_count;
} BuildResult;

/* False with diagnostics: the compiler's own words where the source is wrong (DIAG_BUILD), the missing
 * package where the toolchain is not there (DIAG_TOOLCHAIN), what was expected where the module does not fit
 * (DIAG_MODULE). */
bool build_module(Arena *arena, const BuildOptions *options, BuildResult *out, Diags *diags);
/* The same for one that is to be used with `providers`: its imports must fit them, and interfaces that its
 * own was not resolved with are theirs. Nothing of them comes into the module. */
bool build_module_with(Arena *arena, const BuildOptions *options, const Implementation *providers,
                       size_t provider_count, BuildResult *out, Diags *diags);

#endif
