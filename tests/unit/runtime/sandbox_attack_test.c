/* What a worker may not do ends it, and only it. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/runtime/sandbox_inbox.h"

typedef void Act(void *context, SandboxPort *port);

/* Handles, variables, powers: what a worker has right after it began. */
static bool describe_itself(void *context, SandboxPort *port)
{
  (void)context;
  int open_handles = 0;
  for (int handle = 0; handle < 256; handle++) open_handles += fcntl(handle, F_GETFD) >= 0;
  if (open_handles != 4) sandbox_send(port, STR("handles"));
  if (environ && *environ) sandbox_send(port, STR("environment"));
  char status[8192] = {0};
  int file = open("/proc/self/status", O_RDONLY);
  if (file < 0 || read(file, status, sizeof status - 1) <= 0) sandbox_send(port, STR("unreadable"));
  if (!strstr(status, "NoNewPrivs:\t1")) sandbox_send(port, STR("no new privileges"));
  if (!strstr(status, "Seccomp:\t2")) sandbox_send(port, STR("seccomp"));
  return true;
}

static void do_nothing(void *context, SandboxPort *port)
{
  (void)context;
  (void)port;
}

static void test_a_worker_inherits_nothing_but_its_port(void **state)
{
  Inbox inbox = {0};
  SandboxJob job = {.prepare = describe_itself, .run = do_nothing};
  int extra = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_DONE);
  close(extra);
  assert_string_equal(inbox.last, "");
}

/* One attack, and the word that it was not deadly. */
#define ATTACK(name, ...)                                                \
  static void name(void *context, SandboxPort *port)                     \
  {                                                                      \
    (void)context;                                                       \
    __VA_ARGS__;                                                         \
    sandbox_send(port, result == -1 ? STR("denied") : STR("succeeded")); \
  }

static volatile long result; /* what an attack got: nobody looks */

