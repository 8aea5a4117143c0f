/* The parts of ahead-of-time compilation: the toolchain, and the cache of objects. */
#ifndef RUNTIME_AOT_INTERNAL_H
#define RUNTIME_AOT_INTERNAL_H

#include "ifc/base/crypto.h"
#include "ifc/base/diag.h"
#include "runtime/aot.h"

/* --- toolchain.c: wasm2c and clang */

typedef struct Toolchain {
  Str compiler, wasm2c; /* full paths */
  const char **flags;   /* of clang, NULL-terminated */
  bool in_one_piece;
  bool tells_lines; /* the object has a line table (source_lines.h) */
  Str fingerprint;  /* changes when a tool, a header or a flag does */
} Toolchain;

/* `marked`: the module is marked where lines begin. False with a diagnostic that names the package of the
 * tool that is missing. */
bool toolchain_find(Arena *arena, const AotOptions *options, bool marked, Toolchain *out, Diags *diags);
/* Makes the shared object in `folder`, which is empty and goes afterwards. `module` and `path` are for
 * messages. */
bool toolchain_run(Arena *arena, const Toolchain *self, const WasmModule *module, Str path, Str plain,
                   Str unit, Str folder, Str *object, Diags *diags);

/* --- object_cache.c: objects by key, each with a seal at its end, so that one that is cut, damaged or
 * another's is noticed */

/* The path of the object, marked as used now; false when there is none that can be trusted. */
bool object_cache_find(Arena *arena, Str folder, Hash key, Str *path);
/* Seals the object and puts it in place, atomically; `folder` is the cache's. */
bool object_cache_put(Arena *arena, Str folder, Hash key, Str object, Str *path, Diags *diags);
/* Removes the objects that were not used for longest until at most `limit` bytes are left, and what
 * interrupted processes left behind. */
void object_cache_trim(Arena *arena, Str folder, uint64_t limit);

#endif
