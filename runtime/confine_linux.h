/* What workers give up besides system calls: files (Landlock), limits, capabilities. All of it is called in
 * the worker itself, between fork and the untrusted part, and is async-signal-safe. Not for use outside the
 * sandbox. */
#ifndef RUNTIME_CONFINE_LINUX_H
#define RUNTIME_CONFINE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may be done below a path. */
typedef enum Grant {
  GRANT_READ,       /* read and execute */
  GRANT_READ_WRITE, /* a device: read and write, no more */
  GRANT_ALL,        /* also make, rename and remove files, folders, links */
} Grant;

typedef struct GrantedPath {
  const char *path; /* absolute; a missing one is passed over */
  Grant grant;
} GrantedPath;

/* The version of Landlock that the kernel has; 0: none. */
unsigned landlock_version(void);
/* Files can be written, made and removed nowhere any more; no TCP; with Landlock 6 no signals to others. True
 * also where the kernel has no Landlock; false with errno. */
bool confine_writing(void);
/* No file can be opened any more. */
bool confine_all_files(void);
/* Only these can be opened, each as granted. */
bool confine_to_paths(const GrantedPath *paths, size_t count);

/* Lowers a limit, `resource` as in setrlimit, to `most`; a lower one stays. The hard limit of processor time
 * is a second higher, so that it is SIGXCPU that ends the process. False with errno. */
bool confine_limit(int resource, uint64_t most);
/* Gives up root's powers for good, exec included; `keep_file_access` keeps that over the files of others. */
bool confine_capabilities(bool keep_file_access);

#endif
