#include "runtime/sandbox.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ifc/base/arena.h"
#include "ifc/base/clock.h"
#include "runtime/worker_linux.h"

enum {
  DEFAULT_WALL_MS = 60 * 1000,
  PIECE = 64 * 1024,
  CPU_RESERVE_S = 2 /* the processor's clock is only to catch what the wall clock missed */
};
static const uint64_t default_memory = UINT64_C(2) << 30;
static const uint64_t default_output = UINT64_C(64) << 20;

/* A place in which one worker after the other runs. */
typedef struct Slot {
  pid_t pid; /* 0: empty */
  size_t job;
  int port;  /* the pipe's reading end; -1 when the worker has closed its own */
  int pidfd; /* once the port is closed; else -1 */
  uint64_t began, deadline;
  char *buffer; /* what came and is not a whole frame yet */
  size_t len, cap;
  uint64_t received;
  bool ready, done;
  bool judged; /* killed for `verdict`, whatever its exit status says */
  SandboxEnd verdict;
} Slot;

typedef struct Supervisor {
  const SandboxJob *jobs;
  size_t count, next; /* jobs; the next to start */
  SandboxLimits limits;
  SandboxReceive receive;
  void **receive_contexts;
  SandboxOutcome *outcomes;
  Diags *diags;
  Arena *arena;
  Slot *slots;
  struct pollfd *polled;
  size_t slot_count, running;
  WorkerPlan plan;
  bool broken; /* a worker could not be started or isolated */
} Supervisor;

static void close_handle(int *handle)
{
  if (*handle >= 0) close(*handle);
  *handle = -1;
}

static void judge(Slot *slot, SandboxEnd verdict)
{
  if (slot->judged) return;
  slot->judged = true;
  slot->verdict = verdict;
  kill(-slot->pid, SIGKILL);
  kill(slot->pid, SIGKILL); /* where it has not made its group yet */
}

static void report_failure(Supervisor *self, const WorkerFailure *failure)
{
  self->broken = true;
  Diag *diag =
      diag_error(self->diags, DIAG_SANDBOX, SPAN_NONE, "a worker %.*s: %s",
                 (int)strnlen(failure->step, sizeof failure->step), failure->step, strerror(failure->error));
  diag_note(
      self->diags, diag, SPAN_NONE,
      "untrusted code is not run without isolation; it needs a Linux kernel with seccomp filters, and a "
      "container, if there is one, that lets them be set");
}

/* --- starting
 * --------------------------------------------------------------------------------------------------- */

static bool start_worker(Supervisor *self, Slot *slot)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return false;
  pid_t pid = fork();
  if (pid == 0) worker_become(&self->plan, &self->jobs[self->next], ends[1]);
  int error = errno;
  close(ends[1]);
  if (pid < 0) close(ends[0]);
  errno = error;
  if (pid < 0) return false;
  slot->pid = pid;
  slot->job = self->next++;
  slot->port = ends[0];
  slot->pidfd = -1;
  slot->began = clock_ns();
  slot->deadline = slot->began + self->limits.wall_ms * UINT64_C(1000000);
  slot->len = 0;
  slot->received = 0;
  slot->ready = slot->done = slot->judged = false;
  self->running++;
  return true;
}

static void start_workers(Supervisor *self)
{
  for (size_t i = 0; i < self->slot_count && self->next < self->count && !self->broken; i++) {
    if (self->slots[i].pid || start_worker(self, &self->slots[i])) continue;
    diag_error(self->diags, DIAG_SANDBOX, SPAN_NONE, "cannot start a worker: %s", strerror(errno));
    self->broken = true;
  }
}

/* --- receiving
 * -------------------------------------------------------------------------------------------------- */

static void take_message(Supervisor *self, Slot *slot, Str message)
{
  void *context = self->receive_contexts ? self->receive_contexts[slot->job] : NULL;
  if (!self->receive(context, message)) judge(slot, SANDBOX_STOPPED);
}

