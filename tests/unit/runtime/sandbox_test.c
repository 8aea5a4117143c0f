/* Whatever a worker does, its supervisor gets an outcome and goes on. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/seccomp_linux.h"
#include "tests/unit/runtime/sandbox_inbox.h"

typedef void Act(void *context, SandboxPort *port);

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

static void test_abort_is_giving_up(void **state)
{
  SandboxOutcome outcome = outcome_of(state, call_abort);
  assert_int_equal(outcome.end, SANDBOX_ABORTED);
  assert_int_equal(outcome.signal, SIGABRT);
}

static void exhaust_memory(void *context, SandboxPort *port)
{
  (void)port;
  for (Arena *arena = arena_new();;) memcpy(arena_alloc_raw(arena, 1 << 20), context, 1);
}

/* Not by a system call that is not allowed: that would be laid at the module's door. */
static void test_own_memory_that_is_out_is_giving_up(void **state)
{
  Inbox inbox = {0};
  SandboxJob job = {.run = exhaust_memory, .context = "x"};
  SandboxLimits limits = {.memory_bytes = 64 << 20};
  if (WORKER_SANITIZED) skip(); /* no limit of memory there */
  SandboxOutcome outcome = outcome_within(*state, &job, &limits, &inbox);
  assert_int_equal(outcome.end, SANDBOX_ABORTED);
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
      TEST(test_abort_is_giving_up),
      TEST(test_own_memory_that_is_out_is_giving_up),
      TEST(test_leaving_early_is_not_done),
      TEST(test_a_loop_is_stopped_and_what_it_said_is_kept),
      TEST(test_a_worker_without_a_port_is_still_stopped),
      TEST(test_a_flood_is_stopped_at_its_limit),
      TEST(test_a_forged_length_is_a_flood),
      TEST(test_a_forged_frame_is_a_crash),
      TEST(test_the_receiver_may_stop_a_worker),
      TEST(test_memory_ends_at_its_limit),
      TEST(test_address_space_is_not_limited),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
