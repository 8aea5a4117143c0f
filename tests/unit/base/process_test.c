#include "ifc/base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "tests/unit/check.h"

/* Runs `script` in a shell with these options. */
static ProcessResult shell(Arena *arena, ProcessOptions options, const char *script)
{
  const char *const argv[] = {"sh", "-c", script, NULL};
  options.argv = argv;
  Diags diags = diags_in(arena);
  ProcessResult out = {0};
  bool ok = process_run(arena, &options, &out, &diags);
  if (!ok) print_error("%.*s\n", STR_ARG(diags.first->message));
  assert_true(ok);
  return out;
}

/* The first message of a run that could not start. */
static const Diag *refusal(Arena *arena, const ProcessOptions *options)
{
  Diags *diags = arena_new_of(arena, Diags);
  *diags = diags_in(arena);
  ProcessResult out = {.status = 99};
  assert_false(process_run(arena, options, &out, diags));
  assert_int_equal(out.status, 99);
  return diags->first;
}

static void outputs_and_status_are_kept_apart(void **state)
{
  ProcessResult result = shell(*state, (ProcessOptions){0}, "echo out; echo err >&2; exit 7");
  assert_int_equal(result.end, PROCESS_EXITED);
  assert_int_equal(result.status, 7);
  assert_text(result.output, "out\n");
  assert_text(result.errors, "err\n");
  assert_false(result.output_cut);
}

static void a_signal_is_told_from_an_exit(void **state)
{
  ProcessResult result = shell(*state, (ProcessOptions){0}, "kill -SEGV $$");
  assert_int_equal(result.end, PROCESS_SIGNALLED);
  assert_int_equal(result.status, SIGSEGV);
}

static void much_input_and_output_pass_at_once(void **state)
{
  char *bytes = arena_alloc(*state, 3000000);
  for (size_t i = 0; i < 3000000; i++) bytes[i] = (char)(i * 31 >> 3);
  ProcessOptions options = {.input = {bytes, 3000000}, .output_limit = 4000000};
  ProcessResult result = shell(*state, options, "tee /dev/stderr");
  assert_slice(result.output, options.input);
  assert_slice(result.errors, options.input);
}

static void without_input_it_reads_the_end_at_once(void **state)
{
  assert_text(shell(*state, (ProcessOptions){0}, "cat; echo done").output, "done\n");
}

static void input_that_is_not_wanted_does_no_harm(void **state)
{
  char *bytes = arena_alloc(*state, 1000000);
  struct sigaction before = {0};
  sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_DFL}, &before);
  ProcessResult result =
      shell(*state, (ProcessOptions){.input = {bytes, 1000000}}, "exec <&-; echo no thanks; exit 0");
  sigset_t pending, mask;
  sigpending(&pending);
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigaction(SIGPIPE, &before, NULL);
  assert_int_equal(sigismember(&pending, SIGPIPE), 0);
  assert_int_equal(sigismember(&mask, SIGPIPE), 0);
  assert_text(result.output, "no thanks\n");
}

static void output_past_the_limit_is_dropped(void **state)
{
  ProcessOptions options = {.output_limit = 1000};
  ProcessResult result = shell(*state, options, "head -c 500000 /dev/zero; echo err >&2");
  assert_int_equal(result.end, PROCESS_EXITED);
  assert_int_equal(result.output.len, 1000);
  assert_text(result.errors, "err\n");
  assert_true(result.output_cut);
  assert_false(shell(*state, options, "head -c 1000 /dev/zero").output_cut);
}

static void a_flood_is_stopped_by_the_timeout(void **state)
{
  ProcessOptions options = {.timeout_ms = 200, .output_limit = 10};
  ProcessResult result = shell(*state, options, "exec cat /dev/zero");
  assert_int_equal(result.end, PROCESS_TIMED_OUT);
  assert_int_equal(result.status, SIGKILL);
  assert_true(result.output_cut);
}

static void a_timeout_kills_and_keeps_what_came_before(void **state)
{
  ProcessResult result = shell(*state, (ProcessOptions){.timeout_ms = 1000},
                               "trap '' TERM INT; echo before; sleep 1000; echo after");
  assert_int_equal(result.end, PROCESS_TIMED_OUT);
  assert_text(result.output, "before\n");
}

