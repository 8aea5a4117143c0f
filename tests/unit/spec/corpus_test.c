/* Cases that are kept for the next run: what was written is read again, what was damaged is left out. */
#include "spec/corpus.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "tests/unit/spec/stand_in.h"

static int make_home(void **state)
{
  (void)state;
  char folder[] = "/tmp/assay-test-XXXXXX";
  if (!mkdtemp(folder)) return -1;
  return setenv("ASSAY_HOME", folder, 1);
}

static int remove_home(void **state)
{
  (void)state;
  dir_remove(str_from_z(getenv("ASSAY_HOME")));
  return 0;
}

static const Spec *spec_of(Arena *arena, const char *name)
{
  return stand_in_spec(arena, "f: func(x: u32) -> bool;",
                       str_to_z(arena, str_format(arena, "law \"%s\" (x: u32) { expect f(x); }", name)));
}

static Str token_of(Arena *arena, const Spec *spec, uint64_t value)
{
  Choice *choice = arena_new_of(arena, Choice);
  *choice = (Choice){value, CHOICE_NUMBER};
  Replay replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = {choice, 1}};
  return replay_encode(arena, spec, &replay);
}

static Str only_file(Arena *arena)
{
  Diags diags = diags_in(arena);
  Str *names, folder = path_join(arena, cache_folder(arena), STR("cases"));
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  assert_int_equal(count, 1);
  return path_join(arena, folder, names[0]);
}

static void what_was_kept_comes_again_in_its_order(void **state)
{
  const Spec *spec = spec_of(*state, "one");
  Hash module = hash_of(STR("first"));
  const Str tokens[] = {token_of(*state, spec, 7), token_of(*state, spec, 5), token_of(*state, spec, 7)};
  Corpus corpus;
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 0);
  assert_true(corpus_write(*state, module, tokens, 3));
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 2);
  assert_int_equal(corpus.at[0].replay.choices.at[0].value, 7);
  assert_int_equal(corpus.at[1].replay.choices.at[0].value, 5);
  dir_remove(path_folder(only_file(*state)));
}

static void cases_of_other_specifications_stay(void **state)
{
  const Spec *one = spec_of(*state, "one"), *two = spec_of(*state, "two");
  Hash module = hash_of(STR("second"));
  Str first = token_of(*state, one, 1), second = token_of(*state, two, 2);
  Corpus corpus;
  corpus_read(*state, module, &one, 1, &corpus);
  assert_true(corpus_write(*state, module, &first, 1));
  corpus_read(*state, module, &two, 1, &corpus);
  assert_int_equal(corpus.len, 0);
  assert_true(corpus_write(*state, module, &second, 1));
  corpus_read(*state, module, &one, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, first);
  corpus_read(*state, module, &two, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, second);
  dir_remove(path_folder(only_file(*state)));
}

static void what_was_damaged_is_left_out(void **state)
{
  const Spec *spec = spec_of(*state, "one");
  Hash module = hash_of(STR("third"));
  Diags diags = diags_in(*state);
  Corpus corpus;
  Buf text = buf_in(*state);
  Str good = token_of(*state, spec, 9);
  buf_printf(&text, "%.*s\n%.*s\nnonsense\n", STR_ARG(good), (int)good.len - 2, good.at);
  for (int i = 0; i < 256; i++) buf_byte(&text, (char)i);
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_true(corpus_write(*state, module, &good, 1));
  assert_true(file_write(only_file(*state), buf_text(&text), &diags));
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, good);
  dir_remove(path_folder(only_file(*state)));
}

static Str file_of(Arena *arena, Hash module)
{
  Str name = hash_text(arena, module), folder = path_join(arena, cache_folder(arena), STR("cases"));
  return path_join(arena, folder, str_slice(name, STR("sha256:").len, name.len));
}

static size_t kept(Arena *arena, Hash module, const Spec *spec)
{
  Corpus corpus;
  corpus_read(arena, module, &spec, 1, &corpus);
  return corpus.len;
}

static void forget_all(Arena *arena)
{
  dir_remove(path_join(arena, cache_folder(arena), STR("cases")));
}

static void failures_of_several_cases_are_kept_too(void **state)
{
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Hash module = hash_of(STR("several"));
  Choice choice = {1, CHOICE_NUMBER};
  ChoiceList lists[] = {{&choice, 1}, {&choice, 1}};
  const Replay several = {.kind = REPLAY_CASES, .repeats = 1, .cases_made = lists, .case_count = 2};
  const Replay history = {.kind = REPLAY_HISTORY, .seed = 1, .stride = 1, .cases = 9};
  const Str tokens[] = {replay_encode(arena, spec, &several), replay_encode(arena, spec, &history)};
  assert_true(corpus_write(arena, module, tokens, 2));
  Corpus corpus;
  corpus_read(arena, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 1); /* a history may take longer than a run has */
  assert_int_equal(corpus.at[0].replay.kind, REPLAY_CASES);
  forget_all(arena);
}

