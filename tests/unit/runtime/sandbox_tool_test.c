/* Tools work in their folder, and reach nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ifc/base/arena.h"
#include "ifc/base/file.h"
#include "runtime/confine_linux.h"
#include "runtime/sandbox.h"

/* A tool that does what its argument says. Ends with 0 when it could, with 1 when it was refused. */
static const char rogue_source[] =
    "#define _GNU_SOURCE\n"
    "#include <fcntl.h>\n"
    "#include <signal.h>\n"
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "#include <sys/mman.h>\n"
    "#include <sys/ptrace.h>\n"
    "#include <sys/resource.h>\n"
    "#include <sys/socket.h>\n"
    "#include <sys/stat.h>\n"
    "#include <sys/syscall.h>\n"
    "#include <sys/wait.h>\n"
    "#include <unistd.h>\n"
    "static int bomb(void)\n"
    "{\n"
    "  for (int i = 0; i < 100; i++)\n"
    "    if (fork() == 0) {\n"
    "      setsid();\n"
    "      setpgid(0, 0);\n"
    "      if (i % 2) fork();\n"
    "      for (;;) pause();\n"
    "    }\n"
    "  return 0;\n"
    "}\n"
    "static int past_the_end(void)\n"
    "{\n"
    "  int file = open(\"large\", O_WRONLY | O_CREAT, 0600);\n"
    "  return pwrite(file, \"x\", 1, 256L << 20) == 1 ? 0 : 1;\n"
    "}\n"
    "static int take_memory(void)\n"
    "{\n"
    "  int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;\n"
    "  return mmap(0, 5L << 30, prot, flags, -1, 0) == MAP_FAILED;\n"
    "}\n"
    "static int run_helper(char *self)\n"
    "{\n"
    "  int status = 0;\n"
    "  if (fork() == 0) execl(self, self, \"ptrace\", (char *)0);\n"
    "  wait(&status);\n"
    "  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : 0;\n"
    "}\n"
    "int main(int argc, char **argv)\n"
    "{\n"
    "  const char *what = argv[1], *path = argc > 2 ? argv[2] : \"\";\n"
    "  struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};\n"
    "#define WHEN(name, action) if (!strcmp(what, name)) return (action)\n"
    "  WHEN(\"read\", open(path, O_RDONLY) < 0);\n"
    "  WHEN(\"list\", open(path, O_RDONLY | O_DIRECTORY) < 0);\n"
    "  WHEN(\"write\", open(path, O_WRONLY) < 0);\n"
    "  WHEN(\"append\", open(path, O_WRONLY | O_APPEND) < 0);\n"
    "  WHEN(\"create\", open(path, O_WRONLY | O_CREAT, 0600) < 0);\n"
    "  WHEN(\"cut\", open(path, O_RDONLY | O_TRUNC) < 0);\n"
    "  WHEN(\"truncate\", truncate(path, 0) != 0);\n"
    "  WHEN(\"remove\", unlink(path) != 0);\n"
    "  WHEN(\"mkdir\", mkdir(path, 0700) != 0);\n"
    "  WHEN(\"move\", rename(path, \"mine\") != 0);\n"
    "  WHEN(\"link\", link(path, \"mine\") != 0);\n"
    "  WHEN(\"chmod\", chmod(path, 0777));\n"
    "  WHEN(\"execute\", execl(path, path, \"--version\", (char *)0) != 0);\n"
    "  WHEN(\"socket\", socket(AF_INET, SOCK_STREAM, 0) < 0);\n"
    "  WHEN(\"unix\", socket(AF_UNIX, SOCK_STREAM, 0) < 0);\n"
    "  WHEN(\"datagrams\", socketpair(AF_UNIX, SOCK_DGRAM, 0, (int[2]){0}) < 0);\n"
    "  WHEN(\"netlink\", socket(AF_NETLINK, SOCK_RAW, 0) < 0);\n"
    "  WHEN(\"kill\", kill(getppid(), SIGKILL) != 0);\n"
    "  WHEN(\"limits of parent\", prlimit(getppid(), RLIMIT_NOFILE, 0, &more) != 0);\n"
    "  WHEN(\"raise\", setrlimit(RLIMIT_FSIZE, &more) != 0);\n"
    "  WHEN(\"namespace\", syscall(SYS_clone, 0x10000000 | SIGCHLD, 0, 0, 0, 0) < 0);\n"
    "  WHEN(\"new process\", fork() < 0);\n"
    "  WHEN(\"ring\", syscall(425, 8, 0) < 0);\n"
    "  WHEN(\"descriptor of parent\", syscall(434, getppid(), 0) < 0);\n"
    "  WHEN(\"memory of parent\", syscall(SYS_process_vm_readv, getppid(), 0, 0, 0, 0, 0) < 0);\n"
    "  WHEN(\"kernel program\", syscall(SYS_bpf, 0, 0, 0) < 0);\n"
    "  WHEN(\"ptrace\", ptrace(PTRACE_TRACEME, 0, 0, 0) != 0);\n"
    "  WHEN(\"helper\", run_helper(argv[0]));\n"
    "  WHEN(\"bomb\", bomb());\n"
    "  WHEN(\"hang\", (bomb(), pause()));\n"
    "  WHEN(\"large\", past_the_end());\n"
    "  WHEN(\"memory\", take_memory());\n"
    "  return 2;\n"
    "}\n";

