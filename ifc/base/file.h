/* Files and folders. Writes are atomic: to a temporary name beside the target, then
 * fsync, then rename, so that a reader sees the old bytes or the new ones. */
#ifndef IFC_BASE_FILE_H
#define IFC_BASE_FILE_H

#include "ifc/base/arena.h"
#include "ifc/base/attributes.h"
#include "ifc/base/diag.h"
#include "ifc/base/str.h"

/* The whole file ("-": standard input), at most `limit` bytes. What does not know its size may have no end:
 * of a device that is no terminal at most FILE_DEVICE_MAX bytes are read, of a pipe for instance
 * FILE_STREAM_MAX, where `limit` is not less. False with a diagnostic otherwise. */
enum { FILE_DEVICE_MAX = 1 << 20, FILE_STREAM_MAX = 256 << 20 };
MUST_CHECK bool file_read(Arena *arena, Str path, size_t limit, Str *out, Diags *diags);
/* Replaces the file atomically, keeping its mode and, where the system allows it, its owner; makes missing
 * folders. Symbolic links are followed; a device or pipe is written to as it is. Nothing is left behind when
 * it fails. */
MUST_CHECK bool file_write(Str path, Str bytes, Diags *diags);
bool file_exists(Str path);
/* True for what file_exists says, but is neither a file nor a link to one: a pipe, a device. */
bool file_is_special(Str path);
bool dir_exists(Str path);
/* Makes the folder and its parents; mode 0777 less the umask. */
MUST_CHECK bool dir_make(Str path, Diags *diags);
/* The names in a folder, sorted bytewise, without "." and "..". */
MUST_CHECK bool dir_list(Arena *arena, Str path, Str **names, size_t *count, Diags *diags);
/* A new, empty folder, mode 0700, under `parent` (made if missing). */
MUST_CHECK bool dir_make_temporary(Arena *arena, Str parent, Str *out, Diags *diags);
/* Removes a folder with everything in it; symbolic links are removed, not followed. */
void dir_remove(Str path);

/* `folder`/`name`; `name` alone where it is absolute or `folder` is empty. */
Str path_join(Arena *arena, Str folder, Str name);
/* The part after the last slash. */
Str path_name(Str path);
/* The part before the last slash; "." without one. */
Str path_folder(Str path);
/* The part of the name after its last dot, without the dot; empty without one. */
Str path_extension(Str path);

/* Where state lives: $ASSAY_HOME, else $XDG_DATA_HOME/assay, else ~/.local/share/assay. */
Str home_folder(Arena *arena);
/* Where what can be made again lives: $ASSAY_HOME/cache, else $XDG_CACHE_HOME/assay, else ~/.cache/assay. */
Str cache_folder(Arena *arena);

/* An exclusive advisory lock on a file (made if missing), waited for; released by file_unlock or when
 * the process ends. Returns a handle, or -1 with a diagnostic. */
int file_lock(Str path, Diags *diags);
void file_unlock(int handle);

#endif
