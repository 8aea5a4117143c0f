#include "ifc/base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define IS_FENCED(at) __asan_address_is_poisoned(at)
#else
#define IS_FENCED(at) ((void)(at), 1)
#endif

static bool is_all(const unsigned char *bytes, size_t size, unsigned char value)
{
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != value) return false;
  return true;
}

static void blocks_are_zeroed_aligned_and_apart(void **state)
{
  Arena *arena = *state;
  unsigned char *blocks[300];
  for (size_t size = 0; size < 300; size++) {
    blocks[size] = arena_alloc(arena, size);
    assert_int_equal((uintptr_t)blocks[size] % 16, 0);
    assert_true(is_all(blocks[size], size, 0));
    memset(blocks[size], (int)(size & 0xff), size);
  }
  for (size_t size = 0; size < 300; size++) assert_true(is_all(blocks[size], size, size & 0xff));
}

static void blocks_are_zeroed_again_after_a_reset(void **state)
{
  Arena *arena = *state;
  ArenaMark mark = arena_mark(arena);
  for (int round = 0; round < 3; round++) {
    for (size_t size = 1; size < 100000; size = size * 3 + 1) {
      unsigned char *block = arena_alloc(arena, size);
      assert_true(is_all(block, size, 0));
      memset(block, 0xff, size);
    }
    arena_reset(arena, mark);
  }
}

static void blocks_larger_than_a_chunk_work(void **state)
{
  unsigned char *block = arena_alloc(*state, 50 * 1000 * 1000);
  block[0] = block[50 * 1000 * 1000 - 1] = 1;
  unsigned char *other = arena_alloc(*state, 10);
  assert_true(other < block || other >= block + 50 * 1000 * 1000);
}

static void a_reset_reuses_the_same_memory(void **state)
{
  Arena *arena = *state;
  void *kept = arena_alloc(arena, 100);
  ArenaMark mark = arena_mark(arena);
  void *first = arena_alloc(arena, 100);
  void *large = arena_alloc(arena, 1000 * 1000);
  arena_reset(arena, mark);
  assert_ptr_equal(arena_alloc(arena, 100), first);
  assert_ptr_equal(arena_alloc(arena, 1000 * 1000), large);
  assert_ptr_not_equal(kept, first);
}

static void what_was_there_before_the_mark_survives_a_reset(void **state)
{
  Arena *arena = *state;
  unsigned char *kept = arena_alloc(arena, 20000);
  memset(kept, 7, 20000);
  ArenaMark mark = arena_mark(arena);
  memset(arena_alloc(arena, 5000000), 9, 5000000);
  arena_reset(arena, mark);
  memset(arena_alloc(arena, 64), 9, 64);
  assert_true(is_all(kept, 20000, 7));
}

static void the_newest_block_grows_in_place(void **state)
{
  Arena *arena = *state;
  unsigned char *block = arena_alloc(arena, 10);
  memset(block, 5, 10);
  assert_ptr_equal(arena_grow(arena, block, 10, 1000), block);
  assert_true(is_all(block, 10, 5));
  unsigned char *next = arena_alloc(arena, 16);
  assert_true(next >= block + 1000);
}

static void an_older_block_grows_by_moving(void **state)
{
  Arena *arena = *state;
  unsigned char *block = arena_alloc(arena, 10);
  memset(block, 5, 10);
  arena_alloc(arena, 1);
  unsigned char *moved = arena_grow(arena, block, 10, 1000);
  assert_ptr_not_equal(moved, block);
  assert_true(is_all(moved, 10, 5));
}

static void growing_from_nothing_and_past_a_chunk_works(void **state)
{
  unsigned char *block = arena_grow(*state, NULL, 0, 1);
  block[0] = 42;
  for (size_t size = 1; size < 20 * 1000 * 1000; size *= 3) block = arena_grow(*state, block, size, size * 3);
  assert_int_equal(block[0], 42);
}

static void overruns_and_uses_after_a_reset_are_fenced_under_asan(void **state)
{
  Arena *arena = *state;
  ArenaMark mark = arena_mark(arena);
  char *block = arena_alloc(arena, 13);
  arena_alloc(arena, 13);
  assert_true(IS_FENCED(block + 13));
  assert_true(IS_FENCED(block + 16));
  arena_grow(arena, block, 13, 40);
  char *later = arena_alloc(arena, 1000 * 1000);
  arena_reset(arena, mark);
  assert_true(IS_FENCED(block));
  assert_true(IS_FENCED(later + 500));
}

