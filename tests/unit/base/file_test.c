#include "ifc/base/file.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

/* Each test gets an arena, an empty folder, and a list for what goes wrong. */
typedef struct Place {
  Arena *arena;
  Str folder;
  Diags diags;
} Place;

static int make_place(void **state)
{
  Arena *arena = arena_new();
  Place *place = arena_new_of(arena, Place);
  *place = (Place){.arena = arena, .diags = diags_in(arena)};
  const char *parent = getenv("TMPDIR");
  *state = place;
  return !dir_make_temporary(arena, str_from_z(parent ? parent : "/tmp"), &place->folder, &place->diags);
}

static int free_place(void **state)
{
  Place *place = *state;
  dir_remove(place->folder);
  bool gone = !dir_exists(place->folder);
  arena_free(place->arena);
  return !gone;
}

static Str in(const Place *place, const char *name)
{
  return path_join(place->arena, place->folder, str_from_z(name));
}

static void write_file(Place *place, const char *name, Str bytes)
{
  assert_true(file_write(in(place, name), bytes, &place->diags));
}

static Str read_back(Place *place, const char *name)
{
  Str out = STR("");
  assert_true(file_read(place->arena, in(place, name), SIZE_MAX, &out, &place->diags));
  return out;
}

static Str first_message(const Place *place)
{
  return place->diags.first ? place->diags.first->message : STR("(none)");
}

static void check_message(const Place *place, const char *start, Str path, const char *end)
{
  assert_slice(first_message(place), str_format(place->arena, "%s'%.*s'%s", start, STR_ARG(path), end));
}

static size_t entries(Place *place)
{
  Str *names;
  size_t count = 0;
  assert_true(dir_list(place->arena, place->folder, &names, &count, &place->diags));
  return count;
}

static void what_is_written_is_read_back(void **state)
{
  Place *place = *state;
  write_file(place, "a", STR("old"));
  write_file(place, "a", STR("n\0w"));
  assert_text(read_back(place, "a"), "n\0w");
  write_file(place, "empty", STR(""));
  assert_text(read_back(place, "empty"), "");
  assert_int_equal(entries(place), 2);
}

static void writing_makes_missing_folders(void **state)
{
  Place *place = *state;
  write_file(place, "x/y/z.txt", STR("deep"));
  assert_text(read_back(place, "x/y/z.txt"), "deep");
}

