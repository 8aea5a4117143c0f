#include "runtime/seccomp_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Stands in the filter for the process's own number, which is not known when it is built. */
#define OWN_PID 0x5ea1f00du
/* Process id and thread id of tgkill. */
enum { OWN_PID_PLACES = 2 };

typedef struct Rule {
  int call;
  unsigned conditions;
  struct scmp_arg_cmp when[3]; /* all must hold; several rules for one call: any may hold */
} Rule;

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* clang-format off */
#define RULE(name) {SCMP_SYS(name), 0, {{0}}}
#define RULE_IF(name, ...) {SCMP_SYS(name), COUNT(((struct scmp_arg_cmp[]){__VA_ARGS__})), {__VA_ARGS__}}
/* Argument `index` equals `value`; has none of the bits in `mask`; has of them those in `value`; is below. */
#define IS(index, value) {(index), SCMP_CMP_EQ, (value), 0}
#define HAS_NONE(index, mask) {(index), SCMP_CMP_MASKED_EQ, (mask), 0}
#define HAS(index, mask, value) {(index), SCMP_CMP_MASKED_EQ, (mask), (value)}
#define BELOW(index, value) {(index), SCMP_CMP_LT, (value), 0}
/* clang-format on */

/* Advice from 100 on takes physical memory away from the machine. */
enum { ADVICE_FOR_ROOT = 100, MAP_KINDS = MAP_TYPE | MAP_ANONYMOUS | MAP_GROWSDOWN };

/* What run workers have at all times. */
static const Rule worker_rules[] = {
    RULE_IF(write, IS(0, WORKER_PORT)),
    RULE_IF(write, IS(0, STDERR_FILENO)), /* which leads nowhere: last words before an abort */
    RULE(munmap),
    RULE(mremap),
    RULE_IF(madvise, BELOW(2, ADVICE_FOR_ROOT)),
    RULE(brk),
    RULE(exit),
    RULE(exit_group),
    RULE(rt_sigreturn),
    RULE(rt_sigaction),
    RULE(rt_sigprocmask),
    RULE(sigaltstack),
    RULE(setitimer),
    RULE(restart_syscall),
    RULE(futex),
    RULE(sched_yield),
    RULE(clock_gettime),
    RULE(clock_getres),
    RULE(gettimeofday),
    RULE(time),
    RULE(getrandom),
    RULE(getpid),
    RULE(gettid),
    RULE_IF(tgkill, IS(0, OWN_PID), IS(1, OWN_PID)),
};

/* After the doors closed. Memory that no rlimit would count (shared, or growing down) is not to be had. */
static const Rule run_rules[] = {
    RULE_IF(mmap, HAS_NONE(2, PROT_EXEC), HAS(3, MAP_KINDS, MAP_PRIVATE | MAP_ANONYMOUS)),
    RULE_IF(mprotect, HAS_NONE(2, PROT_EXEC)),
};

/* Before: the loader's needs, and reading files. Landlock and O_RDONLY both forbid writing. */
static const Rule prepare_rules[] = {
    RULE_IF(mmap, HAS_NONE(2, PROT_WRITE)),
    RULE_IF(mmap, HAS_NONE(2, PROT_EXEC), HAS_NONE(3, MAP_GROWSDOWN)),
    RULE_IF(mprotect, HAS_NONE(2, PROT_WRITE)),
    RULE_IF(mprotect, HAS_NONE(2, PROT_EXEC)),
    RULE_IF(openat, HAS_NONE(2, O_ACCMODE | O_CREAT | O_TRUNC)),
    RULE_IF(open, HAS_NONE(1, O_ACCMODE | O_CREAT | O_TRUNC)),
    RULE(close),
    RULE(read),
    RULE(readv),
    RULE(pread64),
    RULE(lseek),
    RULE(fstat),
    RULE(stat),
    RULE(lstat),
    RULE(newfstatat),
    RULE(statx),
    RULE(fadvise64),
    RULE(access),
    RULE(faccessat),
    RULE(faccessat2),
    RULE(readlink),
    RULE(readlinkat),
    RULE(getcwd),
    RULE(getdents64),
    RULE_IF(fcntl, IS(1, F_GETFD)),
    RULE_IF(fcntl, IS(1, F_SETFD)),
    RULE_IF(fcntl, IS(1, F_GETFL)),
    RULE(sched_getaffinity),
    RULE(getuid),
    RULE(geteuid),
    RULE(getgid),
    RULE(getegid),
    RULE(sysinfo),
    RULE(uname),
    RULE(getrlimit),
    RULE_IF(prlimit64, IS(0, 0), IS(2, 0)), /* asks, does not set */
    /* What closes the doors: each can only narrow what it may do. */
    RULE_IF(seccomp, IS(0, SECCOMP_SET_MODE_FILTER)),
    RULE(landlock_create_ruleset),
    RULE(landlock_restrict_self),
    RULE(capset),
    RULE(capget),
    RULE_IF(prctl, IS(0, PR_SET_SECUREBITS)),
};

