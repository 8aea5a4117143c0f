/* Modules that were built before, by the hash of all that made them: in <cache>/builds, each file the SHA-256
 * of key and module, then the module. Nothing depends on it: what is damaged or cannot be written is built
 * again. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "runtime/drivers.h"

enum { SEAL_SIZE = 32, ENTRIES_MAX = 1000, ENTRIES_KEPT = 750, ENTRY_LIMIT = 64 * 1024 * 1024 };

static Str builds_folder(Arena *arena)
{
  return path_join(arena, cache_folder(arena), STR("builds"));
}

static Str entry_path(Arena *arena, Hash key)
{
  Str folder = builds_folder(arena), hex = hash_hex(arena, key);
  return str_format(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(hex));
}

static Hash seal_of(Arena *arena, Hash key, Str wasm)
{
  Hasher *hasher = hasher_new(arena);
  hasher_add(hasher, (Str){(const char *)key.bytes, sizeof key.bytes});
  hasher_add(hasher, wasm);
  return hasher_finish(hasher);
}

bool build_cache_find(Arena *arena, Hash key, Str *wasm)
{
  Str path = entry_path(arena, key), bytes;
  Diags unheard = diags_in(arena);
  if (!file_exists(path) || !file_read(arena, path, ENTRY_LIMIT + SEAL_SIZE, &bytes, &unheard)) return false;
  if (bytes.len < SEAL_SIZE) return false;
  Str module = str_slice(bytes, SEAL_SIZE, bytes.len);
  Hash seal = seal_of(arena, key, module);
  if (memcmp(bytes.at, seal.bytes, SEAL_SIZE) != 0) return false;
  utimensat(AT_FDCWD, str_to_z(arena, path), NULL, 0);
  *wasm = module;
  return true;
}

typedef struct Entry {
  char *path;
  struct timespec used;
} Entry;

static int by_use(const void *left, const void *right)
{
  const struct timespec *a = &((const Entry *)left)->used, *b = &((const Entry *)right)->used;
  if (a->tv_sec != b->tv_sec) return a->tv_sec < b->tv_sec ? -1 : 1;
  return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

/* When there are too many, those that were not used for longest go. */
static void trim(Arena *arena)
{
  Str folder = builds_folder(arena), *names;
  Diags unheard = diags_in(arena);
  size_t count, known = 0;
  if (!dir_list(arena, folder, &names, &count, &unheard) || count <= ENTRIES_MAX) return;
  Entry *entries = arena_array_of(arena, Entry, count);
  for (size_t i = 0; i < count; i++) {
    struct stat status;
    char *path = str_to_z(arena, path_join(arena, folder, names[i]));
    if (lstat(path, &status) == 0) entries[known++] = (Entry){path, status.st_mtim};
  }
  qsort(entries, known, sizeof *entries, by_use);
  for (size_t i = 0; i + ENTRIES_KEPT < known; i++) unlink(entries[i].path);
}

void build_cache_put(Arena *arena, Hash key, Str wasm)
{
  Diags unheard = diags_in(arena);
  Hash seal = seal_of(arena, key, wasm);
  Buf bytes = buf_in(arena);
  buf_str(&bytes, (Str){(const char *)seal.bytes, SEAL_SIZE});
  buf_str(&bytes, wasm);
  if (file_write(entry_path(arena, key), buf_text(&bytes), &unheard)) trim(arena);
}

void build_add_tool(BuildJob *job, const char *tool, Buf *key)
{
  Str path = process_find(job->arena, str_from_z(tool));
  build_add_stat(job, path.len ? path : str_from_z(tool), key);
}

void build_add_stat(BuildJob *job, Str path, Buf *key)
{
  struct stat status = {0};
  if (stat(str_to_z(job->arena, path), &status)) status.st_size = -1;
  buf_printf(key, "%.*s %lld %lld.%09ld\n", STR_ARG(path), (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}
