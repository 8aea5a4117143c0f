/* What the tests of run workers share: an inbox, and the check that no process is left behind. */
#ifndef TESTS_UNIT_RUNTIME_SANDBOX_INBOX_H
#define TESTS_UNIT_RUNTIME_SANDBOX_INBOX_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

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

/* What came from one worker. */
typedef struct Inbox {
  size_t messages, bytes;
  size_t stop_after; /* messages; 0: never */
  char last[256];
  bool torn; /* a message was not what `expected` says */
  const char *expected;
} Inbox;

static inline bool put_in_inbox(void *context, Str message)
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

static inline int set_up(void **state)
{
  Arena *arena = arena_new();
  *state = arena;
  return 0;
}

/* No test may leave a process behind, dead or alive. */
static inline int tear_down(void **state)
{
  arena_free(*state);
  errno = 0;
  return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

static inline SandboxOutcome outcome_within(Arena *arena, const SandboxJob *job, const SandboxLimits *limits,
                                            Inbox *inbox)
{
  Diags diags = diags_in(arena);
  SandboxOutcome outcome = {0};
  assert_true(sandbox_run(job, limits, put_in_inbox, inbox, &outcome, &diags));
  assert_int_equal(diags.errors, 0);
  return outcome;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
