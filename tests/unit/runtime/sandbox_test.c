/* Whatever a worker does, its supervisor gets an outcome and goes on. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ifc/base/arena.h"
#include "runtime/sandbox.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { HAS_ASAN = 1 };
#else
enum { HAS_ASAN = 0 };
#endif

/* --- support
 * --------------------------------------------------------------------------------------------------- */

/* What came from one worker. */
typedef struct Inbox {
  size_t messages, bytes;
  size_t stop_after; /* messages; 0: never */
  char last[256];
  bool torn; /* a message was not what `expected` says */
  const char *expected;
} Inbox;

static bool put_in_inbox(void *context, Str message)
{
  Inbox *inbox = context;
  inbox->messages++;
  inbox->bytes += message.len;
  if (inbox->expected && !str_equal(message, str_from_z(inbox->expected))) inbox->torn = true;
  if (message.len < sizeof inbox->last) {
    if (message.len) memcpy(inbox->last, message.at, message.len);
    inbox->last[message.len] = '\0';
  }
  return !inbox->stop_after || inbox->messages < inbox->stop_after;
}

static int set_up(void **state)
{
  Arena *arena = arena_new();
  *state = arena;
  return 0;
}

/* No test may leave a process behind, dead or alive. */
static int tear_down(void **state)
{
  arena_free(*state);
  errno = 0;
  return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

typedef void Act(void *context, SandboxPort *port);

static SandboxOutcome outcome_within(Arena *arena, const SandboxJob *job, const SandboxLimits *limits,
                                     Inbox *inbox)
{
  Diags diags = diags_in(arena);
  SandboxOutcome outcome = {0};
  assert_true(sandbox_run(job, limits, put_in_inbox, inbox, &outcome, &diags));
  assert_int_equal(diags.errors, 0);
  return outcome;
}

static SandboxOutcome outcome_of(void **state, Act *run)
{
  Inbox inbox = {0};
  return outcome_within(*state, &(SandboxJob){.run = run}, &(SandboxLimits){.wall_ms = 20000}, &inbox);
}

/* --- messages
 * -------------------------------------------------------------------------------------------------- */

static void send_three(void *context, SandboxPort *port)
{
  (void)context;
  sandbox_send(port, STR("one"));
  sandbox_send(port, STR(""));
  sandbox_send(port, STR("three"));
}

static void test_messages_arrive_whole_and_in_order(void **state)
{
  Inbox inbox = {0};
  SandboxOutcome outcome = outcome_within(*state, &(SandboxJob){.run = send_three}, NULL, &inbox);
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_int_equal(inbox.messages, 3);
  assert_string_equal(inbox.last, "three");
}

enum { LARGE = 5 << 20 };

static void send_large(void *context, SandboxPort *port)
{
  sandbox_send(port, (Str){context, LARGE});
  sandbox_send(port, STR("end"));
}

static void test_a_message_may_be_larger_than_a_pipe(void **state)
{
  Inbox inbox = {0};
  char *large = arena_alloc(*state, LARGE);
  SandboxOutcome outcome =
      outcome_within(*state, &(SandboxJob){.run = send_large, .context = large}, NULL, &inbox);
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_int_equal(inbox.bytes, LARGE + 3);
  assert_string_equal(inbox.last, "end");
}

static const char ten_bytes[] = "0123456789";
enum { MANY = 20000 };

static void ignore_signal(int number)
{
  (void)number;
}

/* As the guest runtime does: the clock interrupts the writes. */
static void send_many_under_a_timer(void *context, SandboxPort *port)
{
  (void)context;
  struct sigaction action = {.sa_handler = ignore_signal};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &(struct itimerval){.it_interval = {0, 500}, .it_value = {0, 500}}, NULL);
  for (int i = 0; i < MANY; i++) sandbox_send(port, STR(ten_bytes));
}

static void test_messages_survive_interrupts(void **state)
{
  Inbox inbox = {.expected = ten_bytes};
  SandboxOutcome outcome =
      outcome_within(*state, &(SandboxJob){.run = send_many_under_a_timer}, NULL, &inbox);
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_int_equal(inbox.messages, MANY);
  assert_false(inbox.torn);
}

static bool send_and_refuse(void *context, SandboxPort *port)
{
  (void)context;
  sandbox_send(port, STR("no such object"));
  return false;
}

static void test_a_refused_preparation_says_why_and_ends(void **state)
{
  Inbox inbox = {0};
  SandboxJob job = {.prepare = send_and_refuse, .run = send_three};
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_DONE);
  assert_int_equal(inbox.messages, 1);
  assert_string_equal(inbox.last, "no such object");
}

static bool read_a_file(void *context, SandboxPort *port)
{
  char text[8] = {0};
  int file = open(context, O_RDONLY);
  if (file < 0 || read(file, text, 4) != 4) return false;
  close(file);
  sandbox_send(port, str_from_z(text));
  return true;
}