static void take_failure(Supervisor *self, Slot *slot, Str payload)
{
  WorkerFailure failure;
  if (slot->ready || payload.len != sizeof failure) {
    judge(slot, SANDBOX_CRASHED);
    return;
  }
  memcpy(&failure, payload.at, sizeof failure);
  report_failure(self, &failure);
}

/* A worker that no longer runs what we wrote may send anything. */
static void take_frame(Supervisor *self, Slot *slot, uint32_t kind, Str payload)
{
  if (slot->done || (slot->ready && kind == FRAME_READY)) kind = UINT32_MAX;
  switch (kind) {
  case FRAME_READY: slot->ready = true; break;
  case FRAME_FAILED: take_failure(self, slot, payload); break;
  case FRAME_MESSAGE: take_message(self, slot, payload); break;
  case FRAME_DONE: slot->done = true; break;
  default: judge(slot, SANDBOX_CRASHED);
  }
}

/* What a stopped worker had sent before is of no interest; of one that ran out of time it is. */
static bool is_listened_to(const Slot *slot)
{
  return !slot->judged || slot->verdict == SANDBOX_TIMED_OUT;
}

/* Takes the whole frames out of the buffer. */
static void take_frames(Supervisor *self, Slot *slot)
{
  size_t at = 0;
  while (slot->len - at >= sizeof(FrameHeader) && is_listened_to(slot) && !self->broken) {
    FrameHeader header;
    memcpy(&header, slot->buffer + at, sizeof header);
    size_t whole = sizeof header + (size_t)header.length;
    if (header.kind == FRAME_MESSAGE && whole > self->limits.output_bytes - slot->received)
      judge(slot, SANDBOX_FLOODED);
    else if (header.kind != FRAME_MESSAGE && header.length > sizeof(WorkerFailure))
      judge(slot, SANDBOX_CRASHED);
    if (slot->len - at < whole || !is_listened_to(slot)) break;
    if (header.kind == FRAME_MESSAGE) slot->received += whole;
    take_frame(self, slot, header.kind, (Str){slot->buffer + at + sizeof header, header.length});
    at += whole;
  }
  memmove(slot->buffer, slot->buffer + at, slot->len - at);
  slot->len -= at;
}

/* A frame that does not fit yet makes the buffer grow by what has come, not by what was announced. */
static void make_room(Supervisor *self, Slot *slot)
{
  if (slot->cap - slot->len >= PIECE) return;
  size_t cap = slot->cap ? slot->cap * 2 : (size_t)2 * PIECE;
  slot->buffer = arena_grow(self->arena, slot->buffer, slot->cap, cap);
  slot->cap = cap;
}

/* One piece, so that a flood from one worker does not starve the others. False: the port has ended. */
static bool receive_piece(Supervisor *self, Slot *slot)
{
  make_room(self, slot);
  ssize_t got = read(slot->port, slot->buffer + slot->len, PIECE);
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  slot->len += (size_t)got;
  if (!is_listened_to(slot)) slot->len = 0;
  take_frames(self, slot);
  return true;
}

/* --- ending
 * ----------------------------------------------------------------------------------------------------- */

static SandboxOutcome outcome_of(const Supervisor *self, const Slot *slot, int status)
{
  if (slot->judged && slot->verdict == SANDBOX_TIMED_OUT)
    return (SandboxOutcome){.end = SANDBOX_TIMED_OUT, .limit = self->limits.wall_ms};
  if (slot->judged && slot->verdict == SANDBOX_FLOODED)
    return (SandboxOutcome){.end = SANDBOX_FLOODED, .limit = self->limits.output_bytes};
  if (slot->judged) return (SandboxOutcome){.end = slot->verdict};
  if (!WIFSIGNALED(status)) return (SandboxOutcome){.end = slot->done ? SANDBOX_DONE : SANDBOX_CRASHED};
  int number = WTERMSIG(status);
  if (number == SIGSYS) return (SandboxOutcome){.end = SANDBOX_FORBIDDEN, .signal = number};
  if (number == SIGABRT) return (SandboxOutcome){.end = SANDBOX_ABORTED, .signal = number};
  if (number == SIGXCPU) return (SandboxOutcome){.end = SANDBOX_TIMED_OUT, .limit = self->limits.wall_ms};
  return (SandboxOutcome){.end = SANDBOX_CRASHED, .signal = number};
}

