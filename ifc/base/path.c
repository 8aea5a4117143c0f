#include "ifc/base/path.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ifc/base/file.h"

bool path_to_z(Str path, PathZ *out)
{
  if (path.len >= sizeof out->text) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (path.len && memchr(path.at, '\0', path.len)) {
    errno = EINVAL;
    return false;
  }
  if (path.len) memcpy(out->text, path.at, path.len);
  out->text[path.len] = '\0';
  return true;
}

Str path_join(Arena *arena, Str folder, Str name)
{
  if (!folder.len || str_starts_with(name, STR("/"))) return name;
  const char *slash = str_ends_with(folder, STR("/")) ? "" : "/";
  return str_format(arena, "%.*s%s%.*s", STR_ARG(folder), slash, STR_ARG(name));
}

Str path_name(Str path)
{
  size_t slash = str_find_last(path, '/');
  return slash == SIZE_MAX ? path : str_slice(path, slash + 1, path.len);
}

Str path_folder(Str path)
{
  size_t slash = str_find_last(path, '/');
  if (slash == SIZE_MAX) return STR(".");
  return slash == 0 ? STR("/") : str_slice(path, 0, slash);
}

Str path_extension(Str path)
{
  Str name = path_name(path);
  size_t dot = str_find_last(name, '.');
  return dot == SIZE_MAX ? STR("") : str_slice(name, dot + 1, name.len);
}

static Str variable(Arena *arena, const char *name)
{
  return str_copy(arena, str_from_z(getenv(name)));
}

static Str user_folder(Arena *arena)
{
  Str home = variable(arena, "HOME");
  if (home.len) return home;
  struct passwd entry, *found = NULL;
  char text[4096];
  if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) || !found) return STR(".");
  return str_copy(arena, str_from_z(found->pw_dir));
}

/* As the XDG base directory specification has it: a relative path in the variable is ignored. */
static Str xdg_folder(Arena *arena, const char *name, Str otherwise)
{
  Str base = variable(arena, name);
  if (!str_starts_with(base, STR("/"))) base = path_join(arena, user_folder(arena), otherwise);
  return path_join(arena, base, STR("assay"));
}

Str home_folder(Arena *arena)
{
  Str chosen = variable(arena, "ASSAY_HOME");
  return chosen.len ? chosen : xdg_folder(arena, "XDG_DATA_HOME", STR(".local/share"));
}

Str cache_folder(Arena *arena)
{
  Str chosen = variable(arena, "ASSAY_HOME");
  return chosen.len ? path_join(arena, chosen, STR("cache"))
                    : xdg_folder(arena, "XDG_CACHE_HOME", STR(".cache"));
}
