#include "ifc/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/crypto.h"
#include "ifc/base/path.h"

enum { FIRST_READ = 64 * 1024 }; /* where the size is not known beforehand */

bool file_is_special(Str path)
{
  PathZ z;
  struct stat status;
  return path_to_z(path, &z) && stat(z.text, &status) == 0 && !S_ISDIR(status.st_mode) &&
         !S_ISREG(status.st_mode);
}

bool file_exists(Str path)
{
  PathZ z;
  struct stat status;
  return path_to_z(path, &z) && stat(z.text, &status) == 0 && !S_ISDIR(status.st_mode);
}

static int open_retrying(const char *path, int flags, mode_t mode)
{
  int handle;
  do handle = open(path, flags | O_CLOEXEC, mode);
  while (handle < 0 && errno == EINTR);
  return handle;
}

static int open_to_read(Str path)
{
  PathZ z;
  if (str_equal(path, STR("-"))) return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  return path_to_z(path, &z) ? open_retrying(z.text, O_RDONLY | O_NOCTTY, 0) : -1;
}

/* Reads until the end, or until one byte more than `limit` came. 0, or an errno. */
static int read_all(Arena *arena, int handle, size_t limit, Str *out)
{
  struct stat status;
  if (fstat(handle, &status)) return errno;
  if (S_ISREG(status.st_mode) && (uint64_t)status.st_size > limit) return EFBIG;
  size_t most = limit < SIZE_MAX - 1 ? limit + 1 : limit;
  size_t cap = S_ISREG(status.st_mode) ? (size_t)status.st_size + 1 : FIRST_READ, len = 0;
  if (cap > most) cap = most;
  char *bytes = arena_alloc_raw(arena, cap);
  for (;;) {
    if (len == cap) {
      size_t wider = cap < 1024 ? 4096 : cap > most / 2 ? most : cap * 2;
      if (wider > most) wider = most;
      bytes = arena_grow(arena, bytes, cap, wider);
      cap = wider;
    }
    ssize_t got = read(handle, bytes + len, cap - len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    len += (size_t)got;
    if (len > limit) return EFBIG;
    if (!got) break;
  }
  *out = (Str){bytes, len};
  return 0;
}

bool file_read(Arena *arena, Str path, size_t limit, Str *out, Diags *diags)
{
  int handle = open_to_read(path);
  int error = handle < 0 ? errno : read_all(arena, handle, limit, out);
  if (handle >= 0) close(handle);
  if (error == EFBIG)
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "'%.*s' is larger than the limit of %zu bytes", STR_ARG(path),
               limit);
  else if (error)
    diag_errno(diags, error, "read", path);
  return !error;
}

static int write_all(int handle, Str bytes)
{
  while (bytes.len) {
    ssize_t put = write(handle, bytes.at, bytes.len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes = str_slice(bytes, (size_t)put, bytes.len);
  }
  return 0;
}

/* Writes it all to the disk and closes. */
static int write_and_close(int handle, Str bytes, mode_t mode)
{
  int error = write_all(handle, bytes);
  if (!error && mode && fchmod(handle, mode)) error = errno;
  if (!error && fsync(handle) && errno != EINVAL && errno != EROFS) error = errno;
  if (close(handle) && !error) error = errno;
  return error;
}

/* Makes the rename itself last. A file system that cannot do so has nothing better. */
static void sync_folder(Str path)
{
  PathZ z;
  int handle = path_to_z(path_folder(path), &z) ? open_retrying(z.text, O_RDONLY | O_DIRECTORY, 0) : -1;
  if (handle < 0) return;
  fsync(handle);
  close(handle);
}

static int replace(Str path, Str bytes, mode_t mode)
{
  PathZ target, temporary;
  if (!path_to_z(path, &target)) return errno;
  Str folder = path_folder(path);
  int len = snprintf(temporary.text, sizeof temporary.text, "%.*s/.assay-%016llx", STR_ARG(folder),
                     (unsigned long long)random_u64());
  if (len < 0 || (size_t)len >= sizeof temporary.text) return ENAMETOOLONG;
  int handle = open_retrying(temporary.text, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (handle < 0) return errno;
  int error = write_and_close(handle, bytes, mode);
  if (!error && rename(temporary.text, target.text)) error = errno;
  if (error)
    unlink(temporary.text);
  else
    sync_folder(path);
  return error;
}

/* What is there decides: a link is followed, a device or pipe is written to, a file keeps its mode. */
static int write_to(Str path, Str bytes)
{
  PathZ z, real;
  struct stat status;
  if (!path_to_z(path, &z)) return errno;
  if (stat(z.text, &status)) return errno == ENOENT ? replace(path, bytes, 0) : errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (!S_ISREG(status.st_mode)) {
    int handle = open_retrying(z.text, O_WRONLY | O_NOCTTY, 0);
    return handle < 0 ? errno : write_and_close(handle, bytes, 0);
  }
  if (!realpath(z.text, real.text)) return errno;
  return replace(str_from_z(real.text), bytes, status.st_mode & 07777);
}

bool file_write(Str path, Str bytes, Diags *diags)
{
  if (!dir_make(path_folder(path), diags)) return false;
  int error = write_to(path, bytes);
  if (error) diag_errno(diags, error, "write", path);
  return !error;
}

int file_lock(Str path, Diags *diags)
{
  PathZ z;
  if (!dir_make(path_folder(path), diags)) return -1;
  int handle = path_to_z(path, &z) ? open_retrying(z.text, O_RDWR | O_CREAT | O_NOCTTY, 0666) : -1;
  int failed = handle;
  while (handle >= 0 && (failed = flock(handle, LOCK_EX)) && errno == EINTR) {
  }
  if (failed >= 0) return handle;
  diag_errno(diags, errno, "lock", path);
  if (handle >= 0) close(handle);
  return -1;
}

void file_unlock(int handle)
{
  if (handle >= 0) close(handle);
}