/* A short token may stand for a million choices. */
static void cases_that_would_need_much_memory_are_left_out(void **state)
{
  enum { TOKENS = 500, CHOICES = 60000 };
  Arena *arena = *state, *own = arena_new();
  const Spec *spec = spec_of(arena, "one");
  Hash module = hash_of(STR("large"));
  Str tokens[TOKENS];
  ChoiceList list = {arena_array_of(arena, Choice, CHOICES), CHOICES};
  for (uint64_t i = 0; i < TOKENS; i++) {
    for (size_t k = 0; k < CHOICES; k++) list.at[k] = (Choice){i, CHOICE_NUMBER};
    Replay replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = list};
    tokens[i] = replay_encode(arena, spec, &replay);
  }
  assert_true(corpus_write(arena, module, tokens, TOKENS));
  arena_limit(own, 256 << 20, NULL, NULL); /* more ends the test */
  Corpus corpus;
  corpus_read(own, module, &spec, 1, &corpus);
  assert_in_range(corpus.len, 1, TOKENS - 1);
  arena_free(own);
  forget_all(arena);
}

static void what_is_no_file_is_left_alone(void **state)
{
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Str token = token_of(arena, spec, 1);
  Diags diags = diags_in(arena);
  Hash pipe = hash_of(STR("pipe")), folder = hash_of(STR("folder")), endless = hash_of(STR("endless"));
  assert_true(dir_make(file_of(arena, folder), &diags));
  assert_int_equal(mkfifo(str_to_z(arena, file_of(arena, pipe)), 0600), 0);
  assert_int_equal(symlink("/dev/zero", str_to_z(arena, file_of(arena, endless))), 0);
  const Hash modules[] = {pipe, folder, endless};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(kept(arena, modules[i], spec), 0);
    assert_false(corpus_write(arena, modules[i], &token, 1));
    assert_int_equal(kept(arena, modules[i], spec), 0);
  }
  forget_all(arena);
}

/* Bytes that are no tokens, tokens of another version, and those that were cut, go with the next writing;
 * whole ones of other specifications stay. */
static void writing_cleans_up(void **state)
{
  Arena *arena = *state;
  const Spec *one = spec_of(arena, "one"), *two = spec_of(arena, "two");
  Hash module = hash_of(STR("clean"));
  Diags diags = diags_in(arena);
  Str good = token_of(arena, one, 9), other = token_of(arena, two, 8), text;
  Str cut = str_slice(good, 0, good.len - 1),
      old = str_format(arena, "a1%.*s", (int)good.len - 2, good.at + 2);
  Str file = str_format(arena, "%.*s\n\n%.*s\nnonsense\r\n%.*s\n%.*s", STR_ARG(old), STR_ARG(cut),
                        STR_ARG(other), STR_ARG(good));
  assert_true(file_write(file_of(arena, module), file, &diags));
  Str token = token_of(arena, one, 7);
  assert_true(corpus_write(arena, module, &token, 1));
  assert_true(file_read(arena, file_of(arena, module), 1 << 20, &text, &diags));
  assert_slice(text, str_format(arena, "%.*s\n%.*s\n%.*s\n", STR_ARG(token), STR_ARG(other), STR_ARG(good)));
  forget_all(arena);
}

/* Writers at the same time, each of its own cases: all of them are there in the end. */
static void runs_at_the_same_time_keep_all_that_each_has_found(void **state)
{
  enum { WRITERS = 8, EACH = 20 };
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Hash module = hash_of(STR("together"));
  pid_t writers[WRITERS];
  for (uint64_t i = 0; i < WRITERS; i++) {
    writers[i] = fork();
    assert_true(writers[i] >= 0);
    for (uint64_t k = 0; writers[i] == 0 && k < EACH; k++) {
      Str token = token_of(arena, spec, 1000 * (i + 1) + k);
      if (!corpus_write(arena, module, &token, 1)) _exit(1);
      if (k + 1 == EACH) _exit(0);
    }
  }
  for (size_t i = 0; i < WRITERS; i++) {
    int status = 1;
    assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
    assert_int_equal(status, 0);
  }
  assert_int_equal(kept(arena, module, spec), WRITERS * EACH);
  forget_all(arena);
}

static _Noreturn void write_for_ever(Arena *arena, Hash module, const Spec *spec, unsigned which)
{
  for (uint64_t i = 0;; i++) {
    Str token = token_of(arena, spec, 100000 * (which + 1) + i % 30);
    if (!corpus_write(arena, module, &token, 1)) _exit(1);
  }
}

/* A writer that is killed leaves the file as it was or as it is to be, and nobody waits for it. */
static void a_writer_that_is_killed_loses_nothing(void **state)
{
  enum { KILLS = 40 };
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Hash module = hash_of(STR("killed"));
  Str first = token_of(arena, spec, 1);
  assert_true(corpus_write(arena, module, &first, 1));
  for (unsigned i = 0; i < KILLS; i++) {
    size_t before = kept(arena, module, spec);
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) write_for_ever(arena, module, spec, i);
    for (unsigned turns = 0; turns < i * 100; turns++) sched_yield();
    kill(writer, SIGKILL);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    assert_true(kept(arena, module, spec) >= before);
  }
  Str last = token_of(arena, spec, 2);
  assert_true(corpus_write(arena, module, &last, 1));
  Corpus corpus;
  corpus_read(arena, module, &spec, 1, &corpus);
  assert_slice(corpus.at[0].token, last);
  forget_all(arena);
}