static void exhaust_by_size(Arena *arena)
{
  arena_alloc(arena, SIZE_MAX);
}

static void exhaust_by_product(Arena *arena)
{
  arena_alloc_array(arena, SIZE_MAX / 4, 5);
}

/* What it wrote to standard error; it must have ended by abort(). */
static Str last_words(Arena *arena, void (*exhaust)(Arena *))
{
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    dup2(ends[1], STDERR_FILENO);
    exhaust(arena);
    _exit(0);
  }
  close(ends[1]);
  char *text = arena_alloc(arena, 100);
  ssize_t len = read(ends[0], text, 99);
  close(ends[0]);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  return (Str){text, len > 0 ? (size_t)len : 0};
}

static void exhaustion_says_so_and_aborts(void **state)
{
  assert_text(last_words(*state, exhaust_by_size), "error: out of memory\n");
  assert_text(last_words(*state, exhaust_by_product), "error: out of memory\n");
}

static void leave_to(void *context)
{
  longjmp(*(jmp_buf *)context, 1);
}

static void past_its_limit_an_arena_leaves_and_can_go_on(void **state)
{
  enum { LIMIT = 8 << 20, BLOCK = 1 << 20 };
  Arena *arena = *state;
  jmp_buf exit;
  volatile unsigned blocks = 0;
  ArenaMark mark = arena_mark(arena);
  arena_limit(arena, LIMIT, leave_to, &exit);
  if (!setjmp(exit))
    for (;; blocks++) memset(arena_alloc_raw(arena, BLOCK), 1, BLOCK);
  assert_in_range(blocks, 2, LIMIT / BLOCK);
  if (!setjmp(exit)) {
    arena_alloc_array(arena, SIZE_MAX / 4, 5);
    fail();
  }
  arena_reset(arena, mark);
  arena_trim(arena, BLOCK);
  for (unsigned i = 0; i < 100; i++) { /* given back each time: no limit is met */
    memset(arena_alloc_raw(arena, BLOCK), 2, BLOCK);
    arena_reset(arena, mark);
  }
  arena_limit(arena, 0, NULL, NULL);
  for (unsigned i = 0; i < 2 * LIMIT / BLOCK; i++) memset(arena_alloc_raw(arena, BLOCK), 3, BLOCK);
  arena_reset(arena, mark);
  arena_trim(arena, 0);
}

static void what_is_absorbed_is_used_again(void **state)
{
  enum { SIZE = 100000 };
  Arena *arena = arena_new(), *other = arena_new_for(SIZE);
  (void)state;
  char *kept = arena_alloc(arena, 100);
  memset(kept, 1, 100);
  char *gone = arena_alloc(other, SIZE - 100);
  memset(gone, 2, SIZE - 100);
  memset(arena_alloc(other, 5 * SIZE), 2, 5 * SIZE);
  arena_absorb(arena, other);
  bool again = false;
  for (size_t i = 0; i < 10; i++) {
    char *block = arena_alloc(arena, SIZE / 4);
    for (size_t k = 0; k < SIZE / 4; k++) assert_int_equal(block[k], 0);
    memset(block, 3, SIZE / 4);
    again = again || (block >= gone && block < gone + SIZE);
  }
  assert_true(again);
  for (size_t i = 0; i < 100; i++) assert_int_equal(kept[i], 1);
  arena_free(arena);
}

static void freeing_nothing_is_allowed(void **state)
{
  (void)state;
  arena_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(blocks_are_zeroed_aligned_and_apart),
      TEST(blocks_are_zeroed_again_after_a_reset),
      TEST(blocks_larger_than_a_chunk_work),
      TEST(a_reset_reuses_the_same_memory),
      TEST(what_was_there_before_the_mark_survives_a_reset),
      TEST(the_newest_block_grows_in_place),
      TEST(an_older_block_grows_by_moving),
      TEST(growing_from_nothing_and_past_a_chunk_works),
      TEST(overruns_and_uses_after_a_reset_are_fenced_under_asan),
      TEST(exhaustion_says_so_and_aborts),
      TEST(past_its_limit_an_arena_leaves_and_can_go_on),
      TEST(what_is_absorbed_is_used_again),
      TEST(freeing_nothing_is_allowed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