ATTACK(open_a_file, result = open("/etc/passwd", O_RDONLY))
ATTACK(make_a_file, result = open("/tmp/assay-attack", O_WRONLY | O_CREAT, 0600))
ATTACK(read_own_memory, result = open("/proc/self/mem", O_RDWR))
ATTACK(make_a_socket, result = socket(AF_INET, SOCK_STREAM, 0))
ATTACK(make_a_unix_socket, result = socket(AF_UNIX, SOCK_DGRAM, 0))
ATTACK(execute, result = execl("/bin/true", "true", (char *)NULL))
ATTACK(fork_itself, result = fork())
ATTACK(clone_itself, result = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))
ATTACK(clone_itself_anew, result = syscall(SYS_clone3, NULL, 0))
ATTACK(trace_the_parent, result = ptrace(PTRACE_ATTACH, *(pid_t *)context, NULL, NULL))
ATTACK(kill_the_parent, result = kill(*(pid_t *)context, SIGKILL))
ATTACK(kill_the_parents_thread, result = syscall(SYS_tgkill, *(pid_t *)context, *(pid_t *)context, SIGKILL))
ATTACK(queue_a_signal, result = sigqueue(*(pid_t *)context, SIGKILL, (union sigval){0}))
ATTACK(map_executable_memory, result = (long)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
ATTACK(map_a_file, result = (long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0))
ATTACK(map_shared_memory,
       result = (long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
ATTACK(write_elsewhere, result = write(1, "x", 1))
ATTACK(read_its_port, char byte; result = read(3, &byte, 1))
ATTACK(copy_its_port, result = dup(3))
ATTACK(close_its_port, result = close(3))
ATTACK(raise_its_limits, result = setrlimit(RLIMIT_DATA, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}))
ATTACK(poison_memory, result = madvise((void *)((uintptr_t)context & ~(uintptr_t)4095), 4096, 101))
ATTACK(set_up_a_ring, result = syscall(425, 8, NULL))
ATTACK(load_a_program_into_the_kernel, result = syscall(SYS_bpf, 0, NULL, 0))
ATTACK(set_its_name, result = prctl(PR_SET_NAME, "innocent"))
ATTACK(make_its_memory_executable, long page = sysconf(_SC_PAGESIZE);
       char *at = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       result = mprotect(at, (size_t)page, PROT_READ | PROT_EXEC))

#ifdef __x86_64__
ATTACK(call_the_32_bit_kernel, long number = 20; __asm__ volatile("int $0x80"
                                                                  : "+a"(number)::"memory");
       result = number)
#else
#define call_the_32_bit_kernel set_its_name
#endif

static Act *const attacks[] = {
    open_a_file,
    make_a_file,
    read_own_memory,
    make_a_socket,
    make_a_unix_socket,
    execute,
    fork_itself,
    clone_itself,
    clone_itself_anew,
    trace_the_parent,
    kill_the_parent,
    kill_the_parents_thread,
    queue_a_signal,
    map_executable_memory,
    map_a_file,
    map_shared_memory,
    write_elsewhere,
    read_its_port,
    copy_its_port,
    close_its_port,
    raise_its_limits,
    poison_memory,
    set_up_a_ring,
    load_a_program_into_the_kernel,
    set_its_name,
    make_its_memory_executable,
    call_the_32_bit_kernel,
};

/* AddressSanitizer must live on when it tries what a worker may not. */
static bool is_repelled(const SandboxOutcome *outcome, const Inbox *inbox)
{
  if (outcome->end == SANDBOX_FORBIDDEN) return inbox->messages == 0;
  return HAS_ASAN && outcome->end == SANDBOX_DONE && str_equal(str_from_z(inbox->last), STR("denied"));
}

static void test_every_attack_ends_its_worker(void **state)
{
  pid_t self = getpid();
  for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
    Inbox inbox = {0};
    SandboxJob job = {.run = attacks[i], .context = &self};
    SandboxOutcome outcome = outcome_within(*state, &job, NULL, &inbox);
    if (!is_repelled(&outcome, &inbox))
      fail_msg("attack %zu: end %d, signal %d, %s", i, (int)outcome.end, outcome.signal, inbox.last);
  }
}

/* In prepare a forged shared object's constructors run. */
static Act *const early_attacks[] = {
    make_a_file,
    make_a_socket,
    make_a_unix_socket,
    execute,
    fork_itself,
    clone_itself,
    clone_itself_anew,
    trace_the_parent,
    kill_the_parent,
    queue_a_signal,
    kill_the_parents_thread,
    write_elsewhere,
    copy_its_port,
    raise_its_limits,
    map_executable_memory,
    poison_memory,
    set_up_a_ring,
    set_its_name,
    load_a_program_into_the_kernel,
};

typedef struct Early {
  Act *attack;
  pid_t supervisor;
} Early;

static bool attack_early(void *context, SandboxPort *port)
{
  Early *early = context;
  early->attack(&early->supervisor, port);
  return true;
}

static void test_every_early_attack_ends_its_worker(void **state)
{
  for (size_t i = 0; i < sizeof early_attacks / sizeof *early_attacks; i++) {
    Inbox inbox = {0};
    Early early = {.attack = early_attacks[i], .supervisor = getpid()};
    SandboxJob job = {.prepare = attack_early, .run = do_nothing, .context = &early};
    SandboxOutcome outcome = outcome_within(*state, &job, NULL, &inbox);
    if (!is_repelled(&outcome, &inbox))
      fail_msg("attack %zu: end %d, signal %d, %s", i, (int)outcome.end, outcome.signal, inbox.last);
  }
}

static void loop_for_ever(void *context, SandboxPort *port)
{
  (void)context;
  (void)port;
  for (volatile unsigned turn = 0;; turn++) {
  }
}

/* The supervisor dies without a word; its worker must not outlive it. */
static bool tell_pid(void *context, SandboxPort *port)
{
  (void)port;
  pid_t *shared = context;
  *shared = getpid();
  return true;
}

static void test_workers_die_with_their_supervisor(void **state)
{
  (void)state;
  pid_t *worker = mmap(NULL, sizeof *worker, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int ended[2]; /* its writing end stays open in the supervisor only */
  assert_int_equal(pipe2(ended, O_CLOEXEC), 0);
  assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0); /* so that the worker is ours to wait for */
  pid_t supervisor = fork();
  if (supervisor == 0) {
    Arena *arena = arena_new();
    Diags diags = diags_in(arena);
    Inbox inbox = {0};
    SandboxOutcome outcome;
    SandboxJob job = {.prepare = tell_pid, .run = loop_for_ever, .context = worker};
    _exit(sandbox_run(&job, NULL, put_in_inbox, &inbox, &outcome, &diags) ? 0 : 1);
  }
  while (!__atomic_load_n(worker, __ATOMIC_SEQ_CST)) sched_yield();
  assert_int_equal(kill(supervisor, SIGKILL), 0);
  assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
  int status;
  assert_int_equal(waitpid(*worker, &status, 0), *worker);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  close(ended[0]);
  close(ended[1]);
  munmap(worker, sizeof *worker);
}

/* --- a kernel without
 * ---------------------------------------------------------------------------------------------- */

/* Makes a system call unknown to this process, as in an older kernel. */
static void forget_call(uint32_t number)
{
  struct sock_filter code[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
    _exit(99);
}

typedef bool InChild(Arena *arena);

/* Whether `check` holds in a process that has forgotten a call. */
static void expect_without_call(uint32_t number, InChild *check)
{
  pid_t child = fork();
  if (child == 0) {
    forget_call(number);
    Arena *arena = arena_new();
    bool holds = check(arena);
    arena_free(arena);
    _exit(holds ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static bool nothing_runs(Arena *arena)
{
  Diags diags = diags_in(arena);
  Inbox inbox = {0};
  SandboxOutcome outcome;
  SandboxJob job = {.run = do_nothing};
  if (sandbox_run(&job, NULL, put_in_inbox, &inbox, &outcome, &diags)) return false;
  if (diags.errors != 1 || diags.first->code != DIAG_SANDBOX) return false;
  Diags more = diags_in(arena);
  ProcessResult ended;
  const char *argv[] = {"true", NULL};
  if (sandbox_tool(arena, argv, STR("/tmp"), NULL, 0, STR(""), &ended, &more)) return false;
  return more.errors == 1 && more.first->code == DIAG_SANDBOX;
}

static void test_without_filters_nothing_runs(void **state)
{
  (void)state;
  expect_without_call(SYS_seccomp, nothing_runs);
}

static bool attacks_are_repelled(Arena *arena)
{
  pid_t self = getpid();
  for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
    Diags diags = diags_in(arena);
    Inbox inbox = {0};
    SandboxOutcome outcome;
    SandboxJob job = {.run = attacks[i], .context = &self};
    if (!sandbox_run(&job, NULL, put_in_inbox, &inbox, &outcome, &diags)) return false;
    if (!is_repelled(&outcome, &inbox)) return false;
  }
  return true;
}

static void test_without_landlock_attacks_are_repelled_too(void **state)
{
  (void)state;
  expect_without_call(SYS_landlock_create_ruleset, attacks_are_repelled);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_a_worker_inherits_nothing_but_its_port), TEST(test_every_attack_ends_its_worker),
      TEST(test_every_early_attack_ends_its_worker),     TEST(test_workers_die_with_their_supervisor),
      TEST(test_without_filters_nothing_runs),           TEST(test_without_landlock_attacks_are_repelled_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
