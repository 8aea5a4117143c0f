#include "ifc/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ifc/base/clock.h"
#include "ifc/base/process_child.h"
#include "ifc/base/process_internal.h"

enum { DEFAULT_LIMIT = 1024 * 1024, PIECE = 64 * 1024, CHECK_EVERY_MS = 10 };

typedef struct Pipe {
  int read, write;
} Pipe;

typedef struct Stream {
  int handle; /* -1 when it has ended */
  Buf kept;
} Stream;

typedef struct Run {
  const ProcessOptions *options;
  Pipe in, out, err, status;
  pid_t pid;
  int pidfd; /* -1 where the kernel has none: then it is asked every CHECK_EVERY_MS */
  Str input; /* what is left of it */
  Stream streams[2];
  LaunchFailure failure;
  bool ended, timed_out, cut;
  uint64_t deadline; /* 0: none */
} Run;

static void close_handle(int *handle)
{
  if (*handle >= 0) close(*handle);
  *handle = -1;
}

static void pipe_close(Pipe *self)
{
  close_handle(&self->read);
  close_handle(&self->write);
}

/* A handle of 0, 1 or 2 (the caller may have closed its own) would be in the child's way. */
static bool move_above_stdio(int *handle)
{
  if (*handle > 2) return true;
  int moved = fcntl(*handle, F_DUPFD_CLOEXEC, 3);
  if (moved < 0) return false;
  close(*handle);
  *handle = moved;
  return true;
}

static bool pipe_open(Pipe *self)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return false;
  *self = (Pipe){ends[0], ends[1]};
  return move_above_stdio(&self->read) && move_above_stdio(&self->write);
}

static void do_not_wait_on(int handle)
{
  int flags = fcntl(handle, F_GETFL);
  if (flags >= 0) fcntl(handle, F_SETFL, flags | O_NONBLOCK);
}

/* The variables of a program that inherits nothing. */
static const char *const *path_only(Arena *arena)
{
  const char **env = arena_array_of(arena, const char *, 2);
  env[0] = str_format(arena, "PATH=%s", process_search_path()).at;
  return env;
}

static char *const *as_exec_wants(const char *const *list)
{
  union {
    const char *const *ours;
    char *const *theirs;
  } same = {list};
  return same.theirs;
}

static bool start(Run *run, Arena *arena, Str path)
{
  const ProcessOptions *options = run->options;
  if (!pipe_open(&run->in) || !pipe_open(&run->out) || !pipe_open(&run->err) || !pipe_open(&run->status))
    return false;
  Launch launch = {.path = str_to_z(arena, path),
                   .argv = as_exec_wants(options->argv),
                   .env = as_exec_wants(options->env ? options->env : path_only(arena)),
                   .folder = options->folder.len ? str_to_z(arena, options->folder) : NULL,
                   .stdio = {run->in.read, run->out.write, run->err.write},
                   .status = run->status.write,
                   .parent = getpid(),
                   .before_exec = options->before_exec,
                   .context = options->context};
  run->pid = fork();
  if (run->pid < 0) return false;
  if (run->pid == 0) process_become(&launch);
  setpgid(run->pid, run->pid); /* in the child as well: whoever comes first */
  run->pidfd = pidfd_open(run->pid, 0);
  close_handle(&run->in.read);
  close_handle(&run->out.write);
  close_handle(&run->err.write);
  close_handle(&run->status.write);
  do_not_wait_on(run->in.write);
  do_not_wait_on(run->out.read);
  do_not_wait_on(run->err.read);
  do_not_wait_on(run->status.read);
  return true;
}

/* The leader is a zombie until it is waited for, so its number cannot have gone to another by now. */
static void kill_group(const Run *run)
{
  kill(-run->pid, SIGKILL);
  kill(run->pid, SIGKILL);
}

static bool leader_has_ended(const Run *run)
{
  siginfo_t info = {0};
  int result = waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT);
  return (result < 0 && errno == ECHILD) || (result == 0 && info.si_pid == run->pid);
}

static void feed(Run *run)
{
  while (run->input.len) {
    ssize_t put = write(run->in.write, run->input.at, run->input.len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) return;
    if (put < 0) break; /* it does not want more */
    run->input = str_slice(run->input, (size_t)put, run->input.len);
  }
  close_handle(&run->in.write);
}

static void keep(Run *run, Stream *stream, Str piece)
{
  size_t limit = run->options->output_limit ? run->options->output_limit : DEFAULT_LIMIT;
  size_t room = limit - stream->kept.len;
  if (piece.len > room) run->cut = true;
  buf_str(&stream->kept, str_slice(piece, 0, room));
}

/* One piece, so that a flood on one stream does not starve the deadline. False: nothing more for now. */
static bool drain_piece(Run *run, Stream *stream)
{
  char piece[PIECE];
  if (stream->handle < 0) return false;
  ssize_t got = read(stream->handle, piece, sizeof piece);
  if (got > 0) {
    keep(run, stream, (Str){piece, (size_t)got});
    return true;
  }
  if (got < 0 && errno == EINTR) return true;
  if (got == 0 || errno != EAGAIN) close_handle(&stream->handle);
  return false;
}