static void test_preparation_may_read_files(void **state)
{
  Inbox inbox = {0};
  SandboxJob job = {.prepare = read_a_file, .run = send_three, .context = "/usr/bin/env"};
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_DONE);
  assert_int_equal(inbox.messages, 4);
}

/* --- many workers
 * ---------------------------------------------------------------------------------------------- */

typedef struct Numbered {
  int number;
} Numbered;

static void act_by_number(void *context, SandboxPort *port)
{
  int number = ((const Numbered *)context)->number;
  char digit = (char)('a' + number % 26);
  sandbox_send(port, (Str){&digit, 1});
  if (number % 3 == 1) raise(SIGKILL);
  if (number % 3 == 2) fork();
}

static void test_each_of_many_workers_has_its_own_outcome(void **state)
{
  enum { COUNT = 50 };
  Numbered numbers[COUNT];
  SandboxJob jobs[COUNT];
  Inbox inboxes[COUNT] = {0};
  void *contexts[COUNT];
  SandboxOutcome outcomes[COUNT];
  for (int i = 0; i < COUNT; i++) {
    numbers[i].number = i;
    jobs[i] = (SandboxJob){.run = act_by_number, .context = &numbers[i]};
    contexts[i] = &inboxes[i];
  }
  Diags diags = diags_in(*state);
  assert_true(sandbox_run_all(jobs, COUNT, 4, NULL, put_in_inbox, contexts, outcomes, &diags));
  static const SandboxEnd ends[] = {SANDBOX_DONE, SANDBOX_CRASHED, SANDBOX_FORBIDDEN};
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(outcomes[i].end, ends[i % 3]);
    assert_int_equal(inboxes[i].messages, 1);
    assert_int_equal(inboxes[i].last[0], 'a' + i % 26);
  }
}

/* --- ends that are not good
 * -------------------------------------------------------------------------------------- */

__attribute__((no_sanitize("address", "undefined"))) static void write_to_null(void *context,
                                                                               SandboxPort *port)
{
  (void)port;
  *(volatile int *)context = 1;
}

static void test_a_null_pointer_is_a_crash(void **state)
{
  SandboxOutcome outcome = outcome_of(state, write_to_null);
  assert_int_equal(outcome.end, SANDBOX_CRASHED);
  assert_int_equal(outcome.signal, SIGSEGV);
  assert_true(
      str_equal(sandbox_outcome_text(*state, &outcome), STR("was killed by signal 11 (segmentation fault)")));
}

static void call_abort(void *context, SandboxPort *port)
{
  (void)context;
  (void)port;
  abort();
}

static void test_abort_is_a_crash(void **state)
{
  SandboxOutcome outcome = outcome_of(state, call_abort);
  assert_int_equal(outcome.end, SANDBOX_CRASHED);
  assert_int_equal(outcome.signal, SIGABRT);
}

static void exit_well(void *context, SandboxPort *port)
{
  (void)context;
  (void)port;
  _exit(0);
}

static void test_leaving_early_is_not_done(void **state)
{
  SandboxOutcome outcome = outcome_of(state, exit_well);
  assert_int_equal(outcome.end, SANDBOX_CRASHED);
  assert_int_equal(outcome.signal, 0);
}

static void loop_for_ever(void *context, SandboxPort *port)
{
  (void)context;
  sandbox_send(port, STR("before"));
  for (volatile unsigned turn = 0;; turn++) {
  }
}

static void test_a_loop_is_stopped_and_what_it_said_is_kept(void **state)
{
  Inbox inbox = {0};
  SandboxLimits limits = {.wall_ms = 50};
  SandboxOutcome outcome = outcome_within(*state, &(SandboxJob){.run = loop_for_ever}, &limits, &inbox);
  assert_int_equal(outcome.end, SANDBOX_TIMED_OUT);
  assert_string_equal(inbox.last, "before");
  assert_true(
      str_equal(sandbox_outcome_text(*state, &outcome), STR("needed more than 0.05 s and was stopped")));
}

static bool close_port_and_loop(void *context, SandboxPort *port)
{
  (void)context;
  (void)port;
  for (int handle = 0; handle < 64; handle++) close(handle);
  volatile bool for_ever = true;
  while (for_ever) {
  }
  return true;
}

static void test_a_worker_without_a_port_is_still_stopped(void **state)
{
  Inbox inbox = {0};
  SandboxLimits limits = {.wall_ms = 50};
  SandboxJob job = {.prepare = close_port_and_loop, .run = send_three};
  assert_int_equal(outcome_within(*state, &job, &limits, &inbox).end, SANDBOX_TIMED_OUT);
}

static void send_for_ever(void *context, SandboxPort *port)
{
  (void)context;
  for (;;) sandbox_send(port, STR(ten_bytes));
}

static void test_a_flood_is_stopped_at_its_limit(void **state)
{
  Inbox inbox = {.expected = ten_bytes};
  SandboxLimits limits = {.output_bytes = 1 << 20};
  SandboxOutcome outcome = outcome_within(*state, &(SandboxJob){.run = send_for_ever}, &limits, &inbox);
  assert_int_equal(outcome.end, SANDBOX_FLOODED);
  assert_int_equal(inbox.messages, (1 << 20) / 18);
  assert_false(inbox.torn);
  assert_true(str_equal(sandbox_outcome_text(*state, &outcome), STR("sent more than 1 MiB and was stopped")));
}