/* What AddressSanitizer needs besides to write a report; then what it tries for a better one, after the doors
 * closed. */
static const Rule sanitizer_rules[] = {
    RULE_IF(ioctl, IS(1, TCGETS)),
    RULE(getrusage),
};
static const int sanitizer_tries[] = {
    SCMP_SYS(open),  SCMP_SYS(openat), SCMP_SYS(readlink),   SCMP_SYS(readlinkat), SCMP_SYS(stat),
    SCMP_SYS(close), SCMP_SYS(prctl),  SCMP_SYS(newfstatat), SCMP_SYS(prlimit64),
};

#define NEW_NAMESPACES \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* What compilers, linkers, wabt, binaryen, rustc and node use; Landlock says on which files. Processes cannot
 * leave the group that is killed at the end, so there is no setsid or setpgid. */
static const Rule tool_rules[] = {
    RULE(read),
    RULE(write),
    RULE(readv),
    RULE(writev),
    RULE(pread64),
    RULE(pwrite64),
    RULE(lseek),
    RULE(close),
    RULE(close_range),
    RULE(dup),
    RULE(dup2),
    RULE(dup3),
    RULE(pipe),
    RULE(pipe2),
    RULE(eventfd2),
    RULE(memfd_create),
    RULE(copy_file_range),
    RULE(sendfile),
    RULE(fadvise64),
    RULE(fallocate),
    RULE(ftruncate),
    RULE(fsync),
    RULE(fdatasync),
    RULE(flock),
    RULE_IF(fcntl, IS(1, F_DUPFD)),
    RULE_IF(fcntl, IS(1, F_DUPFD_CLOEXEC)),
    RULE_IF(fcntl, IS(1, F_GETFD)),
    RULE_IF(fcntl, IS(1, F_SETFD)),
    RULE_IF(fcntl, IS(1, F_GETFL)),
    RULE_IF(fcntl, IS(1, F_SETFL)),
    RULE_IF(fcntl, IS(1, F_GETLK)),
    RULE_IF(fcntl, IS(1, F_SETLK)),
    RULE_IF(fcntl, IS(1, F_SETLKW)),
    RULE_IF(ioctl, IS(1, TCGETS)),
    RULE_IF(ioctl, IS(1, TIOCGWINSZ)),
    RULE_IF(ioctl, IS(1, FIOCLEX)),
    RULE_IF(ioctl, IS(1, FIONBIO)),
    RULE_IF(ioctl, IS(1, FIONREAD)),
    /* Landlock before its third version lets a file be cut that is opened only for reading. */
    RULE_IF(open, HAS_NONE(1, O_TRUNC)),
    RULE_IF(open, HAS(1, O_ACCMODE, O_WRONLY)),
    RULE_IF(open, HAS(1, O_ACCMODE, O_RDWR)),
    RULE_IF(openat, HAS_NONE(2, O_TRUNC)),
    RULE_IF(openat, HAS(2, O_ACCMODE, O_WRONLY)),
    RULE_IF(openat, HAS(2, O_ACCMODE, O_RDWR)),
    RULE(creat),
    RULE(stat),
    RULE(lstat),
    RULE(fstat),
    RULE(newfstatat),
    RULE(statx),
    RULE(statfs),
    RULE(fstatfs),
    RULE(access),
    RULE(faccessat),
    RULE(faccessat2),
    RULE(readlink),
    RULE(readlinkat),
    RULE(getdents64),
    RULE(getcwd),
    RULE(chdir),
    RULE(fchdir),
    RULE(umask),
    RULE(mkdir),
    RULE(mkdirat),
    RULE(rmdir),
    RULE(unlink),
    RULE(unlinkat),
    RULE(rename),
    RULE(renameat),
    RULE(renameat2),
    RULE(link),
    RULE(linkat),
    RULE(symlink),
    RULE(symlinkat),
    RULE(mmap),
    RULE(mprotect),
    RULE(pkey_alloc),
    RULE(pkey_free),
    RULE(pkey_mprotect),
    RULE(munmap),
    RULE(mremap),
    RULE(msync),
    RULE(mincore),
    RULE_IF(madvise, BELOW(2, ADVICE_FOR_ROOT)),
    RULE(membarrier),
    RULE(brk),
    RULE(arch_prctl),
    RULE(set_tid_address),
    RULE(set_robust_list),
    RULE(get_robust_list),
    RULE(rseq),
    RULE_IF(clone, HAS_NONE(0, NEW_NAMESPACES)),
    RULE(fork),
    RULE(vfork),
    RULE(execve),
    RULE(wait4),
    RULE(waitid),
    RULE(exit),
    RULE(exit_group),
    RULE(rt_sigreturn),
    RULE(rt_sigaction),
    RULE(rt_sigprocmask),
    RULE(rt_sigsuspend),
    RULE(rt_sigtimedwait),
    RULE(rt_sigpending),
    RULE(sigaltstack),
    RULE(pause),
    RULE(alarm),
    RULE(setitimer),
    RULE(getitimer),
    RULE(timer_create),
    RULE(timer_settime),
    RULE(timer_delete),
    RULE(timerfd_create),
    RULE(timerfd_settime),
    RULE(restart_syscall),
    RULE(nanosleep),
    RULE(clock_nanosleep),
    RULE(clock_gettime),
    RULE(clock_getres),
    RULE(gettimeofday),
    RULE(time),
    RULE(times),
    RULE(futex),
    RULE(sched_yield),
    RULE(sched_getaffinity),
    RULE(getcpu),
    RULE(getrandom),
    RULE(poll),
    RULE(ppoll),
    RULE(select),
    RULE(pselect6),
    RULE(epoll_create1),
    RULE(epoll_ctl),
    RULE(epoll_wait),
    RULE(epoll_pwait),
    RULE(epoll_pwait2),
    RULE(getpid),
    RULE(gettid),
    RULE(getppid),
    RULE(getpgrp),
    RULE(getpgid),
    RULE(getsid),
    RULE(getuid),
    RULE(geteuid),
    RULE(getgid),
    RULE(getegid),
    RULE(getresuid),
    RULE(getresgid),
    RULE(getgroups),
    RULE(capget),
    RULE(getpriority),
    RULE(getrusage),
    RULE(getrlimit),
    RULE(setrlimit),
    RULE_IF(prlimit64, IS(0, 0)),
    RULE(sysinfo),
    RULE(uname),
    RULE_IF(prctl, IS(0, PR_SET_NAME)),
    RULE_IF(prctl, IS(0, PR_GET_NAME)),
    RULE_IF(prctl, IS(0, PR_SET_VMA)),
    RULE_IF(prctl, IS(0, PR_GET_DUMPABLE)),
    /* A pair of connected sockets reaches nobody else, unless it takes addresses as datagrams do. */
    RULE_IF(socketpair, IS(0, AF_UNIX), HAS(1, 0xf, SOCK_STREAM)),
    RULE_IF(socketpair, IS(0, AF_UNIX), HAS(1, 0xf, SOCK_SEQPACKET)),
    RULE(recvfrom),
    RULE(recvmsg),
    RULE(shutdown),
};

