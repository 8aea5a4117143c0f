#include "registry/objects.h"

#include "ifc/base/file.h"

enum { OBJECT_LIMIT = 256 << 20 };

Str object_path(Arena *arena, Str registry, Hash hash)
{
  Str hex = hash_hex(arena, hash), rest = str_slice(hex, 2, hex.len);
  return str_format(arena, "%.*s/objects/%.2s/%.*s", STR_ARG(registry), hex.at, STR_ARG(rest));
}

bool object_exists(Arena *arena, Str registry, Hash hash)
{
  return file_exists(object_path(arena, registry, hash));
}

/* Reading to compare costs less than writing, and mends what was damaged. */
static bool object_whole(Arena *arena, Str path, Str bytes)
{
  Diags ignored = diags_in(arena);
  Str there;
  return file_exists(path) && file_read(arena, path, bytes.len, &there, &ignored) && str_equal(there, bytes);
}

bool object_put(Arena *arena, Str registry, Str bytes, Hash *out, Diags *diags)
{
  Hash hash = hash_of(bytes);
  Str path = object_path(arena, registry, hash);
  if (!object_whole(arena, path, bytes) && !file_write(path, bytes, diags)) return false;
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
