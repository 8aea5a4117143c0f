#include "runtime/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "ifc/base/arena.h"
#include "runtime/confine_linux.h"
#include "runtime/seccomp_linux.h"

enum {
  DEFAULT_WALL_MS = 600 * 1000,
  CPU_SECONDS = 60,
  PROCESSES = 8192, /* threads count too, and so does all else that the user runs */
  FILES = 1024,
  /* Landlock's version that keeps signals inside. */
  LANDLOCK_SCOPES = 6,
  /* What a shell and most other parents make of a child killed by a signal. */
  STATUS_OF_SIGNAL = 128
};
static const uint64_t default_memory = UINT64_C(4) << 30;
static const uint64_t file_bytes = UINT64_C(256) << 20;

/* Programs, libraries, headers, and what the loader and the compilers look up. Nothing else of /etc: private
 * keys and password hashes are there. */
static const GrantedPath system_paths[] = {
    {"/usr", GRANT_READ},
    {"/lib", GRANT_READ},
    {"/lib32", GRANT_READ},
    {"/lib64", GRANT_READ},
    {"/libx32", GRANT_READ},
    {"/bin", GRANT_READ},
    {"/etc/ld.so.cache", GRANT_READ},
    {"/etc/ld.so.conf", GRANT_READ},
    {"/etc/ld.so.conf.d", GRANT_READ},
    {"/etc/alternatives", GRANT_READ},
    {"/etc/localtime", GRANT_READ},
    {"/etc/ssl/openssl.cnf", GRANT_READ}, /* node does not start without it */
    {"/dev/urandom", GRANT_READ},
    {"/dev/zero", GRANT_READ},
    {"/dev/null", GRANT_READ_WRITE},
};

/* Written by the child, read by us. */
typedef struct ToolFailure {
  int error;
  const char *step; /* a literal, at the same address in both */
} ToolFailure;

/* All that the child needs between fork and exec, where nothing can be allocated. */
typedef struct ToolPlan {
  const GrantedPath *paths;
  size_t path_count;
  uint64_t memory_bytes;
  SyscallFilter filter;
  ToolFailure *failure; /* in shared memory */
} ToolPlan;

static bool fail(const ToolPlan *plan, const char *step)
{
  plan->failure->error = errno;
  plan->failure->step = step;
  return false;
}

static bool limit_resources(const ToolPlan *plan)
{
  return confine_limit(RLIMIT_DATA, plan->memory_bytes) && confine_limit(RLIMIT_CPU, CPU_SECONDS) &&
         confine_limit(RLIMIT_FSIZE, file_bytes) && confine_limit(RLIMIT_CORE, 0) &&
         confine_limit(RLIMIT_NPROC, PROCESSES) && confine_limit(RLIMIT_NOFILE, FILES) &&
         confine_limit(RLIMIT_MEMLOCK, 0);
}

static bool isolate(void *context)
{
  ToolPlan *plan = context;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return fail(plan, "give up new privileges");
  if (!limit_resources(plan)) return fail(plan, "set its limits");
  if (!confine_capabilities(true)) return fail(plan, "give up its capabilities");
  if (!confine_to_paths(plan->paths, plan->path_count)) return fail(plan, "confine itself to its files");
  if (!syscall_filter_install(&plan->filter)) return fail(plan, "filter its system calls");
  return true;
}

static const char *absolute(Arena *arena, Str path)
{
  char real[PATH_MAX];
  const char *given = str_to_z(arena, path);
  return realpath(given, real) ? str_to_z(arena, str_from_z(real)) : given;
}

static void plan_paths(Arena *arena, ToolPlan *plan, const char *folder, const Str *readable, size_t count)
{
  size_t system_count = sizeof system_paths / sizeof *system_paths;
  GrantedPath *paths = arena_array_of(arena, GrantedPath, system_count + count + 1);
  memcpy(paths, system_paths, sizeof system_paths);
  for (size_t i = 0; i < count; i++)
    paths[system_count + i] = (GrantedPath){absolute(arena, readable[i]), GRANT_READ};
  paths[system_count + count] = (GrantedPath){folder, GRANT_ALL};
  plan->paths = paths;
  plan->path_count = system_count + count + 1;
}

