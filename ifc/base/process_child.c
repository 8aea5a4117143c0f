#include "ifc/base/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static _Noreturn void give_up(const Launch *launch, int error, int in_folder)
{
  LaunchFailure failure = {.error = error, .in_folder = in_folder};
  ssize_t ignored = write(launch->status, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

static void reset_signals(void)
{
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Everything but the standard three is gone after exec. */
static void inherit_nothing(void)
{
  if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  struct rlimit limit;
  int most = 65536;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)most) most = (int)limit.rlim_cur;
  for (int handle = 3; handle < most; handle++) fcntl(handle, F_SETFD, FD_CLOEXEC);
}

_Noreturn void process_become(const Launch *launch)
{
  setpgid(0, 0);
  reset_signals();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  pid_t parent = getppid(); /* 0: it is in another PID namespace */
  if (parent && parent != launch->parent) _exit(127);
  for (int i = 0; i < 3; i++)
    if (dup2(launch->stdio[i], i) < 0) give_up(launch, errno, 0);
  inherit_nothing();
  if (launch->folder && chdir(launch->folder)) give_up(launch, errno, 1);
  if (launch->before_exec && !launch->before_exec(launch->context)) _exit(126);
  execve(launch->path, launch->argv, launch->env);
  give_up(launch, errno, 0);
}