static const char *folder_z, *outside_z, *rogue_z; /* set once, before all tests */
static Arena *arena;

static Str folder(void)
{
  return str_from_z(folder_z);
}

static Str outside(const char *name)
{
  return path_join(arena, str_from_z(outside_z), str_from_z(name));
}

static void put(Str path, Str text)
{
  Diags diags = diags_in(arena);
  assert_true(file_write(path, text, &diags));
}

static ProcessResult run_within(const SandboxLimits *limits, Str readable, const char *const *argv)
{
  Diags diags = diags_in(arena);
  ProcessResult result = {0};
  bool ok = sandbox_tool_within(arena, limits, argv, folder(), &readable, readable.len ? 1 : 0, STR(""),
                                &result, &diags);
  if (!ok) fail_msg("%.*s", STR_ARG(diags.first->message));
  return result;
}

static ProcessResult run(const char *const *argv)
{
  return run_within(&(SandboxLimits){0}, STR(""), argv);
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void expect_success(ProcessResult result)
{
  Str text = sandbox_tool_text(arena, &result);
  if (result.end != PROCESS_EXITED || result.status)
    fail_msg("%.*s: %.*s", STR_ARG(text), STR_ARG(result.errors));
}

static ProcessResult rogue(const char *what, const char *path)
{
  const char *argv[] = {rogue_z, what, path, NULL};
  return run(argv);
}

static void expect_refusal(const char *what, const char *path)
{
  ProcessResult result = rogue(what, path);
  if (result.end != PROCESS_EXITED || result.status != 1)
    fail_msg("%s %s: end %d, status %d", what, path, (int)result.end, result.status);
}

static void expect_text(const ProcessResult *result, Str want)
{
  Str got = sandbox_tool_text(arena, result);
  if (!str_equal(got, want)) fail_msg("\"%.*s\", not \"%.*s\"", STR_ARG(got), STR_ARG(want));
}

/* All that is ours dies at once, or the alarm ends the test. */
static void expect_no_process_left(void)
{
  alarm(30);
  while (waitpid(-1, NULL, 0) > 0) {
  }
  assert_int_equal(errno, ECHILD);
  alarm(0);
}

static int set_up_all(void **state)
{
  (void)state;
  arena = arena_new();
  Diags diags = diags_in(arena);
  Str made[2];
  for (int i = 0; i < 2; i++)
    if (!dir_make_temporary(arena, STR("/tmp"), &made[i], &diags)) return -1;
  folder_z = str_to_z(arena, made[0]);
  outside_z = str_to_z(arena, made[1]);
  rogue_z = str_to_z(arena, path_join(arena, folder(), STR("rogue")));
  put(path_join(arena, folder(), STR("rogue.c")), str_from_z(rogue_source));
  /* So that nobody whom a tool leaves behind escapes us. */
  return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int tear_down_all(void **state)
{
  (void)state;
  dir_remove(folder());
  dir_remove(str_from_z(outside_z));
  arena_free(arena);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

/* --- what tools can do
 * ------------------------------------------------------------------------------------------- */

static void test_compilers_and_linkers_work(void **state)
{
  (void)state;
  expect_success(RUN("gcc", "-O1", "-w", "rogue.c", "-o", "rogue"));
  assert_int_equal(chmod(rogue_z, 0700), 0); /* tools change no modes */
  put(path_join(arena, folder(), STR("f.c")),
      STR("#include <stdint.h>\nint32_t f(int32_t x) { return x + 1; }\n"));
  expect_success(RUN("clang", "-O2", "-shared", "-fPIC", "f.c", "-o", "f.so"));
  expect_success(RUN("clang", "--target=wasm32", "-O2", "-nostdlib", "-Wl,--no-entry,--export-all", "f.c",
                     "-o", "f.wasm"));
}

static void test_webassembly_tools_work(void **state)
{
  (void)state;
  put(path_join(arena, folder(), STR("m.wat")),
      STR("(module (memory 1) (func (export \"f\") (result i32) i32.const 0 i32.load))"));
  expect_success(RUN("wat2wasm", "m.wat", "-o", "m.wasm"));
  expect_success(RUN("wasm-validate", "m.wasm"));
  expect_success(RUN("wasm-opt", "-O3", "m.wasm", "-o", "o.wasm"));
  expect_success(RUN("wasm2c", "o.wasm", "-o", "m.c"));
  expect_success(RUN("wasm-ld", "--version"));
}

static void test_input_and_outputs_are_passed(void **state)
{
  (void)state;
  Diags diags = diags_in(arena);
  ProcessResult result;
  const char *argv[] = {"sh", "-c", "cat; echo said >&2; exit 7", NULL};
  assert_true(sandbox_tool(arena, argv, folder(), NULL, 0, STR("given"), &result, &diags));
  assert_true(str_equal(result.output, STR("given")));
  assert_true(str_equal(result.errors, STR("said\n")));
  expect_text(&result, STR("ended with status 7"));
}

static void test_the_environment_is_made_anew(void **state)
{
  (void)state;
  setenv("ASSAY_TEST_SECRET", "1", 1);
  ProcessResult result = RUN("env");
  unsetenv("ASSAY_TEST_SECRET");
  Str want = str_format(arena, "PATH=%s\nHOME=%s\nTMPDIR=%s\nLC_ALL=C\n", getenv("PATH"), folder_z, folder_z);
  assert_true(str_equal(result.output, want));
}

static void test_a_missing_tool_is_named(void **state)
{
  (void)state;
  Diags diags = diags_in(arena);
  ProcessResult result = {0};
  const char *argv[] = {"no-such-tool-of-assay", NULL};
  assert_false(sandbox_tool(arena, argv, folder(), NULL, 0, STR(""), &result, &diags));
  assert_int_equal(diags.first->code, DIAG_TOOLCHAIN);
}

/* --- files
 * ----------------------------------------------------------------------------------------------------- */

static void test_other_folders_are_out_of_reach(void **state)
{
  (void)state;
  if (!landlock_version()) skip();
  const char *secret = str_to_z(arena, outside("secret"));
  const char *fresh = str_to_z(arena, outside("fresh"));
  put(outside("secret"), STR("kept"));
  static const char *const deeds[] = {"read", "write", "append", "cut", "truncate", "remove", "move", "link"};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) expect_refusal(deeds[i], secret);
  expect_refusal("create", fresh);
  expect_refusal("mkdir", fresh);
  expect_refusal("list", outside_z);
  expect_refusal("read", "/etc/shadow");
  expect_refusal("read", "/proc/1/environ");
  expect_refusal("read", "/proc/self/environ");
  expect_refusal("write", "/proc/self/mem");
  expect_refusal("list", "/root");
  expect_refusal("create", "/usr/lib/assay-attack");
  Str text;
  Diags diags = diags_in(arena);
  assert_true(file_read(arena, outside("secret"), 100, &text, &diags));
  assert_true(str_equal(text, STR("kept")));
}

static void test_what_is_named_can_be_read_but_not_written(void **state)
{
  (void)state;
  if (!landlock_version()) skip();
  put(outside("header.h"), STR("kept"));
  put(outside("other.h"), STR("secret"));
  Str header = outside("header.h");
  const char *reading[] = {rogue_z, "read", str_to_z(arena, header), NULL};
  expect_success(run_within(&(SandboxLimits){0}, header, reading));
  const char *writing[] = {rogue_z, "write", str_to_z(arena, header), NULL};
  assert_int_equal(run_within(&(SandboxLimits){0}, header, writing).status, 1);
  const char *reading_other[] = {rogue_z, "read", str_to_z(arena, outside("other.h")), NULL};
  assert_int_equal(run_within(&(SandboxLimits){0}, header, reading_other).status, 1);
  expect_success(run_within(&(SandboxLimits){0}, str_from_z(outside_z), reading_other));
}

/* Landlock does not govern modes. */
static void test_modes_are_not_changed(void **state)
{
  (void)state;
  put(outside("mode"), STR(""));
  const char *path = str_to_z(arena, outside("mode"));
  assert_int_equal(chmod(path, 0600), 0);
  expect_success(rogue("chmod", path));
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 0777, 0600);
}

/* --- everything else
 * ------------------------------------------------------------------------------------------- */

static void test_there_is_no_network(void **state)
{
  (void)state;
  static const char *const deeds[] = {"socket", "unix", "datagrams", "netlink"};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) expect_refusal(deeds[i], "");
}