static void a_file_keeps_its_mode_and_a_link_its_target(void **state)
{
  Place *place = *state;
  struct stat status;
  write_file(place, "run", STR("1"));
  assert_int_equal(chmod(in(place, "run").at, 0750), 0);
  assert_int_equal(symlink("run", in(place, "link").at), 0);
  write_file(place, "link", STR("2"));
  assert_text(read_back(place, "run"), "2");
  assert_int_equal(lstat(in(place, "link").at, &status), 0);
  assert_true(S_ISLNK(status.st_mode));
  assert_int_equal(stat(in(place, "run").at, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0750);
}

static void a_device_is_written_to_and_not_replaced(void **state)
{
  Place *place = *state;
  struct stat status;
  assert_true(file_write(STR("/dev/null"), STR("x"), &place->diags));
  assert_int_equal(stat("/dev/null", &status), 0);
  assert_true(S_ISCHR(status.st_mode));
}

static void a_missing_file_is_an_error_that_names_it(void **state)
{
  Place *place = *state;
  Str out = STR("untouched");
  assert_false(file_read(place->arena, in(place, "no"), 100, &out, &place->diags));
  assert_text(out, "untouched");
  check_message(place, "cannot read ", in(place, "no"), ": No such file or directory");
  assert_int_equal(diags_exit(&place->diags), 2);
}

static void a_folder_is_not_a_file(void **state)
{
  Place *place = *state;
  Str out;
  assert_false(file_read(place->arena, place->folder, 100, &out, &place->diags));
  check_message(place, "cannot read ", place->folder, ": Is a directory");
  place->diags = diags_in(place->arena);
  assert_false(file_write(place->folder, STR("x"), &place->diags));
  check_message(place, "cannot write ", place->folder, ": Is a directory");
  assert_false(file_exists(place->folder));
  assert_true(dir_exists(place->folder));
}

static void a_file_is_not_a_folder(void **state)
{
  Place *place = *state;
  write_file(place, "a", STR("x"));
  assert_true(file_exists(in(place, "a")));
  assert_false(dir_exists(in(place, "a")));
  assert_false(dir_make(in(place, "a"), &place->diags));
  check_message(place, "cannot make the folder ", in(place, "a"), ": Not a directory");
  assert_false(file_write(in(place, "a/b"), STR("x"), &place->diags));
  assert_text(read_back(place, "a"), "x");
}

static void more_than_the_limit_is_refused(void **state)
{
  Place *place = *state;
  Str out = STR("untouched");
  write_file(place, "a", STR("12345"));
  assert_true(file_read(place->arena, in(place, "a"), 5, &out, &place->diags));
  assert_text(out, "12345");
  out = STR("untouched");
  assert_false(file_read(place->arena, in(place, "a"), 4, &out, &place->diags));
  assert_text(out, "untouched");
  check_message(place, "", in(place, "a"), " is larger than the limit of 4 bytes");
}

static void files_without_a_known_size_are_limited_too(void **state)
{
  Place *place = *state;
  Str out = STR("");
  assert_false(file_read(place->arena, STR("/dev/zero"), 1000 * 1000, &out, &place->diags));
  assert_text(first_message(place), "'/dev/zero' is larger than the limit of 1000000 bytes");
  assert_true(file_read(place->arena, STR("/proc/self/status"), 1000 * 1000, &out, &place->diags));
  assert_true(str_starts_with(out, STR("Name:")));
}

static void a_device_without_end_is_refused_soon(void **state)
{
  Place *place = *state;
  Str out = STR("untouched");
  assert_false(file_read(place->arena, STR("/dev/zero"), (size_t)1 << 40, &out, &place->diags));
  assert_text(out, "untouched");
  assert_text(first_message(place), "'/dev/zero' has not ended after 1 MiB");
  assert_true(file_read(place->arena, STR("/dev/null"), 10, &out, &place->diags));
  assert_text(out, "");
}

static int in_child(int (*steps)(Place *), Place *place);

/* In a child, because standard input is a process's own. */
static int read_megabytes_from_a_pipe(Place *place)
{
  enum { SIZE = 5 << 20 };
  int ends[2];
  Str out;
  if (pipe(ends)) return 1;
  pid_t child = fork();
  if (child < 0) return 2;
  if (!child) {
    char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    for (size_t i = 0; i < SIZE / sizeof bytes; i++)
      if (write(ends[1], bytes, sizeof bytes) != (ssize_t)sizeof bytes) _exit(1);
    _exit(0);
  }
  close(ends[1]);
  if (dup2(ends[0], STDIN_FILENO) < 0) return 3;
  bool read = file_read(place->arena, STR("-"), (size_t)1 << 30, &out, &place->diags);
  return read && out.len == SIZE && out.at[0] == 'x' && out.at[SIZE - 1] == 'x' ? 0 : 4;
}

static void pipes_are_read_to_their_end(void **state)
{
  Place *place = *state;
  assert_int_equal(in_child(read_megabytes_from_a_pipe, place), 0);
}

static int read_closed_input(Place *place)
{
  Str out;
  close(STDIN_FILENO);
  if (file_read(place->arena, STR("-"), 100, &out, &place->diags)) return 1;
  return str_equal(first_message(place), STR("cannot read standard input: it is closed")) ? 0 : 2;
}

static void a_closed_standard_input_is_called_so(void **state)
{
  Place *place = *state;
  assert_int_equal(in_child(read_closed_input, place), 0);
}

static void a_replaced_file_keeps_its_owner(void **state)
{
  Place *place = *state;
  struct stat status;
  write_file(place, "a", STR("x"));
  const char *path = str_to_z(place->arena, in(place, "a"));
  if (geteuid() || chown(path, 12, 34)) {
    print_message("skipped: only root gives files away\n");
    return;
  }
  assert_true(file_write(in(place, "a"), STR("y"), &place->diags));
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_uid, 12);
  assert_int_equal(status.st_gid, 34);
}