/* No room on the disk: what was there stays, nothing half-written does. */
static void a_full_disk_loses_nothing(void **state)
{
  enum { ROOM = 2048 };
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Hash module = hash_of(STR("full"));
  Str tokens[200], first = token_of(arena, spec, 1);
  assert_true(corpus_write(arena, module, &first, 1));
  for (uint64_t i = 0; i < 200; i++) tokens[i] = token_of(arena, spec, 1000 + i);
  struct rlimit before;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit little = {ROOM, before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
  bool written = corpus_write(arena, module, tokens, 200);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_false(written);
  assert_int_equal(kept(arena, module, spec), 1);
  only_file(arena); /* and no part of another */
  assert_true(corpus_write(arena, module, tokens, 200));
  assert_int_equal(kept(arena, module, spec), 201);
  forget_all(arena);
}

static void set_age(Arena *arena, Str path, time_t seconds)
{
  struct timespec when = {.tv_sec = time(NULL) - seconds};
  assert_int_equal(utimensat(AT_FDCWD, str_to_z(arena, path), (struct timespec[]){when, when}, 0), 0);
}

static void the_modules_that_were_verified_longest_ago_are_forgotten(void **state)
{
  Arena *arena = *state;
  const Spec *spec = spec_of(arena, "one");
  Diags diags = diags_in(arena);
  Str token = token_of(arena, spec, 1), folder = path_join(arena, cache_folder(arena), STR("cases"));
  for (int i = 0; i <= CORPUS_MODULES_MAX; i++) {
    Str path = file_of(arena, hash_of(str_format(arena, "%d", i)));
    assert_true(dir_make(folder, &diags));
    int handle = open(str_to_z(arena, path), O_WRONLY | O_CREAT, 0600);
    assert_true(handle >= 0 && write(handle, token.at, token.len) == (ssize_t)token.len);
    close(handle);
    set_age(arena, path, i == 7 ? 5000 : 100 + i % 50);
  }
  Str leftover = path_join(arena, folder, STR(".assay-0123456789abcdef"));
  assert_true(file_write(leftover, token, &diags));
  set_age(arena, leftover, 7200);
  assert_true(corpus_write(arena, hash_of(STR("0")), &token, 1));
  assert_false(file_exists(file_of(arena, hash_of(STR("7")))));
  assert_false(file_exists(leftover));
  Str *names;
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  assert_int_equal(count, CORPUS_MODULES_MAX);
  forget_all(arena);
}

/* A call that takes a while. */
static bool slowly_true(StandIn *self, const Function *function, const Value *args, Arena *arena,
                        Value *result, Fault *fault)
{
  enum { SLOW_NS = 2000 };
  for (uint64_t end = clock_ns() + SLOW_NS; clock_ns() < end;) continue;
  ++*(uint64_t *)self->context;
  return always_true(self, function, args, arena, result, fault);
}

/* Nobody knows who has written the file: 2^24 such calls take half a minute and more. */
static void a_case_that_asks_for_too_many_runs_does_not_hold_up(void **state)
{
  Arena *arena = *state;
  Choice choice = {7, CHOICE_NUMBER};
  const KeptCase kept = {
      .replay = {.kind = REPLAY_CHOICES, .repeats = REPLAY_REPEATS_MAX, .choices = {&choice, 1}}};
  const KeptCase *const list[] = {&kept};
  LawOptions options = {.deadline_ns = clock_ns() + 1, .arena = arena, .kept = list, .kept_count = 1};
  uint64_t calls = 0;
  StandIn instance = {.call = slowly_true, .context = &calls};
  Subject subject = {.context = &instance, .call = stand_in_call, .reset = stand_in_reset};
  Attempt attempt;
  LawResult result;
  attempt_init(&attempt, arena, &spec_of(arena, "one")->tests.at[0]);
  law_run(&attempt, &subject, &subject, &options, &result);
  assert_int_equal(result.verdict, VERDICT_PASSED);
  assert_true(calls < 10000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_was_kept_comes_again_in_its_order),
      TEST(cases_of_other_specifications_stay),
      TEST(what_was_damaged_is_left_out),
      TEST(failures_of_several_cases_are_kept_too),
      TEST(cases_that_would_need_much_memory_are_left_out),
      TEST(what_is_no_file_is_left_alone),
      TEST(writing_cleans_up),
      TEST(runs_at_the_same_time_keep_all_that_each_has_found),
      TEST(a_writer_that_is_killed_loses_nothing),
      TEST(a_full_disk_loses_nothing),
      TEST(a_case_that_asks_for_too_many_runs_does_not_hold_up),
      TEST(the_modules_that_were_verified_longest_ago_are_forgotten),
  };
  return cmocka_run_group_tests(tests, make_home, remove_home);
}