static void read_failure(Run *run)
{
  LaunchFailure failure;
  ssize_t got = read(run->status.read, &failure, sizeof failure);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got == (ssize_t)sizeof failure) run->failure = failure;
  close_handle(&run->status.read);
}

/* Milliseconds that poll may sleep, rounded up. */
static int patience(const Run *run)
{
  int most = run->pidfd < 0 ? CHECK_EVERY_MS : -1;
  if (!run->deadline) return most;
  uint64_t now = clock_ns();
  uint64_t left = run->deadline > now ? (run->deadline - now + 999999) / 1000000 : 0;
  int until = left > 60000 ? 60000 : (int)left;
  return most < 0 || until < most ? until : most;
}

/* Serves the pipes until the leader has ended or the time is over. */
static void serve(Run *run)
{
  while (!run->ended && !run->timed_out) {
    struct pollfd polled[] = {{.fd = run->pidfd, .events = POLLIN},
                              {.fd = run->status.read, .events = POLLIN},
                              {.fd = run->in.write, .events = POLLOUT},
                              {.fd = run->streams[0].handle, .events = POLLIN},
                              {.fd = run->streams[1].handle, .events = POLLIN}};
    int ready = poll(polled, sizeof polled / sizeof *polled, patience(run));
    if (ready > 0 && polled[1].revents) read_failure(run);
    if (ready > 0 && polled[2].revents) feed(run);
    if (ready > 0 && polled[3].revents) drain_piece(run, &run->streams[0]);
    if (ready > 0 && polled[4].revents) drain_piece(run, &run->streams[1]);
    if (run->pidfd < 0 || (ready > 0 && polled[0].revents)) run->ended = leader_has_ended(run);
    if (!run->ended && run->deadline && clock_ns() >= run->deadline) run->timed_out = true;
  }
}

/* What the pipes still hold. Somebody who left the group may hold them open, or even go on writing: what
 * comes after twice what a pipe can hold is not waited for. */
static void drain_rest(Run *run)
{
  for (int i = 0; i < 2; i++)
    for (int pieces = 0; pieces < 2 * 16 && drain_piece(run, &run->streams[i]); pieces++) {
    }
}

static bool finish(Run *run, ProcessResult *out)
{
  kill_group(run);
  int status;
  pid_t got;
  do got = waitpid(run->pid, &status, 0);
  while (got < 0 && errno == EINTR);
  if (got < 0) return false;
  if (run->status.read >= 0) read_failure(run);
  drain_rest(run);
  out->end = run->timed_out ? PROCESS_TIMED_OUT : WIFEXITED(status) ? PROCESS_EXITED : PROCESS_SIGNALLED;
  out->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  out->output = buf_text(&run->streams[0].kept);
  out->errors = buf_text(&run->streams[1].kept);
  out->output_cut = run->cut;
  return true;
}

/* Writing to a program that has stopped reading raises SIGPIPE: it is held back in this thread and taken
 * away, unless somebody else's was pending. */
static void serve_without_sigpipe(Run *run)
{
  sigset_t only_pipe, before, pending;
  sigemptyset(&only_pipe);
  sigaddset(&only_pipe, SIGPIPE);
  sigpending(&pending);
  bool was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &only_pipe, &before);
  serve(run);
  const struct timespec at_once = {0};
  while (!was_pending && sigtimedwait(&only_pipe, NULL, &at_once) < 0 && errno == EINTR) {
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static bool run_started(Run *run, ProcessResult *out, Diags *diags)
{
  Str program = str_from_z(run->options->argv[0]);
  run->streams[0].handle = run->out.read;
  run->streams[1].handle = run->err.read;
  run->out.read = run->err.read = -1;
  run->deadline = run->options->timeout_ms ? clock_ns() + run->options->timeout_ms * UINT64_C(1000000) : 0;
  serve_without_sigpipe(run);
  ProcessResult result = {0};
  if (!finish(run, &result))
    diag_errno(diags, errno, "wait for", program);
  else if (run->failure.error && run->failure.in_folder)
    diag_errno(diags, run->failure.error, "work in the folder", run->options->folder);
  else if (run->failure.error)
    diag_errno(diags, run->failure.error, "run", program);
  else {
    *out = result;
    return true;
  }
  return false;
}

bool process_run(Arena *arena, const ProcessOptions *options, ProcessResult *out, Diags *diags)
{
  Str program = str_from_z(options->argv[0]);
  Str path = process_find(arena, program);
  if (!path.len) {
    process_report_missing(program, diags);
    return false;
  }
  const Pipe none = {-1, -1};
  Run run = {.options = options, .in = none, .out = none, .err = none, .status = none, .pidfd = -1};
  run.input = options->input;
  run.streams[0] = run.streams[1] = (Stream){.handle = -1, .kept = buf_in(arena)};
  bool ok = start(&run, arena, path);
  if (ok)
    ok = run_started(&run, out, diags);
  else
    diag_errno(diags, errno, "start", program);
  pipe_close(&run.in);
  pipe_close(&run.out);
  pipe_close(&run.err);
  pipe_close(&run.status);
  close_handle(&run.streams[0].handle);
  close_handle(&run.streams[1].handle);
  close_handle(&run.pidfd);
  return ok;
}