static void test_other_processes_are_out_of_reach(void **state)
{
  (void)state;
  expect_refusal("kill", "");
  expect_refusal("limits of parent", "");
  expect_refusal("raise", "");
  expect_refusal("namespace", "");
}

static void test_an_attack_is_recognised(void **state)
{
  (void)state;
  ProcessResult result = rogue("ptrace", "");
  assert_int_equal(result.end, PROCESS_SIGNALLED);
  expect_text(&result, STR("was stopped for a system call that tools may not use"));
  result = rogue("helper", "");
  expect_text(&result,
              STR("ended with status 159: a program that it ran was stopped for a system call that tools "
                  "may not use"));
}

/* Ways around that do not go through files, or by which older kernels were broken. */
static void test_back_doors_are_shut(void **state)
{
  (void)state;
  static const char *const deeds[] = {"ring", "descriptor of parent", "memory of parent", "kernel program"};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
    ProcessResult result = rogue(deeds[i], "");
    bool is_killed = result.end == PROCESS_SIGNALLED && result.status == SIGSYS;
    if (!is_killed && (result.end != PROCESS_EXITED || result.status != 1))
      fail_msg("%s: end %d, status %d", deeds[i], (int)result.end, result.status);
  }
}

/* What was compiled for others cannot be exchanged. */
static void test_the_cache_is_out_of_reach(void **state)
{
  (void)state;
  if (!landlock_version()) skip();
  char *before = getenv("ASSAY_HOME") ? str_to_z(arena, str_from_z(getenv("ASSAY_HOME"))) : NULL;
  setenv("ASSAY_HOME", outside_z, 1);
  Str object = path_join(arena, cache_folder(arena), STR("objects/aa/aa.so"));
  Diags diags = diags_in(arena);
  assert_true(dir_make(path_folder(object), &diags));
  put(object, STR("kept"));
  static const char *const deeds[] = {"read", "write", "cut", "remove", "move", "link"};
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) expect_refusal(deeds[i], str_to_z(arena, object));
  expect_refusal("create", str_format(arena, "%.*s.new", STR_ARG(object)).at);
  if (before)
    setenv("ASSAY_HOME", before, 1);
  else
    unsetenv("ASSAY_HOME");
}