static void a_dash_is_standard_input(void **state)
{
  Place *place = *state;
  Str out = STR("");
  write_file(place, "a", STR("piped"));
  int before = dup(STDIN_FILENO);
  int handle = open(in(place, "a").at, O_RDONLY);
  dup2(handle, STDIN_FILENO);
  close(handle);
  bool ok = file_read(place->arena, STR("-"), 100, &out, &place->diags);
  if (before >= 0) dup2(before, STDIN_FILENO);
  close(before);
  assert_true(ok);
  assert_text(out, "piped");
}

static void pipes_and_devices_are_special(void **state)
{
  Place *place = *state;
  Str pipe_path = path_join(place->arena, place->folder, STR("pipe"));
  assert_int_equal(mkfifo(str_to_z(place->arena, pipe_path), 0600), 0);
  assert_true(file_is_special(pipe_path) && file_exists(pipe_path));
  assert_true(file_is_special(STR("/dev/zero")));
  assert_false(file_is_special(place->folder));
  assert_false(file_is_special(STR("/proc/self/exe")));
  assert_false(file_is_special(STR("/nowhere")));
}

static void paths_that_libc_cannot_hold_are_errors(void **state)
{
  Place *place = *state;
  Str out;
  char *longest = arena_alloc(place->arena, 10000);
  memset(longest, 'a', 10000);
  assert_false(file_read(place->arena, (Str){longest, 10000}, 9, &out, &place->diags));
  assert_true(str_ends_with(first_message(place), STR("File name too long")));
  assert_false(file_read(place->arena, STR("/dev/null\0x"), 9, &out, &place->diags));
  assert_false(file_exists(STR("/dev/null\0x")));
  assert_false(file_write(STR("/tmp/\0x"), STR(""), &place->diags));
  assert_false(dir_exists(STR("/tmp\0")));
}

/* In a child, because limits and mounts are a process's own. Exits with the number of the step that failed.
 */
static int in_child(int (*steps)(Place *), Place *place)
{
  pid_t child = fork();
  if (child == 0) _exit(steps(place));
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int write_past_the_size_limit(Place *place)
{
  const struct rlimit limit = {1000, 1000};
  char *bytes = arena_alloc(place->arena, 5000);
  signal(SIGXFSZ, SIG_IGN);
  if (setrlimit(RLIMIT_FSIZE, &limit)) return 1;
  if (file_write(in(place, "a"), (Str){bytes, 5000}, &place->diags)) return 2;
  if (!str_ends_with(first_message(place), STR(": File too large"))) return 3;
  if (entries(place) != 1) return 4;
  return str_equal(read_back(place, "a"), STR("old")) ? 0 : 5;
}

static void a_write_that_fails_leaves_the_old_file_and_nothing_else(void **state)
{
  Place *place = *state;
  write_file(place, "a", STR("old"));
  assert_int_equal(in_child(write_past_the_size_limit, place), 0);
}

enum { CANNOT_MOUNT = 77 };

static int write_to_a_full_disk(Place *place)
{
  char *bytes = arena_alloc(place->arena, 1000 * 1000);
  if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) return CANNOT_MOUNT;
  if (mount("tmpfs", place->folder.at, "tmpfs", 0, "size=64k")) return CANNOT_MOUNT;
  if (!file_write(in(place, "a"), STR("old"), &place->diags)) return 1;
  if (file_write(in(place, "a"), (Str){bytes, 1000 * 1000}, &place->diags)) return 2;
  if (!str_ends_with(first_message(place), STR(": No space left on device"))) return 3;
  if (!str_starts_with(place->diags.first->notes->message, STR("free some space"))) return 4;
  if (diags_exit(&place->diags) != 3) return 5;
  if (entries(place) != 1) return 6;
  return str_equal(read_back(place, "a"), STR("old")) ? 0 : 7;
}