static const Rule signal_rules[] = {
    RULE(kill),
    RULE(tkill),
    RULE(tgkill),
};

/* Landlock does not govern these, and no output needs them: they do nothing and say that they worked. */
static const int ignored_calls[] = {
    SCMP_SYS(chmod),  SCMP_SYS(fchmod),   SCMP_SYS(fchmodat),  SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(utimensat), SCMP_SYS(utime), SCMP_SYS(utimes),
};

/* Tools ask for these in good faith and cope with a refusal. */
static const int refused_calls[] = {
    SCMP_SYS(socket),   SCMP_SYS(connect),           SCMP_SYS(bind),        SCMP_SYS(setpgid),
    SCMP_SYS(setsid),   SCMP_SYS(sched_setaffinity), SCMP_SYS(setpriority), SCMP_SYS(perf_event_open),
    SCMP_SYS(setxattr), SCMP_SYS(fsetxattr),         SCMP_SYS(lsetxattr),   SCMP_SYS(mknod),
    SCMP_SYS(mknodat),  SCMP_SYS(truncate),
};

/* No tool asks for these in good faith. */
static const int deadly_calls[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(bpf),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(syslog),
    SCMP_SYS(vhangup),
    SCMP_SYS(personality),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
};

static int allow(scmp_filter_ctx context, const Rule *rules, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    int error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rules[i].call, rules[i].conditions,
                                       rules[i].conditions ? rules[i].when : NULL);
    if (error) return -error;
  }
  return 0;
}

