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

/* What may be read of something that does not know its size; files in /proc do not either. */
static size_t limit_of(const struct stat *status, int handle, size_t limit)
{
  if (S_ISREG(status->st_mode) && status->st_size > 0) return limit;
  size_t most = S_ISCHR(status->st_mode) && !isatty(handle) ? FILE_DEVICE_MAX : FILE_STREAM_MAX;
  return limit < most ? limit : most;
}

/* Reads on until the end, or until `*bytes` has one byte more than `limit`; grows it where `cap` is not
 * enough. 0, or an errno. */
static int read_until(int handle, size_t limit, size_t cap, char **bytes, size_t *len)
{
  for (;;) {
    if (*len > limit) return EFBIG;
    if (*len == cap) {
      cap = cap < 2048 ? 4096 : cap > limit / 2 ? limit + 1 : cap * 2;
      char *wider = realloc(*bytes, cap);
      if (!wider) return ENOMEM;
      *bytes = wider;
    }
    ssize_t got = read(handle, *bytes + *len, cap - *len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (!got) return 0;
    *len += (size_t)got;
  }
}

/* What knows its size is read to where it stays. 0, or an errno. */
static int read_sized(Arena *arena, int handle, size_t size, Str *out)
{
  char *bytes = arena_alloc_raw(arena, size + 1);
  size_t len = 0;
  while (len <= size) {
    ssize_t got = read(handle, bytes + len, size + 1 - len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (!got) break;
    len += (size_t)got;
  }
  *out = (Str){bytes, len};
  return 0;
}

/* Reads all of a file of at most `*limit` bytes; that is lowered where it may have no end. 0, or an errno. */
static int read_all(Arena *arena, int handle, size_t *limit, Str *out)
{
  struct stat status;
  Str begun = {0};
  if (fstat(handle, &status)) return errno;
  *limit = limit_of(&status, handle, *limit);
  size_t size = S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
  if (size > *limit) return EFBIG;
  int error = size ? read_sized(arena, handle, size, &begun) : 0;
  if (error) return error;
  if (size && begun.len <= size) {
    *out = begun;
    return 0;
  }
  size_t len = begun.len, cap = len > FIRST_READ ? len : FIRST_READ; /* a file may have grown meanwhile */
  char *bytes = malloc(cap);
  if (!bytes) return ENOMEM;
  if (len) memcpy(bytes, begun.at, len);
  error = read_until(handle, *limit, cap, &bytes, &len);
  if (!error) *out = str_copy(arena, (Str){bytes, len});
  free(bytes);
  return error;
}

static void report_too_large(Diags *diags, Str path, size_t limit, size_t known_limit)
{
  if (limit == known_limit) {
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "'%.*s' is larger than the limit of %zu bytes", STR_ARG(path),
               limit);
    return;
  }
  bool is_stream = str_equal(path, STR("-"));
  Str name = is_stream ? STR("standard input") : str_format(diags->arena, "'%.*s'", STR_ARG(path));
  Diag *diag = diag_error(diags, DIAG_INPUT, SPAN_NONE, "%.*s has not ended after %zu MiB", STR_ARG(name),
                          limit >> 20);
  if (limit == FILE_DEVICE_MAX)
    diag_note(diags, diag, SPAN_NONE, "it is a device, which may have no end: give a file or a pipe");
  else
    diag_note(diags, diag, SPAN_NONE,
              "of what does not know its size no more is read: give a file, which may be larger");
}

bool file_read(Arena *arena, Str path, size_t limit, Str *out, Diags *diags)
{
  size_t known_limit = limit;
  int handle = open_to_read(path);
  int error = handle < 0 ? errno : read_all(arena, handle, &limit, out);
  if (handle >= 0) close(handle);
  if (error == EFBIG)
    report_too_large(diags, path, limit, known_limit);
  else if (error && str_equal(path, STR("-")))
    diag_errno_stream(diags, error, "read", "standard input");
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

/* Writes it all to the disk and closes. With the owner and mode of `old`, where there is one; only root can
 * give files away, others keep what they can. */
static int write_and_close(int handle, Str bytes, const struct stat *old)
{
  int error = write_all(handle, bytes);
  if (old && fchown(handle, old->st_uid, old->st_gid) && fchown(handle, (uid_t)-1, old->st_gid)) {
  }
  if (!error && old && fchmod(handle, old->st_mode & 07777)) error = errno;
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

static int replace(Str path, Str bytes, const struct stat *old)
{
  PathZ target, temporary;
  if (!path_to_z(path, &target)) return errno;
  Str folder = path_folder(path);
  int len = snprintf(temporary.text, sizeof temporary.text, "%.*s/.assay-%016llx", STR_ARG(folder),
                     (unsigned long long)random_u64());
  if (len < 0 || (size_t)len >= sizeof temporary.text) return ENAMETOOLONG;
  int handle = open_retrying(temporary.text, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (handle < 0) return errno;
  int error = write_and_close(handle, bytes, old);
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
  if (stat(z.text, &status)) return errno == ENOENT ? replace(path, bytes, NULL) : errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (!S_ISREG(status.st_mode)) {
    int handle = open_retrying(z.text, O_WRONLY | O_NOCTTY, 0);
    return handle < 0 ? errno : write_and_close(handle, bytes, NULL);
  }
  if (!realpath(z.text, real.text)) return errno;
  return replace(str_from_z(real.text), bytes, &status);
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