static void a_full_disk_is_reported_and_leaves_nothing_behind(void **state)
{
  int result = in_child(write_to_a_full_disk, *state);
  if (result == CANNOT_MOUNT) skip();
  assert_int_equal(result, 0);
}

static void a_device_that_is_full_is_reported(void **state)
{
  Place *place = *state;
  assert_false(file_write(STR("/dev/full"), STR("x"), &place->diags));
  assert_text(first_message(place), "cannot write '/dev/full': No space left on device");
}

static void folders_are_listed_sorted(void **state)
{
  Place *place = *state;
  Str *names;
  size_t count;
  const char *made[] = {"b", "a", "B", ".hidden", "ab", "\xff"};
  for (size_t i = 0; i < 6; i++) write_file(place, made[i], STR(""));
  assert_true(dir_list(place->arena, place->folder, &names, &count, &place->diags));
  const Str want[] = {STR(".hidden"), STR("B"), STR("a"), STR("ab"), STR("b"), STR("\xff")};
  assert_int_equal(count, 6);
  for (size_t i = 0; i < 6; i++) assert_slice(names[i], want[i]);
  assert_false(dir_list(place->arena, in(place, "no"), &names, &count, &place->diags));
  check_message(place, "cannot list the folder ", in(place, "no"), ": No such file or directory");
}

static void making_a_folder_twice_is_fine(void **state)
{
  Place *place = *state;
  assert_true(dir_make(in(place, "a/b/c/"), &place->diags));
  assert_true(dir_make(in(place, "a/b/c"), &place->diags));
  assert_true(dir_make(STR("/"), &place->diags));
  assert_true(dir_exists(in(place, "a/b/c")));
}

static void temporary_folders_are_private_and_distinct(void **state)
{
  Place *place = *state;
  Str a, b;
  struct stat status;
  assert_true(dir_make_temporary(place->arena, in(place, "made"), &a, &place->diags));
  assert_true(dir_make_temporary(place->arena, in(place, "made"), &b, &place->diags));
  assert_false(str_equal(a, b));
  assert_int_equal(stat(a.at, &status), 0);
  assert_int_equal(status.st_mode & 0777, 0700);
}

static void removing_a_folder_does_not_follow_links(void **state)
{
  Place *place = *state;
  write_file(place, "kept/file", STR("x"));
  write_file(place, "gone/sub/file", STR("x"));
  assert_int_equal(symlink("../kept", in(place, "gone/link").at), 0);
  assert_int_equal(symlink("../kept/file", in(place, "gone/sub/link").at), 0);
  dir_remove(in(place, "gone"));
  assert_false(dir_exists(in(place, "gone")));
  assert_int_equal(symlink("kept", in(place, "link").at), 0);
  dir_remove(in(place, "link/"));
  assert_false(file_exists(in(place, "link")));
  assert_text(read_back(place, "kept/file"), "x");
  dir_remove(in(place, "was never there"));
}

static void paths_are_taken_apart_and_joined(void **state)
{
  Arena *arena = ((Place *)*state)->arena;
  assert_text(path_join(arena, STR("a"), STR("b")), "a/b");
  assert_text(path_join(arena, STR("a/"), STR("b")), "a/b");
  assert_text(path_join(arena, STR(""), STR("b")), "b");
  assert_text(path_join(arena, STR("a"), STR("/b")), "/b");
  assert_text(path_join(arena, STR("/"), STR("b")), "/b");
  assert_text(path_name(STR("a/b.wit")), "b.wit");
  assert_text(path_name(STR("b")), "b");
  assert_text(path_name(STR("a/")), "");
  assert_text(path_folder(STR("a/b/c")), "a/b");
  assert_text(path_folder(STR("c")), ".");
  assert_text(path_folder(STR("/c")), "/");
  assert_text(path_extension(STR("a.b/c.tar.gz")), "gz");
  assert_text(path_extension(STR("a.b/c")), "");
  assert_text(path_extension(STR("c.")), "");
}

