#include "runtime/aot.h"

#include "ifc/base/file.h"
#include "runtime/aot_internal.h"
#include "runtime/guest_side.h"
#include "runtime/wasm_limits.h"

/* Counts changes of what goes into an object that no text below would show. */
enum { OBJECT_FORMAT = 2 };
static const uint64_t cache_limit = 2ull << 30;

static void add_sized(Hasher *hasher, Str bytes)
{
  uint64_t len = bytes.len;
  hasher_add(hasher, (Str){(const char *)&len, sizeof len});
  hasher_add(hasher, bytes);
}

static Hash object_key(Arena *arena, const Toolchain *tools, Str plain, Str unit)
{
  Hasher *hasher = hasher_new(arena);
  uint64_t format = OBJECT_FORMAT;
  add_sized(hasher, (Str){(const char *)&format, sizeof format});
  add_sized(hasher, tools->fingerprint);
  add_sized(hasher, plain);
  add_sized(hasher, unit);
  return hasher_finish(hasher);
}

bool aot_instrumented(Arena *arena, const WasmModule *module, Str path, WasmVariant variant,
                      Instrumented *out, Diags *diags)
{
  WasmModule plain;
  if (!wasm_read(arena, path, wasm_with_plain_names(arena, module), &plain, diags)) return false;
  plain.customs = module->customs;
  plain.custom_count = module->custom_count;
  return wasm_instrument(arena, &plain, path, variant, out, diags);
}

/* As it is, but for marks where it tells its lines. One that cannot be marked is for the compiler to refuse.
 */
static Str plain_bytes(Arena *arena, const WasmModule *module, Str path, bool *tells_lines)
{
  Diags unheard = diags_in(arena);
  Instrumented marked;
  *tells_lines = wasm_custom(module, STR(".debug_line")).len &&
                 aot_instrumented(arena, module, path, WASM_PLAIN, &marked, &unheard) && marked.tells_lines;
  return *tells_lines ? marked.bytes : wasm_with_plain_names(arena, module);
}

/* The module as the compiler sees it, and the C text around it. */
static bool plain_unit(Arena *arena, const WasmModule *module, Str path, const AotOptions *options,
                       Str *plain, Str *unit, bool *tells_lines, Diags *diags)
{
  WasmVariant variant = options->variant;
  WasmModule rewritten;
  Instrumented instrumented;
  if (variant == WASM_PLAIN) {
    *plain = plain_bytes(arena, module, path, tells_lines);
    return guest_side_unit(arena, module, path, variant, options->layout, unit, diags);
  }
  if (!aot_instrumented(arena, module, path, variant, &instrumented, diags)) return false;
  *plain = instrumented.bytes;
  *tells_lines = instrumented.tells_lines;
  return wasm_read(arena, path, *plain, &rewritten, diags) &&
         guest_side_unit(arena, &rewritten, path, variant, options->layout, unit, diags);
}

bool aot_compile(Arena *arena, const WasmModule *module, Str path, const AotOptions *options, Str *object,
                 Diags *diags)
{
  static const AotOptions usual;
  if (!options) options = &usual;
  Toolchain tools;
  Str plain, unit, folder, bytes;
  bool tells_lines;
  if (!wasm_check_limits(arena, module, path, diags) ||
      !plain_unit(arena, module, path, options, &plain, &unit, &tells_lines, diags) ||
      !toolchain_find(arena, options, tells_lines, &tools, diags))
    return false;
  Hash key = object_key(arena, &tools, plain, unit);
  Str cache = cache_folder(arena);
  if (object_cache_find(arena, cache, key, object)) return true;
  if (!dir_make_temporary(arena, path_join(arena, cache, STR("tmp")), &folder, diags)) return false;
  bool made = toolchain_run(arena, &tools, module, path, plain, unit, folder, &bytes, diags);
  dir_remove(folder);
  if (!made || !object_cache_put(arena, cache, key, bytes, object, diags)) return false;
  object_cache_trim(arena, cache, cache_limit);
  return true;
}
