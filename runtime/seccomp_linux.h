/* System-call filters for workers: built where memory may be allocated, installed where it may not. Not for
 * use outside the sandbox. */
#ifndef RUNTIME_SECCOMP_LINUX_H
#define RUNTIME_SECCOMP_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
/* With AddressSanitizer run workers keep their standard error, and no limit of memory. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { WORKER_SANITIZED = 1 };
#else
enum { WORKER_SANITIZED = 0 };
#endif

/* The handle of a run worker's port, the only one it may write to. */
enum { WORKER_PORT = 3, SYSCALL_FILTER_MOST = 1024 };

typedef enum SyscallProfile {
  SYSCALLS_PREPARE,     /* a run worker that loads shared objects; what is not listed kills it */
  SYSCALLS_RUN,         /* a run worker after its doors closed: memory, time, its port; the rest kills it */
  SYSCALLS_TOOL,        /* a compiler: files, processes, threads; the rest fails, what is plainly an attack
                           kills */
  SYSCALLS_TOOL_SCOPED, /* the same with signals, where Landlock keeps them inside the worker */
} SyscallProfile;

/* A program for the kernel; a plain value. */
typedef struct SyscallFilter {
  uint64_t code[SYSCALL_FILTER_MOST]; /* struct sock_filter, eight bytes each */
  size_t length;
} SyscallFilter;

/* 0, or an errno value: ENOSYS where the kernel cannot filter. */
int syscall_filter_build(SyscallProfile profile, SyscallFilter *out);
/* Installs it for this process and its children, for good. Async-signal-safe; the profiles of run workers
 * must be installed by the worker itself, as they let it signal itself. False with errno. */
bool syscall_filter_install(SyscallFilter *self);

#endif
