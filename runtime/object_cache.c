#include "runtime/aot_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "ifc/base/vec.h"

enum { SEAL_SIZE = 8 + 32, OBJECT_LIMIT = 256 * 1024 * 1024, LEFTOVER_SECONDS = 3600 };
static const char seal_magic[8] = {'a', 's', 's', 'a', 'y', 'a', 'o', 't'};

/* The loader ignores what follows an ELF file's sections, so the seal can stand in the same file and is
 * renamed into place with it. It covers the key: an object under another's name is no match. */
static void seal_of(Arena *arena, Hash key, Str object, char out[SEAL_SIZE])
{
  Hasher *hasher = hasher_new(arena);
  hasher_add(hasher, (Str){(const char *)key.bytes, sizeof key.bytes});
  hasher_add(hasher, object);
  Hash hash = hasher_finish(hasher);
  memcpy(out, seal_magic, sizeof seal_magic);
  memcpy(out + sizeof seal_magic, hash.bytes, sizeof hash.bytes);
}

static Str objects_folder(Arena *arena, Str cache)
{
  return path_join(arena, cache, STR("objects"));
}

static Str object_path(Arena *arena, Str cache, Hash key)
{
  Str hex = hash_hex(arena, key);
  return str_format(arena, "%.*s/objects/%.2s/%.*s.so", STR_ARG(cache), hex.at, STR_ARG(hex));
}

bool object_cache_find(Arena *arena, Str folder, Hash key, Str *path)
{
  Str at = object_path(arena, folder, key), bytes;
  Diags unheard = diags_in(arena);
  char seal[SEAL_SIZE];
  if (!file_exists(at) || !file_read(arena, at, OBJECT_LIMIT + SEAL_SIZE, &bytes, &unheard)) return false;
  if (bytes.len < SEAL_SIZE) return false;
  size_t size = bytes.len - SEAL_SIZE;
  seal_of(arena, key, str_slice(bytes, 0, size), seal);
  if (memcmp(bytes.at + size, seal, SEAL_SIZE) != 0) return false;
  utimensat(AT_FDCWD, str_to_z(arena, at), NULL, 0);
  *path = at;
  return true;
}

/* Without fsync, unlike file_write: what a crash cuts short, the seal shows. */
static bool write_whole(const char *path, Str object, const char seal[SEAL_SIZE])
{
  int handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (handle < 0) return false;
  FILE *file = fdopen(handle, "wb");
  if (!file) {
    close(handle);
    return false;
  }
  bool fine =
      fwrite(object.at, 1, object.len, file) == object.len && fwrite(seal, 1, SEAL_SIZE, file) == SEAL_SIZE;
  return fclose(file) == 0 && fine;
}

bool object_cache_put(Arena *arena, Str folder, Hash key, Str object, Str *path, Diags *diags)
{
  Str at = object_path(arena, folder, key);
  if (!dir_make(path_folder(at), diags)) return false;
  char seal[SEAL_SIZE];
  seal_of(arena, key, object, seal);
  char *target = str_to_z(arena, at);
  Str temporary = str_format(arena, "%s.%016llx.tmp", target, (unsigned long long)random_u64());
  char *from = str_to_z(arena, temporary);
  if (!write_whole(from, object, seal) || rename(from, target)) {
    diag_errno(diags, errno, "write", at);
    unlink(from);
    return false;
  }
  *path = at;
  return true;
}

/* --- trimming */

typedef struct CachedObject {
  char *path;
  uint64_t size;
  struct timespec used;
} CachedObject;

typedef struct Inventory {
  Arena *arena;
  VEC(CachedObject) objects;
  uint64_t size;
} Inventory;

static void take_inventory(Inventory *self, Str folder)
{
  Diags unheard = diags_in(self->arena);
  Str *names;
  size_t count;
  if (!dir_exists(folder) || !dir_list(self->arena, folder, &names, &count, &unheard)) return;
  for (size_t i = 0; i < count; i++) {
    char *path = str_to_z(self->arena, path_join(self->arena, folder, names[i]));
    struct stat status;
    if (lstat(path, &status)) continue;
    if (str_ends_with(names[i], STR(".tmp")) && status.st_mtim.tv_sec < time(NULL) - LEFTOVER_SECONDS)
      unlink(path);
    if (!str_ends_with(names[i], STR(".so"))) continue;
    CachedObject object = {path, (uint64_t)status.st_size, status.st_mtim};
    vec_push(self->arena, &self->objects, object);
    self->size += object.size;
  }
}

static int by_use(const void *left, const void *right)
{
  const struct timespec *a = &((const CachedObject *)left)->used, *b = &((const CachedObject *)right)->used;
  if (a->tv_sec != b->tv_sec) return a->tv_sec < b->tv_sec ? -1 : 1;
  return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

static void remove_leftovers(Arena *arena, Str folder)
{
  Diags unheard = diags_in(arena);
  Str *names;
  size_t count;
  if (!dir_list(arena, folder, &names, &count, &unheard)) return;
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(arena, folder, names[i]);
    struct stat status;
    if (lstat(str_to_z(arena, path), &status) == 0 && status.st_mtim.tv_sec < time(NULL) - LEFTOVER_SECONDS)
      dir_remove(path);
  }
}

void object_cache_trim(Arena *arena, Str folder, uint64_t limit)
{
  Diags unheard = diags_in(arena);
  Inventory inventory = {.arena = arena};
  Str objects = objects_folder(arena, folder), *names;
  size_t count;
  if (!dir_list(arena, objects, &names, &count, &unheard)) return;
  for (size_t i = 0; i < count; i++) take_inventory(&inventory, path_join(arena, objects, names[i]));
  if (inventory.size > limit) {
    qsort(inventory.objects.at, inventory.objects.len, sizeof *inventory.objects.at, by_use);
    for (size_t i = 0; i < inventory.objects.len && inventory.size > limit; i++) {
      unlink(inventory.objects.at[i].path);
      inventory.size -= inventory.objects.at[i].size;
    }
  }
  remove_leftovers(arena, path_join(arena, folder, STR("tmp")));
}