/* Reads until everybody who could write to the pipe is gone: that is, dead. */
static void wait_for_the_end(int handle)
{
  char byte;
  while (read(handle, &byte, 1) > 0) {
  }
  close(handle);
}

static int open_fifo(Arena *arena, Str *folder, Str *path)
{
  Diags diags = diags_in(arena);
  assert_true(dir_make_temporary(arena, STR("/tmp"), folder, &diags));
  *path = path_join(arena, *folder, STR("fifo"));
  assert_int_equal(mkfifo(str_to_z(arena, *path), 0600), 0);
  int handle = open(str_to_z(arena, *path), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  assert_true(handle >= 0);
  fcntl(handle, F_SETFL, 0);
  return handle;
}

static void grandchildren_die(Arena *arena, ProcessOptions options, const char *script, ProcessEnd end)
{
  Str folder, path;
  int handle = open_fifo(arena, &folder, &path);
  const char *const env[] = {str_format(arena, "PATH=%s", getenv("PATH")).at,
                             str_format(arena, "FIFO=%.*s", STR_ARG(path)).at, NULL};
  options.env = env;
  ProcessResult result = shell(arena, options, script);
  assert_int_equal(result.end, end);
  assert_text(result.output, "started\n");
  wait_for_the_end(handle);
  dir_remove(folder);
}

static void the_whole_group_dies_at_the_timeout(void **state)
{
  grandchildren_die(*state, (ProcessOptions){.timeout_ms = 1000},
                    "exec 3>$FIFO; (trap '' TERM HUP; echo started; sleep 1000) & wait", PROCESS_TIMED_OUT);
}

static void what_the_leader_leaves_behind_dies_with_it(void **state)
{
  grandchildren_die(*state, (ProcessOptions){0},
                    "exec 3>$FIFO; (trap '' TERM HUP; sleep 1000) & echo started; exit 0", PROCESS_EXITED);
}

static void only_named_variables_are_inherited(void **state)
{
  const char *const env[] = {"A=1", "B=x y", NULL};
  setenv("SECRET", "s", 1);
  const char *const argv[] = {"env", NULL};
  ProcessResult out;
  Diags diags = diags_in(*state);
  assert_true(process_run(*state, &(ProcessOptions){.argv = argv, .env = env}, &out, &diags));
  assert_text(out.output, "A=1\nB=x y\n");
  assert_true(process_run(*state, &(ProcessOptions){.argv = argv}, &out, &diags));
  assert_slice(out.output, str_format(*state, "PATH=%s\n", getenv("PATH")));
}

static void open_files_and_blocked_signals_are_not_inherited(void **state)
{
  int leaked = open("/dev/null", O_RDONLY);
  sigset_t term, before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, &before);
  ProcessResult result =
      shell(*state, (ProcessOptions){0}, "ls /proc/self/fd; grep SigBlk /proc/self/status");
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(leaked);
  assert_text(result.output, "0\n1\n2\n3\nSigBlk:\t0000000000000000\n"); /* 3: ls's own */
}

static void it_runs_where_it_is_told(void **state)
{
  assert_text(shell(*state, (ProcessOptions){.folder = STR("/usr")}, "pwd").output, "/usr\n");
  const char *const argv[] = {"true", NULL};
  const Diag *diag = refusal(*state, &(ProcessOptions){.argv = argv, .folder = STR("/no/such")});
  assert_text(diag->message, "cannot work in the folder '/no/such': No such file or directory");
}

static void a_missing_program_names_its_package(void **state)
{
  const char *const argv[] = {"wasm2c", NULL};
  char *path = str_to_z(*state, str_from_z(getenv("PATH")));
  setenv("PATH", "/nonexistent", 1);
  const Diag *diag = refusal(*state, &(ProcessOptions){.argv = argv});
  setenv("PATH", path, 1);
  assert_text(diag->message, "cannot find 'wasm2c'");
  assert_int_equal(diag->code, DIAG_TOOLCHAIN);
  assert_text(diag->notes->message, "install Debian's package wabt");
  const char *const unknown[] = {"no-such-program-anywhere", NULL};
  assert_null(refusal(*state, &(ProcessOptions){.argv = unknown})->notes);
}

