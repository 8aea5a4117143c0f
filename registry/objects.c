#include "registry/objects.h"

#include "ifc/base/file.h"

enum { OBJECT_LIMIT = 256 << 20 };

static Str object_path(Arena *arena, Str registry, Hash hash)
{
  Str hex = hash_hex(arena, hash);
  return str_format(arena, "%.*s/objects/%.2s/%s", STR_ARG(registry), hex.at,
                    str_to_z(arena, str_slice(hex, 2, 64)));
}

bool object_exists(Arena *arena, Str registry, Hash hash)
{
  return file_exists(object_path(arena, registry, hash));
}

bool object_put(Arena *arena, Str registry, Str bytes, Hash *out, Diags *diags)
{
  Hash hash = hash_of(bytes);
  if (!object_exists(arena, registry, hash) && !file_write(object_path(arena, registry, hash), bytes, diags))
    return false;
  *out = hash;
  return true;
}

bool object_get(Arena *arena, Str registry, Hash hash, Str *out, Diags *diags)
{
  Str path = object_path(arena, registry, hash), bytes;
  if (!file_read(arena, path, OBJECT_LIMIT, &bytes, diags)) return false;
  if (hash_equal(hash_of(bytes), hash)) {
    *out = bytes;
    return true;
  }
  Diag *diag = diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "object '%.*s' does not have the hash of its name",
                          STR_ARG(path));
  diag_note(diags, diag, SPAN_NONE, "it is damaged; remove it and make or fetch it again");
  return false;
}
