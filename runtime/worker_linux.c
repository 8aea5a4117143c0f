#include "runtime/worker_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/confine_linux.h"

enum {
  EXIT_FAILED = 1,
  SMALL_MESSAGE = 4096 - sizeof(FrameHeader), /* with its header in one write */
  HANDLES = 64
};

struct SandboxPort {
  int handle;
};

static void write_all(int handle, const char *at, size_t len)
{
  while (len) {
    ssize_t put = write(handle, at, len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) _exit(EXIT_FAILED);
    at += put;
    len -= (size_t)put;
  }
}

static void send_frame(int handle, FrameKind kind, Str payload)
{
  char together[sizeof(FrameHeader) + SMALL_MESSAGE];
  FrameHeader header = {.kind = kind, .length = (uint32_t)payload.len};
  if (payload.len > UINT32_MAX) _exit(EXIT_FAILED); /* no supervisor would take it */
  memcpy(together, &header, sizeof header);
  bool small = payload.len <= SMALL_MESSAGE;
  if (small && payload.len) memcpy(together + sizeof header, payload.at, payload.len);
  write_all(handle, together, sizeof header + (small ? payload.len : 0));
  if (!small) write_all(handle, payload.at, payload.len);
}

void sandbox_send(SandboxPort *self, Str message)
{
  send_frame(self->handle, FRAME_MESSAGE, message);
}

static _Noreturn void report_failure(int port, const char *step)
{
  WorkerFailure failure = {.error = errno};
  memcpy(failure.step, step, strnlen(step, sizeof failure.step - 1));
  send_frame(port, FRAME_FAILED, (Str){(const char *)&failure, sizeof failure});
  _exit(EXIT_FAILED);
}

/* The caller's handlers would run the caller's code, and its mask might hold a signal back. */
static void reset_signals(void)
{
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 32; number++) sigaction(number, &usual, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Dies with the supervisor; is out of reach of its terminal. */
static void leave_home(pid_t supervisor)
{
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(EXIT_FAILED); /* it was gone before the line above */
}

/* The standard three lead nowhere, the port is where the filter expects it, the rest is closed. */
static bool keep_only_port(int port)
{
  int nowhere = open("/dev/null", O_RDWR);
  port = fcntl(port, F_DUPFD, WORKER_PORT + 1);
  if (nowhere < 0 || port < 0) return false;
  for (int standard = 0; standard <= (WORKER_SANITIZED ? 1 : 2); standard++)
    if (dup2(nowhere, standard) < 0) return false;
  if (dup2(port, WORKER_PORT) < 0) return false;
  closefrom(WORKER_PORT + 1);
  return true;
}

/* AddressSanitizer's shadow would count as data, terabytes of it, and its reports may go to a file. */
static bool limit_sizes(const WorkerPlan *plan)
{
  return WORKER_SANITIZED || (confine_limit(RLIMIT_DATA, plan->data_bytes) && confine_limit(RLIMIT_FSIZE, 0));
}

static bool limit_resources(const WorkerPlan *plan)
{
  return limit_sizes(plan) && confine_limit(RLIMIT_CPU, plan->cpu_seconds) && confine_limit(RLIMIT_CORE, 0) &&
         confine_limit(RLIMIT_NPROC, 0) && confine_limit(RLIMIT_MEMLOCK, 0) &&
         confine_limit(RLIMIT_NOFILE, HANDLES);
}

static void isolate(const WorkerPlan *plan, int port)
{
  reset_signals();
  leave_home(plan->supervisor);
  if (!keep_only_port(port)) report_failure(port, "cannot close its handles");
  clearenv();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
    report_failure(WORKER_PORT, "cannot give up new privileges");
  if (!limit_resources(plan)) report_failure(WORKER_PORT, "cannot set its limits");
  if (!confine_capabilities(true)) report_failure(WORKER_PORT, "cannot give up its capabilities");
  if (!confine_writing()) report_failure(WORKER_PORT, "cannot forbid itself writing to files");
  SyscallFilter filter = plan->prepare;
  if (!syscall_filter_install(&filter)) report_failure(WORKER_PORT, "cannot filter its system calls");
  send_frame(WORKER_PORT, FRAME_READY, STR(""));
}

/* A failure here has no words: what was loaded meanwhile may have caused it, and is what is judged. */
static void close_doors(const WorkerPlan *plan)
{
  SyscallFilter filter = plan->run;
  if (!confine_all_files() || !confine_capabilities(false) || !syscall_filter_install(&filter))
    _exit(EXIT_FAILED);
}

_Noreturn void worker_become(const WorkerPlan *plan, const SandboxJob *job, int port)
{
  isolate(plan, port);
  SandboxPort self = {.handle = WORKER_PORT};
  if (!job->prepare || job->prepare(job->context, &self)) {
    close_doors(plan);
    job->run(job->context, &self);
  }
  send_frame(WORKER_PORT, FRAME_DONE, STR(""));
  _exit(0);
}