static void a_program_that_cannot_be_executed_is_an_error(void **state)
{
  Diags diags = diags_in(*state);
  Str folder;
  assert_true(dir_make_temporary(*state, STR("/tmp"), &folder, &diags));
  Str path = path_join(*state, folder, STR("broken"));
  assert_true(file_write(path, STR("not a program\n"), &diags));
  assert_int_equal(chmod(path.at, 0755), 0);
  const char *const argv[] = {path.at, NULL};
  const Diag *diag = refusal(*state, &(ProcessOptions){.argv = argv});
  assert_slice(diag->message, str_format(*state, "cannot run '%.*s': Exec format error", STR_ARG(path)));
  dir_remove(folder);
}

static bool say_no(void *context)
{
  (void)context;
  return false;
}

static bool greet(void *context)
{
  return write(STDOUT_FILENO, context, 5) == 5;
}

static void the_hook_runs_in_the_child_and_can_refuse(void **state)
{
  ProcessResult refused = shell(*state, (ProcessOptions){.before_exec = say_no}, "echo never");
  assert_int_equal(refused.end, PROCESS_EXITED);
  assert_int_equal(refused.status, 126);
  assert_text(refused.output, "");
  char text[] = "hook ";
  ProcessOptions options = {.before_exec = greet, .context = text};
  assert_text(shell(*state, options, "echo shell").output, "hook shell\n");
}

static void programs_are_found_on_the_path_only(void **state)
{
  char *path = str_to_z(*state, str_from_z(getenv("PATH")));
  assert_text(process_find(*state, STR("/bin/sh")), "/bin/sh");
  assert_text(process_find(*state, STR("/bin")), "");
  assert_text(process_find(*state, STR("")), "");
  setenv("PATH", "/nonexistent:.:/bin", 1);
  assert_text(process_find(*state, STR("sh")), "/bin/sh");
  setenv("PATH", "bin:.:", 1);
  assert_text(process_find(*state, STR("sh")), "");
  setenv("PATH", path, 1);
}

static void it_works_with_standard_streams_closed(void **state)
{
  int input = dup(STDIN_FILENO);
  close(STDIN_FILENO);
  ProcessResult result = shell(*state, (ProcessOptions){.input = STR("through")}, "cat; echo err >&2");
  if (input >= 0) dup2(input, STDIN_FILENO);
  close(input);
  assert_text(result.output, "through");
  assert_text(result.errors, "err\n");
}

static void no_handles_are_left_open(void **state)
{
  int before = dup(STDOUT_FILENO);
  close(before);
  for (int i = 0; i < 50; i++) shell(*state, (ProcessOptions){.input = STR("x")}, "exit 0");
  int after = dup(STDOUT_FILENO);
  close(after);
  assert_int_equal(before, after);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(outputs_and_status_are_kept_apart),
      TEST(a_signal_is_told_from_an_exit),
      TEST(much_input_and_output_pass_at_once),
      TEST(without_input_it_reads_the_end_at_once),
      TEST(input_that_is_not_wanted_does_no_harm),
      TEST(output_past_the_limit_is_dropped),
      TEST(a_flood_is_stopped_by_the_timeout),
      TEST(a_timeout_kills_and_keeps_what_came_before),
      TEST(the_whole_group_dies_at_the_timeout),
      TEST(what_the_leader_leaves_behind_dies_with_it),
      TEST(only_named_variables_are_inherited),
      TEST(open_files_and_blocked_signals_are_not_inherited),
      TEST(it_runs_where_it_is_told),
      TEST(a_missing_program_names_its_package),
      TEST(a_program_that_cannot_be_executed_is_an_error),
      TEST(the_hook_runs_in_the_child_and_can_refuse),
      TEST(programs_are_found_on_the_path_only),
      TEST(it_works_with_standard_streams_closed),
      TEST(no_handles_are_left_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