static void test_a_file_ends_at_its_limit(void **state)
{
  (void)state;
  ProcessResult result = rogue("large", "");
  expect_text(&result, STR("wrote a file of more than 256 MiB and was stopped"));
}

static void test_memory_ends_at_its_limit(void **state)
{
  (void)state;
  expect_refusal("memory", "");
}

static void test_a_flood_is_cut_and_stopped(void **state)
{
  (void)state;
  SandboxLimits limits = {.wall_ms = 300, .output_bytes = 1000};
  const char *argv[] = {"yes", NULL};
  ProcessResult result = run_within(&limits, STR(""), argv);
  assert_int_equal(result.end, PROCESS_TIMED_OUT);
  assert_true(result.output_cut);
  assert_int_equal(result.output.len, 1000);
  expect_text(&result, STR("took too long and was stopped"));
}

static void test_a_hanging_tool_is_stopped_with_all_its_children(void **state)
{
  (void)state;
  SandboxLimits limits = {.wall_ms = 300};
  const char *argv[] = {rogue_z, "hang", NULL};
  assert_int_equal(run_within(&limits, STR(""), argv).end, PROCESS_TIMED_OUT);
  expect_no_process_left();
}

static void test_what_a_tool_leaves_behind_is_stopped(void **state)
{
  (void)state;
  expect_success(rogue("bomb", ""));
  expect_no_process_left();
}

static void test_a_tool_dies_with_its_supervisor(void **state)
{
  (void)state;
  const char *argv[] = {"sh", "-c", "echo > started; exec sleep 1000", NULL};
  Str started = path_join(arena, folder(), STR("started"));
  pid_t supervisor = fork();
  if (supervisor == 0) _exit(run(argv).status);
  while (!file_exists(started)) usleep(1000);
  assert_int_equal(kill(supervisor, SIGKILL), 0);
  expect_no_process_left();
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_compilers_and_linkers_work), /* makes what the others need */
      TEST(test_webassembly_tools_work),
      TEST(test_input_and_outputs_are_passed),
      TEST(test_the_environment_is_made_anew),
      TEST(test_a_missing_tool_is_named),
      TEST(test_other_folders_are_out_of_reach),
      TEST(test_what_is_named_can_be_read_but_not_written),
      TEST(test_modes_are_not_changed),
      TEST(test_there_is_no_network),
      TEST(test_other_processes_are_out_of_reach),
      TEST(test_an_attack_is_recognised),
      TEST(test_back_doors_are_shut),
      TEST(test_the_cache_is_out_of_reach),
      TEST(test_a_file_ends_at_its_limit),
      TEST(test_memory_ends_at_its_limit),
      TEST(test_a_flood_is_cut_and_stopped),
      TEST(test_a_hanging_tool_is_stopped_with_all_its_children),
      TEST(test_what_a_tool_leaves_behind_is_stopped),
      TEST(test_a_tool_dies_with_its_supervisor),
  };
  return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