/* Waits for the worker, which has ended or is about to, and empties its slot. */
static void reap(Supervisor *self, Slot *slot, bool at_once)
{
  int status = 0;
  pid_t got;
  do got = waitpid(slot->pid, &status, at_once ? WNOHANG : 0);
  while (got < 0 && errno == EINTR);
  if (got == 0) return;
  if (got < 0 && !self->broken) {
    diag_error(self->diags, DIAG_SANDBOX, SPAN_NONE, "cannot learn how a worker ended: %s", strerror(errno));
    self->broken = true;
  }
  self->outcomes[slot->job] = outcome_of(self, slot, status);
  self->outcomes[slot->job].nanoseconds = clock_ns() - slot->began;
  close_handle(&slot->port);
  close_handle(&slot->pidfd);
  slot->pid = 0;
  self->running--;
}

/* A worker that was taken over may close its port and go on: then its end is waited for like a message. */
static void port_ended(Supervisor *self, Slot *slot)
{
  close_handle(&slot->port);
  reap(self, slot, true);
  if (!slot->pid) return;
  slot->pidfd = pidfd_open(slot->pid, 0);
  if (slot->pidfd < 0) reap(self, slot, false);
}

static void attend(Supervisor *self, Slot *slot, bool has_news)
{
  if (has_news && slot->pidfd >= 0)
    reap(self, slot, false);
  else if (has_news && !receive_piece(self, slot))
    port_ended(self, slot);
  if (slot->pid && clock_ns() >= slot->deadline) judge(slot, SANDBOX_TIMED_OUT);
}

/* Milliseconds until the first deadline, rounded up; -1 when all that runs was killed already. */
static int patience(const Supervisor *self)
{
  uint64_t first = UINT64_MAX;
  for (size_t i = 0; i < self->slot_count; i++) {
    const Slot *slot = &self->slots[i];
    if (slot->pid && !slot->judged && slot->deadline < first) first = slot->deadline;
  }
  if (first == UINT64_MAX) return -1;
  uint64_t now = clock_ns();
  uint64_t left = first > now ? (first - now + 999999) / 1000000 : 0;
  return left > 60000 ? 60000 : (int)left;
}

static void wait_for_news(Supervisor *self)
{
  for (size_t i = 0; i < self->slot_count; i++) {
    const Slot *slot = &self->slots[i];
    int handle = !slot->pid ? -1 : slot->pidfd >= 0 ? slot->pidfd : slot->port;
    self->polled[i] = (struct pollfd){.fd = handle, .events = POLLIN};
  }
  int ready = poll(self->polled, self->slot_count, patience(self));
  for (size_t i = 0; i < self->slot_count; i++)
    if (self->slots[i].pid) attend(self, &self->slots[i], ready > 0 && self->polled[i].revents);
}

static void kill_all(Supervisor *self)
{
  for (size_t i = 0; i < self->slot_count; i++) {
    if (!self->slots[i].pid) continue;
    judge(&self->slots[i], SANDBOX_STOPPED);
    reap(self, &self->slots[i], false);
  }
}

/* --- the whole
 * -------------------------------------------------------------------------------------------------- */