static const char *const *environment(Arena *arena, const char *folder)
{
  const char *search = getenv("PATH");
  if (!search || !*search) search = "/usr/local/bin:/usr/bin:/bin";
  const char **list = arena_array_of(arena, const char *, 5);
  list[0] = str_format(arena, "PATH=%s", search).at;
  list[1] = str_format(arena, "HOME=%s", folder).at;
  list[2] = str_format(arena, "TMPDIR=%s", folder).at;
  list[3] = "LC_ALL=C";
  return list;
}

static void report(Diags *diags, const char *what, const char *step, int error)
{
  Diag *diag = diag_error(diags, DIAG_SANDBOX, SPAN_NONE, "'%s' cannot %s: %s", what, step, strerror(error));
  diag_note(diags, diag, SPAN_NONE,
            "tools are not run without isolation; it needs a Linux kernel with seccomp filters, and a "
            "container, if there is one, that lets them be set");
}

static bool run_isolated(Arena *arena, const ProcessOptions *options, const ToolFailure *failure,
                         ProcessResult *out, Diags *diags)
{
  ProcessResult result;
  if (!process_run(arena, options, &result, diags)) return false;
  if (failure->step) {
    report(diags, options->argv[0], failure->step, failure->error);
    return false;
  }
  *out = result;
  return true;
}

bool sandbox_tool_within(Arena *arena, const SandboxLimits *limits, const char *const *argv, Str folder,
                         const Str *readable, size_t readable_count, Str input, ProcessResult *out,
                         Diags *diags)
{
  const char *home = absolute(arena, folder);
  ToolPlan plan = {.memory_bytes = limits->memory_bytes ? limits->memory_bytes : default_memory};
  plan_paths(arena, &plan, home, readable, readable_count);
  int error = syscall_filter_build(
      landlock_version() >= LANDLOCK_SCOPES ? SYSCALLS_TOOL_SCOPED : SYSCALLS_TOOL, &plan.filter);
  if (error) {
    report(diags, argv[0], "filter its system calls", error);
    return false;
  }
  ToolFailure *failure =
      mmap(NULL, sizeof *failure, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (failure == MAP_FAILED) {
    diag_errno(diags, errno, "get memory to start", str_from_z(argv[0]));
    return false;
  }
  plan.failure = failure;
  ProcessOptions options = {.argv = argv,
                            .env = environment(arena, home),
                            .folder = str_from_z(home),
                            .input = input,
                            .timeout_ms = limits->wall_ms ? limits->wall_ms : DEFAULT_WALL_MS,
                            .output_limit = limits->output_bytes,
                            .before_exec = isolate,
                            .context = &plan};
  bool ok = run_isolated(arena, &options, failure, out, diags);
  munmap(failure, sizeof *failure);
  return ok;
}

bool sandbox_tool(Arena *arena, const char *const *argv, Str folder, const Str *readable,
                  size_t readable_count, Str input, ProcessResult *out, Diags *diags)
{
  return sandbox_tool_within(arena, &(SandboxLimits){0}, argv, folder, readable, readable_count, input, out,
                             diags);
}

static Str signal_text(Arena *arena, int number)
{
  switch (number) {
  case SIGSYS: return STR("was stopped for a system call that tools may not use");
  case SIGXCPU:
    return str_format(arena, "needed more than %d s of processor time and was stopped", CPU_SECONDS);
  case SIGXFSZ:
    return str_format(arena, "wrote a file of more than %d MiB and was stopped", (int)(file_bytes >> 20));
  }
  SandboxOutcome crash = {.end = SANDBOX_CRASHED, .signal = number};
  return sandbox_outcome_text(arena, &crash);
}

Str sandbox_tool_text(Arena *arena, const ProcessResult *self)
{
  switch (self->end) {
  case PROCESS_TIMED_OUT: return STR("took too long and was stopped");
  case PROCESS_SIGNALLED: return signal_text(arena, self->status);
  case PROCESS_EXITED: break;
  }
  int number = self->status - STATUS_OF_SIGNAL;
  if (number == SIGSYS || number == SIGXCPU || number == SIGXFSZ) {
    Str text = signal_text(arena, number);
    return str_format(arena, "ended with status %d: a program that it ran %.*s", self->status, STR_ARG(text));
  }
  return str_format(arena, "ended with status %d", self->status);
}