/* Past sandbox_send, as a worker that was taken over would. */
static void announce_too_much(void *context, SandboxPort *port)
{
  (void)port;
  ssize_t ignored = write(3, context, 8);
  (void)ignored;
  for (;;) {
  }
}

static void test_a_forged_length_is_a_flood(void **state)
{
  uint32_t forged[] = {2, UINT32_MAX};
  Inbox inbox = {0};
  SandboxJob job = {.run = announce_too_much, .context = forged};
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_FLOODED);
}

static void test_a_forged_frame_is_a_crash(void **state)
{
  uint32_t forged[] = {77, 0};
  uint32_t failure[] = {1, 0};
  Inbox inbox = {0};
  SandboxJob job = {.run = announce_too_much, .context = forged};
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_CRASHED);
  job.context = failure;
  assert_int_equal(outcome_within(*state, &job, NULL, &inbox).end, SANDBOX_CRASHED);
}

static void test_the_receiver_may_stop_a_worker(void **state)
{
  Inbox inbox = {.stop_after = 5};
  assert_int_equal(outcome_within(*state, &(SandboxJob){.run = send_for_ever}, NULL, &inbox).end,
                   SANDBOX_STOPPED);
  assert_int_equal(inbox.messages, 5);
}

/* Takes memory until there is none; says how many MiB it got. */
static void hog(void *context, SandboxPort *port)
{
  (void)context;
  size_t got = 0;
  for (; got < 4096; got++) {
    char *block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) break;
    block[0] = 1;
  }
  char number[32];
  int len = snprintf(number, sizeof number, "%zu", got);
  sandbox_send(port, (Str){number, (size_t)len});
}

static void test_memory_ends_at_its_limit(void **state)
{
  if (HAS_ASAN) skip();
  Inbox inbox = {0};
  SandboxLimits limits = {.memory_bytes = 64 << 20};
  assert_int_equal(outcome_within(*state, &(SandboxJob){.run = hog}, &limits, &inbox).end, SANDBOX_DONE);
  assert_in_range(strtoul(inbox.last, NULL, 10), 32, 64);
}

/* Guests reserve far more than they use. */
static void reserve(void *context, SandboxPort *port)
{
  (void)context;
  for (int i = 0; i < 4; i++) {
    char *block = mmap(NULL, (size_t)8 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED || mprotect(block, 1 << 20, PROT_READ | PROT_WRITE)) abort();
    block[0] = 1;
    if (madvise(block, 1 << 20, MADV_DONTNEED) || munmap(block, (size_t)8 << 30)) abort();
  }
  sandbox_send(port, STR("fine"));
}

static void test_address_space_is_not_limited(void **state)
{
  Inbox inbox = {0};
  SandboxLimits limits = {.memory_bytes = 64 << 20};
  assert_int_equal(outcome_within(*state, &(SandboxJob){.run = reserve}, &limits, &inbox).end, SANDBOX_DONE);
  assert_string_equal(inbox.last, "fine");
}

/* --- isolation
 * ------------------------------------------------------------------------------------------------- */

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

/* Prepares for the attacks below, which need a handle or an address from the time before. */
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
ATTACK(call_the_32_bit_kernel, long number = 20; __asm__ volatile("int $0x80"
                                                                  : "+a"(number)::"memory");
       result = number)

ATTACK(make_its_memory_executable, long page = sysconf(_SC_PAGESIZE);
       char *at = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       result = mprotect(at, (size_t)page, PROT_READ | PROT_EXEC))

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_messages_arrive_whole_and_in_order),
      TEST(test_a_message_may_be_larger_than_a_pipe),
      TEST(test_messages_survive_interrupts),
      TEST(test_a_refused_preparation_says_why_and_ends),
      TEST(test_preparation_may_read_files),
      TEST(test_each_of_many_workers_has_its_own_outcome),
      TEST(test_a_null_pointer_is_a_crash),
      TEST(test_abort_is_a_crash),
      TEST(test_leaving_early_is_not_done),
      TEST(test_a_loop_is_stopped_and_what_it_said_is_kept),
      TEST(test_a_worker_without_a_port_is_still_stopped),
      TEST(test_a_flood_is_stopped_at_its_limit),
      TEST(test_a_forged_length_is_a_flood),
      TEST(test_a_forged_frame_is_a_crash),
      TEST(test_the_receiver_may_stop_a_worker),
      TEST(test_memory_ends_at_its_limit),
      TEST(test_address_space_is_not_limited),
      TEST(test_a_worker_inherits_nothing_but_its_port),
      TEST(test_every_attack_ends_its_worker),
      TEST(test_every_early_attack_ends_its_worker),
      TEST(test_workers_die_with_their_supervisor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