/* Pages of data that this process has, which its children begin with. */
static uint64_t own_data_bytes(void)
{
  char text[256];
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t got = file < 0 ? 0 : read(file, text, sizeof text - 1);
  close_handle(&file);
  if (got <= 0) return 0;
  text[got] = '\0';
  unsigned long pages = 0;
  if (sscanf(text, "%*u %*u %*u %*u %*u %lu", &pages) != 1) return 0;
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static SandboxLimits limits_or_defaults(const SandboxLimits *given)
{
  SandboxLimits limits = given ? *given : (SandboxLimits){0};
  if (!limits.wall_ms) limits.wall_ms = DEFAULT_WALL_MS;
  if (!limits.memory_bytes) limits.memory_bytes = default_memory;
  if (!limits.output_bytes) limits.output_bytes = default_output;
  return limits;
}

static bool plan_workers(Supervisor *self)
{
  self->plan.supervisor = getpid();
  self->plan.data_bytes = own_data_bytes() + self->limits.memory_bytes;
  self->plan.cpu_seconds = self->limits.wall_ms / 1000 + CPU_RESERVE_S;
  int error = syscall_filter_build(SYSCALLS_PREPARE, &self->plan.prepare);
  if (!error) error = syscall_filter_build(SYSCALLS_RUN, &self->plan.run);
  if (!error) return true;
  report_failure(self, &(WorkerFailure){.error = error, .step = "has no filter for its system calls"});
  return false;
}

static void supervise(Supervisor *self)
{
  start_workers(self);
  while (self->running && !self->broken) {
    wait_for_news(self);
    start_workers(self);
  }
  kill_all(self);
}

bool sandbox_run_all(const SandboxJob *jobs, size_t count, size_t at_once, const SandboxLimits *limits,
                     SandboxReceive receive, void **receive_contexts, SandboxOutcome *outcomes, Diags *diags)
{
  if (!count) return true;
  Arena *arena = arena_new();
  Supervisor self = {.jobs = jobs,
                     .count = count,
                     .limits = limits_or_defaults(limits),
                     .receive = receive,
                     .receive_contexts = receive_contexts,
                     .outcomes = arena_array_of(arena, SandboxOutcome, count),
                     .diags = diags,
                     .arena = arena,
                     .slot_count = at_once == 0      ? 1
                                   : at_once < count ? at_once
                                                     : count};
  self.slots = arena_array_of(arena, Slot, self.slot_count);
  self.polled = arena_array_of(arena, struct pollfd, self.slot_count);
  if (plan_workers(&self)) supervise(&self);
  if (!self.broken) memcpy(outcomes, self.outcomes, count * sizeof *outcomes);
  arena_free(arena);
  return !self.broken;
}

bool sandbox_run(const SandboxJob *job, const SandboxLimits *limits, SandboxReceive receive,
                 void *receive_context, SandboxOutcome *outcome, Diags *diags)
{
  return sandbox_run_all(job, 1, 1, limits, receive, &receive_context, outcome, diags);
}

static Str crash_text(Arena *arena, int number)
{
  if (!number) return STR("ended before its work was done");
  const char *name = sigdescr_np(number);
  if (!name) return str_format(arena, "was killed by signal %d", number);
  return str_format(arena, "was killed by signal %d (%c%s)", number, tolower((unsigned char)name[0]),
                    name + 1);
}

Str sandbox_outcome_text(Arena *arena, const SandboxOutcome *self)
{
  switch (self->end) {
  case SANDBOX_DONE: return STR("ended normally");
  case SANDBOX_CRASHED: return crash_text(arena, self->signal);
  case SANDBOX_FORBIDDEN: return STR("tried a system call that is not allowed and was killed");
  case SANDBOX_ABORTED: return STR("ran out of its own memory, which is not the implementation's");
  case SANDBOX_TIMED_OUT:
    return str_format(arena, "needed more than %g s and was stopped", (double)self->limit / 1000);
  case SANDBOX_FLOODED:
    return str_format(arena, "sent more than %g MiB and was stopped", (double)self->limit / (1 << 20));
  case SANDBOX_STOPPED: return STR("was stopped");
  }
  return STR("ended in an unknown way");
}