static int act(scmp_filter_ctx context, uint32_t action, const int *calls, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    int error = seccomp_rule_add(context, action, calls[i], 0);
    if (error) return -error;
  }
  return 0;
}

static int add_tool_rules(scmp_filter_ctx context, bool with_signals)
{
  int error = allow(context, tool_rules, COUNT(tool_rules));
  if (!error && with_signals) error = allow(context, signal_rules, COUNT(signal_rules));
  if (!error) error = act(context, SCMP_ACT_ERRNO(0), ignored_calls, COUNT(ignored_calls));
  if (!error) error = act(context, SCMP_ACT_ERRNO(EPERM), refused_calls, COUNT(refused_calls));
  if (!error) error = act(context, SCMP_ACT_KILL_PROCESS, deadly_calls, COUNT(deadly_calls));
  return error;
}

static int add_worker_rules(scmp_filter_ctx context, SyscallProfile profile)
{
  bool prepares = profile == SYSCALLS_PREPARE;
  int error = allow(context, worker_rules, COUNT(worker_rules));
  if (!error && prepares) error = allow(context, prepare_rules, COUNT(prepare_rules));
  if (!error && !prepares) error = allow(context, run_rules, COUNT(run_rules));
  if (WORKER_SANITIZED && !error) error = allow(context, sanitizer_rules, COUNT(sanitizer_rules));
  if (WORKER_SANITIZED && !error && !prepares)
    error = act(context, SCMP_ACT_ERRNO(EPERM), sanitizer_tries, COUNT(sanitizer_tries));
  return error;
}

static int add_rules(scmp_filter_ctx context, SyscallProfile profile)
{
  switch (profile) {
  case SYSCALLS_PREPARE:
  case SYSCALLS_RUN: return add_worker_rules(context, profile);
  case SYSCALLS_TOOL: return add_tool_rules(context, false);
  case SYSCALLS_TOOL_SCOPED: return add_tool_rules(context, true);
  }
  return EINVAL;
}

/* The library writes the program to a file only; this is one without a name. */
static int export_program(scmp_filter_ctx context, SyscallFilter *out)
{
  int file = memfd_create("filter", MFD_CLOEXEC);
  if (file < 0) return errno;
  int error = -seccomp_export_bpf(context, file);
  ssize_t size = error ? 0 : pread(file, out->code, sizeof out->code, 0);
  if (size < 0) error = errno;
  if (!error && (size == 0 || (size_t)size == sizeof out->code)) error = E2BIG;
  close(file);
  out->length = error ? 0 : (size_t)size / sizeof(struct sock_filter);
  return error;
}

/* Puts `pid` in the places that wait for it; returns how many there were. */
static unsigned fill_in_pid(SyscallFilter *self, uint32_t pid)
{
  unsigned places = 0;
  for (size_t i = 0; i < self->length; i++) {
    struct sock_filter instruction;
    memcpy(&instruction, &self->code[i], sizeof instruction);
    if (instruction.code != (BPF_JMP | BPF_JEQ | BPF_K) || instruction.k != OWN_PID) continue;
    instruction.k = pid;
    memcpy(&self->code[i], &instruction, sizeof instruction);
    places++;
  }
  return places;
}

static bool kernel_can_kill(void)
{
  uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int syscall_filter_build(SyscallProfile profile, SyscallFilter *out)
{
  _Static_assert(sizeof(struct sock_filter) == sizeof out->code[0], "a filter's instruction has 8 bytes");
  if (!kernel_can_kill()) return ENOSYS;
  bool tool = profile == SYSCALLS_TOOL || profile == SYSCALLS_TOOL_SCOPED;
  /* ENOSYS: tools then fall back to calls whose arguments can be seen, as from clone3 to clone. */
  scmp_filter_ctx context = seccomp_init(tool ? SCMP_ACT_ERRNO(ENOSYS) : SCMP_ACT_KILL_PROCESS);
  if (!context) return ENOMEM;
  int error = add_rules(context, profile);
  if (!error) error = -seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (!error) error = -seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  if (!error) error = export_program(context, out);
  seccomp_release(context);
  if (!error && !tool && fill_in_pid(out, OWN_PID) != OWN_PID_PLACES) error = ENOTSUP;
  return error;
}

bool syscall_filter_install(SyscallFilter *self)
{
  fill_in_pid(self, (uint32_t)getpid());
  union {
    uint64_t *words;
    struct sock_filter *instructions;
  } code = {self->code};
  struct sock_fprog program = {.len = (unsigned short)self->length, .filter = code.instructions};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
