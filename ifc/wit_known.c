#include "ifc/wit_known.h"

#include "ifc/ast.h"
#include "ifc/base/file.h"

/* The folder as files in it, and those in its siblings, are named. */
static Str folder_named(Arena *arena, Str path)
{
  while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
  return path_join(arena, path_folder(path), path_name(path));
}

static bool has_nested(const Resolve *resolve)
{
  for (uint32_t i = 0; i < resolve->package_count; i++) {
    const AstPackage *written = resolve->packages[i]->written;
    if (resolve->packages[i]->origin == PACKAGE_NESTED) return true;
    for (size_t k = 0; k < written->file_count; k++)
      for (uint32_t n = 0; n < written->files[k]->top_count; n++)
        if (written->files[k]->tops[n].package) return true;
  }
  return false;
}

static bool has_deps(Arena *arena, Str folder)
{
  return dir_exists(path_join(arena, folder, STR("deps")));
}

const Package *wit_known(Arena *arena, const Package *loaded, Str loaded_path, Str path)
{
  const Resolve *resolve = loaded->resolve;
  Str folder = folder_named(arena, path), other = folder_named(arena, loaded_path);
  Str name = path_name(folder);
  if (!name.len || name.at[0] == '.' || !str_equal(path_folder(folder), path_folder(other))) return NULL;
  for (uint32_t i = 0; i < resolve->package_count; i++) {
    const Package *package = resolve->packages[i];
    const AstPackage *written = package->written;
    if (!written->file_count || !str_equal(path_folder(written->files[0]->source->path), folder)) continue;
    bool same =
        dir_exists(path) && !has_nested(resolve) && !has_deps(arena, folder) && !has_deps(arena, other);
    return same ? package : NULL;
  }
  return NULL;
}