static void state_lives_where_the_environment_says(void **state)
{
  Arena *arena = ((Place *)*state)->arena;
  setenv("HOME", "/h", 1);
  unsetenv("XDG_DATA_HOME");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("ASSAY_HOME");
  assert_text(home_folder(arena), "/h/.local/share/assay");
  assert_text(cache_folder(arena), "/h/.cache/assay");
  setenv("XDG_DATA_HOME", "/d", 1);
  setenv("XDG_CACHE_HOME", "relative is ignored", 1);
  assert_text(home_folder(arena), "/d/assay");
  assert_text(cache_folder(arena), "/h/.cache/assay");
  setenv("ASSAY_HOME", "/a", 1);
  assert_text(home_folder(arena), "/a");
  assert_text(cache_folder(arena), "/a/cache");
}

/* The child holds the lock and says so, then adds a letter before it lets go: whoever waits sees it. */
static void a_lock_is_waited_for(void **state)
{
  Place *place = *state;
  Str lock = in(place, "sub/lock");
  int locked[2];
  assert_int_equal(pipe(locked), 0);
  pid_t child = fork();
  if (child == 0) {
    int handle = file_lock(lock, &place->diags);
    if (handle < 0 || write(locked[1], "x", 1) != 1) _exit(1);
    bool ok = file_write(in(place, "proof"), STR("first"), &place->diags);
    file_unlock(handle);
    _exit(!ok);
  }
  char byte;
  assert_int_equal(read(locked[0], &byte, 1), 1);
  int handle = file_lock(lock, &place->diags);
  assert_true(handle >= 0);
  assert_text(read_back(place, "proof"), "first");
  file_unlock(handle);
  int status;
  waitpid(child, &status, 0);
  assert_int_equal(status, 0);
  close(locked[0]);
  close(locked[1]);
  assert_int_equal(file_lock(place->folder, &place->diags), -1);
}

#define PLACE_TEST(function) cmocka_unit_test_setup_teardown(function, make_place, free_place)

int main(void)
{
  const struct CMUnitTest tests[] = {
      PLACE_TEST(what_is_written_is_read_back),
      PLACE_TEST(writing_makes_missing_folders),
      PLACE_TEST(a_file_keeps_its_mode_and_a_link_its_target),
      PLACE_TEST(a_device_is_written_to_and_not_replaced),
      PLACE_TEST(a_missing_file_is_an_error_that_names_it),
      PLACE_TEST(a_folder_is_not_a_file),
      PLACE_TEST(a_file_is_not_a_folder),
      PLACE_TEST(more_than_the_limit_is_refused),
      PLACE_TEST(files_without_a_known_size_are_limited_too),
      PLACE_TEST(a_device_without_end_is_refused_soon),
      PLACE_TEST(pipes_are_read_to_their_end),
      PLACE_TEST(a_closed_standard_input_is_called_so),
      PLACE_TEST(a_replaced_file_keeps_its_owner),
      PLACE_TEST(a_dash_is_standard_input),
      PLACE_TEST(pipes_and_devices_are_special),
      PLACE_TEST(paths_that_libc_cannot_hold_are_errors),
      PLACE_TEST(a_write_that_fails_leaves_the_old_file_and_nothing_else),
      PLACE_TEST(a_full_disk_is_reported_and_leaves_nothing_behind),
      PLACE_TEST(a_device_that_is_full_is_reported),
      PLACE_TEST(folders_are_listed_sorted),
      PLACE_TEST(making_a_folder_twice_is_fine),
      PLACE_TEST(temporary_folders_are_private_and_distinct),
      PLACE_TEST(removing_a_folder_does_not_follow_links),
      PLACE_TEST(paths_are_taken_apart_and_joined),
      PLACE_TEST(state_lives_where_the_environment_says),
      PLACE_TEST(a_lock_is_waited_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
