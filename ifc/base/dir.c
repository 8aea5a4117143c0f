#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "ifc/base/path.h"
#include "ifc/base/vec.h"

static bool is_dir(const char *path)
{
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool dir_exists(Str path)
{
  PathZ z;
  return path_to_z(path, &z) && is_dir(z.text);
}

/* A folder that exists already is as good as one made. */
static bool make_one(const char *path)
{
  if (mkdir(path, 0777) == 0) return true;
  int error = errno;
  if (is_dir(path)) return true;
  errno = error == EEXIST ? ENOTDIR : error;
  return false;
}

static bool make_all(char *path)
{
  if (is_dir(path)) return true;
  for (char *at = path + (*path == '/'); *at; at++) {
    if (*at != '/') continue;
    *at = '\0';
    bool made = make_one(path);
    *at = '/';
    if (!made) return false;
  }
  return make_one(path);
}

bool dir_make(Str path, Diags *diags)
{
  PathZ z;
  if (path_to_z(path, &z) && make_all(z.text)) return true;
  diag_errno(diags, errno, "make the folder", path);
  return false;
}

static int compare_names(const void *a, const void *b)
{
  return str_compare(*(const Str *)a, *(const Str *)b);
}

static bool is_dots(const char *name)
{
  return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

bool dir_list(Arena *arena, Str path, Str **names, size_t *count, Diags *diags)
{
  PathZ z;
  DIR *dir = path_to_z(path, &z) ? opendir(z.text) : NULL;
  if (!dir) {
    diag_errno(diags, errno, "list the folder", path);
    return false;
  }
  VEC(Str) found = {0};
  struct dirent *entry;
  for (errno = 0; (entry = readdir(dir)); errno = 0)
    if (!is_dots(entry->d_name)) vec_push(arena, &found, str_copy(arena, str_from_z(entry->d_name)));
  int error = errno;
  closedir(dir);
  if (error) {
    diag_errno(diags, error, "list the folder", path);
    return false;
  }
  if (found.len) qsort(found.at, found.len, sizeof *found.at, compare_names);
  *names = found.at;
  *count = found.len;
  return true;
}

bool dir_make_temporary(Arena *arena, Str parent, Str *out, Diags *diags)
{
  if (!dir_make(parent, diags)) return false;
  char *path = str_to_z(arena, path_join(arena, parent, STR("assay-XXXXXX")));
  if (!mkdtemp(path)) {
    diag_errno(diags, errno, "make a temporary folder in", parent);
    return false;
  }
  *out = str_from_z(path);
  return true;
}

static void remove_at(int parent, const char *name);

static void remove_entries(int handle)
{
  DIR *dir = fdopendir(handle);
  if (!dir) {
    close(handle);
    return;
  }
  for (struct dirent *entry; (entry = readdir(dir));)
    if (!is_dots(entry->d_name)) remove_at(handle, entry->d_name);
  closedir(dir);
}

/* Goes by handles and never follows a link, so that nobody can swap a folder for a link meanwhile. */
static void remove_at(int parent, const char *name)
{
  if (unlinkat(parent, name, 0) == 0) return;
  int handle = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (handle >= 0) remove_entries(handle);
  unlinkat(parent, name, AT_REMOVEDIR);
}

void dir_remove(Str path)
{
  PathZ z;
  while (path.len > 1 && path.at[path.len - 1] == '/') path.len--; /* "link/" would be followed */
  if (path_to_z(path, &z)) remove_at(AT_FDCWD, z.text);
}
